//! Migrations apply, revert and apply again.

use crate::harness::App;
use diesel_async::{AsyncConnection, AsyncMigrationHarness, AsyncPgConnection};
use diesel_migrations::MigrationHarness;
use remise::db::migrations::{MIGRATIONS, migrate};

#[tokio::test(flavor = "multi_thread")]
async fn migrations_apply_revert_and_apply_again() {
    let app = App::start().await;
    app.sql("every", "SELECT 1 FROM loans").await.unwrap();
    let conn = AsyncPgConnection::establish(&app.url).await.unwrap();
    let reverted = tokio::task::block_in_place(|| {
        AsyncMigrationHarness::new(conn).revert_all_migrations(MIGRATIONS).unwrap().len()
    });
    assert!(app.sql("every", "SELECT 1 FROM loans").await.is_err());
    assert_eq!(migrate(&app.url).await.unwrap().len(), reverted);
    assert!(migrate(&app.url).await.unwrap().is_empty());
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_instances_may_start_at_once() {
    let app = App::start().await;
    let conn = AsyncPgConnection::establish(&app.url).await.unwrap();
    tokio::task::block_in_place(|| {
        AsyncMigrationHarness::new(conn).revert_all_migrations(MIGRATIONS).unwrap().len()
    });
    let starts: Vec<_> = (0..6)
        .map(|_| {
            let url = app.url.clone();
            tokio::spawn(async move { migrate(&url).await.map(|applied| applied.len()) })
        })
        .collect();
    let mut applied = 0;
    for start in starts {
        applied += start.await.unwrap().unwrap();
    }
    assert_eq!(applied, 8);
    app.stop().await;
}
