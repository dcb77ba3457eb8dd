//! At the end of schooling laptops become the pupils' own (cession), one pupil or a class at a time.

use super::doing::{Doer, Done, Locked, act_once, finish};
use super::{Actor, Failure};
use crate::db::acts::{self, Effect, MovedDevice, TouchedLoan};
use crate::db::{Db, loans};
use chrono::{DateTime, Utc};
use diesel_async::AsyncPgConnection;
use domain::acts::ActKind;
use domain::custody::{LoanKind, go};
use domain::devices::DeviceState;
use domain::moves::Move;
use domain::refusal::Refusal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

/// Whose laptops.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TransferRequest {
    pub request_id: Uuid,
    /// Open loans of pupils' own laptops; 100 at most.
    pub loan_ids: Vec<Uuid>,
    #[serde(default)]
    pub desk_at: Option<DateTime<Utc>>,
}

const MOST: usize = 100;

/// All of them or none. Idempotent by `request_id`.
pub async fn transfer_loans(db: &Db, actor: &Actor, asked: &TransferRequest) -> Result<Value, Failure> {
    let doer = Doer::new(actor, asked.request_id, asked.desk_at)?;
    doer.must_manage()?;
    act_once(db, actor, asked.request_id, "transfer_loans", &asked.loan_ids, async |conn| {
        carry_out(conn, &doer, &asked.loan_ids).await
    })
    .await
}

async fn carry_out(conn: &mut AsyncPgConnection, doer: &Doer, wanted: &[Uuid]) -> Result<Done, Failure> {
    if wanted.is_empty() || wanted.len() > MOST {
        return Err(Refusal::UnknownLoan.into());
    }
    let mut devices = Vec::with_capacity(wanted.len());
    for loan in wanted {
        devices.push(loans::parties(conn, doer.school, *loan).await?.ok_or(Refusal::UnknownLoan)?.device_id);
    }
    let locked = Locked::take(conn, doer.school, &devices, None).await?;
    let one = wanted.first().filter(|_| wanted.len() == 1);
    let student = one.and_then(|loan| locked.loan(*loan).ok()).map(|loan| loan.student_id);
    let mut moved = Vec::with_capacity(wanted.len());
    for loan in wanted {
        let open = locked.loan(*loan)?;
        let device = locked.device(open.device_id)?;
        if open.kind() != LoanKind::Allocation {
            return Err(Refusal::MoveNotAllowed { serial: device.serial.clone(), state: device.state }.into());
        }
        let to = go(device, Move::Transfer, DeviceState::Transferred)?;
        moved.push(MovedDevice { id: device.id.0, by: Move::Transfer, from: device.state, to });
    }
    let act = doer.act(ActKind::Transfer, student, None, json!({ "loans": wanted.len() }));
    acts::begin(conn, &act).await?;
    let mut touched = Vec::with_capacity(wanted.len());
    for loan in wanted {
        let open = locked.loan(*loan)?;
        loans::close(conn, open.id, &doer.ending("transferred", None)).await?;
        touched.push(TouchedLoan { id: open.id, device: open.device_id, effect: Effect::Closed });
    }
    finish(conn, &act, &moved, &touched, None, Vec::new()).await
}
