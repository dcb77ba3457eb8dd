//! The tables among the hand-made samples that all parts of the project share, with the counts that their
//! README gives. Where the folder is absent this says so and tests nothing.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test says so by panicking, or that it was skipped"
)]

mod common;

use common::{Told, kind_of, read, uai};
use domain::rows::{FileKind, Reference};
use importers::recognise::Recognised;
use importers::table::{Row, Rows};
use importers::{Refused, accounts, table};
use std::io::Cursor;
use std::path::Path;

/// The bytes of a sample; none, and a line that says so, when the folder is absent.
fn sample(name: &str) -> Option<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/domain/samples");
    if !folder.is_dir() {
        println!("SKIPPED: the shared samples are not here, {name} is not tested");
        return None;
    }
    Some(std::fs::read(folder.join(name)).unwrap())
}

fn codes(told: &Told) -> Vec<&str> {
    told.issues.iter().map(|issue| issue.code.as_str()).collect()
}

#[test]
fn a_delivery_as_csv() {
    let Some(bytes) = sample("Econocom_livraison_BL2020-118842.csv") else { return };
    let (kind, told) = read(&bytes);
    assert_eq!(kind, FileKind::Delivery);
    assert_eq!((told.count("devices"), told.devices.len()), (15, 12));
    assert_eq!(
        told.codes(),
        [(Some(5), "duplicate_serial"), (Some(15), "other_school"), (Some(16), "malformed_serial")]
    );
    assert_eq!(told.head.establishment.as_deref(), Some("0579999J"));
}

#[test]
fn a_delivery_as_a_workbook_with_a_recap_that_disagrees() {
    let Some(bytes) = sample("Econocom_livraison_BL2020-118842.xlsx") else { return };
    let (kind, told) = read(&bytes);
    assert_eq!(kind, FileKind::Delivery);
    assert_eq!((told.count("devices"), told.devices.len()), (15, 12));
    assert_eq!(codes(&told), ["duplicate_serial", "other_school", "malformed_serial", "total_differs"]);
    let recap = told.issues.last().unwrap();
    assert_eq!((recap.read.as_deref(), recap.expected.as_str()), (Some("14"), "15"));
    let csv = read(&sample("Econocom_livraison_BL2020-118842.csv").unwrap()).1;
    let what = |told: &Told| {
        told.devices
            .iter()
            .cloned()
            .map(|device| domain::rows::DeviceRow { row: 0, ..device })
            .collect::<Vec<_>>()
    };
    assert_eq!(what(&told), what(&csv), "dates in cells and dates as texts are the same");
}

#[test]
fn eleves_complete() {
    let Some(bytes) = sample("ElevesComplete.xls") else { return };
    let (kind, told) = read(&bytes);
    assert_eq!(kind, FileKind::StudentsTable);
    assert_eq!((told.count("students"), told.students.len()), (20, 20));
    assert_eq!(codes(&told), ["guardians_left_out"]);
    let of = |row: u32| told.students.iter().find(|student| student.row == row).unwrap();
    // Dates are texts on one line and days that a spreadsheet counts on the next.
    assert!(told.students.iter().all(|student| student.birth_date.is_some() && student.eleve_id.is_none()));
    assert_eq!((of(3).last_name.as_str(), of(3).class.as_deref()), ("D'ŒTRANGE-LESŒUR", Some("2 GT 2")));
    let left: Vec<_> =
        told.students.iter().filter_map(|student| student.left_on).map(|day| day.to_string()).collect();
    assert_eq!(left, ["2020-09-11", "2020-12-31"]);
    assert_eq!(told.students.iter().filter(|student| student.class.is_none()).count(), 1);
    assert_eq!(told.students.iter().filter(|student| student.ine.is_none()).count(), 2);
}

#[test]
fn every_cell_of_the_xls_is_what_calamine_reads() {
    use calamine::{Data, Reader, Xls};
    let Some(bytes) = sample("ElevesComplete.xls") else { return };
    struct Cells(Vec<Vec<String>>);
    impl Rows for Cells {
        fn sheet(&mut self, name: &str) {
            assert_eq!(name, "Elèves Complète");
        }

        fn row(&mut self, row: &Row) -> Result<(), Refused> {
            self.0.push(row.cells.iter().map(|cell| cell.text.clone()).collect());
            Ok(())
        }
    }
    let mut ours = Cells(Vec::new());
    table::read(Cursor::new(&bytes), &mut ours).unwrap();
    let mut book: Xls<_> = Xls::new(Cursor::new(&bytes)).unwrap();
    let theirs = book.worksheet_range("Elèves Complète").unwrap();
    assert_eq!(ours.0.len(), theirs.height());
    for (row, line) in theirs.rows().zip(&ours.0) {
        for (place, cell) in row.iter().enumerate() {
            let text = match cell {
                Data::Empty => String::new(),
                Data::Float(number) => number.to_string(),
                Data::DateTime(date) => {
                    let (year, month, day, ..) = date.to_ymd_hms_milli();
                    format!("{day:02}/{month:02}/{year}")
                }
                other => other.to_string().trim().to_owned(),
            };
            assert_eq!(line.get(place).map_or("", String::as_str), text, "column {place}");
        }
    }
}

#[test]
fn the_extraction_has_a_line_for_each_guardian() {
    let Some(bytes) = sample("exportCSVExtraction.csv") else { return };
    let (kind, told) = read(&bytes);
    assert_eq!(kind, FileKind::StudentsTable);
    assert_eq!((told.count("students"), told.students.len()), (9, 9));
    assert_eq!(codes(&told), ["guardians_left_out", "groups_left_out"]);
    assert_eq!(told.students[1].last_name, "D'ŒTRANGE-LESŒUR");
}

#[test]
fn pronote_and_edt_tell_the_same_pupils() {
    let Some(bytes) = sample("Pronote_eleves.csv") else { return };
    let (kind, pronote) = read(&bytes);
    assert_eq!(kind, FileKind::MappedStudents);
    assert_eq!((pronote.count("students"), codes(&pronote)), (19, vec!["groups_left_out"]));
    let (kind, edt) = read(&sample("EDT_EXP_ELEVE.txt").unwrap());
    assert_eq!(kind, FileKind::EdtStudents);
    assert_eq!(edt.students, pronote.students);
    // The parts of a division are cut off it.
    assert_eq!(edt.students[6].class.as_deref(), Some("2GT1"));
    assert_eq!(edt.count("class"), 9);
}

#[test]
fn udt() {
    let Some(bytes) = sample("UDT_export.csv") else { return };
    let (kind, told) = read(&bytes);
    assert_eq!(kind, FileKind::UdtCourses);
    assert_eq!((told.count("course"), told.count("class"), told.issues.len()), (4, 3, 0));
    let weeks: Vec<_> =
        told.references
            .iter()
            .filter_map(|reference| {
                if let Reference::Course { week, .. } = reference { Some(week.as_deref()) } else { None }
            })
            .collect();
    assert_eq!(weeks, [None, Some("A"), Some("B"), None]);
}

#[test]
fn lde_orders() {
    let Some(bytes) = sample("LDE_commandes_type_ldc.txt") else { return };
    let (kind, told) = read(&bytes);
    assert_eq!(kind, FileKind::Orders);
    assert_eq!((told.count("licence"), told.issues.len()), (2, 0));
    let licences: Vec<_> = told
        .references
        .iter()
        .filter_map(|reference| match reference {
            Reference::Licence { students, teachers, unit_price, state, free, .. } => {
                Some((*students, *teachers, *unit_price, *state, *free))
            }
            _ => None,
        })
        .collect();
    assert_eq!(licences, [(35, 0, Some(686), Some(10), false), (0, 2, Some(0), Some(58), true)]);
}

#[test]
fn accounts_are_printed_and_never_staged() {
    let Some(bytes) = sample("ENT-Identifiants-0579999J.csv") else { return };
    assert_eq!(kind_of(&bytes), Ok(Recognised::Kind(FileKind::Accounts)));
    let mut pupils = 0;
    let head = accounts::read(Cursor::new(&bytes), &uai(), &mut |account| {
        pupils += u32::from(account.profile == "Elève" && account.password.is_some());
        Ok(())
    });
    assert_eq!((pupils, head.unwrap().read["accounts"]), (8, 9));
}

#[test]
fn label_scans_are_no_file_of_ours() {
    let Some(bytes) = sample("etiquettes_lectures.csv") else { return };
    assert_eq!(kind_of(&bytes), Ok(Recognised::Table));
}
