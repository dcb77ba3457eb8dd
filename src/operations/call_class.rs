//! Calls a class, or a pupil, to the room: what the board shows from then on.

use super::doing::today;
use super::office::{change_once, entry, invalid};
use super::show_board::{Board, show_board};
use super::{Actor, Failure};
use crate::db::campaigns::{self, Campaign};
use crate::db::slots::{self, NewSlot, SlotCard};
use crate::db::{Db, journal};
use chrono::Utc;
use chrono_tz::Europe::Paris;
use diesel_async::AsyncPgConnection;
use domain::campaign::{PUPILS_PER_HOUR, minutes_for};
use domain::refusal::{Refusal, Thing};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

/// Whom to call: a slot, a class, or nobody any more.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CallRequest {
    pub request_id: Uuid,
    pub slot_id: Option<Uuid>,
    /// A class without a slot gets one that begins now.
    #[serde(default)]
    pub class_id: Option<Uuid>,
}

/// The board as it is then. Idempotent by `request_id`.
pub async fn call_class(db: &Db, actor: &Actor, asked: &CallRequest) -> Result<Option<Board>, Failure> {
    if asked.slot_id.is_some() && asked.class_id.is_some() {
        return Err(invalid(
            "call_unclear",
            "Appel imprécis",
            "Un appel nomme un créneau ou une classe, pas les deux.",
            "Choisissez l'un des deux.",
        ));
    }
    let school = actor.establishment;
    let fingerprint = (asked.slot_id, asked.class_id);
    change_once(db, actor, asked.request_id, "call_class", &fingerprint, async |conn| {
        let campaign = campaigns::lock(conn, school).await?.ok_or(Refusal::NoCampaign)?;
        let slots = slots::of_campaign(conn, school, campaign.id).await?;
        let slot = match (asked.slot_id, asked.class_id) {
            (Some(id), _) => {
                let known = slots.iter().any(|slot| slot.id == id);
                Some(known.then_some(id).ok_or(Refusal::NotFound { what: Thing::Slot })?)
            }
            (None, Some(class)) => Some(slot_of(conn, actor, &campaign, &slots, class).await?),
            (None, None) => None,
        };
        campaigns::call(conn, campaign.id, slot).await?;
        let told = json!({ "request_id": asked.request_id, "slot_id": slot });
        Ok::<_, Failure>(journal::append(conn, &entry(actor, "call_class", None, told)).await?)
    })
    .await?;
    show_board(db, school).await
}

/// The class's slot of today; one that begins now when it has none.
async fn slot_of(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    campaign: &Campaign,
    slots: &[SlotCard],
    class: Uuid,
) -> Result<Uuid, Failure> {
    let day = today();
    let is_today = |slot: &&SlotCard| slot.starts_at.with_timezone(&Paris).date_naive() == day;
    if let Some(slot) = slots.iter().filter(|slot| slot.class_id == Some(class)).find(is_today) {
        return Ok(slot.id);
    }
    let pupils = slots::headcounts(conn, actor.establishment, &[class]).await?;
    let pupils = pupils.first().ok_or(Refusal::NotFound { what: Thing::Class })?.pupils;
    let minutes = minutes_for(u32::try_from(pupils).unwrap_or(u32::MAX), 1, PUPILS_PER_HOUR);
    let slot = NewSlot {
        id: Uuid::now_v7(),
        class: Some(class),
        student: None,
        starts_at: Utc::now(),
        minutes: i32::try_from(minutes).unwrap_or(i32::MAX),
        room: &campaign.room,
    };
    slots::put(conn, actor.establishment, campaign.id, &slot).await?;
    Ok(slot.id)
}
