use super::*;
use crate::Item;
use domain::issues::ImportIssue;
use domain::rows::{StructureRow, StudentRow};
use std::io::{Cursor, Write};

#[derive(Debug, Default)]
struct File {
    head: Option<Head>,
    students: Vec<StudentRow>,
    structures: Vec<StructureRow>,
    issues: Vec<ImportIssue>,
}

fn collect(bytes: &[u8]) -> Result<File, &'static str> {
    let mut file = File::default();
    let uai = Uai::parse("0579999J").unwrap();
    let mut sink = |item| {
        match item {
            Item::Student(student) => file.students.push(student),
            Item::Structure(structure) => file.structures.push(structure),
            Item::Issue(issue) => file.issues.push(issue),
            other => unreachable!("not of a list of pupils: {other:?}"),
        }
        Ok(())
    };
    let head = read(Cursor::new(bytes), &uai, &mut sink).map_err(|refused| refused.code)?;
    file.head = Some(head);
    Ok(file)
}

fn file(body: &str) -> Vec<u8> {
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"ISO-8859-15\"?><BEE_ELEVES VERSION=\"3.0\"><PARAMETRES><UAJ>0579999J</UAJ>\
         <ANNEE_SCOLAIRE>2026</ANNEE_SCOLAIRE><HORODATAGE>01/09/2026 07:42:10</HORODATAGE></PARAMETRES>\
         <DONNEES>{body}</DONNEES></BEE_ELEVES>"
    );
    encoding_rs::ISO_8859_15.encode(&text).0.into_owned()
}

fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const ZOE: &str = "<ELEVES><ELEVE ELEVE_ID=\"1\"><INE_RNIE>990000001AB</INE_RNIE><NOM_DE_FAMILLE>D'ŒTRANGE &amp; FILS</NOM_DE_FAMILLE>\
    <PRENOM>Zoé</PRENOM><DATE_NAISS>14/03/2010</DATE_NAISS><VILLE_NAISS>NANCY</VILLE_NAISS><CODE_MEF>20010018110</CODE_MEF>\
    <SCOLARITE_AN_DERNIER><CODE_MEF>10310019110</CODE_MEF><CODE_STRUCTURE>3A</CODE_STRUCTURE></SCOLARITE_AN_DERNIER></ELEVE></ELEVES>";
const BLOCKS: &str = "<STRUCTURES><STRUCTURES_ELEVE ELEVE_ID=\"1\"><STRUCTURE><CODE_STRUCTURE>2GT1G1</CODE_STRUCTURE><TYPE_STRUCTURE>G</TYPE_STRUCTURE></STRUCTURE>\
    <STRUCTURE><CODE_STRUCTURE>ULIS 1</CODE_STRUCTURE><TYPE_STRUCTURE>G</TYPE_STRUCTURE></STRUCTURE></STRUCTURES_ELEVE>\
    <STRUCTURES_ELEVE ELEVE_ID=\"1\"><STRUCTURE><CODE_STRUCTURE>2 GT 1</CODE_STRUCTURE><TYPE_STRUCTURE>D</TYPE_STRUCTURE></STRUCTURE></STRUCTURES_ELEVE></STRUCTURES>";

fn whole() -> Vec<u8> {
    file(&format!("{ZOE}{BLOCKS}"))
}

fn check_zoe(file: &File) {
    let head = file.head.as_ref().unwrap();
    assert_eq!((head.read["students"], head.school_year, file.issues.len()), (1, Some(2026), 0));
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
fn zipped_and_saved_again_as_utf8() {
    let hidden: (&str, &[u8]) = ("__MACOSX/x", b"x");
    check_zoe(&collect(&zipped(&[("ElevesSansAdresses.xml", &whole()), hidden])).unwrap());
    let utf8 = encoding_rs::ISO_8859_15.decode(&whole()).0.into_owned();
    check_zoe(&collect(format!("\u{feff}{utf8}").as_bytes()).unwrap());
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
    let year = String::from_utf8_lossy(&whole).replace(">2026<", ">20266<");
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
    let file = collect(&super::tests::file(&body)).unwrap();
    let told: Vec<_> = file.issues.iter().map(|i| (i.row, i.column.as_deref(), i.code.as_str())).collect();
    assert_eq!(
        told,
        [
            (Some(1), Some("NOM_DE_FAMILLE"), "missing"),
            (Some(2), Some("DATE_NAISS"), "not_a_date"),
            (Some(3), Some("PRENOM"), "malformed_text"),
            (Some(4), Some("NOM_DE_FAMILLE"), "malformed_text"),
            (Some(5), Some("DATE_SORTIE"), "not_a_date"),
        ]
    );
    assert_eq!((file.head.unwrap().read["students"], file.students.len()), (5, 2));
}
