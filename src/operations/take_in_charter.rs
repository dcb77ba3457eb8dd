//! Takes in a signed copy ahead of the day, and takes a wrong one back. Each copy counts once; the
//! second makes a complete receipt in the place of the first one's.

use super::doing::Doer;
use super::office::{change_once, entry};
use super::signatories::{SignatoryChoice, resolve};
use super::{Actor, Failure};
use crate::db::charter_receipts::{self, Intake, NewReceipt};
use crate::db::journal::{self, Entry};
use crate::db::{Db, Fault, charters, custody};
use chrono::{DateTime, Utc};
use diesel_async::AsyncPgConnection;
use domain::charter::Copies;
use domain::identifiers::CharterCode;
use domain::ids::{StationId, StudentId};
use domain::names::display_name;
use domain::refusal::{Refusal, Thing};
use domain::undo::{Undoable, undo as decide};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

/// A signed copy that was scanned.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct IntakeRequest {
    pub request_id: Uuid,
    /// The barcode of the copy.
    pub code: String,
    #[serde(default)]
    pub signatory: Option<SignatoryChoice>,
    /// The desk's own clock.
    #[serde(default)]
    pub desk_at: Option<DateTime<Utc>>,
}

/// The copy as it was taken in. Idempotent by `request_id`.
pub async fn take_in_charter(db: &Db, actor: &Actor, asked: &IntakeRequest) -> Result<Value, Failure> {
    let doer = Doer::new(actor, asked.request_id, asked.desk_at)?;
    let fingerprint = (asked.code.trim(), &asked.signatory);
    change_once(db, actor, asked.request_id, "take_in_charter", &fingerprint, async |conn| {
        carry_out(conn, actor, &doer, asked).await
    })
    .await
}

async fn carry_out(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    doer: &Doer,
    asked: &IntakeRequest,
) -> Result<Intake, Failure> {
    let school = doer.school;
    let unknown = Refusal::NotFound { what: Thing::Charter };
    let code = CharterCode::parse(asked.code.trim()).ok_or(unknown.clone())?;
    let sheet = charters::sheet(conn, school, &code.sheet).await?.ok_or(unknown)?;
    let student = StudentId(sheet.student_id);
    let pupil = custody::lock_student(conn, school, student).await?.ok_or(Refusal::UnknownStudent)?;
    let name = display_name(&pupil.first_name, &pupil.last_name);
    let campaign = custody::campaign(conn, school, student).await?.ok_or(Refusal::NoCampaign)?;
    if campaign.charter_id != sheet.charter_id {
        return Err(Refusal::CharterOutdated { name }.into());
    }
    let on_file = campaign.copies_on_file().unwrap_or(Copies { shown: 0, kept: 0 });
    let copies = on_file.with(code.copy).ok_or(Refusal::CharterCopyIn { name, copy: code.copy })?;
    let signatory = resolve(conn, school, sheet.student_id, asked.signatory.as_ref()).await?;
    let receipt = NewReceipt {
        school,
        student: sheet.student_id,
        charter: sheet.charter_id,
        copies,
        method: "intake",
        station: doer.station,
        operator: doer.operator,
        replaces: campaign.receipt_id,
        signatory: signatory.as_ref(),
    };
    let id = charter_receipts::write(conn, &receipt).await?;
    let told = json!({
        "request_id": asked.request_id, "receipt_id": id, "copy": code.copy, "shown": copies.shown, "kept": copies.kept,
        "replaces": campaign.receipt_id,
    });
    let line = entry(actor, "take_in_charter", Some(sheet.student_id), told);
    journal::append(conn, &Entry { desk_at: asked.desk_at, ..line }).await?;
    read(conn, actor, id).await
}

/// Why a copy is taken back.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct UndoIntakeRequest {
    pub request_id: Uuid,
    pub reason: String,
    #[serde(default)]
    pub desk_at: Option<DateTime<Utc>>,
}

/// The copy, marked undone; what it completed stands again as it was. Idempotent by `request_id`.
pub async fn undo_intake(
    db: &Db,
    actor: &Actor,
    receipt: Uuid,
    asked: &UndoIntakeRequest,
) -> Result<Value, Failure> {
    let doer = Doer::new(actor, asked.request_id, asked.desk_at)?;
    let fingerprint = (receipt, asked.reason.trim());
    change_once(db, actor, asked.request_id, "undo_intake", &fingerprint, async |conn| {
        take_back(conn, actor, &doer, receipt, asked).await
    })
    .await
}

async fn take_back(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    doer: &Doer,
    receipt: Uuid,
    asked: &UndoIntakeRequest,
) -> Result<Intake, Failure> {
    let school = doer.school;
    let unknown = Refusal::NotFound { what: Thing::CharterReceipt };
    let seen = charter_receipts::standing(conn, school, receipt).await?.ok_or(unknown.clone())?;
    custody::lock_student(conn, school, StudentId(seen.student_id)).await?.ok_or(Refusal::UnknownStudent)?;
    // Read again: another copy may have come in while the lock was awaited.
    let held = charter_receipts::standing(conn, school, receipt).await?.ok_or(unknown.clone())?;
    let facts = Undoable {
        opened_at: held.received_at,
        opened_at_station: StationId(held.station_id.ok_or(unknown)?),
        is_open: held.stands,
    };
    decide(facts, StationId(doer.station), &asked.reason, Utc::now())?;
    if held.used {
        return Err(Refusal::ChangedSince.into());
    }
    let reason = asked.reason.trim();
    charter_receipts::withdraw(conn, receipt, doer.operator, reason, held.replaces).await?;
    let told = json!({
        "request_id": asked.request_id, "receipt_id": receipt, "reason": reason, "receipt_restored": held.replaces,
    });
    let line = entry(actor, "undo_intake", Some(held.student_id), told);
    journal::append(conn, &Entry { desk_at: asked.desk_at, ..line }).await?;
    read(conn, actor, receipt).await
}

async fn read(conn: &mut AsyncPgConnection, actor: &Actor, receipt: Uuid) -> Result<Intake, Failure> {
    let intake = charter_receipts::intake(conn, actor.establishment, receipt).await?;
    intake.ok_or_else(|| Failure::Fault(Fault::Other("a receipt was written and is not there".into())))
}
