//! Laptops that nobody holds go from one place to another: into the reserve and out of it, to
//! repair, to scrap, to another school, or found again.

use super::doing::{Doer, Done, Locked, act_once, finish};
use super::{Actor, Failure, Invalid};
use crate::db::acts::{self, MovedDevice};
use crate::db::repairs::{self, RepairEnd};
use crate::db::{Db, loans};
use chrono::{DateTime, Utc};
use diesel_async::AsyncPgConnection;
use domain::acts::ActKind;
use domain::custody::go;
use domain::devices::DeviceState;
use domain::moves::Move;
use domain::refusal::Refusal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

/// Which laptops go where.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MoveRequest {
    pub request_id: Uuid,
    /// 500 at most; all of them go, or none.
    pub device_ids: Vec<Uuid>,
    /// `set_aside`, `release`, `await_repair`, `find`, `scrap` or `move_away`.
    #[serde(rename = "move")]
    pub by: String,
    /// Asked for by everything but the reserve.
    #[serde(default)]
    pub reason: String,
    #[serde(default)]
    pub desk_at: Option<DateTime<Utc>>,
}

const MOST: usize = 500;

/// What a word means: the act, the move, where to, and whether a manager must say so.
struct Meant {
    kind: ActKind,
    by: Move,
    to: DeviceState,
    manager: bool,
    reason: bool,
}

impl Meant {
    fn of(word: &str) -> Option<Self> {
        let meant = |kind, by, to, manager, reason| Some(Self { kind, by, to, manager, reason });
        match word {
            "set_aside" => meant(ActKind::SetAside, Move::SetAside, DeviceState::Reserve, false, false),
            "release" => meant(ActKind::Release, Move::Release, DeviceState::InStock, true, false),
            "await_repair" => {
                meant(ActKind::AwaitRepair, Move::Break, DeviceState::AwaitingRepair, false, true)
            }
            "find" => meant(ActKind::Find, Move::Find, DeviceState::InStock, false, false),
            "scrap" => meant(ActKind::Scrap, Move::Scrap, DeviceState::Scrapped, true, true),
            "move_away" => meant(ActKind::MoveAway, Move::MoveAway, DeviceState::Moved, true, true),
            _ => None,
        }
    }
}

/// Moves them. Idempotent by `request_id`.
pub async fn move_devices(db: &Db, actor: &Actor, asked: &MoveRequest) -> Result<Value, Failure> {
    let doer = Doer::new(actor, asked.request_id, asked.desk_at)?;
    let known = Meant::of(&asked.by).filter(|_| (1..=MOST).contains(&asked.device_ids.len()));
    let meant = known.ok_or_else(|| {
        Failure::Invalid(Invalid {
            code: "move_unknown",
            title: "Action inconnue".into(),
            detail: "De 1 à 500 ordinateurs, et une action de la liste.".into(),
            remedy: "Rechargez la page et recommencez.".into(),
        })
    })?;
    if meant.manager {
        doer.must_manage()?;
    }
    if meant.reason && asked.reason.trim().is_empty() {
        return Err(Refusal::ReasonMissing.into());
    }
    let fingerprint = (&asked.device_ids, &asked.by, &asked.reason);
    act_once(db, actor, asked.request_id, "move_devices", &fingerprint, async |conn| {
        carry_out(conn, &doer, &meant, asked).await
    })
    .await
}

async fn carry_out(
    conn: &mut AsyncPgConnection,
    doer: &Doer,
    meant: &Meant,
    asked: &MoveRequest,
) -> Result<Done, Failure> {
    let locked = Locked::take(conn, doer.school, &asked.device_ids, None).await?;
    let mut moved = Vec::with_capacity(locked.devices.len());
    for device in &locked.devices {
        // A broken laptop that is a pupil's own is scrapped with its loan; nothing else goes over a pupil's head.
        if let Some(holder) = device.holder.as_ref().filter(|_| meant.by != Move::Scrap) {
            let (serial, holder) = (device.serial.clone(), holder.clone());
            return Err(Refusal::HeldBySomeoneElse { serial, holder }.into());
        }
        let to = go(device, meant.by, meant.to)?;
        moved.push(MovedDevice { id: device.id.0, by: meant.by, from: device.state, to });
    }
    let reason = Some(asked.reason.trim()).filter(|reason| !reason.is_empty());
    let repair = match (meant.by, moved.as_slice()) {
        (Move::Scrap, [one]) => repairs::open_of(conn, doer.school, one.id).await?,
        _ => None,
    };
    let act = doer.act(meant.kind, None, reason, json!({ "repair_id": repair }));
    acts::begin(conn, &act).await?;
    let mut touched = Vec::new();
    for one in &moved {
        match meant.by {
            Move::Break => repairs::open(conn, doer.school, one.id, None, asked.reason.trim()).await?,
            Move::Scrap => {
                if let Some(repair) = repairs::open_of(conn, doer.school, one.id).await? {
                    let end = RepairEnd {
                        outcome: "scrapped",
                        diagnosis: "",
                        under_warranty: None,
                        cost_cents: None,
                    };
                    repairs::close(conn, repair, &end).await?;
                }
                if let Some(loan) = locked.loan_of_device(one.id) {
                    loans::close(conn, loan.id, &doer.ending("scrapped", reason)).await?;
                    touched.push(acts::TouchedLoan {
                        id: loan.id,
                        device: one.id,
                        effect: acts::Effect::Closed,
                    });
                }
            }
            _ => {}
        }
    }
    finish(conn, &act, &moved, &touched, None, Vec::new()).await
}
