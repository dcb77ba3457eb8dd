//! Batches in which laptops go to the contractor.

use super::schema::{repair_batches, repairs};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Date, Int4, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::EstablishmentId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A batch, locked, as those that add to it or send it want it.
#[derive(Debug, Clone, QueryableByName)]
pub struct LockedBatch {
    #[diesel(sql_type = Bool)]
    pub sent: bool,
    #[diesel(sql_type = Array<SqlUuid>)]
    pub devices: Vec<Uuid>,
}

pub async fn lock(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    batch: Uuid,
) -> QueryResult<Option<LockedBatch>> {
    diesel::sql_query(
        "SELECT b.sent_at IS NOT NULL AS sent,
                ARRAY(SELECT r.device_id FROM repairs r WHERE r.batch_id = b.id AND r.closed_at IS NULL ORDER BY 1) AS devices
         FROM repair_batches b WHERE b.establishment_id = $1 AND b.id = $2 FOR NO KEY UPDATE OF b",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(batch)
    .get_result(conn)
    .await
    .optional()
}

/// Opens a batch; its number counts on from the school's last.
pub async fn open(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    contractor: &str,
    note: &str,
    operator: Uuid,
) -> QueryResult<Uuid> {
    let id = Uuid::now_v7();
    diesel::sql_query(
        "INSERT INTO repair_batches (id, establishment_id, number, contractor, note, opened_by)
         SELECT $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5 FROM repair_batches WHERE establishment_id = $2",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(school.0)
    .bind::<Text, _>(contractor)
    .bind::<Text, _>(note)
    .bind::<SqlUuid, _>(operator)
    .execute(conn)
    .await?;
    Ok(id)
}

/// Marks a batch and its repairs as sent.
pub async fn send(
    conn: &mut AsyncPgConnection,
    batch: Uuid,
    expected_back_on: NaiveDate,
    operator: Uuid,
) -> QueryResult<()> {
    diesel::update(repair_batches::table.find(batch))
        .set((
            repair_batches::sent_at.eq(diesel::dsl::now),
            repair_batches::sent_by.eq(operator),
            repair_batches::expected_back_on.eq(expected_back_on),
        ))
        .execute(conn)
        .await?;
    diesel::update(repairs::table.filter(repairs::batch_id.eq(batch)).filter(repairs::closed_at.is_null()))
        .set(repairs::sent_at.eq(diesel::dsl::now))
        .execute(conn)
        .await
        .map(drop)
}

/// A batch as the office lists it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, QueryableByName)]
pub struct BatchCard {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Int4)]
    pub number: i32,
    #[diesel(sql_type = Text)]
    pub contractor: String,
    #[diesel(sql_type = Text)]
    pub note: String,
    #[diesel(sql_type = Timestamptz)]
    pub opened_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub sent_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Date>)]
    pub expected_back_on: Option<NaiveDate>,
    /// Laptops in it.
    #[diesel(sql_type = BigInt)]
    pub devices: i64,
    /// Of them, not back yet.
    #[diesel(sql_type = BigInt)]
    pub away: i64,
    /// Days since they should have been back; 0 when they are, or are not due.
    #[diesel(sql_type = Int4)]
    pub days_late: i32,
}

const BATCH_SQL: &str = "
SELECT b.id, b.number, b.contractor, b.note, b.opened_at, b.sent_at, b.expected_back_on,
       count(r.id) AS devices, count(r.id) FILTER (WHERE r.closed_at IS NULL) AS away,
       CASE WHEN b.sent_at IS NOT NULL AND count(r.id) FILTER (WHERE r.closed_at IS NULL) > 0
            THEN greatest(0, (now() AT TIME ZONE 'Europe/Paris')::date - b.expected_back_on) ELSE 0 END AS days_late
FROM repair_batches b LEFT JOIN repairs r ON r.batch_id = b.id AND r.outcome IS DISTINCT FROM 'cancelled'
WHERE b.establishment_id = $1 ";

/// Batches of the school, the newest first; 200 at most.
pub async fn list(conn: &mut AsyncPgConnection, school: EstablishmentId) -> QueryResult<Vec<BatchCard>> {
    diesel::sql_query(format!("{BATCH_SQL} GROUP BY b.id ORDER BY b.number DESC LIMIT 200"))
        .bind::<SqlUuid, _>(school.0)
        .load(conn)
        .await
}

/// One of them, however many there are.
pub async fn one(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    batch: Uuid,
) -> QueryResult<Option<BatchCard>> {
    diesel::sql_query(format!("{BATCH_SQL} AND b.id = $2 GROUP BY b.id"))
        .bind::<SqlUuid, _>(school.0)
        .bind::<SqlUuid, _>(batch)
        .get_result(conn)
        .await
        .optional()
}
