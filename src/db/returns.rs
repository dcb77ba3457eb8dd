//! How laptops came back, and who still holds one.

use super::named::{NamedLaptop, NamedPupil};
use super::schema::return_checks;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Date, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::EstablishmentId;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The state check of a return.
#[derive(Insertable)]
#[diesel(table_name = return_checks)]
pub struct ReturnCheck<'a> {
    pub act_id: Uuid,
    pub establishment_id: Uuid,
    pub loan_id: Uuid,
    pub damaged: &'a [String],
    pub missing: &'a [String],
    pub note: &'a str,
}

pub async fn add(conn: &mut AsyncPgConnection, check: &ReturnCheck<'_>) -> QueryResult<()> {
    diesel::insert_into(return_checks::table).values(check).execute(conn).await.map(drop)
}

/// The laptop that the owner of a loan borrows meanwhile, if any; read before the locks.
pub async fn spare_of_owner(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    loan: Uuid,
) -> QueryResult<Option<Uuid>> {
    let spare: Option<DeviceOfLoan> = diesel::sql_query(
        "SELECT t.device_id FROM loans l JOIN loans t ON t.student_id = l.student_id
         WHERE l.establishment_id = $1 AND l.id = $2 AND t.closed_at IS NULL AND t.kind = 'temporary'",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(loan)
    .get_result(conn)
    .await
    .optional()?;
    Ok(spare.map(|spare| spare.device_id))
}

/// The own laptop of the pupil of a temporary loan, wherever it is; read before the locks.
pub async fn own_of_borrower(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    loan: Uuid,
) -> QueryResult<Option<Uuid>> {
    let own: Option<DeviceOfLoan> = diesel::sql_query(
        "SELECT o.device_id FROM loans l JOIN loans o ON o.student_id = l.student_id
         WHERE l.establishment_id = $1 AND l.id = $2 AND o.closed_at IS NULL AND o.kind = 'allocation' AND o.id <> l.id",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(loan)
    .get_result(conn)
    .await
    .optional()?;
    Ok(own.map(|own| own.device_id))
}

#[derive(QueryableByName)]
struct DeviceOfLoan {
    #[diesel(sql_type = SqlUuid)]
    device_id: Uuid,
}

/// A laptop in a pupil's hands, as the lists of June want it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OutLoan {
    pub loan_id: Uuid,
    /// `allocation` or `temporary`.
    pub kind: String,
    pub student_id: Uuid,
    pub student: String,
    pub class: Option<String>,
    pub left_on: Option<NaiveDate>,
    /// The pupil has left, or is gone from the school's list.
    pub is_leaver: bool,
    pub device_id: Uuid,
    pub serial: String,
    pub model: String,
    /// `lent`, or where it is in repair.
    pub state: String,
    pub since: DateTime<Utc>,
    pub due_on: Option<NaiveDate>,
    pub kit: Vec<String>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    loan_id: Uuid,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = SqlUuid)]
    student_id: Uuid,
    #[diesel(embed)]
    pupil: NamedPupil,
    #[diesel(sql_type = Nullable<Date>)]
    left_on: Option<NaiveDate>,
    #[diesel(sql_type = Bool)]
    is_leaver: bool,
    #[diesel(sql_type = SqlUuid)]
    device_id: Uuid,
    #[diesel(embed)]
    laptop: NamedLaptop,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Timestamptz)]
    since: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Date>)]
    due_on: Option<NaiveDate>,
    #[diesel(sql_type = diesel::sql_types::Array<Text>)]
    kit: Vec<String>,
}

impl From<Row> for OutLoan {
    fn from(row: Row) -> Self {
        Self {
            loan_id: row.loan_id,
            kind: row.kind,
            student_id: row.student_id,
            student: row.pupil.name(),
            class: row.pupil.class_code,
            left_on: row.left_on,
            is_leaver: row.is_leaver,
            device_id: row.device_id,
            serial: row.laptop.serial,
            model: row.laptop.model,
            state: row.state,
            since: row.since,
            due_on: row.due_on,
            kit: row.kit,
        }
    }
}

/// Open loans of a class, or of those who left; by class and name, 2,000 at most.
pub async fn out(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    class: Option<&str>,
    leavers: bool,
) -> QueryResult<Vec<OutLoan>> {
    let rows: Vec<Row> = diesel::sql_query(
        "SELECT l.id AS loan_id, l.kind, s.id AS student_id, s.last_name, s.first_name, c.code AS class_code, s.left_on,
                coalesce(s.left_on <= (now() AT TIME ZONE 'Europe/Paris')::date, false) OR s.missing_since IS NOT NULL
                    AS is_leaver,
                d.id AS device_id, d.serial_number AS serial, m.designation AS model, d.state, l.opened_at AS since,
                l.due_on, l.kit
         FROM loans l
         JOIN students s ON s.id = l.student_id
         LEFT JOIN classes c ON c.id = s.class_id
         JOIN devices d ON d.id = l.device_id
         JOIN device_models m ON m.id = d.model_id
         WHERE l.establishment_id = $1 AND l.closed_at IS NULL AND ($2::text IS NULL OR c.code = $2)
           AND (NOT $3 OR s.missing_since IS NOT NULL OR s.left_on <= (now() AT TIME ZONE 'Europe/Paris')::date)
         ORDER BY c.code, s.search_key, l.kind LIMIT 2000",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<Nullable<Text>, _>(class)
    .bind::<Bool, _>(leavers)
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(OutLoan::from).collect())
}
