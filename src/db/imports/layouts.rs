//! Layouts of tables that somebody has named the columns of.

use diesel::prelude::*;
use diesel::sql_types::{Array, Jsonb, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::EstablishmentId;
use serde_json::Value;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    fingerprint: String,
    #[diesel(sql_type = Jsonb)]
    layout: Value,
}

/// The last used of those layouts, with its fingerprint.
pub async fn of_fingerprints(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    fingerprints: &[&str],
) -> QueryResult<Option<(String, Value)>> {
    let found: Option<Row> = diesel::sql_query(
        "SELECT fingerprint, layout FROM import_layouts WHERE establishment_id = $1 AND fingerprint = ANY ($2)
         ORDER BY used_at DESC LIMIT 1",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<Array<Text>, _>(fingerprints)
    .get_result(conn)
    .await
    .optional()?;
    Ok(found.map(|row| (row.fingerprint, row.layout)))
}

pub async fn remember(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    fingerprint: &str,
    layout: &Value,
) -> QueryResult<()> {
    diesel::sql_query(
        "INSERT INTO import_layouts (establishment_id, fingerprint, layout) VALUES ($1, $2, $3)
         ON CONFLICT (establishment_id, fingerprint) DO UPDATE SET layout = excluded.layout, used_at = now()",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<Text, _>(fingerprint)
    .bind::<Jsonb, _>(layout)
    .execute(conn)
    .await
    .map(drop)
}
