//! The hash chain over the journal: what waits for its seal, the seals, and the head of each school.

use super::schema::{journal, journal_heads, journal_queue, journal_seals};
use chrono::{DateTime, Utc};
use diesel::dsl::{count_star, exists, not};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};
use diesel::upsert::excluded;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::EstablishmentId;
use serde_json::Value;
use uuid::Uuid;

/// "seal" as a number: the advisory lock of the one instance that seals.
const SEAL_LOCK: i64 = 0x7365_616c;

/// An entry of the journal, as its seal covers it.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable)]
#[diesel(table_name = journal)]
pub struct JournalEntry {
    pub id: i64,
    pub establishment_id: Uuid,
    pub at: DateTime<Utc>,
    pub desk_at: Option<DateTime<Utc>>,
    pub operator_id: Option<Uuid>,
    pub station_id: Option<Uuid>,
    pub action: String,
    pub student_id: Option<Uuid>,
    pub device_id: Option<Uuid>,
    pub loan_id: Option<Uuid>,
    pub details: Value,
}

/// A place in a school's chain.
#[derive(Debug, Clone, PartialEq, Eq, Insertable, Queryable, Selectable)]
#[diesel(table_name = journal_seals)]
pub struct Seal {
    pub establishment_id: Uuid,
    /// From 1.
    pub position: i64,
    pub journal_id: i64,
    /// 32 bytes.
    pub hash: Vec<u8>,
}

/// True when this transaction is the one that seals; the lock ends with it.
pub async fn try_lock(conn: &mut AsyncPgConnection) -> QueryResult<bool> {
    diesel::select(
        diesel::dsl::sql::<Bool>("pg_try_advisory_xact_lock(").bind::<BigInt, _>(SEAL_LOCK).sql(")"),
    )
    .get_result(conn)
    .await
}

/// Entries that wait, by school and number, `limit` at most.
pub async fn waiting(conn: &mut AsyncPgConnection, limit: i64) -> QueryResult<Vec<JournalEntry>> {
    journal_queue::table
        .inner_join(journal::table.on(journal::id.eq(journal_queue::journal_id)))
        .order((journal_queue::establishment_id, journal_queue::journal_id))
        .limit(limit)
        .select(JournalEntry::as_select())
        .load(conn)
        .await
}

/// Position and hash of a school's last seal.
pub async fn head(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
) -> QueryResult<Option<(i64, Vec<u8>)>> {
    journal_heads::table
        .find(school.0)
        .select((journal_heads::position, journal_heads::hash))
        .first(conn)
        .await
        .optional()
}

/// Writes consecutive seals of one school, moves its head to the last and empties the queue of them.
pub async fn append(conn: &mut AsyncPgConnection, seals: &[Seal]) -> QueryResult<()> {
    let Some(last) = seals.last() else { return Ok(()) };
    diesel::insert_into(journal_seals::table).values(seals).execute(conn).await?;
    diesel::insert_into(journal_heads::table)
        .values((
            journal_heads::establishment_id.eq(last.establishment_id),
            journal_heads::position.eq(last.position),
            journal_heads::hash.eq(&last.hash),
        ))
        .on_conflict(journal_heads::establishment_id)
        .do_update()
        .set((
            journal_heads::position.eq(excluded(journal_heads::position)),
            journal_heads::hash.eq(excluded(journal_heads::hash)),
            journal_heads::sealed_at.eq(diesel::dsl::now),
        ))
        .execute(conn)
        .await?;
    let sealed: Vec<i64> = seals.iter().map(|seal| seal.journal_id).collect();
    diesel::delete(journal_queue::table.filter(journal_queue::journal_id.eq_any(sealed)))
        .execute(conn)
        .await?;
    Ok(())
}

/// Seals of a school after `position`, each with its entry when that is still there; `limit` at most.
pub async fn after(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    position: i64,
    limit: i64,
) -> QueryResult<Vec<(Seal, Option<JournalEntry>)>> {
    journal_seals::table
        .left_join(journal::table.on(journal::id.eq(journal_seals::journal_id)))
        .filter(journal_seals::establishment_id.eq(school.0))
        .filter(journal_seals::position.gt(position))
        .order(journal_seals::position)
        .limit(limit)
        .select((Seal::as_select(), Option::<JournalEntry>::as_select()))
        .load(conn)
        .await
}

/// Entries of a school that wait for their seal.
pub async fn count_waiting(conn: &mut AsyncPgConnection, school: EstablishmentId) -> QueryResult<i64> {
    journal_queue::table
        .filter(journal_queue::establishment_id.eq(school.0))
        .select(count_star())
        .first(conn)
        .await
}

/// An entry that has no seal and waits for none: it never came by the service.
pub async fn stray(conn: &mut AsyncPgConnection, school: EstablishmentId) -> QueryResult<Option<i64>> {
    journal::table
        .filter(journal::establishment_id.eq(school.0))
        .filter(not(exists(journal_seals::table.filter(journal_seals::journal_id.eq(journal::id)))))
        .filter(not(exists(journal_queue::table.filter(journal_queue::journal_id.eq(journal::id)))))
        .order(journal::id)
        .select(journal::id)
        .first(conn)
        .await
        .optional()
}
