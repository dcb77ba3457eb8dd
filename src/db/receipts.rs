//! What receipts tell: a loan with its laptop, pupil and charter, and what an act opened,
//! closed, took note of.

use super::named::{NamedLaptop, NamedPupil};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Date, Int2, Int4, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::EstablishmentId;
use uuid::Uuid;

/// A loan as a paper tells it.
#[derive(Debug, Clone, QueryableByName)]
pub struct PaperLoan {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// `opened` or `closed` by the act it is asked of; `opened` for a hand-over.
    #[diesel(sql_type = Text)]
    pub effect: String,
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Timestamptz)]
    pub opened_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Date>)]
    pub due_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Text>)]
    pub purpose: Option<String>,
    #[diesel(sql_type = Array<Text>)]
    pub kit: Vec<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub close_kind: Option<String>,
    #[diesel(embed)]
    pub pupil: NamedPupil,
    #[diesel(sql_type = SqlUuid)]
    pub device_id: Uuid,
    #[diesel(embed)]
    pub laptop: NamedLaptop,
    #[diesel(sql_type = Nullable<Text>)]
    pub asset_tag: Option<String>,
    #[diesel(sql_type = Text)]
    pub station: String,
    #[diesel(sql_type = Text)]
    pub operator: String,
    #[diesel(sql_type = Int4)]
    pub school_year: i32,
    /// The charter the loan goes by; none when it went without, or is a spare's.
    #[diesel(sql_type = Nullable<Text>)]
    pub charter_version: Option<String>,
    #[diesel(sql_type = Nullable<Int2>)]
    pub copies_shown: Option<i16>,
    #[diesel(sql_type = Nullable<Text>)]
    pub signatory: Option<String>,
    #[diesel(sql_type = Bool)]
    pub without_charter: bool,
}

const COLUMNS: &str = "
    l.id, l.kind, l.opened_at, l.due_on, l.purpose, l.kit, l.close_kind, s.last_name, s.first_name,
    c.code AS class_code, d.id AS device_id, d.serial_number AS serial, m.designation AS model, d.asset_tag,
    t.name AS station, o.name AS operator, k.school_year, h.version AS charter_version, r.copies_shown,
    r.signatory, l.charter_receipt_id IS NULL AND l.kind = 'allocation' AS without_charter";

const JOINS: &str = "
    JOIN students s ON s.id = l.student_id
    LEFT JOIN classes c ON c.id = s.class_id
    JOIN devices d ON d.id = l.device_id
    JOIN device_models m ON m.id = d.model_id
    JOIN stations t ON t.id = l.opened_at_station
    JOIN operators o ON o.id = l.opened_by
    JOIN campaigns k ON k.id = l.campaign_id
    LEFT JOIN charter_receipts r ON r.id = l.charter_receipt_id
    LEFT JOIN charters h ON h.id = r.charter_id";

/// One loan of the school.
pub async fn loan(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    loan: Uuid,
) -> QueryResult<Option<PaperLoan>> {
    diesel::sql_query(format!(
        "SELECT 'opened' AS effect, {COLUMNS} FROM loans l {JOINS} WHERE l.establishment_id = $1 AND l.id = $2"
    ))
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(loan)
    .get_result(conn)
    .await
    .optional()
}

/// The loans an act opened and closed, by class and name; those it opened first.
pub async fn loans_of_act(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    act: Uuid,
) -> QueryResult<Vec<PaperLoan>> {
    diesel::sql_query(format!(
        "SELECT y.effect, {COLUMNS} FROM act_loans y JOIN loans l ON l.id = y.loan_id {JOINS}
         WHERE y.establishment_id = $1 AND y.act_id = $2
         ORDER BY c.code, s.search_key, s.id, y.effect DESC, l.opened_at"
    ))
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(act)
    .load(conn)
    .await
}

/// The incident an act told of.
#[derive(Debug, Clone, QueryableByName)]
pub struct PaperIncident {
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Array<Text>)]
    pub symptoms: Vec<String>,
    #[diesel(sql_type = Text)]
    pub description: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub complaint_number: Option<String>,
    #[diesel(sql_type = SqlUuid)]
    pub device_id: Uuid,
}

pub async fn incident_of_act(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    act: Uuid,
) -> QueryResult<Option<PaperIncident>> {
    diesel::sql_query(
        "SELECT kind, symptoms, description, complaint_number, device_id FROM incidents
         WHERE establishment_id = $1 AND act_id = $2 ORDER BY reported_at LIMIT 1",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(act)
    .get_result(conn)
    .await
    .optional()
}

/// How a laptop came back.
#[derive(Debug, Clone, QueryableByName)]
pub struct PaperCheck {
    #[diesel(sql_type = Array<Text>)]
    pub damaged: Vec<String>,
    #[diesel(sql_type = Array<Text>)]
    pub missing: Vec<String>,
    #[diesel(sql_type = Text)]
    pub note: String,
    #[diesel(sql_type = Array<Text>)]
    pub kit: Vec<String>,
}

pub async fn check_of_act(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    act: Uuid,
) -> QueryResult<Option<PaperCheck>> {
    diesel::sql_query(
        "SELECT x.damaged, x.missing, x.note, l.kit FROM return_checks x JOIN loans l ON l.id = x.loan_id
         WHERE x.establishment_id = $1 AND x.act_id = $2",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(act)
    .get_result(conn)
    .await
    .optional()
}

/// A loan, an act or a batch whose receipt somebody holds.
#[derive(Debug, Clone, QueryableByName)]
pub struct Coded {
    /// `loan`, `act` or `batch`.
    #[diesel(sql_type = Text)]
    pub what: String,
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// Of the loan or of the act; a batch has none.
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Timestamptz)]
    pub at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub student_id: Option<Uuid>,
}

/// Things of the school whose id ends in these twelve hexadecimal figures: hardly ever two.
pub async fn ending_in(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    end: &str,
) -> QueryResult<Vec<Coded>> {
    diesel::sql_query(
        "SELECT 'loan' AS what, id, kind, opened_at AS at, student_id FROM loans
         WHERE establishment_id = $1 AND receipt_end = $2
         UNION ALL SELECT 'act', id, kind, done_at, student_id FROM acts
         WHERE establishment_id = $1 AND receipt_end = $2
         UNION ALL SELECT 'batch', id, '', opened_at, NULL FROM repair_batches
         WHERE establishment_id = $1 AND receipt_end = $2",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<Text, _>(end)
    .load(conn)
    .await
}
