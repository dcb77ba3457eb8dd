//! Lists on paper: what a delivery's reception found, what a stock-take saw, and which papers
//! the office may print.

use super::receptions::{self, DeliveryCard};
use super::repair_batches::{self, BatchCard};
use super::stock_takes::{self, StockTakeCard};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date, Int4, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::EstablishmentId;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// A delivery and how far its reception has come.
#[derive(Debug, Clone, QueryableByName)]
pub struct PaperDelivery {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub note_number: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub order_number: Option<String>,
    #[diesel(sql_type = Nullable<Date>)]
    pub delivered_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub checked_at: Option<DateTime<Utc>>,
    /// Who declared the reception over.
    #[diesel(sql_type = Nullable<Text>)]
    pub checked_by: Option<String>,
    /// Laptops on the note.
    #[diesel(sql_type = BigInt)]
    pub devices: i64,
}

pub async fn delivery(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    delivery: Uuid,
) -> QueryResult<Option<PaperDelivery>> {
    diesel::sql_query(
        "SELECT n.id, n.note_number, n.order_number, n.delivered_on, n.checked_at, o.name AS checked_by,
                (SELECT count(*) FROM devices d WHERE d.delivery_id = n.id) AS devices
         FROM deliveries n LEFT JOIN operators o ON o.id = n.checked_by
         WHERE n.establishment_id = $1 AND n.id = $2",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(delivery)
    .get_result(conn)
    .await
    .optional()
}

/// A laptop of a note that was not seen, or a scan that is not as the note has it.
#[derive(Debug, Clone, QueryableByName)]
pub struct Difference {
    /// `missing`, or a scan's verdict.
    #[diesel(sql_type = Text)]
    pub what: String,
    #[diesel(sql_type = Text)]
    pub serial: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub model: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub parcel: Option<String>,
    #[diesel(sql_type = Text)]
    pub note: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub other_school: Option<String>,
    /// The note it stands on, when that is another one.
    #[diesel(sql_type = Nullable<Text>)]
    pub other_note: Option<String>,
}

/// Differences of a delivery, by kind and serial number.
pub async fn differences(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    delivery: Uuid,
) -> QueryResult<Vec<Difference>> {
    diesel::sql_query(
        "SELECT 'missing' AS what, d.serial_number AS serial, m.designation AS model, d.parcel, '' AS note,
                NULL AS other_school, NULL AS other_note
         FROM devices d JOIN device_models m ON m.id = d.model_id
         WHERE d.establishment_id = $1 AND d.delivery_id = $2 AND d.state = 'announced'
           AND NOT EXISTS (SELECT FROM reception_scans x WHERE x.delivery_id = $2 AND x.taken_back_at IS NULL
                             AND x.serial_number = d.serial_number)
         UNION ALL
         SELECT x.verdict, x.serial_number, m.designation, d.parcel, x.note, x.other_school,
                CASE WHEN n.id <> x.delivery_id THEN n.note_number END
         FROM reception_scans x
         LEFT JOIN devices d ON d.id = x.device_id
         LEFT JOIN device_models m ON m.id = d.model_id
         LEFT JOIN deliveries n ON n.id = d.delivery_id
         WHERE x.establishment_id = $1 AND x.delivery_id = $2 AND x.taken_back_at IS NULL AND x.verdict <> 'received'
         ORDER BY what, serial",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(delivery)
    .load(conn)
    .await
}

/// A stock-take.
#[derive(Debug, Clone, QueryableByName)]
pub struct PaperStockTake {
    #[diesel(sql_type = Int4)]
    pub number: i32,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Timestamptz)]
    pub opened_at: DateTime<Utc>,
    #[diesel(sql_type = Text)]
    pub opened_by: String,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub closed_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    pub closed_by: Option<String>,
    /// As it was frozen at the closing.
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub report: Option<Value>,
}

pub async fn stock_take(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    stock_take: Uuid,
) -> QueryResult<Option<PaperStockTake>> {
    diesel::sql_query(
        "SELECT t.number, t.name, t.opened_at, o.name AS opened_by, t.closed_at, e.name AS closed_by, t.report
         FROM stock_takes t JOIN operators o ON o.id = t.opened_by LEFT JOIN operators e ON e.id = t.closed_by
         WHERE t.establishment_id = $1 AND t.id = $2",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(stock_take)
    .get_result(conn)
    .await
    .optional()
}

/// How many laptops were seen in a room.
#[derive(Debug, Clone, QueryableByName)]
pub struct SeenInRoom {
    #[diesel(sql_type = Text)]
    pub room: String,
    #[diesel(sql_type = BigInt)]
    pub seen: i64,
}

pub async fn rooms(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    stock_take: Uuid,
) -> QueryResult<Vec<SeenInRoom>> {
    diesel::sql_query(
        "SELECT room, count(*) AS seen FROM stock_take_scans WHERE establishment_id = $1 AND stock_take_id = $2
         GROUP BY room ORDER BY room",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(stock_take)
    .load(conn)
    .await
}

/// Something the office may print, as a choice of a list.
#[derive(Debug, Clone, Serialize, ToSchema, QueryableByName)]
pub struct PaperChoice {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// A note's number, a batch's contractor, a stock-take's name, a pupil.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// Counts on in the school; 0 for what has none.
    #[diesel(sql_type = Int4)]
    pub number: i32,
    #[diesel(sql_type = Timestamptz)]
    pub at: DateTime<Utc>,
    /// Laptops of it.
    #[diesel(sql_type = BigInt)]
    pub devices: i64,
    /// Checked, sent, closed.
    #[diesel(sql_type = Bool)]
    pub over: bool,
}

/// What there is to print, the newest first; a hundred of each at most.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PaperChoices {
    pub deliveries: Vec<PaperChoice>,
    pub repair_batches: Vec<PaperChoice>,
    pub stock_takes: Vec<PaperChoice>,
    pub transfers: Vec<PaperChoice>,
}

const MOST: usize = 100;

/// Deliveries, batches and stock-takes as their own screens list them, and cessions.
pub async fn choices(conn: &mut AsyncPgConnection, school: EstablishmentId) -> QueryResult<PaperChoices> {
    Ok(PaperChoices {
        deliveries: newest(receptions::deliveries(conn, school).await?),
        repair_batches: newest(repair_batches::list(conn, school).await?),
        stock_takes: newest(stock_takes::list(conn, school).await?),
        transfers: transfers(conn, school).await?,
    })
}

fn newest(cards: Vec<impl Into<PaperChoice>>) -> Vec<PaperChoice> {
    let mut choices: Vec<PaperChoice> = cards.into_iter().map(Into::into).collect();
    choices.sort_by_key(|choice| std::cmp::Reverse(choice.at));
    choices.truncate(MOST);
    choices
}

impl From<DeliveryCard> for PaperChoice {
    fn from(card: DeliveryCard) -> Self {
        Self {
            id: card.id,
            name: card.note_number,
            number: 0,
            at: card.created_at,
            devices: card.expected,
            over: card.checked_at.is_some(),
        }
    }
}

impl From<BatchCard> for PaperChoice {
    fn from(card: BatchCard) -> Self {
        Self {
            id: card.id,
            name: card.contractor,
            number: card.number,
            at: card.opened_at,
            devices: card.devices,
            over: card.sent_at.is_some(),
        }
    }
}

impl From<StockTakeCard> for PaperChoice {
    fn from(card: StockTakeCard) -> Self {
        Self {
            id: card.id,
            name: card.name,
            number: card.number,
            at: card.opened_at,
            devices: card.scanned,
            over: card.closed_at.is_some(),
        }
    }
}

/// Acts that gave laptops to their pupils for good.
async fn transfers(conn: &mut AsyncPgConnection, school: EstablishmentId) -> QueryResult<Vec<PaperChoice>> {
    diesel::sql_query(format!(
        "SELECT a.id, '' AS name, 0 AS number, a.done_at AS at,
                (SELECT count(*) FROM act_loans y WHERE y.act_id = a.id) AS devices, true AS over
         FROM acts a WHERE a.establishment_id = $1 AND a.kind = 'transfer' AND a.undone_at IS NULL
         ORDER BY at DESC LIMIT {MOST}"
    ))
    .bind::<SqlUuid, _>(school.0)
    .load(conn)
    .await
}
