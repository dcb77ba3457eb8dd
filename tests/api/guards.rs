//! The database is the second lock: row-level security and the named constraints, each broken on purpose.

use crate::harness::{App, open};
use domain::roles::Role;
use remise::operations::seal_journal::seal_journal;
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

/// What pupils and laptops went through; desks named and operators added stand beside it.
const MADE: &str = "journal WHERE action NOT IN ('add_operator', 'name_station')";

/// Every table whose rows belong to a school.
const TABLES: &[&str] = &[
    "stations",
    "operators",
    "sessions",
    "charters",
    "campaigns",
    "classes",
    "students",
    "badges",
    "device_models",
    "deliveries",
    "devices",
    "charter_sheets",
    "charter_receipts",
    "loans",
    "journal",
    "journal_seals",
    "journal_heads",
    "journal_queue",
    "answers",
    "imports",
    "import_issues",
    "staged_students",
    "staged_structures",
    "staged_devices",
    "acts",
    "act_devices",
    "act_loans",
    "incident_policies",
    "incidents",
    "incident_photos",
    "emergency_budgets",
    "emergency_grants",
    "return_checks",
    "repair_batches",
    "repairs",
    "reception_scans",
    "stock_takes",
    "stock_take_scans",
    "guardians",
    "campaign_slots",
    "campaign_staff",
    "guest_accounts",
    "print_settings",
    "export_presets",
    "register_exports",
    "student_words",
    "student_facts",
    "device_words",
    "staged_guardians",
    "staged_guardian_links",
    "staged_badges",
    "staged_references",
    "reference_rows",
    "import_effects",
    "import_layouts",
    "entitlement_rules",
];

#[tokio::test(flavor = "multi_thread")]
async fn every_table_of_a_school_is_guarded() {
    let app = App::start().await;
    let listed = TABLES.len();
    let guarded = app
        .count(
            "every",
            "pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public'
             AND c.relkind = 'r' AND c.relrowsecurity AND c.relforcerowsecurity",
        )
        .await;
    let owned = app
        .count(
            "every",
            "information_schema.columns WHERE table_schema = 'public' AND column_name = 'establishment_id'",
        )
        .await;
    assert_eq!((guarded, owned), (listed as i64, listed as i64));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_school_neither_sees_nor_touches_anothers_rows() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    let device = app.device("5CD030BC10").await;
    assert_eq!(desk.hands(lina, device).await.0, 201);
    let other = open(&app.db, "0570001S", "Lycée voisin").await.to_string();
    let own = app.school.to_string();
    seal_journal(&app.db).await.unwrap();
    let (noe, _) = app.student("Noé", "Petit").await;
    assert_eq!(desk.hands(noe, app.device("5CD030BD11").await).await.0, 201);
    app.sql(&own, &the_rest(&own, lina)).await.unwrap();
    for table in TABLES {
        let of_own = format!("{table} WHERE establishment_id = '{own}'");
        assert!(app.count(&own, &of_own).await > 0, "{table} has no row to hide");
        assert_eq!(app.count(&other, &of_own).await, 0, "{table} of another school");
        assert_eq!(app.count("", table).await, 0, "{table} without a scope");
        assert_eq!(
            app.count(&own, &format!("{table} WHERE establishment_id <> '{own}'")).await,
            0,
            "{table}"
        );
        for statement in [
            format!(
                "UPDATE {table} SET establishment_id = establishment_id WHERE establishment_id = '{own}'"
            ),
            format!("DELETE FROM {table} WHERE establishment_id = '{own}'"),
            format!(
                "DELETE FROM {table} t USING establishments e WHERE e.uai = '0579999J' AND t.establishment_id = e.id"
            ),
        ] {
            assert_eq!(app.execute(&other, &statement).await.unwrap(), 0, "{statement}");
        }
    }
    app.sql(&other, "UPDATE students SET last_name = 'X'; DELETE FROM badges").await.unwrap();
    assert_eq!(app.count(&own, "students WHERE last_name = 'X'").await, 0);
    assert_eq!(app.count(&own, "badges").await, 2);
    let smuggled = format!(
        "INSERT INTO classes (id, establishment_id, school_year, code) VALUES ('{}', '{own}', 2026, 'X')",
        Uuid::now_v7()
    );
    let moved = format!("UPDATE campaigns SET establishment_id = '{own}'");
    for statement in [smuggled, moved] {
        let error = app.sql(&other, &statement).await.unwrap_err().to_string();
        assert!(error.contains("row-level security"), "{error}");
    }
    app.stop().await;
}

/// A row for every table that no hand-over fills.
fn the_rest(school: &str, student: Uuid) -> String {
    let import = Uuid::now_v7();
    let rows = |text: &str| text.replace("{school}", school);
    let of_import = rows(include_str!("../fixtures/one_import.sql"));
    rows(include_str!("../fixtures/one_of_each.sql")) + &format!(
        "INSERT INTO deliveries (id, establishment_id, note_number) VALUES (gen_random_uuid(), '{school}', 'BL2');
         INSERT INTO charter_sheets (id, establishment_id, student_id, charter_id, code)
         SELECT gen_random_uuid(), '{school}', '{student}', id, 'CH0000000001' FROM charters;
         INSERT INTO imports (id, establishment_id, kind, file_name, file_sha256, state)
         VALUES ('{import}', '{school}', 'students', 'x.xml', '', 'staged');
         INSERT INTO import_issues (import_id, establishment_id, position, code, severity, expected, message)
         VALUES ('{import}', '{school}', 1, 'x', 'error', 'x', 'x');
         INSERT INTO staged_students (import_id, establishment_id, row_number, eleve_id, last_name, first_name, entitled, search_key)
         VALUES ('{import}', '{school}', 1, '1', 'x', 'x', true, 'x');
         INSERT INTO staged_structures (import_id, establishment_id, position, eleve_id, code, division)
         VALUES ('{import}', '{school}', 1, '1', 'x', true);
         INSERT INTO staged_devices (import_id, establishment_id, row_number, serial_number, manufacturer, part_number, designation, note_number)
         VALUES ('{import}', '{school}', 1, 'x', 'x', 'x', 'x', 'x');
         {of_import}"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_gives_no_school_anothers_pupils_laptops_or_loans() {
    let app = App::start().await;
    let own = app.desk("Poste 1", Role::Operator).await;
    let (lina, badge) = app.student("Lina", "Mercier").await;
    let (noe, _) = app.student("Noé", "Petit").await;
    let (held, free) = (app.device("5CD030BC10").await, app.device("5CD030BD11").await);
    let (_, done) = own.hands(lina, held).await;
    let before = app.count("every", MADE).await;

    let next_door = open(&app.db, "0570001S", "Lycée voisin").await;
    let desk = app.desk_of(next_door, "Poste 1", Role::Operator).await;
    let manager = app.desk_of(next_door, "Bureau", Role::Manager).await;
    assert_eq!(desk.get("/api/desk").await.1["establishment"]["uai"], "0570001S");
    for (path, code) in [
        (format!("/api/students/{lina}"), "unknown_student"),
        (format!("/api/students/{}", Uuid::nil()), "unknown_student"),
    ] {
        let (status, said) = desk.get(&path).await;
        assert_eq!((status, &said["code"]), (404, &json!(code)), "{path}");
    }
    assert_eq!(desk.hands(noe, free).await.1["code"], "unknown_device");
    let undo = format!("/api/hand-overs/{}/undo", done["loan_id"].as_str().unwrap());
    let reason = json!({ "request_id": Uuid::now_v7(), "reason": "erreur" });
    assert_eq!(desk.post(&undo, &reason).await.1["code"], "unknown_loan");
    let learn = json!({ "request_id": Uuid::now_v7(), "student_id": lina, "code": "CANTINE-4711" });
    assert_eq!(desk.post("/api/badges", &learn).await.1["code"], "unknown_student");
    let forget = json!({ "request_id": Uuid::now_v7(), "student_id": lina, "code": badge });
    assert_eq!(desk.post("/api/badges/forget", &forget).await.1["code"], "unknown_student");
    for search in ["/api/students/search", "/api/devices/search"] {
        assert_eq!(desk.post(search, &json!({ "query": "" })).await.1["total"], 0, "{search}");
    }
    let (_, scans) = desk.post("/api/scans/resolve", &json!({ "codes": [badge, "5CD030BC10"] })).await;
    assert!(scans["resolutions"].as_array().unwrap().iter().all(|r| r["standing"] == "unknown"), "{scans}");
    assert_eq!(desk.get("/api/classes").await.1, json!([]));
    assert_eq!(desk.get("/api/hand-overs").await.1, json!([]));
    // A school's register is its own, whichever it names.
    let answer = manager.send(Method::GET, "/api/register.csv?establishment=0579999J", None).await;
    assert_eq!(answer.text().await.unwrap().lines().count(), 1);
    let (_, totals) = manager.get("/api/register/summary?establishment=0579999J").await;
    assert_eq!((&totals["headcount"], &totals["delivered"]), (&json!(0), &json!(0)));

    // A laptop of one school and a pupil of the other never meet.
    let theirs = Uuid::now_v7();
    let scope = next_door.to_string();
    let stocked = format!(
        "INSERT INTO device_models (id, establishment_id, manufacturer, part_number, designation)
         VALUES ('{theirs}', '{scope}', 'HP', 'X', 'X');
         INSERT INTO devices (id, establishment_id, serial_number, model_id, state)
         VALUES ('{theirs}', '{scope}', '5CD030ZZ99', '{theirs}', 'in_stock')"
    );
    app.sql(&scope, &stocked).await.unwrap();
    assert_eq!(desk.hands(lina, theirs).await.1["code"], "unknown_student");
    assert_eq!(own.hands(noe, theirs).await.1["code"], "unknown_device");
    assert_eq!(app.count("every", MADE).await, before);
    assert_eq!(app.count("every", "loans WHERE closed_at IS NULL").await, 1);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_rule_is_a_named_constraint() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    let (noe, _) = app.student("Noé", "Petit").await;
    let (first, second) = (app.device("5CD030BC10").await, app.device("5CD030BD11").await);
    assert_eq!(desk.hands(lina, first).await.0, 201);
    let again = |student: Uuid, device: Uuid, charter: &str| {
        format!(
            "INSERT INTO loans (id, establishment_id, campaign_id, student_id, device_id, kind, opened_by,
                                opened_at_station, charter_override_reason, device_state_before)
             SELECT '{}', establishment_id, campaign_id, '{student}', '{device}', kind, opened_by,
                    opened_at_station, {charter}, 'in_stock' FROM loans LIMIT 1",
            Uuid::now_v7()
        )
    };
    let receipt = |copies: &str| {
        format!(
            "INSERT INTO charter_receipts (id, establishment_id, student_id, charter_id, copies_shown, copies_kept, method)
             SELECT gen_random_uuid(), establishment_id, '{noe}', id, {copies}, 'intake' FROM charters"
        )
    };
    let cases = [
        (again(noe, first, "'x'"), "one_open_loan_per_device"),
        (again(lina, second, "'x'"), "one_open_allocation_per_student"),
        (again(noe, second, "NULL"), "allocation_has_its_charter"),
        ("UPDATE devices SET state = 'eaten'".into(), "device_state_is_known"),
        ("UPDATE devices SET state = 'scrapped' WHERE state = 'lent'".into(), "device_move_is_known"),
        ("UPDATE devices SET state = 'announced' WHERE state = 'in_stock'".into(), "device_move_is_known"),
        ("UPDATE devices SET state = 'in_stock' WHERE state = 'lent'".into(), "lent_laptops_have_a_loan"),
        ("UPDATE devices SET state = 'lent' WHERE state = 'in_stock'".into(), "lent_laptops_have_a_loan"),
        ("UPDATE loans SET closed_at = now(), close_kind = 'returned'".into(), "lent_laptops_have_a_loan"),
        ("UPDATE loans SET closed_at = now()".into(), "closed_loan_says_how"),
        (receipt("3, 1"), "copies_shown_are_0_to_2"),
        (receipt("0, 1"), "copies_kept_are_shown"),
        ("UPDATE badges SET forgotten_at = now()".into(), "only_a_foreign_badge_is_forgotten"),
        ("UPDATE students SET entitlement_override = true".into(), "override_has_a_reason"),
        ("UPDATE establishments SET uai = 'x'".into(), "uai_has_its_shape"),
        ("UPDATE operators SET role = 'region'".into(), "only_the_region_has_no_school"),
        ("UPDATE campaigns SET school_year = 1".into(), "school_year_is_plausible"),
    ];
    for (statement, constraint) in cases {
        let error = app.sql("every", &statement).await.expect_err(constraint).to_string();
        assert!(error.contains(constraint), "{constraint}: {error}");
    }
    for statement in [
        "UPDATE journal SET action = 'x'",
        "DELETE FROM journal",
        "UPDATE charters SET body = 'x'",
        "DELETE FROM charters",
        "UPDATE loans SET kit = '{}'",
        "UPDATE loans SET opened_at = now()",
        "UPDATE loans SET opened_by = opened_by",
        "UPDATE loans SET opened_at_station = opened_at_station",
        "UPDATE loans SET charter_receipt_id = NULL, charter_override_reason = 'x'",
        "UPDATE charter_receipts SET copies_shown = 1",
        "UPDATE charter_receipts SET signatory = 'X'",
        "UPDATE charter_receipts SET charter_id = charter_id",
    ] {
        assert!(
            app.sql("every", statement).await.unwrap_err().to_string().contains("is not allowed"),
            "{statement}"
        );
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_staged_is_of_an_import_and_goes_with_it() {
    let app = App::start().await;
    let (school, import) = (app.school, Uuid::now_v7());
    let staged = |import: Uuid| {
        format!(
            "INSERT INTO staged_students (import_id, establishment_id, row_number, eleve_id, last_name, first_name, search_key)
             VALUES ('{import}', '{school}', 1, '1', 'Mercier', 'Lina', 'mercier lina')"
        )
    };
    let effect = |import: Uuid| {
        format!(
            "INSERT INTO import_effects (import_id, establishment_id, thing, row_key, effect)
             VALUES ('{import}', '{school}', 'student', '1', 'added')"
        )
    };
    for statement in [staged(import), effect(import)] {
        let refused = app.sql("every", &statement).await.unwrap_err().to_string();
        assert!(refused.contains("belongs to no import"), "{refused}");
    }
    app.sql(
        "every",
        &format!(
            "INSERT INTO imports (id, establishment_id, kind, file_name, file_sha256, state)
             VALUES ('{import}', '{school}', 'students', 'a.xml', sha256('a'), 'reading'); {}; {}",
            staged(import),
            effect(import)
        ),
    )
    .await
    .unwrap();
    let left = |table: &'static str| app.count("every", table);
    assert_eq!((left("staged_students").await, left("import_effects").await), (1, 1));
    app.sql("every", "DELETE FROM imports").await.unwrap();
    assert_eq!((left("staged_students").await, left("import_effects").await), (0, 0));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_works_for_the_region_is_seen_by_no_school() {
    let app = App::start().await;
    app.desk("Région", Role::Region).await;
    for table in ["operators", "sessions"] {
        let from = format!("{table} WHERE establishment_id IS NULL");
        assert_eq!(app.count("every", &from).await, 1, "{table}");
        for scope in [app.school.to_string(), String::new()] {
            assert_eq!(app.count(&scope, &from).await, 0, "{table} under {scope:?}");
        }
    }
    app.stop().await;
}
