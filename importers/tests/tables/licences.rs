//! LDE's orders and quotations.

use crate::common::{Told, read, read_as, windows};
use domain::rows::{FileKind, Reference};

const HEADER: &str = "TITRE|EDITEUR|DISTRIBUTEUR|TYPE|EAN|QTE|PRIX_HT|TVA5_5|TVA20|PRIX_TTC|REMISE|UAI|NOM_ETS|ADRESSE|REASSORT|TYPE_LDC|UUID_LIGNE_LDE|DATE_ACHAT|DATE_BL|REF_ACHAT|ID_BL|ETAT|ID_CGI";

/// A line of the feed; `changes` are column and text.
fn order(id: &str, changes: &[(&str, &str)]) -> String {
    let titles: Vec<&str> = HEADER.split('|').collect();
    let line = "Anglais|ÉD|LDE|Numérique|9780000000019|5|6,50|6,86|0,00|6,86|0,00|0579999J|LPO|1 RUE|NON|E|u|03/07/2020|00/00/00|D1|B1|10|5";
    let mut cells: Vec<&str> = line.split('|').collect();
    for (column, text) in changes.iter().chain(&[("UUID_LIGNE_LDE", id)]) {
        cells[titles.iter().position(|title| title == column).unwrap()] = text;
    }
    cells.join("|")
}

fn brief(told: &Told) -> Vec<String> {
    told.references
        .iter()
        .map(|reference| match reference {
            Reference::Licence { id, title, ean, students, teachers, unit_price, state, free, .. } => {
                format!(
                    "{id} {title} {} {students}+{teachers} {unit_price:?} {state:?} {free}",
                    ean.as_deref().unwrap_or("-")
                )
            }
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn orders() {
    let lines = [
        HEADER.to_owned(),
        order("u1", &[("QTE", "35")]),
        order(
            "u2",
            &[
                ("TITRE", "Anglais prof"),
                ("EAN", "9780000000026"),
                ("QTE", "2"),
                ("PRIX_TTC", "0,00"),
                ("ETAT", "58"),
            ],
        ),
        order(
            "u3",
            &[("TITRE", "Anglais licence enseignant"), ("QTE", "3"), ("PRIX_TTC", "9"), ("ETAT", "1")],
        ),
        order(
            "u4",
            &[
                ("EAN", "9780000000018"),
                ("PRIX_TTC", "gratuit"),
                ("DATE_ACHAT", "hier"),
                ("DATE_BL", "31/08/2020"),
                ("ETAT", "99"),
            ],
        ),
        order("u5", &[("UAI", "0570991T")]),
        order("u6", &[("UAI", "057")]),
        order("u7", &[("TITRE", "A|B")]),
        order("u8", &[("QTE", "cinq")]),
    ];
    let (kind, told) = read(&windows(&lines.join("\r\n")));
    assert_eq!(kind, FileKind::Orders);
    assert_eq!(
        brief(&told),
        [
            "u1 Anglais 9780000000019 35+0 Some(686) Some(10) false",
            "u2 Anglais prof 9780000000026 0+2 Some(0) Some(58) true",
            "u3 Anglais licence enseignant 9780000000019 0+3 Some(900) Some(1) false",
            "u4 Anglais - 5+0 None Some(99) false",
        ]
    );
    assert_eq!(
        told.codes(),
        [
            (Some(5), "not_a_date"),
            (Some(5), "unknown_state"),
            (Some(5), "malformed_ean"),
            (Some(5), "malformed_price"),
            (Some(6), "other_school"),
            (Some(7), "malformed_uai"),
            (Some(8), "columns_differ"),
            (Some(9), "malformed_quantity"),
        ]
    );
    assert_eq!(told.count("licence"), 8);
    let other = [HEADER.to_owned(), lines[5].clone()].join("\n");
    assert_eq!(read_as(FileKind::Orders, &windows(&other), None).unwrap_err().code, "wrong_school");
}

#[test]
fn states_have_french_words() {
    assert_eq!(importers::licences::state_label(58), Some("licence offerte avec les licences élèves"));
    assert_eq!(importers::licences::state_label(5), None);
}

#[test]
fn a_quotation_below_its_preamble() {
    let (kind, told) = read(include_bytes!("../fixtures/devis_lde.csv"));
    assert_eq!(kind, FileKind::Quote);
    assert_eq!(
        brief(&told),
        [
            "9780000000019 Anglais 2de – licence élève 1 an 9780000000019 35+0 Some(686) None false",
            "9780000000026 Anglais 2de – licence enseignant 9780000000026 0+2 Some(0) None true",
            "histoire 2de Histoire 2de - 10+0 Some(550) None false",
        ]
    );
    assert_eq!(told.codes(), [(Some(7), "malformed_ean"), (Some(8), "malformed_quantity")]);
    assert_eq!(told.count("licence"), 4);
}

#[test]
fn a_quotation_as_a_workbook_with_a_resource_twice() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, ["Titre", "EAN", "Quantité", "Prix TTC"]).unwrap();
    for row in [1, 2] {
        sheet.write(row, 0, "Anglais").unwrap();
        sheet.write(row, 1, 9_780_000_000_019_i64).unwrap();
        sheet.write(row, 2, 10).unwrap();
        sheet.write(row, 3, 6.86).unwrap();
    }
    let (kind, told) = read(&book.save_to_buffer().unwrap());
    assert_eq!(kind, FileKind::Quote);
    assert_eq!(
        brief(&told),
        [
            "9780000000019 Anglais 9780000000019 10+0 Some(686) None false",
            "9780000000019/2 Anglais 9780000000019 10+0 Some(686) None false"
        ]
    );
}
