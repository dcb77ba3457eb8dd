//! Withdraws a pupil's charter, on a referent's word: unsigned after all, or somebody else's. A
//! laptop cannot be handed over by it any more, and the pupil stands on the list to chase.

use super::doing::Doer;
use super::office::{change_once, entry, typed};
use super::{Actor, Failure};
use crate::db::cards::{self, StudentCard};
use crate::db::{Db, charter_receipts, custody, journal};
use domain::ids::StudentId;
use domain::refusal::{Refusal, Thing};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

/// Why a charter no longer counts.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct WithdrawRequest {
    pub request_id: Uuid,
    pub reason: String,
}

/// The pupil, whose charter is not in any more. Idempotent by `request_id`.
pub async fn withdraw_charter(
    db: &Db,
    actor: &Actor,
    student: Uuid,
    asked: &WithdrawRequest,
) -> Result<Value, Failure> {
    let doer = Doer::new(actor, asked.request_id, None)?;
    doer.must_manage()?;
    let reason = typed(&asked.reason, 200)?;
    if reason.is_empty() {
        return Err(Refusal::ReasonMissing.into());
    }
    change_once(db, actor, asked.request_id, "withdraw_charter", &(student, reason), async |conn| {
        let school = doer.school;
        custody::lock_student(conn, school, StudentId(student)).await?.ok_or(Refusal::UnknownStudent)?;
        let campaign = custody::campaign(conn, school, StudentId(student)).await?;
        let receipt = campaign.ok_or(Refusal::NoCampaign)?.receipt_id;
        let receipt = receipt.ok_or(Refusal::NotFound { what: Thing::CharterReceipt })?;
        charter_receipts::withdraw(conn, receipt, doer.operator, reason, None).await?;
        let told = json!({ "request_id": asked.request_id, "receipt_id": receipt, "reason": reason });
        journal::append(conn, &entry(actor, "withdraw_charter", Some(student), told)).await?;
        let card: Option<StudentCard> = cards::student(conn, school, student).await?;
        Ok::<_, Failure>(card.ok_or(Refusal::UnknownStudent)?)
    })
    .await
}
