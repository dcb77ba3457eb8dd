//! SIECLE's list of pupils, taken in.

use crate::harness::App;
use domain::identifiers::Uai;
use domain::roles::Role;
use remise::importers::{delivery, siecle_students};
use remise::operations::Failure;
use remise::operations::import_delivery::{Note, import_delivery};
use remise::operations::import_students::{Counts, Import, import_students};
use serde_json::json;

/// `(ELEVE_ID, name, first name, class)`.
type Pupil<'a> = (&'a str, &'a str, &'a str, &'a str);

fn file(exported: &str, pupils: &[Pupil]) -> Vec<u8> {
    let students: String = pupils
        .iter()
        .map(|(id, last, first, _)| {
            format!(
                "<ELEVE ELEVE_ID=\"{id}\"><NOM_DE_FAMILLE>{last}</NOM_DE_FAMILLE><PRENOM>{first}</PRENOM>\
                 <VILLE_NAISS>MARQUEE</VILLE_NAISS><CODE_PAYS_NAT>MARQUEE</CODE_PAYS_NAT><MEL>MARQUEE</MEL>\
                 <CODE_MEF>20010018110</CODE_MEF></ELEVE>"
            )
        })
        .collect();
    let structures: String = pupils
        .iter()
        .map(|(id, _, _, class)| {
            format!(
                "<STRUCTURES_ELEVE ELEVE_ID=\"{id}\"><STRUCTURE><CODE_STRUCTURE>{class}</CODE_STRUCTURE>\
                 <TYPE_STRUCTURE>D</TYPE_STRUCTURE></STRUCTURE></STRUCTURES_ELEVE>"
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><BEE_ELEVES><PARAMETRES><UAJ>0579999J</UAJ>\
         <ANNEE_SCOLAIRE>2026</ANNEE_SCOLAIRE><HORODATAGE>{exported}</HORODATAGE></PARAMETRES><DONNEES>\
         <ELEVES>{students}</ELEVES><STRUCTURES>{structures}</STRUCTURES></DONNEES></BEE_ELEVES>"
    )
    .into_bytes()
}

async fn import(app: &App, bytes: &[u8], dry_run: bool) -> Result<[i64; 5], Failure> {
    let content = siecle_students::read(bytes, &Uai::parse("0579999J").unwrap()).unwrap();
    let import = Import { name: "ElevesSansAdresses.xml", bytes, content: &content };
    let Counts { read, added, changed, unchanged, gone } =
        import_students(&app.db, app.school, None, &import, dry_run).await?.counts;
    Ok([read, added, changed, unchanged, gone])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_compared_then_applied_and_again_changes_nothing() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let first = file(
        "01/09/2026 08:00:00",
        &[("1", "Mercier", "Lina", "2GT1"), ("2", "Petit", "Noé", "2GT1"), ("3", "Roux", "Zoé", "2 GT 2")],
    );
    assert_eq!(import(&app, &first, true).await.unwrap(), [3, 3, 0, 0, 0]);
    assert_eq!(app.count("every", "students").await, 0);
    assert_eq!(import(&app, &first, false).await.unwrap(), [3, 3, 0, 0, 0]);
    assert_eq!(import(&app, &first, false).await.unwrap(), [3, 0, 0, 3, 0]);
    assert_eq!(app.count("every", "badges").await, 3);

    let second =
        file("02/09/2026 08:00:00", &[("1", "Mercier", "Lina", "2 GT 2"), ("2", "Petit", "Noé", "2GT1")]);
    assert_eq!(import(&app, &second, true).await.unwrap(), [2, 0, 1, 1, 1]);
    assert_eq!(import(&app, &second, false).await.unwrap(), [2, 0, 1, 1, 1]);
    assert_eq!(app.count("every", "students WHERE missing_since IS NOT NULL").await, 1);
    assert_eq!(
        desk.post("/api/students/search", &json!({ "query": "lina" })).await.1["students"][0]["class"],
        json!("2 GT 2")
    );

    let Err(Failure::Invalid(refused)) = import(&app, &first, false).await else {
        panic!("older file taken")
    };
    assert_eq!(refused.code, "older_export");
    let third = file(
        "03/09/2026 08:00:00",
        &[("1", "Mercier", "Lina", "2 GT 2"), ("2", "Petit", "Noé", "2GT1"), ("3", "Roux", "Zoé", "2 GT 2")],
    );
    assert_eq!(import(&app, &third, false).await.unwrap(), [3, 0, 1, 2, 0]);
    assert_eq!(app.count("every", "students WHERE missing_since IS NOT NULL").await, 0);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_loan_does_not_need_is_not_kept() {
    let app = App::start().await;
    import(&app, &file("01/09/2026 08:00:00", &[("1", "Mercier", "Lina", "2GT1")]), false).await.unwrap();
    for table in ["students", "imports", "journal", "staged_students"] {
        assert_eq!(
            app.count("every", &format!("{table} t WHERE t::text LIKE '%MARQUEE%'")).await,
            0,
            "{table}"
        );
    }
    assert_eq!(app.count("every", "journal t WHERE t::text ILIKE '%mercier%'").await, 0);
    assert_eq!(app.count("every", "staged_students").await, 0);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_note_brings_laptops_that_can_be_handed_out() {
    let app = App::start().await;
    let uai = Uai::parse("0579999J").unwrap();
    let bytes = "N° BL;UAI;P/N;Désignation;N° de série (S/N);Lot\r\n\
                 BL1;0579999J;9ZZ99EA#ABF;HP ProBook;5CD030BC10;V1\r\n\
                 BL1;0579999J;9ZZ99EA#ABF;HP ProBook;5CD030BD11;V1\r\n\
                 BL1;0579999J;9ZZ99EA#ABF;HP ProBook;5,02E+09;V1\r\n"
        .as_bytes();
    let content = delivery::read(bytes, &uai).unwrap();
    let note = Note { name: "BL1.csv", bytes, content: &content };
    let counts = async |dry_run: bool| {
        let Counts { read, added, changed, unchanged, gone } =
            import_delivery(&app.db, (app.school, &uai), None, &note, dry_run).await.unwrap().counts;
        [read, added, changed, unchanged, gone]
    };
    assert_eq!(counts(true).await, [3, 2, 0, 0, 0]);
    assert_eq!(app.count("every", "devices").await, 0);
    assert_eq!(counts(false).await, [3, 2, 0, 0, 0]);

    let desk = app.desk("Poste 1", Role::Operator).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    let (_, found) = desk.post("/api/devices/search", &json!({ "query": "bc10" })).await;
    let device = found["devices"][0]["id"].as_str().unwrap().parse().unwrap();
    assert_eq!(desk.hands(lina, device).await.0, 201);
    // The same note again leaves a laptop in its pupil's hands.
    assert_eq!(counts(false).await, [3, 0, 0, 2, 0]);
    assert_eq!(app.count("every", "devices WHERE state = 'lent'").await, 1);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_cell_forgets_nothing_and_a_filled_one_is_taken() {
    let app = App::start().await;
    let uai = Uai::parse("0579999J").unwrap();
    let counts = async |lines: &str| {
        let text = format!("BL;P/N;Désignation;S/N;MAC;Lot;Commande;Date livraison\n{lines}");
        let content = delivery::read(text.as_bytes(), &uai).unwrap();
        let note = Note { name: "BL1.csv", bytes: text.as_bytes(), content: &content };
        let counts = import_delivery(&app.db, (app.school, &uai), None, &note, false).await.unwrap().counts;
        (counts.added, counts.changed, counts.unchanged)
    };
    let bare = "BL1;20ZZ;;PF0FAKE1;;;;\nBL1;20ZZ;;PF0FAKE2;;;;\n";
    let full = "BL1;20ZZ;Lenovo L13;PF0FAKE1;02:00:00:00:00:01;V1;C1;27/08/2026\n\
                BL1;20ZZ;Lenovo L13 Gen 2;PF0FAKE2;02:00:00:00:00:02;V1;C1;27/08/2026\n";
    assert_eq!(counts(bare).await, (2, 0, 0));
    assert_eq!(counts(full).await, (0, 2, 0));
    assert_eq!(counts(full).await, (0, 0, 2));
    assert_eq!(counts(bare).await, (0, 0, 2));
    assert_eq!(app.count("every", "devices WHERE mac_address IS NOT NULL AND lot = 'V1'").await, 2);
    assert_eq!(
        app.count("every", "device_models WHERE designation = 'Lenovo L13' AND manufacturer = 'Lenovo'")
            .await,
        1
    );
    assert_eq!(
        app.count("every", "deliveries WHERE order_number = 'C1' AND delivered_on = '2026-08-27'").await,
        1
    );
    app.stop().await;
}
