//! The database is the second lock: row-level security and the named constraints, each broken on purpose.

use crate::harness::{App, open};
use domain::roles::Role;
use uuid::Uuid;

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
    "staged_devices",
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
    for table in ["students", "devices", "loans", "journal", "answers", "charter_receipts", "stations"] {
        assert!(app.count(&own, table).await > 0, "{table}");
        assert_eq!(app.count(&other, table).await, 0, "{table} of another school");
        assert_eq!(app.count("", table).await, 0, "{table} without a scope");
    }
    app.sql(&other, "UPDATE students SET last_name = 'X'; DELETE FROM badges").await.unwrap();
    assert_eq!(app.count(&own, "students WHERE last_name = 'X'").await, 0);
    assert_eq!(app.count(&own, "badges").await, 1);
    let smuggled = format!(
        "INSERT INTO classes (id, establishment_id, school_year, code) VALUES ('{}', '{own}', 2026, 'X')",
        Uuid::now_v7()
    );
    assert!(app.sql(&other, &smuggled).await.unwrap_err().to_string().contains("row-level security"));
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
    let cases = [
        (again(noe, first, "'x'"), "one_open_loan_per_device"),
        (again(lina, second, "'x'"), "one_open_allocation_per_student"),
        (again(noe, second, "NULL"), "allocation_has_its_charter"),
        ("UPDATE devices SET state = 'eaten'".into(), "device_state_is_known"),
        ("UPDATE loans SET closed_at = now()".into(), "closed_loan_says_how"),
        ("UPDATE charter_receipts SET copies_shown = 3".into(), "copies_shown_are_0_to_2"),
        ("UPDATE charter_receipts SET copies_shown = 0".into(), "copies_kept_are_shown"),
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
    ] {
        assert!(
            app.sql("every", statement).await.unwrap_err().to_string().contains("is not allowed"),
            "{statement}"
        );
    }
    app.stop().await;
}
