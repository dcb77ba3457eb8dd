//! Takes a wrong scan back: closes the loan as undone and puts laptop and charter back as they were.

use super::answers::{Request, once};
use super::{Actor, Failure};
use crate::db::journal::{self, Entry};
use crate::db::schema::{act_loans, charter_receipts, devices, loans};
use crate::db::{Db, Fault, custody, hand_overs, undo_acts};
use chrono::{DateTime, Utc};
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::devices::DeviceState;
use domain::ids::{DeviceId, EstablishmentId, LoanId, RequestId, StationId, StudentId};
use domain::refusal::Refusal;
use domain::undo::{Undoable, undo as decide};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

/// Why a hand-over is taken back.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct UndoRequest {
    pub request_id: Uuid,
    pub reason: String,
    /// The desk's own clock.
    #[serde(default)]
    pub desk_at: Option<DateTime<Utc>>,
}

#[derive(Queryable)]
struct LoanRow {
    device_id: Uuid,
    student_id: Uuid,
    opened_at: DateTime<Utc>,
    opened_at_station: Uuid,
    closed_at: Option<DateTime<Utc>>,
    device_state_before: String,
    charter_receipt_id: Option<Uuid>,
}

/// The hand-over, marked undone. Idempotent by `request_id`.
pub async fn undo_hand_over(
    db: &Db,
    actor: &Actor,
    loan: LoanId,
    asked: &UndoRequest,
) -> Result<Value, Failure> {
    let station = actor.station.ok_or(Refusal::NoStation)?;
    let request = Request::new(RequestId(asked.request_id), "undo_hand_over", &(loan, &asked.reason))?;
    once(db, actor, &request, async |conn| carry_out(conn, actor, station, loan, asked).await).await
}

async fn carry_out(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    station: StationId,
    loan: LoanId,
    asked: &UndoRequest,
) -> Result<Value, Failure> {
    let school = actor.establishment;
    let seen = row(conn, school, loan).await?.ok_or(Refusal::UnknownLoan)?;
    let device = custody::lock_device(conn, school, DeviceId(seen.device_id)).await?;
    let device = device.ok_or(Refusal::UnknownDevice)?;
    custody::lock_student(conn, school, StudentId(seen.student_id)).await?.ok_or(Refusal::UnknownStudent)?;
    // Read again: the loan may have been closed while the locks were awaited.
    let held = row(conn, school, loan).await?.ok_or(Refusal::UnknownLoan)?;
    let now = Utc::now();
    let facts = Undoable {
        opened_at: held.opened_at,
        opened_at_station: StationId(held.opened_at_station),
        is_open: held.closed_at.is_none(),
    };
    decide(facts, station, &asked.reason, now)?;
    if device.state != DeviceState::Lent.as_str() {
        // It broke down meanwhile, and somebody has said so.
        return Err(Refusal::ChangedSince.into());
    }
    write(conn, actor, station, loan, &held, asked, now).await?;
    let undone = hand_overs::one(conn, school, loan).await?;
    serde_json::to_value(undone).map_err(|e| Failure::Fault(Fault::Other(e.to_string())))
}

/// A loan that was handed over; one that an act opened is taken back with the act, as a whole.
async fn row(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    loan: LoanId,
) -> QueryResult<Option<LoanRow>> {
    loans::table
        .filter(loans::establishment_id.eq(school.0))
        .filter(loans::id.eq(loan.0))
        .filter(not(exists(
            act_loans::table.filter(act_loans::loan_id.eq(loan.0)).filter(act_loans::effect.eq("opened")),
        )))
        .select((
            loans::device_id,
            loans::student_id,
            loans::opened_at,
            loans::opened_at_station,
            loans::closed_at,
            loans::device_state_before,
            loans::charter_receipt_id,
        ))
        .first(conn)
        .await
        .optional()
}

async fn write(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    station: StationId,
    loan: LoanId,
    held: &LoanRow,
    asked: &UndoRequest,
    now: DateTime<Utc>,
) -> QueryResult<()> {
    diesel::update(loans::table.find(loan.0))
        .set((
            loans::closed_at.eq(now),
            loans::close_kind.eq("undone"),
            loans::close_reason.eq(asked.reason.trim()),
            loans::closed_by.eq(actor.operator.0),
        ))
        .execute(conn)
        .await?;
    undo_acts::allow_undo(conn).await?;
    diesel::update(devices::table.find(held.device_id))
        .set((devices::state.eq(&held.device_state_before), devices::updated_at.eq(now)))
        .execute(conn)
        .await?;
    let charter = put_charter_back(conn, loan, held, now).await?;
    let entry = Entry {
        establishment_id: actor.establishment.0,
        operator_id: Some(actor.operator.0),
        station_id: Some(station.0),
        action: "undo_hand_over",
        student_id: Some(held.student_id),
        device_id: Some(held.device_id),
        loan_id: Some(loan.0),
        desk_at: asked.desk_at,
        details: json!({
            "request_id": asked.request_id,
            "reason": asked.reason.trim(),
            "from": DeviceState::Lent.as_str(),
            "to": held.device_state_before,
            "receipt_withdrawn": charter.withdrawn,
            "receipt_restored": charter.restored,
        }),
    };
    journal::append(conn, &entry).await
}

/// Receipts that an undo touched.
#[derive(Default)]
struct CharterPutBack {
    withdrawn: Option<Uuid>,
    restored: Option<Uuid>,
}

/// The copies shown at this hand-over were shown for the wrong pupil, so they go with it;
/// copies taken in before it stay, and an incomplete receipt it replaced stands again.
async fn put_charter_back(
    conn: &mut AsyncPgConnection,
    loan: LoanId,
    held: &LoanRow,
    now: DateTime<Utc>,
) -> QueryResult<CharterPutBack> {
    let Some(receipt) = held.charter_receipt_id else { return Ok(CharterPutBack::default()) };
    // A hand-over shows its own copies, or leans on a receipt that an earlier one or the intake wrote.
    let earlier = loans::table
        .filter(loans::student_id.eq(held.student_id))
        .filter(loans::charter_receipt_id.eq(receipt))
        .filter(loans::id.ne(loan.0))
        .filter(loans::opened_at.lt(held.opened_at));
    let shown_here = charter_receipts::table
        .find(receipt)
        .filter(charter_receipts::method.ne("intake"))
        // What somebody withdrew for a reason stays so, and brings nothing back.
        .filter(charter_receipts::withdrawn_at.is_null())
        .filter(not(exists(earlier)));
    let replaced: Option<Option<Uuid>> =
        shown_here.select(charter_receipts::replaces).first(conn).await.optional()?;
    let Some(replaced) = replaced else { return Ok(CharterPutBack::default()) };
    diesel::update(charter_receipts::table.find(receipt))
        .set(charter_receipts::withdrawn_at.eq(now))
        .execute(conn)
        .await?;
    if let Some(replaced) = replaced {
        diesel::update(charter_receipts::table.find(replaced))
            .set(charter_receipts::withdrawn_at.eq(None::<DateTime<Utc>>))
            .execute(conn)
            .await?;
    }
    Ok(CharterPutBack { withdrawn: Some(receipt), restored: replaced })
}
