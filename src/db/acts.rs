//! Acts of a desk: written with the laptops they move and the loans they touch, read as the
//! foot of the desk lists them.

use super::named::PerhapsNamedPupil;
use super::prepared::KeepPlan;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::acts::{ActKind, undo_until};
use domain::devices::DeviceState;
use domain::ids::{EstablishmentId, StationId};
use domain::moves::Move;
use domain::words::{Language, device_state};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// An act about to be written.
pub struct NewAct<'a> {
    pub id: Uuid,
    pub school: EstablishmentId,
    pub kind: ActKind,
    pub operator: Uuid,
    pub station: Uuid,
    pub student: Option<Uuid>,
    pub reason: Option<&'a str>,
    /// Kept with the act and told in the journal; ids and words of the programme, never names.
    pub details: Value,
    pub desk_at: Option<DateTime<Utc>>,
}

/// A laptop that an act moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MovedDevice {
    pub id: Uuid,
    pub by: Move,
    pub from: DeviceState,
    pub to: DeviceState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    Opened,
    Closed,
}

impl Effect {
    fn as_str(self) -> &'static str {
        match self {
            Effect::Opened => "opened",
            Effect::Closed => "closed",
        }
    }
}

/// A loan that an act opened or closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TouchedLoan {
    pub id: Uuid,
    pub device: Uuid,
    pub effect: Effect,
}

/// Writes the act itself; first, as incidents and loans point to it.
pub async fn begin(conn: &mut AsyncPgConnection, act: &NewAct<'_>) -> QueryResult<()> {
    diesel::sql_query(
        "INSERT INTO acts (id, establishment_id, kind, done_by, station_id, student_id, reason, details)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind::<SqlUuid, _>(act.id)
    .bind::<SqlUuid, _>(act.school.0)
    .bind::<Text, _>(act.kind.as_str())
    .bind::<SqlUuid, _>(act.operator)
    .bind::<SqlUuid, _>(act.station)
    .bind::<Nullable<SqlUuid>, _>(act.student)
    .bind::<Nullable<Text>, _>(act.reason)
    .bind::<Jsonb, _>(&act.details)
    .keep_plan()
    .execute(conn)
    .await
    .map(drop)
}

/// Moves the laptops, notes the loans, and writes a line of the journal for each laptop (or one
/// for the act when it touches none), in one statement.
pub async fn finish(
    conn: &mut AsyncPgConnection,
    act: &NewAct<'_>,
    devices: &[MovedDevice],
    loans: &[TouchedLoan],
) -> QueryResult<()> {
    let ids = |get: fn(&MovedDevice) -> Uuid| devices.iter().map(get).collect::<Vec<_>>();
    let words = |get: fn(&MovedDevice) -> &'static str| devices.iter().map(get).collect::<Vec<_>>();
    diesel::sql_query(
        "WITH moves AS (
             SELECT * FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[]) AS m (device, name, before, after)
         ), touched AS (
             SELECT * FROM unnest($7::uuid[], $8::uuid[], $9::text[]) AS t (loan, device, effect)
         ), moved AS (
             UPDATE devices d SET state = m.after, updated_at = now() FROM moves m
             WHERE d.establishment_id = $2 AND d.id = m.device
         ), kept_devices AS (
             INSERT INTO act_devices (act_id, establishment_id, device_id, move_name, state_before, state_after)
             SELECT $1, $2, device, name, before, after FROM moves
         ), kept_loans AS (
             INSERT INTO act_loans (act_id, establishment_id, loan_id, effect)
             SELECT $1, $2, loan, effect FROM touched
         )
         INSERT INTO journal (establishment_id, desk_at, operator_id, station_id, action, student_id, device_id, loan_id, details)
         SELECT $2, $10, $11, $12, $13, $14, lines.device, lines.loan,
                $15 || jsonb_build_object('act_id', $1::uuid, 'reason', $16::text)
                || CASE WHEN lines.name IS NULL THEN '{}'
                        ELSE jsonb_build_object('move', lines.name, 'from', lines.before, 'to', lines.after) END
                || CASE WHEN lines.effect IS NULL THEN '{}' ELSE jsonb_build_object('loan', lines.effect) END
         FROM (SELECT coalesce(m.device, t.device) AS device, t.loan, m.name, m.before, m.after, t.effect
               FROM moves m FULL JOIN touched t ON t.device = m.device
               UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, NULL
               WHERE NOT EXISTS (SELECT FROM moves) AND NOT EXISTS (SELECT FROM touched)) lines",
    )
    .bind::<SqlUuid, _>(act.id)
    .bind::<SqlUuid, _>(act.school.0)
    .bind::<Array<SqlUuid>, _>(ids(|moved| moved.id))
    .bind::<Array<Text>, _>(words(|moved| moved.by.as_str()))
    .bind::<Array<Text>, _>(words(|moved| moved.from.as_str()))
    .bind::<Array<Text>, _>(words(|moved| moved.to.as_str()))
    .bind::<Array<SqlUuid>, _>(loans.iter().map(|loan| loan.id).collect::<Vec<_>>())
    .bind::<Array<SqlUuid>, _>(loans.iter().map(|loan| loan.device).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(loans.iter().map(|loan| loan.effect.as_str()).collect::<Vec<_>>())
    .bind::<Nullable<Timestamptz>, _>(act.desk_at)
    .bind::<SqlUuid, _>(act.operator)
    .bind::<SqlUuid, _>(act.station)
    .bind::<Text, _>(act.kind.as_str())
    .bind::<Nullable<SqlUuid>, _>(act.student)
    .bind::<Jsonb, _>(&act.details)
    .bind::<Nullable<Text>, _>(act.reason)
    .keep_plan()
    .execute(conn)
    .await
    .map(drop)
}

/// An act, as a desk reads it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ActCard {
    pub act_id: Uuid,
    /// Stable, for machines.
    pub kind: String,
    /// In French.
    pub label: String,
    pub done_at: DateTime<Utc>,
    pub station: String,
    pub operator: String,
    pub student: Option<ActStudent>,
    pub devices: Vec<ActDevice>,
    pub reason: Option<String>,
    pub undone: bool,
    /// Until when its station may take it back; absent for what is never taken back.
    pub undo_until: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ActStudent {
    pub id: Uuid,
    pub name: String,
    pub class: Option<String>,
}

/// A laptop of an act and where it went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ActDevice {
    pub id: Uuid,
    pub serial: String,
    pub model: String,
    #[serde(rename = "move")]
    pub by: String,
    pub from: String,
    pub to: String,
    /// Where it is since, in French.
    pub to_label: String,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Timestamptz)]
    done_at: DateTime<Utc>,
    #[diesel(sql_type = Text)]
    station: String,
    #[diesel(sql_type = Text)]
    operator: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    student_id: Option<Uuid>,
    #[diesel(embed)]
    pupil: PerhapsNamedPupil,
    #[diesel(sql_type = Nullable<Text>)]
    reason: Option<String>,
    #[diesel(sql_type = Bool)]
    undone: bool,
    /// What became of each laptop, one object each: see [`DeviceOfRow`].
    #[diesel(sql_type = Jsonb)]
    devices: Value,
}

#[derive(Deserialize)]
struct DeviceOfRow {
    id: Uuid,
    serial: String,
    model: String,
    by: String,
    from: String,
    to: String,
}

/// Laptops of an act that a list shows; a batch may hold hundreds.
const MOST_DEVICES: usize = 50;

const SQL: &str = "
SELECT a.id, a.kind, a.done_at, t.name AS station, o.name AS operator, a.student_id, s.last_name, s.first_name,
       c.code AS class_code, a.reason, a.undone_at IS NOT NULL AS undone,
       coalesce((SELECT jsonb_agg(jsonb_build_object('id', d.id, 'serial', d.serial_number, 'model', m.designation,
                                                     'by', x.move_name, 'from', x.state_before, 'to', x.state_after)
                                  ORDER BY d.serial_number)
                 FROM act_devices x JOIN devices d ON d.id = x.device_id JOIN device_models m ON m.id = d.model_id
                 WHERE x.act_id = a.id), '[]') AS devices
FROM acts a
JOIN stations t ON t.id = a.station_id
JOIN operators o ON o.id = a.done_by
LEFT JOIN students s ON s.id = a.student_id
LEFT JOIN classes c ON c.id = s.class_id
WHERE a.establishment_id = $1 ";

impl From<Row> for ActCard {
    fn from(row: Row) -> Self {
        let kind = ActKind::parse(&row.kind);
        let devices: Vec<DeviceOfRow> = serde_json::from_value(row.devices).unwrap_or_default();
        let label = |state: &str| {
            DeviceState::parse(state).map_or(state, |known| device_state(known, Language::French)).to_owned()
        };
        Self {
            act_id: row.id,
            label: kind.map_or_else(|| row.kind.clone(), |kind| kind.label().to_owned()),
            undo_until: kind.filter(|kind| kind.may_be_undone()).map(|_| undo_until(row.done_at)),
            kind: row.kind,
            done_at: row.done_at,
            station: row.station,
            operator: row.operator,
            student: row.student_id.zip(row.pupil.get()).map(|(id, pupil)| ActStudent {
                id,
                name: pupil.name(),
                class: pupil.class_code,
            }),
            devices: devices
                .into_iter()
                .take(MOST_DEVICES)
                .map(|d| ActDevice {
                    to_label: label(&d.to),
                    id: d.id,
                    serial: d.serial,
                    model: d.model,
                    by: d.by,
                    from: d.from,
                    to: d.to,
                })
                .collect(),
            reason: row.reason,
            undone: row.undone,
        }
    }
}

/// One act of the school.
pub async fn one(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    act: Uuid,
) -> QueryResult<Option<ActCard>> {
    let row: Option<Row> = diesel::sql_query(format!("{SQL} AND a.id = $2"))
        .bind::<SqlUuid, _>(school.0)
        .bind::<SqlUuid, _>(act)
        .keep_plan()
        .get_result(conn)
        .await
        .optional()?;
    Ok(row.map(ActCard::from))
}

/// The last acts of a station of the named kinds, newest first.
pub async fn of_station(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    station: StationId,
    kinds: &[&str],
    limit: i64,
) -> QueryResult<Vec<ActCard>> {
    let rows: Vec<Row> = diesel::sql_query(format!(
        "{SQL} AND a.station_id = $2 AND a.kind = ANY ($3) ORDER BY a.done_at DESC LIMIT $4"
    ))
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(station.0)
    .bind::<Array<Text>, _>(kinds)
    .bind::<BigInt, _>(limit)
    .keep_plan()
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(ActCard::from).collect())
}
