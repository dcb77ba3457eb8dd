//! Receipts of signed charters: written, withdrawn, counted. A receipt is never changed: another
//! one takes its place.

use super::named::NamedPupil;
use super::prepared::KeepPlan;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Int2, Int4, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::charter::{Copies, SignatoryKind};
use domain::ids::{EstablishmentId, StationId};
use domain::undo::UNDO_WINDOW;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Who signed beside the pupil, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signatory {
    pub kind: SignatoryKind,
    pub name: String,
}

/// A receipt about to be written.
pub struct NewReceipt<'a> {
    pub school: EstablishmentId,
    pub student: Uuid,
    pub charter: Uuid,
    pub copies: Copies,
    /// `barcode`, `key` or `intake`.
    pub method: &'a str,
    pub station: Uuid,
    pub operator: Uuid,
    /// The incomplete receipt on file, which this one withdraws.
    pub replaces: Option<Uuid>,
    pub signatory: Option<&'a Signatory>,
}

/// Writes the receipt; an incomplete one on file is withdrawn, never overwritten: what was taken
/// in stays told, and stands again when this is undone. Its signatory counts until another is named.
pub async fn write(conn: &mut AsyncPgConnection, receipt: &NewReceipt<'_>) -> QueryResult<Uuid> {
    if let Some(partial) = receipt.replaces {
        diesel::sql_query("UPDATE charter_receipts SET withdrawn_at = now() WHERE id = $1")
            .bind::<SqlUuid, _>(partial)
            .keep_plan()
            .execute(conn)
            .await?;
    }
    let id = Uuid::now_v7();
    diesel::sql_query(
        "INSERT INTO charter_receipts (id, establishment_id, student_id, charter_id, copies_shown, copies_kept, method,
                                       station_id, operator_id, replaces, signatory, signatory_kind)
         SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, coalesce($11, p.signatory),
                CASE WHEN $11 IS NULL THEN p.signatory_kind ELSE $12 END
         FROM (SELECT 1) AS one LEFT JOIN charter_receipts p ON p.id = $10",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(receipt.school.0)
    .bind::<SqlUuid, _>(receipt.student)
    .bind::<SqlUuid, _>(receipt.charter)
    .bind::<Int2, _>(i16::from(receipt.copies.shown))
    .bind::<Int2, _>(i16::from(receipt.copies.kept))
    .bind::<Text, _>(receipt.method)
    .bind::<SqlUuid, _>(receipt.station)
    .bind::<SqlUuid, _>(receipt.operator)
    .bind::<Nullable<SqlUuid>, _>(receipt.replaces)
    .bind::<Nullable<Text>, _>(receipt.signatory.map(|signatory| signatory.name.as_str()))
    .bind::<Nullable<Text>, _>(receipt.signatory.map(|signatory| signatory.kind.as_str()))
    .keep_plan()
    .execute(conn)
    .await?;
    Ok(id)
}

/// A copy taken in, as the list shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Intake {
    pub receipt_id: Uuid,
    pub student_id: Uuid,
    pub name: String,
    pub class: Option<String>,
    /// 1, which the school keeps, or 2, the family's; 0 when both came at once.
    pub copy: u8,
    pub shown: u8,
    pub kept: u8,
    pub complete: bool,
    pub signatory: Option<String>,
    pub received_at: DateTime<Utc>,
    pub undone: bool,
    /// Until when its station may take it back.
    pub undo_until: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct IntakeRow {
    #[diesel(sql_type = SqlUuid)]
    receipt_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    student_id: Uuid,
    #[diesel(embed)]
    pupil: NamedPupil,
    #[diesel(sql_type = Int4)]
    copy: i32,
    #[diesel(sql_type = Int2)]
    shown: i16,
    #[diesel(sql_type = Int2)]
    kept: i16,
    #[diesel(sql_type = Nullable<Text>)]
    signatory: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    received_at: DateTime<Utc>,
    #[diesel(sql_type = Bool)]
    undone: bool,
}

/// A receipt that another one replaced has not been undone: it lives on in that one.
const STANDS: &str = "(r.withdrawn_at IS NULL OR EXISTS (
    SELECT FROM charter_receipts n WHERE n.replaces = r.id AND n.withdrawn_at IS NULL))";

const INTAKE_SQL: &str = "
SELECT r.id AS receipt_id, s.id AS student_id, s.last_name, s.first_name, c.code AS class_code,
       CASE WHEN r.copies_shown - coalesce(p.copies_shown, 0) <> 1 THEN 0
            WHEN r.copies_kept > coalesce(p.copies_kept, 0) THEN 1 ELSE 2 END AS copy,
       r.copies_shown AS shown, r.copies_kept AS kept, r.signatory, r.received_at,
       r.withdrawn_at IS NOT NULL AND NOT EXISTS (SELECT FROM charter_receipts n WHERE n.replaces = r.id
           AND n.withdrawn_at IS NULL) AS undone
FROM charter_receipts r
JOIN students s ON s.id = r.student_id
LEFT JOIN classes c ON c.id = s.class_id
LEFT JOIN charter_receipts p ON p.id = r.replaces
WHERE r.establishment_id = $1 AND r.method = 'intake'";

impl From<IntakeRow> for Intake {
    fn from(row: IntakeRow) -> Self {
        let small = |count: i16| u8::try_from(count).unwrap_or(0);
        let copies = Copies { shown: small(row.shown), kept: small(row.kept) };
        Self {
            receipt_id: row.receipt_id,
            student_id: row.student_id,
            name: row.pupil.name(),
            class: row.pupil.class_code,
            copy: u8::try_from(row.copy).unwrap_or(0),
            shown: copies.shown,
            kept: copies.kept,
            complete: copies.is_complete(),
            signatory: row.signatory,
            received_at: row.received_at,
            undone: row.undone,
            undo_until: row.received_at + UNDO_WINDOW,
        }
    }
}

/// One copy taken in.
pub async fn intake(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    receipt: Uuid,
) -> QueryResult<Option<Intake>> {
    let row: Option<IntakeRow> = diesel::sql_query(format!("{INTAKE_SQL} AND r.id = $2"))
        .bind::<SqlUuid, _>(school.0)
        .bind::<SqlUuid, _>(receipt)
        .keep_plan()
        .get_result(conn)
        .await
        .optional()?;
    Ok(row.map(Intake::from))
}

/// The last copies a station took in, newest first.
pub async fn intakes_of_station(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    station: StationId,
    limit: i64,
) -> QueryResult<Vec<Intake>> {
    let rows: Vec<IntakeRow> = diesel::sql_query(format!(
        "{INTAKE_SQL} AND r.station_id = $2 ORDER BY r.received_at DESC, r.id DESC LIMIT $3"
    ))
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(station.0)
    .bind::<BigInt, _>(limit)
    .keep_plan()
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(Intake::from).collect())
}

/// How many copies of the campaign's charter were taken in ahead of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema, QueryableByName)]
pub struct IntakeCounts {
    #[diesel(sql_type = BigInt)]
    pub today: i64,
    #[diesel(sql_type = BigInt)]
    pub all: i64,
    /// Pupils whose charter is complete, however it came in.
    #[diesel(sql_type = BigInt)]
    pub complete: i64,
}

pub async fn counts(conn: &mut AsyncPgConnection, school: EstablishmentId) -> QueryResult<IntakeCounts> {
    diesel::sql_query(format!(
        "SELECT coalesce(sum(copies) FILTER (WHERE intake AND today), 0)::bigint AS today,
                coalesce(sum(copies) FILTER (WHERE intake), 0)::bigint AS all,
                count(*) FILTER (WHERE complete) AS complete
         FROM (SELECT r.copies_shown - coalesce(p.copies_shown, 0) AS copies, r.method = 'intake' AS intake,
                      (r.received_at AT TIME ZONE 'Europe/Paris')::date = (now() AT TIME ZONE 'Europe/Paris')::date AS today,
                      r.withdrawn_at IS NULL AND r.copies_shown = 2 AND r.copies_kept = 1 AS complete
               FROM charter_receipts r
               JOIN campaigns k ON k.charter_id = r.charter_id AND k.is_current
               LEFT JOIN charter_receipts p ON p.id = r.replaces
               WHERE r.establishment_id = $1 AND {STANDS}) counted"
    ))
    .bind::<SqlUuid, _>(school.0)
    .get_result(conn)
    .await
}

/// A receipt somebody wants to take back.
#[derive(Debug, Clone, QueryableByName)]
pub struct Standing {
    #[diesel(sql_type = SqlUuid)]
    pub student_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub station_id: Option<Uuid>,
    #[diesel(sql_type = Timestamptz)]
    pub received_at: DateTime<Utc>,
    #[diesel(sql_type = Bool)]
    pub stands: bool,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub replaces: Option<Uuid>,
    /// A loan goes by it.
    #[diesel(sql_type = Bool)]
    pub used: bool,
}

pub async fn standing(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    receipt: Uuid,
) -> QueryResult<Option<Standing>> {
    diesel::sql_query(
        "SELECT r.student_id, r.station_id, r.received_at, r.withdrawn_at IS NULL AS stands, r.replaces,
                EXISTS (SELECT FROM loans l WHERE l.student_id = r.student_id AND l.charter_receipt_id = r.id
                        AND l.closed_at IS NULL) AS used
         FROM charter_receipts r WHERE r.establishment_id = $1 AND r.id = $2 AND r.method = 'intake'",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(receipt)
    .get_result(conn)
    .await
    .optional()
}

/// Withdraws a receipt; the one it replaced stands again when `restored` names it.
pub async fn withdraw(
    conn: &mut AsyncPgConnection,
    receipt: Uuid,
    by: Uuid,
    reason: &str,
    restored: Option<Uuid>,
) -> QueryResult<()> {
    diesel::sql_query(
        "UPDATE charter_receipts SET withdrawn_at = now(), withdrawn_by = $2, withdrawal_reason = $3 WHERE id = $1",
    )
    .bind::<SqlUuid, _>(receipt)
    .bind::<SqlUuid, _>(by)
    .bind::<Text, _>(reason)
    .execute(conn)
    .await?;
    let Some(restored) = restored else { return Ok(()) };
    diesel::sql_query(
        "UPDATE charter_receipts SET withdrawn_at = NULL WHERE id = $1 AND withdrawn_by IS NULL",
    )
    .bind::<SqlUuid, _>(restored)
    .execute(conn)
    .await
    .map(drop)
}
