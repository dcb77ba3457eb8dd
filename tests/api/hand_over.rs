//! The hand-over and its undoing.

use crate::harness::{App, hand_over_request};
use domain::roles::Role;
use serde_json::json;
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread")]
async fn a_laptop_comes_into_a_pupils_hands() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let (lina, badge) = app.student("Lina", "Mercier").await;
    let device = app.device("5CD030BC10").await;

    let (_, scans) = desk
        .post("/api/scans/resolve", &json!({ "codes": [badge, "5cd030bc10", "9ZZ99EA#ABF", "XYZ99"] }))
        .await;
    let standings: Vec<_> = scans["resolutions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| (r["standing"].clone(), r["meaning"].clone()))
        .collect();
    assert_eq!(
        json!(standings),
        json!([["known", "student"], ["known", "device"], ["not_ours", "part_number"], ["unknown", "other"]])
    );

    let (status, done) = desk.hands(lina, device).await;
    assert_eq!(status, 201, "{done}");
    assert_eq!(done["student"]["name"], "Lina MERCIER");
    assert_eq!(done["device"]["serial"], "5CD030BC10");
    assert_eq!(done["kit"], json!(["Chargeur", "Housse"]));
    assert_eq!(desk.get("/api/hand-overs").await.1[0]["loan_id"], done["loan_id"]);
    let (_, card) = desk.get(&format!("/api/students/{lina}")).await;
    assert_eq!(card["allocation"]["serial"], "5CD030BC10");
    assert_eq!(card["charter"]["complete"], true);
    let (_, classes) = desk.get("/api/classes").await;
    assert_eq!((&classes[0]["entitled"], &classes[0]["equipped"]), (&json!(1), &json!(1)));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn already_has_three_answers() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    let (noe, _) = app.student("Noé", "Petit").await;
    let (first, second) = (app.device("5CD030BC10").await, app.device("5CD030BD11").await);
    let request = hand_over_request(Uuid::now_v7(), lina, first);
    let (_, done) = desk.post("/api/hand-overs", &request).await;
    assert_eq!(desk.post("/api/hand-overs", &request).await, (201, done));

    let (status, again) = desk.hands(lina, first).await;
    assert_eq!(
        (status, &again["code"], &again["tone"]),
        (409, &json!("already_handed_over"), &json!("already"))
    );
    let (status, other) = desk.hands(noe, first).await;
    assert_eq!(
        (status, &other["code"], &other["tone"]),
        (409, &json!("held_by_someone_else"), &json!("refused"))
    );
    assert!(other["detail"].as_str().unwrap().contains("Lina MERCIER (2GT1)"), "{other}");
    let (status, equipped) = desk.hands(lina, second).await;
    assert_eq!((status, &equipped["code"]), (409, &json!("student_already_equipped")));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_charter_only_a_manager_hands_over() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let manager = app.desk("Bureau", Role::Manager).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    let device = app.device("5CD030BC10").await;
    let bare = |reason: Option<&str>| json!({ "request_id": Uuid::now_v7(), "student_id": lina, "device_id": device, "charter": null, "override_reason": reason });
    assert_eq!(desk.post("/api/hand-overs", &bare(None)).await.1["code"], "charter_incomplete");
    assert_eq!(desk.post("/api/hand-overs", &bare(Some("oubliée"))).await.1["code"], "override_not_allowed");
    assert_eq!(manager.post("/api/hand-overs", &bare(Some(" "))).await.1["code"], "reason_missing");
    assert_eq!(manager.post("/api/hand-overs", &bare(Some("oubliée"))).await.0, 201);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_scan_is_undone_from_its_own_station() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let other = app.desk("Poste 2", Role::Operator).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    let device = app.device("5CD030BC10").await;
    let (_, done) = desk.hands(lina, device).await;
    let path = format!("/api/hand-overs/{}/undo", done["loan_id"].as_str().unwrap());
    let undo = |reason: &str| json!({ "request_id": Uuid::now_v7(), "reason": reason });
    assert_eq!(other.post(&path, &undo("erreur")).await.1["code"], "undo_from_other_station");
    assert_eq!(desk.post(&path, &undo(" ")).await.1["code"], "reason_missing");
    let request = undo("mauvais ordinateur");
    let (status, undone) = desk.post(&path, &request).await;
    assert_eq!((status, &undone["undone"]), (200, &json!(true)));
    assert_eq!(desk.post(&path, &request).await, (200, undone));
    assert_eq!(desk.post(&path, &undo("encore")).await.1["code"], "already_closed");

    // The copies shown for the wrong pupil went with it, and the laptop is back in stock.
    let (_, card) = desk.get(&format!("/api/students/{lina}")).await;
    assert_eq!((&card["charter"]["complete"], &card["allocation"]), (&json!(false), &json!(null)));
    assert_eq!(desk.hands(lina, device).await.0, 201);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn undo_ends_after_fifteen_minutes() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    let device = app.device("5CD030BC10").await;
    let (_, done) = desk.hands(lina, device).await;
    // What was signed is frozen, the moment too: only the superuser turns the clock back.
    let back = "SET session_replication_role = replica; UPDATE loans SET opened_at = opened_at - interval '16 minutes'";
    app.admin_sql(back).await;
    let path = format!("/api/hand-overs/{}/undo", done["loan_id"].as_str().unwrap());
    let (status, late) = desk.post(&path, &json!({ "request_id": Uuid::now_v7(), "reason": "erreur" })).await;
    assert_eq!((status, &late["code"]), (409, &json!("undo_too_late")));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sixteen_stations_claim_one_laptop() {
    let app = App::start().await;
    let device = app.device("5CD030BC10").await;
    let mut claims = Vec::new();
    for i in 0..16 {
        let desk = app.desk(&format!("Poste {i}"), Role::Operator).await;
        let (student, _) = app.student(&format!("Élève{i}"), "Essai").await;
        claims.push(tokio::spawn(async move { desk.hands(student, device).await }));
    }
    let (mut done, mut refused) = (0, 0);
    for claim in claims {
        match claim.await.unwrap() {
            (201, _) => done += 1,
            (409, body) => {
                assert_eq!(body["code"], "held_by_someone_else");
                refused += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((done, refused), (1, 15));
    assert_eq!(app.count("every", "loans WHERE closed_at IS NULL").await, 1);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sixteen_laptops_for_one_pupil() {
    let app = App::start().await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    let mut claims = Vec::new();
    for i in 0..16 {
        let desk = app.desk(&format!("Poste {i}"), Role::Operator).await;
        let device = app.device(&format!("5CD030BC{i:02}")).await;
        claims.push(tokio::spawn(async move { desk.hands(lina, device).await }));
    }
    let (mut done, mut refused) = (0, 0);
    for claim in claims {
        match claim.await.unwrap() {
            (201, _) => done += 1,
            (409, body) => {
                assert_eq!(body["code"], "student_already_equipped");
                refused += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((done, refused), (1, 15));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_id_a_hundred_times_is_one_loan() {
    let app = App::start().await;
    let desk = std::sync::Arc::new(app.desk("Poste 1", Role::Operator).await);
    let (lina, _) = app.student("Lina", "Mercier").await;
    let device = app.device("5CD030BC10").await;
    let request = hand_over_request(Uuid::now_v7(), lina, device);
    let sendings: Vec<_> = (0..100)
        .map(|_| {
            let (desk, request) = (desk.clone(), request.clone());
            tokio::spawn(async move { desk.post("/api/hand-overs", &request).await })
        })
        .collect();
    let mut answers = Vec::new();
    for sending in sendings {
        answers.push(sending.await.unwrap());
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!(answers[0].0, 201);
    assert_eq!(app.count("every", "loans").await, 1);
    assert_eq!(app.count("every", "journal WHERE action = 'hand_over'").await, 1);

    let mut other = request;
    other["charter"]["copies_shown"] = json!(1);
    assert_eq!(desk.post("/api/hand-overs", &other).await.1["code"], "request_reused");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_badge_is_learnt_by_one_scan() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    let (noe, _) = app.student("Noé", "Petit").await;
    app.device("5CD030BC10").await;
    let learn = |student: Uuid, code: &str| json!({ "request_id": Uuid::now_v7(), "student_id": student, "code": code });
    assert_eq!(desk.post("/api/badges", &learn(lina, "CANTINE-4711")).await.1["id"], json!(lina));
    let (_, scans) = desk.post("/api/scans/resolve", &json!({ "codes": ["CANTINE-4711"] })).await;
    assert_eq!(scans["resolutions"][0]["student"]["id"], json!(lina));
    assert_eq!(desk.post("/api/badges", &learn(noe, "CANTINE-4711")).await.1["code"], "badge_taken");
    for code in [
        "5cd030bc10",
        "5CD999ZZ99",
        "9ZZ99EA#ABF",
        "02:00:00:00:00:AB",
        "CH0123456789-1",
        "4006381333931",
        "96385074",
    ] {
        let (status, said) = desk.post("/api/badges", &learn(noe, code)).await;
        assert_eq!((status, &said["code"]), (422, &json!("badge_not_opaque")), "{code}");
    }
    // What has a maker's shape is a card, unless the school has that maker's laptops.
    assert_eq!(desk.post("/api/badges", &learn(noe, "3329064367")).await.0, 200);
    app.sql("every", "UPDATE device_models SET manufacturer = 'Dell'").await.unwrap();
    assert_eq!(desk.post("/api/badges", &learn(noe, "3329064368")).await.1["code"], "badge_not_opaque");
    assert_eq!(desk.post("/api/badges", &learn(noe, "1S20ZZS00100PF0FAKE1")).await.0, 200);
    app.sql("every", "UPDATE device_models SET manufacturer = 'Lenovo'").await.unwrap();
    assert_eq!(
        desk.post("/api/badges", &learn(noe, "1S20ZZS00100PF0FAKE2")).await.1["code"],
        "badge_not_opaque"
    );
    let (_, said) = desk.post("/api/badges", &learn(noe, "x")).await;
    assert_eq!(
        said["detail"],
        "Le code lu n'est pas celui d'un badge : il faut un code de 3 à 128 caractères."
    );
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_badge_learnt_for_the_wrong_pupil_is_taken_back() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let (lina, printed) = app.student("Lina", "Mercier").await;
    let (noe, _) = app.student("Noé", "Petit").await;
    let at = "2026-09-01T08:00:00Z";
    let asked = |student: Uuid, code: &str| json!({ "request_id": Uuid::now_v7(), "student_id": student, "code": code, "desk_at": at });
    let code = "CANTINE-4711";
    assert_eq!(desk.post("/api/badges", &asked(lina, code)).await.0, 200);
    for (wrong, said) in [
        (asked(noe, code), "unknown_badge"),
        (asked(lina, "CANTINE-4712"), "unknown_badge"),
        (asked(lina, &printed), "badge_printed"),
    ] {
        assert_eq!(desk.post("/api/badges/forget", &wrong).await.1["code"], said);
    }
    let request = asked(lina, code);
    let first = desk.post("/api/badges/forget", &request).await;
    assert_eq!((first.0, &first.1["id"]), (200, &json!(lina)));
    assert_eq!(desk.post("/api/badges/forget", &request).await, first);
    let (_, scans) = desk.post("/api/scans/resolve", &json!({ "codes": [code] })).await;
    assert_eq!(scans["resolutions"][0]["standing"], "unknown");
    assert_eq!(desk.post("/api/badges", &asked(noe, code)).await.1["id"], json!(noe));
    assert_eq!(desk.post("/api/badges/forget", &asked(lina, code)).await.1["code"], "unknown_badge");
    for (action, times) in [("learn_badge", 2), ("forget_badge", 1)] {
        let entries = format!(
            "journal JOIN badges b ON b.id = (details->>'badge_id')::uuid
             WHERE action = '{action}' AND desk_at = '{at}' AND b.student_id = journal.student_id"
        );
        assert_eq!(app.count("every", &entries).await, times, "{action}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undo_puts_the_charter_back_as_it_was() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    let device = app.device("5CD030BC10").await;
    let school = app.school;
    app.sql(
        "every",
        &format!(
            "INSERT INTO charter_receipts (id, establishment_id, student_id, charter_id, copies_shown, copies_kept, method)
             SELECT gen_random_uuid(), '{school}', '{lina}', id, 1, 1, 'intake' FROM charters"
        ),
    )
    .await
    .unwrap();
    let before = app.fingerprint("charter_receipts").await;
    for _ in 0..2 {
        let (_, done) = desk.hands(lina, device).await;
        let path = format!("/api/hand-overs/{}/undo", done["loan_id"].as_str().unwrap());
        let undo =
            json!({ "request_id": Uuid::now_v7(), "reason": "erreur", "desk_at": "2026-09-01T08:00:00Z" });
        assert_eq!(desk.post(&path, &undo).await.0, 200);
        let (_, card) = desk.get(&format!("/api/students/{lina}")).await;
        assert_eq!(card["charter"], json!({ "shown": 1, "kept": 1, "complete": false }));
    }
    app.admin_sql("DELETE FROM loans; DELETE FROM charter_receipts WHERE replaces IS NOT NULL").await;
    assert_eq!(app.fingerprint("charter_receipts").await, before);
    let told = "journal WHERE action = 'undo_hand_over' AND desk_at = '2026-09-01T08:00:00Z'
                AND details->>'receipt_restored' IS NOT NULL";
    assert_eq!(app.count("every", told).await, 2);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_tells_since_when_the_file_names_the_pupil_no_more() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    let path = format!("/api/students/{lina}");
    assert_eq!(desk.get(&path).await.1["missing_since"], json!(null));
    app.sql("every", "UPDATE students SET missing_since = '2026-09-07 23:30+00'").await.unwrap();
    assert_eq!(desk.get(&path).await.1["missing_since"], "2026-09-08");
    // It decides nothing.
    assert_eq!(desk.hands(lina, app.device("5CD030BC10").await).await.0, 201);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_found_without_accents() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    app.student("Maël-Noé", "Œstrange").await;
    app.student("Lina", "Mercier").await;
    for query in ["oestr", "mael", "noe OEST", "Maël"] {
        let (_, found) = desk.post("/api/students/search", &json!({ "query": query })).await;
        assert_eq!(
            (&found["total"], &found["students"][0]["first_name"]),
            (&json!(1), &json!("Maël-Noé")),
            "{query}"
        );
    }
    assert_eq!(desk.post("/api/students/search", &json!({ "query": "%" })).await.1["total"], 2);
    assert_eq!(desk.post("/api/students/search", &json!({ "query": "zzz" })).await.1["total"], 0);
    app.stop().await;
}
