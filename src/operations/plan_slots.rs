//! Slots of the day: one added, moved or removed by hand, or a plan for many classes at once.

use super::office::{change_once, entry, invalid, typed};
use super::prepare_campaign::read;
use super::{Actor, Failure};
use crate::db::campaigns::{self, Campaign};
use crate::db::slots::{self, NewSlot};
use crate::db::{Db, journal};
use chrono::{DateTime, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Europe::Paris;
use diesel_async::AsyncPgConnection;
use domain::campaign::{Day, PUPILS_PER_HOUR, minutes_for, plan as lay_out};
use domain::refusal::{Refusal, Thing};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

/// When a class or a pupil is to come.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SlotRequest {
    pub request_id: Uuid,
    /// One of the two; both are left out when a slot is moved.
    #[serde(default)]
    pub class_id: Option<Uuid>,
    #[serde(default)]
    pub student_id: Option<Uuid>,
    pub starts_at: DateTime<Utc>,
    pub minutes: i32,
    pub room: String,
}

impl SlotRequest {
    fn check(&self) -> Result<&str, Failure> {
        if !(1..=600).contains(&self.minutes) {
            return Err(invalid(
                "slot_implausible",
                "Durée impossible",
                "Un créneau dure de 1 à 600 minutes.",
                "Corrigez la durée, puis recommencez.",
            ));
        }
        typed(&self.room, 80)
    }
}

/// Adds a slot; answers all that is prepared, where slots that meet in one room say so.
pub async fn add_slot(db: &Db, actor: &Actor, asked: &SlotRequest) -> Result<Value, Failure> {
    let room = asked.check()?;
    if asked.class_id.is_some() == asked.student_id.is_some() {
        return Err(invalid(
            "slot_unclear",
            "Créneau imprécis",
            "Un créneau est celui d'une classe ou d'un élève.",
            "Choisissez l'un des deux.",
        ));
    }
    let (class, student) = (asked.class_id, asked.student_id);
    let fingerprint = (class, student, asked.starts_at, asked.minutes, room);
    change(db, actor, asked.request_id, "add_slot", &fingerprint, async |conn, campaign| {
        let school = actor.establishment;
        if let Some(class) = class
            && slots::headcounts(conn, school, &[class]).await?.is_empty()
        {
            return Err(Refusal::NotFound { what: Thing::Class }.into());
        }
        if let Some(student) = student {
            let known = crate::db::guardians::signer(conn, school, student).await?;
            known.ok_or(Refusal::UnknownStudent)?;
        }
        let (starts_at, minutes) = (asked.starts_at, asked.minutes);
        let slot = NewSlot { id: Uuid::now_v7(), class, student, starts_at, minutes, room };
        slots::put(conn, school, campaign.id, &slot).await?;
        Ok(json!({ "slot_id": slot.id, "class_id": class, "student_id": student, "starts_at": starts_at }))
    })
    .await
}

/// Moves a slot to another time, length or room.
pub async fn move_slot(db: &Db, actor: &Actor, id: Uuid, asked: &SlotRequest) -> Result<Value, Failure> {
    let room = asked.check()?;
    let fingerprint = (id, asked.starts_at, asked.minutes, room);
    change(db, actor, asked.request_id, "move_slot", &fingerprint, async |conn, campaign| {
        let school = actor.establishment;
        let slots = slots::of_campaign(conn, school, campaign.id).await?;
        let before = slots.iter().find(|slot| slot.id == id);
        let before = before.ok_or(Refusal::NotFound { what: Thing::Slot })?;
        let slot = NewSlot {
            id,
            class: before.class_id,
            student: before.student_id,
            starts_at: asked.starts_at,
            minutes: asked.minutes,
            room,
        };
        slots::put(conn, school, campaign.id, &slot).await?;
        Ok(json!({ "slot_id": id, "from": before.starts_at, "to": asked.starts_at }))
    })
    .await
}

/// Slots that are not to be.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RemoveSlotsRequest {
    pub request_id: Uuid,
    pub slot_ids: Vec<Uuid>,
}

pub async fn remove_slots(db: &Db, actor: &Actor, asked: &RemoveSlotsRequest) -> Result<Value, Failure> {
    change(db, actor, asked.request_id, "remove_slots", &asked.slot_ids, async |conn, campaign| {
        let removed = slots::remove(conn, campaign.id, &asked.slot_ids).await?;
        if removed == 0 {
            return Err(Refusal::NotFound { what: Thing::Slot }.into());
        }
        Ok(json!({ "slot_ids": asked.slot_ids }))
    })
    .await
}

/// A plan for classes, in the order in which they are to come. Times are those of the French wall clock.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PlanRequest {
    pub request_id: Uuid,
    pub class_ids: Vec<Uuid>,
    /// `2026-09-03T08:30:00`: the first class; the next days begin at the same time.
    pub starts_at: NaiveDateTime,
    /// Nobody is served after this.
    pub day_ends: Option<NaiveTime>,
    #[serde(default)]
    pub breaks: Vec<Break>,
    pub desks: u32,
    /// Of one desk; 35 when absent.
    pub pupils_per_hour: Option<u32>,
    pub room: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Break {
    pub from: NaiveTime,
    pub to: NaiveTime,
}

/// Plans the classes; slots they had are replaced.
pub async fn plan_slots(db: &Db, actor: &Actor, asked: &PlanRequest) -> Result<Value, Failure> {
    let room = typed(&asked.room, 80)?;
    let plausible = (1..=50).contains(&asked.desks) && (1..=200).contains(&asked.class_ids.len());
    if !plausible || asked.breaks.len() > 10 {
        return Err(invalid(
            "plan_implausible",
            "Planning impossible",
            "Un planning compte au moins une classe, et de 1 à 50 postes.",
            "Choisissez des classes et le nombre de postes.",
        ));
    }
    let fingerprint = PlanRequest { request_id: Uuid::nil(), ..asked.clone() };
    change(db, actor, asked.request_id, "plan_slots", &fingerprint, async |conn, campaign| {
        let school = actor.establishment;
        let counts = slots::headcounts(conn, school, &asked.class_ids).await?;
        let minutes = minutes_of(asked, &counts)?;
        let day = Day {
            starts_at: asked.starts_at,
            ends: asked.day_ends,
            breaks: asked.breaks.iter().map(|one| (one.from, one.to)).collect(),
        };
        let begins = lay_out(&day, &minutes);
        let there = slots::of_campaign(conn, school, campaign.id).await?;
        let planned = |class: &Option<Uuid>| class.is_some_and(|class| asked.class_ids.contains(&class));
        let before: Vec<Uuid> =
            there.iter().filter(|slot| planned(&slot.class_id)).map(|slot| slot.id).collect();
        slots::remove(conn, campaign.id, &before).await?;
        for ((class, minutes), begin) in asked.class_ids.iter().zip(&minutes).zip(begins) {
            let slot = NewSlot {
                id: Uuid::now_v7(),
                class: Some(*class),
                student: None,
                starts_at: on_the_clock(begin),
                minutes: i32::try_from(*minutes).unwrap_or(600),
                room,
            };
            slots::put(conn, school, campaign.id, &slot).await?;
        }
        Ok(json!({ "class_ids": asked.class_ids, "replaced": before }))
    })
    .await
}

fn minutes_of(asked: &PlanRequest, counts: &[slots::Headcount]) -> Result<Vec<u32>, Failure> {
    let rate = asked.pupils_per_hour.unwrap_or(PUPILS_PER_HOUR);
    let minutes = asked.class_ids.iter().map(|class| {
        let count = counts.iter().find(|count| count.id == *class);
        let pupils = count.ok_or(Refusal::NotFound { what: Thing::Class })?.pupils;
        Ok(minutes_for(u32::try_from(pupils).unwrap_or(u32::MAX), asked.desks, rate))
    });
    minutes.collect()
}

/// The moment at which French clocks show that; the hour that summer time skips is the next one.
pub fn on_the_clock(time: NaiveDateTime) -> DateTime<Utc> {
    let local = Paris.from_local_datetime(&time).earliest();
    local.map_or_else(|| time.and_utc(), |local| local.with_timezone(&Utc))
}

async fn change<F>(
    db: &Db,
    actor: &Actor,
    request_id: Uuid,
    action: &'static str,
    asked: &impl Serialize,
    work: F,
) -> Result<Value, Failure>
where
    F: AsyncFnOnce(&mut AsyncPgConnection, &Campaign) -> Result<Value, Failure>,
{
    change_once(db, actor, request_id, action, asked, async |conn| {
        let school = actor.establishment;
        let campaign = campaigns::lock(conn, school).await?.ok_or(Refusal::NoCampaign)?;
        let told = work(conn, &campaign).await?;
        journal::append(conn, &entry(actor, action, None, told)).await?;
        read(conn, school).await
    })
    .await
}
