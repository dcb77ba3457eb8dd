//! Laptops by where they are and what happened to them.

use super::{Conditions, Order, Page, Part, Table, Value};
use crate::db::lists;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable, Text, Timestamptz};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::EstablishmentId;
use futures_util::TryStreamExt;
use serde::Serialize;
use utoipa::ToSchema;

/// Which laptops; what is absent filters nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeviceFilter {
    pub state: Option<String>,
    /// A model's part number.
    pub model: Option<String>,
    /// The number of a delivery note.
    pub delivery: Option<String>,
    /// The class of who holds it.
    pub class: Option<String>,
    /// Whose warranty ends by that day.
    pub warranty_by: Option<NaiveDate>,
    /// With a breakdown, a breakage, a loss or a theft to tell of.
    pub incidents: Option<bool>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DeviceOrder {
    #[default]
    Serial,
    State,
    Model,
    Delivery,
    Warranty,
}

const SERIAL: &str = "r.serial_number COLLATE \"C\"";

/// Those that are plain comparisons.
fn conditions(school: EstablishmentId, filter: &DeviceFilter) -> Conditions {
    let mut all = Conditions::new(school.0);
    let texts = [
        (&filter.state, "r.state = ?"),
        (
            &filter.model,
            "r.model_id = (SELECT m.id FROM device_models m WHERE m.establishment_id = $1 AND m.part_number = ?)",
        ),
        (
            &filter.delivery,
            "r.delivery_id = (SELECT n.id FROM deliveries n WHERE n.establishment_id = $1 AND n.note_number = ?)",
        ),
        (
            &filter.class,
            "r.id = ANY (ARRAY(SELECT l.device_id FROM classes c JOIN students s ON s.class_id = c.id
                               JOIN loans l ON l.student_id = s.id AND l.closed_at IS NULL
                               WHERE c.establishment_id = $1 AND c.code = ?))",
        ),
    ];
    for (value, condition) in texts {
        if let Some(text) = value {
            all.and_with(condition, Value::Text(text.clone()));
        }
    }
    if let Some(day) = filter.warranty_by {
        all.and_with("r.warranty_end <= ?", Value::Day(day));
    }
    all
}

/// Every condition of the filter.
async fn narrowed(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    filter: &DeviceFilter,
) -> QueryResult<Conditions> {
    let all = conditions(school, filter);
    match filter.incidents {
        Some(wanted) => with_incidents(conn, all, wanted).await,
        None => Ok(all),
    }
}

/// More laptops than these have a story: one by one is then quicker than all of them at once.
const MANY: i64 = 2_000;

/// With or without an incident to tell of.
async fn with_incidents(
    conn: &mut AsyncPgConnection,
    mut all: Conditions,
    wanted: bool,
) -> QueryResult<Conditions> {
    let told = "SELECT i.device_id FROM incidents i WHERE i.establishment_id = $1 AND i.cancelled_at IS NULL";
    let text = format!("SELECT count(*) AS n FROM ({told} LIMIT {MANY}) counted");
    let few = all.school_query(&text).get_result::<lists::Count>(conn).await?.n < MANY;
    match (wanted, few) {
        (true, true) => all.and(&format!("r.id = ANY (ARRAY({told}))")),
        (true, false) => all.and(&format!("EXISTS ({told} AND i.device_id = r.id)")),
        (false, _) => all.and(&format!("NOT EXISTS ({told} AND i.device_id = r.id)")),
    }
    Ok(all)
}

const TABLE: Table = Table { name: "devices", within: SERIAL };

fn order(order: DeviceOrder) -> Order {
    match order {
        DeviceOrder::Serial => Order::Plain,
        DeviceOrder::State => Order::Key("r.state"),
        DeviceOrder::Warranty => Order::Key("r.warranty_end"),
        DeviceOrder::Model => Order::Groups {
            column: "r.model_id",
            ids: "SELECT id FROM device_models WHERE establishment_id = $1
                  ORDER BY designation COLLATE \"C\", part_number, id",
        },
        DeviceOrder::Delivery => Order::Groups {
            column: "r.delivery_id",
            ids: "SELECT id FROM deliveries WHERE establishment_id = $1 ORDER BY note_number COLLATE \"C\", id",
        },
    }
}

pub async fn page(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    filter: &DeviceFilter,
    (sorted, descending): (DeviceOrder, bool),
    part: Part,
) -> QueryResult<Page> {
    let all = narrowed(conn, school, filter).await?;
    lists::page(conn, &TABLE, &all, (&order(sorted), descending), part).await
}

/// What a list of laptops may be narrowed to.
#[derive(Debug, Clone, Serialize, QueryableByName, ToSchema)]
pub struct ModelChoice {
    #[diesel(sql_type = Text)]
    pub part_number: String,
    #[diesel(sql_type = Text)]
    pub designation: String,
}

#[derive(QueryableByName)]
struct Note {
    #[diesel(sql_type = Text)]
    note_number: String,
}

/// The school's models and delivery notes.
pub async fn choices(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
) -> QueryResult<(Vec<ModelChoice>, Vec<String>)> {
    let models = diesel::sql_query(
        "SELECT part_number, designation FROM device_models WHERE establishment_id = $1 ORDER BY designation, part_number",
    )
    .bind::<diesel::sql_types::Uuid, _>(school.0)
    .load(conn)
    .await?;
    let notes: Vec<Note> = diesel::sql_query(
        "SELECT note_number FROM deliveries WHERE establishment_id = $1 ORDER BY delivered_on DESC NULLS LAST, note_number",
    )
    .bind::<diesel::sql_types::Uuid, _>(school.0)
    .load(conn)
    .await?;
    Ok((models, notes.into_iter().map(|note| note.note_number).collect()))
}

/// A laptop, as a list that leaves as a file tells it.
#[derive(Debug, QueryableByName)]
pub struct DeviceLine {
    #[diesel(sql_type = Text)]
    pub serial: String,
    #[diesel(sql_type = Text)]
    pub maker: String,
    #[diesel(sql_type = Text)]
    pub model: String,
    #[diesel(sql_type = Text)]
    pub part_number: String,
    #[diesel(sql_type = Text)]
    pub state: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub delivery_note: Option<String>,
    #[diesel(sql_type = Nullable<Date>)]
    pub warranty_end: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Text>)]
    pub last_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub first_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub class_code: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub loan_kind: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub since: Option<DateTime<Utc>>,
    #[diesel(sql_type = BigInt)]
    pub incidents: i64,
}

const LINES: &str = "
SELECT r.serial_number AS serial, m.manufacturer AS maker, m.designation AS model, m.part_number, r.state,
       n.note_number AS delivery_note, r.warranty_end, s.last_name, s.first_name, c.code AS class_code,
       l.kind AS loan_kind, l.opened_at AS since, coalesce(i.n, 0) AS incidents
FROM devices r
JOIN device_models m ON m.id = r.model_id
LEFT JOIN deliveries n ON n.id = r.delivery_id
LEFT JOIN loans l ON l.device_id = r.id AND l.closed_at IS NULL
LEFT JOIN students s ON s.id = l.student_id
LEFT JOIN classes c ON c.id = s.class_id
LEFT JOIN (SELECT device_id, count(*) AS n FROM incidents WHERE establishment_id = $1 AND cancelled_at IS NULL
           GROUP BY device_id) i ON i.device_id = r.id
WHERE r.establishment_id = $1";

/// Calls `each` with every laptop of the filter; one is in memory at a time.
pub async fn for_each<E, F>(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    filter: &DeviceFilter,
    sorted: (DeviceOrder, bool),
    mut each: F,
) -> Result<(), E>
where
    E: From<diesel::result::Error>,
    F: AsyncFnMut(DeviceLine) -> Result<(), E>,
{
    let all = narrowed(conn, school, filter).await?;
    let direction = if sorted.1 { " DESC" } else { "" };
    let key = match sorted.0 {
        DeviceOrder::Serial => None,
        DeviceOrder::State => Some("r.state"),
        DeviceOrder::Model => Some("m.designation COLLATE \"C\""),
        DeviceOrder::Delivery => Some("n.note_number COLLATE \"C\""),
        DeviceOrder::Warranty => Some("r.warranty_end"),
    };
    let by = key.map_or_else(String::new, |key| format!("{key}{direction} NULLS LAST, "));
    let text = format!("{LINES}{} ORDER BY {by}{SERIAL}{direction}, r.id{direction}", all.text);
    let mut lines = all.query(text).load_stream::<DeviceLine>(conn).await?;
    while let Some(line) = lines.try_next().await? {
        each(line).await?;
    }
    Ok(())
}
