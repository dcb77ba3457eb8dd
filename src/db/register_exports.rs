//! Registers that left for the Région.

use super::schema::register_exports;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Int4, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::EstablishmentId;
use serde_json::Value;
use uuid::Uuid;

/// An export about to be kept.
#[derive(Insertable)]
#[diesel(table_name = register_exports)]
pub struct NewExport<'a> {
    pub id: Uuid,
    pub establishment_id: Uuid,
    pub number: i32,
    pub kind: &'a str,
    pub format: &'a str,
    pub preset_id: Option<Uuid>,
    pub after_position: i64,
    pub up_to_position: i64,
    pub rows: i32,
    pub totals: Value,
    pub sha256: Vec<u8>,
    pub made_by: Option<Uuid>,
}

/// An export that was made.
#[derive(Debug, Clone, QueryableByName)]
pub struct Export {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Int4)]
    pub number: i32,
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Text)]
    pub format: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub preset: Option<String>,
    #[diesel(sql_type = BigInt)]
    pub after_position: i64,
    #[diesel(sql_type = BigInt)]
    pub up_to_position: i64,
    /// The export a delta follows.
    #[diesel(sql_type = Nullable<Int4>)]
    pub after: Option<i32>,
    #[diesel(sql_type = Jsonb)]
    pub totals: Value,
    #[diesel(sql_type = Binary)]
    pub sha256: Vec<u8>,
    #[diesel(sql_type = Timestamptz)]
    pub made_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Text>)]
    pub made_by: Option<String>,
    #[diesel(sql_type = Text)]
    pub uai: String,
    #[diesel(sql_type = Text)]
    pub school: String,
}

const EXPORTS: &str = "
SELECT x.id, x.number, x.kind, x.format, p.name AS preset, x.after_position, x.up_to_position, x.totals, x.sha256,
       x.made_at, o.name AS made_by, e.uai, e.name AS school,
       CASE WHEN x.kind = 'delta' THEN
           (SELECT max(y.number) FROM register_exports y
            WHERE y.establishment_id = x.establishment_id AND y.up_to_position = x.after_position AND y.number < x.number)
       END AS after
FROM register_exports x
JOIN establishments e ON e.id = x.establishment_id
LEFT JOIN export_presets p ON p.id = x.preset_id
LEFT JOIN operators o ON o.id = x.made_by ";

/// The school's exports, newest first.
pub async fn list(conn: &mut AsyncPgConnection, school: EstablishmentId) -> QueryResult<Vec<Export>> {
    diesel::sql_query(format!("{EXPORTS} WHERE x.establishment_id = $1 ORDER BY x.number DESC LIMIT 200"))
        .bind::<SqlUuid, _>(school.0)
        .load(conn)
        .await
}

/// The export of that number, or the last one.
pub async fn find(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    number: Option<i32>,
) -> QueryResult<Option<Export>> {
    diesel::sql_query(format!(
        "{EXPORTS} WHERE x.establishment_id = $1 AND ($2::int IS NULL OR x.number = $2) ORDER BY x.number DESC LIMIT 1"
    ))
    .bind::<SqlUuid, _>(school.0)
    .bind::<Nullable<Int4>, _>(number)
    .get_result(conn)
    .await
    .optional()
}

/// Exports whose file has that hash, of every school in scope.
pub async fn of_hash(conn: &mut AsyncPgConnection, sha256: &[u8]) -> QueryResult<Vec<Export>> {
    diesel::sql_query(format!("{EXPORTS} WHERE x.sha256 = $1 ORDER BY x.made_at"))
        .bind::<Binary, _>(sha256)
        .load(conn)
        .await
}

/// Whether the school has an export of that id.
pub async fn is_made(conn: &mut AsyncPgConnection, school: EstablishmentId, id: Uuid) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(
        register_exports::table
            .filter(register_exports::establishment_id.eq(school.0))
            .filter(register_exports::id.eq(id)),
    ))
    .get_result(conn)
    .await
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = Int4)]
    n: i32,
}

/// The number of the next export; others wait until this transaction ends.
pub async fn next_number(conn: &mut AsyncPgConnection, school: EstablishmentId) -> QueryResult<i32> {
    diesel::sql_query("SELECT pg_advisory_xact_lock(hashtextextended('register_exports ' || $1::text, 0))")
        .bind::<Text, _>(school.to_string())
        .execute(conn)
        .await?;
    let number: Number = diesel::sql_query(
        "SELECT coalesce(max(number), 0) + 1 AS n FROM register_exports WHERE establishment_id = $1",
    )
    .bind::<SqlUuid, _>(school.0)
    .get_result(conn)
    .await?;
    Ok(number.n)
}

pub async fn add(conn: &mut AsyncPgConnection, export: &NewExport<'_>) -> QueryResult<()> {
    diesel::insert_into(register_exports::table).values(export).execute(conn).await.map(drop)
}
