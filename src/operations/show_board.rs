//! The board of the room: the class called now, what is done and what is missing, what comes next.

use super::Failure;
use super::show_reserve::gauge;
use crate::db::board::{self, PublicSlot};
use crate::db::{Db, Fault, Scope, reserve};
use chrono::{DateTime, Utc};
use diesel_async::AsyncPgConnection;
use domain::campaign::{Slot, called_until};
use domain::ids::EstablishmentId;
use domain::names::search_key;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// As many as are readable beside the class that is called.
const NEXT: i64 = 5;

/// What a second screen shows to a room: no family name but its initial.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Board {
    pub school: String,
    pub campaign: String,
    pub room: String,
    /// Pupils of the school who may have a laptop, and how many of them have one.
    pub entitled: i64,
    pub equipped: i64,
    pub called: Option<CalledSlot>,
    pub next: Vec<NextSlot>,
}

#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CalledSlot {
    pub slot_id: Uuid,
    /// The class's code, or a pupil's first name and initial.
    pub label: String,
    pub room: String,
    pub called_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub entitled: usize,
    pub equipped: usize,
    /// Who has no laptop yet, by first name and initial.
    pub missing: Vec<String>,
    /// Whose charter is not complete.
    pub charters_missing: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct NextSlot {
    pub slot_id: Uuid,
    pub label: String,
    pub starts_at: DateTime<Utc>,
    pub room: String,
}

/// What the screens of a school show, and the stamp of the journal it was made from.
pub struct Shown {
    pub stamp: i64,
    /// Name of the event and its JSON. What else screens follow live joins here: each is computed
    /// once a change and shared by all who listen.
    pub events: Vec<(&'static str, String)>,
}

/// What is to be shown when something was journalled since `known`; `None` when nothing was. Reads only.
pub async fn show_changed(
    db: &Db,
    school: EstablishmentId,
    known: Option<i64>,
) -> Result<Option<Shown>, Failure> {
    db.read(Scope::School(school), async |conn| {
        let stamp = board::stamp(conn, school).await?;
        if known == Some(stamp) {
            return Ok(None);
        }
        let board = read(conn, school).await?;
        let gauge = gauge(&reserve::counts(conn, school).await?);
        let events = vec![("board", json(&board)?), ("reserve", json(&gauge)?)];
        Ok(Some(Shown { stamp, events }))
    })
    .await
}

fn json(shown: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(shown).map_err(|e| Failure::Fault(Fault::Other(e.to_string())))
}

/// The board as it is now; nothing while the school has no campaign. Reads only.
pub async fn show_board(db: &Db, school: EstablishmentId) -> Result<Option<Board>, Failure> {
    db.read(Scope::School(school), async |conn| read(conn, school).await).await
}

async fn read(conn: &mut AsyncPgConnection, school: EstablishmentId) -> Result<Option<Board>, Failure> {
    let Some(head) = board::head(conn, school).await? else { return Ok(None) };
    let called = match head.slot_id.zip(head.called_at) {
        Some((slot, at)) => called(conn, school, head.campaign_id, slot, at).await?,
        None => None,
    };
    let next = board::next(conn, school, head.campaign_id, head.slot_id, NEXT).await?;
    let next_slot = |slot: PublicSlot| NextSlot {
        slot_id: slot.id,
        label: slot.label(),
        starts_at: slot.starts_at,
        room: slot.room,
    };
    Ok(Some(Board {
        school: head.school,
        campaign: head.campaign,
        room: head.room,
        entitled: head.entitled,
        equipped: head.equipped,
        called,
        next: next.into_iter().map(next_slot).collect(),
    }))
}

async fn called(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    campaign: Uuid,
    id: Uuid,
    called_at: DateTime<Utc>,
) -> Result<Option<CalledSlot>, Failure> {
    let Some(slot) = board::slot(conn, school, campaign, id).await? else { return Ok(None) };
    let mut pupils = board::called(conn, school, id).await?;
    // As a list is read aloud: by first name, accents ignored.
    pupils.sort_by_cached_key(|pupil| search_key(&pupil.name()));
    let planned = Slot { starts_at: slot.starts_at, minutes: slot.minutes, room: &slot.room };
    Ok(Some(CalledSlot {
        slot_id: id,
        label: slot.label(),
        room: slot.room.clone(),
        called_at,
        ends_at: called_until(&planned, called_at),
        entitled: pupils.len(),
        equipped: pupils.iter().filter(|pupil| pupil.equipped).count(),
        missing: pupils.iter().filter(|pupil| !pupil.equipped).map(board::Called::name).collect(),
        charters_missing: pupils.iter().filter(|pupil| !pupil.charter).map(board::Called::name).collect(),
    }))
}
