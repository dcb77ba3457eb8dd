//! Takes in what nobody has scanned of a delivery, on a manager's word: a school that counts
//! boxes instead of scanning them says so once.

use super::doing::{Doer, Done, Locked, act_once, finish};
use super::{Actor, Failure};
use crate::db::acts::{self, MovedDevice};
use crate::db::{Db, receptions};
use chrono::{DateTime, Utc};
use diesel_async::AsyncPgConnection;
use domain::acts::ActKind;
use domain::custody::go;
use domain::devices::DeviceState;
use domain::moves::Move;
use domain::refusal::{Refusal, Thing};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

/// Why the rest is taken in unseen.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RestRequest {
    pub request_id: Uuid,
    pub reason: String,
    #[serde(default)]
    pub desk_at: Option<DateTime<Utc>>,
}

/// More than a delivery has.
const MOST: i64 = 10_000;

/// Receives every announced laptop of the delivery in one act. Idempotent by `request_id`.
pub async fn receive_rest(
    db: &Db,
    actor: &Actor,
    delivery: Uuid,
    asked: &RestRequest,
) -> Result<Value, Failure> {
    let db = &db.patient();
    let doer = Doer::new(actor, asked.request_id, asked.desk_at)?;
    doer.must_manage()?;
    let reason = asked.reason.trim();
    if reason.is_empty() {
        return Err(Refusal::ReasonMissing.into());
    }
    act_once(db, actor, asked.request_id, "receive_rest", &(delivery, reason), async |conn| {
        carry_out(conn, &doer, delivery, reason).await
    })
    .await
}

async fn carry_out(
    conn: &mut AsyncPgConnection,
    doer: &Doer,
    delivery: Uuid,
    reason: &str,
) -> Result<Done, Failure> {
    let card = receptions::delivery(conn, doer.school, delivery).await?;
    let card = card.ok_or(Refusal::NotFound { what: Thing::Delivery })?;
    if card.checked_at.is_some() {
        return Err(Refusal::DeliveryChecked { note: card.note_number }.into());
    }
    let missing = receptions::missing(conn, doer.school, delivery, MOST).await?;
    let ids: Vec<Uuid> = missing.iter().map(|device| device.id).collect();
    let locked = Locked::take(conn, doer.school, &ids, None).await?;
    let mut moved = Vec::with_capacity(ids.len());
    // One that a desk has scanned or handed out meanwhile is past this.
    for device in locked.devices.iter().filter(|device| device.state == DeviceState::Announced) {
        let to = go(device, Move::Receive, DeviceState::InStock)?;
        moved.push(MovedDevice { id: device.id.0, by: Move::Receive, from: device.state, to });
    }
    let act = doer.act(ActKind::Receive, None, Some(reason), json!({ "delivery_id": delivery }));
    acts::begin(conn, &act).await?;
    finish(conn, &act, &moved, &[], None, Vec::new()).await
}
