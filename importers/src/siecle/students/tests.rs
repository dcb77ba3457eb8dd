use super::*;
use crate::told::{Told, siecle, told, zipped};

fn collect(bytes: &[u8]) -> Result<Told, &'static str> {
    told(bytes, read)
}

fn file(body: &str) -> Vec<u8> {
    siecle("BEE_ELEVES", body)
}

const ZOE: &str = "<ELEVES><ELEVE ELEVE_ID=\"1\"><INE_RNIE>990000001AB</INE_RNIE><NOM_DE_FAMILLE>D'ŒTRANGE &amp; FILS</NOM_DE_FAMILLE>\
    <PRENOM>Zoé</PRENOM><DATE_NAISS>14/03/2005</DATE_NAISS><VILLE_NAISS>NANCY</VILLE_NAISS><CODE_MEF>20010018110</CODE_MEF>\
    <SCOLARITE_AN_DERNIER><CODE_MEF>10310019110</CODE_MEF><CODE_STRUCTURE>3A</CODE_STRUCTURE></SCOLARITE_AN_DERNIER></ELEVE></ELEVES>";
const BLOCKS: &str = "<STRUCTURES><STRUCTURES_ELEVE ELEVE_ID=\"1\"><STRUCTURE><CODE_STRUCTURE>2GT1G1</CODE_STRUCTURE><TYPE_STRUCTURE>G</TYPE_STRUCTURE></STRUCTURE>\
    <STRUCTURE><CODE_STRUCTURE>ULIS 1</CODE_STRUCTURE><TYPE_STRUCTURE>G</TYPE_STRUCTURE></STRUCTURE></STRUCTURES_ELEVE>\
    <STRUCTURES_ELEVE ELEVE_ID=\"1\"><STRUCTURE><CODE_STRUCTURE>2 GT 1</CODE_STRUCTURE><TYPE_STRUCTURE>D</TYPE_STRUCTURE></STRUCTURE></STRUCTURES_ELEVE></STRUCTURES>";

fn whole() -> Vec<u8> {
    file(&format!("{ZOE}{BLOCKS}"))
}

fn check_zoe(file: &Told) {
    let head = &file.head;
    assert_eq!((head.read["students"], head.school_year, file.faults.len()), (1, Some(2020), 0));
    let zoe = &file.students[0];
    assert_eq!((zoe.last_name.as_str(), zoe.first_name.as_str()), ("D'ŒTRANGE & FILS", "Zoé"));
    assert_eq!(zoe.mef.as_deref(), Some("20010018110"));
    let structures: Vec<_> = file.structures.iter().map(|s| (s.code.as_str(), s.division)).collect();
    assert_eq!(structures, [("ULIS 1", false), ("2 GT 1", true)]);
}

#[test]
fn a_pupil_of_the_file() {
    check_zoe(&collect(&whole()).unwrap());
}

#[test]
fn zipped_and_saved_again_as_utf8_with_and_without_a_mark() {
    let hidden: (&str, &[u8]) = ("__MACOSX/x", b"x");
    check_zoe(&collect(&zipped(&[("ElevesSansAdresses.xml", &whole()), hidden])).unwrap());
    let utf8 = encoding_rs::ISO_8859_15.decode(&whole()).0.into_owned();
    check_zoe(&collect(format!("\u{feff}{utf8}").as_bytes()).unwrap());
    check_zoe(&collect(utf8.as_bytes()).unwrap());
    let utf16: Vec<u8> = format!("\u{feff}{utf8}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    check_zoe(&collect(&utf16).unwrap());
}

#[test]
fn files_that_are_refused() {
    let whole = whole();
    let bomb = b"<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><BEE_ELEVES>&b;</BEE_ELEVES>";
    let deep = "<BEE_ELEVES>".repeat(1000);
    let long_text = format!("<BEE_ELEVES>{}</BEE_ELEVES>", "x".repeat(1_000_000));
    let long_comment = format!("<BEE_ELEVES><!--{}--></BEE_ELEVES>", "<a>".repeat(300_000));
    let zip_bomb = zipped(&[("a.xml", format!("<BEE_ELEVES>{}", " ".repeat(9_000_000)).as_bytes())]);
    let zip_of_two = zipped(&[("a.xml", &whole), ("b.xml", &whole)]);
    let zip_cut = zipped(&[("a.xml", &whole[..whole.len() / 2])]);
    let year = String::from_utf8_lossy(&whole).replace(">2020<", ">20266<");
    let cases: [(&[u8], &str); 15] = [
        (b"", "empty_file"),
        (b"nonsense", "xml_broken"),
        (&whole[..whole.len() / 2], "xml_broken"),
        (&zip_cut, "xml_broken"),
        (b"<STS_EDT></STS_EDT>", "wrong_root"),
        (bomb, "entities"),
        (b"<BEE_ELEVES>&x;</BEE_ELEVES>", "entities"),
        (b"PK\x03\x04 not a zip", "zip_broken"),
        (&zip_bomb, "xml_too_long"),
        (&zip_of_two, "zip_entries"),
        (deep.as_bytes(), "too_many_rows"),
        (long_text.as_bytes(), "xml_too_long"),
        (long_comment.as_bytes(), "xml_too_long"),
        (b"<BEE_ELEVES><PARAMETRES><UAJ>0570001S</UAJ></PARAMETRES></BEE_ELEVES>", "wrong_school"),
        (year.as_bytes(), "school_year_missing"),
    ];
    for (bytes, code) in cases {
        assert_eq!(collect(bytes).map(|f| f.students.len()), Err(code));
    }
    // Well-formed and dense: what comes out is counted while it is read.
    let dense = zipped(&[("a.xml", format!("<BEE_ELEVES>{}", "<A></A>".repeat(3_000_000)).as_bytes())]);
    assert_eq!(collect(&dense).map(|f| f.students.len()), Err("zip_too_large"));
}

#[test]
fn faults_name_row_column_and_what_was_read() {
    let long = "x".repeat(5_000);
    let body = format!(
        "<ELEVES><ELEVE ELEVE_ID=\"1\"><PRENOM>A</PRENOM></ELEVE>\
         <ELEVE ELEVE_ID=\"2\"><NOM>B</NOM><PRENOM>B</PRENOM><DATE_NAISS>hier</DATE_NAISS></ELEVE>\
         <ELEVE ELEVE_ID=\"3\"><NOM>B</NOM><PRENOM>{long}</PRENOM></ELEVE>\
         <ELEVE ELEVE_ID=\"4\"><NOM>B&#0;</NOM><PRENOM>B</PRENOM></ELEVE>\
         <ELEVE ELEVE_ID=\"5\"><NOM>B</NOM><PRENOM>B</PRENOM><DATE_SORTIE>01/01/99999</DATE_SORTIE></ELEVE></ELEVES>"
    );
    let bytes = file(&body);
    let file = collect(&bytes).unwrap();
    assert_eq!(
        file.issues(),
        [
            (Some(1), "NOM_DE_FAMILLE", "missing"),
            (Some(2), "DATE_NAISS", "not_a_date"),
            (Some(3), "PRENOM", "malformed_text"),
            (Some(4), "NOM_DE_FAMILLE", "malformed_text"),
            (Some(5), "DATE_SORTIE", "not_a_date"),
        ]
    );
    assert_eq!((file.head.read["students"], file.students.len()), (5, 2));
}

/// One pupil, by what is in its element.
fn pupil(attributes: &str, inner: &str) -> Told {
    collect(&file(&format!("<ELEVES><ELEVE {attributes}>{inner}</ELEVE></ELEVES>"))).unwrap()
}

const NAMED: &str =
    "<NOM_DE_FAMILLE>D'ŒTRANGE</NOM_DE_FAMILLE><NOM_USAGE>LESŒUR</NOM_USAGE><PRENOM>Maël</PRENOM>";

#[test]
fn names_of_every_version() {
    for (inner, name) in [
        (NAMED, "D'ŒTRANGE"),
        ("<NOM>ANCIEN</NOM><PRENOM>A</PRENOM>", "ANCIEN"),
        ("<NOM>ANCIEN</NOM><NOM_DE_FAMILLE>NEUF</NOM_DE_FAMILLE><PRENOM>A</PRENOM>", "NEUF"),
        ("<NOM_DE_FAMILLE/><NOM_USAGE>SEUL</NOM_USAGE><PRENOM>A</PRENOM>", "SEUL"),
    ] {
        assert_eq!(pupil("ELEVE_ID=\"1\"", inner).students[0].last_name, name);
    }
    for version in ["1.7", "2.1", "3.0", "9.9"] {
        let bytes = String::from_utf8(file("")).unwrap().replace("\"3.0\"", &format!("\"{version}\""));
        assert!(collect(bytes.as_bytes()).is_ok(), "{version}");
    }
}

#[test]
fn ines_of_every_field_and_shape() {
    let rnie = "<INE_RNIE>990000001AB</INE_RNIE>";
    for (inner, ine, code) in [
        (rnie.to_owned(), Some("990000001AB"), None),
        (
            format!("<INE_BEA>1999000014C</INE_BEA>{rnie}<ID_NATIONAL>X</ID_NATIONAL>"),
            Some("990000001AB"),
            None,
        ),
        ("<INE_BEA>1999000014C</INE_BEA>".to_owned(), Some("1999000014C"), None),
        ("<ID_NATIONAL>1999000014C</ID_NATIONAL>".to_owned(), Some("1999000014C"), None),
        ("<ID_NATIONAL>1999000014D</ID_NATIONAL>".to_owned(), Some("1999000014D"), Some("ine_letter")),
        ("<ID_NATIONAL>990000001ab</ID_NATIONAL>".to_owned(), Some("990000001AB"), None),
        ("<ID_NATIONAL>FAUX</ID_NATIONAL>".to_owned(), Some("FAUX"), Some("ine_shape")),
        ("<ID_NATIONAL></ID_NATIONAL><INE_RNIE/>".to_owned(), None, None),
        (String::new(), None, None),
    ] {
        let told = pupil("ELEVE_ID=\"1\"", &format!("{NAMED}{inner}"));
        assert_eq!(told.students[0].ine.as_deref(), ine, "{inner}");
        assert_eq!(told.issues().first().map(|issue| issue.2), code, "{inner}");
    }
}

#[test]
fn the_id_alone_is_the_key() {
    // ELENOET may be absent, or differ between the attribute and the child: it is not looked at.
    let told = pupil("ELENOET=\"4117\" ELEVE_ID=\"1 &amp; 2\"", &format!("<ELENOET>4118</ELENOET>{NAMED}"));
    assert_eq!((told.students[0].eleve_id.as_deref(), told.issues().len()), (Some("1 & 2"), 0));
    let told = pupil("ELENOET=\"4117\"", NAMED);
    assert_eq!((told.students.len(), told.issues()), (0, vec![(Some(1), "ELEVE_ID", "missing")]));
}

#[test]
fn leavers_stay_and_who_has_no_class_is_a_pupil() {
    let told = pupil("ELEVE_ID=\"1\"", &format!("{NAMED}<DATE_SORTIE>11/09/2020</DATE_SORTIE>"));
    let left_on = told.students[0].left_on.unwrap();
    assert_eq!(
        (left_on.to_string().as_str(), told.structures.len(), told.issues().len()),
        ("2020-09-11", 0, 0)
    );
}

#[test]
fn ages_are_judged_on_the_day_of_the_export() {
    let born = |day: &str| format!("{NAMED}<DATE_NAISS>{day}</DATE_NAISS>");
    for (day, code) in [
        ("18/09/2010", None),
        ("19/09/2010", Some("birth_date_implausible")),
        ("01/01/1980", Some("birth_date_implausible")),
        ("29/02/2004", None),
        ("29/02/2005", Some("not_a_date")),
    ] {
        let told = pupil("ELEVE_ID=\"1\"", &born(day));
        assert_eq!(told.issues().first().map(|issue| issue.2), code, "{day}");
        assert_eq!(told.students.len(), 1);
    }
    // Without one, that of the school year's first day.
    let whole = file(&format!("<ELEVES><ELEVE ELEVE_ID=\"1\">{}</ELEVE></ELEVES>", born("01/09/2010")));
    let undated = String::from_utf8_lossy(&whole).replace("18/09/2020", "");
    let told = collect(undated.as_bytes()).unwrap();
    assert_eq!((told.issues().len(), told.head.exported_at), (0, None));
}

#[test]
fn the_day_stands_in_for_the_hour_of_the_export() {
    let bytes = String::from_utf8(file("")).unwrap().replace("18/09/2020 07:42:10", "");
    let head = collect(bytes.as_bytes()).unwrap().head;
    assert_eq!(head.exported_at.unwrap().to_string(), "2020-09-18 00:00:00");
}

#[test]
fn divisions_add_up_and_inactive_is_none() {
    let structure = |code: &str, kind: &str| {
        format!(
            "<STRUCTURE><CODE_STRUCTURE>{code}</CODE_STRUCTURE><TYPE_STRUCTURE>{kind}</TYPE_STRUCTURE></STRUCTURE>"
        )
    };
    let block = |id: &str, structures: &str| {
        format!("<STRUCTURES_ELEVE ELEVE_ID=\"{id}\">{structures}</STRUCTURES_ELEVE>")
    };
    let body = [
        block("1", &(structure("2 GT 1", "D") + &structure("2ANG1", "G"))),
        block("1", &(structure(" _301P1 ", "D") + &structure("UPE2A", "G"))),
        block("2", &structure("Inactifs", "D")),
        block("2", &structure("INACTIFS ", "D")),
        block("3", &structure(&"x".repeat(41), "D")),
        block("", &structure("406", "D")),
        block("4", &structure("", "D")),
        block("4", &structure("406", "D")),
    ];
    let told = collect(&file(&format!("<STRUCTURES>{}</STRUCTURES>", body.concat()))).unwrap();
    let structures: Vec<_> = told
        .structures
        .iter()
        .map(|s| (s.position, s.eleve_id.as_str(), s.code.as_str(), s.division))
        .collect();
    assert_eq!(
        structures,
        [
            (1, "1", "2 GT 1", true),
            (3, "1", "_301P1", true),
            (4, "1", "UPE2A", false),
            (10, "4", "406", true)
        ]
    );
    assert_eq!(told.issues(), [(None, "CODE_STRUCTURE", "malformed_class")]);
}

#[test]
fn a_wrong_letter_of_the_uai_is_told_once() {
    let bytes = String::from_utf8(file("")).unwrap().replace("0579999J", "0579999A");
    assert_eq!(collect(bytes.as_bytes()).unwrap().issues(), [(None, "UAJ", "uai_letter")]);
}
