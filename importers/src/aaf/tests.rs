use super::*;
use crate::told::{Told, told};

fn request(kind: &str, id: &str, attributes: &[(&str, &[&str])]) -> String {
    of_category("Eleve", kind, id, attributes)
}

fn of_category(category: &str, kind: &str, id: &str, attributes: &[(&str, &[&str])]) -> String {
    let (outer, inner) =
        if kind == MODIFY { ("modifications", "modification") } else { ("attributes", "attr") };
    let attributes: String = attributes
        .iter()
        .map(|(name, values)| {
            let values: String = values.iter().map(|value| format!("<value>{value}</value>")).collect();
            let values = if values.is_empty() { "<value/>".to_owned() } else { values };
            format!("<{inner} name=\"{name}\" operation=\"replace\">{values}</{inner}>")
        })
        .collect();
    let attributes =
        if attributes.is_empty() { attributes } else { format!("<{outer}>{attributes}</{outer}>") };
    format!(
        "<{kind}><operationalAttributes><attr name=\"categoriePersonne\"><value>{category}</value></attr>\
         </operationalAttributes><identifier><id>{id}</id></identifier>{attributes}</{kind}>"
    )
}

fn collect(requests: &[String]) -> Result<Told, &'static str> {
    let file = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><!DOCTYPE ficAlimMENESR SYSTEM \"ficAlimMENESR.dtd\">\
         <ficAlimMENESR>{}</ficAlimMENESR>",
        requests.concat()
    );
    told(file.as_bytes(), |source, _, sink| read(source, sink))
}

const CAMILLE: &[(&str, &[&str])] = &[
    ("ENTPersonJointure", &["2900001"]),
    ("ENTEleveINE", &["990000001AB"]),
    ("ENTEleveStructRattachId", &["9910001"]),
    ("ENTPersonDateNaissance", &["14/03/2005"]),
    ("ENTPersonNomPatro", &["VOLLMERANGE"]),
    ("sn", &["VOLLMERANGE-USAGE"]),
    ("givenName", &["Camille"]),
    ("ENTElevePersRelEleve", &["3900001$10$1$1$1$1"]),
    ("ENTEleveMEF", &["20010018110"]),
    ("ENTPersonStructRattach", &["4900001"]),
    ("ENTEleveClasses", &["4900009$AUTRE", "4900001$2 GT 1"]),
    ("ENTEleveGroupes", &["4900001$2ANG1", "4900001$ULIS"]),
    ("ENTEleveEnseignements", &[]),
];

#[test]
fn a_complete_list() {
    let second: &[(&str, &[&str])] = &[
        ("sn", &["MARTIN"]),
        ("givenName", &["Lucas"]),
        ("ENTEleveClasses", &["2 GT 2"]),
        ("ENTEleveINE", &[]),
    ];
    let told =
        collect(&[request(ADD, "2900001", CAMILLE), request(ADD, "2", second), request(ADD, "3", &[])])
            .unwrap();
    let pupils: Vec<_> = told
        .students
        .iter()
        .map(|s| {
            (
                s.eleve_id.as_deref(),
                s.ine.as_deref(),
                s.last_name.as_str(),
                s.class.as_deref(),
                s.mef.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        pupils,
        [
            (Some("9910001"), Some("990000001AB"), "VOLLMERANGE", Some("2 GT 1"), Some("20010018110")),
            (None, None, "MARTIN", Some("2 GT 2"), None),
        ]
    );
    assert_eq!(told.structures.len(), 1);
    assert_eq!((told.structures[0].code.as_str(), told.structures[0].division), ("ULIS", false));
    assert_eq!(told.issues(), [(Some(3), "sn", "missing")]);
    assert_eq!((told.head.read["students"], told.head.complete), (3, false));
}

#[test]
fn a_delta_changes_and_takes_out() {
    let known: &[(&str, &[&str])] = &[("ENTEleveStructRattachId", &["9910009"])];
    let told = collect(&[
        request(MODIFY, "2900001", CAMILLE),
        request(MODIFY, "2900002", &[("ENTEleveClasses", &["4900001$1G1"])]),
        request(DELETE, "2900003", &[]),
        request(DELETE, "2900004", known),
        request(DELETE, "2900001", CAMILLE),
    ])
    .unwrap();
    let pupils: Vec<_> = told
        .students
        .iter()
        .map(|s| (s.row, s.eleve_id.as_deref(), s.last_name.as_str(), s.removed))
        .collect();
    assert_eq!(
        pupils,
        [
            (1, Some("9910001"), "VOLLMERANGE", false),
            (4, Some("9910009"), "", true),
            (5, Some("9910001"), "VOLLMERANGE", true),
        ]
    );
    assert_eq!(
        told.issues(),
        [(Some(2), "identifier", "aaf_partial"), (Some(3), "identifier", "removal_unmatched")]
    );
    assert_eq!((told.head.read["students"], told.head.complete), (5, false));
}

#[test]
fn others_than_the_pupils_of_one_school_are_refused() {
    let other: &[(&str, &[&str])] =
        &[("sn", &["A"]), ("givenName", &["A"]), ("ENTPersonStructRattach", &["4900002"])];
    let cases = [
        (vec![of_category("PersRelEleve", ADD, "1", CAMILLE)], "aaf_category"),
        (vec![of_category("EtabEducNat", ADD, "1", &[])], "aaf_category"),
        (vec![request(ADD, "1", CAMILLE), request(ADD, "2", other)], "several_schools"),
    ];
    for (requests, code) in cases {
        assert_eq!(collect(&requests).err(), Some(code));
    }
    assert_eq!(told(b"<BEE_ELEVES/>", |source, _, sink| read(source, sink)).err(), Some("wrong_root"));
}
