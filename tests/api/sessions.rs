//! Who may call what.

use crate::harness::App;
use domain::roles::Role;
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

/// Routes that need somebody logged in; the public ones are health, openapi, establishments and log-in.
const GUARDED: &[(&str, &str)] = &[
    ("GET", "/api/session"),
    ("PUT", "/api/session/station"),
    ("GET", "/api/desk"),
    ("GET", "/api/classes"),
    ("POST", "/api/students/search"),
    ("GET", "/api/students/00000000-0000-0000-0000-000000000000"),
    ("POST", "/api/devices/search"),
    ("POST", "/api/badges"),
    ("POST", "/api/scans/resolve"),
    ("POST", "/api/scans/photo"),
    ("GET", "/api/scans/live"),
    ("POST", "/api/hand-overs"),
    ("GET", "/api/hand-overs"),
    ("GET", "/api/register.csv"),
    ("GET", "/api/register.xlsx"),
    ("GET", "/api/register/summary"),
    ("POST", "/api/hand-overs/00000000-0000-0000-0000-000000000000/undo"),
];

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_in_without_logging_in() {
    let app = App::start().await;
    let stranger = app.stranger();
    for (method, path) in GUARDED {
        let method: Method = method.parse().unwrap();
        let answer = stranger.send(method.clone(), path, None).await;
        assert_eq!(answer.status().as_u16(), 401, "{method} {path}");
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
    }
    let bad =
        json!({ "establishment_id": Uuid::from(app.school), "operator": "personne", "password": "faux" });
    assert_eq!(stranger.post("/api/session", &bad).await.1["code"], "wrong_credentials");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_region_hands_nothing_out() {
    let app = App::start().await;
    let region = app.desk("Région", Role::Region).await;
    assert_eq!(region.get("/api/session").await.1["establishment"], json!(null));
    assert_eq!(region.get("/api/desk").await.0, 403);
    let request = crate::harness::hand_over_request(Uuid::now_v7(), Uuid::nil(), Uuid::nil());
    assert_eq!(region.post("/api/hand-overs", &request).await.0, 403);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn logging_out_ends_the_session() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    assert_eq!(desk.send(Method::DELETE, "/api/session", None).await.status().as_u16(), 204);
    assert_eq!(desk.get("/api/desk").await.0, 401);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_told_so() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    assert_eq!(desk.post("/api/hand-overs", &json!({ "request_id": 7 })).await.0, 400);
    assert_eq!(desk.get("/api/students/lina").await.0, 404);
    assert_eq!(desk.get("/api/nothing").await.0, 404);
    assert_eq!(
        desk.put("/api/session/station", &json!({ "name": " " })).await.1["code"],
        "station_name_missing"
    );
    let unknown = crate::harness::hand_over_request(Uuid::now_v7(), Uuid::nil(), Uuid::nil());
    assert_eq!(desk.post("/api/hand-overs", &unknown).await.1["code"], "unknown_device");
    app.stop().await;
}
