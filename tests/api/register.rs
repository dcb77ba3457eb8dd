//! The register that the Région gets.

use crate::harness::App;
use domain::roles::Role;
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread")]
async fn the_register_tells_who_holds_what() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let (lina, _) = app.student("Lina", "=Mercier").await;
    let (noe, _) = app.student("Noé", "Petit").await;
    let (first, second) = (app.device("5CD030BC10").await, app.device("5CD030BD11").await);
    assert_eq!(desk.hands(lina, first).await.0, 201);
    let (_, wrong) = desk.hands(noe, second).await;
    let undo = format!("/api/hand-overs/{}/undo", wrong["loan_id"].as_str().unwrap());
    assert_eq!(desk.post(&undo, &json!({ "request_id": Uuid::now_v7(), "reason": "erreur" })).await.0, 200);

    let manager = app.desk("Bureau", Role::Manager).await;
    let region = app.desk("Région", Role::Region).await;
    for (reader, path) in
        [(&manager, "/api/register.csv"), (&region, "/api/register.csv?establishment=0579999J")]
    {
        let answer = reader.send(Method::GET, path, None).await;
        assert_eq!(answer.headers()["content-type"], "text/csv; charset=utf-8");
        let text = String::from_utf8(answer.bytes().await.unwrap().to_vec()).unwrap();
        let lines: Vec<_> = text.strip_prefix('\u{feff}').unwrap().split_terminator("\r\n").collect();
        assert_eq!(lines.len(), 2, "{text}");
        assert!(lines[1].starts_with("0579999J;Lycée Jeanne-des-Bois;"), "{text}");
        assert!(
            lines[1].contains(";'=Mercier;Lina;;2GT1;20010018110;lycée;5CD030BC10;9ZZ99EA#ABF;"),
            "{text}"
        );
        assert!(
            lines[1].contains(";\"Chargeur, Housse\";2 exemplaires;")
                || lines[1].contains(";Chargeur, Housse;2 exemplaires;"),
            "{text}"
        );
    }
    let rows = async |query: &str| {
        let answer = manager.send(Method::GET, &format!("/api/register.csv?{query}"), None).await;
        answer.text().await.unwrap().lines().count() - 1
    };
    assert_eq!(rows("state=open").await, 1);
    assert_eq!(rows("state=closed").await, 0);
    assert_eq!(rows("class=2GT1").await, 1);
    assert_eq!(rows("class=TG9").await, 0);
    assert_eq!(rows("from=2020-01-01&to=2020-12-31").await, 0);
    assert_eq!(manager.get("/api/register.csv?state=odd").await.0, 400);
    assert_eq!(manager.get("/api/register.csv?from=hier").await.0, 400);
    assert_eq!(region.get("/api/register.csv").await.0, 400);
    assert_eq!(desk.get("/api/register.csv").await.0, 403);
    app.stop().await;
}
