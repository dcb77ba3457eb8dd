//! Takes an act back as a whole: laptops, loans, incidents and repairs are as they were (rule 5).

use super::doing::{Doer, Done, Locked, act_once};
use super::{Actor, Failure};
use crate::db::undo_acts::{self, Undoing};
use crate::db::{Db, Fault, acts, custody};
use chrono::{DateTime, Utc};
use diesel_async::AsyncPgConnection;
use domain::acts::{ActKind, DoneAct, undo_act as decide};
use domain::ids::{StationId, StudentId};
use domain::refusal::{Refusal, Thing};
use serde_json::Value;
use uuid::Uuid;

/// The act, marked undone: same station, 15 minutes, with a reason, and while nothing has
/// happened since. Idempotent by `request_id`.
pub async fn undo_act(
    db: &Db,
    actor: &Actor,
    act: Uuid,
    (request_id, reason, desk_at): (Uuid, &str, Option<DateTime<Utc>>),
) -> Result<Value, Failure> {
    let doer = Doer::new(actor, request_id, desk_at)?;
    act_once(db, actor, request_id, "undo_act", &(act, reason), async |conn| {
        carry_out(conn, &doer, act, reason.trim()).await
    })
    .await
}

async fn carry_out(
    conn: &mut AsyncPgConnection,
    doer: &Doer,
    act: Uuid,
    reason: &str,
) -> Result<Done, Failure> {
    let unknown = || Refusal::NotFound { what: Thing::Act };
    let seen = undo_acts::lock(conn, doer.school, act).await?.ok_or_else(unknown)?;
    Locked::take(conn, doer.school, &seen.devices, None).await?;
    for student in &seen.students {
        custody::lock_student(conn, doer.school, StudentId(*student)).await?;
    }
    let facts = DoneAct {
        // A kind this version does not know is not taken back by it.
        kind: ActKind::parse(&seen.kind).unwrap_or(ActKind::ApplyStockTake),
        done_at: seen.done_at,
        station: StationId(seen.station_id),
        undone: seen.undone,
        untouched: undo_acts::is_untouched(conn, act).await?,
    };
    decide(facts, StationId(doer.station), reason, Utc::now())?;
    let undoing = Undoing {
        school: doer.school,
        act,
        operator: doer.operator,
        station: doer.station,
        reason,
        desk_at: doer.desk_at,
        request_id: doer.request_id,
    };
    undo_acts::undo(conn, &undoing).await?;
    let card = acts::one(conn, doer.school, act).await?;
    let card =
        card.ok_or_else(|| Failure::Fault(Fault::Other("an act was undone and is not there".into())))?;
    Ok(Done { act: card, incident_id: None, told: Vec::new() })
}
