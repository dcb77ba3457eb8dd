//! Brings the tables up to date, one instance at a time.

use super::{Fault, role};
use diesel_async::{AsyncConnection, AsyncMigrationHarness, AsyncPgConnection, SimpleAsyncConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

/// Every migration, in the binary.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// The oldest server whose SQL the migrations may use.
const OLDEST_SERVER: i32 = 150_000;

/// "remise" as a number: the advisory lock that lets several instances start at once.
const START_LOCK: i64 = 0x7265_6d69_7365;

/// Applies what is missing and tells the names of what was applied. Instances that
/// start together wait for the first. Needs the multi-thread runtime.
pub async fn migrate(url: &str) -> Result<Vec<String>, Fault> {
    let mut conn = AsyncPgConnection::establish(url).await.map_err(|e| Fault::Connection(e.to_string()))?;
    let (number, version) = role::server_version(&mut conn).await?;
    if number < OLDEST_SERVER {
        return Err(Fault::TooOld(version));
    }
    conn.batch_execute(&format!("SELECT pg_advisory_lock({START_LOCK})")).await?;
    // The lock goes with the connection, whatever happens below.
    tokio::task::block_in_place(|| {
        let mut harness = AsyncMigrationHarness::new(conn);
        harness
            .run_pending_migrations(MIGRATIONS)
            .map(|applied| applied.iter().map(ToString::to_string).collect())
            .map_err(|e| Fault::Other(format!("migration: {e}")))
    })
}
