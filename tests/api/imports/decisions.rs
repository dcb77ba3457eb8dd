//! Applying and discarding: once, by whom it may, and never what was not shown.

use super::{counts, list};
use crate::harness::{App, open};
use domain::roles::Role;
use remise::operations::forget::forget;
use serde_json::json;
use uuid::Uuid;

const LINA: super::Pupil = ("1", "Mercier", "Lina", "2GT1");

#[tokio::test(flavor = "multi_thread")]
async fn an_import_is_decided_once() {
    let app = App::start().await;
    let desk = app.desk("Bureau", Role::Manager).await;
    let staged = desk.import("a.xml", list("01/09/2026 08:00:00", &[LINA])).await;
    let (first, second) = tokio::join!(desk.decide(&staged, "apply"), desk.decide(&staged, "apply"));
    let mut answers = [first.0, second.0];
    answers.sort_unstable();
    assert_eq!(answers, [200, 409], "{first:?} {second:?}");
    for decision in ["apply", "discard"] {
        let (status, problem) = desk.decide(&staged, decision).await;
        assert_eq!((status, &problem["code"]), (409, &json!("import_not_staged")));
    }
    let discarded = desk.import("a.xml", list("01/09/2026 08:00:00", &[LINA])).await;
    assert_eq!(desk.decide(&discarded, "discard").await.1["state"], "discarded");
    assert_eq!(desk.decide(&discarded, "apply").await.0, 409);
    assert_eq!(app.count("every", "journal WHERE action = 'import_students'").await, 1);

    let (_, all) = desk.get("/api/imports").await;
    let states: Vec<_> = all.as_array().unwrap().iter().map(|import| import["state"].clone()).collect();
    assert_eq!(states, [json!("discarded"), json!("applied")]);
    assert_eq!(all[1]["report"]["counts"]["added"], 1);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_changed_since_is_shown_again_first() {
    let app = App::start().await;
    let desk = app.desk("Bureau", Role::Manager).await;
    let staged = desk.import("a.xml", list("01/09/2026 08:00:00", &[LINA])).await;
    assert_eq!(counts(&staged), [1, 1, 0, 0, 0, 0, 0]);
    app.student("Noé", "Petit").await;
    let (status, problem) = desk.decide(&staged, "apply").await;
    assert_eq!((status, &problem["code"]), (409, &json!("import_outdated")));
    assert_eq!(app.count("every", "students").await, 1);
    let shown = desk.read_to_the_end(&staged).await;
    assert_eq!((&shown["state"], counts(&shown)), (&json!("staged"), [1, 1, 0, 0, 1, 0, 0]));
    assert_eq!(desk.decide(&staged, "apply").await.0, 200);
    assert_eq!(app.count("every", "students WHERE missing_since IS NOT NULL").await, 1);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_manages_the_school_sees_and_decides() {
    let app = App::start().await;
    let desk = app.desk("Bureau", Role::Manager).await;
    let staged = desk.import("a.xml", list("01/09/2026 08:00:00", &[LINA])).await;
    for role in [Role::Operator, Role::Region] {
        let other = app.desk("Poste 2", role).await;
        assert_eq!(other.send_file("a.xml", "x").await.0, 403);
        assert_eq!(other.get("/api/imports").await.0, 403);
        assert_eq!(other.decide(&staged, "apply").await.0, 403);
    }
    let neighbour = open(&app.db, "0570001S", "Lycée voisin").await;
    let next_door = app.desk_of(neighbour, "Bureau", Role::Manager).await;
    assert_eq!(next_door.decide(&staged, "apply").await.0, 404);
    assert_eq!(next_door.get("/api/imports").await.1, json!([]));
    let theirs = next_door.import("a.xml", list("01/09/2026 08:00:00", &[LINA])).await;
    assert_eq!(theirs["refusal"]["code"], "wrong_school");
    assert_eq!(desk.get(&format!("/api/imports/{}", Uuid::now_v7())).await.0, 404);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_else_is_applying_is_seen() {
    let app = App::start().await;
    let desk = app.desk("Bureau", Role::Manager).await;
    let staged = desk.import("a.xml", list("01/09/2026 08:00:00", &[LINA])).await;
    let id = staged["id"].as_str().unwrap();
    let held = app.hold(&format!("SELECT pg_advisory_xact_lock(hashtextextended('apply {id}', 0))")).await;
    assert_eq!(desk.read_to_the_end(&staged).await["state"], "applying");
    drop(held);
    while desk.read_to_the_end(&staged).await["state"] == "applying" {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(desk.decide(&staged, "apply").await.0, 200);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_nobody_decides_about_is_forgotten() {
    let app = App::start().await;
    let desk = app.desk("Bureau", Role::Manager).await;
    let waiting = desk.import("a.xml", list("01/09/2026 08:00:00", &[LINA])).await;
    let broken = desk.import("b.xml", list("01/09/2026 08:00:00", &[LINA])).await;
    let (waiting_id, broken_id) = (waiting["id"].as_str().unwrap(), broken["id"].as_str().unwrap());
    assert_eq!(forget(&app.db).await.unwrap().imports, 0);
    app.sql(
        "every",
        &format!(
            "UPDATE imports SET created_at = now() - interval '8 days' WHERE id = '{waiting_id}';
             UPDATE imports SET state = 'reading', touched_at = now() - interval '3 minutes' WHERE id = '{broken_id}'"
        ),
    )
    .await
    .unwrap();
    // The service that read it was stopped.
    let interrupted = desk.read_to_the_end(&broken).await;
    assert_eq!(
        (&interrupted["state"], &interrupted["refusal"]["code"]),
        (&json!("refused"), &json!("interrupted"))
    );
    assert_eq!(forget(&app.db).await.unwrap().imports, 1);
    assert_eq!(desk.read_to_the_end(&waiting).await["state"], "discarded");
    app.sql("every", "UPDATE imports SET touched_at = now() - interval '1 hour'").await.unwrap();
    assert_eq!(forget(&app.db).await.unwrap().imports, 1);
    for table in ["staged_students", "import_issues", "imports WHERE changes <> '[]'"] {
        assert_eq!(app.count("every", table).await, 0, "{table}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_instance_reads_and_another_applies() {
    let app = App::start().await;
    let desk = app.desk("Bureau", Role::Manager).await;
    let (server, there) = app.elsewhere(&desk);
    let (_, started) = desk.send_file("a.xml", list("01/09/2026 08:00:00", &[LINA])).await;
    let staged = there.read_to_the_end(&started).await;
    assert_eq!(there.decide(&staged, "apply").await.1["state"], "applied");
    assert_eq!(desk.read_to_the_end(&started).await["state"], "applied");
    server.stop().await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_school_says_how_long_files_wait() {
    let app = App::start().await;
    let desk = app.desk("Bureau", Role::Manager).await;
    assert_eq!(desk.get("/api/imports/delay").await, (200, json!({ "days": 7 })));
    for days in [0, 91] {
        let (status, refused) = desk.put("/api/imports/delay", &json!({ "days": days })).await;
        assert_eq!((status, &refused["code"]), (422, &json!("import_days")));
    }
    let accueil = app.desk("Poste 2", Role::Operator).await;
    assert_eq!(accueil.put("/api/imports/delay", &json!({ "days": 1 })).await.0, 403);
    desk.import("a.xml", list("01/09/2026 08:00:00", &[LINA])).await;
    app.sql("every", "UPDATE imports SET created_at = now() - interval '3 days'").await.unwrap();
    assert_eq!(forget(&app.db).await.unwrap().imports, 0);
    assert_eq!(desk.put("/api/imports/delay", &json!({ "days": 2 })).await, (200, json!({ "days": 2 })));
    assert_eq!(forget(&app.db).await.unwrap().imports, 1);
    assert_eq!(app.count("every", "journal WHERE action = 'change_import_delay'").await, 1);
    app.stop().await;
}
