//! Hand-overs as the foot of the desk lists them.

use super::named::{NamedLaptop, NamedPupil};
use super::prepared::KeepPlan;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::{EstablishmentId, LoanId, StationId};
use domain::undo::UNDO_WINDOW;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A laptop in a pupil's hands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct HandOver {
    pub loan_id: Uuid,
    pub student: HandOverStudent,
    pub device: HandOverDevice,
    pub opened_at: DateTime<Utc>,
    pub station: String,
    pub operator: String,
    pub undone: bool,
    /// Until when this station may take it back.
    pub undo_until: DateTime<Utc>,
    pub kit: Vec<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct HandOverStudent {
    pub id: Uuid,
    pub name: String,
    pub class: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct HandOverDevice {
    pub id: Uuid,
    pub serial: String,
    pub model: String,
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
    #[diesel(sql_type = Text)]
    station: String,
    #[diesel(sql_type = Text)]
    operator: String,
    #[diesel(sql_type = Bool)]
    undone: bool,
    #[diesel(sql_type = Array<Text>)]
    kit: Vec<String>,
}

const SQL: &str = "
SELECT l.id AS loan_id, s.id AS student_id, s.last_name, s.first_name, c.code AS class_code,
       d.id AS device_id, d.serial_number AS serial, m.designation AS model, l.opened_at,
       t.name AS station, o.name AS operator, coalesce(l.close_kind = 'undone', false) AS undone, l.kit
FROM loans l
JOIN students s ON s.id = l.student_id
LEFT JOIN classes c ON c.id = s.class_id
JOIN devices d ON d.id = l.device_id
JOIN device_models m ON m.id = d.model_id
JOIN stations t ON t.id = l.opened_at_station
JOIN operators o ON o.id = l.opened_by ";

impl From<Row> for HandOver {
    fn from(row: Row) -> Self {
        Self {
            loan_id: row.loan_id,
            student: HandOverStudent {
                id: row.student_id,
                name: row.pupil.name(),
                class: row.pupil.class_code,
            },
            device: HandOverDevice { id: row.device_id, serial: row.laptop.serial, model: row.laptop.model },
            opened_at: row.opened_at,
            station: row.station,
            operator: row.operator,
            undone: row.undone,
            undo_until: row.opened_at + UNDO_WINDOW,
            kit: row.kit,
        }
    }
}

/// One hand-over of the school, which is asked of the pupil: with old statistics PostgreSQL
/// would rather walk through the school's loans than take the one.
pub async fn one(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    loan: LoanId,
) -> QueryResult<Option<HandOver>> {
    let row: Option<Row> = diesel::sql_query(format!("{SQL} WHERE s.establishment_id = $1 AND l.id = $2"))
        .bind::<SqlUuid, _>(school.0)
        .bind::<SqlUuid, _>(loan.0)
        .keep_plan()
        .get_result(conn)
        .await
        .optional()?;
    Ok(row.map(HandOver::from))
}

/// The last hand-overs of a station, newest first; loans that acts opened are told by their acts.
pub async fn of_station(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    station: StationId,
    limit: i64,
) -> QueryResult<Vec<HandOver>> {
    let rows: Vec<Row> = diesel::sql_query(format!(
        "{SQL} WHERE l.establishment_id = $1 AND l.opened_at_station = $2
           AND NOT EXISTS (SELECT FROM act_loans y WHERE y.loan_id = l.id AND y.effect = 'opened')
         ORDER BY l.opened_at DESC LIMIT $3"
    ))
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(station.0)
    .bind::<BigInt, _>(limit)
    .keep_plan()
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(HandOver::from).collect())
}
