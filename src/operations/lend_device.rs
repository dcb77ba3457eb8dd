//! Temporary loans: a spare for a while, another day for it, and a spare that becomes the pupil's own.

use super::doing::{About, Doer, Done, Locked, act_once, finish, json_of, lock_loan, today};
use super::{Actor, Failure, Invalid};
use crate::db::acts::{self, Effect, MovedDevice, TouchedLoan};
use crate::db::loans::{self, OpenedLoan};
use crate::db::{Db, custody, returns, temporary};
use chrono::{DateTime, NaiveDate, Utc};
use diesel_async::AsyncPgConnection;
use domain::acts::ActKind;
use domain::custody::{LoanKind, Purpose, Spare, due_date, lend as decide};
use domain::devices::DeviceState;
use domain::ids::{RequestId, StudentId};
use domain::moves::Move;
use domain::refusal::Refusal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

/// A spare for a while.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LendRequest {
    pub request_id: Uuid,
    pub student_id: Uuid,
    pub device_id: Uuid,
    pub until: Option<NaiveDate>,
    /// `repair`, `forgotten` or `other`.
    pub purpose: String,
    #[serde(default)]
    pub desk_at: Option<DateTime<Utc>>,
}

/// Lends a spare. Idempotent by `request_id`.
pub async fn lend_device(db: &Db, actor: &Actor, asked: &LendRequest) -> Result<Value, Failure> {
    let doer = Doer::new(actor, asked.request_id, asked.desk_at)?;
    let purpose = Purpose::parse(&asked.purpose).filter(|purpose| *purpose != Purpose::Grant);
    let purpose = purpose.ok_or_else(|| {
        Failure::Invalid(Invalid {
            code: "purpose_unknown",
            title: "Motif inconnu".into(),
            detail: "Le motif du prêt est une réparation, un oubli, ou un autre.".into(),
            remedy: "Choisissez un motif de la liste.".into(),
        })
    })?;
    let fingerprint = (asked.student_id, asked.device_id, asked.until, purpose.as_str());
    act_once(db, actor, asked.request_id, "lend_device", &fingerprint, async |conn| {
        let locked = Locked::take(conn, doer.school, &[asked.device_id], Some(asked.student_id)).await?;
        let device = locked.device(asked.device_id)?;
        let spare = Spare { device, until: asked.until };
        decide(&spare, locked.student()?, locked.spare_of_student(), today())?;
        let campaign = custody::campaign(conn, doer.school, StudentId(asked.student_id)).await?;
        let campaign = campaign.ok_or(Refusal::NoCampaign)?;
        let act =
            doer.act(ActKind::Lend, Some(asked.student_id), None, json!({ "purpose": purpose.as_str() }));
        acts::begin(conn, &act).await?;
        let loan = OpenedLoan {
            id: Uuid::now_v7(),
            school: doer.school,
            campaign: campaign.campaign_id,
            student: asked.student_id,
            device: asked.device_id,
            kind: LoanKind::Temporary,
            operator: doer.operator,
            station: doer.station,
            receipt: campaign.receipt_id,
            override_reason: None,
            state_before: device.state,
            kit: &campaign.kit,
            due_on: asked.until,
            purpose: Some(purpose),
            replaces: locked.loan_of_student(LoanKind::Allocation).map(|own| own.id),
            incident: None,
            grant: None,
        };
        loans::open(conn, &loan).await?;
        let moved =
            [MovedDevice { id: loan.device, by: Move::Lend, from: device.state, to: DeviceState::Lent }];
        let touched = [TouchedLoan { id: loan.id, device: loan.device, effect: Effect::Opened }];
        finish(conn, &act, &moved, &touched, None, Vec::new()).await
    })
    .await
}

/// Another day for a temporary loan.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ExtendRequest {
    pub request_id: Uuid,
    pub until: NaiveDate,
    #[serde(default)]
    pub desk_at: Option<DateTime<Utc>>,
}

/// The loan with its new day. Idempotent by `request_id`.
pub async fn extend_loan(
    db: &Db,
    actor: &Actor,
    loan: Uuid,
    asked: &ExtendRequest,
) -> Result<Value, Failure> {
    let doer = Doer::new(actor, asked.request_id, asked.desk_at)?;
    let request =
        super::answers::Request::new(RequestId(asked.request_id), "extend_loan", &(loan, asked.until))?;
    super::answers::once(db, actor, &request, async |conn| {
        let (parties, locked) = lock_loan(conn, doer.school, loan, &[]).await?;
        let open = locked.loan(loan)?;
        let Some(before) = open.due_on else { return Err(Refusal::NotTemporary.into()) };
        due_date(asked.until, today())?;
        temporary::set_due(conn, loan, asked.until).await?;
        let about =
            About { student: Some(parties.student_id), device: Some(parties.device_id), loan: Some(loan) };
        let details = json!({ "request_id": doer.request_id, "from": before, "to": asked.until });
        doer.tell(conn, "extend_loan", about, details).await?;
        json_of(&temporary::one(conn, doer.school, loan).await?)
    })
    .await
}

/// A spare that becomes the pupil's own.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct KeepRequest {
    pub request_id: Uuid,
    pub reason: String,
    #[serde(default)]
    pub desk_at: Option<DateTime<Utc>>,
}

/// Ends the temporary loan and opens an own one of the same laptop. Idempotent by `request_id`.
pub async fn keep_loan(db: &Db, actor: &Actor, loan: Uuid, asked: &KeepRequest) -> Result<Value, Failure> {
    let doer = Doer::new(actor, asked.request_id, asked.desk_at)?;
    doer.must_manage()?;
    if asked.reason.trim().is_empty() {
        return Err(Refusal::ReasonMissing.into());
    }
    act_once(db, actor, asked.request_id, "keep_loan", &(loan, asked.reason.trim()), async |conn| {
        keep(conn, &doer, loan, asked.reason.trim()).await
    })
    .await
}

async fn keep(conn: &mut AsyncPgConnection, doer: &Doer, loan: Uuid, reason: &str) -> Result<Done, Failure> {
    let own = returns::own_of_borrower(conn, doer.school, loan).await?;
    let more: Vec<Uuid> = own.into_iter().collect();
    let (parties, locked) = lock_loan(conn, doer.school, loan, &more).await?;
    let spare = locked.loan(loan)?.clone();
    if spare.kind() != LoanKind::Temporary {
        return Err(Refusal::NotTemporary.into());
    }
    let own = locked.loan_of_student(LoanKind::Allocation).cloned();
    let campaign = custody::campaign(conn, doer.school, StudentId(parties.student_id)).await?;
    let campaign = campaign.ok_or(Refusal::NoCampaign)?;
    // Given out after the locks were chosen: the next try locks it too.
    if own.as_ref().is_some_and(|own| locked.device(own.device_id).is_err()) {
        return Err(Refusal::JustTaken.into());
    }
    if let Some(own) = own.as_ref().filter(|own| own.device_state() == DeviceState::Lent) {
        return Err(Refusal::StudentAlreadyEquipped {
            name: locked.student()?.name.clone(),
            serial: own.serial.clone(),
            since: own.opened_at,
        }
        .into());
    }
    let act = doer.act(ActKind::KeepLoan, Some(parties.student_id), Some(reason), json!({}));
    acts::begin(conn, &act).await?;
    let mut touched = Vec::new();
    loans::close(conn, spare.id, &doer.ending("kept", Some(reason))).await?;
    touched.push(TouchedLoan { id: spare.id, device: spare.device_id, effect: Effect::Closed });
    if let Some(own) = &own {
        // The own one stays in repair, and is nobody's when it comes back.
        loans::close(conn, own.id, &doer.ending("swapped", Some(reason))).await?;
        touched.push(TouchedLoan { id: own.id, device: own.device_id, effect: Effect::Closed });
    }
    let basis = own.as_ref().map(|own| (own.receipt_id, own.override_reason.as_deref()));
    let (receipt, override_reason) = basis.unwrap_or((campaign.receipt_id, None));
    let opened = OpenedLoan {
        id: Uuid::now_v7(),
        school: doer.school,
        campaign: campaign.campaign_id,
        student: parties.student_id,
        device: spare.device_id,
        kind: LoanKind::Allocation,
        operator: doer.operator,
        station: doer.station,
        receipt,
        // Without a receipt the manager's reason is what it goes by.
        override_reason: override_reason.or(receipt.is_none().then_some(reason)),
        state_before: DeviceState::Reserve,
        kit: &spare.kit,
        due_on: None,
        purpose: None,
        replaces: Some(own.as_ref().map_or(spare.id, |own| own.id)),
        incident: None,
        grant: None,
    };
    loans::open(conn, &opened).await?;
    // The spare does not move: only its loan changes its nature.
    touched.push(TouchedLoan { id: opened.id, device: opened.device, effect: Effect::Opened });
    let moved: Vec<MovedDevice> = own.as_ref().and_then(mended).into_iter().collect();
    finish(conn, &act, &moved, &touched, None, Vec::new()).await
}

/// An own laptop that is back from repair, and given up, is a spare.
pub(super) fn mended(own: &loans::OpenLoan) -> Option<MovedDevice> {
    let from = own.device_state();
    (from == DeviceState::Repaired).then_some(MovedDevice {
        id: own.device_id,
        by: Move::ComeBack,
        from,
        to: DeviceState::Reserve,
    })
}
