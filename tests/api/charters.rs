//! Charters: versions, copies taken in ahead of the day, those to chase, who signed.

use crate::harness::{App, Desk};
use domain::roles::Role;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

const FIRST: &str = "CH0000000001";
const SECOND: &str = "CH0000000002";

impl App {
    /// A printed sheet of the current campaign's charter.
    pub async fn sheet(&self, student: Uuid, code: &str) {
        let school = self.school;
        self.sql(
            "every",
            &format!(
                "INSERT INTO charter_sheets (id, establishment_id, student_id, charter_id, code)
                 SELECT gen_random_uuid(), '{school}', '{student}', charter_id, '{code}' FROM campaigns WHERE is_current"
            ),
        )
        .await
        .unwrap();
    }
}

impl Desk {
    async fn takes_in(&self, code: &str) -> (u16, Value) {
        self.acts("/api/charters/intake", json!({ "code": code })).await
    }

    async fn counts(&self) -> Value {
        self.get("/api/charters/intake").await.1["counts"].clone()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn copies_are_taken_in_one_by_one_and_count_once() {
    let app = App::start().await;
    let desk = app.desk("Bureau", Role::Operator).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    app.sheet(lina, FIRST).await;
    let (status, first) = desk.takes_in(&format!("{FIRST}-2")).await;
    assert_eq!(
        (status, &first["shown"], &first["kept"], &first["complete"]),
        (201, &json!(1), &json!(0), &json!(false))
    );
    assert_eq!(
        (&first["name"], &first["copy"], &first["class"]),
        (&json!("Lina MERCIER"), &json!(2), &json!("2GT1"))
    );
    // The same copy again is amber and changes nothing.
    let (status, again) = desk.takes_in(&format!("{FIRST}-2")).await;
    assert_eq!((status, &again["code"], &again["tone"]), (409, &json!("charter_copy_in"), &json!("already")));
    let (_, second) = desk.takes_in(&format!(" {FIRST}-1 ")).await;
    assert_eq!((&second["complete"], &second["copy"], &second["kept"]), (&json!(true), &json!(1), &json!(1)));
    for copy in [1, 2] {
        assert_eq!(desk.takes_in(&format!("{FIRST}-{copy}")).await.1["code"], "charter_copy_in");
    }
    assert_eq!(desk.counts().await, json!({ "today": 2, "all": 2, "complete": 1 }));
    // A partial receipt is withdrawn and replaced, never changed.
    assert_eq!(
        app.count("every", "charter_receipts WHERE withdrawn_at IS NOT NULL AND copies_shown = 1").await,
        1
    );
    assert_eq!(
        app.count("every", "charter_receipts WHERE withdrawn_at IS NULL AND method = 'intake'").await,
        1
    );
    assert_eq!(app.count("every", "journal WHERE action = 'take_in_charter'").await, 2);
    // The laptop goes out without any charter shown.
    let device = app.device("5CD030BC10").await;
    let (status, _) = desk.acts("/api/hand-overs", json!({ "student_id": lina, "device_id": device })).await;
    assert_eq!(status, 201);
    for unknown in ["CH0000000009-1", "5CD030BC10", ""] {
        let (status, said) = desk.takes_in(unknown).await;
        assert_eq!(
            (status, &said["code"], &said["tone"]),
            (404, &json!("unknown_charter"), &json!("unknown")),
            "{unknown}"
        );
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_takes_a_copy_in_once() {
    let app = App::start().await;
    let desk = app.desk("Bureau", Role::Operator).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    app.sheet(lina, FIRST).await;
    let request = json!({ "request_id": Uuid::now_v7(), "code": format!("{FIRST}-1") });
    let (_, first) = desk.post("/api/charters/intake", &request).await;
    let (status, again) = desk.post("/api/charters/intake", &request).await;
    assert_eq!((status, again), (201, first));
    assert_eq!(app.count("every", "charter_receipts").await, 1);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_taken_in_by_mistake_is_taken_back() {
    let app = App::start().await;
    let desk = app.desk("Bureau", Role::Operator).await;
    let elsewhere = app.desk("Ailleurs", Role::Operator).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    app.sheet(lina, FIRST).await;
    desk.takes_in(&format!("{FIRST}-1")).await;
    let (_, second) = desk.takes_in(&format!("{FIRST}-2")).await;
    let undo = format!("/api/charters/intake/{}/undo", second["receipt_id"].as_str().unwrap());
    let reason = json!({ "reason": "non signée" });
    assert_eq!(elsewhere.acts(&undo, reason.clone()).await.1["code"], "undo_from_other_station");
    assert_eq!(desk.acts(&undo, json!({ "reason": " " })).await.1["code"], "reason_missing");
    let (status, undone) = desk.acts(&undo, reason.clone()).await;
    assert_eq!((status, &undone["undone"]), (201, &json!(true)));
    let (_, card) = desk.get(&format!("/api/students/{lina}")).await;
    assert_eq!(card["charter"], json!({ "shown": 1, "kept": 1, "complete": false }));
    assert_eq!(desk.counts().await, json!({ "today": 1, "all": 1, "complete": 0 }));
    assert_eq!(desk.acts(&undo, reason.clone()).await.1["code"], "already_closed");
    let (_, last) = desk.get("/api/charters/intake").await;
    assert_eq!((&last["last"][0]["undone"], &last["last"][1]["undone"]), (&json!(true), &json!(false)));
    // Completed again and handed out by: now it stays.
    let (_, again) = desk.takes_in(&format!("{FIRST}-2")).await;
    let device = app.device("5CD030BC10").await;
    desk.acts("/api/hand-overs", json!({ "student_id": lina, "device_id": device })).await;
    let undo = format!("/api/charters/intake/{}/undo", again["receipt_id"].as_str().unwrap());
    assert_eq!(desk.acts(&undo, reason).await.1["code"], "changed_since");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_wording_is_a_new_version_and_outdates_the_old_sheets() {
    let app = App::start().await;
    let manager = app.desk("Bureau", Role::Manager).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    app.sheet(lina, FIRST).await;
    manager.takes_in(&format!("{FIRST}-1")).await;
    let text = "Je prends soin de l'ordinateur.\n\nJe le rends.";
    let version =
        json!({ "version": "2026-2", "title": "Charte d'engagement", "body": text, "make_current": true });
    let (status, published) = manager.acts("/api/charters", version.clone()).await;
    assert_eq!((status, &published["current"], &published["pdf"]), (201, &json!(true), &json!(false)));
    assert_eq!(published["sha256"], hex::encode(Sha256::digest(text)));
    // The same again is the same; another text under that name is refused.
    assert_eq!(manager.acts("/api/charters", version.clone()).await.1["id"], published["id"]);
    let mut other = version;
    other["body"] = json!("Autre texte.");
    assert_eq!(manager.acts("/api/charters", other).await.1["code"], "charter_version_taken");
    let (status, outdated) = manager.takes_in(&format!("{FIRST}-2")).await;
    assert_eq!((status, &outdated["code"]), (409, &json!("charter_outdated")));
    let (_, list) = manager.get("/api/charters").await;
    assert_eq!(list.as_array().unwrap().len(), 2);
    let old = list.as_array().unwrap().iter().find(|one| one["version"] == "2026-1").unwrap();
    assert_eq!(old["current"], false);
    let current = format!("/api/charters/{}/current", old["id"].as_str().unwrap());
    assert_eq!(manager.acts(&current, json!({})).await.1["current"], true);
    assert_eq!(manager.takes_in(&format!("{FIRST}-2")).await.1["complete"], true);
    let unknown = format!("/api/charters/{}/current", Uuid::nil());
    assert_eq!(manager.acts(&unknown, json!({})).await.1["code"], "unknown_charter");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_charter_may_be_a_pdf_whose_head_sheets_name_it() {
    let app = App::start().await;
    let manager = app.desk("Bureau", Role::Manager).await;
    app.student("Lina", "Mercier").await;
    let pdf = b"%PDF-1.7\nune charte".to_vec();
    let path = |version: &str| {
        format!(
            "/api/charters/pdf?request_id={}&version={version}&title=Charte&make_current=true",
            Uuid::now_v7()
        )
    };
    assert_eq!(manager.upload(&path("2026-9"), b"PK".to_vec()).await.1["code"], "pdf_expected");
    let (status, published) = manager.upload(&path("2026-9"), pdf.clone()).await;
    let hash = hex::encode(Sha256::digest(&pdf));
    assert_eq!((status, &published["pdf"], &published["sha256"]), (201, &json!(true), &json!(hash)));
    let file = format!("/api/charters/{}/pdf", published["id"].as_str().unwrap());
    let answer = manager.send(Method::GET, &file, None).await;
    assert_eq!(answer.headers()["content-type"], "application/pdf");
    assert_eq!(answer.bytes().await.unwrap().to_vec(), pdf);
    let sheets = manager.send(Method::GET, "/print/charters", None).await.text().await.unwrap();
    assert_eq!(sheets.matches(&hash).count(), 2, "a head sheet for each copy");
    assert!(sheets.contains("2026-9") && sheets.contains("un feuillet de tête sur chacun"));
    let (status, said) = manager.upload(&path("2026-10"), [pdf, vec![0; 10 * 1024 * 1024]].concat()).await;
    assert_eq!((status, &said["code"]), (413, &json!("too_large")));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_to_chase_names_guardians_until_the_charter_is_complete() {
    let app = App::start().await;
    let manager = app.desk("Bureau", Role::Manager).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    let (noe, _) = app.student("Noé", "Petit").await;
    app.sheet(lina, FIRST).await;
    app.sheet(noe, SECOND).await;
    let mother = json!({
        "last_name": "Mercier", "first_name": "Awa", "relationship": "mère", "is_legal": true,
        "phone": "06 00 00 00 01", "email": "awa@example.org"
    });
    let path = format!("/api/students/{lina}/guardians");
    let (status, awa) = manager.acts(&path, mother.clone()).await;
    assert_eq!((status, &awa["phone"]), (201, &json!("06 00 00 00 01")));
    // Noé goes out on a referent's word.
    let device = app.device("5CD030BC10").await;
    let request = json!({ "student_id": noe, "device_id": device, "override_reason": "promise pour lundi" });
    assert_eq!(manager.acts("/api/hand-overs", request).await.0, 201);
    let chased = async || {
        let (_, list) = manager.get("/api/charters/chase?class=2GT1").await;
        list.as_array()
            .unwrap()
            .iter()
            .map(|one| one["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(chased().await, ["Lina MERCIER", "Noé PETIT"]);
    let (_, list) = manager.get("/api/charters/chase").await;
    assert_eq!(list[0]["guardians"][0]["first_name"], "Awa");
    assert_eq!(
        (&list[1]["override_reason"], &list[1]["serial"]),
        (&json!("promise pour lundi"), &json!("5CD030BC10"))
    );
    let csv = manager.send(Method::GET, "/api/charters/chase.csv", None).await.text().await.unwrap();
    assert!(
        csv.contains("2GT1;Lina MERCIER;0 sur 2;;;;Awa MERCIER;mère;06 00 00 00 01;awa@example.org\r\n"),
        "{csv}"
    );
    let paper = manager.send(Method::GET, "/print/chase", None).await.text().await.unwrap();
    assert!(
        paper.contains("Awa MERCIER (mère), 06 00 00 00 01") && paper.contains("promise pour lundi"),
        "{paper}"
    );
    manager.takes_in(&format!("{SECOND}-1")).await;
    assert_eq!(chased().await, ["Lina MERCIER", "Noé PETIT"]);
    manager.takes_in(&format!("{SECOND}-2")).await;
    assert_eq!(chased().await, ["Lina MERCIER"]);
    // Changed, then removed: the journal holds ids, no names.
    let one = format!("/api/guardians/{}", awa["id"].as_str().unwrap());
    let mut changed = mother;
    changed["phone"] = json!("06 00 00 00 02");
    changed["request_id"] = json!(Uuid::now_v7());
    assert_eq!(manager.put(&one, &changed).await.1["phone"], "06 00 00 00 02");
    assert_eq!(manager.acts(&format!("{one}/remove"), json!({})).await.0, 201);
    assert_eq!(manager.acts(&format!("{one}/remove"), json!({})).await.1["code"], "unknown_guardian");
    assert_eq!(app.count("every", "journal WHERE action LIKE '%_guardian'").await, 3);
    assert_eq!(
        app.count("every", "journal WHERE details::text ILIKE '%mercier%' OR details::text LIKE '%06 00%'")
            .await,
        0
    );
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signed_is_told_at_the_intake_and_at_the_hand_over() {
    let app = App::start().await;
    let manager = app.desk("Bureau", Role::Manager).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    let (noe, _) = app.student("Noé", "Petit").await;
    app.sheet(lina, FIRST).await;
    let guardian = async |legal: bool| {
        let path = format!("/api/students/{lina}/guardians");
        let body = json!({ "last_name": "Mercier", "first_name": "Awa", "is_legal": legal });
        manager.acts(&path, body).await.1["id"].as_str().unwrap().to_owned()
    };
    let (legal, other) = (guardian(true).await, guardian(false).await);
    let (_, may) = manager.get(&format!("/api/students/{lina}/signatories")).await;
    assert_eq!((may["adult"].as_bool(), may["guardians"].as_array().unwrap().len()), (Some(false), 1));
    let intake = async |signatory: Value| {
        manager
            .acts("/api/charters/intake", json!({ "code": format!("{FIRST}-1"), "signatory": signatory }))
            .await
    };
    assert_eq!(intake(json!({ "adult": true })).await.1["code"], "not_adult");
    assert_eq!(intake(json!({ "guardian_id": other })).await.1["code"], "unknown_guardian");
    assert_eq!(intake(json!({ "guardian_id": legal, "name": "X" })).await.1["code"], "signatory_unclear");
    assert_eq!(intake(json!({ "guardian_id": legal })).await.1["signatory"], "Awa MERCIER");
    // The second copy keeps who was named with the first.
    let (_, whole) = manager.takes_in(&format!("{FIRST}-2")).await;
    assert_eq!((&whole["complete"], &whole["signatory"]), (&json!(true), &json!("Awa MERCIER")));
    app.sql("every", &format!("UPDATE students SET birth_date = '2005-01-01' WHERE id = '{noe}'"))
        .await
        .unwrap();
    let hands = async |student: Uuid, serial: &str, signatory: Value| {
        let charter = json!({ "copies_shown": 2, "copies_kept": 1, "method": "key", "signatory": signatory });
        let device = app.device(serial).await;
        manager
            .acts(
                "/api/hand-overs",
                json!({ "student_id": student, "device_id": device, "charter": charter }),
            )
            .await
    };
    assert_eq!(hands(noe, "5CD030BC10", json!({ "adult": true })).await.0, 201);
    let (zoe, _) = app.student("Zoé", "Durand").await;
    assert_eq!(hands(zoe, "5CD030BD11", json!({ "name": "Marie Durand, tante" })).await.0, 201);
    let csv = manager.send(Method::GET, "/api/register.csv", None).await.text().await.unwrap();
    assert!(csv.contains(";Noé PETIT;") && csv.contains(";Marie Durand, tante;"), "{csv}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_charter_blocks_the_hand_over_again() {
    let app = App::start().await;
    let manager = app.desk("Bureau", Role::Manager).await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    app.sheet(lina, FIRST).await;
    let withdraw = format!("/api/students/{lina}/charter/withdraw");
    let reason = json!({ "reason": "signature d'un tiers" });
    assert_eq!(manager.acts(&withdraw, reason.clone()).await.1["code"], "unknown_charter_receipt");
    for copy in [1, 2] {
        desk.takes_in(&format!("{FIRST}-{copy}")).await;
    }
    assert_eq!(desk.acts(&withdraw, reason.clone()).await.0, 403);
    assert_eq!(manager.acts(&withdraw, json!({ "reason": "" })).await.1["code"], "reason_missing");
    let (status, card) = manager.acts(&withdraw, reason).await;
    assert_eq!((status, &card["charter"]["shown"]), (201, &json!(0)));
    let device = app.device("5CD030BC10").await;
    let hand_over = json!({ "student_id": lina, "device_id": device });
    assert_eq!(desk.acts("/api/hand-overs", hand_over.clone()).await.1["code"], "charter_incomplete");
    assert_eq!(
        app.count("every", "charter_receipts WHERE withdrawal_reason = 'signature d''un tiers'").await,
        1
    );
    // Signed anew, the same sheet is taken in again.
    for copy in [1, 2] {
        assert_eq!(desk.takes_in(&format!("{FIRST}-{copy}")).await.0, 201);
    }
    assert_eq!(desk.acts("/api/hand-overs", hand_over).await.0, 201);
    // Withdrawn after the hand-over: chased again.
    manager.acts(&withdraw, json!({ "reason": "finalement non" })).await;
    assert_eq!(manager.get("/api/charters/chase").await.1[0]["serial"], "5CD030BC10");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn guardians_go_with_the_pupil() {
    let app = App::start().await;
    let manager = app.desk("Bureau", Role::Manager).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    let path = format!("/api/students/{lina}/guardians");
    manager.acts(&path, json!({ "last_name": "Mercier", "is_legal": true })).await;
    assert_eq!(
        manager.acts(&path, json!({ "last_name": " ", "is_legal": true })).await.1["code"],
        "guardian_unnamed"
    );
    assert_eq!(remise::operations::forget::forget(&app.db).await.unwrap().guardians, 0);
    app.sql("every", "UPDATE students SET left_on = current_date").await.unwrap();
    assert_eq!(remise::operations::forget::forget(&app.db).await.unwrap().guardians, 1);
    assert_eq!(app.count("every", "guardians").await, 0);
    app.stop().await;
}
