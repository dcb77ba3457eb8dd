//! Deliveries being checked against their notes.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Date, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::EstablishmentId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A delivery note and how far its reception is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, QueryableByName)]
pub struct DeliveryCard {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub note_number: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub order_number: Option<String>,
    #[diesel(sql_type = Nullable<Date>)]
    pub delivered_on: Option<NaiveDate>,
    /// When the note was taken in; for lists that put the newest first.
    #[serde(skip)]
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    /// When somebody declared the reception over.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub checked_at: Option<DateTime<Utc>>,
    /// Laptops on the note.
    #[diesel(sql_type = BigInt)]
    pub expected: i64,
    /// Of them, seen: scanned here, or handed out or moved already.
    #[diesel(sql_type = BigInt)]
    pub seen: i64,
    /// Of those, damaged.
    #[diesel(sql_type = BigInt)]
    pub damaged: i64,
    /// Scanned, and on no note of the school.
    #[diesel(sql_type = BigInt)]
    pub extra: i64,
    /// Scanned, and on another note of the school.
    #[diesel(sql_type = BigInt)]
    pub other_note: i64,
    /// Scanned, and another school's.
    #[diesel(sql_type = BigInt)]
    pub other_school: i64,
}

const CARD_SQL: &str = "
SELECT n.id, n.note_number, n.order_number, n.delivered_on, n.created_at, n.checked_at,
       coalesce(d.expected, 0) AS expected, coalesce(d.seen, 0) AS seen,
       coalesce(s.damaged, 0) AS damaged, coalesce(s.extra, 0) AS extra,
       coalesce(s.other_note, 0) AS other_note, coalesce(s.other_school, 0) AS other_school
FROM deliveries n
LEFT JOIN LATERAL (SELECT count(*) AS expected, count(*) FILTER (WHERE state <> 'announced') AS seen
                   FROM devices WHERE delivery_id = n.id) d ON true
LEFT JOIN LATERAL (SELECT count(*) FILTER (WHERE verdict = 'damaged') AS damaged,
                          count(*) FILTER (WHERE verdict = 'not_on_a_note') AS extra,
                          count(*) FILTER (WHERE verdict = 'other_note') AS other_note,
                          count(*) FILTER (WHERE verdict = 'other_school') AS other_school
                   FROM reception_scans WHERE delivery_id = n.id AND taken_back_at IS NULL) s ON true
WHERE n.establishment_id = $1 ";

/// Deliveries of the school, the newest first; 500 at most.
pub async fn deliveries(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
) -> QueryResult<Vec<DeliveryCard>> {
    diesel::sql_query(format!(
        "{CARD_SQL} ORDER BY n.delivered_on DESC NULLS LAST, n.note_number DESC LIMIT 500"
    ))
    .bind::<SqlUuid, _>(school.0)
    .load(conn)
    .await
}

pub async fn delivery(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    delivery: Uuid,
) -> QueryResult<Option<DeliveryCard>> {
    diesel::sql_query(format!("{CARD_SQL} AND n.id = $2"))
        .bind::<SqlUuid, _>(school.0)
        .bind::<SqlUuid, _>(delivery)
        .get_result(conn)
        .await
        .optional()
}

/// What a scan must know of the note: counting its laptops is for the answer.
#[derive(Debug, Clone, QueryableByName)]
pub struct Note {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub note_number: String,
    /// When somebody declared the reception over.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub checked_at: Option<DateTime<Utc>>,
}

pub async fn note(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    delivery: Uuid,
) -> QueryResult<Option<Note>> {
    diesel::sql_query(
        "SELECT id, note_number, checked_at FROM deliveries WHERE establishment_id = $1 AND id = $2",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(delivery)
    .get_result(conn)
    .await
    .optional()
}

/// A laptop of the note that nobody has seen.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, QueryableByName)]
pub struct MissingDevice {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub serial: String,
    #[diesel(sql_type = Text)]
    pub model: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub pallet: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub parcel: Option<String>,
}

/// Laptops of the note that are missing, by pallet, parcel and serial number.
pub async fn missing(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    delivery: Uuid,
    limit: i64,
) -> QueryResult<Vec<MissingDevice>> {
    diesel::sql_query(
        "SELECT d.id, d.serial_number AS serial, m.designation AS model, d.pallet, d.parcel
         FROM devices d JOIN device_models m ON m.id = d.model_id
         WHERE d.establishment_id = $1 AND d.delivery_id = $2 AND d.state = 'announced'
         ORDER BY d.pallet, d.parcel, d.serial_number LIMIT $3",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(delivery)
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await
}

/// A scan of a reception.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, QueryableByName)]
pub struct ReceptionScan {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub serial: String,
    /// `received`, `damaged`, `other_note`, `other_school` or `not_on_a_note`.
    #[diesel(sql_type = Text)]
    pub verdict: String,
    #[diesel(sql_type = Text)]
    pub note: String,
    /// The other school, or the other note.
    #[diesel(sql_type = Nullable<Text>)]
    pub other: Option<String>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub device_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub act_id: Option<Uuid>,
    #[diesel(sql_type = Timestamptz)]
    pub scanned_at: DateTime<Utc>,
    #[diesel(sql_type = Text)]
    pub station: String,
    #[diesel(sql_type = Text)]
    pub operator: String,
}

const SCAN_SQL: &str = "
SELECT x.id, x.serial_number AS serial, x.verdict, x.note, coalesce(x.other_school, n.note_number) AS other,
       x.device_id, x.act_id, x.scanned_at, t.name AS station, o.name AS operator
FROM reception_scans x
JOIN stations t ON t.id = x.station_id
JOIN operators o ON o.id = x.operator_id
LEFT JOIN devices d ON d.id = x.device_id AND x.verdict = 'other_note'
LEFT JOIN deliveries n ON n.id = d.delivery_id
WHERE x.establishment_id = $1 AND x.delivery_id = $2 AND x.taken_back_at IS NULL ";

/// The last scans of a reception, newest first; with `strange`, only those that differ from the note.
pub async fn scans(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    delivery: Uuid,
    strange: bool,
    limit: i64,
) -> QueryResult<Vec<ReceptionScan>> {
    diesel::sql_query(format!(
        "{SCAN_SQL} AND (NOT $3 OR x.verdict <> 'received') ORDER BY x.scanned_at DESC LIMIT $4"
    ))
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(delivery)
    .bind::<Bool, _>(strange)
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await
}

/// The standing scan of a serial number, if there is one.
pub async fn scan_of(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    delivery: Uuid,
    serial: &str,
) -> QueryResult<Option<ReceptionScan>> {
    diesel::sql_query(format!("{SCAN_SQL} AND x.serial_number = $3"))
        .bind::<SqlUuid, _>(school.0)
        .bind::<SqlUuid, _>(delivery)
        .bind::<Text, _>(serial)
        .get_result(conn)
        .await
        .optional()
}

/// What a scan turned out to be.
pub struct NewScan<'a> {
    pub school: EstablishmentId,
    pub delivery: Uuid,
    pub serial: &'a str,
    pub device: Option<Uuid>,
    pub verdict: &'a str,
    pub act: Option<Uuid>,
    pub note: &'a str,
    pub other_school: Option<&'a str>,
    pub operator: Uuid,
    pub station: Uuid,
}

/// Writes the scan, or what it has become when the serial number was scanned before.
pub async fn write(conn: &mut AsyncPgConnection, scan: &NewScan<'_>) -> QueryResult<()> {
    diesel::sql_query(
        "INSERT INTO reception_scans AS x (id, establishment_id, delivery_id, serial_number, device_id, verdict, act_id,
                                           note, other_school, operator_id, station_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (delivery_id, serial_number) WHERE taken_back_at IS NULL
         DO UPDATE SET verdict = excluded.verdict, note = excluded.note, act_id = coalesce(excluded.act_id, x.act_id)",
    )
    .bind::<SqlUuid, _>(Uuid::now_v7())
    .bind::<SqlUuid, _>(scan.school.0)
    .bind::<SqlUuid, _>(scan.delivery)
    .bind::<Text, _>(scan.serial)
    .bind::<Nullable<SqlUuid>, _>(scan.device)
    .bind::<Text, _>(scan.verdict)
    .bind::<Nullable<SqlUuid>, _>(scan.act)
    .bind::<Text, _>(scan.note)
    .bind::<Nullable<Text>, _>(scan.other_school)
    .bind::<SqlUuid, _>(scan.operator)
    .bind::<SqlUuid, _>(scan.station)
    .execute(conn)
    .await
    .map(drop)
}

/// Where a serial number is known.
#[derive(Debug, Clone, QueryableByName)]
pub struct KnownSerial {
    #[diesel(sql_type = SqlUuid)]
    pub device_id: Uuid,
    #[diesel(sql_type = Text)]
    pub serial: String,
    #[diesel(sql_type = Bool)]
    pub is_own: bool,
    /// Name and UAI of the school.
    #[diesel(sql_type = Text)]
    pub school: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub delivery_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    pub note_number: Option<String>,
}

/// Laptops of those serial numbers in every school, the own ones first. Of another school only
/// its public name is told. Needs a transaction for every school.
pub async fn known(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    serials: &[String],
) -> QueryResult<Vec<KnownSerial>> {
    diesel::sql_query(
        "SELECT d.id AS device_id, d.serial_number AS serial, d.establishment_id = $1 AS is_own,
                e.name || ' (' || e.uai || ')' AS school, d.delivery_id, n.note_number
         FROM devices d JOIN establishments e ON e.id = d.establishment_id
         LEFT JOIN deliveries n ON n.id = d.delivery_id
         WHERE d.serial_number = ANY ($2) ORDER BY is_own DESC LIMIT 8",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<Array<Text>, _>(serials)
    .load(conn)
    .await
}

/// Declares a reception over, or open again.
pub async fn set_checked(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    delivery: Uuid,
    by: Option<Uuid>,
) -> QueryResult<usize> {
    diesel::sql_query(
        "UPDATE deliveries SET checked_at = CASE WHEN $3::uuid IS NULL THEN NULL ELSE now() END, checked_by = $3
         WHERE establishment_id = $1 AND id = $2",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(delivery)
    .bind::<Nullable<SqlUuid>, _>(by)
    .execute(conn)
    .await
}
