//! Who may call what.

use crate::harness::App;
use domain::roles::Role;
use remise::operations::forget::forget;
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

/// The routes that need nobody logged in.
const PUBLIC: &[(&str, &str)] = &[
    ("GET", "/api/health"),
    ("GET", "/api/establishments"),
    ("POST", "/api/session"),
    ("DELETE", "/api/session"),
];

/// Every route of the service's own document, as `(method, path)`.
async fn routes(app: &App) -> Vec<(String, String)> {
    let (_, document) = app.stranger().get("/api/openapi.json").await;
    let mut routes = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let path: String = path
            .split('/')
            .map(|part| match part.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
                Some(("number", rest)) => format!("1{rest}"),
                Some((_, rest)) => format!("00000000-0000-0000-0000-000000000000{rest}"),
                None => part.to_owned(),
            })
            .collect::<Vec<_>>()
            .join("/");
        routes
            .extend(methods.as_object().unwrap().keys().map(|method| (method.to_uppercase(), path.clone())));
    }
    // Of the camera's socket the document says nothing.
    routes.push(("GET".into(), "/api/scans/live".into()));
    routes
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_in_without_logging_in() {
    let app = App::start().await;
    let stranger = app.stranger();
    let mut guarded = 0;
    for (method, path) in routes(&app).await {
        if PUBLIC.contains(&(method.as_str(), path.as_str())) {
            continue;
        }
        let answer = stranger.send(method.parse().unwrap(), &path, None).await;
        assert_eq!(answer.status().as_u16(), 401, "{method} {path}");
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
        guarded += 1;
    }
    assert!(guarded > 60, "{guarded}");
    let bad =
        json!({ "establishment_id": Uuid::from(app.school), "operator": "personne", "password": "faux" });
    assert_eq!(stranger.post("/api/session", &bad).await.1["code"], "wrong_credentials");
    app.stop().await;
}

/// What the document does not tell is not there: a route that were left out of it would be unguarded here.
#[test]
fn every_route_is_in_the_document() {
    use utoipa::OpenApi;
    let table = include_str!("../../src/http/mod.rs");
    let listed = table.matches(".route(").count();
    let document = serde_json::to_value(remise::http::openapi::Document::openapi()).unwrap();
    let told: usize =
        document["paths"].as_object().unwrap().values().map(|of| of.as_object().unwrap().len()).sum();
    // The document itself and the camera's socket are in the table only.
    assert_eq!(told + 2, listed);
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

#[tokio::test(flavor = "multi_thread")]
async fn wrong_passwords_in_a_row_make_the_next_one_wait() {
    let app = App::start().await;
    app.desk("Poste 1", Role::Operator).await;
    let stranger = app.stranger();
    let try_in = async |name: &str, password: &str| {
        let credentials = json!({
            "establishment_id": Uuid::from(app.school), "operator": name, "password": password
        });
        let (status, said) = stranger.post("/api/session", &credentials).await;
        let wait = said["remedy"].as_str().unwrap_or("").split(' ').find_map(|word| word.parse().ok());
        (status, said["code"].as_str().unwrap_or("").to_owned(), wait.unwrap_or(0))
    };
    let name = "operator Poste 1";
    // A right password in between sets the count back.
    for _ in 0..2 {
        for _ in 0..4 {
            assert_eq!(try_in(name, "faux").await.0, 401);
        }
        assert_eq!(try_in(name, "motdepasse").await.0, 200);
    }
    for _ in 0..5 {
        assert_eq!(try_in(name, "faux").await.1, "wrong_credentials");
    }
    let (status, code, seconds) = try_in(&name.to_uppercase(), "motdepasse").await;
    assert_eq!((status, code.as_str()), (429, "too_many_attempts"));
    assert!((1..=5).contains(&seconds), "{seconds}");
    // Another name is not held up, and the count of a name nobody has is kept like any other.
    for _ in 0..5 {
        assert_eq!(try_in("personne", "faux").await.0, 401);
    }
    assert_eq!(try_in("personne", "faux").await.0, 429);
    app.desk("Poste 2", Role::Operator).await;
    // The wait over, one more wrong password doubles it; the right one ends it.
    let later = "UPDATE login_attempts SET last_at = last_at - interval '6 seconds'";
    app.sql("every", later).await.unwrap();
    assert_eq!(try_in(name, "faux").await.0, 401);
    assert!((6..=10).contains(&try_in(name, "motdepasse").await.2));
    app.sql("every", "UPDATE login_attempts SET last_at = last_at - interval '11 seconds'").await.unwrap();
    assert_eq!(try_in(name, "motdepasse").await.0, 200);
    // Neither name nor address is in the table, and an hour later nothing is.
    assert_eq!(app.count("every", "login_attempts t WHERE t::text ILIKE '%personne%'").await, 0);
    app.sql("every", "UPDATE login_attempts SET last_at = now() - interval '61 minutes'").await.unwrap();
    assert_eq!(forget(&app.db).await.unwrap().login_attempts, 1);
    assert_eq!(app.count("every", "login_attempts").await, 0);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_at_once_are_held_up_too() {
    let app = App::start().await;
    let mut guesses = Vec::new();
    for _ in 0..40 {
        let stranger = app.stranger();
        let credentials = json!({
            "establishment_id": Uuid::from(app.school), "operator": "accueil", "password": "faux"
        });
        guesses.push(tokio::spawn(async move { stranger.post("/api/session", &credentials).await.0 }));
    }
    let mut tried = 0;
    for guess in guesses {
        match guess.await.unwrap() {
            401 => tried += 1,
            status => assert_eq!(status, 429),
        }
    }
    // Two are hashed at a time: the sixth may have been let in beside the fifth.
    assert!((5..=6).contains(&tried), "{tried}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stored_answers_are_forgotten_after_their_days() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    let (noe, _) = app.student("Noé", "Petit").await;
    let device = app.device("5CD030BC10").await;
    assert_eq!(desk.hands(lina, device).await.0, 201);
    // This refusal tells who holds the laptop.
    assert_eq!(desk.hands(noe, device).await.0, 409);
    assert_eq!(app.count("every", "answers WHERE body::text LIKE '%MERCIER%'").await, 2);
    let older = async |days: &str| {
        app.sql("every", &format!("UPDATE answers SET created_at = now() - interval '{days}'"))
            .await
            .unwrap();
        forget(&app.db).await.unwrap().answers
    };
    assert_eq!(older("6 days 23 hours").await, 0);
    app.sql("every", "UPDATE establishments SET answers_kept_days = 14").await.unwrap();
    assert_eq!(older("13 days").await, 0);
    app.sql("every", "UPDATE establishments SET answers_kept_days = 7").await.unwrap();
    assert_eq!(older("7 days 1 hour").await, 2);
    assert_eq!(app.count("every", "answers").await, 0);
    // The loan and its journal stay.
    assert_eq!(app.count("every", "loans").await, 1);
    app.stop().await;
}
