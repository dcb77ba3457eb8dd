//! Wrong passwords in a row, counted for a school, a name and an address together; and
//! sessions that ended.

use super::schema::{login_attempts, sessions};
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};

/// Wrong passwords in a row and when the last one came.
pub async fn failures(conn: &mut AsyncPgConnection, key: &[u8]) -> QueryResult<Option<(i32, DateTime<Utc>)>> {
    login_attempts::table
        .find(key)
        .select((login_attempts::failures, login_attempts::last_at))
        .first(conn)
        .await
        .optional()
}

/// One more.
pub async fn count(conn: &mut AsyncPgConnection, key: &[u8]) -> QueryResult<()> {
    diesel::insert_into(login_attempts::table)
        .values((login_attempts::key.eq(key), login_attempts::failures.eq(1)))
        .on_conflict(login_attempts::key)
        .do_update()
        .set((
            login_attempts::failures.eq(login_attempts::failures + 1),
            login_attempts::last_at.eq(diesel::dsl::now),
        ))
        .execute(conn)
        .await
        .map(drop)
}

/// None any more: the right password came.
pub async fn clear(conn: &mut AsyncPgConnection, key: &[u8]) -> QueryResult<()> {
    diesel::delete(login_attempts::table.find(key)).execute(conn).await.map(drop)
}

/// Forgets what is older than `age`: a wait is over by then.
pub async fn forget(conn: &mut AsyncPgConnection, age: Duration) -> QueryResult<usize> {
    diesel::delete(login_attempts::table.filter(login_attempts::last_at.lt(Utc::now() - age)))
        .execute(conn)
        .await
}

/// Deletes sessions that have ended.
pub async fn forget_sessions(conn: &mut AsyncPgConnection) -> QueryResult<usize> {
    diesel::delete(sessions::table.filter(sessions::expires_at.lt(diesel::dsl::now))).execute(conn).await
}
