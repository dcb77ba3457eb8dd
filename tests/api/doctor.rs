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
