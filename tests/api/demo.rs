//! The school to try Remise on.

use crate::harness::{App, Desk};
use domain::roles::Role;
use remise::demo::{self, LOGINS};
use serde_json::{Value, json};
use uuid::Uuid;

/// The pupil and the laptop that two codes name, as the desk is told.
async fn resolve(desk: &Desk, codes: &[&str]) -> Vec<Value> {
    let (status, answer) = desk.post("/api/scans/resolve", &json!({ "codes": codes })).await;
    assert_eq!(status, 200, "{answer}");
    answer["resolutions"].as_array().unwrap().clone()
}

/// Hands a laptop to a pupil by what was scanned: badge, then label; copies when `copies` are shown.
async fn hands(desk: &Desk, badge: &str, label: &str, copies: bool) -> (u16, Value) {
    let found = resolve(desk, &[badge, label]).await;
    let charter = copies.then(|| json!({ "copies_shown": 2, "copies_kept": 1, "method": "barcode" }));
    let request = json!({
        "request_id": Uuid::now_v7(), "student_id": found[0]["student"]["id"],
        "device_id": found[1]["device"]["id"], "charter": charter
    });
    desk.post("/api/hand-overs", &request).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_school_is_made_once() {
    let app = App::start().await;
    let seeded = demo::seed(&app.db).await.unwrap();
    assert!(seeded.fresh);
    let own = seeded.establishment.to_string();
    let counts = async || {
        let mut counts = Vec::new();
        for table in [
            "classes",
            "students",
            "badges",
            "deliveries",
            "device_models",
            "devices",
            "devices WHERE state = 'in_stock'",
            "devices WHERE state = 'reserve'",
            "devices WHERE state IN ('in_repair', 'awaiting_repair', 'lost')",
            "loans WHERE closed_at IS NULL",
            "charter_receipts",
            "charter_sheets",
            "guardians",
            "guardians WHERE phone IS NOT NULL AND email IS NOT NULL",
            "campaign_slots WHERE class_id IS NOT NULL",
            "campaign_slots WHERE student_id IS NOT NULL",
            "campaign_staff",
            "guest_accounts",
            "journal",
            "import_issues",
        ] {
            counts.push((table, app.count(&own, table).await));
        }
        counts
    };
    let first = counts().await;
    let expected = [24, 620, 615, 3, 3, 650, 492, 18, 4, 18, 89, 600, 887, 539, 9, 14, 5, 8];
    let made: Vec<i64> = first.iter().take(expected.len()).map(|(_, n)| *n).collect();
    assert_eq!(made, expected, "{first:?}");
    // Somebody works; the second start leaves it as it is.
    app.sql(&own, "UPDATE devices SET asset_tag = 'gravé'; DELETE FROM badges").await.unwrap();
    let before = counts().await;
    let again = demo::seed(&app.db).await.unwrap();
    assert!(!again.fresh);
    assert_eq!(counts().await, before);
    assert_eq!(again.school.cases(), seeded.school.cases());
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seeding_that_was_cut_short_is_finished() {
    let app = App::start().await;
    let seeded = demo::seed(&app.db).await.unwrap();
    let own = seeded.establishment.to_string();
    let slots = app.count(&own, "campaign_slots").await;
    let guardians = app.count(&own, "guardians").await;
    // As if the service had been killed before the word that all is there.
    app.sql(
        &own,
        "ALTER TABLE journal DISABLE TRIGGER journal_is_append_only;
         DELETE FROM journal WHERE action = 'seed_demo'; DELETE FROM badges;
         ALTER TABLE journal ENABLE TRIGGER journal_is_append_only",
    )
    .await
    .unwrap();
    assert!(demo::seed(&app.db).await.unwrap().fresh);
    assert_eq!(app.count(&own, "students").await, 620);
    assert_eq!(app.count(&own, "badges").await, 615);
    assert_eq!(app.count(&own, "loans").await, 18);
    assert_eq!(app.count(&own, "devices WHERE state = 'reserve'").await, 18);
    assert_eq!(app.count(&own, "campaign_slots").await, slots);
    assert_eq!(app.count(&own, "guardians").await, guardians);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_real_school_gets_demo_pupils() {
    let app = App::start().await;
    crate::harness::open(&app.db, "0570001S", "Lycée voisin").await;
    assert!(demo::seed(&app.db).await.is_err());
    assert_eq!(app.count("every", "students").await, 0);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_of_the_demo_can_log_in() {
    let app = App::start().await;
    demo::seed(&app.db).await.unwrap();
    for (name, password, role) in LOGINS {
        let school = (role != Role::Region).then_some(app.school);
        let credentials =
            json!({ "establishment_id": school.map(Uuid::from), "operator": name, "password": password });
        let (status, session) = app.stranger().post("/api/session", &credentials).await;
        assert_eq!((status, &session["operator"]["role"]), (200, &json!(role.as_str())), "{name}: {session}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn chase_list_plan_and_board_have_something_to_show() {
    let app = App::start().await;
    demo::seed(&app.db).await.unwrap();
    let desk = app.desk("Bureau", Role::Manager).await;
    let (_, chase) = desk.get("/api/charters/chase").await;
    let chased = chase.as_array().unwrap();
    let guardians = |one: &Value| one["guardians"].as_array().unwrap().clone();
    let alone = chased.iter().filter(|one| guardians(one).is_empty()).count();
    assert!(chased.len() > 400 && (20..100).contains(&alone), "{alone} of {}", chased.len());
    let all: Vec<Value> = chased.iter().flat_map(guardians).collect();
    let mobile = |one: &&Value| one["phone"].as_str().is_some_and(|phone| phone.starts_with("06 39 98 "));
    let reached = all.iter().filter(mobile).count();
    assert!(reached * 2 > all.len() && reached < all.len(), "{reached} of {}", all.len());
    // Neither a real number nor a real address.
    for one in &all {
        let phone = one["phone"].as_str().unwrap_or("06 39 98 00 00");
        assert!(phone.starts_with("06 39 98 ") || phone.starts_with("03 53 01 "), "{phone}");
        assert!(one["email"].as_str().unwrap_or("@example.org").ends_with("@example.org"), "{one}");
    }

    let (_, prepared) = desk.get("/api/campaign").await;
    let slots = prepared["slots"].as_array().unwrap();
    assert!(slots.iter().any(|slot| slot["student_id"].is_string()));
    assert!(slots.iter().all(|slot| slot["meets"] == json!([])), "{slots:?}");
    let hours = |slot: &Value| slot["starts_at"].as_str().unwrap().to_owned();
    let planned: Vec<_> = slots.iter().filter(|slot| slot["label"] != "2GT1").map(hours).collect();
    let now = chrono::Utc::now().to_rfc3339();
    assert!(planned.iter().all(|at| *at > now), "{planned:?}");
    assert!(
        ["room", "connection", "referent_phone", "sheet_due_on"]
            .iter()
            .all(|field| prepared["campaign"][field].is_string())
    );
    assert!(prepared["guest_accounts"].as_array().unwrap().iter().all(|one| one["login"] != ""));

    let (_, board) = desk.get("/api/board").await;
    let called = &board["called"];
    assert_eq!((&called["label"], &called["equipped"]), (&json!("2GT1"), &json!(18)));
    assert_eq!(called["missing"].as_array().unwrap().len(), 13);
    assert_eq!(board["next"].as_array().unwrap().len(), 5, "{board}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_case_of_the_demo_is_what_it_says() {
    let app = App::start().await;
    let cases = demo::seed(&app.db).await.unwrap().school.cases();
    let desk = app.desk("Poste 2", Role::Operator).await;

    let makers: Vec<&str> = cases.ready.iter().take(3).map(|pair| pair.laptop.maker.as_str()).collect();
    assert_eq!(makers, ["HP", "Lenovo", "Dell"]);
    for pair in cases.ready.iter().take(3) {
        let badge = pair.pupil.badge.as_deref().unwrap();
        let [one, two] = pair.pupil.charter.as_ref().unwrap();
        let found = resolve(
            &desk,
            &[badge, &pair.laptop.label, one, two, &pair.laptop.part_number, &pair.laptop.mac],
        )
        .await;
        assert_eq!(found[0]["student"]["name"], json!(pair.pupil.name));
        assert_eq!(found[1]["device"]["serial"], json!(pair.laptop.serial));
        for (copy, scan) in [(1, &found[2]), (2, &found[3])] {
            assert_eq!(scan["charter"]["student_id"], found[0]["student"]["id"]);
            assert_eq!((&scan["charter"]["copy"], &scan["charter"]["current"]), (&json!(copy), &json!(true)));
        }
        assert_eq!(found[4]["meaning"], "part_number");
        assert_eq!(found[5]["meaning"], "mac");
        assert_eq!(hands(&desk, badge, &pair.laptop.label, false).await.1["code"], "charter_incomplete");
        assert_eq!(hands(&desk, badge, &pair.laptop.label, true).await.0, 201);
    }

    let (on_file, spare) = (&cases.charter_on_file[0], &cases.charter_on_file[1].laptop.label);
    let badge = on_file.pupil.badge.as_deref().unwrap();
    assert_eq!(hands(&desk, badge, &cases.reserve[0].label, false).await.1["code"], "device_not_available");
    assert_eq!(hands(&desk, badge, &cases.in_repair[0].label, false).await.1["code"], "device_not_available");
    assert_eq!(hands(&desk, badge, &on_file.laptop.label, false).await.0, 201);

    let equipped = &cases.equipped[0];
    let held = hands(&desk, equipped.pupil.badge.as_deref().unwrap(), &equipped.laptop.label, false).await;
    assert_eq!(held.1["code"], "already_handed_over");
    for (pupil, code) in [
        (&cases.left[0], "student_left"),
        (&cases.not_entitled[0], "not_entitled"),
        (&cases.half_charter[0], "charter_incomplete"),
    ] {
        assert_eq!(hands(&desk, pupil.badge.as_deref().unwrap(), spare, false).await.1["code"], code);
    }
    assert_eq!(cases.without_badge.len(), 5);
    assert_eq!(cases.namesakes.len(), 2);
    let foreign = resolve(&desk, &[&cases.foreign[0].label]).await;
    assert_eq!(foreign[0]["standing"], "unknown");
    app.stop().await;
}
