use super::*;
use crate::told::{told, told_to, zipped};

fn file(parameters: &str, persons: &str, divisions: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"ISO-8859-15\"?><STS_EDT><PARAMETRES>{parameters}</PARAMETRES>\
         <NOMENCLATURES><MEFS><MEF CODE=\"20010018110\"/></MEFS></NOMENCLATURES><DONNEES>\
         <INDIVIDUS>{persons}</INDIVIDUS><STRUCTURE><DIVISIONS>{divisions}</DIVISIONS>\
         <GROUPES><GROUPE CODE=\"2ANG1\"/></GROUPES></STRUCTURE></DONNEES></STS_EDT>"
    )
}

const OURS: &str = "<UAJ CODE=\"0579999J\"><SIGLE>LPO</SIGLE></UAJ><ANNEE_SCOLAIRE ANNEE=\"2020\"/>";
const ZIMMERLIN: &str = "<INDIVIDU ID=\"1\" TYPE=\"epp\"><CIVILITE>2</CIVILITE><NOM_USAGE>ZIMMERLIN</NOM_USAGE>\
    <NOM_PATRONYMIQUE>ABADIE</NOM_PATRONYMIQUE><PRENOM>Maud</PRENOM><DATE_NAISSANCE>1980-04-12</DATE_NAISSANCE>\
    <FONCTION>ENS</FONCTION><PROFS_PRINC><PROF_PRINC><CODE_STRUCTURE>2GT1</CODE_STRUCTURE></PROF_PRINC>\
    <PROF_PRINC><CODE_STRUCTURE>2GT1</CODE_STRUCTURE></PROF_PRINC>\
    <PROF_PRINC><CODE_STRUCTURE>9X</CODE_STRUCTURE></PROF_PRINC></PROFS_PRINC></INDIVIDU>";
const DIVISION: &str = "<DIVISION CODE=\"2GT1\"><LIBELLE_LONG>Seconde 1</LIBELLE_LONG><EFFECTIF_PREVU>35</EFFECTIF_PREVU>\
    <MEFS_APPARTENANCE><MEF_APPARTENANCE CODE=\"20010018110\"><EFFECTIF_PREVU>20</EFFECTIF_PREVU></MEF_APPARTENANCE>\
    </MEFS_APPARTENANCE><SERVICES><SERVICE CODE_MATIERE=\"030201\"><ENSEIGNANTS><ENSEIGNANT ID=\"59999\" TYPE=\"epp\"/>\
    </ENSEIGNANTS></SERVICE></SERVICES></DIVISION>";

#[test]
fn teachers_and_divisions_with_every_fault() {
    let persons = format!(
        "{ZIMMERLIN}<INDIVIDU ID=\"1\" TYPE=\"local\"><NOM_PATRONYMIQUE>VACATAIRE</NOM_PATRONYMIQUE></INDIVIDU>\
         {ZIMMERLIN}<INDIVIDU ID=\"2\"><NOM_USAGE>SANS TYPE</NOM_USAGE></INDIVIDU><INDIVIDU ID=\"3\" TYPE=\"dir\"/>"
    );
    let divisions = format!(
        "{DIVISION}{DIVISION}<DIVISION CODE=\"2 GT 2\"><EFFECTIF_PREVU>beaucoup</EFFECTIF_PREVU></DIVISION>\
         <DIVISION CODE=\"Inactifs\"/>"
    );
    let told = told(file(OURS, &persons, &divisions).as_bytes(), read).unwrap();
    let references: Vec<_> = told.references.iter().map(|row| row.reference.clone()).collect();
    let teacher =
        |origin: &str, last_name: &str, first_name: &str, function: Option<&str>, main_of: &[&str]| {
            Reference::Teacher {
                origin: origin.into(),
                id: "1".into(),
                last_name: last_name.into(),
                first_name: first_name.into(),
                function: function.map(str::to_owned),
                main_of: main_of.iter().map(|code| (*code).to_owned()).collect(),
            }
        };
    let class = |code: &str, label: &str, mefs: &[&str], expected| Reference::Class {
        source: "sts".into(),
        code: code.into(),
        label: label.into(),
        mefs: mefs.iter().map(|code| (*code).to_owned()).collect(),
        expected,
    };
    assert_eq!(
        references,
        [
            teacher("epp", "ZIMMERLIN", "Maud", Some("ENS"), &["2GT1", "9X"]),
            teacher("local", "VACATAIRE", "", None, &[]),
            class("2GT1", "Seconde 1", &["20010018110"], Some(35)),
            class("2 GT 2", "", &[], None),
        ]
    );
    assert_eq!(
        told.issues(),
        [
            (Some(3), "ID", "duplicate_teacher"),
            (Some(4), "TYPE", "missing"),
            (Some(5), "NOM_USAGE", "missing"),
            (Some(2), "CODE", "duplicate_class"),
            (Some(3), "EFFECTIF_PREVU", "malformed_headcount"),
            (Some(3), "MEF_APPARTENANCE", "class_without_mef"),
            (Some(1), "PROF_PRINC", "class_unknown"),
        ]
    );
    assert_eq!((told.head.read["teacher"], told.head.read["class"]), (5, 3));
    assert_eq!((told.head.school_year, told.head.exported_at, told.head.complete), (Some(2020), None, true));
}

#[test]
fn zipped_too() {
    let zip = zipped(&[("sts_emp_0579999J_2020.xml", file(OURS, ZIMMERLIN, DIVISION).as_bytes())]);
    assert_eq!(told(&zip, read).unwrap().references.len(), 2);
}

#[test]
fn look_alikes_and_other_schools_are_refused() {
    let edited = format!("<APPLICATION_SOURCE>Mon EDT</APPLICATION_SOURCE>{OURS}");
    let cases = [
        ("<EDT_STS><PARAMETRES/></EDT_STS>".to_owned(), "sts_look_alike"),
        (file(&edited, "", ""), "sts_private_editor"),
        (file(&OURS.replace("0579999J", "0570001S"), "", ""), "wrong_school"),
        (file(&OURS.replace("0579999J", "0570001A"), "", ""), "wrong_school"),
        (file(&OURS.replace("2020", "?"), "", ""), "school_year_missing"),
        ("<BEE_ELEVES/>".to_owned(), "wrong_root"),
        ("<STS_EDT/>".to_owned(), "wrong_school"),
    ];
    for (text, code) in cases {
        assert_eq!(told(text.as_bytes(), read).err(), Some(code));
    }
}

#[test]
fn a_uai_whose_letter_is_wrong_is_told() {
    let wrong = file(&OURS.replace("0579999J", "0570001A"), "", "");
    for uai in ["0570001A", "0570001S"] {
        let told = told_to(uai, wrong.as_bytes(), read).unwrap();
        assert_eq!(told.issues(), [(None, "UAJ", "uai_letter")]);
    }
    let refused = told_to("0579999J", wrong.as_bytes(), read).unwrap_err();
    assert!(refused.detail.contains("« S »"), "{refused}");
}
