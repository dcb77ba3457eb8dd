//! STS-Web's teachers, divisions and headcounts, plain or as the one file of a zip.

use crate::school::{School, school};
use crate::siecle::zipped;
use crate::told::{Told, UAI, check};
use crate::whims::{Whims, whims};
use crate::xml::{Element, add, file, leaf, node};
use domain::rows::{FileKind, Reference};
use importers::Head;
use proptest::prelude::*;

fn teachers(school: &School, told: &mut Told, whims: &mut Whims) -> Vec<Element> {
    let mut elements = Vec::new();
    for (row, teacher) in (1..).zip(&school.teachers) {
        let mut fields = if whims.one_in(3) {
            vec![leaf("NOM_USAGE", ""), leaf("NOM_PATRONYMIQUE", &teacher.last_name)]
        } else {
            vec![leaf("NOM_USAGE", &teacher.last_name), leaf("NOM_PATRONYMIQUE", "DE NAISSANCE")]
        };
        add(&mut fields, "PRENOM", Some(teacher.first_name.as_str()).filter(|name| !name.is_empty()), whims);
        add(&mut fields, "FONCTION", teacher.function, whims);
        let main = |code: &&str| {
            node("PROF_PRINC", vec![leaf("CODE_STRUCTURE", *code), leaf("DATE_DEBUT", "2020-09-01")])
        };
        let mut mains: Vec<Element> = teacher.main_of.iter().map(main).collect();
        // A division may be told for several spans of the year.
        mains.extend(teacher.main_of.first().filter(|_| whims.one_in(3)).map(main));
        fields.extend([node("PROFS_PRINC", mains), leaf("DATE_NAISSANCE", "1988-01-05")]);
        whims.shuffle(&mut fields);
        elements.push(node("INDIVIDU", fields).with("ID", &teacher.id).with("TYPE", teacher.origin));
        told.refer(
            row,
            Reference::Teacher {
                origin: teacher.origin.into(),
                id: teacher.id.clone(),
                last_name: teacher.last_name.clone(),
                first_name: teacher.first_name.clone(),
                function: teacher.function.map(str::to_owned),
                main_of: teacher.main_of.iter().map(|code| (*code).to_owned()).collect(),
            },
        );
    }
    elements
}

fn divisions(school: &School, told: &mut Told, whims: &mut Whims) -> Vec<Element> {
    let mut elements = Vec::new();
    for (row, class) in (1..).zip(&school.classes) {
        let mefs =
            class.mefs.iter().map(|mef| node("MEF_APPARTENANCE", Vec::new()).with("CODE", *mef)).collect();
        let teacher = node("ENSEIGNANT", Vec::new()).with("ID", "59999").with("TYPE", "epp");
        let service =
            node("SERVICE", vec![node("ENSEIGNANTS", vec![teacher])]).with("CODE_MATIERE", "030201");
        let mut fields = vec![node("MEFS_APPARTENANCE", mefs), node("SERVICES", vec![service])];
        let expected = class.expected.map(|pupils| pupils.to_string());
        add(&mut fields, "EFFECTIF_PREVU", expected.as_deref(), whims);
        add(&mut fields, "LIBELLE_LONG", Some(class.label.as_str()).filter(|label| !label.is_empty()), whims);
        fields.push(leaf("EFFECTIF_CALCULE", "33"));
        whims.shuffle(&mut fields);
        elements.push(node("DIVISION", fields).with("CODE", class.code));
        if class.mefs.is_empty() {
            told.fault(Some(row), "class_without_mef");
        }
        told.refer(
            row,
            Reference::Class {
                source: "sts".into(),
                code: class.code.into(),
                label: class.label.clone(),
                mefs: class.mefs.iter().map(|mef| (*mef).to_owned()).collect(),
                expected: class.expected,
            },
        );
    }
    elements
}

fn sts(school: &School, whims: &mut Whims) -> (Vec<u8>, Told) {
    let mut told = Told::default();
    let teachers = teachers(school, &mut told, whims);
    let divisions = divisions(school, &mut told, whims);
    let uaj = node("UAJ", vec![leaf("SIGLE", "LPO")]).with("CODE", UAI);
    let year =
        node("ANNEE_SCOLAIRE", vec![leaf("DATE_DEBUT", "2020-09-01")]).with("ANNEE", school.year.to_string());
    let mef = node("MEF", Vec::new()).with("CODE", "20010018110");
    let groups = node("GROUPES", vec![node("GROUPE", Vec::new()).with("CODE", "2ANG1")]);
    let root = node(
        "STS_EDT",
        vec![
            node("PARAMETRES", vec![uaj, year]),
            node("NOMENCLATURES", vec![node("MEFS", vec![mef])]),
            node(
                "DONNEES",
                vec![
                    node("INDIVIDUS", teachers),
                    node("STRUCTURE", vec![node("DIVISIONS", divisions), groups]),
                ],
            ),
        ],
    );
    told.head = Head {
        establishment: Some(UAI.into()),
        school_year: Some(school.year),
        complete: true,
        ..Head::default()
    };
    let counts = [("teacher", school.teachers.len()), ("class", school.classes.len())];
    (zipped(file(&root, whims), whims), told.counting(&counts))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn teachers_and_divisions(school in school(), mut whims in whims()) {
        let (bytes, told) = sts(&school, &mut whims);
        check(FileKind::Sts, &bytes, &told)?;
    }
}
