use super::*;
use crate::told::{siecle, told};

fn person(id: &str, inner: &str) -> String {
    format!("<PERSONNE PERSONNE_ID=\"{id}\">{inner}</PERSONNE>")
}

fn link(eleve_id: &str, person_id: &str, inner: &str) -> String {
    format!(
        "<RESPONSABLE_ELEVE><ELEVE_ID>{eleve_id}</ELEVE_ID><PERSONNE_ID>{person_id}</PERSONNE_ID>{inner}</RESPONSABLE_ELEVE>"
    )
}

fn file(persons: &[String], links: &[String]) -> Vec<u8> {
    let (persons, links) = (persons.concat(), links.concat());
    let body = format!("<PERSONNES>{persons}</PERSONNES><RESPONSABLES>{links}</RESPONSABLES><ADRESSES/>");
    siecle("BEE_RESPONSABLES", &body)
}

const NAMED: &str = "<NOM_DE_FAMILLE>LESŒUR</NOM_DE_FAMILLE><PRENOM>Hélène</PRENOM>";

#[test]
fn names_of_both_ages_and_how_a_person_is_reached() {
    let persons = [
        person(
            "1",
            "<LC_CIVILITE>MME</LC_CIVILITE><NOM_DE_FAMILLE>LESŒUR</NOM_DE_FAMILLE><NOM_USAGE>D'ŒTRANGE</NOM_USAGE>\
             <PRENOM>Hélène</PRENOM><TEL_PERSONNEL>+33300000003</TEL_PERSONNEL><TEL_PORTABLE>+33 6 00 00 00 03</TEL_PORTABLE>\
             <TEL_PROFESSIONNEL>+33300000099</TEL_PROFESSIONNEL><MEL>helene@exemple.invalid</MEL><CODE_PROFESSION>52</CODE_PROFESSION>",
        ),
        person(
            "2",
            "<NOM>VOLLMERANGE</NOM><PRENOM>Marc</PRENOM><TEL_PERSONNEL>0300000001</TEL_PERSONNEL><MEL></MEL>",
        ),
        // A service has no first name.
        person(
            "3",
            "<NOM_DE_FAMILLE>SERVICE ASE</NOM_DE_FAMILLE><TEL_PORTABLE>aucun</TEL_PORTABLE>\
             <TEL_PERSONNEL>0300000009</TEL_PERSONNEL><MEL>sans</MEL>",
        ),
    ];
    let links = ["1", "2", "3"].map(|id| link("10", id, "<NIVEAU_RESPONSABILITE>1</NIVEAU_RESPONSABILITE>"));
    let told = told(&file(&persons, &links), read).unwrap();
    let reached: Vec<_> = told
        .guardians
        .iter()
        .map(|g| (g.row, g.last_name.as_str(), g.first_name.as_str(), g.phone.as_deref(), g.email.as_deref()))
        .collect();
    assert_eq!(
        reached,
        [
            (1, "D'ŒTRANGE", "Hélène", Some("+33600000003"), Some("helene@exemple.invalid")),
            (2, "VOLLMERANGE", "Marc", Some("0300000001"), None),
            (3, "SERVICE ASE", "", Some("0300000009"), None),
        ]
    );
    assert_eq!(
        told.issues(),
        [(Some(3), "TEL_PORTABLE", "malformed_phone"), (Some(3), "MEL", "malformed_email")]
    );
    let head = &told.head;
    assert_eq!((head.read["guardians"], head.read["links"], head.complete), (3, 3, true));
    assert_eq!((head.establishment.as_deref(), head.school_year), (Some("0579999J"), Some(2020)));
    assert_eq!(head.exported_at.unwrap().to_string(), "2020-09-18 07:42:10");
}

#[test]
fn levels_and_relationships_of_both_schemes() {
    let level = |level: &str| {
        format!("<NIVEAU_RESPONSABILITE>{level}</NIVEAU_RESPONSABILITE><CODE_PARENTE>10</CODE_PARENTE>")
    };
    let legal = |level: &str| format!("<RESP_LEGAL>{level}</RESP_LEGAL><CODE_PARENTE>20</CODE_PARENTE>");
    for (inner, expected, issue) in [
        (level("1"), (1, "mère"), None),
        (level("2"), (2, "mère"), None),
        (level("3"), (3, "mère"), None),
        (level("7"), (3, "mère"), Some("level_unknown")),
        (level(""), (3, "mère"), Some("level_unknown")),
        (legal("1"), (1, "père"), None),
        (legal("2"), (1, "père"), None),
        (legal("0"), (3, "père"), None),
        (legal("9"), (3, "père"), Some("level_unknown")),
        (format!("{}{}", level("2"), "<RESP_LEGAL>1</RESP_LEGAL>"), (2, "mère"), None),
        (level("1").replace("10", "70"), (1, "l'élève lui-même"), None),
        (level("1").replace("10", "99"), (1, "autre"), Some("relationship_unknown")),
        (level("1").replace("10", ""), (1, "autre"), None),
    ] {
        let told = told(&file(&[person("1", NAMED)], &[link("10", "1", &inner)]), read).unwrap();
        let row = &told.links[0];
        assert_eq!((row.level, row.relationship.as_str()), expected, "{inner}");
        assert_eq!(told.issues().first().map(|issue| issue.2), issue, "{inner}");
    }
}

#[test]
fn who_is_alone_or_unknown_is_told() {
    let persons = [
        person("880001", NAMED),
        person("880001", NAMED),
        person("880002", NAMED),
        person("P3", NAMED),
        person("4", "<PRENOM>Hélène</PRENOM>"),
        person("", NAMED),
    ];
    let ok = "<NIVEAU_RESPONSABILITE>1</NIVEAU_RESPONSABILITE>";
    let links =
        [link("10", "880001", ok), link("10", "880009", ok), link("", "880001", ok), link("10", "4", ok)];
    let told = told(&file(&persons, &links), read).unwrap();
    assert_eq!((told.guardians.len(), told.links.len()), (3, 1));
    assert_eq!(
        told.issues(),
        [
            (Some(2), "PERSONNE_ID", "duplicate_guardian"),
            (Some(5), "NOM_DE_FAMILLE", "missing"),
            (Some(6), "PERSONNE_ID", "missing"),
            (Some(2), "PERSONNE_ID", "guardian_unknown"),
            (Some(3), "ELEVE_ID", "missing"),
            // The person that it names was left out.
            (Some(4), "PERSONNE_ID", "guardian_unknown"),
            (Some(3), "PERSONNE_ID", "guardian_without_student"),
            (Some(4), "PERSONNE_ID", "guardian_without_student"),
        ]
    );
    assert_eq!(told.faults[6].read.as_deref(), Some("880002"));
    assert_eq!((told.head.read["guardians"], told.head.read["links"]), (6, 4));
}

#[test]
fn files_that_are_refused() {
    let ok = file(&[person("1", NAMED)], &[link("10", "1", "")]);
    let reversed = siecle(
        "BEE_RESPONSABLES",
        &format!(
            "<RESPONSABLES>{}</RESPONSABLES><PERSONNES>{}</PERSONNES>",
            link("10", "1", ""),
            person("1", NAMED)
        ),
    );
    let other = String::from_utf8_lossy(&ok).replace("0579999J", "0570001S");
    let cases: [(&[u8], &str); 5] = [
        (&siecle("BEE_ELEVES", ""), "wrong_root"),
        (&reversed, "wrong_order"),
        (other.as_bytes(), "wrong_school"),
        (b"<BEE_RESPONSABLES/>", "wrong_school"),
        (&ok[..ok.len() - 5], "xml_broken"),
    ];
    for (bytes, code) in cases {
        assert_eq!(told(bytes, read).err(), Some(code));
    }
}
