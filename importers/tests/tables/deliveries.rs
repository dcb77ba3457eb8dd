//! Delivery notes beyond what one sheet of them says.

use crate::common::xls::{self, Options, Sheet, Value};
use crate::common::{ods, read, read_as};
use domain::rows::FileKind;

#[test]
fn an_ods_with_two_pallets_a_cover_and_a_recap_that_disagrees() {
    let cover =
        ods::sheet("Couverture", &(ods::row(&["Bon de livraison", "BL7"]) + &ods::row(&["UAI", "0579999J"])));
    let header = ods::row(&["N° de série", "Référence", "Date de livraison"]);
    let line = |serial: &str| {
        format!(
            "<table:table-row>{}{}{}</table:table-row>",
            ods::cell(serial),
            ods::cell("20ZZS00100"),
            ods::date("2020-08-27", "27/08/20")
        )
    };
    let total = ods::row(&["Total", "", "3"]);
    let first = ods::sheet("P1", &(header.clone() + &line("PF0FAKE1") + &line("PF0FAKE2") + &total));
    let second = ods::sheet("P2", &(header + &line("PF0FAKE3")));
    let recap = ods::sheet(
        "Recap",
        &(ods::row(&["Désignation", "Qté"])
            + &format!("<table:table-row>{}{}</table:table-row>", ods::cell("Lenovo"), ods::number("4"))),
    );
    let (kind, told) = read(&ods::file(&[cover, first, second, recap].concat()));
    assert_eq!(kind, FileKind::Delivery);
    assert_eq!((told.count("devices"), told.devices.len()), (3, 3));
    assert!(told.devices.iter().all(|device| device.note_number == "BL7"));
    assert_eq!(told.devices[0].delivered_on.unwrap().to_string(), "2020-08-27");
    let issues: Vec<_> =
        told.issues.iter().map(|i| (i.column.as_deref().unwrap(), i.code.as_str())).collect();
    assert_eq!(issues, [("P1 · Total", "total_differs"), ("Recap · Qté", "total_differs")]);
    assert_eq!(told.head.establishment.as_deref(), Some("0579999J"));
}

#[test]
fn an_xls_whose_serials_became_numbers_dates_and_errors() {
    let mut sheet = Sheet::of_texts("BL", &[&["BL", "P/N", "S/N", "Fin de garantie"]]);
    let serials = [
        Value::Number(5.02e9),
        Value::Date(44000.0),
        Value::Error(0x2A),
        Value::Shared("5,02E+09"),
        Value::Shared("5020000000"),
    ];
    for (row, serial) in (1..).zip(serials) {
        sheet.cells.extend([
            (row, 0, Value::Shared("B1")),
            (row, 1, Value::Shared("20ZZS00100")),
            (row, 2, serial),
            (row, 3, Value::Number(47_000.0)),
        ]);
    }
    let (_, told) = read(&xls::file(&[sheet], &Options::default()));
    assert_eq!(
        told.codes(),
        [
            (Some(2), "scientific_notation"),
            (Some(3), "scientific_notation"),
            (Some(4), "formula_error"),
            (Some(5), "scientific_notation")
        ]
    );
    let [device] = told.devices.as_slice() else { panic!("{told:?}") };
    assert_eq!(
        (device.serial_number.as_str(), device.warranty_end.unwrap().to_string()),
        ("5020000000", "2028-09-04".into())
    );
}

#[test]
fn a_note_whose_preamble_is_for_another_school_is_refused() {
    let text = "UAI;0570991T\nBL : B1\nS/N;P/N\nPF0FAKE1;20ZZ\n";
    let refused = read_as(FileKind::Delivery, text.as_bytes(), None).unwrap_err();
    assert_eq!(refused.code, "wrong_school");
    assert!(refused.detail.contains("0570991T"));
    let text = "UAI;S/N;P/N;BL\n057;PF0FAKE1;20ZZ;B1\n0579999J;PF0FAKE2;20ZZ;B1\n";
    assert_eq!(read(text.as_bytes()).1.codes(), [(Some(2), "malformed_uai")]);
}
