//! What a desk shows of a pupil.

use super::state_label;
use crate::db::named::NamedPupil;
use crate::db::prepared::KeepPlan;
use crate::db::search;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Date, Int2, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::charter::Copies;
use domain::custody::Purpose;
use domain::entitlement::Public;
use domain::ids::EstablishmentId;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A pupil, as the desk shows one.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StudentCard {
    pub id: Uuid,
    pub name: String,
    pub last_name: String,
    pub first_name: String,
    pub class: Option<String>,
    pub entitled: bool,
    /// French words: the public of the MEF, or the reason of a decision.
    pub entitlement_reason: String,
    pub left_on: Option<NaiveDate>,
    /// Since when the school's file no longer names the pupil; decides nothing by itself.
    pub missing_since: Option<NaiveDate>,
    pub charter: CharterCard,
    pub allocation: Option<AllocationCard>,
    pub temporary: Option<TemporaryCard>,
}

/// Signed copies of the current campaign's charter.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CharterCard {
    pub shown: u8,
    pub kept: u8,
    pub complete: bool,
}

/// The pupil's own laptop.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AllocationCard {
    pub loan_id: Uuid,
    pub device_id: Uuid,
    pub serial: String,
    pub model: String,
    pub since: DateTime<Utc>,
    /// `lent`, or where it is in repair.
    pub device_state: String,
    /// The same in French.
    pub device_state_label: String,
}

/// A spare the pupil has for a while.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TemporaryCard {
    pub loan_id: Uuid,
    pub device_id: Uuid,
    pub serial: String,
    pub model: String,
    pub since: DateTime<Utc>,
    pub due_on: NaiveDate,
    pub purpose: String,
    /// In French.
    pub purpose_label: String,
}

#[derive(QueryableByName)]
struct StudentRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(embed)]
    pupil: NamedPupil,
    #[diesel(sql_type = Nullable<Text>)]
    mef: Option<String>,
    #[diesel(sql_type = Bool)]
    may_receive: bool,
    #[diesel(sql_type = Nullable<Text>)]
    override_reason: Option<String>,
    #[diesel(sql_type = Nullable<Date>)]
    left_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Date>)]
    missing_since: Option<NaiveDate>,
    #[diesel(sql_type = Int2)]
    shown: i16,
    #[diesel(sql_type = Int2)]
    kept: i16,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    loan_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    serial: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    model: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    since: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    device_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    device_state: Option<String>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    spare_loan_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    spare_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    spare_serial: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    spare_model: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    spare_since: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Date>)]
    spare_due_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Text>)]
    spare_purpose: Option<String>,
}

const STUDENT_SQL: &str = "
SELECT s.id, s.last_name, s.first_name, c.code AS class_code, s.mef,
       coalesce(s.entitlement_override, s.entitled) AS may_receive,
       s.entitlement_override_reason AS override_reason, s.left_on,
       (s.missing_since AT TIME ZONE 'Europe/Paris')::date AS missing_since,
       coalesce(r.copies_shown, 0::smallint) AS shown, coalesce(r.copies_kept, 0::smallint) AS kept,
       l.id AS loan_id, d.serial_number AS serial, m.designation AS model, l.opened_at AS since,
       d.id AS device_id, d.state AS device_state,
       t.id AS spare_loan_id, td.id AS spare_id, td.serial_number AS spare_serial, tm.designation AS spare_model,
       t.opened_at AS spare_since, t.due_on AS spare_due_on, t.purpose AS spare_purpose
FROM students s
LEFT JOIN classes c ON c.id = s.class_id
LEFT JOIN campaigns k ON k.establishment_id = s.establishment_id AND k.is_current
LEFT JOIN charter_receipts r ON r.student_id = s.id AND r.charter_id = k.charter_id AND r.withdrawn_at IS NULL
LEFT JOIN loans l ON l.student_id = s.id AND l.closed_at IS NULL AND l.kind = 'allocation'
LEFT JOIN devices d ON d.id = l.device_id
LEFT JOIN device_models m ON m.id = d.model_id
LEFT JOIN loans t ON t.student_id = s.id AND t.closed_at IS NULL AND t.kind = 'temporary'
LEFT JOIN devices td ON td.id = t.device_id
LEFT JOIN device_models tm ON tm.id = td.model_id
WHERE s.establishment_id = $1 ";

impl From<StudentRow> for StudentCard {
    fn from(row: StudentRow) -> Self {
        let copies = Copies { shown: small(row.shown), kept: small(row.kept) };
        let public = Public::of_mef(row.mef.as_deref().unwrap_or(""));
        let (allocation, temporary) = (allocation(&row), temporary(&row));
        Self {
            id: row.id,
            name: row.pupil.name(),
            last_name: row.pupil.last_name,
            first_name: row.pupil.first_name,
            class: row.pupil.class_code,
            entitled: row.may_receive,
            entitlement_reason: row.override_reason.unwrap_or_else(|| public.label().to_owned()),
            left_on: row.left_on,
            missing_since: row.missing_since,
            charter: CharterCard { shown: copies.shown, kept: copies.kept, complete: copies.is_complete() },
            allocation,
            temporary,
        }
    }
}

fn allocation(row: &StudentRow) -> Option<AllocationCard> {
    let state = row.device_state.clone()?;
    Some(AllocationCard {
        loan_id: row.loan_id?,
        device_id: row.device_id?,
        serial: row.serial.clone()?,
        model: row.model.clone()?,
        since: row.since?,
        device_state_label: state_label(&state),
        device_state: state,
    })
}

fn temporary(row: &StudentRow) -> Option<TemporaryCard> {
    let purpose = row.spare_purpose.clone()?;
    Some(TemporaryCard {
        loan_id: row.spare_loan_id?,
        device_id: row.spare_id?,
        serial: row.spare_serial.clone()?,
        model: row.spare_model.clone()?,
        since: row.spare_since?,
        due_on: row.spare_due_on?,
        purpose_label: Purpose::parse(&purpose)
            .map_or_else(|| purpose.clone(), |known| known.label().to_owned()),
        purpose,
    })
}

fn small(count: i16) -> u8 {
    u8::try_from(count).unwrap_or(0)
}

/// One pupil of the school.
pub async fn student(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    student: Uuid,
) -> QueryResult<Option<StudentCard>> {
    let row: Option<StudentRow> = diesel::sql_query(format!("{STUDENT_SQL} AND s.id = $2"))
        .bind::<SqlUuid, _>(school.0)
        .bind::<SqlUuid, _>(student)
        .keep_plan()
        .get_result(conn)
        .await
        .optional()?;
    Ok(row.map(StudentCard::from))
}

/// Pupils whose name has every word of `query` at the start of one of its own
/// words, accents ignored; those present first. Answers at most `limit`, and how many there are.
pub async fn students(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    query: &str,
    class: Option<&str>,
    limit: i64,
) -> QueryResult<(Vec<StudentCard>, i64)> {
    search::walk_indexes(conn).await?;
    let found = search::students(conn, school, query, class, limit).await?;
    Ok((students_of(conn, school, &found.ids).await?, found.total))
}

/// Pupils of those ids, in their order.
pub async fn students_of(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    ids: &[Uuid],
) -> QueryResult<Vec<StudentCard>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<StudentRow> = diesel::sql_query(format!("{STUDENT_SQL} AND s.id = ANY ($2)"))
        .bind::<SqlUuid, _>(school.0)
        .bind::<Array<SqlUuid>, _>(ids)
        .keep_plan()
        .load(conn)
        .await?;
    let mut cards: Vec<StudentCard> = rows.into_iter().map(StudentCard::from).collect();
    cards.sort_by_key(|card| ids.iter().position(|id| *id == card.id));
    Ok(cards)
}
