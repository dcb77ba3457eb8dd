//! Pupils of the ministry's directories: AAF, complete and delta, and what an ENT sends to the GAR.

use crate::school::{GROUPS, Pupil, School, school};
use crate::told::{Told, UAI, check, number};
use crate::whims::{Whims, whims};
use crate::xml::{Element, leaf, node, prefixed};
use domain::rows::{FileKind, StructureRow, StudentRow};
use importers::Head;
use proptest::prelude::*;

/// `attr` or `modification`, with its values.
fn attribute(element: &str, name: &str, values: &[String]) -> Element {
    let values: Vec<Element> = match values {
        // An empty one is required where there is none.
        [] => vec![leaf("value", "")],
        values => values.iter().map(|value| leaf("value", value)).collect(),
    };
    node(element, values).with("name", name)
}

fn attributes(element: &str, pupil: &Pupil, whims: &mut Whims) -> Vec<Element> {
    let one = |text: Option<&str>| text.map(str::to_owned).into_iter().collect::<Vec<_>>();
    let of_school = |code: &str| format!("4900001${code}");
    let birth_date = pupil.birth_date.map(|day| day.format("%d/%m/%Y").to_string());
    let groups: Vec<String> = pupil.groups.iter().map(|group| of_school(group)).collect();
    // The class of another school, where a pupil is for a part of the week, is not the one.
    let mut classes = one(pupil.class.as_deref().map(of_school).as_deref());
    if !classes.is_empty() && whims.one_in(5) {
        classes.insert(whims.below(2), "4900002$3A".into());
    }
    let mut told = vec![
        ("ENTPersonJointure", vec![format!("29{}", pupil.eleve_id)]),
        ("ENTEleveINE", one(pupil.ine.as_deref())),
        ("ENTEleveStructRattachId", vec![pupil.eleve_id.clone()]),
        ("ENTPersonDateNaissance", one(birth_date.as_deref())),
        ("givenName", vec![pupil.first_name.clone()]),
        ("ENTPersonAutresPrenoms", vec![pupil.first_name.clone(), "Autre".into()]),
        ("ENTElevePersRelEleve", vec!["3900001$10$1$1$1$1".into()]),
        ("ENTEleveMEF", one(pupil.mef.as_deref())),
        ("ENTPersonStructRattach", vec!["4900001".into()]),
        ("ENTEleveClasses", classes),
        ("ENTEleveGroupes", groups),
        ("ENTEleveRegime", Vec::new()),
    ];
    if whims.one_in(2) {
        told.push(("sn", vec![pupil.last_name.clone()]));
    } else {
        told.extend([("sn", vec!["USUEL".into()]), ("ENTPersonNomPatro", vec![pupil.last_name.clone()])]);
    }
    whims.shuffle(&mut told);
    told.iter().map(|(name, values)| attribute(element, name, values)).collect()
}

/// A removal of which only the key of SIECLE is told.
fn removed(row: u32, eleve_id: &str) -> StudentRow {
    StudentRow {
        row,
        eleve_id: Some(eleve_id.into()),
        ine: None,
        last_name: String::new(),
        first_name: String::new(),
        birth_date: None,
        class: None,
        mef: None,
        left_on: None,
        removed: true,
    }
}

/// A whole list, or a delta in which pupils are changed and taken out too.
fn aaf(school: &School, delta: bool, whims: &mut Whims) -> (Vec<u8>, Told) {
    let mut told = Told::default();
    let mut requests = Vec::new();
    for (row, pupil) in (1..).zip(&school.pupils) {
        let category =
            node("operationalAttributes", vec![attribute("attr", "categoriePersonne", &["Eleve".into()])]);
        let identifier = node("identifier", vec![leaf("id", format!("29{}", pupil.eleve_id))]);
        let row_of = StudentRow { left_on: None, ..pupil.row(row) };
        let kind = if delta { whims.below(5) } else { 0 };
        let (name, container, inner) = match kind {
            0 | 1 => ("addRequest", "attributes", attributes("attr", pupil, whims)),
            2 => ("modifyRequest", "modifications", attributes("modification", pupil, whims)),
            3 => ("deleteRequest", "attributes", attributes("attr", pupil, whims)),
            _ => {
                // By its DTD a removal has the number of the directory alone; some tell SIECLE's.
                let key = whims.one_in(2).then(|| pupil.eleve_id.clone());
                match &key {
                    Some(eleve_id) => told.students.push(removed(row, eleve_id)),
                    None => told.fault(Some(row), "removal_unmatched"),
                }
                let key: Vec<String> = key.into_iter().collect();
                ("deleteRequest", "attributes", vec![attribute("attr", "ENTEleveStructRattachId", &key)])
            }
        };
        if kind < 4 {
            told.students.push(StudentRow { removed: kind == 3, ..row_of });
        }
        if kind < 3 {
            for code in pupil.groups.iter().filter(|group| GROUPS[3..].contains(group)) {
                let (position, eleve_id) = (number(told.structures.len() + 1), pupil.eleve_id.clone());
                told.structures.push(StructureRow {
                    position,
                    eleve_id,
                    code: (*code).into(),
                    division: false,
                });
            }
        }
        requests.push(node(name, vec![category, identifier, node(container, inner)]));
    }
    let root = node("ficAlimMENESR", requests);
    let doctype = "<!DOCTYPE ficAlimMENESR SYSTEM \"ficAlimMENESR.dtd\">";
    (prefixed(&root, "", doctype, whims), told.counting(&[("students", school.pupils.len())]))
}

/// Pupils, those of another school of the ENT among them, then the MEF of each by its number in the GAR.
fn gar(school: &School, whims: &mut Whims) -> (Vec<u8>, Told) {
    let mut told = Told::default();
    let (mut pupils, mut mefs) = (Vec::new(), Vec::new());
    let person = |id: &str, uai: &str, names: Vec<Element>| {
        let profile = vec![leaf("GARStructureUAI", uai), leaf("GARPersonProfil", "National_elv")];
        let head = [leaf("GARPersonIdentifiant", id), node("GARPersonProfils", profile)];
        node("GAREleve", head.into_iter().chain(names).collect())
    };
    let mut others = false;
    for pupil in &school.pupils {
        if whims.one_in(10) {
            let names = vec![leaf("GARPersonNom", "AILLEURS"), leaf("GARPersonPrenom", "Ana")];
            pupils.push(person(&format!("autre-{}", pupil.eleve_id), "0570991T", names));
            others = true;
        }
        let id = format!("fictif-{}", pupil.eleve_id);
        let mut names = match whims.below(2) {
            0 => vec![leaf("GARPersonNom", &pupil.last_name)],
            _ => vec![leaf("GARPersonNomPatro", &pupil.last_name), leaf("GARPersonNom", "USUEL")],
        };
        names.push(leaf("GARPersonPrenom", &pupil.first_name));
        names.extend(pupil.birth_date.map(|day| leaf("GARPersonDateNaissance", day.to_string())));
        whims.shuffle(&mut names);
        pupils.push(person(&id, UAI, names));
        let mef = |uai: &str, code: &str| {
            let codes =
                [("GARStructureUAI", uai), ("GARPersonIdentifiant", id.as_str()), ("GARMEFCode", code)];
            node("GARPersonMEF", codes.map(|(name, text)| leaf(name, text)).to_vec())
        };
        // What a pupil is taught elsewhere is not told.
        mefs.extend(whims.one_in(6).then(|| mef("0570991T", "10310019110")));
        mefs.extend(pupil.mef.as_deref().map(|code| mef(UAI, code)));
        told.students.push(StudentRow {
            eleve_id: None,
            ine: None,
            class: None,
            left_on: None,
            ..pupil.row(number(pupils.len()))
        });
    }
    if others {
        told.fault(None, "other_schools");
    }
    let count = pupils.len();
    let root = node("GAR-ENT-Eleve", pupils.into_iter().chain(mefs).collect())
        .with("xmlns:men", "http://data.education.fr/ns/gar")
        .with("Version", "1.7");
    told.head = Head { establishment: (count > 0).then(|| UAI.into()), ..Head::default() };
    (prefixed(&root, "men:", "", whims), told.counting(&[("students", count)]))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn aaf_complete_and_delta(school in school(), delta in any::<bool>(), mut whims in whims()) {
        let (bytes, told) = aaf(&school, delta, &mut whims);
        check(FileKind::Aaf, &bytes, &told)?;
    }

    #[test]
    fn pupils_for_the_gar(school in school(), mut whims in whims()) {
        let (bytes, told) = gar(&school, &mut whims);
        check(FileKind::Gar, &bytes, &told)?;
    }
}
