//! The journal is sealed, and what was done to it afterwards is found.

use crate::harness::{App, remise};
use domain::roles::Role;
use remise::operations::seal_journal::{NotedHead, Verdict, seal_journal, verify_journal};
use serde_json::{Value, json};

/// An operator added and a desk named come before the first hand-over.
const BEFORE: usize = 2;

/// A school with `count` entries, all sealed: hand-overs after the first two.
async fn sealed(count: usize) -> App {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    for i in BEFORE..count {
        let (student, _) = app.student(&format!("Élève{i}"), "Essai").await;
        let device = app.device(&format!("5CD030BC{i:02}")).await;
        assert_eq!(desk.hands(student, device).await.0, 201);
    }
    assert_eq!(seal_journal(&app.db).await.unwrap(), count);
    app
}

async fn verdict(app: &App) -> Verdict {
    verify_journal(&app.db, app.school, None).await.unwrap()
}

/// What an intruder with the superuser's rights does: no trigger, no foreign key.
async fn tamper(app: &App, statements: &str) {
    app.admin_sql(&format!("SET session_replication_role = replica; {statements}")).await;
}

async fn broken_by(statements: &str) -> (i64, &'static str) {
    let app = sealed(5).await;
    assert_eq!(verdict(&app).await.broken, None);
    tamper(&app, statements).await;
    let broken = verdict(&app).await.broken.unwrap_or_else(|| panic!("not found: {statements}"));
    app.stop().await;
    (broken.position, broken.code)
}

/// The entry sealed at a place.
fn entry(position: i64) -> String {
    format!("(SELECT journal_id FROM journal_seals WHERE position = {position})")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_journalled_is_sealed_once_and_in_a_chain() {
    let app = sealed(3).await;
    assert_eq!(seal_journal(&app.db).await.unwrap(), 0);
    let first = verdict(&app).await;
    assert_eq!((first.sealed, first.waiting, first.broken), (3, 0, None));
    let desk = app.desk("Poste 2", Role::Operator).await;
    let (student, _) = app.student("Lina", "Mercier").await;
    let device = app.device("5CD030ZZ99").await;
    assert_eq!(desk.hands(student, device).await.0, 201);
    assert_eq!(verdict(&app).await.waiting, 3);
    // Instances that seal at once: one does, and no entry gets two seals.
    let (a, b, c) = tokio::join!(seal_journal(&app.db), seal_journal(&app.db), seal_journal(&app.db));
    assert_eq!(a.unwrap() + b.unwrap() + c.unwrap(), 3);
    let second = verdict(&app).await;
    assert_eq!((second.sealed, second.waiting, second.broken), (6, 0, None));
    // A head noted before is still passed; another is not.
    let noted = |head: &str| NotedHead::parse(&format!("3:{head}")).unwrap();
    let with =
        async |noted: NotedHead| verify_journal(&app.db, app.school, Some(&noted)).await.unwrap().broken;
    assert_eq!(with(noted(&first.head.unwrap())).await, None);
    assert_eq!(with(noted(&"00".repeat(32))).await.unwrap().code, "noted_head_differs");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_or_removed_entry_breaks_the_chain_where_it_was() {
    for statement in [
        "UPDATE journal SET action = 'undo_hand_over' WHERE id = ",
        "UPDATE journal SET at = at + interval '1 microsecond' WHERE id = ",
        "UPDATE journal SET device_id = gen_random_uuid() WHERE id = ",
        "UPDATE journal SET details = details || '{\"charter\": \"on_file\"}' WHERE id = ",
    ] {
        assert_eq!(broken_by(&format!("{statement}{}", entry(3))).await, (3, "entry_changed"), "{statement}");
    }
    assert_eq!(
        broken_by(&format!("DELETE FROM journal WHERE id = {}", entry(2))).await,
        (2, "entry_missing")
    );
    let both =
        format!("DELETE FROM journal WHERE id = {}; DELETE FROM journal_seals WHERE position = 2;", entry(2));
    assert_eq!(broken_by(&both).await, (2, "seal_missing"));
    let closed_up = format!("{both} UPDATE journal_seals SET position = position - 1 WHERE position > 2");
    assert_eq!(broken_by(&closed_up).await, (2, "entry_changed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_cut_off_the_end_or_slipped_in_are_found() {
    let cut = format!(
        "DELETE FROM journal WHERE id IN ({}, {}); DELETE FROM journal_seals WHERE position > 3;",
        entry(4),
        entry(5)
    );
    assert_eq!(broken_by(&cut).await, (4, "cut_short"));
    let slipped = "INSERT INTO journal (establishment_id, action) SELECT establishment_id, 'hand_over' FROM journal LIMIT 1";
    assert_eq!(broken_by(slipped).await.1, "never_sealed");
    assert_eq!(broken_by("UPDATE journal_heads SET position = 4").await, (4, "head_changed"));
    assert_eq!(broken_by("DELETE FROM journal_heads").await.1, "head_changed");

    // Whoever rewinds the head as well leaves no trace in the database: only a head noted elsewhere tells.
    let app = sealed(5).await;
    let noted = NotedHead::parse(&format!("5:{}", verdict(&app).await.head.unwrap())).unwrap();
    let rewound = "UPDATE journal_heads SET position = 3,
        hash = (SELECT hash FROM journal_seals WHERE position = 3)";
    tamper(&app, &format!("{cut}{rewound}")).await;
    assert_eq!(verdict(&app).await.broken, None);
    let told = verify_journal(&app.db, app.school, Some(&noted)).await.unwrap().broken.unwrap();
    assert_eq!((told.position, told.code), (5, "noted_head_differs"));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_itself_may_not_rewrite_seals() {
    let app = sealed(2).await;
    for statement in [
        "UPDATE journal_seals SET hash = hash",
        "DELETE FROM journal_seals",
        "TRUNCATE journal_seals",
        "TRUNCATE journal CASCADE",
        "UPDATE journal_heads SET position = 1",
        "DELETE FROM journal_heads",
    ] {
        let error = app.sql("every", statement).await.expect_err(statement).to_string();
        assert!(error.contains("is not allowed"), "{statement}: {error}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_says_which_place_is_broken() {
    let app = sealed(3).await;
    let run = |more: &[&str]| {
        let mut arguments = vec!["journal", "verify", "--database-url", &app.url];
        arguments.extend(more);
        let done = remise(&arguments).output();
        (done.status.code(), String::from_utf8(done.stdout).unwrap())
    };
    let (code, said) = run(&["--json"]);
    let verdicts: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((code, &verdicts[0]["sealed"], &verdicts[0]["broken"]), (Some(0), &json!(3), &json!(null)));
    let head = format!("3:{}", verdicts[0]["head"].as_str().unwrap());
    assert_eq!(run(&["--establishment", "0579999J", "--noted", &head]).0, Some(0));
    assert_eq!(run(&["--noted", "3:abc"]).0, Some(2));
    assert_eq!(run(&["--establishment", "0570001S"]).0, Some(1));

    tamper(&app, &format!("UPDATE journal SET action = 'x' WHERE id = {}", entry(2))).await;
    let (code, said) = run(&[]);
    assert_eq!(code, Some(1));
    assert!(said.contains("0579999J: broken at 2:"), "{said}");
    let doctor = remise(&["doctor", "--database-url", &app.url]).output();
    assert_eq!(doctor.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&doctor.stdout).contains("! journal: not what was sealed"));
    app.stop().await;
}
#[tokio::test(flavor = "multi_thread")]
async fn naming_a_desk_and_adding_an_operator_are_journalled() {
    let app = App::start().await;
    app.desk("Poste 1", Role::Operator).await;
    let named = "journal j JOIN stations t ON t.id = j.station_id WHERE j.action = 'name_station' AND j.operator_id IS NOT NULL";
    assert_eq!(app.count("every", named).await, 1);
    let added = "journal j JOIN operators o ON o.id = (j.details->>'operator_id')::uuid
                 WHERE j.action = 'add_operator' AND j.details->>'role' = 'operator'";
    assert_eq!(app.count("every", added).await, 1);
    app.stop().await;
}
