//! The tables among the hand-made samples that all parts of the project share, with the counts that their
//! README gives. Where the folder is absent this says so and tests nothing.

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
    println!("{told:#?}");
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
fn the_others() {
    for name in [
        "exportCSVExtraction.csv",
        "Pronote_eleves.csv",
        "EDT_EXP_ELEVE.txt",
        "UDT_export.csv",
        "LDE_commandes_type_ldc.txt",
    ] {
        let Some(bytes) = sample(name) else { return };
        let (kind, told) = read(&bytes);
        println!("{name} {kind:?} {:?}", told.head);
        for x in &told.students {
            println!("{x:?}")
        }
        for x in &told.references {
            println!("{x:?}")
        }
        for x in &told.issues {
            println!("{x:?}")
        }
    }
    let Some(bytes) = sample("ENT-Identifiants-0579999J.csv") else { return };
    println!("{:?}", kind_of(&bytes));
    let Some(bytes) = sample("etiquettes_lectures.csv") else { return };
    println!("{:?}", kind_of(&bytes));
    let Some(bytes) = sample("ElevesComplete_entetes.csv") else { return };
    println!("{:?}", kind_of(&bytes));
}
