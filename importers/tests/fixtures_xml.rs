//! Every file of `fixtures` is recognised by its content and gives its rows and faults, no more.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says so by panicking"
)]

mod told;

use domain::rows::{FileKind, Reference, UNLIMITED};
use std::io::{Cursor, Write};
use std::path::Path;
use told::{Told, recognised};

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)).unwrap()
}

/// The files of UDT's archive, zipped as it zips them.
fn udt() -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for number in ["00", "08", "10", "19", "21"] {
        writer.start_file(format!("UDCal_{number}.xml"), zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(&fixture(&format!("udt_UDCal_{number}.xml"))).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Kind, rows of students, structures, guardians, links and references, and codes of the issues.
type Case = (&'static str, FileKind, [usize; 5], &'static [&'static str]);

const CASES: [Case; 10] = [
    ("eleves_1_7_latin1.xml", FileKind::Students, [3, 2, 0, 0, 0], &[]),
    (
        "responsables_2_1.xml",
        FileKind::Guardians,
        [0, 0, 3, 2, 0],
        &["malformed_phone", "malformed_email", "guardian_unknown", "guardian_without_student"],
    ),
    ("structures.xml", FileKind::Structures, [0, 0, 0, 0, 2], &["class_without_mef"]),
    ("nomenclature.xml", FileKind::Nomenclature, [0, 0, 0, 0, 2], &["malformed_mef"]),
    ("sts_emp.xml", FileKind::Sts, [0, 0, 0, 0, 4], &[]),
    ("edt_eleves.xml", FileKind::EdtStudents, [2, 0, 0, 0, 1], &[]),
    ("edt_cours.xml", FileKind::EdtCourses, [0, 0, 0, 0, 2], &[]),
    ("aaf_delta.xml", FileKind::Aaf, [1, 1, 0, 0, 0], &["aaf_partial", "removal_unmatched"]),
    ("gar_eleve.xml", FileKind::Gar, [1, 0, 0, 0, 0], &["other_schools"]),
    ("gar_abonnement_etabl.xml", FileKind::Subscription, [0, 0, 0, 0, 1], &[]),
];

fn counts(told: &Told) -> [usize; 5] {
    [
        told.students.len(),
        told.structures.len(),
        told.guardians.len(),
        told.links.len(),
        told.references.len(),
    ]
}

#[test]
fn every_fixture_gives_its_rows_and_faults() {
    for (name, kind, rows, issues) in CASES {
        let (told_kind, told) = recognised(&fixture(name)).unwrap();
        let codes: Vec<&str> = told.issues.iter().map(|issue| issue.code.as_str()).collect();
        assert_eq!((told_kind, counts(&told), codes.as_slice()), (kind, rows, issues), "{name}");
    }
}

#[test]
fn every_fixture_has_its_case() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let known = CASES.iter().any(|(known, ..)| *known == name);
        assert!(known || name.starts_with("udt_") || !name.ends_with(".xml"), "{name} is read by no test");
    }
}

#[test]
fn the_oldest_list_of_pupils() {
    let (_, told) = recognised(&fixture("eleves_1_7_latin1.xml")).unwrap();
    let first = &told.students[0];
    assert_eq!((first.last_name.as_str(), first.first_name.as_str()), ("KOENIG & FILS", "Rémi"));
    assert_eq!((first.ine.as_deref(), first.mef.as_deref()), (Some("1999000014C"), Some("20010018110")));
    assert_eq!((told.head.school_year, told.students[1].ine.as_deref()), (Some(2014), None));
    assert_eq!(told.students[2].left_on.unwrap().to_string(), "2014-09-12");
    let structures: Vec<_> = told.structures.iter().map(|s| (s.code.as_str(), s.division)).collect();
    assert_eq!(structures, [("2 A", true), ("ULIS", false)]);
}

#[test]
fn the_archive_of_udt() {
    let (kind, told) = recognised(&udt()).unwrap();
    assert_eq!((kind, counts(&told)), (FileKind::UdtArchive, [2, 0, 0, 0, 2]));
    let classes: Vec<_> = told.students.iter().map(|student| student.class.as_deref()).collect();
    assert_eq!((classes, told.head.school_year), (vec![Some("2 A"), None], Some(2020)));
}

#[test]
fn a_subscription_without_limit() {
    let (_, told) = recognised(&fixture("gar_abonnement_etabl.xml")).unwrap();
    match &told.references[0].reference {
        Reference::Licence { students, teachers, valid_to, .. } => {
            assert_eq!((*students, *teachers), (UNLIMITED, UNLIMITED));
            assert_eq!(valid_to.unwrap().to_string(), "2021-08-15");
        }
        other => panic!("no licence: {other:?}"),
    }
}
