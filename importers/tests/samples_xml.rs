//! The samples that the programme's brief comes with, where they are at hand, give exactly the counts that
//! their README tells.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test says so by panicking"
)]

mod told;

use domain::rows::{FileKind, Reference};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use told::{Told, UAI, read, recognised};

/// Where the samples are; says so when they are not.
fn samples() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/domain/samples");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("SKIPPED: there is no {}", folder.display());
    None
}

fn sample(folder: &Path, name: &str, kind: FileKind) -> Told {
    let (told_kind, told) = recognised(&std::fs::read(folder.join(name)).unwrap())
        .unwrap_or_else(|refused| panic!("{name}: {refused}"));
    assert_eq!(told_kind, kind, "{name}");
    told
}

#[test]
fn pupils() {
    let Some(folder) = samples() else { return };
    for name in ["ElevesSansAdresses.xml", "ElevesAvecAdresses.xml", "ExportXML_ElevesSansAdresses.zip"] {
        let told = sample(&folder, name, FileKind::Students);
        assert_eq!(
            (told.head.read["students"], told.students.len(), told.codes()),
            (20, 20, vec![]),
            "{name}"
        );
        assert_eq!((told.head.establishment.as_deref(), told.head.school_year), (Some(UAI), Some(2020)));
        assert_eq!(told.head.exported_at.unwrap().to_string(), "2020-09-18 07:42:10");
        assert!(told.head.complete);

        let divisions: BTreeMap<&str, &str> = told
            .structures
            .iter()
            .filter(|structure| structure.division)
            .map(|structure| (structure.eleve_id.as_str(), structure.code.as_str()))
            .collect();
        assert_eq!((divisions.len(), divisions.contains_key("9910010")), (19, false));
        let codes: BTreeSet<&str> = divisions.values().copied().collect();
        assert!(codes.contains("2 GT 2") && codes.contains("MCDIES") && codes.contains("PASSBTS"));
        let groups: Vec<_> = told
            .structures
            .iter()
            .filter(|structure| !structure.division)
            .map(|structure| (structure.eleve_id.as_str(), structure.code.as_str()))
            .collect();
        assert_eq!(groups, [("9910012", "ULIS"), ("9910013", "UPE2A")]);

        let pupil =
            |id: &str| told.students.iter().find(|student| student.eleve_id.as_deref() == Some(id)).unwrap();
        assert_eq!(pupil("9910007").left_on.unwrap().to_string(), "2020-09-11");
        assert_eq!(
            (divisions["9910007"], pupil("9910008").left_on.unwrap().to_string().as_str()),
            ("2GT1", "2020-12-31")
        );
        let without: Vec<_> = told
            .students
            .iter()
            .filter(|s| s.ine.is_none())
            .map(|s| s.eleve_id.as_deref().unwrap())
            .collect();
        assert_eq!(without, ["9910009", "9910013"]);
        assert_eq!(
            (pupil("9910006").ine.as_deref(), pupil("9910017").ine.as_deref()),
            (Some("990000006AC"), Some("990000006AC"))
        );
        assert_eq!(
            (pupil("9910003").birth_date, pupil("9910003").last_name.as_str()),
            (pupil("9910004").birth_date, "KIRSCHWILLER")
        );
        assert_eq!(pupil("9910002").last_name, "D'ŒTRANGE-LESŒUR");
        assert_eq!(
            (pupil("9910005").last_name.as_str(), pupil("9910006").first_name.as_str()),
            ("MARTIN", "Lucas")
        );
        // Without ELENOET, and with another in the attribute than in the child.
        assert!(!pupil("9910020").first_name.is_empty() && !pupil("9910018").first_name.is_empty());
    }
}

#[test]
fn guardians_of_both_schemes() {
    let Some(folder) = samples() else { return };
    for name in [
        "ResponsablesAvecAdresses.xml",
        "ResponsablesSansAdresses.xml",
        "ResponsablesAvecAdresses_ancien_format.xml",
    ] {
        let told = sample(&folder, name, FileKind::Guardians);
        let head = &told.head;
        assert_eq!((head.read["guardians"], head.read["links"]), (11, 12), "{name}");
        assert_eq!((told.guardians.len(), told.links.len()), (11, 12), "{name}");
        // The link to a pupil that nobody knows is found by who knows the pupils.
        assert_eq!(told.links.iter().filter(|link| link.eleve_id == "9919999").count(), 1);
        assert_eq!(told.codes(), [(Some(11), "guardian_without_student")], "{name}");
        assert_eq!(told.issues[0].read.as_deref(), Some("880011"));
        let person = |id: &str| told.guardians.iter().find(|guardian| guardian.person_id == id).unwrap();
        assert_eq!((&person("880005").phone, &person("880005").email), (&None, &None));
        assert_eq!((person("880002").phone.is_some(), &person("880002").email), (true, &None));
        assert_eq!(person("880008").phone.as_deref(), Some("+352600000008"));
        let link = |person: &str| told.links.iter().find(|link| link.person_id == person).unwrap();
        assert_eq!((link("880010").level, link("880010").relationship.as_str()), (1, "l'élève lui-même"));
        assert_eq!((link("880009").level, link("880009").relationship.as_str()), (1, "ASE"));
        let contact = if name.contains("ancien") { 3 } else { 2 };
        assert_eq!((link("880008").level, link("880008").relationship.as_str()), (contact, "autre famille"));
        assert_eq!((link("880001").level, link("880002").level), (1, 1));
    }
}

#[test]
fn structures_and_nomenclature() {
    let Some(folder) = samples() else { return };
    let structures = sample(&folder, "Structures.xml", FileKind::Structures);
    assert_eq!(
        (structures.head.read["class"], structures.references.len(), structures.codes()),
        (9, 9, vec![])
    );
    let nomenclature = sample(&folder, "Nomenclature.xml", FileKind::Nomenclature);
    assert_eq!(
        (nomenclature.head.read["mef"], nomenclature.references.len(), nomenclature.codes()),
        (8, 8, vec![])
    );
    match &nomenclature.references[3].reference {
        Reference::Mef { code, label, mefstat, national } => {
            assert_eq!((code.as_str(), label.as_str()), ("10310031110", "3ème prépa-métiers"));
            assert_eq!((mefstat.as_deref(), national), (Some("21160010031"), &None));
        }
        other => panic!("no MEF: {other:?}"),
    }
}

#[test]
fn sts_and_its_twin_whose_letter_is_wrong() {
    let Some(folder) = samples() else { return };
    let told = sample(&folder, "sts_emp_0579999J_2020.xml", FileKind::Sts);
    assert_eq!((told.head.read["teacher"], told.head.read["class"], told.codes()), (4, 2, vec![]));
    assert_eq!((told.head.school_year, told.head.exported_at), (Some(2020), None));
    match &told.references[0].reference {
        Reference::Teacher { origin, id, main_of, function, .. } => {
            assert_eq!((origin.as_str(), id.as_str(), function.as_deref()), ("epp", "55001", Some("ENS")));
            assert_eq!(main_of, &["2GT1"]);
        }
        other => panic!("no teacher: {other:?}"),
    }
    let expected: Vec<_> = told
        .references
        .iter()
        .filter_map(|row| match &row.reference {
            Reference::Class { code, expected, .. } => Some((code.as_str(), *expected)),
            _ => None,
        })
        .collect();
    assert_eq!(expected, [("2GT1", Some(35)), ("2 GT 2", Some(35))]);

    let wrong = std::fs::read(folder.join("sts_emp_0570001A_2020.xml")).unwrap();
    let refused = read(FileKind::Sts, &wrong, UAI).unwrap_err();
    assert_eq!(refused.code, "wrong_school");
    assert!(refused.detail.contains("0570001A") && refused.detail.contains("« S »"), "{refused}");
    let told = read(FileKind::Sts, &wrong, "0570001S").unwrap();
    assert_eq!(told.codes(), [(None, "uai_letter")]);
}

#[test]
fn timetables() {
    let Some(folder) = samples() else { return };
    let pupils = sample(&folder, "EDT_EXP_ELEVE.xml", FileKind::EdtStudents);
    assert_eq!((pupils.head.read["students"], pupils.students.len(), pupils.codes()), (19, 19, vec![]));
    let classes: Vec<_> = pupils.students.iter().map(|student| student.class.as_deref()).collect();
    assert_eq!((classes[6], classes[8]), (Some("2GT1"), None));
    assert_eq!((pupils.head.read["class"], pupils.references.len()), (9, 9));
    let courses = sample(&folder, "EDT_EXP_COURS.xml", FileKind::EdtCourses);
    assert_eq!((courses.head.read["course"], courses.codes()), (2, vec![]));
    assert_eq!((courses.head.read["class"], courses.references.len()), (1, 3));
    match &courses.references[2].reference {
        Reference::Course { classes, group, day, minutes, week, .. } => {
            assert_eq!((classes.len(), group.as_deref(), *day), (0, Some("2ANG1"), Some(2)));
            assert_eq!((*minutes, week.as_deref()), (Some(90), Some("A")));
        }
        other => panic!("no course: {other:?}"),
    }
}

#[test]
fn directories_and_subscription() {
    let Some(folder) = samples() else { return };
    let aaf = sample(&folder, "ENT_0579999J_Complet_20200918_Eleve_0000.xml", FileKind::Aaf);
    let pupils: Vec<_> =
        aaf.students.iter().map(|s| (s.eleve_id.as_deref().unwrap(), s.class.as_deref().unwrap())).collect();
    assert_eq!(pupils, [("9910001", "2GT1"), ("9910002", "2 GT 2"), ("9910003", "1G1")]);
    assert_eq!((aaf.head.complete, aaf.codes()), (false, vec![]));
    let gar = sample(&folder, "9999_GAR-ENT_Complet_20200918_Eleve_0000.xml", FileKind::Gar);
    let mefs: Vec<_> = gar.students.iter().map(|s| s.mef.as_deref().unwrap()).collect();
    assert_eq!((mefs, gar.head.complete), (vec!["20010018110", "20010018110", "20110019110"], false));
    let subscription = sample(&folder, "GAR_abonnement.xml", FileKind::Subscription);
    match &subscription.references[0].reference {
        Reference::Licence { students, teachers, ark, valid_to, .. } => {
            assert_eq!((*students, *teachers, ark.as_deref()), (35, 2, Some("ark:/99999/fictif0001")));
            assert_eq!(valid_to.unwrap().to_string(), "2021-08-31");
        }
        other => panic!("no licence: {other:?}"),
    }
}
