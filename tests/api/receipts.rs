//! Receipts, slips, certificates and reports: what they say, who may print them, what the school
//! puts on them, and that their codes scan.

use crate::harness::{App, Desk, open};
use crate::printing::{codes, read_back, sheet};
use domain::roles::Role;
use image::{DynamicImage, ImageFormat, RgbImage};
use reqwest::Method;
use scraper::Html;
use serde_json::{Value, json};
use std::io::Cursor;
use uuid::Uuid;

fn id(end: &str) -> String {
    format!("00000000-0000-7000-8000-{end:0>12}")
}

/// Papers of the office, with the right of a manager; those of the desk.
fn office() -> Vec<String> {
    vec![
        format!("/print/repair-batches/{}", id("ba")),
        format!("/print/transfers?act={}", id("a4")),
        format!("/print/deliveries/{}/differences", id("d1")),
        format!("/print/stock-takes/{}", id("c7")),
    ]
}

fn of_acts() -> Vec<String> {
    ["a1", "a2", "a3", "a4", "a5"].map(|end| format!("/print/acts/{}", id(end))).to_vec()
}

/// A school with a hand-over and one of each paper's matter; answers the loan.
async fn filled(app: &App, desk: &Desk) -> String {
    let (lina, _) = app.student("Lina", "Mercier").await;
    let device = app.device("5CD030BC10").await;
    app.device("5CD030BD11").await;
    let (status, done) = desk.hands(lina, device).await;
    assert_eq!(status, 201, "{done}");
    let school = app.school.to_string();
    let rows = include_str!("../fixtures/papers.sql").replace("{school}", &school);
    app.sql(&school, &rows).await.unwrap();
    done["loan_id"].as_str().unwrap().to_owned()
}

/// What a person reads on the page, without the codes' own names.
fn words(html: &str) -> String {
    let body = html.find("<body").unwrap();
    let page = Html::parse_fragment(&html[body..]);
    page.root_element().text().map(str::trim).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
}

fn texts(html: &str) -> Vec<String> {
    codes(html).into_iter().map(|code| code.text).collect()
}

fn says(html: &str, what: &[&str]) {
    let text = words(html);
    for said in what {
        assert!(text.contains(said), "« {said} » is not in: {text}");
    }
}

fn picture(side: u32, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(RgbImage::new(side, side)).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hand_over_has_a_receipt_that_its_code_finds_again() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let loan = filled(&app, &desk).await;
    let path = format!("/print/hand-overs/{loan}");
    let receipt = sheet(&desk, &path).await;
    let said =
        ["Reçu de remise", "Lina MERCIER", "2GT1", "S/N 5CD030BC10", "Chargeur", "Poste 1", "UAI 0579999J"];
    says(&receipt, &said);
    assert!(receipt.contains("size: 105mm 148mm"));
    let printed = texts(&receipt);
    assert!(printed.contains(&"5CD030BC10".to_owned()), "{printed:?}");
    let code = printed.iter().find(|text| text.starts_with("RM")).unwrap();
    assert_eq!(code.len(), 12);
    for typed in [code.clone(), format!(" {} ", code.to_lowercase())] {
        let (status, found) = desk.post("/api/receipts/find", &json!({ "code": typed })).await;
        assert_eq!((status, &found["path"]), (200, &json!(path)), "{found}");
    }
    for unknown in ["RM0000000000", "5CD030BC10", ""] {
        let (status, said) = desk.post("/api/receipts/find", &json!({ "code": unknown })).await;
        assert_eq!((status, &said["code"]), (404, &json!("unknown_act")), "{unknown}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_screen_shows_the_code_of_the_paper() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let loan = filled(&app, &desk).await;
    let mut of_return = 0;
    let papers = ["a1", "a2", "a3", "a5"].map(|end| (id(end), format!("/print/acts/{}", id(end))));
    for (id, path) in papers.into_iter().chain([(loan.clone(), format!("/print/hand-overs/{loan}"))]) {
        let (status, shown) = desk.get(&format!("/api/receipts/{id}")).await;
        assert_eq!((status, &shown["path"]), (200, &json!(path)), "{shown}");
        let code = shown["code"].as_str().unwrap();
        let drawn = codes(shown["qr"].as_str().unwrap());
        assert_eq!(drawn.len(), 1);
        assert_eq!(read_back(&drawn[0], 6), [(code.to_owned(), "QR_CODE".to_owned())]);
        let printed = codes(&sheet(&desk, &path).await);
        assert!(printed.iter().any(|one| one.text == code), "{path}");
        for on_paper in printed.iter().filter(|one| one.kind == "QR_CODE") {
            assert_eq!(on_paper.boxes, drawn[0].boxes);
            of_return += 1;
        }
    }
    assert_eq!(of_return, 1);
    let (status, said) = desk.get(&format!("/api/receipts/{}", id("ff"))).await;
    assert_eq!((status, &said["code"]), (404, &json!("unknown_act")));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undone_hand_over_says_so() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    let (_, done) = desk.hands(lina, app.device("5CD030BC10").await).await;
    let loan = done["loan_id"].as_str().unwrap();
    let undo = json!({ "request_id": Uuid::now_v7(), "reason": "erreur" });
    assert_eq!(desk.post(&format!("/api/hand-overs/{loan}/undo"), &undo).await.0, 200);
    says(&sheet(&desk, &format!("/print/hand-overs/{loan}")).await, &["Remise annulée"]);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_act_has_a_receipt_that_says_what_happened() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    filled(&app, &desk).await;
    let of = async |end: &str| sheet(&desk, &format!("/print/acts/{}", id(end))).await;
    let back = of("a1").await;
    let said = [
        "Reçu de retour",
        "Ordinateur repris",
        "Accessoires manquants Housse",
        "Abîmé écran",
        "Rayure au dos",
    ];
    says(&back, &said);
    let qr: Vec<_> = codes(&back).into_iter().filter(|code| code.kind == "QR_CODE").collect();
    assert_eq!(qr.len(), 1);
    assert!(qr[0].text.starts_with("RM"));
    let swap = of("a2").await;
    let said = [
        "Reçu d'échange",
        "Ordinateur repris",
        "Ordinateur remis à l'élève",
        "batterie, ne démarre pas",
        "18 décembre 2026",
    ];
    says(&swap, &said);
    assert!(["5CD030BC10", "5CD030BD11"].iter().all(|serial| texts(&swap).contains(&(*serial).to_owned())));
    says(
        &of("a3").await,
        &["Reçu de prêt temporaire", "À rendre le 18 décembre 2026", "le temps d'une réparation"],
    );
    says(&of("a4").await, &["Reçu de cession", "Ordinateur cédé à l'élève"]);
    says(&of("a5").await, &["Déclaration de sinistre", "Ordinateur déclaré volé", "N° de plainte 2026/118"]);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_office_prints_slip_certificate_differences_and_stock_take() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    filled(&app, &desk).await;
    let manager = app.desk("Bureau", Role::Manager).await;
    let papers = office();
    let slip = sheet(&manager, &papers[0]).await;
    says(
        &slip,
        &[
            "Bon de SAV n° 4",
            "Atelier du Nord",
            "Sous garantie 1",
            "Garantie inconnue 1",
            "panne, batterie",
            "reçu abîmé",
        ],
    );
    assert!(!words(&slip).contains("MERCIER"), "a slip names no pupil");
    let certificate = sheet(&manager, &papers[1]).await;
    says(
        &certificate,
        &[
            "Certificat de cession",
            "Lina MERCIER",
            "5CD030BC10",
            "est propriétaire",
            "Le chef d'établissement (signature",
        ],
    );
    let differences = sheet(&manager, &papers[2]).await;
    let said = [
        "Bon de livraison BL2026-104417",
        "Sur le bon, pas encore reçus (1)",
        "Reçus abîmés (1)",
        "écran fendu",
        "Reçus sans être sur un bon (1)",
        "bon BL2026-104418",
        "Lycée voisin",
        "Écarts 5",
    ];
    says(&differences, &said);
    let stock_take = sheet(&manager, &papers[3]).await;
    let said = [
        "Inventaire n° 1",
        "Attendus en salle 3",
        "Attendus et vus 1",
        "Attendus, non vus (1)",
        "5CD030NEXT",
        "en stock",
        "faite : déclarer perdu",
        "B204",
    ];
    says(&stock_take, &said);
    for path in papers.iter().chain(&of_acts()) {
        for code in codes(&sheet(&manager, path).await) {
            let module = if code.kind == "CODE_128" { 2 } else { 6 };
            assert_eq!(read_back(&code, module), [(code.text.clone(), code.kind.clone())], "{path}");
        }
    }
    let (_, choices) = manager.get("/api/papers").await;
    let counts = ["deliveries", "repair_batches", "stock_takes", "transfers"]
        .map(|kind| choices[kind].as_array().unwrap().len());
    assert_eq!(counts, [2, 1, 1, 1], "{choices}");
    // A cession that was taken back certifies nothing.
    let undone = format!("UPDATE acts SET undone_at = now(), undo_reason = 'x' WHERE id = '{}'", id("a4"));
    app.sql("every", &undone).await.unwrap();
    assert!(!words(&sheet(&manager, &papers[1]).await).contains("MERCIER"));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_school_prints_anothers_papers_and_each_role_its_own() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let loan = filled(&app, &desk).await;
    let receipt = format!("/print/hand-overs/{loan}");
    let code = texts(&sheet(&desk, &receipt).await).into_iter().find(|text| text.starts_with("RM")).unwrap();
    let next_door = open(&app.db, "0570001S", "Lycée voisin").await;
    let other = app.desk_of(next_door, "Bureau", Role::Manager).await;
    for path in office().iter().chain(&of_acts()).chain([&receipt]) {
        assert_eq!(other.get(path).await.0, 404, "{path}");
    }
    assert_eq!(other.post("/api/receipts/find", &json!({ "code": code })).await.0, 404);
    assert_eq!(other.get("/api/papers").await.1["deliveries"], json!([]));
    let shown = format!("/api/receipts/{loan}");
    assert_eq!(other.get(&shown).await.0, 404);
    let region = app.desk("Région", Role::Region).await;
    let stranger = app.stranger();
    for path in of_acts().iter().chain([&receipt, &shown]) {
        assert_eq!(desk.get(path).await.0, 200, "{path}");
        assert_eq!(region.get(path).await.0, 403, "{path}");
        assert_eq!(stranger.get(path).await.0, 401, "{path}");
    }
    let mut managed = office();
    managed.extend(["/api/papers".into(), "/api/print-settings".into()]);
    for path in &managed {
        assert_eq!(desk.get(path).await.0, 403, "{path}");
        assert_eq!(stranger.get(path).await.0, 401, "{path}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_school_sets_its_papers() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let loan = filled(&app, &desk).await;
    let manager = app.desk("Bureau", Role::Manager).await;
    let (_, before) = manager.get("/api/print-settings").await;
    assert_eq!((&before["receipt_size"], &before["logo"]), (&json!("A6"), &Value::Null));
    let asked = json!({
        "header": "1, rue des Tilleuls\n57000 Metz", "footer": "Gardez ce reçu.",
        "receipt_text": "À rendre en fin de scolarité & propre", "label_sheet": "L7160", "receipt_size": "A4",
    });
    for _ in 0..2 {
        let (status, set) = manager.put("/api/print-settings", &asked).await;
        assert_eq!((status, &set["label_sheet"]), (200, &json!("L7160")), "{set}");
    }
    assert_eq!(app.count("every", "journal WHERE action = 'change_print_settings'").await, 1);
    let png = picture(40, ImageFormat::Png);
    let (status, set) = manager.upload("/api/print-settings/logo", png).await;
    assert_eq!(status, 200, "{set}");
    assert!(set["logo"].as_str().unwrap().starts_with("data:image/png;base64,"));
    let receipt = sheet(&desk, &format!("/print/hand-overs/{loan}")).await;
    says(&receipt, &["57000 Metz", "Gardez ce reçu.", "À rendre en fin de scolarité & propre"]);
    assert!(receipt.contains("size: A4") && receipt.contains("src=\"data:image/png;base64,"));
    assert_eq!(manager.upload("/api/print-settings/logo", picture(9, ImageFormat::Jpeg)).await.0, 200);

    let mut broken = picture(40, ImageFormat::Png);
    broken.truncate(60);
    for (bytes, status) in [
        (broken, 422),
        (picture(9, ImageFormat::WebP), 422),
        (b"<svg/>".to_vec(), 422),
        (Vec::new(), 422),
        (picture(4_001, ImageFormat::Png), 422),
        (vec![0; 512 * 1024 + 1], 413),
    ] {
        assert_eq!(manager.upload("/api/print-settings/logo", bytes).await.0, status);
    }
    let (_, kept) = manager.get("/api/print-settings").await;
    assert!(kept["logo"].as_str().unwrap().starts_with("data:image/jpeg"));
    for (field, value) in [("label_sheet", "L1"), ("receipt_size", "A5"), ("footer", &"x".repeat(401))] {
        let mut wrong = asked.clone();
        wrong[field] = json!(value);
        let (status, said) = manager.put("/api/print-settings", &wrong).await;
        assert_eq!((status, &said["code"]), (422, &json!("print_settings_implausible")), "{field}");
    }
    let gone = manager.send(Method::DELETE, "/api/print-settings/logo", None).await;
    assert_eq!(gone.json::<Value>().await.unwrap()["logo"], Value::Null);
    assert_eq!(desk.put("/api/print-settings", &asked).await.0, 403);
    assert_eq!(desk.upload("/api/print-settings/logo", picture(9, ImageFormat::Png)).await.0, 403);
    assert_eq!(desk.send(Method::DELETE, "/api/print-settings/logo", None).await.status().as_u16(), 403);
    app.stop().await;
}
