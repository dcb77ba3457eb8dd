//! Stored answers that have had their time.

use diesel_async::{AsyncPgConnection, RunQueryDsl};

/// Deletes answers older than the days their school keeps them; answers how many.
pub async fn forget(conn: &mut AsyncPgConnection) -> diesel::QueryResult<usize> {
    diesel::sql_query(
        "DELETE FROM answers a USING establishments e
         WHERE e.id = a.establishment_id AND a.created_at < now() - make_interval(days => e.answers_kept_days)",
    )
    .execute(conn)
    .await
}
