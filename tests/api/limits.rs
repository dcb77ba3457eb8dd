//! What a desk is told when it would have to wait too long.

use crate::harness::{App, hand_over_request};
use domain::roles::Role;
use remise::db::{Db, Fault, Limits, Scope};
use remise::operations::Failure;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Two connections and little patience.
const LIMITS: Limits = Limits {
    connection: Duration::from_millis(500),
    statement: Duration::from_secs(5),
    lock: Duration::from_millis(300),
};

fn is_busy((status, said): &(u16, Value)) -> bool {
    *status == 503 && said["code"] == "busy" && said["title"] == "Service très occupé"
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_that_is_not_let_go_is_told_and_nothing_is_done() {
    let mut app = App::start().await;
    app.serve(Db::connect_with(&app.url, 2, LIMITS).await.unwrap()).await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    let device = app.device("5CD030BC10").await;
    let scope = format!("SET LOCAL remise.scope = '{}'", app.school);
    let held = app.hold(&format!("{scope}; SELECT FROM devices FOR UPDATE")).await;
    let request = hand_over_request(Uuid::now_v7(), lina, device);
    let answer = desk.post("/api/hand-overs", &request).await;
    assert!(is_busy(&answer), "{answer:?}");
    assert_eq!(app.count("every", "loans").await, 0);
    drop(held);
    // The refusal was not stored: the same request goes through.
    let (status, done) = desk.post("/api/hand-overs", &request).await;
    assert_eq!(status, 201, "{done}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_for_a_connection_for_ever() {
    let app = App::start().await;
    let db = Db::connect_with(&app.url, 2, LIMITS).await.unwrap();
    let sleeping: Vec<_> = (0..2)
        .map(|_| {
            let db = db.clone();
            tokio::spawn(async move { sleep(&db, 2).await })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(200)).await;
    let started = Instant::now();
    let refused = sleep(&db, 0).await.unwrap_err();
    assert!(matches!(&refused, Failure::Fault(Fault::Busy)), "{refused:?}");
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
    for sleeper in sleeping {
        sleeper.await.unwrap().unwrap();
    }
    sleep(&db, 0).await.unwrap();
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_ends_at_its_limit_and_files_have_more_time() {
    let app = App::start().await;
    let short = Limits { statement: Duration::from_millis(200), ..LIMITS };
    let db = Db::connect_with(&app.url, 2, short).await.unwrap();
    match sleep(&db, 1).await {
        Err(Failure::Fault(fault)) => assert!(fault.is_busy(), "{fault}"),
        other => panic!("{other:?}"),
    }
    sleep(&db.patient(), 1).await.unwrap();
    // The longer limit ended with its transaction.
    assert!(sleep(&db, 1).await.is_err());
    assert_eq!(setting(&app.db, "statement_timeout").await, json!("30s"));
    assert_eq!(setting(&app.db.patient(), "statement_timeout").await, json!("15min"));
    assert_eq!(setting(&app.db, "lock_timeout").await, json!("10s"));
    app.stop().await;
}

async fn sleep(db: &Db, seconds: u32) -> Result<(), Failure> {
    use diesel_async::SimpleAsyncConnection;
    db.read(Scope::Every, async |conn| Ok(conn.batch_execute(&format!("SELECT pg_sleep({seconds})")).await?))
        .await
}

async fn setting(db: &Db, name: &str) -> Value {
    use diesel_async::RunQueryDsl;
    let select = format!("current_setting('{name}')");
    let text: String = db
        .transaction(Scope::Every, async |conn| {
            let select = diesel::dsl::sql::<diesel::sql_types::Text>(&select);
            Ok::<_, Failure>(diesel::select(select).get_result(conn).await?)
        })
        .await
        .unwrap();
    json!(text)
}
