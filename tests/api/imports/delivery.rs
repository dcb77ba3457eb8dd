//! The contractor's delivery note.

use super::{counts, issues, told};
use crate::harness::{App, Desk};
use domain::roles::Role;
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};

async fn apply(desk: &Desk, bytes: &[u8]) -> Value {
    let staged = desk.import("BL1", bytes).await;
    let (status, applied) = desk.decide(&staged, "apply").await;
    assert_eq!(status, 200, "{applied}");
    applied
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_note_brings_laptops_that_can_be_handed_out() {
    let app = App::start().await;
    let office = app.desk("Bureau", Role::Manager).await;
    let note = "N° BL;UAI;P/N;Désignation;N° de série (S/N);Lot\r\n\
                BL1;0579999J;9ZZ99EA#ABF;HP ProBook;5CD030BC10;V1\r\n\
                BL1;0579999J;9ZZ99EA#ABF;HP ProBook;5CD030BD11;V1\r\n\
                BL1;0579999J;9ZZ99EA#ABF;HP ProBook;5,02E+09;V1\r\n";
    let staged = office.import("BL1.csv", note).await;
    assert_eq!(staged["kind"], "delivery");
    assert_eq!(counts(&staged), [3, 2, 0, 0, 0, 1, 0]);
    assert_eq!(issues(&staged), [told(4, "S/N", "scientific_notation")]);
    assert_eq!(staged["report"]["issues"][0]["read"], "5,02E+09");
    assert_eq!(app.count("every", "devices").await, 0);
    assert_eq!(office.decide(&staged, "apply").await.0, 200);

    let desk = app.desk("Poste 1", Role::Operator).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    let (_, found) = desk.post("/api/devices/search", &json!({ "query": "bc10" })).await;
    let device = found["devices"][0]["id"].as_str().unwrap().parse().unwrap();
    assert_eq!(desk.hands(lina, device).await.0, 201);
    // The same note again leaves a laptop in its pupil's hands.
    assert_eq!(counts(&apply(&office, note.as_bytes()).await), [3, 0, 0, 2, 0, 1, 0]);
    assert_eq!(app.count("every", "devices WHERE state = 'lent'").await, 1);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_cell_forgets_nothing_and_a_filled_one_is_taken() {
    let app = App::start().await;
    let desk = app.desk("Bureau", Role::Manager).await;
    let note = |lines: &str| format!("BL;P/N;Désignation;S/N;MAC;Lot;Commande;Date livraison\n{lines}");
    let bare = note("BL1;20ZZ;;PF0FAKE1;;;;\nBL1;20ZZ;;PF0FAKE2;;;;\n");
    let full = note(
        "BL1;20ZZ;Lenovo L13;PF0FAKE1;02:00:00:00:00:01;V1;C1;27/08/2026\n\
         BL1;20ZZ;Lenovo L13 Gen 2;PF0FAKE2;02:00:00:00:00:02;V1;C1;27/08/2026\n",
    );
    assert_eq!(counts(&apply(&desk, bare.as_bytes()).await), [2, 2, 0, 0, 0, 0, 0]);
    let changed = apply(&desk, full.as_bytes()).await;
    assert_eq!(counts(&changed), [2, 0, 2, 0, 0, 0, 0]);
    assert!(
        changed["report"]["changes"][0]["details"]
            .as_array()
            .unwrap()
            .contains(&json!({ "field": "MAC", "before": null, "after": "02:00:00:00:00:01" }))
    );
    assert_eq!(counts(&apply(&desk, full.as_bytes()).await), [2, 0, 0, 2, 0, 0, 0]);
    assert_eq!(counts(&apply(&desk, bare.as_bytes()).await), [2, 0, 0, 2, 0, 0, 0]);
    for kept in [
        "devices WHERE serial_number = 'PF0FAKE1' AND mac_address = '02:00:00:00:00:01' AND lot = 'V1'",
        "device_models WHERE designation = 'Lenovo L13' AND manufacturer = 'Lenovo'",
        "deliveries WHERE order_number = 'C1' AND delivered_on = '2026-08-27'",
    ] {
        assert_eq!(app.count("every", kept).await, 1, "{kept}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workbook_keeps_its_types_and_its_total_is_compared() {
    let app = App::start().await;
    let desk = app.desk("Bureau", Role::Manager).await;
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Liste").unwrap();
    sheet.write_row(3, 0, ["N° BL", "P/N", "N° de série"]).unwrap();
    sheet.write_row(4, 0, ["BL1", "20ZZS00100", "PF0FAKE1"]).unwrap();
    sheet.write_row(5, 0, ["BL1", "20ZZS00100"]).unwrap();
    sheet.write(5, 2, 5.02E9).unwrap();
    let recap = book.add_worksheet().set_name("Recap").unwrap();
    recap.write_row(0, 0, ["Designation", "Qte"]).unwrap();
    recap.write(1, 1, 14).unwrap();
    let staged = desk.import("BL1.xlsx", book.save_to_buffer().unwrap()).await;
    assert_eq!(counts(&staged), [2, 1, 0, 0, 0, 1, 1]);
    let expected = [told(6, "Liste · S/N", "scientific_notation"), told(2, "Recap · Qte", "total_differs")];
    assert_eq!(issues(&staged), expected);
    assert_eq!(staged["report"]["issues"][0]["read"], "5020000000 (nombre)");
    app.stop().await;
}
