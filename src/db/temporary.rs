//! Temporary loans: until when, and whether they are late.

use super::named::{NamedLaptop, NamedPupil};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Date, Int2, Int4, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::custody::Purpose;
use domain::ids::EstablishmentId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A spare a pupil has for a while.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TemporaryLoan {
    pub loan_id: Uuid,
    pub student_id: Uuid,
    pub student: String,
    pub class: Option<String>,
    pub device_id: Uuid,
    pub serial: String,
    pub model: String,
    pub opened_at: DateTime<Utc>,
    pub due_on: NaiveDate,
    /// Days since it was due; 0 while it is not.
    pub days_late: i32,
    pub purpose: String,
    /// In French.
    pub purpose_label: String,
    /// How often it got another day.
    pub extended: i16,
    /// The pupil's own laptop, when they have one, and where it is.
    pub own_serial: Option<String>,
    pub own_state: Option<String>,
    /// The own one is back from repair: one scan swaps them back.
    pub own_is_back: bool,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    loan_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    student_id: Uuid,
    #[diesel(embed)]
    pupil: NamedPupil,
    #[diesel(sql_type = SqlUuid)]
    device_id: Uuid,
    #[diesel(embed)]
    laptop: NamedLaptop,
    #[diesel(sql_type = Timestamptz)]
    opened_at: DateTime<Utc>,
    #[diesel(sql_type = Date)]
    due_on: NaiveDate,
    #[diesel(sql_type = Int4)]
    days_late: i32,
    #[diesel(sql_type = Text)]
    purpose: String,
    #[diesel(sql_type = Int2)]
    extended: i16,
    #[diesel(sql_type = Nullable<Text>)]
    own_serial: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    own_state: Option<String>,
    #[diesel(sql_type = Bool)]
    own_is_back: bool,
}

impl From<Row> for TemporaryLoan {
    fn from(row: Row) -> Self {
        let label =
            Purpose::parse(&row.purpose).map_or_else(|| row.purpose.clone(), |one| one.label().to_owned());
        Self {
            loan_id: row.loan_id,
            student_id: row.student_id,
            student: row.pupil.name(),
            class: row.pupil.class_code,
            device_id: row.device_id,
            serial: row.laptop.serial,
            model: row.laptop.model,
            opened_at: row.opened_at,
            due_on: row.due_on,
            days_late: row.days_late,
            purpose: row.purpose,
            purpose_label: label,
            extended: row.extended,
            own_serial: row.own_serial,
            own_state: row.own_state,
            own_is_back: row.own_is_back,
        }
    }
}

const SQL: &str = "
SELECT l.id AS loan_id, l.student_id, s.last_name, s.first_name, c.code AS class_code, l.device_id,
       d.serial_number AS serial, m.designation AS model, l.opened_at, l.due_on,
       greatest(0, (now() AT TIME ZONE 'Europe/Paris')::date - l.due_on) AS days_late, l.purpose, l.extended,
       od.serial_number AS own_serial, od.state AS own_state, coalesce(od.state = 'repaired', false) AS own_is_back
FROM loans l
JOIN students s ON s.id = l.student_id
LEFT JOIN classes c ON c.id = s.class_id
JOIN devices d ON d.id = l.device_id
JOIN device_models m ON m.id = d.model_id
LEFT JOIN loans o ON o.student_id = l.student_id AND o.closed_at IS NULL AND o.kind = 'allocation'
LEFT JOIN devices od ON od.id = o.device_id
WHERE l.establishment_id = $1 AND l.kind = 'temporary' ";

/// Open temporary loans: those due first come first. 1,000 at most: a reserve is a few dozen.
pub async fn open(conn: &mut AsyncPgConnection, school: EstablishmentId) -> QueryResult<Vec<TemporaryLoan>> {
    let rows: Vec<Row> = diesel::sql_query(format!(
        "{SQL} AND l.closed_at IS NULL ORDER BY l.due_on, s.search_key LIMIT 1000"
    ))
    .bind::<SqlUuid, _>(school.0)
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(TemporaryLoan::from).collect())
}

/// One temporary loan, open or not.
pub async fn one(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    loan: Uuid,
) -> QueryResult<Option<TemporaryLoan>> {
    let row: Option<Row> = diesel::sql_query(format!("{SQL} AND l.id = $2"))
        .bind::<SqlUuid, _>(school.0)
        .bind::<SqlUuid, _>(loan)
        .get_result(conn)
        .await
        .optional()?;
    Ok(row.map(TemporaryLoan::from))
}

/// Another day of return.
pub async fn set_due(conn: &mut AsyncPgConnection, loan: Uuid, day: NaiveDate) -> QueryResult<()> {
    diesel::sql_query("UPDATE loans SET due_on = $2, extended = extended + 1 WHERE id = $1")
        .bind::<SqlUuid, _>(loan)
        .bind::<Date, _>(day)
        .execute(conn)
        .await
        .map(drop)
}
