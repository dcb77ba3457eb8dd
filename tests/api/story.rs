//! The story of a pupil and of a laptop, told from the journal.

use crate::harness::App;
use domain::roles::Role;
use serde_json::{Value, json};
use uuid::Uuid;

fn sentences(story: &Value) -> Vec<&str> {
    story["entries"].as_array().unwrap().iter().map(|entry| entry["sentence"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn both_sides_tell_a_hand_over_and_its_undoing() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    let device = app.device("5CD030BC10").await;
    let (_, wrong) = desk.hands(lina, device).await;
    let undo = format!("/api/hand-overs/{}/undo", wrong["loan_id"].as_str().unwrap());
    let reason = json!({ "request_id": Uuid::now_v7(), "reason": "mauvais badge" });
    assert_eq!(desk.post(&undo, &reason).await.0, 200);
    assert_eq!(desk.hands(lina, device).await.0, 201);

    let (status, pupil) = desk.get(&format!("/api/students/{lina}/story")).await;
    assert_eq!(status, 200, "{pupil}");
    assert_eq!(
        sentences(&pupil),
        ["Remis 5CD030BC10", "Annulé : remis 5CD030BC10 (désormais en stock)", "Remis 5CD030BC10"]
    );
    assert_eq!(pupil["student"]["name"], "Lina MERCIER");
    let entries = pupil["entries"].as_array().unwrap();
    assert_eq!((&entries[0]["undone"], &entries[2]["undone"]), (&json!(false), &json!(true)));
    assert_eq!((&entries[1]["reason"], &entries[1]["station"]), (&json!("mauvais badge"), &json!("Poste 1")));
    assert_eq!(entries[0]["loan"]["charter"], "2026-1");
    assert_eq!(entries[0]["loan"]["kit"], json!(["Chargeur", "Housse"]));
    assert_eq!(entries[0]["device"]["id"], json!(device));
    assert_eq!(pupil["before"], Value::Null);

    let (_, laptop) = desk.get(&format!("/api/devices/{device}/story")).await;
    assert_eq!(sentences(&laptop)[0], "Remis à Lina MERCIER");
    assert_eq!(laptop["entries"][0]["student"]["id"], json!(lina));
    assert_eq!(laptop["entries"][0]["sentence_english"], "Handed over to Lina MERCIER");
    for path in
        [format!("/api/students/{}/story", Uuid::nil()), format!("/api/devices/{}/story", Uuid::nil())]
    {
        assert_eq!(desk.get(&path).await.0, 404, "{path}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_incident_a_repair_and_its_cost_stand_in_the_story() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    let device = app.device("5CD030BC10").await;
    assert_eq!(desk.hands(lina, device).await.0, 201);
    let (school, act, incident, photo, repair) =
        (app.school, Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
    app.sql(
        &school.to_string(),
        &format!(
            "INSERT INTO acts (id, establishment_id, kind, done_by, station_id, student_id)
             SELECT '{act}', '{school}', 'report_incident', opened_by, opened_at_station, student_id FROM loans;
             INSERT INTO incidents (id, establishment_id, kind, device_id, student_id, loan_id, act_id, reported_by, symptoms, description)
             SELECT '{incident}', '{school}', 'breakage', device_id, student_id, id, '{act}', opened_by, '{{screen}}', 'tombé' FROM loans;
             INSERT INTO incident_photos (id, establishment_id, incident_id, media_type, content)
             VALUES ('{photo}', '{school}', '{incident}', 'image/jpeg', '');
             INSERT INTO repairs (id, establishment_id, device_id, incident_id, closed_at, outcome, diagnosis, under_warranty, cost_cents)
             VALUES ('{repair}', '{school}', '{device}', '{incident}', now(), 'repaired', 'dalle changée', false, 8900);
             INSERT INTO journal (establishment_id, operator_id, station_id, action, student_id, device_id, loan_id, details)
             SELECT '{school}', opened_by, opened_at_station, 'report_incident', student_id, device_id, id,
                    '{{\"act_id\": \"{act}\", \"incident\": \"breakage\", \"move\": \"break\", \"from\": \"lent\", \"to\": \"awaiting_repair\"}}'
             FROM loans;
             INSERT INTO journal (establishment_id, operator_id, station_id, action, device_id, details)
             SELECT '{school}', opened_by, opened_at_station, 'come_back', device_id,
                    '{{\"repair_id\": \"{repair}\", \"move\": \"come_back\", \"from\": \"in_repair\", \"to\": \"repaired\"}}' FROM loans"
        ),
    )
    .await
    .unwrap();
    let (_, laptop) = desk.get(&format!("/api/devices/{device}/story")).await;
    assert_eq!(
        sentences(&laptop),
        [
            "Retour de SAV (désormais revenu de réparation)",
            "Déclaré en casse (désormais en attente de réparation)",
            "Remis à Lina MERCIER",
        ]
    );
    let entries = laptop["entries"].as_array().unwrap();
    assert_eq!(entries[0]["repair"], json!({ "end": "réparé, 89,00 €", "diagnosis": "dalle changée" }));
    let told = &entries[1]["incident"];
    assert_eq!((&told["symptoms"], &told["photos"]), (&json!(["écran"]), &json!([photo])));
    let (_, pupil) = desk.get(&format!("/api/students/{lina}/story")).await;
    assert_eq!(sentences(&pupil)[0], "5CD030BC10 déclaré en casse (désormais en attente de réparation)");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_story_comes_in_pages() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let device = app.device("5CD030BC10").await;
    let school = app.school;
    app.sql(
        &school.to_string(),
        &format!(
            "INSERT INTO journal (establishment_id, action, device_id)
             SELECT '{school}', 'set_aside', '{device}' FROM generate_series(1, 70)"
        ),
    )
    .await
    .unwrap();
    let (_, first) = desk.get(&format!("/api/devices/{device}/story")).await;
    assert_eq!(sentences(&first).len(), 50);
    let (_, second) = desk.get(&format!("/api/devices/{device}/story?before={}", first["before"])).await;
    assert_eq!((sentences(&second).len(), &second["before"]), (20, &Value::Null));
    app.stop().await;
}
