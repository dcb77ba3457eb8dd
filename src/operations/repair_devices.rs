//! Repair by the contractor: batches with a slip, sent, and scanned back one by one.

use super::answers::{Request, once};
use super::doing::{About, Doer, Done, Locked, act_once, finish, json_of, today};
use super::{Actor, Failure, Invalid};
use crate::db::acts::{self, Effect, MovedDevice, TouchedLoan};
use crate::db::repairs::{self, RepairEnd};
use crate::db::{Db, loans, repair_batches};
use chrono::{DateTime, NaiveDate, Utc};
use diesel_async::AsyncPgConnection;
use domain::acts::ActKind;
use domain::custody::{LoanKind, go};
use domain::devices::DeviceState;
use domain::ids::RequestId;
use domain::moves::Move;
use domain::refusal::{Refusal, Thing};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

/// A batch for the contractor.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BatchRequest {
    pub request_id: Uuid,
    pub contractor: String,
    #[serde(default)]
    pub note: String,
}

/// Opens a batch and answers it. Idempotent by `request_id`.
pub async fn open_batch(db: &Db, actor: &Actor, asked: &BatchRequest) -> Result<Value, Failure> {
    let doer = Doer::new(actor, asked.request_id, None)?;
    let contractor = asked.contractor.trim();
    if contractor.is_empty() || contractor.chars().count() > 120 || asked.note.chars().count() > 2_000 {
        return Err(Failure::Invalid(Invalid {
            code: "contractor_missing",
            title: "Prestataire manquant".into(),
            detail: "Un lot part chez un prestataire, dont le nom a 120 caractères au plus.".into(),
            remedy: "Saisissez le nom du prestataire.".into(),
        }));
    }
    let request = Request::new(RequestId(asked.request_id), "open_batch", &(contractor, &asked.note))?;
    once(db, actor, &request, async |conn| {
        let id =
            repair_batches::open(conn, doer.school, contractor, asked.note.trim(), doer.operator).await?;
        doer.tell(conn, "open_repair_batch", About::SCHOOL, json!({ "batch_id": id })).await?;
        batch(conn, &doer, id).await
    })
    .await
}

/// A laptop that goes into a batch, or out of it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BatchDevice {
    pub request_id: Uuid,
    pub device_id: Uuid,
    /// Takes it out again.
    #[serde(default)]
    pub remove: bool,
}

/// Puts a laptop that waits for repair into a batch that has not left. Idempotent by `request_id`.
pub async fn fill_batch(
    db: &Db,
    actor: &Actor,
    batch_id: Uuid,
    asked: &BatchDevice,
) -> Result<Value, Failure> {
    let doer = Doer::new(actor, asked.request_id, None)?;
    let fingerprint = (batch_id, asked.device_id, asked.remove);
    let request = Request::new(RequestId(asked.request_id), "fill_batch", &fingerprint)?;
    once(db, actor, &request, async |conn| {
        let locked = Locked::take(conn, doer.school, &[asked.device_id], None).await?;
        let device = locked.device(asked.device_id)?;
        let known = repair_batches::lock(conn, doer.school, batch_id).await?;
        let known = known.ok_or(Refusal::NotFound { what: Thing::RepairBatch })?;
        if known.sent {
            return Err(Refusal::BatchSent.into());
        }
        if device.state != DeviceState::AwaitingRepair {
            let (serial, state) = (device.serial.clone(), device.state);
            return Err(Refusal::MoveNotAllowed { serial, state }.into());
        }
        if known.devices.contains(&asked.device_id) != asked.remove {
            let (serial, state) = (device.serial.clone(), device.state);
            return Err(Refusal::AlreadyThere { serial, state }.into());
        }
        // Broken before repairs were kept: its repair begins now.
        repairs::open(conn, doer.school, asked.device_id, None, "").await?;
        let repair = repairs::open_of(conn, doer.school, asked.device_id).await?;
        let repair = repair.ok_or(Refusal::NotFound { what: Thing::Repair })?;
        repairs::set_batch(conn, repair, (!asked.remove).then_some(batch_id)).await?;
        let details = json!({ "batch_id": batch_id, "removed": asked.remove });
        doer.tell(conn, "fill_repair_batch", About::device(Some(asked.device_id)), details).await?;
        batch(conn, &doer, batch_id).await
    })
    .await
}

/// When a batch is to be back.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SendRequest {
    pub request_id: Uuid,
    pub expected_back_on: NaiveDate,
    #[serde(default)]
    pub desk_at: Option<DateTime<Utc>>,
}

/// Sends a batch: all of its laptops are at the contractor's. Idempotent by `request_id`.
pub async fn send_batch(
    db: &Db,
    actor: &Actor,
    batch_id: Uuid,
    asked: &SendRequest,
) -> Result<Value, Failure> {
    let doer = Doer::new(actor, asked.request_id, asked.desk_at)?;
    let fingerprint = (batch_id, asked.expected_back_on);
    act_once(db, actor, asked.request_id, "send_batch", &fingerprint, async |conn| {
        // Laptops before their batch, as everywhere; one that joined meanwhile is missed and refused below.
        let before = repair_batches::lock(conn, doer.school, batch_id).await?;
        let before = before.ok_or(Refusal::NotFound { what: Thing::RepairBatch })?;
        if before.sent {
            return Err(Refusal::BatchSent.into());
        }
        if before.devices.is_empty() {
            return Err(Refusal::BatchEmpty.into());
        }
        domain::custody::due_date(asked.expected_back_on, today())?;
        let locked = Locked::take(conn, doer.school, &before.devices, None).await?;
        let mut moved = Vec::with_capacity(locked.devices.len());
        for device in &locked.devices {
            let to = go(device, Move::SendToRepair, DeviceState::InRepair)?;
            moved.push(MovedDevice { id: device.id.0, by: Move::SendToRepair, from: device.state, to });
        }
        let act = doer.act(ActKind::SendToRepair, None, None, json!({ "batch_id": batch_id }));
        acts::begin(conn, &act).await?;
        repair_batches::send(conn, batch_id, asked.expected_back_on, doer.operator).await?;
        finish(conn, &act, &moved, &[], None, Vec::new()).await
    })
    .await
}

/// How a laptop comes back from repair.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BackRequest {
    pub request_id: Uuid,
    pub device_id: Uuid,
    /// `repaired`, `not_repaired` or `scrapped`.
    pub outcome: String,
    #[serde(default)]
    pub diagnosis: String,
    #[serde(default)]
    pub under_warranty: Option<bool>,
    #[serde(default)]
    pub cost_cents: Option<i64>,
    #[serde(default)]
    pub desk_at: Option<DateTime<Utc>>,
}

/// The laptop is back, mended, as it was, or beyond repair. Idempotent by `request_id`.
pub async fn come_back(db: &Db, actor: &Actor, asked: &BackRequest) -> Result<Value, Failure> {
    let doer = Doer::new(actor, asked.request_id, asked.desk_at)?;
    let known = ["repaired", "not_repaired", "scrapped"].contains(&asked.outcome.as_str());
    let plausible = asked.cost_cents.is_none_or(|cents| (0..=1_000_000).contains(&cents));
    if !known || !plausible || asked.diagnosis.chars().count() > 2_000 {
        return Err(Failure::Invalid(Invalid {
            code: "repair_implausible",
            title: "Retour de SAV illisible".into(),
            detail: "Réparé, non réparé ou à réformer, et un coût de 0 à 10 000 €.".into(),
            remedy: "Reprenez la saisie.".into(),
        }));
    }
    let mut fingerprinted = asked.clone();
    fingerprinted.desk_at = None;
    act_once(db, actor, asked.request_id, "come_back", &fingerprinted, async |conn| {
        back(conn, &doer, asked).await
    })
    .await
}

async fn back(conn: &mut AsyncPgConnection, doer: &Doer, asked: &BackRequest) -> Result<Done, Failure> {
    let locked = Locked::take(conn, doer.school, &[asked.device_id], None).await?;
    let device = locked.device(asked.device_id)?;
    let repair = repairs::open_of(conn, doer.school, asked.device_id).await?;
    let repair = repair.ok_or(Refusal::NotFound { what: Thing::Repair })?;
    let owner = locked.loan_of_device(asked.device_id).cloned();
    let scrapped = asked.outcome == "scrapped";
    let (by, to) = match (asked.outcome.as_str(), &owner) {
        ("scrapped", _) => (Move::Scrap, DeviceState::Scrapped),
        ("not_repaired", _) => (Move::ComeBack, DeviceState::AwaitingRepair),
        (_, Some(_)) => (Move::ComeBack, DeviceState::Repaired),
        (_, None) => (Move::ComeBack, DeviceState::Reserve),
    };
    let to = go(device, by, to)?;
    let kind = if scrapped { ActKind::Scrap } else { ActKind::ComeBack };
    let details = json!({ "repair_id": repair, "outcome": asked.outcome });
    let act = doer.act(kind, owner.as_ref().map(|loan| loan.student_id), None, details);
    acts::begin(conn, &act).await?;
    let end = RepairEnd {
        outcome: &asked.outcome,
        diagnosis: asked.diagnosis.trim(),
        under_warranty: asked.under_warranty,
        cost_cents: asked.cost_cents,
    };
    repairs::close(conn, repair, &end).await?;
    let mut touched = Vec::new();
    let mut told = Vec::new();
    if let Some(loan) = &owner {
        let name = device.holder.as_ref().map(|holder| holder.name.clone()).unwrap_or_default();
        if scrapped {
            loans::close(conn, loan.id, &doer.ending("scrapped", None)).await?;
            touched.push(TouchedLoan { id: loan.id, device: loan.device_id, effect: Effect::Closed });
            told.push(format!("C'était l'ordinateur de {name}, qui n'en a plus à soi."));
        } else if to == DeviceState::Repaired {
            told.push(format!(
                "C'est l'ordinateur de {name} : prévenez l'élève, puis rendez-le en mode Retour."
            ));
        }
        if loan.kind() == LoanKind::Temporary {
            told.push("Il était en prêt.".into());
        }
    }
    let moved = [MovedDevice { id: device.id.0, by, from: device.state, to }];
    finish(conn, &act, &moved, &touched, None, told).await
}

/// The batch and what is in it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Batch {
    pub batch: Option<repair_batches::BatchCard>,
    pub repairs: Vec<repairs::RepairCard>,
}

async fn batch(conn: &mut AsyncPgConnection, doer: &Doer, id: Uuid) -> Result<Value, Failure> {
    let answer = Batch {
        batch: repair_batches::one(conn, doer.school, id).await?,
        repairs: repairs::of_batch(conn, doer.school, id).await?,
    };
    json_of(&answer)
}
