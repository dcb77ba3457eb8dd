//! Hands a laptop to a pupil: locks, decides, opens the loan, journals and stores the answer.

use super::answers::{Request, once};
use super::signatories::{SignatoryChoice, resolve};
use super::{Actor, Failure, Invalid};
use crate::db::charter_receipts::{self, NewReceipt};
use crate::db::custody::{self, CampaignFacts, NewLoan};
use crate::db::{Db, Fault, hand_overs};
use chrono::{DateTime, Utc};
use diesel_async::AsyncPgConnection;
use domain::charter::Copies;
use domain::hand_over::{Binding, CharterBasis, CharterFacts, CharterOverride, hand_over as decide};
use domain::ids::{DeviceId, LoanId, RequestId, StudentId};
use domain::refusal::Refusal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

/// What a desk asks for.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct HandOverRequest {
    /// UUIDv7 made by the desk; the same id again gets the same answer.
    pub request_id: Uuid,
    pub student_id: Uuid,
    pub device_id: Uuid,
    /// Copies the desk has just been shown; absent when the receipt is on file.
    pub charter: Option<ShownCharter>,
    /// A manager's reason to go without.
    #[serde(default)]
    pub override_reason: Option<String>,
    /// Accessories handed over; the campaign's kit when absent.
    #[serde(default)]
    pub accessories: Option<Vec<String>>,
    /// The desk's own clock.
    #[serde(default)]
    pub desk_at: Option<DateTime<Utc>>,
}

/// Signed copies as the desk saw them.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ShownCharter {
    pub copies_shown: u8,
    pub copies_kept: u8,
    /// `barcode` or `key`.
    pub method: String,
    /// Who signed beside the pupil, when the desk was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signatory: Option<SignatoryChoice>,
}

/// The hand-over, or why not. Idempotent by `request_id`.
pub async fn hand_over(db: &Db, actor: &Actor, asked: &HandOverRequest) -> Result<Value, Failure> {
    let station = actor.station.ok_or(Refusal::NoStation)?;
    let shown = shown_copies(asked)?;
    // The desk's clock may differ between two sendings of one request.
    let mut fingerprinted = asked.clone();
    fingerprinted.desk_at = None;
    let request = Request::new(RequestId(asked.request_id), "hand_over", &fingerprinted)?;
    once(db, actor, &request, async |conn| carry_out(conn, actor, station.0, asked, shown).await).await
}

fn shown_copies(asked: &HandOverRequest) -> Result<Option<Copies>, Failure> {
    let Some(charter) = &asked.charter else { return Ok(None) };
    let known_method = matches!(charter.method.as_str(), "barcode" | "key");
    match Copies::new(charter.copies_shown, charter.copies_kept).filter(|_| known_method) {
        Some(copies) => Ok(Some(copies)),
        None => Err(Failure::Invalid(Invalid {
            code: "charter_implausible",
            title: "Charte illisible".into(),
            detail: "De 0 à 2 exemplaires montrés, et 0 ou 1 gardé parmi eux.".into(),
            remedy: "Présentez de nouveau la charte.".into(),
        })),
    }
}

async fn carry_out(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    station: Uuid,
    asked: &HandOverRequest,
    shown: Option<Copies>,
) -> Result<Value, Failure> {
    let school = actor.establishment;
    let (device, student) = (DeviceId(asked.device_id), StudentId(asked.student_id));
    let held = custody::under_lock(conn, school, device, student).await?;
    let locked_device = held.device.ok_or(Refusal::UnknownDevice)?;
    let locked_student = held.student.ok_or(Refusal::UnknownStudent)?;
    let campaign = held.campaign.ok_or(Refusal::NoCampaign)?;
    let (device_facts, student_facts) = custody::facts(&locked_device, &locked_student, &held.open);
    let charter = CharterFacts {
        on_file: campaign.copies_on_file(),
        shown_now: shown,
        override_by: asked
            .override_reason
            .as_ref()
            .map(|reason| CharterOverride { by: actor.role, reason: reason.clone() }),
    };
    let binding = decide(&device_facts, &student_facts, &charter, Utc::now().date_naive())?;

    let (receipt, override_reason) = match &binding.charter {
        CharterBasis::OnFile => (campaign.receipt_id, None),
        CharterBasis::ShownNow(copies) => {
            (Some(write_receipt(conn, actor, station, asked, &campaign, *copies).await?), None)
        }
        CharterBasis::Overridden(reason) => (None, Some(reason.as_str())),
    };
    let kit = handed_kit(asked, &campaign);
    let loan = NewLoan {
        id: Uuid::now_v7(),
        school,
        campaign: campaign.campaign_id,
        student,
        device,
        operator: actor.operator.0,
        station,
        receipt,
        override_reason,
        state_before: binding.state_before,
        kit: &kit,
        desk_at: asked.desk_at,
        details: journal_details(asked, &binding),
    };
    custody::open_loan(conn, &loan).await?;
    let done = hand_overs::one(conn, school, LoanId(loan.id)).await?;
    serde_json::to_value(done).map_err(|e| Failure::Fault(Fault::Other(e.to_string())))
}

/// What was handed over of the kit: what the desk ticked, of what the campaign holds.
fn handed_kit(asked: &HandOverRequest, campaign: &CampaignFacts) -> Vec<String> {
    match &asked.accessories {
        None => campaign.kit.clone(),
        Some(ticked) => campaign.kit.iter().filter(|item| ticked.contains(item)).cloned().collect(),
    }
}

fn journal_details(asked: &HandOverRequest, binding: &Binding) -> Value {
    let basis = match &binding.charter {
        CharterBasis::OnFile => "on_file",
        CharterBasis::ShownNow(_) => "shown_now",
        CharterBasis::Overridden(_) => "overridden",
    };
    json!({ "request_id": asked.request_id, "charter": basis, "override_reason": asked.override_reason,
            "from": binding.state_before.as_str(), "to": "lent" })
}

/// The receipt of the copies shown, in the place of an incomplete one on file.
async fn write_receipt(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    station: Uuid,
    asked: &HandOverRequest,
    campaign: &CampaignFacts,
    copies: Copies,
) -> Result<Uuid, Failure> {
    let charter = asked.charter.as_ref();
    let choice = charter.and_then(|charter| charter.signatory.as_ref());
    let signatory = resolve(conn, actor.establishment, asked.student_id, choice).await?;
    let receipt = NewReceipt {
        school: actor.establishment,
        student: asked.student_id,
        charter: campaign.charter_id,
        copies,
        method: charter.map_or("key", |charter| charter.method.as_str()),
        station,
        operator: actor.operator.0,
        replaces: campaign.receipt_id,
        signatory: signatory.as_ref(),
    };
    Ok(charter_receipts::write(conn, &receipt).await?)
}
