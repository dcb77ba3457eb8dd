//! Slots of a campaign: who comes when, how many that are, and who is on the list at the door.

use super::conditions::{is_entitled, is_there, may_have_laptop};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Int2, Int4, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::campaign::Slot;
use domain::ids::EstablishmentId;
use domain::names::display_name;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// When a class or a pupil comes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SlotCard {
    pub id: Uuid,
    pub class_id: Option<Uuid>,
    pub student_id: Option<Uuid>,
    /// The class's code or the pupil's name.
    pub label: String,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub minutes: i32,
    pub room: String,
    /// Pupils who may have a laptop, and how many of them have one.
    pub entitled: i64,
    pub equipped: i64,
    /// Slots of the same room at the same time, by their labels.
    pub meets: Vec<String>,
}

#[derive(QueryableByName)]
struct SlotRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    class_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    student_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    code: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    last_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    first_name: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    starts_at: DateTime<Utc>,
    #[diesel(sql_type = Int4)]
    minutes: i32,
    #[diesel(sql_type = Text)]
    room: String,
    #[diesel(sql_type = BigInt)]
    entitled: i64,
    #[diesel(sql_type = BigInt)]
    equipped: i64,
}

impl SlotRow {
    fn slot(&self) -> Slot<'_> {
        Slot { starts_at: self.starts_at, minutes: self.minutes, room: &self.room }
    }

    fn label(&self) -> String {
        match &self.code {
            Some(code) => code.clone(),
            None => display_name(
                self.first_name.as_deref().unwrap_or_default(),
                self.last_name.as_deref().unwrap_or_default(),
            ),
        }
    }
}

/// Slots of a campaign by time, each with how far its pupils are and what it meets.
pub async fn of_campaign(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    campaign: Uuid,
) -> QueryResult<Vec<SlotCard>> {
    let rows: Vec<SlotRow> = diesel::sql_query(
        concat!(
        "SELECT t.id, t.class_id, t.student_id, c.code, s.last_name, s.first_name, t.starts_at, t.minutes, t.room,
                p.entitled, p.equipped
         FROM campaign_slots t
         LEFT JOIN classes c ON c.id = t.class_id
         LEFT JOIN students s ON s.id = t.student_id
         CROSS JOIN LATERAL (
             SELECT count(*) AS entitled, count(l.id) AS equipped FROM students e
             LEFT JOIN loans l ON l.student_id = e.id AND l.closed_at IS NULL AND l.kind = 'allocation'
             WHERE (e.class_id = t.class_id OR e.id = t.student_id) AND ",
        may_have_laptop!("e"),
        ") p
         WHERE t.establishment_id = $1 AND t.campaign_id = $2
         ORDER BY t.starts_at, c.code, s.search_key, t.id"
    ),
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(campaign)
    .load(conn)
    .await?;
    Ok(rows.iter().map(|row| card(row, &rows)).collect())
}

fn card(row: &SlotRow, all: &[SlotRow]) -> SlotCard {
    let slot = row.slot();
    let others = all.iter().filter(|other| other.id != row.id && slot.meets(&other.slot()));
    SlotCard {
        id: row.id,
        class_id: row.class_id,
        student_id: row.student_id,
        label: row.label(),
        starts_at: row.starts_at,
        ends_at: slot.ends_at(),
        minutes: row.minutes,
        room: row.room.clone(),
        entitled: row.entitled,
        equipped: row.equipped,
        meets: others.map(SlotRow::label).collect(),
    }
}

/// A slot about to be written; exactly one of class and pupil.
#[derive(Debug, Clone)]
pub struct NewSlot<'a> {
    pub id: Uuid,
    pub class: Option<Uuid>,
    pub student: Option<Uuid>,
    pub starts_at: DateTime<Utc>,
    pub minutes: i32,
    pub room: &'a str,
}

/// Adds the slot, or moves the one of that id.
pub async fn put(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    campaign: Uuid,
    slot: &NewSlot<'_>,
) -> QueryResult<()> {
    diesel::sql_query(
        "INSERT INTO campaign_slots (id, establishment_id, campaign_id, class_id, student_id, starts_at, minutes, room)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (id) DO UPDATE SET starts_at = $6, minutes = $7, room = $8",
    )
    .bind::<SqlUuid, _>(slot.id)
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(campaign)
    .bind::<Nullable<SqlUuid>, _>(slot.class)
    .bind::<Nullable<SqlUuid>, _>(slot.student)
    .bind::<Timestamptz, _>(slot.starts_at)
    .bind::<Int4, _>(slot.minutes)
    .bind::<Text, _>(slot.room)
    .execute(conn)
    .await
    .map(drop)
}

/// Removes slots; one that is called is called no more.
pub async fn remove(conn: &mut AsyncPgConnection, campaign: Uuid, slots: &[Uuid]) -> QueryResult<usize> {
    diesel::sql_query(
        "UPDATE campaigns SET called_slot_id = NULL, called_at = NULL WHERE id = $1 AND called_slot_id = ANY ($2)",
    )
    .bind::<SqlUuid, _>(campaign)
    .bind::<Array<SqlUuid>, _>(slots)
    .execute(conn)
    .await?;
    diesel::sql_query("DELETE FROM campaign_slots WHERE campaign_id = $1 AND id = ANY ($2)")
        .bind::<SqlUuid, _>(campaign)
        .bind::<Array<SqlUuid>, _>(slots)
        .execute(conn)
        .await
}

/// A class that may be planned, with the pupils who come.
#[derive(Debug, Clone, QueryableByName)]
pub struct Headcount {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = BigInt)]
    pub pupils: i64,
}

/// Pupils of these classes who may have a laptop; classes of other schools are left out.
pub async fn headcounts(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    classes: &[Uuid],
) -> QueryResult<Vec<Headcount>> {
    diesel::sql_query(concat!(
        "SELECT c.id, count(s.id) AS pupils FROM classes c
         LEFT JOIN students s ON s.class_id = c.id AND ",
        may_have_laptop!("s"),
        "
         WHERE c.establishment_id = $1 AND c.id = ANY ($2) GROUP BY c.id"
    ))
    .bind::<SqlUuid, _>(school.0)
    .bind::<Array<SqlUuid>, _>(classes)
    .load(conn)
    .await
}

/// A pupil of an attendance sheet.
#[derive(Debug, Clone, QueryableByName)]
pub struct Attendee {
    #[diesel(sql_type = Text)]
    pub last_name: String,
    #[diesel(sql_type = Text)]
    pub first_name: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub badge: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub serial: Option<String>,
    #[diesel(sql_type = Int2)]
    pub shown: i16,
    #[diesel(sql_type = Bool)]
    pub entitled: bool,
}

/// The pupils of a class who are there, by name.
pub async fn attendees(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    class: &str,
) -> QueryResult<Vec<Attendee>> {
    diesel::sql_query(
        concat!(
        "SELECT s.last_name, s.first_name, b.code AS badge, d.serial_number AS serial,
                coalesce(r.copies_shown, 0::smallint) AS shown, ",
        is_entitled!("s"),
        " AS entitled
         FROM students s
         JOIN classes c ON c.id = s.class_id
         LEFT JOIN LATERAL (SELECT code FROM badges WHERE student_id = s.id AND source = 'printed'
                            ORDER BY created_at DESC LIMIT 1) b ON true
         LEFT JOIN campaigns k ON k.establishment_id = s.establishment_id AND k.is_current
         LEFT JOIN charter_receipts r ON r.student_id = s.id AND r.charter_id = k.charter_id AND r.withdrawn_at IS NULL
         LEFT JOIN loans l ON l.student_id = s.id AND l.closed_at IS NULL AND l.kind = 'allocation'
         LEFT JOIN devices d ON d.id = l.device_id
         WHERE s.establishment_id = $1 AND c.code = $2 AND ",
        is_there!("s"),
        "
         ORDER BY s.search_key, s.id"
    ),
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<Text, _>(class)
    .load(conn)
    .await
}
