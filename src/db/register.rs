//! The register owed to the Région: one row a loan, streamed; and its totals.

use super::conditions::{is_entitled, is_there};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::deserialize::{self, QueryableByName};
use diesel::pg::Pg;
use diesel::row::NamedRow;
use diesel::sql_types::{
    Array, BigInt, Bool, Date, Int2, Int4, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::EstablishmentId;
use domain::register::{GrantRow, RegisterRow, Totals};
use futures_util::TryStreamExt;

/// Which loans. Hand-overs that were undone never happened for the Région: they are in no register.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RegisterFilter {
    pub class: Option<String>,
    /// First and last day of handing over.
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    /// Only loans that are open (`true`) or closed (`false`).
    pub open: Option<bool>,
}

/// The loans of a delta: those that sealed entries of the journal after one position touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Since {
    /// Position of the last seal that the export before has.
    pub position: i64,
    /// When that export was made: what it told of and was undone since is told as undone.
    pub at: DateTime<Utc>,
}

// Row-level security looks to the planner as if it hid nearly every row, so that joins of whole
// tables come out as loops within loops. What few loans have is therefore reached row by row,
// each through an index that mostly answers nothing.
macro_rules! rows {
    () => {
        "
SELECT e.uai, e.name AS school, coalesce(s.eleve_id, '') AS eleve_id, s.last_name, s.first_name, s.birth_date, c.code AS class_code,
       s.mef, d.serial_number AS serial, m.part_number, m.designation AS model,
       n.note_number AS delivery_note, d.lot, l.opened_at, o.name AS operator, t.name AS station, l.kit,
       r.copies_shown, r.received_at AS charter_at, r.signatory,
       l.charter_override_reason AS override_reason, l.kind, l.closed_at, l.close_kind, l.close_reason,
       l.purpose, l.due_on, b.serial_number AS replaces,
       i.kind AS incident, i.reported_at AS incident_at, i.complaint_number, i.description AS incident_description,
       g.id IS NOT NULL AS granting, g.decision, g.budget_year, g.amount_cents AS grant_amount,
       p.repairs, p.outcome AS repair_outcome, p.cost AS repair_cost
FROM loans l
JOIN establishments e ON e.id = l.establishment_id
JOIN students s ON s.id = l.student_id
LEFT JOIN classes c ON c.id = s.class_id
JOIN devices d ON d.id = l.device_id
JOIN device_models m ON m.id = d.model_id
LEFT JOIN deliveries n ON n.id = d.delivery_id
JOIN operators o ON o.id = l.opened_by
JOIN stations t ON t.id = l.opened_at_station
LEFT JOIN charter_receipts r ON r.id = l.charter_receipt_id
LEFT JOIN loans w ON w.id = l.replaces
LEFT JOIN devices b ON b.id = w.device_id
LEFT JOIN LATERAL (
    SELECT x.id, x.kind, x.reported_at, x.complaint_number, x.description FROM incidents x
    WHERE x.loan_id = l.id AND x.cancelled_at IS NULL ORDER BY x.reported_at DESC LIMIT 1) i ON true
LEFT JOIN LATERAL (
    SELECT x.id, x.decision, x.budget_year, x.amount_cents FROM emergency_grants x
    WHERE x.incident_id = i.id ORDER BY x.requested_at DESC LIMIT 1) g ON true
-- A repair that no incident began is that of the loan it began in.
LEFT JOIN LATERAL (
    SELECT nullif(count(*), 0) AS repairs, sum(x.cost_cents)::bigint AS cost,
           (array_agg(x.outcome ORDER BY x.opened_at DESC))[1] AS outcome
    FROM repairs x LEFT JOIN incidents y ON y.id = x.incident_id
    WHERE x.device_id = l.device_id AND x.outcome IS DISTINCT FROM 'cancelled'
      AND CASE WHEN x.incident_id IS NOT NULL THEN y.loan_id = l.id
               ELSE x.opened_at >= l.opened_at AND (l.closed_at IS NULL OR x.opened_at < l.closed_at) END) p ON true
WHERE l.establishment_id = $1 "
    };
}

/// $1 school, $2 class, $3 and $4 first and last day, $5 open. The days are those of the
/// French wall clock, compared as moments so that the index by opening serves.
pub const SQL: &str = concat!(
    rows!(),
    "AND l.close_kind IS DISTINCT FROM 'undone'
  AND ($2::text IS NULL OR c.code = $2)
  AND ($3::date IS NULL OR l.opened_at >= $3::timestamp AT TIME ZONE 'Europe/Paris')
  AND ($4::date IS NULL OR l.opened_at < ($4 + 1)::timestamp AT TIME ZONE 'Europe/Paris')
  AND ($5::bool IS NULL OR (l.closed_at IS NULL) = $5)
ORDER BY l.opened_at, l.id"
);

/// $1 school, $2 position of the export before, $3 when that was made. An entry of a repair names
/// a laptop only, and one of a grant a pupil only: the loans of both are told anew.
const CHANGED: &str = concat!(
    "WITH touched AS MATERIALIZED (
    SELECT j.loan_id, j.device_id, j.student_id FROM journal_seals z JOIN journal j ON j.id = z.journal_id
    WHERE z.establishment_id = $1 AND z.position > $2 AND j.action NOT IN ('learn_badge', 'forget_badge', 'see_device', 'unsee_device', 'fill_repair_batch'))",
    rows!(),
    "AND (l.close_kind IS DISTINCT FROM 'undone' OR l.opened_at <= $3)
  AND l.id = ANY (ARRAY(
    SELECT loan_id FROM touched WHERE loan_id IS NOT NULL
    UNION SELECT x.id FROM touched y JOIN loans x ON y.device_id = x.device_id WHERE y.loan_id IS NULL
    UNION SELECT x.id FROM touched y JOIN loans x ON y.student_id = x.student_id
          WHERE y.loan_id IS NULL AND y.device_id IS NULL))
ORDER BY l.opened_at, l.id"
);

/// The domain knows no SQL: its row is read here, column by column.
struct Row(RegisterRow);

impl QueryableByName<Pg> for Row {
    fn build<'a>(row: &impl NamedRow<'a, Pg>) -> deserialize::Result<Self> {
        Ok(Self(RegisterRow {
            uai: NamedRow::get::<Text, _>(row, "uai")?,
            school: NamedRow::get::<Text, _>(row, "school")?,
            eleve_id: NamedRow::get::<Text, _>(row, "eleve_id")?,
            last_name: NamedRow::get::<Text, _>(row, "last_name")?,
            first_name: NamedRow::get::<Text, _>(row, "first_name")?,
            birth_date: NamedRow::get::<Nullable<Date>, _>(row, "birth_date")?,
            class_code: NamedRow::get::<Nullable<Text>, _>(row, "class_code")?,
            mef: NamedRow::get::<Nullable<Text>, _>(row, "mef")?,
            serial: NamedRow::get::<Text, _>(row, "serial")?,
            part_number: NamedRow::get::<Text, _>(row, "part_number")?,
            model: NamedRow::get::<Text, _>(row, "model")?,
            delivery_note: NamedRow::get::<Nullable<Text>, _>(row, "delivery_note")?,
            lot: NamedRow::get::<Nullable<Text>, _>(row, "lot")?,
            opened_at: NamedRow::get::<Timestamptz, _>(row, "opened_at")?,
            operator: NamedRow::get::<Text, _>(row, "operator")?,
            station: NamedRow::get::<Text, _>(row, "station")?,
            kit: NamedRow::get::<Array<Text>, _>(row, "kit")?,
            copies_shown: NamedRow::get::<Nullable<Int2>, _>(row, "copies_shown")?,
            charter_at: NamedRow::get::<Nullable<Timestamptz>, _>(row, "charter_at")?,
            signatory: NamedRow::get::<Nullable<Text>, _>(row, "signatory")?,
            override_reason: NamedRow::get::<Nullable<Text>, _>(row, "override_reason")?,
            kind: NamedRow::get::<Text, _>(row, "kind")?,
            closed_at: NamedRow::get::<Nullable<Timestamptz>, _>(row, "closed_at")?,
            close_kind: NamedRow::get::<Nullable<Text>, _>(row, "close_kind")?,
            close_reason: NamedRow::get::<Nullable<Text>, _>(row, "close_reason")?,
            purpose: NamedRow::get::<Nullable<Text>, _>(row, "purpose")?,
            due_on: NamedRow::get::<Nullable<Date>, _>(row, "due_on")?,
            replaces: NamedRow::get::<Nullable<Text>, _>(row, "replaces")?,
            incident: NamedRow::get::<Nullable<Text>, _>(row, "incident")?,
            incident_at: NamedRow::get::<Nullable<Timestamptz>, _>(row, "incident_at")?,
            complaint_number: NamedRow::get::<Nullable<Text>, _>(row, "complaint_number")?,
            incident_description: NamedRow::get::<Nullable<Text>, _>(row, "incident_description")?,
            grant: grant(row)?,
            repairs: NamedRow::get::<Nullable<BigInt>, _>(row, "repairs")?,
            repair_outcome: NamedRow::get::<Nullable<Text>, _>(row, "repair_outcome")?,
            repair_cost: NamedRow::get::<Nullable<BigInt>, _>(row, "repair_cost")?,
        }))
    }
}

fn grant<'a>(row: &impl NamedRow<'a, Pg>) -> deserialize::Result<Option<GrantRow>> {
    if !NamedRow::get::<Bool, bool>(row, "granting")? {
        return Ok(None);
    }
    Ok(Some(GrantRow {
        decision: NamedRow::get::<Nullable<Text>, _>(row, "decision")?,
        budget_year: NamedRow::get::<Nullable<Int4>, _>(row, "budget_year")?,
        amount: NamedRow::get::<Nullable<BigInt>, _>(row, "grant_amount")?,
    }))
}

/// Calls `each` with every loan that changed, as [`for_each`] does.
pub async fn for_each_changed<E, F>(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    since: Since,
    mut each: F,
) -> Result<(), E>
where
    E: From<diesel::result::Error>,
    F: AsyncFnMut(RegisterRow) -> Result<(), E>,
{
    let mut rows = diesel::sql_query(CHANGED)
        .bind::<SqlUuid, _>(school.0)
        .bind::<BigInt, _>(since.position)
        .bind::<Timestamptz, _>(since.at)
        .load_stream::<Row>(conn)
        .await?;
    while let Some(Row(row)) = rows.try_next().await? {
        each(row).await?;
    }
    Ok(())
}

/// Calls `each` with every row, by time of handing over; one row is in memory at a time.
pub async fn for_each<E, F>(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    filter: &RegisterFilter,
    mut each: F,
) -> Result<(), E>
where
    E: From<diesel::result::Error>,
    F: AsyncFnMut(RegisterRow) -> Result<(), E>,
{
    let mut rows = diesel::sql_query(SQL)
        .bind::<SqlUuid, _>(school.0)
        .bind::<Nullable<Text>, _>(filter.class.as_deref())
        .bind::<Nullable<Date>, _>(filter.from)
        .bind::<Nullable<Date>, _>(filter.to)
        .bind::<Nullable<Bool>, _>(filter.open)
        .load_stream::<Row>(conn)
        .await?;
    while let Some(Row(row)) = rows.try_next().await? {
        each(row).await?;
    }
    Ok(())
}

/// Counts of the whole school, whatever the filter.
pub async fn totals(conn: &mut AsyncPgConnection, school: EstablishmentId) -> diesel::QueryResult<Totals> {
    diesel::sql_query(
        concat!(
        "SELECT p.headcount, p.entitled, d.delivered, d.reserve, l.handed_out, l.held_by_leavers, l.without_charter
         FROM (SELECT count(*) AS headcount,
                      count(*) FILTER (WHERE ",
        is_entitled!("s"),
        ") AS entitled
               FROM students s WHERE s.establishment_id = $1 AND ",
        is_there!("s"),
        ") p,
              (SELECT count(*) AS delivered, count(*) FILTER (WHERE state = 'reserve') AS reserve
               FROM devices WHERE establishment_id = $1) d,
              (SELECT count(*) AS handed_out,
                      count(*) FILTER (WHERE s.left_on <= current_date OR s.missing_since IS NOT NULL)
                          AS held_by_leavers,
                      count(*) FILTER (WHERE l.kind = 'allocation' AND l.charter_receipt_id IS NULL)
                          AS without_charter
               FROM loans l JOIN students s ON s.id = l.student_id
               WHERE l.establishment_id = $1 AND l.closed_at IS NULL) l"
    ),
    )
    .bind::<SqlUuid, _>(school.0)
    .get_result::<Counted>(conn)
    .await
    .map(|Counted(totals)| totals)
}

struct Counted(Totals);

impl QueryableByName<Pg> for Counted {
    fn build<'a>(row: &impl NamedRow<'a, Pg>) -> deserialize::Result<Self> {
        let count = |name: &str| NamedRow::get::<BigInt, i64>(row, name);
        Ok(Self(Totals {
            headcount: count("headcount")?,
            entitled: count("entitled")?,
            delivered: count("delivered")?,
            handed_out: count("handed_out")?,
            reserve: count("reserve")?,
            held_by_leavers: count("held_by_leavers")?,
            without_charter: count("without_charter")?,
        }))
    }
}
