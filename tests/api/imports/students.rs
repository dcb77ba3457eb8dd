//! SIECLE's list of pupils.

use super::{counts, document, issues, list, told};
use crate::harness::App;
use domain::roles::Role;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_shown_then_applied_and_again_changes_nothing() {
    let app = App::start().await;
    let desk = app.desk("Bureau", Role::Manager).await;
    let first = list(
        "01/09/2026 08:00:00",
        &[("1", "Mercier", "Lina", "2GT1"), ("2", "Petit", "Noé", "2GT1"), ("3", "Roux", "Zoé", "2 GT 2")],
    );
    let staged = desk.import("Eleves%20sans%20adresses.xml", first.clone()).await;
    assert_eq!((&staged["state"], &staged["kind"]), (&json!("staged"), &json!("students")));
    assert_eq!(staged["file_name"], "Eleves sans adresses.xml");
    assert_eq!(staged["report"]["exported_at"], "2026-09-01T08:00:00");
    assert_eq!(staged["progress"]["bytes_read"], staged["progress"]["bytes_total"]);
    assert_eq!(counts(&staged), [3, 3, 0, 0, 0, 0, 0]);
    assert_eq!(app.count("every", "students").await, 0);
    let (status, applied) = desk.decide(&staged, "apply").await;
    assert_eq!((status, &applied["state"]), (200, &json!("applied")), "{applied}");
    assert_eq!(counts(&applied), [3, 3, 0, 0, 0, 0, 0]);
    assert_eq!(app.count("every", "badges").await, 3);

    let again = desk.import("a.xml", first.clone()).await;
    assert_eq!(counts(&again), [3, 0, 0, 3, 0, 0, 0]);
    assert_eq!(again["report"]["changes"], json!([]));
    let before = app.fingerprint("students").await;
    assert_eq!(desk.decide(&again, "apply").await.0, 200);
    assert_eq!(app.fingerprint("students").await, before);

    let second =
        list("02/09/2026 08:00:00", &[("1", "Mercier", "Lina", "2 GT 2"), ("2", "Petit", "Noé", "2GT1")]);
    let staged = desk.import("b.xml", second).await;
    assert_eq!(counts(&staged), [2, 0, 1, 1, 1, 0, 0]);
    assert_eq!(
        staged["report"]["changes"],
        json!([
            { "thing": "students", "action": "gone", "label": "Zoé ROUX", "details": [] },
            { "thing": "students", "action": "changed", "label": "Lina MERCIER",
              "details": [{ "field": "Classe", "before": "2GT1", "after": "2 GT 2" }] },
        ])
    );
    assert_eq!(desk.decide(&staged, "apply").await.0, 200);
    assert_eq!(app.count("every", "students WHERE missing_since IS NOT NULL").await, 1);
    let (_, found) = desk.post("/api/students/search", &json!({ "query": "lina" })).await;
    assert_eq!(found["students"][0]["class"], json!("2 GT 2"));

    let older = desk.import("a.xml", first).await;
    assert_eq!((&older["state"], &older["refusal"]["code"]), (&json!("refused"), &json!("older_export")));
    let third = list(
        "03/09/2026 08:00:00",
        &[("1", "Mercier", "Lina", "2 GT 2"), ("2", "Petit", "Noé", "2GT1"), ("3", "Roux", "Zoé", "2 GT 2")],
    );
    let back = desk.import("c.xml", third).await;
    assert_eq!(counts(&back), [3, 0, 1, 2, 0, 0, 0]);
    assert_eq!(desk.decide(&back, "apply").await.0, 200);
    assert_eq!(app.count("every", "students WHERE missing_since IS NOT NULL").await, 0);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_loan_does_not_need_is_not_kept_and_what_was_staged_goes() {
    let app = App::start().await;
    let desk = app.desk("Bureau", Role::Manager).await;
    let file =
        list("01/09/2026 08:00:00", &[("1", "Mercier", "Lina", "2GT1"), ("1", "Mercier", "Lina", "2GT1")]);
    for decision in ["discard", "apply"] {
        let staged = desk.import("a.xml", file.clone()).await;
        assert_eq!(app.count("every", "staged_students").await, 1);
        assert_eq!(app.count("every", "import_issues").await, 1);
        for table in ["staged_students", "staged_structures", "imports", "import_issues"] {
            assert_eq!(app.count("every", &format!("{table} t WHERE t::text LIKE '%MARQUEE%'")).await, 0);
        }
        assert_eq!(desk.decide(&staged, decision).await.0, 200);
        for table in ["staged_students", "staged_structures", "import_issues"] {
            assert_eq!(app.count("every", table).await, 0, "{table}");
        }
        for table in ["imports", "journal"] {
            assert_eq!(app.count("every", &format!("{table} t WHERE t::text ILIKE '%mercier%'")).await, 0);
        }
    }
    assert_eq!(app.count("every", "students t WHERE t::text LIKE '%MARQUEE%'").await, 0);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_are_told_and_groups_and_blocks_add_up() {
    let app = App::start().await;
    let desk = app.desk("Bureau", Role::Manager).await;
    let pupil = |id: &str, fields: &str| {
        format!("<ELEVE ELEVE_ID=\"{id}\"><NOM_DE_FAMILLE>N{id}</NOM_DE_FAMILLE>{fields}</ELEVE>")
    };
    let block = |id: &str, code: &str, kind: &str| {
        format!(
            "<STRUCTURES_ELEVE ELEVE_ID=\"{id}\"><STRUCTURE><CODE_STRUCTURE>{code}</CODE_STRUCTURE>\
             <TYPE_STRUCTURE>{kind}</TYPE_STRUCTURE></STRUCTURE></STRUCTURES_ELEVE>"
        )
    };
    let ine = "<PRENOM>P</PRENOM><INE_RNIE>990000006AC</INE_RNIE>";
    let pupils = [
        pupil("1", ine),
        pupil("2", ine),
        pupil("3", "<PRENOM>P</PRENOM><DATE_NAISS>hier</DATE_NAISS>"),
        pupil("1", "<PRENOM>Q</PRENOM>"),
        pupil("4", ""),
    ];
    let blocks =
        [block("1", "2GT1G1", "G"), block("1", "2GT1", "D"), block("2", "UPE2A", "G"), block("9", "X", "D")];
    let data = format!("<ELEVES>{}</ELEVES><STRUCTURES>{}</STRUCTURES>", pupils.concat(), blocks.concat());
    let staged = desk.import("a.xml", document("01/09/2026 08:00:00", &data)).await;
    assert_eq!(counts(&staged), [5, 3, 0, 0, 0, 2, 2]);
    let expected = [
        told(3, "DATE_NAISS", "not_a_date"),
        told(5, "PRENOM", "missing"),
        told(4, "ELEVE_ID", "duplicate_student"),
        told(2, "INE", "shared_ine"),
    ];
    assert_eq!(issues(&staged), expected);
    assert_eq!(desk.decide(&staged, "apply").await.0, 200);
    assert_eq!(
        app.count("every", "students s JOIN classes c ON c.id = s.class_id WHERE c.code = '2GT1'").await,
        1
    );
    assert_eq!(
        app.count("every", "students WHERE eleve_id = '2' AND entitled AND class_id IS NULL").await,
        1
    );
    assert_eq!(
        app.count("every", "students WHERE eleve_id = '1' AND first_name = 'P' AND NOT entitled").await,
        1
    );
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn how_far_the_reading_is_can_be_watched() {
    let app = App::start().await;
    let desk = app.desk("Bureau", Role::Manager).await;
    let ids: Vec<String> = (0..30_000).map(|id| id.to_string()).collect();
    let pupils: Vec<_> = ids.iter().map(|id| (id.as_str(), "Mercier", "Lina", "2GT1")).collect();
    let (_, started) = desk.send_file("a.xml", list("01/09/2026 08:00:00", &pupils)).await;
    let path = format!("/api/imports/{}", started["id"].as_str().unwrap());
    let mut seen = Vec::new();
    let staged = loop {
        let (_, state) = desk.get(&path).await;
        if state["state"] != "reading" {
            break state;
        }
        assert_eq!(state["report"], json!(null));
        seen.push(state["progress"]["rows"].as_i64().unwrap());
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    };
    assert!(seen.is_sorted() && seen.iter().any(|rows| (1..30_000).contains(rows)), "{seen:?}");
    assert_eq!(counts(&staged)[..2], [30_000, 30_000]);
    assert_eq!(staged["report"]["changes"].as_array().unwrap().len(), 200);
    app.stop().await;
}
