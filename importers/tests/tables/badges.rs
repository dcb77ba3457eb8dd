//! Badges of the canteen or the gate.

use crate::common::xls::{self, Options, Sheet, Value};
use crate::common::{Told, kind_of, read};
use domain::rows::FileKind;
use importers::recognise::Recognised;

fn brief(told: &Told) -> Vec<String> {
    told.badges
        .iter()
        .map(|b| format!("{} {} = {} {:?} {:?}", b.row, b.code, b.student, b.birth_date, b.class))
        .collect()
}

#[test]
fn two_columns_without_titles() {
    let (kind, told) = read(include_bytes!("../fixtures/badges_cantine.csv"));
    assert_eq!(kind, FileKind::Badges);
    assert_eq!(brief(&told)[0], "1 0412AF7B = 990000101AB None None");
    assert_eq!((told.badges.len(), told.count("badges")), (3, 3));
    // The other way round, and by name.
    let (_, told) = read("ŒUVRARD Léonie;00123\nTALBOT Idris;00124\n".as_bytes());
    assert_eq!(brief(&told), ["1 00123 = ŒUVRARD Léonie None None", "2 00124 = TALBOT Idris None None"]);
}

#[test]
fn two_columns_that_could_be_either_are_a_question() {
    for text in [
        "9910001;00123\n9910002;00124\n",
        "00123;ULIS\n00124;ULIS\n",
        "00123;990000101AB\n00123;990000102CD\n",
    ] {
        assert_eq!(kind_of(text.as_bytes()), Ok(Recognised::Table), "{text}");
    }
}

#[test]
fn titles_and_more_columns() {
    let text = "Export Turboself du 18/09/2020\n\nNom;Prénom;Classe;Date de naissance;N° carte\n\
                ŒUVRARD;Léonie;2GT1;14/03/2005;0412\nTALBOT;Idris;1CAPB;hier;0413\n;;;;\nVANNIER;Rose;2GT1;;0412\n\
                ŒUVRARD;Léonie;2GT1;14/03/2005;0412\nWALTER;Jo;2GT1;;\n;;2GT1;;0499\nKUNTZ;Eva;;;4,12E+09\nKUNTZ;Eva;;;41\n";
    let (kind, told) = read(text.as_bytes());
    assert_eq!(kind, FileKind::Badges);
    assert_eq!(
        brief(&told),
        [
            "4 0412 = ŒUVRARD Léonie Some(2005-03-14) Some(\"2GT1\")",
            "5 0413 = TALBOT Idris None Some(\"1CAPB\")"
        ]
    );
    assert_eq!(
        told.codes(),
        [
            (Some(5), "not_a_date"),
            (Some(7), "duplicate_badge"),
            (Some(9), "missing"),
            (Some(10), "missing"),
            (Some(11), "scientific_notation"),
            (Some(12), "malformed_badge"),
        ]
    );
}

#[test]
fn codes_that_a_spreadsheet_made_numbers_of_are_doubted() {
    let mut sheet = Sheet::of_texts("S", &[&["INE", "N° badge"], &["990000101AB"], &["990000102CD"]]);
    sheet.cells.push((1, 1, Value::Rk(412)));
    sheet.cells.push((2, 1, Value::Number(4.123e18)));
    sheet.cells.sort_by_key(|(row, column, _)| (*row, *column));
    let (kind, told) = read(&xls::file(&[sheet], &Options::default()));
    assert_eq!(kind, FileKind::Badges);
    assert_eq!(brief(&told), ["2 412 = 990000101AB None None"]);
    assert_eq!(told.codes(), [(Some(3), "scientific_notation"), (None, "codes_are_numbers")]);
}
