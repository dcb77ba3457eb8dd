//! The head's emergency fund (FUP): what is asked of it, what the head decides, and its budgets.

use super::named::NamedPupil;
use super::schema::{emergency_budgets, emergency_grants as grants};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Int4, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel::upsert::excluded;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::EstablishmentId;
use domain::incidents::Incident;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A request to the emergency fund and what became of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Grant {
    pub id: Uuid,
    pub student_id: Uuid,
    pub student: String,
    pub class: Option<String>,
    pub device_id: Uuid,
    pub incident_id: Uuid,
    pub incident: String,
    /// In French.
    pub incident_label: String,
    pub serial: String,
    pub complaint_number: Option<String>,
    pub requested_at: DateTime<Utc>,
    pub requested_by: String,
    pub request_reason: String,
    /// `granted`, `refused`, or absent while nobody has decided.
    pub decision: Option<String>,
    pub decided_at: Option<DateTime<Utc>>,
    pub decided_by: Option<String>,
    pub decision_reason: Option<String>,
    pub budget_year: Option<i32>,
    /// Euro cents.
    pub amount_cents: Option<i64>,
    /// The pupil has got the laptop.
    pub used: bool,
}

#[derive(QueryableByName)]
struct GrantRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    student_id: Uuid,
    #[diesel(embed)]
    pupil: NamedPupil,
    #[diesel(sql_type = SqlUuid)]
    device_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    incident_id: Uuid,
    #[diesel(sql_type = Text)]
    incident: String,
    #[diesel(sql_type = Text)]
    serial: String,
    #[diesel(sql_type = Nullable<Text>)]
    complaint_number: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    requested_at: DateTime<Utc>,
    #[diesel(sql_type = Text)]
    requested_by: String,
    #[diesel(sql_type = Text)]
    request_reason: String,
    #[diesel(sql_type = Nullable<Text>)]
    decision: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    decided_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    decided_by: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    decision_reason: Option<String>,
    #[diesel(sql_type = Nullable<Int4>)]
    budget_year: Option<i32>,
    #[diesel(sql_type = Nullable<BigInt>)]
    amount_cents: Option<i64>,
    #[diesel(sql_type = Bool)]
    used: bool,
}

impl From<GrantRow> for Grant {
    fn from(row: GrantRow) -> Self {
        let label =
            Incident::parse(&row.incident).map_or_else(|| row.incident.clone(), |one| one.label().to_owned());
        Self {
            id: row.id,
            student_id: row.student_id,
            student: row.pupil.name(),
            class: row.pupil.class_code,
            device_id: row.device_id,
            incident_id: row.incident_id,
            incident: row.incident,
            incident_label: label,
            serial: row.serial,
            complaint_number: row.complaint_number,
            requested_at: row.requested_at,
            requested_by: row.requested_by,
            request_reason: row.request_reason,
            decision: row.decision,
            decided_at: row.decided_at,
            decided_by: row.decided_by,
            decision_reason: row.decision_reason,
            budget_year: row.budget_year,
            amount_cents: row.amount_cents,
            used: row.used,
        }
    }
}

const GRANT_SQL: &str = "
SELECT g.id, g.student_id, s.last_name, s.first_name, c.code AS class_code, i.device_id, g.incident_id, i.kind AS incident,
       d.serial_number AS serial, i.complaint_number, g.requested_at, r.name AS requested_by, g.request_reason,
       g.decision, g.decided_at, o.name AS decided_by, g.decision_reason, g.budget_year, g.amount_cents,
       g.used_by_loan IS NOT NULL AS used
FROM emergency_grants g
JOIN students s ON s.id = g.student_id
LEFT JOIN classes c ON c.id = s.class_id
JOIN incidents i ON i.id = g.incident_id
JOIN devices d ON d.id = i.device_id
JOIN operators r ON r.id = g.requested_by
LEFT JOIN operators o ON o.id = g.decided_by
WHERE g.establishment_id = $1 ";

/// Requests of the school: those that wait for a decision first, then the newest; 500 at most.
pub async fn list(conn: &mut AsyncPgConnection, school: EstablishmentId) -> QueryResult<Vec<Grant>> {
    let rows: Vec<GrantRow> = diesel::sql_query(format!(
        "{GRANT_SQL} ORDER BY g.decision IS NOT NULL, g.requested_at DESC LIMIT 500"
    ))
    .bind::<SqlUuid, _>(school.0)
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(Grant::from).collect())
}

/// One request, locked when it is to be decided on or used.
pub async fn one(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    grant: Uuid,
) -> QueryResult<Option<Grant>> {
    let row: Option<GrantRow> =
        diesel::sql_query(format!("{GRANT_SQL} AND g.id = $2 FOR NO KEY UPDATE OF g"))
            .bind::<SqlUuid, _>(school.0)
            .bind::<SqlUuid, _>(grant)
            .get_result(conn)
            .await
            .optional()?;
    Ok(row.map(Grant::from))
}

/// The head's answer to a request.
pub struct Decision<'a> {
    pub granted: bool,
    pub reason: &'a str,
    pub operator: Uuid,
    pub budget_year: i32,
    pub amount_cents: i64,
}

pub async fn decide(conn: &mut AsyncPgConnection, grant: Uuid, decision: &Decision<'_>) -> QueryResult<()> {
    diesel::update(grants::table.find(grant))
        .set((
            grants::decision.eq(if decision.granted { "granted" } else { "refused" }),
            grants::decided_at.eq(diesel::dsl::now),
            grants::decided_by.eq(decision.operator),
            grants::decision_reason.eq(decision.reason),
            grants::budget_year.eq(decision.granted.then_some(decision.budget_year)),
            grants::amount_cents.eq(decision.granted.then_some(decision.amount_cents)),
        ))
        .execute(conn)
        .await
        .map(drop)
}

/// A year of the emergency fund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, QueryableByName)]
pub struct Budget {
    #[diesel(sql_type = Int4)]
    pub budget_year: i32,
    /// Euro cents.
    #[diesel(sql_type = BigInt)]
    pub amount_cents: i64,
    /// Granted of it so far.
    #[diesel(sql_type = BigInt)]
    pub granted_cents: i64,
}

/// The fund's years, the newest first.
pub async fn budgets(conn: &mut AsyncPgConnection, school: EstablishmentId) -> QueryResult<Vec<Budget>> {
    diesel::sql_query(
        "SELECT b.budget_year, b.amount_cents,
                coalesce((SELECT sum(g.amount_cents) FROM emergency_grants g
                          WHERE g.establishment_id = $1 AND g.decision = 'granted' AND g.budget_year = b.budget_year), 0)::bigint
                    AS granted_cents
         FROM emergency_budgets b WHERE b.establishment_id = $1 ORDER BY b.budget_year DESC",
    )
    .bind::<SqlUuid, _>(school.0)
    .load(conn)
    .await
}

/// Locks a year of the fund, so that two decisions never spend the same euro.
pub async fn lock_budget(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    year: i32,
) -> QueryResult<bool> {
    let row: Option<i32> = emergency_budgets::table
        .find((school.0, year))
        .select(emergency_budgets::budget_year)
        .for_no_key_update()
        .first(conn)
        .await
        .optional()?;
    Ok(row.is_some())
}

pub async fn set_budget(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    year: i32,
    amount_cents: i64,
) -> QueryResult<()> {
    diesel::insert_into(emergency_budgets::table)
        .values((
            emergency_budgets::establishment_id.eq(school.0),
            emergency_budgets::budget_year.eq(year),
            emergency_budgets::amount_cents.eq(amount_cents),
        ))
        .on_conflict((emergency_budgets::establishment_id, emergency_budgets::budget_year))
        .do_update()
        .set(emergency_budgets::amount_cents.eq(excluded(emergency_budgets::amount_cents)))
        .execute(conn)
        .await
        .map(drop)
}
