//! Lists of pupils and laptops: filters, orders, pages and files.

use crate::harness::{App, Desk, seed_desk};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use domain::roles::Role;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::HashSet;

async fn total(desk: &Desk, path: &str, filter: Value) -> Value {
    let (status, page) = desk.post(path, &filter).await;
    assert_eq!(status, 200, "{page}");
    page["total"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn pupils_are_narrowed_by_what_they_have_and_lack() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    let (noe, _) = app.student("Noé", "Petit").await;
    app.student("Zoé", "Roux").await;
    let device = app.device("5CD030BC10").await;
    assert_eq!(desk.hands(lina, device).await.0, 201);
    app.sql("every", &format!("UPDATE students SET left_on = '2026-10-01' WHERE id = '{lina}'"))
        .await
        .unwrap();
    app.sql("every", &format!("DELETE FROM badges WHERE student_id = '{noe}'")).await.unwrap();
    for (filter, expected) in [
        (json!({}), 3),
        (json!({ "class": "2GT1" }), 3),
        (json!({ "class": "TG9" }), 0),
        (json!({ "equipped": true }), 1),
        (json!({ "equipped": false }), 2),
        (json!({ "charter": true }), 1),
        (json!({ "charter": false }), 2),
        (json!({ "gone": true }), 1),
        (json!({ "gone": true, "holding": true }), 1),
        (json!({ "gone": false, "holding": true }), 0),
        (json!({ "temporary": true }), 0),
        (json!({ "temporary": false, "class": "2GT1", "entitled": true }), 3),
        (json!({ "badge": false }), 1),
        (json!({ "entitled": false }), 0),
    ] {
        assert_eq!(total(&desk, "/api/students/list", filter.clone()).await, expected, "{filter}");
    }
    for (filter, expected) in [
        (json!({}), 1),
        (json!({ "state": "lent" }), 1),
        (json!({ "state": "reserve" }), 0),
        (json!({ "class": "2GT1" }), 1),
        (json!({ "model": "9ZZ99EA#ABF" }), 1),
        (json!({ "delivery": "BL1" }), 0),
        (json!({ "incidents": true }), 0),
        (json!({ "incidents": false }), 1),
        (json!({ "warranty_by": "2030-01-01" }), 0),
    ] {
        assert_eq!(total(&desk, "/api/devices/list", filter.clone()).await, expected, "{filter}");
    }
    assert_eq!(desk.post("/api/students/list", &json!({ "sort": "odd" })).await.0, 400);
    assert_eq!(desk.get("/api/devices/choices").await.1["models"][0]["part_number"], "9ZZ99EA#ABF");
    app.stop().await;
}

/// Every id of a list, page after page.
async fn walk(desk: &Desk, path: &str, group: &str, mut asked: Value) -> Vec<String> {
    let mut ids = Vec::new();
    loop {
        let (status, page) = desk.post(path, &asked).await;
        assert_eq!(status, 200, "{page}");
        ids.extend(page[group].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()));
        if page["after"].is_null() {
            return ids;
        }
        asked["after"] = page["after"].clone();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_have_every_row_once_in_every_order() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let scope = app.school.to_string();
    app.sql(&scope, &seed_desk(app.school, 130)).await.unwrap();
    // Some without class, warranty or delivery: they come last.
    app.sql(
        &scope,
        "UPDATE students SET class_id = NULL WHERE last_name LIKE 'Nom1%';
         UPDATE devices SET warranty_end = '2027-08-31'::date + (right(serial_number, 1))::int WHERE right(serial_number, 1) < '5'",
    )
    .await
    .unwrap();
    for descending in [false, true] {
        for sort in ["name", "class"] {
            let asked = json!({ "sort": sort, "descending": descending, "limit": 20 });
            let ids = walk(&desk, "/api/students/list", "students", asked).await;
            assert_eq!(
                (ids.len(), ids.iter().collect::<HashSet<_>>().len()),
                (130, 130),
                "{sort} {descending}"
            );
        }
        for sort in ["serial", "state", "model", "delivery", "warranty"] {
            let asked = json!({ "sort": sort, "descending": descending, "limit": 30 });
            let ids = walk(&desk, "/api/devices/list", "devices", asked).await;
            assert_eq!(
                (ids.len(), ids.iter().collect::<HashSet<_>>().len()),
                (130, 130),
                "{sort} {descending}"
            );
        }
    }
    let (_, page) = desk.post("/api/students/list", &json!({ "sort": "class", "limit": 200 })).await;
    let classes: Vec<_> = page["students"].as_array().unwrap().iter().map(|s| s["class"].as_str()).collect();
    let mut sorted = classes.clone();
    sorted.sort_by_key(|class| (class.is_none(), *class));
    assert_eq!(classes, sorted);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_those_who_lack_something_have_each_once_in_every_order() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let scope = app.school.to_string();
    app.sql(&scope, &seed_desk(app.school, 1_300)).await.unwrap();
    // Nobody has a badge but every third; every fifth has left; some have no class.
    app.sql(
        &scope,
        "INSERT INTO badges (id, establishment_id, student_id, code, source)
         SELECT gen_random_uuid(), establishment_id, id, eleve_id, 'printed' FROM students WHERE right(last_name, 1)::int % 3 = 0;
         UPDATE students SET left_on = '2026-10-01' WHERE right(last_name, 1)::int % 5 = 0;
         UPDATE students SET class_id = NULL WHERE right(last_name, 1) = '9'",
    )
    .await
    .unwrap();
    // More than are counted, so that classes are walked; and fewer, so that they are sorted.
    for (filter, expected) in [
        (json!({ "equipped": false }), 1_300),
        (json!({ "badge": false, "gone": false }), 650),
        (json!({ "badge": true, "gone": true }), 130),
        (json!({ "badge": true, "holding": true }), 0),
    ] {
        for (sort, descending) in [("name", false), ("name", true), ("class", false), ("class", true)] {
            let mut asked = filter.clone();
            asked["sort"] = json!(sort);
            asked["descending"] = json!(descending);
            asked["limit"] = json!(200);
            let (_, page) = desk.post("/api/students/list", &asked).await;
            assert_eq!(page["total"], json!(expected.min(1_000)), "{asked}");
            let ids = walk(&desk, "/api/students/list", "students", asked.clone()).await;
            assert_eq!(
                (ids.len(), ids.iter().collect::<HashSet<_>>().len()),
                (expected, expected),
                "{asked}"
            );
            let keys = keys(&app, &ids, sort).await;
            let mut sorted = keys.clone();
            sorted.sort_by(|a, b| if descending { b.1.cmp(&a.1) } else { a.1.cmp(&b.1) });
            // Who has no class comes last either way.
            sorted.sort_by_key(|key| key.0);
            assert_eq!(keys, sorted, "{asked}");
        }
    }
    // One who does not fit any more has still a place that the next page follows.
    let (_, page) =
        desk.post("/api/students/list", &json!({ "badge": true, "sort": "class", "limit": 10 })).await;
    let (last, next) = (page["students"][9]["id"].as_str().unwrap(), page["after"].clone());
    app.sql(&scope, &format!("DELETE FROM badges WHERE student_id = '{last}'")).await.unwrap();
    let asked = json!({ "badge": true, "sort": "class", "limit": 200, "after": next });
    assert_eq!(walk(&desk, "/api/students/list", "students", asked).await.len(), 520 - 10);
    app.stop().await;
}

/// What pupils are sorted by, in the order of `ids`: those without a class last, then class and name.
async fn keys(app: &App, ids: &[String], sort: &str) -> Vec<(bool, String)> {
    #[derive(diesel::QueryableByName)]
    struct Key {
        #[diesel(sql_type = diesel::sql_types::Bool)]
        last: bool,
        #[diesel(sql_type = diesel::sql_types::Text)]
        key: String,
    }
    let mut conn = AsyncPgConnection::establish(&app.url).await.unwrap();
    conn.batch_execute("SET remise.scope = 'every'").await.unwrap();
    let by_class = sort == "class";
    let keys: Vec<Key> = diesel::sql_query(
        "SELECT $2 AND s.class_id IS NULL AS last,
                CASE WHEN $2 THEN coalesce(c.code, '') ELSE '' END || ' ' || s.search_key AS key
         FROM unnest($1::text[]) WITH ORDINALITY AS n (id, place) JOIN students s ON s.id = n.id::uuid
         LEFT JOIN classes c ON c.id = s.class_id ORDER BY n.place",
    )
    .bind::<diesel::sql_types::Array<diesel::sql_types::Text>, _>(ids)
    .bind::<diesel::sql_types::Bool, _>(by_class)
    .load(&mut conn)
    .await
    .unwrap();
    keys.into_iter().map(|key| (key.last, key.key)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_charter_leaves_everybody_without_one() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Manager).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    let device = app.device("5CD030BC10").await;
    assert_eq!(desk.hands(lina, device).await.0, 201);
    let with = async || total(&desk, "/api/students/list", json!({ "charter": true })).await;
    assert_eq!(with().await, 1);
    let scope = app.school.to_string();
    app.sql(
        &scope,
        "INSERT INTO charters (id, establishment_id, version, title, body, content_hash)
         SELECT gen_random_uuid(), establishment_id, '2026-2', title, body || '.', sha256('2'::bytea) FROM charters;
         UPDATE campaigns SET charter_id = (SELECT id FROM charters WHERE version = '2026-2')",
    )
    .await
    .unwrap();
    assert_eq!(with().await, 0);
    app.sql(&scope, "UPDATE campaigns SET charter_id = (SELECT id FROM charters WHERE version = '2026-1')")
        .await
        .unwrap();
    assert_eq!(with().await, 1);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_leaves_as_a_file() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    app.student("Lina", "=Mercier").await;
    app.student("Noé", "Petit").await;
    app.device("5CD030BC10").await;
    for (path, format, head) in [
        ("/api/students/export", "csv", "\u{feff}Identifiant élève;"),
        ("/api/devices/export", "csv", "\u{feff}N° de série;"),
    ] {
        let answer = desk.send(Method::POST, path, Some(&json!({ "format": format }))).await;
        assert_eq!(answer.headers()["content-type"], "text/csv; charset=utf-8");
        let text = answer.bytes().await.unwrap().to_vec();
        let text = String::from_utf8(text).unwrap();
        assert!(text.starts_with(head), "{text}");
        assert!(path.contains("devices") || text.contains(";'=Mercier;Lina;2GT1;"), "{text}");
    }
    let narrowed = json!({ "format": "csv", "class": "TG9" });
    let answer = desk.send(Method::POST, "/api/students/export", Some(&narrowed)).await;
    assert_eq!(answer.text().await.unwrap().lines().count(), 1);
    for path in ["/api/students/export", "/api/devices/export"] {
        let answer = desk.send(Method::POST, path, Some(&json!({ "format": "xlsx" }))).await;
        assert!(answer.bytes().await.unwrap().starts_with(b"PK"));
    }
    assert_eq!(desk.post("/api/students/export", &json!({ "format": "pdf" })).await.0, 400);
    app.stop().await;
}
