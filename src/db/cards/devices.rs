//! What a desk shows of a laptop.

use super::state_label;
use crate::db::named::PerhapsNamedPupil;
use crate::db::prepared::KeepPlan;
use crate::db::search;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Date, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::EstablishmentId;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A laptop, as the desk shows one.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DeviceCard {
    pub id: Uuid,
    pub serial: String,
    pub maker: String,
    pub model: String,
    pub part_number: String,
    pub state: String,
    pub state_label: String,
    pub warranty_end: Option<NaiveDate>,
    pub holder: Option<HolderCard>,
}

/// Who holds a laptop.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HolderCard {
    pub student_id: Uuid,
    pub name: String,
    pub class: Option<String>,
    pub since: DateTime<Utc>,
    pub loan_id: Uuid,
    /// `allocation` or `temporary`.
    pub kind: String,
    /// Of a temporary loan.
    pub due_on: Option<NaiveDate>,
}

#[derive(QueryableByName)]
struct DeviceRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    serial: String,
    #[diesel(sql_type = Text)]
    maker: String,
    #[diesel(sql_type = Text)]
    model: String,
    #[diesel(sql_type = Text)]
    part_number: String,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    loan_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    student_id: Option<Uuid>,
    #[diesel(embed)]
    pupil: PerhapsNamedPupil,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    since: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    loan_kind: Option<String>,
    #[diesel(sql_type = Nullable<Date>)]
    due_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Date>)]
    warranty_end: Option<NaiveDate>,
}

const DEVICE_SQL: &str = "
SELECT d.id, d.serial_number AS serial, m.manufacturer AS maker, m.designation AS model, m.part_number, d.state,
       l.id AS loan_id, s.id AS student_id, s.last_name, s.first_name, c.code AS class_code, l.opened_at AS since,
       l.kind AS loan_kind, l.due_on, d.warranty_end
FROM devices d
JOIN device_models m ON m.id = d.model_id
LEFT JOIN loans l ON l.device_id = d.id AND l.closed_at IS NULL
LEFT JOIN students s ON s.id = l.student_id
LEFT JOIN classes c ON c.id = s.class_id
WHERE d.establishment_id = $1 ";

impl From<DeviceRow> for DeviceCard {
    fn from(row: DeviceRow) -> Self {
        let label = state_label(&row.state);
        let held = row.loan_id.zip(row.student_id).zip(row.since).zip(row.pupil.get());
        let holder = held.map(|(((loan_id, student_id), since), pupil)| HolderCard {
            student_id,
            name: pupil.name(),
            class: pupil.class_code,
            since,
            loan_id,
            kind: row.loan_kind.unwrap_or_default(),
            due_on: row.due_on,
        });
        Self {
            id: row.id,
            serial: row.serial,
            maker: row.maker,
            model: row.model,
            part_number: row.part_number,
            state: row.state,
            state_label: label,
            warranty_end: row.warranty_end,
            holder,
        }
    }
}

/// Laptops whose serial number is one of `serials`.
pub async fn devices_by_serial(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    serials: &[String],
) -> QueryResult<Vec<DeviceCard>> {
    let rows: Vec<DeviceRow> = diesel::sql_query(format!("{DEVICE_SQL} AND d.serial_number = ANY ($2)"))
        .bind::<SqlUuid, _>(school.0)
        .bind::<Array<Text>, _>(serials)
        .keep_plan()
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(DeviceCard::from).collect())
}

/// Laptops whose serial number, with 0 for O and 1 for I, is one of `folded`.
pub async fn devices_alike(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    folded: &[String],
) -> QueryResult<Vec<DeviceCard>> {
    // A number without O and I is its own; the others have a word for it.
    let numbers = folded.iter().filter(|text| text.starts_with(|c: char| c.is_ascii_alphanumeric()));
    let words: Vec<String> = numbers.flat_map(|text| [text.clone(), format!("~{text}")]).collect();
    let rows: Vec<DeviceRow> = diesel::sql_query(format!(
        "{DEVICE_SQL} AND d.id = ANY (ARRAY(SELECT w.device_id FROM device_words w
                                            WHERE w.establishment_id = $1 AND w.word = ANY ($2)))"
    ))
    .bind::<SqlUuid, _>(school.0)
    .bind::<Array<Text>, _>(words)
    .keep_plan()
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(DeviceCard::from).collect())
}

/// Laptops whose serial number begins, ends or goes as `query`. Answers at most `limit`, and how
/// many there are.
pub async fn devices(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    query: &str,
    limit: i64,
) -> QueryResult<(Vec<DeviceCard>, i64)> {
    search::walk_indexes(conn).await?;
    let found = search::devices(conn, school, query, limit).await?;
    Ok((devices_of(conn, school, &found.ids).await?, found.total))
}

/// Laptops of those ids, in their order.
pub async fn devices_of(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    ids: &[Uuid],
) -> QueryResult<Vec<DeviceCard>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<DeviceRow> = diesel::sql_query(format!("{DEVICE_SQL} AND d.id = ANY ($2)"))
        .bind::<SqlUuid, _>(school.0)
        .bind::<Array<SqlUuid>, _>(ids)
        .keep_plan()
        .load(conn)
        .await?;
    let mut cards: Vec<DeviceCard> = rows.into_iter().map(DeviceCard::from).collect();
    cards.sort_by_key(|card| ids.iter().position(|id| *id == card.id));
    Ok(cards)
}
