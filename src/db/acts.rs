//! Acts of a desk: written with the laptops they move and the loans they touch, read as the
//! foot of the desk lists them.

use super::prepared::KeepPlan;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::acts::{ActKind, undo_until};
use domain::devices::DeviceState;
use domain::ids::{EstablishmentId, StationId};
use domain::moves::Move;
use domain::names::display_name;
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
    let journalled = act.kind.as_str();
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
    .bind::<Text, _>(journalled)
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
    #[diesel(sql_type = Nullable<Text>)]
    last_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    first_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    class_code: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    reason: Option<String>,
    #[diesel(sql_type = Bool)]
    undone: bool,
    /// Five texts a laptop: id, serial, model, then move, before, after.
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
            student: row.student_id.map(|id| ActStudent {
                id,
                name: display_name(
                    row.first_name.as_deref().unwrap_or_default(),
                    row.last_name.as_deref().unwrap_or_default(),
                ),
                class: row.class_code,
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

/// What an undo wants to know of an act.
#[derive(QueryableByName)]
pub struct UndoFacts {
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Timestamptz)]
    pub done_at: DateTime<Utc>,
    #[diesel(sql_type = SqlUuid)]
    pub station_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub student_id: Option<Uuid>,
    #[diesel(sql_type = Bool)]
    pub undone: bool,
    #[diesel(sql_type = Array<SqlUuid>)]
    pub devices: Vec<Uuid>,
    #[diesel(sql_type = Array<SqlUuid>)]
    pub students: Vec<Uuid>,
}

/// Reads an act and locks it; `None` when the school has none of that id.
pub async fn lock(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    act: Uuid,
) -> QueryResult<Option<UndoFacts>> {
    diesel::sql_query(
        "SELECT a.kind, a.done_at, a.station_id, a.student_id, a.undone_at IS NOT NULL AS undone,
                ARRAY(SELECT x.device_id FROM act_devices x WHERE x.act_id = a.id
                      UNION SELECT l.device_id FROM act_loans y JOIN loans l ON l.id = y.loan_id WHERE y.act_id = a.id
                      ORDER BY 1) AS devices,
                ARRAY(SELECT DISTINCT l.student_id FROM act_loans y JOIN loans l ON l.id = y.loan_id
                      WHERE y.act_id = a.id ORDER BY 1) AS students
         FROM acts a WHERE a.establishment_id = $1 AND a.id = $2 FOR NO KEY UPDATE",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(act)
    .get_result(conn)
    .await
    .optional()
}

#[derive(QueryableByName)]
struct Truth {
    #[diesel(sql_type = Bool)]
    holds: bool,
}

/// Whether laptops, loans, repairs and grants are still as the act left them, and nothing that
/// it ended has begun anew. Asked under the locks of laptops and pupils.
pub async fn is_untouched(conn: &mut AsyncPgConnection, act: Uuid) -> QueryResult<bool> {
    let truth: Truth = diesel::sql_query(
        "SELECT NOT EXISTS (
             SELECT FROM act_devices x JOIN devices d ON d.id = x.device_id
             WHERE x.act_id = $1 AND d.state <> x.state_after
         ) AND NOT EXISTS (
             SELECT FROM act_devices x JOIN act_devices y ON y.device_id = x.device_id AND y.act_id <> x.act_id
             JOIN acts a ON a.id = x.act_id JOIN acts b ON b.id = y.act_id
             WHERE x.act_id = $1 AND b.done_at > a.done_at AND b.undone_at IS NULL
         ) AND NOT EXISTS (
             SELECT FROM act_loans y JOIN loans l ON l.id = y.loan_id
             WHERE y.act_id = $1 AND (y.effect = 'opened') <> (l.closed_at IS NULL)
         ) AND NOT EXISTS (
             SELECT FROM act_loans y JOIN loans l ON l.id = y.loan_id
             JOIN loans later ON later.closed_at IS NULL AND later.kind = l.kind AND later.student_id = l.student_id
             WHERE y.act_id = $1 AND y.effect = 'closed'
               AND NOT EXISTS (SELECT FROM act_loans own WHERE own.act_id = $1 AND own.loan_id = later.id)
         ) AND NOT EXISTS (
             SELECT FROM act_loans y JOIN loans l ON l.id = y.loan_id JOIN devices d ON d.id = l.device_id
             WHERE y.act_id = $1 AND y.effect = 'closed'
               AND (EXISTS (SELECT FROM loans other WHERE other.device_id = d.id AND other.closed_at IS NULL
                              AND NOT EXISTS (SELECT FROM act_loans own WHERE own.act_id = $1 AND own.loan_id = other.id))
                    OR (d.state NOT IN ('lent', 'awaiting_repair', 'in_repair', 'repaired')
                        AND NOT EXISTS (SELECT FROM act_devices x WHERE x.act_id = $1 AND x.device_id = d.id)))
         ) AND NOT EXISTS (
             SELECT FROM incidents i JOIN emergency_grants g ON g.incident_id = i.id AND g.decision IS DISTINCT FROM 'refused'
             WHERE i.act_id = $1
         ) AS holds",
    )
    .bind::<SqlUuid, _>(act)
    .get_result(conn)
    .await?;
    Ok(truth.holds)
}

/// Who takes an act back, and why.
pub struct Undoing<'a> {
    pub school: EstablishmentId,
    pub act: Uuid,
    pub operator: Uuid,
    pub station: Uuid,
    pub reason: &'a str,
    pub desk_at: Option<DateTime<Utc>>,
    pub request_id: Uuid,
}

/// Puts back what the act changed: loans, laptops, incidents, repairs, receptions, grants.
pub async fn undo(conn: &mut AsyncPgConnection, undoing: &Undoing<'_>) -> QueryResult<()> {
    allow_undo(conn).await?;
    for statement in PUT_BACK {
        diesel::sql_query(*statement)
            .bind::<SqlUuid, _>(undoing.act)
            .bind::<SqlUuid, _>(undoing.school.0)
            .bind::<SqlUuid, _>(undoing.operator)
            .bind::<Text, _>(undoing.reason)
            .execute(conn)
            .await?;
    }
    diesel::sql_query(
        "INSERT INTO journal (establishment_id, desk_at, operator_id, station_id, action, student_id, device_id, loan_id, details)
         SELECT $2, $5, $3, $6, 'undo_' || a.kind, a.student_id, lines.device, lines.loan,
                jsonb_build_object('act_id', a.id, 'reason', $4::text, 'request_id', $7::uuid)
                || CASE WHEN lines.back IS NULL THEN '{}' ELSE jsonb_build_object('from', lines.gone, 'to', lines.back) END
         FROM acts a
         JOIN (SELECT coalesce(x.device_id, t.device_id) AS device, t.loan_id AS loan, x.state_after AS gone, x.state_before AS back
               FROM (SELECT * FROM act_devices WHERE act_id = $1) x
               FULL JOIN (SELECT y.loan_id, l.device_id FROM act_loans y JOIN loans l ON l.id = y.loan_id WHERE y.act_id = $1) t
               ON t.device_id = x.device_id) lines ON true
         WHERE a.id = $1",
    )
    .bind::<SqlUuid, _>(undoing.act)
    .bind::<SqlUuid, _>(undoing.school.0)
    .bind::<SqlUuid, _>(undoing.operator)
    .bind::<Text, _>(undoing.reason)
    .bind::<Nullable<Timestamptz>, _>(undoing.desk_at)
    .bind::<SqlUuid, _>(undoing.station)
    .bind::<SqlUuid, _>(undoing.request_id)
    .execute(conn)
    .await
    .map(drop)
}

/// Lets laptops go against the arrows of their life until this transaction ends.
pub async fn allow_undo(conn: &mut AsyncPgConnection) -> QueryResult<()> {
    diesel::sql_query("SELECT set_config('remise.undo', 'on', true)").execute(conn).await.map(drop)
}

/// `$1` the act, `$2` the school, `$3` who, `$4` why. Each statement uses all four, so that all
/// are bound alike.
const PUT_BACK: &[&str] = &[
    // Opened loans end first: a laptop and a pupil have one open loan each.
    "UPDATE loans l SET closed_at = now(), close_kind = 'undone', close_reason = $4, closed_by = $3
     FROM act_loans y WHERE y.act_id = $1 AND y.establishment_id = $2 AND y.effect = 'opened' AND l.id = y.loan_id",
    "UPDATE loans l SET closed_at = NULL, close_kind = NULL, close_reason = NULL, closed_by = NULL, closed_at_station = NULL
     FROM act_loans y WHERE y.act_id = $1 AND y.establishment_id = $2 AND y.effect = 'closed' AND l.id = y.loan_id
       AND $3::uuid IS NOT NULL AND $4::text IS NOT NULL",
    "UPDATE devices d SET state = x.state_before, updated_at = now()
     FROM act_devices x WHERE x.act_id = $1 AND x.establishment_id = $2 AND d.id = x.device_id
       AND $3::uuid IS NOT NULL AND $4::text IS NOT NULL",
    // A repair that this incident began never was; one that this act sent or ended goes on as before.
    "UPDATE repairs r SET closed_at = now(), outcome = 'cancelled'
     FROM acts a WHERE a.id = $1 AND a.establishment_id = $2 AND r.closed_at IS NULL AND r.sent_at IS NULL
       AND a.kind IN ('swap', 'report_incident', 'await_repair', 'return_loan', 'receive')
       AND r.device_id IN (SELECT device_id FROM act_devices WHERE act_id = $1 AND state_after = 'awaiting_repair')
       AND $3::uuid IS NOT NULL AND $4::text IS NOT NULL",
    "UPDATE repairs r SET sent_at = NULL
     FROM acts a WHERE a.id = $1 AND a.establishment_id = $2 AND a.kind = 'send_to_repair' AND r.closed_at IS NULL
       AND r.device_id IN (SELECT device_id FROM act_devices WHERE act_id = $1)
       AND $3::uuid IS NOT NULL AND $4::text IS NOT NULL",
    "UPDATE repair_batches b SET sent_at = NULL, sent_by = NULL
     FROM acts a WHERE a.id = $1 AND a.establishment_id = $2 AND a.kind = 'send_to_repair'
       AND b.id = (a.details->>'batch_id')::uuid AND $3::uuid IS NOT NULL AND $4::text IS NOT NULL",
    "UPDATE repairs r SET closed_at = NULL, outcome = NULL
     FROM acts a WHERE a.id = $1 AND a.establishment_id = $2
       AND r.id = (a.details->>'repair_id')::uuid AND $3::uuid IS NOT NULL AND $4::text IS NOT NULL",
    "UPDATE incidents SET cancelled_at = now()
     WHERE act_id = $1 AND establishment_id = $2 AND $3::uuid IS NOT NULL AND $4::text IS NOT NULL",
    "UPDATE emergency_grants g SET used_by_loan = NULL
     FROM act_loans y WHERE y.act_id = $1 AND y.establishment_id = $2 AND g.used_by_loan = y.loan_id
       AND $3::uuid IS NOT NULL AND $4::text IS NOT NULL",
    "UPDATE reception_scans SET taken_back_at = now()
     WHERE act_id = $1 AND establishment_id = $2 AND $3::uuid IS NOT NULL AND $4::text IS NOT NULL",
    "UPDATE acts SET undone_at = clock_timestamp(), undone_by = $3, undo_reason = $4 WHERE id = $1 AND establishment_id = $2",
];
