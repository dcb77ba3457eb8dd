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
            "2GT1 None ANGLAIS LV1 Some(\"SAUVAGEOT Élise\") Some(1) Some(08:00:00) Some(60) None Some(\"B204\")",
            "2GT1 Some(\"2ANG1\") ANGLAIS LV1 Some(\"SAUVAGEOT Élise\") Some(2) Some(13:30:00) Some(90) Some(\"A\") Some(\"B204\")",
            "2GT1+2 GT 2 None LATIN None Some(5) Some(09:00:00) Some(55) Some(\"B\") Some(\"CDI\")",
            "2GT1 None EPS Some(\"BRUN Jo\") Some(4) None Some(60) None Some(\"GYM\")",
        ]
    );
    assert_eq!(classes(&told), ["2GT1", "2 GT 2"]);
    assert_eq!(told.codes(), [(Some(5), "not_an_hour"), (Some(6), "missing")]);
    assert_eq!((told.count("course"), told.count("class")), (5, 2));
    assert!(!told.head.complete, "a line could not be read");
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
