//! Courses of EDT and UnDeuxTEMPS as text.

use crate::common::{Told, read, windows};
use domain::rows::{FileKind, Reference};

fn courses(told: &Told) -> Vec<String> {
    told.references
        .iter()
        .filter_map(|reference| match reference {
            Reference::Course {
                classes,
                group,
                subject,
                teacher,
                day,
                starts_at,
                minutes,
                week,
                room,
                ..
            } => Some(format!(
                "{} {group:?} {subject} {teacher:?} {day:?} {starts_at:?} {minutes:?} {week:?} {room:?}",
                classes.join("+")
            )),
            _ => None,
        })
        .collect()
}

fn classes(told: &Told) -> Vec<&str> {
    let code = |reference: &'_ Reference| matches!(reference, Reference::Class { .. });
    told.references
        .iter()
        .filter(|reference| code(reference))
        .filter_map(|r| if let Reference::Class { code, .. } = r { Some(code.as_str()) } else { None })
        .collect()
}

#[test]
fn edt() {
    let (kind, told) = read(include_bytes!("../fixtures/edt_exp_cours.txt"));
    assert_eq!(kind, FileKind::EdtCourses);
    assert_eq!(
        courses(&told),
        [
            "2GT1 None ANGLAIS LV1 Some(\"Élise SAUVAGEOT\") Some(1) Some(08:00:00) Some(60) None Some(\"B204\")",
            "2GT1 Some(\"2ANG1\") ANGLAIS LV1 Some(\"Élise SAUVAGEOT\") Some(2) Some(13:30:00) Some(90) Some(\"A\") Some(\"B204\")",
            "2GT1+2 GT 2 Some(\"LAT\") LATIN None Some(5) Some(09:00:00) Some(55) Some(\"B\") Some(\"CDI\")",
            "2GT1 None EPS Some(\"Jo BRUN\") Some(4) None Some(60) None Some(\"GYM\")",
        ]
    );
    assert_eq!(classes(&told), ["2GT1", "2 GT 2"]);
    assert_eq!(told.codes(), [(Some(5), "not_an_hour"), (Some(6), "missing")]);
    assert_eq!((told.count("course"), told.count("class")), (5, 2));
    assert!(!told.head.complete, "a line could not be read");
}

#[test]
fn edt_tells_the_same_as_text_and_as_xml() {
    let text = "NUMERO\tDUREE\tFREQUENCE\tMAT_LIBELLE\tPROF_NOM\tPROF_PRENOM\tCLASSE\tSALLE\tALTERNANCE\tJOUR\tH.DEBUT\r\n\
                7\t1h30\tQ1\tLATIN\tBrun\tJo\t<3D> <LATIN> LAT, [3LAT]\tCDI\tQ1\tlundi\t  08h00\r\n\
                7\t1h\t\tLATIN\t\tJo\t3D, 2 GT 2\t\tq2\tmardi\t13:30:00\r\n\
                8\t24h01\tT1\tEPS\tBRUN\t\t[EPS]\tGYM\tQ1\tun jour\t008h00\r\n\
                7\t1h\tH\tLATIN\tBrun\tJo\t3D\tCDI\tQ2\tlundi\t  08h00\r\n\
                9\t1h\tH\t\tBRUN\tJo\t2 A\tGYM\tH\tlundi\t08h00\r\n";
    let (kind, of_text) = read(&windows(text));
    let mut lines = text.lines().map(|line| line.split('\t'));
    let titles = lines.next().unwrap();
    let items = lines.map(|cells| {
        let escape = |cell: &str| cell.replace('<', "&lt;").replace('>', "&gt;");
        let cells =
            titles.clone().zip(cells).map(|(name, cell)| format!("<{name}>{}</{name}>", escape(cell)));
        format!("<Cours>{}</Cours>", cells.collect::<String>())
    });
    let (_, of_xml) = read(format!("<TABLE>{}</TABLE>", items.collect::<String>()).as_bytes());
    assert_eq!(kind, FileKind::EdtCourses);
    assert_eq!(of_text.references, of_xml.references);
    let keys: Vec<String> = of_text.references.iter().map(Reference::key).collect();
    assert_eq!(keys, ["edt 3D", "edt 7", "edt 2 GT 2", "edt 7#2", "edt 8", "edt 7#3"]);
    assert_eq!(
        courses(&of_text),
        [
            "3D Some(\"LAT\") LATIN Some(\"Jo BRUN\") Some(1) Some(08:00:00) Some(90) Some(\"A\") Some(\"CDI\")",
            "3D+2 GT 2 None LATIN Some(\"Jo\") Some(2) Some(13:30:00) Some(60) Some(\"B\") None",
            " Some(\"EPS\") EPS Some(\"BRUN\") None None None None Some(\"GYM\")",
            "3D None LATIN Some(\"Jo BRUN\") Some(1) Some(08:00:00) Some(60) None Some(\"CDI\")",
        ]
    );
    for told in [&of_text, &of_xml] {
        assert_eq!((told.count("course"), told.count("class")), (5, 2));
    }
    let line = |code| (Some(4), code);
    assert_eq!(
        of_text.codes(),
        [
            line("not_a_day"),
            line("not_an_hour"),
            line("not_a_duration"),
            line("unknown_week"),
            (Some(6), "missing")
        ]
    );
    let malformed = (Some(3), "malformed_time");
    assert_eq!(of_xml.codes(), [malformed, malformed, malformed, malformed, (Some(5), "missing")]);
}

#[test]
fn udt_without_titles_and_with_tabs() {
    let (kind, told) = read(include_bytes!("../fixtures/udt_sans_titres.txt"));
    assert_eq!(kind, FileKind::UdtCourses);
    assert_eq!(
        courses(&told),
        [
            "2GT1 None AGL1 Some(\"SAUVAGEOT ÉLISE\") Some(1) Some(08:00:00) None None Some(\"B204\")",
            "2GT1 Some(\"2ANG1\") AGL1 Some(\"SAUVAGEOT ÉLISE\") Some(2) Some(13:30:00) None Some(\"A\") Some(\"B204\")",
            "3PM None VDC Some(\"BRUN JO\") Some(6) None None None Some(\"CDI\")",
        ]
    );
    assert_eq!(told.codes(), [(Some(4), "missing"), (Some(5), "not_an_hour"), (Some(5), "unknown_week")]);
}

#[test]
fn udt_with_one_separator_more_than_its_titles() {
    let text = "Jour;Heure;Div;Matière;Professeur;Salle;Groupe;Regroup;Eff;Mo;Freq;Aire;\r\nJeudi;11H00;2GT1;VDC;BRUN JO;CDI;;2AGL;1;CG;sb;;;\r\n";
    let (kind, told) = read(&windows(text));
    assert_eq!(kind, FileKind::UdtCourses);
    assert_eq!(
        courses(&told),
        ["2GT1 Some(\"2AGL\") VDC Some(\"BRUN JO\") Some(4) Some(11:00:00) None Some(\"B\") Some(\"CDI\")"]
    );
    assert!(told.head.complete && told.issues.is_empty());
}
