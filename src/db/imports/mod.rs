//! Files on their way in: what is known of each, how far it is, what is staged of it.
//!
//! - [`students`], [`guardians`], [`references`], [`badges`], [`devices`]: rows staged, compared and applied
//! - [`effects`]: what an applied file did, and putting it back
//! - [`settling`]: what only the end of a list of pupils tells
//! - [`issues`]: its faults
//! - [`layouts`]: columns that somebody has named

pub mod badges;
pub mod devices;
pub mod effects;
pub mod guardians;
pub mod issues;
pub mod layouts;
pub mod references;
pub mod settling;
pub mod students;

use super::schema::{establishments, imports};
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_types::{
    Array, BigInt, Bool, Date, Int4, Jsonb, Nullable, Text, Timestamp, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use domain::ids::EstablishmentId;
use serde_json::Value;
use uuid::Uuid;

/// Who reads a file gives a sign of life more often than this.
const SILENCE: &str = "interval '2 minutes'";
/// What was read of a file is forgotten after this, counted by the school.
const PATIENCE: &str =
    "(SELECT e.import_days * interval '1 day' FROM establishments e WHERE e.id = imports.establishment_id)";

/// A file about to be read.
#[derive(Insertable)]
#[diesel(table_name = imports)]
pub struct NewImport<'a> {
    pub id: Uuid,
    pub establishment_id: Uuid,
    pub kind: Option<&'a str>,
    pub file_name: &'a str,
    pub file_sha256: &'a [u8],
    pub state: &'a str,
    pub refusal: Option<Value>,
    pub created_by: Option<Uuid>,
    pub bytes_total: i64,
    pub as_of: Option<NaiveDate>,
}

/// What is known of a file.
#[derive(QueryableByName)]
pub struct Import {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub establishment: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub kind: Option<String>,
    #[diesel(sql_type = Text)]
    pub file_name: String,
    #[diesel(sql_type = Text)]
    pub state: String,
    /// Nobody reads it any more, although it was never read to its end.
    #[diesel(sql_type = Bool)]
    pub abandoned: bool,
    /// It is being applied at this moment.
    #[diesel(sql_type = Bool)]
    pub applying: bool,
    #[diesel(sql_type = Nullable<Int4>)]
    pub school_year: Option<i32>,
    #[diesel(sql_type = Nullable<Timestamp>)]
    pub exported_at: Option<NaiveDateTime>,
    /// It names everybody.
    #[diesel(sql_type = Bool)]
    pub complete: bool,
    /// The day against which leaving dates are judged; today without it.
    #[diesel(sql_type = Nullable<Date>)]
    pub as_of: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub refusal: Option<Value>,
    #[diesel(sql_type = Jsonb)]
    pub counts: Value,
    #[diesel(sql_type = Jsonb)]
    pub changes: Value,
    #[diesel(sql_type = BigInt)]
    pub bytes_read: i64,
    #[diesel(sql_type = BigInt)]
    pub bytes_total: i64,
    #[diesel(sql_type = BigInt)]
    pub rows_read: i64,
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub applied_at: Option<DateTime<Utc>>,
}

/// What a file would change.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, QueryableByName)]
pub struct Difference {
    #[diesel(sql_type = BigInt)]
    pub added: i64,
    #[diesel(sql_type = BigInt)]
    pub changed: i64,
    #[diesel(sql_type = BigInt)]
    pub unchanged: i64,
    #[diesel(sql_type = BigInt)]
    pub gone: i64,
}

/// A row that changes: the names of its fields are those of its table's `FIELDS`.
#[derive(Debug, QueryableByName)]
pub struct ChangedRow {
    /// `added`, `changed` or `gone`.
    #[diesel(sql_type = Text)]
    pub action: String,
    /// Serial number, or family name.
    #[diesel(sql_type = Text)]
    pub label: String,
    #[diesel(sql_type = Text)]
    pub first_name: String,
    #[diesel(sql_type = Array<Nullable<Text>>)]
    pub before: Vec<Option<String>>,
    #[diesel(sql_type = Array<Nullable<Text>>)]
    pub after: Vec<Option<String>>,
}

/// How far the reading is.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    pub bytes: i64,
    pub rows: i64,
}

/// A file read to its end.
pub struct Staged {
    pub counts: Value,
    pub changes: Value,
}

/// What a file says of itself.
pub struct Said {
    pub school_year: Option<i32>,
    pub exported_at: Option<NaiveDateTime>,
    pub complete: bool,
}

pub async fn insert(conn: &mut AsyncPgConnection, import: &NewImport<'_>) -> QueryResult<()> {
    diesel::insert_into(imports::table).values(import).execute(conn).await.map(drop)
}

/// The UAI of a school.
pub async fn uai(conn: &mut AsyncPgConnection, school: EstablishmentId) -> QueryResult<String> {
    establishments::table.find(school.0).select(establishments::uai).get_result(conn).await
}

/// The lock that who applies holds tells that it is being applied, on whichever instance.
const COLUMNS: &str =
    "SELECT i.id, e.uai AS establishment, i.kind, i.file_name, i.state, i.school_year, i.exported_at,
    i.complete, i.as_of, i.refusal, i.counts, i.changes, i.bytes_read, i.bytes_total, i.rows_read, i.created_at, i.applied_at,
    i.state = 'reading' AND i.touched_at < now() - {silence} AS abandoned,
    i.state = 'staged' AND EXISTS (
        SELECT 1 FROM pg_locks l
        WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted AND l.mode = 'ExclusiveLock'
          AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND (l.classid::bigint << 32 | l.objid::bigint) = hashtextextended('apply ' || i.id, 0)
          AND l.pid <> pg_backend_pid()) AS applying
    FROM imports i JOIN establishments e ON e.id = i.establishment_id";

fn select(rest: &str) -> String {
    format!("{} {rest}", COLUMNS.replace("{silence}", SILENCE))
}

/// One import, or `None` when the school has no such.
pub async fn find(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    id: Uuid,
) -> QueryResult<Option<Import>> {
    diesel::sql_query(select("WHERE i.establishment_id = $1 AND i.id = $2"))
        .bind::<SqlUuid, _>(school.0)
        .bind::<SqlUuid, _>(id)
        .get_result(conn)
        .await
        .optional()
}

/// The last ones, newest first.
pub async fn last(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    limit: i64,
) -> QueryResult<Vec<Import>> {
    diesel::sql_query(select("WHERE i.establishment_id = $1 ORDER BY i.created_at DESC, i.id DESC LIMIT $2"))
        .bind::<SqlUuid, _>(school.0)
        .bind::<BigInt, _>(limit)
        .load(conn)
        .await
}

/// When the last file of that kind that was applied, and not undone, was exported.
pub async fn last_exported(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    kind: &str,
) -> QueryResult<Option<NaiveDateTime>> {
    #[derive(QueryableByName)]
    struct Last {
        #[diesel(sql_type = Nullable<Timestamp>)]
        exported_at: Option<NaiveDateTime>,
    }
    let last: Last = diesel::sql_query(
        "SELECT max(exported_at) AS exported_at FROM imports
         WHERE establishment_id = $1 AND kind = $2 AND state = 'applied'",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<Text, _>(kind)
    .get_result(conn)
    .await?;
    Ok(last.exported_at)
}

/// Tells how far the reading is; false when it is no longer wanted.
pub async fn touch(conn: &mut AsyncPgConnection, id: Uuid, progress: Progress) -> QueryResult<bool> {
    diesel::sql_query(
        "UPDATE imports SET bytes_read = least($2, bytes_total), rows_read = $3, touched_at = now()
         WHERE id = $1 AND state = 'reading'",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<BigInt, _>(progress.bytes)
    .bind::<BigInt, _>(progress.rows)
    .execute(conn)
    .await
    .map(|rows| rows == 1)
}

/// What the file says of itself, once it is read to its end.
pub async fn set_said(conn: &mut AsyncPgConnection, id: Uuid, said: &Said) -> QueryResult<()> {
    diesel::sql_query("UPDATE imports SET school_year = $2, exported_at = $3, complete = $4 WHERE id = $1")
        .bind::<SqlUuid, _>(id)
        .bind::<Nullable<Int4>, _>(said.school_year)
        .bind::<Nullable<Timestamp>, _>(said.exported_at)
        .bind::<Bool, _>(said.complete)
        .execute(conn)
        .await
        .map(drop)
}

/// Compared and waiting for a decision.
pub async fn set_staged(conn: &mut AsyncPgConnection, id: Uuid, staged: &Staged) -> QueryResult<()> {
    diesel::sql_query(
        "UPDATE imports SET state = 'staged', counts = $2, changes = $3, bytes_read = bytes_total WHERE id = $1",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Jsonb, _>(&staged.counts)
    .bind::<Jsonb, _>(&staged.changes)
    .execute(conn)
    .await
    .map(drop)
}

/// The file turned out to be none we can take; what was staged of it goes.
pub async fn set_refused(conn: &mut AsyncPgConnection, id: Uuid, refusal: &Value) -> QueryResult<()> {
    diesel::sql_query(
        "UPDATE imports SET state = 'refused', refusal = $2 WHERE id = $1 AND state = 'reading'",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Jsonb, _>(refusal)
    .execute(conn)
    .await?;
    clear(conn, id).await
}

/// A text whose `$1` is the school and `$2` the import.
fn placed(
    (school, import): (EstablishmentId, Uuid),
    text: impl Into<String>,
) -> BoxedSqlQuery<'static, Pg, SqlQuery> {
    diesel::sql_query(text).into_boxed::<Pg>().bind::<SqlUuid, _>(school.0).bind::<SqlUuid, _>(import)
}

/// The numbers of rows, as the database has them.
fn row_numbers(rows: impl Iterator<Item = u32>) -> Vec<i32> {
    rows.map(|row| i32::try_from(row).unwrap_or(i32::MAX)).collect()
}

/// Not wanted after all; false when it was neither being read nor waiting.
pub async fn set_discarded(conn: &mut AsyncPgConnection, id: Uuid) -> QueryResult<bool> {
    let discarded = diesel::sql_query(
        "UPDATE imports SET state = 'discarded', changes = '[]' WHERE id = $1 AND state IN ('reading', 'staged')",
    )
    .bind::<SqlUuid, _>(id)
    .execute(conn)
    .await?;
    clear(conn, id).await?;
    Ok(discarded == 1)
}

pub async fn set_applied(conn: &mut AsyncPgConnection, id: Uuid, operator: Option<Uuid>) -> QueryResult<()> {
    diesel::sql_query(
        "UPDATE imports SET state = 'applied', changes = '[]', applied_at = now(), applied_by = $2 WHERE id = $1",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Nullable<SqlUuid>, _>(operator)
    .execute(conn)
    .await?;
    clear(conn, id).await
}

/// Put back as a whole, for a reason.
pub async fn set_undone(
    conn: &mut AsyncPgConnection,
    id: Uuid,
    operator: Option<Uuid>,
    reason: &str,
) -> QueryResult<()> {
    diesel::sql_query(
        "UPDATE imports SET state = 'undone', undone_at = now(), undone_by = $2, undo_reason = $3 WHERE id = $1",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Nullable<SqlUuid>, _>(operator)
    .bind::<Text, _>(reason)
    .execute(conn)
    .await?;
    diesel::sql_query("DELETE FROM import_effects WHERE import_id = $1")
        .bind::<SqlUuid, _>(id)
        .execute(conn)
        .await
        .map(drop)
}

/// Locks the import for a decision: two never apply one. Imports of one school wait for each other.
pub async fn lock(conn: &mut AsyncPgConnection, school: EstablishmentId, id: Uuid) -> QueryResult<()> {
    for key in [format!("apply {id}"), format!("import {school}")] {
        diesel::sql_query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
            .bind::<Text, _>(key)
            .execute(conn)
            .await?;
    }
    diesel::sql_query("SELECT 1 FROM imports WHERE id = $1 FOR NO KEY UPDATE")
        .bind::<SqlUuid, _>(id)
        .execute(conn)
        .await
        .map(drop)
}

/// Rows and issues live as long as the decision is open.
async fn clear(conn: &mut AsyncPgConnection, id: Uuid) -> QueryResult<()> {
    for table in STAGING {
        diesel::sql_query(format!("DELETE FROM {table} WHERE import_id = $1"))
            .bind::<SqlUuid, _>(id)
            .execute(conn)
            .await?;
    }
    Ok(())
}

const STAGING: [&str; 8] = [
    "staged_students",
    "staged_structures",
    "staged_guardians",
    "staged_guardian_links",
    "staged_references",
    "staged_badges",
    "staged_devices",
    "import_issues",
];

/// Days that what a file says waits for a decision, and what an applied one replaced is kept.
pub async fn delay(conn: &mut AsyncPgConnection, school: EstablishmentId) -> QueryResult<i16> {
    establishments::table.find(school.0).select(establishments::import_days).first(conn).await
}

pub async fn change_delay(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    days: i16,
) -> QueryResult<usize> {
    diesel::update(establishments::table.find(school.0))
        .set(establishments::import_days.eq(days))
        .execute(conn)
        .await
}

/// Forgets files that nobody reads any more or has decided about. Answers how many.
pub async fn forget(conn: &mut AsyncPgConnection) -> QueryResult<usize> {
    let forgotten = diesel::sql_query(format!(
        "UPDATE imports SET state = 'discarded', changes = '[]'
         WHERE state = 'staged' AND created_at < now() - {PATIENCE}
            OR state = 'reading' AND touched_at < now() - {SILENCE} * 5"
    ))
    .execute(conn)
    .await?;
    for table in STAGING {
        diesel::sql_query(format!(
            "DELETE FROM {table} WHERE import_id IN (SELECT id FROM imports WHERE state NOT IN ('reading', 'staged'))"
        ))
        .execute(conn)
        .await?;
    }
    diesel::sql_query(format!(
        "DELETE FROM import_effects WHERE import_id IN (SELECT id FROM imports WHERE applied_at < now() - {PATIENCE})"
    ))
    .execute(conn)
    .await?;
    Ok(forgotten)
}

/// Joins of whole tables from here to the end of the transaction, whatever the planner expects of rows
/// that were written a moment ago. Plans that triggers keep are made anew: a desk's are for one row.
pub async fn join_whole_tables(conn: &mut AsyncPgConnection) -> QueryResult<()> {
    conn.batch_execute("SET LOCAL enable_nestloop = off; DISCARD PLANS").await
}

/// Leaves no plan for whole tables behind on a connection that a desk may have next. Goes last.
pub async fn forget_plans(conn: &mut AsyncPgConnection) -> QueryResult<()> {
    conn.batch_execute("DISCARD PLANS").await
}

/// Nobody was told of what this transaction writes: after a power cut the file is to be sent again, and what
/// comes after it waits for the disk for both.
pub async fn need_not_last(conn: &mut AsyncPgConnection) -> QueryResult<()> {
    diesel::sql_query("SET LOCAL synchronous_commit = off").execute(conn).await.map(drop)
}

/// Tells the planner how many rows were staged: it has not seen them yet.
pub async fn count_staged(conn: &mut AsyncPgConnection) -> QueryResult<()> {
    diesel::sql_query(
        "ANALYZE staged_students, staged_structures, staged_guardians, staged_guardian_links, staged_references,
                 staged_badges, staged_devices",
    )
        .execute(conn)
        .await
        .map(drop)
}
