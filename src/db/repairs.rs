//! Repairs: begun, ended, and as the office lists them.

use super::named::{NamedLaptop, NamedPupil, PerhapsNamedPupil};
use super::prepared::KeepPlan;
use super::schema::repairs;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Date, Int4, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::EstablishmentId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Begins a repair, unless one of that laptop is under way.
pub async fn open(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    device: Uuid,
    incident: Option<Uuid>,
    diagnosis: &str,
) -> QueryResult<()> {
    diesel::sql_query(
        "INSERT INTO repairs (id, establishment_id, device_id, incident_id, diagnosis)
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (device_id) WHERE closed_at IS NULL DO NOTHING",
    )
    .bind::<SqlUuid, _>(Uuid::now_v7())
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(device)
    .bind::<Nullable<SqlUuid>, _>(incident)
    .bind::<Text, _>(diagnosis)
    .keep_plan()
    .execute(conn)
    .await
    .map(drop)
}

/// The repair of a laptop that is under way.
pub async fn open_of(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    device: Uuid,
) -> QueryResult<Option<Uuid>> {
    repairs::table
        .filter(repairs::establishment_id.eq(school.0))
        .filter(repairs::device_id.eq(device))
        .filter(repairs::closed_at.is_null())
        .select(repairs::id)
        .first(conn)
        .await
        .optional()
}

/// How a repair ended.
pub struct RepairEnd<'a> {
    /// `repaired`, `not_repaired`, `scrapped` or `lost`.
    pub outcome: &'a str,
    pub diagnosis: &'a str,
    pub under_warranty: Option<bool>,
    pub cost_cents: Option<i64>,
}

pub async fn close(conn: &mut AsyncPgConnection, repair: Uuid, end: &RepairEnd<'_>) -> QueryResult<()> {
    diesel::sql_query(
        "UPDATE repairs SET closed_at = clock_timestamp(), outcome = $2,
                diagnosis = CASE WHEN $3 = '' THEN diagnosis ELSE $3 END,
                under_warranty = coalesce($4, under_warranty), cost_cents = coalesce($5, cost_cents)
         WHERE id = $1",
    )
    .bind::<SqlUuid, _>(repair)
    .bind::<Text, _>(end.outcome)
    .bind::<Text, _>(end.diagnosis)
    .bind::<Nullable<Bool>, _>(end.under_warranty)
    .bind::<Nullable<BigInt>, _>(end.cost_cents)
    .execute(conn)
    .await
    .map(drop)
}

/// Puts a repair into a batch, or takes it out.
pub async fn set_batch(conn: &mut AsyncPgConnection, repair: Uuid, batch: Option<Uuid>) -> QueryResult<()> {
    diesel::update(repairs::table.find(repair)).set(repairs::batch_id.eq(batch)).execute(conn).await.map(drop)
}

/// A repair as the office and the slip list it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RepairCard {
    pub id: Uuid,
    pub device_id: Uuid,
    pub serial: String,
    pub maker: String,
    pub model: String,
    pub part_number: String,
    pub warranty_end: Option<NaiveDate>,
    /// Whether the warranty holds today; absent when nobody knows.
    pub in_warranty: Option<bool>,
    pub batch_id: Option<Uuid>,
    pub batch_number: Option<i32>,
    /// French word of the incident, when it came by one.
    pub incident: Option<String>,
    pub symptoms: Vec<String>,
    pub diagnosis: String,
    pub opened_at: DateTime<Utc>,
    pub sent_at: Option<DateTime<Utc>>,
    pub closed_at: Option<DateTime<Utc>>,
    pub outcome: Option<String>,
    pub cost_cents: Option<i64>,
    /// Whose own laptop it is.
    pub owner_id: Option<Uuid>,
    pub owner: Option<String>,
    pub owner_class: Option<String>,
    /// What the owner has meanwhile.
    pub spare_serial: Option<String>,
}

#[derive(QueryableByName)]
struct RepairRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    device_id: Uuid,
    #[diesel(embed)]
    laptop: NamedLaptop,
    #[diesel(sql_type = Text)]
    maker: String,
    #[diesel(sql_type = Text)]
    part_number: String,
    #[diesel(sql_type = Nullable<Date>)]
    warranty_end: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Bool>)]
    in_warranty: Option<bool>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    batch_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Int4>)]
    batch_number: Option<i32>,
    #[diesel(sql_type = Nullable<Text>)]
    incident: Option<String>,
    #[diesel(sql_type = Array<Text>)]
    symptoms: Vec<String>,
    #[diesel(sql_type = Text)]
    diagnosis: String,
    #[diesel(sql_type = Timestamptz)]
    opened_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    sent_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    closed_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    outcome: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    cost_cents: Option<i64>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    owner_id: Option<Uuid>,
    #[diesel(embed)]
    owner: PerhapsNamedPupil,
    #[diesel(sql_type = Nullable<Text>)]
    spare_serial: Option<String>,
}

impl From<RepairRow> for RepairCard {
    fn from(row: RepairRow) -> Self {
        use domain::incidents::Incident;
        let owner = row.owner.get();
        Self {
            id: row.id,
            device_id: row.device_id,
            serial: row.laptop.serial,
            maker: row.maker,
            model: row.laptop.model,
            part_number: row.part_number,
            warranty_end: row.warranty_end,
            in_warranty: row.in_warranty,
            batch_id: row.batch_id,
            batch_number: row.batch_number,
            incident: row.incident.as_deref().and_then(Incident::parse).map(|one| one.label().to_owned()),
            symptoms: row.symptoms,
            diagnosis: row.diagnosis,
            opened_at: row.opened_at,
            sent_at: row.sent_at,
            closed_at: row.closed_at,
            outcome: row.outcome,
            cost_cents: row.cost_cents,
            owner_id: row.owner_id,
            owner: owner.as_ref().map(NamedPupil::name),
            owner_class: owner.and_then(|owner| owner.class_code),
            spare_serial: row.spare_serial,
        }
    }
}

const REPAIR_SQL: &str = "
SELECT r.id, r.device_id, d.serial_number AS serial, m.manufacturer AS maker, m.designation AS model, m.part_number,
       d.warranty_end, d.warranty_end >= (now() AT TIME ZONE 'Europe/Paris')::date AS in_warranty,
       r.batch_id, b.number AS batch_number, i.kind AS incident, coalesce(i.symptoms, '{}') AS symptoms, r.diagnosis,
       r.opened_at, r.sent_at, r.closed_at, r.outcome, r.cost_cents,
       s.id AS owner_id, s.last_name, s.first_name, c.code AS class_code, td.serial_number AS spare_serial
FROM repairs r
JOIN devices d ON d.id = r.device_id
JOIN device_models m ON m.id = d.model_id
LEFT JOIN repair_batches b ON b.id = r.batch_id
LEFT JOIN incidents i ON i.id = r.incident_id
LEFT JOIN loans l ON l.device_id = d.id AND l.closed_at IS NULL
LEFT JOIN students s ON s.id = l.student_id
LEFT JOIN classes c ON c.id = s.class_id
LEFT JOIN loans t ON t.student_id = l.student_id AND t.closed_at IS NULL AND t.kind = 'temporary' AND t.id <> l.id
LEFT JOIN devices td ON td.id = t.device_id
WHERE r.establishment_id = $1 ";

/// Repairs under way, those that wait for a batch first; and the last ended ones.
pub async fn list(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    ended: bool,
    limit: i64,
) -> QueryResult<Vec<RepairCard>> {
    let which = if ended {
        "AND r.closed_at IS NOT NULL AND r.outcome <> 'cancelled' ORDER BY r.closed_at DESC LIMIT $2"
    } else {
        "AND r.closed_at IS NULL ORDER BY r.sent_at IS NOT NULL, r.opened_at LIMIT $2"
    };
    let rows: Vec<RepairRow> = diesel::sql_query(format!("{REPAIR_SQL} {which}"))
        .bind::<SqlUuid, _>(school.0)
        .bind::<BigInt, _>(limit)
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(RepairCard::from).collect())
}

/// Repairs of one batch, by serial number.
pub async fn of_batch(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    batch: Uuid,
) -> QueryResult<Vec<RepairCard>> {
    let rows: Vec<RepairRow> =
        diesel::sql_query(format!("{REPAIR_SQL} AND r.batch_id = $2 ORDER BY d.serial_number"))
            .bind::<SqlUuid, _>(school.0)
            .bind::<SqlUuid, _>(batch)
            .load(conn)
            .await?;
    Ok(rows.into_iter().map(RepairCard::from).collect())
}

/// Laptops that are back from repair while their pupil still has a spare.
pub async fn ready(conn: &mut AsyncPgConnection, school: EstablishmentId) -> QueryResult<Vec<RepairCard>> {
    let rows: Vec<RepairRow> = diesel::sql_query(format!(
        "{REPAIR_SQL} AND d.state = 'repaired' AND r.closed_at IS NOT NULL
           AND r.closed_at = (SELECT max(x.closed_at) FROM repairs x WHERE x.device_id = r.device_id)
         ORDER BY r.closed_at LIMIT 200"
    ))
    .bind::<SqlUuid, _>(school.0)
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(RepairCard::from).collect())
}
