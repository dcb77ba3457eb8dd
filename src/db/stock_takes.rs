//! Stock-takes: what was seen, and what that says of what the school believes.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Int4, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::devices::DeviceState;
use domain::ids::EstablishmentId;
use domain::names::display_name;
use domain::words::{Language, device_state};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// A stock-take and how far it is.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, QueryableByName)]
pub struct StockTakeCard {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Int4)]
    pub number: i32,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Timestamptz)]
    pub opened_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub closed_at: Option<DateTime<Utc>>,
    /// Codes scanned so far.
    #[diesel(sql_type = BigInt)]
    pub scanned: i64,
}

const CARD_SQL: &str = "
SELECT t.id, t.number, t.name, t.opened_at, t.closed_at,
       (SELECT count(*) FROM stock_take_scans s WHERE s.stock_take_id = t.id) AS scanned
FROM stock_takes t WHERE t.establishment_id = $1 ";

/// Stock-takes of the school, the newest first; 100 at most.
pub async fn list(conn: &mut AsyncPgConnection, school: EstablishmentId) -> QueryResult<Vec<StockTakeCard>> {
    diesel::sql_query(format!("{CARD_SQL} ORDER BY t.number DESC LIMIT 100"))
        .bind::<SqlUuid, _>(school.0)
        .load(conn)
        .await
}

/// One of them; with `lock`, nobody closes it meanwhile.
pub async fn one(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    id: Uuid,
    lock: bool,
) -> QueryResult<Option<StockTakeCard>> {
    let lock = if lock { "FOR NO KEY UPDATE OF t" } else { "" };
    diesel::sql_query(format!("{CARD_SQL} AND t.id = $2 {lock}"))
        .bind::<SqlUuid, _>(school.0)
        .bind::<SqlUuid, _>(id)
        .get_result(conn)
        .await
        .optional()
}

/// Name of the open one, if any.
pub async fn open_name(conn: &mut AsyncPgConnection, school: EstablishmentId) -> QueryResult<Option<String>> {
    use super::schema::stock_takes;
    stock_takes::table
        .filter(stock_takes::establishment_id.eq(school.0))
        .filter(stock_takes::closed_at.is_null())
        .select(stock_takes::name)
        .first(conn)
        .await
        .optional()
}

/// Opens one; its number counts on from the school's last.
pub async fn open(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    name: &str,
    operator: Uuid,
) -> QueryResult<Uuid> {
    let id = Uuid::now_v7();
    diesel::sql_query(
        "INSERT INTO stock_takes (id, establishment_id, number, name, opened_by)
         SELECT $1, $2, coalesce(max(number), 0) + 1, $3, $4 FROM stock_takes WHERE establishment_id = $2",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(school.0)
    .bind::<Text, _>(name)
    .bind::<SqlUuid, _>(operator)
    .execute(conn)
    .await?;
    Ok(id)
}

/// A laptop seen, or a serial number nobody knows.
pub struct NewScan<'a> {
    pub school: EstablishmentId,
    pub stock_take: Uuid,
    pub serial: &'a str,
    pub device: Option<Uuid>,
    pub state: Option<&'a str>,
    pub room: &'a str,
    pub operator: Uuid,
    pub station: Uuid,
}

/// False when it was seen before in this stock-take: the first look counts.
pub async fn add_scan(conn: &mut AsyncPgConnection, scan: &NewScan<'_>) -> QueryResult<bool> {
    let added = diesel::sql_query(
        "INSERT INTO stock_take_scans (stock_take_id, establishment_id, serial_number, device_id, state_found, room,
                                       operator_id, station_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
    )
    .bind::<SqlUuid, _>(scan.stock_take)
    .bind::<SqlUuid, _>(scan.school.0)
    .bind::<Text, _>(scan.serial)
    .bind::<Nullable<SqlUuid>, _>(scan.device)
    .bind::<Nullable<Text>, _>(scan.state)
    .bind::<Text, _>(scan.room)
    .bind::<SqlUuid, _>(scan.operator)
    .bind::<SqlUuid, _>(scan.station)
    .execute(conn)
    .await?;
    Ok(added == 1)
}

/// Takes a scan back while the stock-take is open.
pub async fn remove_scan(conn: &mut AsyncPgConnection, stock_take: Uuid, serial: &str) -> QueryResult<usize> {
    use super::schema::stock_take_scans as scans;
    diesel::delete(scans::table.find((stock_take, serial))).execute(conn).await
}

/// A line of the report: a laptop that is not as the school believes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StockTakeLine {
    /// `missing` (believed here, not seen), `unexpected` (seen, believed elsewhere), `unknown`
    /// (seen, on no list).
    pub finding: String,
    pub serial: String,
    pub device_id: Option<Uuid>,
    pub model: Option<String>,
    pub state: Option<String>,
    /// In French.
    pub state_label: Option<String>,
    pub holder: Option<String>,
    pub room: Option<String>,
    pub seen_at: Option<DateTime<Utc>>,
    /// What would put it right: `lose`, `find`, `receive`, `return`, `come_back`; none needs a person.
    pub proposal: Option<String>,
    /// The same in French.
    pub proposal_label: Option<String>,
}

/// Counts and differences of a stock-take.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StockTakeReport {
    /// Laptops believed to be in the school's rooms.
    pub expected: i64,
    /// Of them, seen.
    pub found: i64,
    pub lines: Vec<StockTakeLine>,
    /// Laptops whose correction was applied at the closing.
    #[serde(default)]
    pub corrected: Vec<Uuid>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    serial: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    device_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    model: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    state: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    last_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    first_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    room: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    seen_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Bool)]
    held: bool,
}

/// Compares what was seen with what the school believes now; 5,000 lines at most.
pub async fn compare(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    stock_take: Uuid,
) -> QueryResult<StockTakeReport> {
    let rows: Vec<Row> = diesel::sql_query(
        "SELECT coalesce(d.serial_number, x.serial_number) AS serial, d.id AS device_id, m.designation AS model, d.state,
                s.last_name, s.first_name, x.room, x.scanned_at AS seen_at, l.id IS NOT NULL AS held
         FROM (SELECT * FROM devices WHERE establishment_id = $1) d
         FULL JOIN (SELECT * FROM stock_take_scans WHERE establishment_id = $1 AND stock_take_id = $2) x ON x.device_id = d.id
         LEFT JOIN device_models m ON m.id = d.model_id
         LEFT JOIN loans l ON l.device_id = d.id AND l.closed_at IS NULL
         LEFT JOIN students s ON s.id = l.student_id
         WHERE x.serial_number IS NOT NULL OR d.state IN ('in_stock', 'reserve', 'awaiting_repair', 'repaired')
         ORDER BY x.serial_number IS NOT NULL, serial",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(stock_take)
    .load(conn)
    .await?;
    let mut report = StockTakeReport { expected: 0, found: 0, lines: Vec::new(), corrected: Vec::new() };
    for row in rows {
        let state = row.state.as_deref().and_then(DeviceState::parse);
        let here = state.is_some_and(DeviceState::is_on_site);
        let seen = row.seen_at.is_some();
        report.expected += i64::from(here);
        report.found += i64::from(here && seen);
        if here && seen {
            continue;
        }
        report.lines.push(line(row, state));
    }
    report.lines.truncate(5_000);
    Ok(report)
}

fn line(row: Row, state: Option<DeviceState>) -> StockTakeLine {
    let seen = row.seen_at.is_some();
    let finding = match (state, seen) {
        (None, _) => "unknown",
        (Some(_), false) => "missing",
        (Some(_), true) => "unexpected",
    };
    let proposal = match (finding, state, row.held) {
        ("missing", _, false) => Some(("lose", "déclarer perdu")),
        ("unexpected", Some(DeviceState::Lost | DeviceState::Stolen), _) => {
            Some(("find", "retrouvé : remettre en stock"))
        }
        ("unexpected", Some(DeviceState::Announced), _) => Some(("receive", "recevoir en stock")),
        ("unexpected", Some(DeviceState::Lent), true) => Some(("return", "clore le prêt : rendu")),
        ("unexpected", Some(DeviceState::InRepair), _) => {
            Some(("come_back", "revenu de réparation, à vérifier"))
        }
        _ => None,
    };
    let holder = row.last_name.map(|last| display_name(row.first_name.as_deref().unwrap_or_default(), &last));
    StockTakeLine {
        finding: finding.into(),
        serial: row.serial,
        device_id: row.device_id,
        model: row.model,
        state: state.map(|state| state.as_str().to_owned()),
        state_label: state.map(|state| device_state(state, Language::French).to_owned()),
        holder,
        room: row.room.filter(|room| !room.is_empty()),
        seen_at: row.seen_at,
        proposal: proposal.map(|(word, _)| word.to_owned()),
        proposal_label: proposal.map(|(_, label)| label.to_owned()),
    }
}

/// Freezes the report.
pub async fn close(
    conn: &mut AsyncPgConnection,
    stock_take: Uuid,
    operator: Uuid,
    report: &Value,
) -> QueryResult<()> {
    diesel::sql_query("UPDATE stock_takes SET closed_at = now(), closed_by = $2, report = $3 WHERE id = $1")
        .bind::<SqlUuid, _>(stock_take)
        .bind::<SqlUuid, _>(operator)
        .bind::<Jsonb, _>(report)
        .execute(conn)
        .await
        .map(drop)
}

/// The frozen report of a closed one.
pub async fn report(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    id: Uuid,
) -> QueryResult<Option<Value>> {
    use super::schema::stock_takes;
    let found: Option<Option<Value>> = stock_takes::table
        .filter(stock_takes::establishment_id.eq(school.0))
        .filter(stock_takes::id.eq(id))
        .select(stock_takes::report)
        .first(conn)
        .await
        .optional()?;
    Ok(found.flatten())
}
