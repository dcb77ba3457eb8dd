//! The journal of one pupil or one laptop, with the names its ids stand for.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Date, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::EstablishmentId;
use serde_json::Value;
use uuid::Uuid;

/// An entry of the journal and what it tells of.
#[derive(Debug, QueryableByName)]
pub struct StoryRow {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = Timestamptz)]
    pub at: DateTime<Utc>,
    #[diesel(sql_type = Text)]
    pub action: String,
    #[diesel(sql_type = Jsonb)]
    pub details: Value,
    #[diesel(sql_type = Nullable<Text>)]
    pub operator: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub station: Option<String>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub student_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    pub last_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub first_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub class_code: Option<String>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub device_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    pub serial: Option<String>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub loan_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    pub loan_kind: Option<String>,
    #[diesel(sql_type = Nullable<Date>)]
    pub due_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Array<Text>>)]
    pub kit: Option<Vec<String>>,
    #[diesel(sql_type = Nullable<Text>)]
    pub charter_version: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub override_reason: Option<String>,
    #[diesel(sql_type = Bool)]
    pub undone: bool,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub incident_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    pub incident_kind: Option<String>,
    #[diesel(sql_type = Nullable<Array<Text>>)]
    pub symptoms: Option<Vec<String>>,
    #[diesel(sql_type = Nullable<Text>)]
    pub description: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub complaint_number: Option<String>,
    #[diesel(sql_type = Array<SqlUuid>)]
    pub photos: Vec<Uuid>,
    #[diesel(sql_type = Nullable<Array<Text>>)]
    pub damaged: Option<Vec<String>>,
    #[diesel(sql_type = Nullable<Array<Text>>)]
    pub missing: Option<Vec<String>>,
    #[diesel(sql_type = Nullable<Text>)]
    pub check_note: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub outcome: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub diagnosis: Option<String>,
    #[diesel(sql_type = Nullable<Bool>)]
    pub under_warranty: Option<bool>,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub cost_cents: Option<i64>,
}

/// An id that the details hold as text; a text that is none is no id.
macro_rules! told_id {
    ($name:literal) => {
        concat!(
            "CASE WHEN j.details->>'",
            $name,
            "' ~ '^[0-9a-f-]{36}$' THEN (j.details->>'",
            $name,
            "')::uuid END"
        )
    };
}

const COLUMNS: &str = concat!(
    "
SELECT j.id, j.at, j.action, j.details, o.name AS operator, t.name AS station,
       j.student_id, s.last_name, s.first_name, c.code AS class_code, j.device_id, d.serial_number AS serial,
       j.loan_id, l.kind AS loan_kind, l.due_on, l.kit, k.version AS charter_version,
       l.charter_override_reason AS override_reason,
       coalesce(a.undone_at IS NOT NULL, false) OR coalesce(j.action = 'hand_over' AND l.close_kind = 'undone', false) AS undone,
       i.id AS incident_id, i.kind AS incident_kind, i.symptoms, i.description, i.complaint_number,
       ARRAY(SELECT p.id FROM incident_photos p WHERE p.incident_id = i.id ORDER BY p.taken_at) AS photos,
       e.damaged, e.missing, e.note AS check_note, r.outcome, r.diagnosis, r.under_warranty, r.cost_cents
FROM (SELECT * FROM journal WHERE establishment_id = $1 AND ",
    "{which}",
    " = $2 AND id < $3 ORDER BY id DESC LIMIT $4) j
LEFT JOIN operators o ON o.id = j.operator_id
LEFT JOIN stations t ON t.id = j.station_id
LEFT JOIN loans l ON l.id = j.loan_id
LEFT JOIN students s ON s.id = coalesce(j.student_id, l.student_id)
LEFT JOIN classes c ON c.id = s.class_id
LEFT JOIN devices d ON d.id = j.device_id
LEFT JOIN charter_receipts x ON x.id = l.charter_receipt_id
LEFT JOIN charters k ON k.id = x.charter_id
LEFT JOIN acts a ON a.id = ",
    told_id!("act_id"),
    "
LEFT JOIN incidents i ON i.act_id = a.id AND i.device_id = j.device_id
LEFT JOIN return_checks e ON e.act_id = a.id AND e.loan_id = j.loan_id
LEFT JOIN repairs r ON r.id = ",
    told_id!("repair_id"),
    " AND r.device_id = j.device_id
ORDER BY j.id DESC"
);

/// Whose journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    Student(Uuid),
    Device(Uuid),
}

/// Entries before `before`, newest first.
pub async fn page(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    of: Of,
    before: Option<i64>,
    limit: i64,
) -> QueryResult<Vec<StoryRow>> {
    let (which, id) = match of {
        Of::Student(id) => ("student_id", id),
        Of::Device(id) => ("device_id", id),
    };
    super::search::walk_indexes(conn).await?;
    diesel::sql_query(COLUMNS.replace("{which}", which))
        .bind::<SqlUuid, _>(school.0)
        .bind::<SqlUuid, _>(id)
        .bind::<BigInt, _>(before.unwrap_or(i64::MAX))
        .bind::<BigInt, _>(limit)
        .load(conn)
        .await
}

/// What a laptop's page says of it beside its card.
#[derive(Debug, QueryableByName)]
pub struct Origin {
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Text>)]
    pub delivery_note: Option<String>,
    #[diesel(sql_type = Nullable<Date>)]
    pub delivered_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Text>)]
    pub lot: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub mac_address: Option<String>,
    #[diesel(sql_type = Nullable<Date>)]
    pub warranty_end: Option<NaiveDate>,
}

/// Where a laptop came from; `None` when the school has none of that id.
pub async fn origin(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    device: Uuid,
) -> QueryResult<Option<Origin>> {
    diesel::sql_query(
        "SELECT d.created_at, n.note_number AS delivery_note, n.delivered_on, d.lot, d.mac_address, d.warranty_end
         FROM devices d LEFT JOIN deliveries n ON n.id = d.delivery_id
         WHERE d.establishment_id = $1 AND d.id = $2",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(device)
    .get_result(conn)
    .await
    .optional()
}
