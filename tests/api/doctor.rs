//! `remise doctor`: what is wrong, and the exit code.

use crate::harness::{App, remise};
use serde_json::{Value, json};

fn finding(url: &str, what: &str) -> (Option<i32>, Value) {
    let said = remise(&["doctor", "--json", "--database-url", url]).output();
    let findings: Vec<Value> = serde_json::from_slice(&said.stdout).unwrap();
    let finding = findings.into_iter().find(|finding| finding["what"] == what).unwrap();
    (said.status.code(), finding)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_could_bypass_row_level_security_is_told() {
    let app = App::start().await;
    let (code, finding_as_remise) = finding(&app.url, "row-level security");
    assert_eq!((code, &finding_as_remise["well"]), (Some(0), &json!(true)));
    app.admin_sql(
        "CREATE ROLE wide LOGIN BYPASSRLS; GRANT remise TO wide;
         CREATE ROLE member LOGIN; GRANT wide TO member",
    )
    .await;
    // One has the right itself, the other by SET ROLE.
    for role in ["wide", "member"] {
        let (code, found) = finding(&app.url_as(role), "row-level security");
        assert_eq!((code, &found["well"]), (Some(1), &json!(false)), "{role}");
        assert!(found["remedy"].as_str().unwrap().contains("NOBYPASSRLS"), "{found}");
    }
    app.admin_sql("DROP ROLE member; DROP ROLE wide").await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_without_temporary_tables_is_told() {
    let app = App::start().await;
    assert_eq!(finding(&app.url, "temporary tables").1["well"], json!(true));
    app.admin_sql(
        "DO $$ BEGIN EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC, remise', current_database()); END $$",
    )
    .await;
    let (code, found) = finding(&app.url, "temporary tables");
    assert_eq!((code, &found["well"]), (Some(1), &json!(false)), "{found}");
    assert!(found["remedy"].as_str().unwrap().contains("GRANT TEMPORARY"), "{found}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_too_old_is_told_in_one_sentence() {
    let app = App::start().await;
    // Seen before PostgreSQL's own, as the search path has it first.
    app.admin_sql(
        "CREATE FUNCTION public.current_setting(asked text) RETURNS text LANGUAGE sql
         RETURN CASE asked WHEN 'server_version_num' THEN '140012' ELSE '14.12' END;
         DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = public, pg_catalog', current_database()); END $$",
    )
    .await;
    let (code, found) = finding(&app.url, "database");
    assert_eq!((code, &found["well"]), (Some(1), &json!(false)));
    assert_eq!(
        found["found"],
        "the PostgreSQL of DATABASE_URL is version 14.12; Remise needs 15 or later: name another, or leave DATABASE_URL out"
    );
    app.stop().await;
}
