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
    app.sql("every", "UPDATE loans SET opened_at = opened_at - interval '16 minutes'").await.unwrap();
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
    assert_eq!(desk.post("/api/badges", &learn(noe, "5cd030bc10")).await.1["code"], "badge_not_opaque");
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
