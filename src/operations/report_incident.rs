//! A laptop broke down, was broken, lost or stolen. With a spare it is a swap: one transaction
//! ends or keeps its loan, opens the spare's and sends the broken one to repair (rules 8 and 9).

use super::doing::{Doer, Done, Locked, act_once, finish, lock_loan, today};
use super::{Actor, Failure, Invalid};
use crate::db::acts::{self, Effect, MovedDevice, TouchedLoan};
use crate::db::incidents::{self, NewIncident};
use crate::db::loans::{self, OpenLoan, OpenedLoan};
use crate::db::{Db, repairs};
use chrono::{DateTime, NaiveDate, Utc};
use diesel_async::AsyncPgConnection;
use domain::acts::ActKind;
use domain::custody::{LoanKind, Purpose, Spare, go};
use domain::incidents::{Incident, SYMPTOMS};
use domain::moves::Move;
use domain::refusal::Refusal;
use domain::swaps::{Broken, SwapDecision, Told, swap as decide};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

/// What a desk tells of an incident, and the spare it gives.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct IncidentRequest {
    /// UUIDv7 made by the desk; the same id again gets the same answer.
    pub request_id: Uuid,
    /// The loan whose laptop it is; or else the laptop, when nobody holds it.
    #[serde(default)]
    pub loan_id: Option<Uuid>,
    #[serde(default)]
    pub device_id: Option<Uuid>,
    /// `breakdown`, `breakage`, `loss` or `theft`.
    pub incident: String,
    /// Words of the programme's list: `screen`, `keyboard` and so on.
    #[serde(default)]
    pub symptoms: Vec<String>,
    #[serde(default)]
    pub description: String,
    /// Of the police, for a theft.
    #[serde(default)]
    pub complaint_number: Option<String>,
    /// A laptop in its place.
    #[serde(default)]
    pub spare: Option<SpareRequest>,
    /// The desk's own clock.
    #[serde(default)]
    pub desk_at: Option<DateTime<Utc>>,
}

/// A laptop in another's place.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SpareRequest {
    pub device_id: Uuid,
    /// The day it comes back; for good without one.
    #[serde(default)]
    pub until: Option<NaiveDate>,
}

/// Longer than a person tells at a desk.
const MOST_CHARS: usize = 2_000;

/// The swap or the report. Idempotent by `request_id`.
pub async fn report_incident(db: &Db, actor: &Actor, asked: &IncidentRequest) -> Result<Value, Failure> {
    let doer = Doer::new(actor, asked.request_id, asked.desk_at)?;
    let incident = checked(asked)?;
    let mut fingerprinted = asked.clone();
    fingerprinted.desk_at = None;
    act_once(db, actor, asked.request_id, "report_incident", &fingerprinted, async |conn| {
        match (asked.loan_id, asked.device_id) {
            (Some(loan), _) => of_a_loan(conn, &doer, asked, incident, loan).await,
            (None, Some(device)) => of_the_school(conn, &doer, asked, incident, device).await,
            (None, None) => Err(Refusal::UnknownDevice.into()),
        }
    })
    .await
}

fn checked(asked: &IncidentRequest) -> Result<Incident, Failure> {
    let unknown = asked.symptoms.iter().any(|told| SYMPTOMS.iter().all(|(word, _)| word != told));
    let long = asked.description.chars().count() > MOST_CHARS
        || asked.complaint_number.as_ref().is_some_and(|number| number.chars().count() > 100);
    match Incident::parse(&asked.incident) {
        Some(incident) if !unknown && !long => Ok(incident),
        _ => Err(Failure::Invalid(Invalid {
            code: "incident_implausible",
            title: "Sinistre illisible".into(),
            detail: "Panne, casse, perte ou vol, des symptômes de la liste, et 2 000 caractères au plus."
                .into(),
            remedy: "Reprenez la déclaration.".into(),
        })),
    }
}

async fn of_a_loan(
    conn: &mut AsyncPgConnection,
    doer: &Doer,
    asked: &IncidentRequest,
    incident: Incident,
    loan: Uuid,
) -> Result<Done, Failure> {
    let spares: Vec<Uuid> = asked.spare.iter().map(|spare| spare.device_id).collect();
    let (parties, locked) = lock_loan(conn, doer.school, loan, &spares).await?;
    let open = locked.loan(loan)?.clone();
    let broken = locked.device(parties.device_id)?;
    let policy = incidents::policy(conn, doer.school, incident).await?;
    let told = Told { incident, complaint_number: asked.complaint_number.as_deref() };
    let given = match &asked.spare {
        None => None,
        Some(spare) => {
            Some(Spare { device: locked.device(spare.device_id)?, until: spare.until.or(open.due_on) })
        }
    };
    let held = Broken {
        device: broken,
        kind: open.kind(),
        student: locked.student()?,
        has_temporary: locked.spare_of_student(),
    };
    let decision = decide(held, &told, policy, given.as_ref(), today())?;

    let act_kind = if given.is_some() { ActKind::Swap } else { ActKind::ReportIncident };
    let repair = ended_repair(conn, doer, incident, broken.id.0).await?;
    let details = json!({ "incident": incident.as_str(), "repair_id": repair,
                          "temporary": decision.spare == Some(LoanKind::Temporary) });
    let act = doer.act(act_kind, Some(parties.student_id), None, details);
    acts::begin(conn, &act).await?;
    let id = write_incident(conn, doer, asked, incident, (act.id, broken.id.0), Some(&open)).await?;
    let mut touched = Vec::new();
    if let Some(ends) = decision.ends {
        loans::close(conn, open.id, &doer.ending(ends, asked.complaint_number.as_deref())).await?;
        touched.push(TouchedLoan { id: open.id, device: open.device_id, effect: Effect::Closed });
    }
    let mut moved = vec![MovedDevice {
        id: broken.id.0,
        by: incident.moves(),
        from: broken.state,
        to: decision.broken_to,
    }];
    if let Some(spare) = &given {
        let loan = spare_loan(doer, &open, spare, &decision, id);
        loans::open(conn, &loan).await?;
        touched.push(TouchedLoan { id: loan.id, device: loan.device, effect: Effect::Opened });
        moved.push(MovedDevice {
            id: loan.device,
            by: Move::Lend,
            from: spare.device.state,
            to: domain::devices::DeviceState::Lent,
        });
    }
    finish(conn, &act, &moved, &touched, Some(id), Vec::new()).await
}

/// The spare's loan takes over what the other one went by: charter, kit, campaign.
fn spare_loan<'a>(
    doer: &Doer,
    before: &'a OpenLoan,
    spare: &Spare<'_>,
    decision: &SwapDecision,
    incident: Uuid,
) -> OpenedLoan<'a> {
    let kind = decision.spare.unwrap_or(LoanKind::Temporary);
    let temporary = kind == LoanKind::Temporary;
    OpenedLoan {
        id: Uuid::now_v7(),
        school: doer.school,
        campaign: before.campaign_id,
        student: before.student_id,
        device: spare.device.id.0,
        kind,
        operator: doer.operator,
        station: doer.station,
        receipt: before.receipt_id,
        override_reason: before.override_reason.as_deref(),
        state_before: spare.device.state,
        kit: &before.kit,
        due_on: spare.until.filter(|_| temporary),
        purpose: temporary.then(|| before.purpose().unwrap_or(Purpose::Repair)),
        replaces: Some(before.id),
        incident: Some(incident),
        grant: None,
    }
}

async fn of_the_school(
    conn: &mut AsyncPgConnection,
    doer: &Doer,
    asked: &IncidentRequest,
    incident: Incident,
    device: Uuid,
) -> Result<Done, Failure> {
    let locked = Locked::take(conn, doer.school, &[device], None).await?;
    if let Some(held) = locked.loan_of_device(device) {
        // Its loan is what happened; the desk has an old picture of it.
        return Box::pin(of_a_loan(conn, doer, asked, incident, held.id)).await;
    }
    let facts = locked.device(device)?;
    let by = incident.moves();
    let wanted = by
        .only_way(facts.state)
        .ok_or_else(|| Refusal::MoveNotAllowed { serial: facts.serial.clone(), state: facts.state })?;
    let to = go(facts, by, wanted)?;
    let policy = incidents::policy(conn, doer.school, incident).await?;
    if policy.needs_complaint
        && asked.complaint_number.as_deref().is_none_or(|number| number.trim().is_empty())
    {
        return Err(Refusal::ComplaintMissing.into());
    }
    let repair = ended_repair(conn, doer, incident, device).await?;
    let details = json!({ "incident": incident.as_str(), "repair_id": repair });
    let act = doer.act(ActKind::ReportIncident, None, None, details);
    acts::begin(conn, &act).await?;
    let id = write_incident(conn, doer, asked, incident, (act.id, device), None).await?;
    let moved = [MovedDevice { id: device, by, from: facts.state, to }];
    finish(conn, &act, &moved, &[], Some(id), Vec::new()).await
}

/// The repair under way of a laptop that is lost or stolen: it ends with it.
async fn ended_repair(
    conn: &mut AsyncPgConnection,
    doer: &Doer,
    incident: Incident,
    device: Uuid,
) -> Result<Option<Uuid>, Failure> {
    if incident.is_repairable() {
        return Ok(None);
    }
    let repair = repairs::open_of(conn, doer.school, device).await?;
    if let Some(repair) = repair {
        let end =
            repairs::RepairEnd { outcome: "lost", diagnosis: "", under_warranty: None, cost_cents: None };
        repairs::close(conn, repair, &end).await?;
    }
    Ok(repair)
}

/// The incident, and the repair it begins.
async fn write_incident(
    conn: &mut AsyncPgConnection,
    doer: &Doer,
    asked: &IncidentRequest,
    incident: Incident,
    (act, device): (Uuid, Uuid),
    loan: Option<&OpenLoan>,
) -> Result<Uuid, Failure> {
    let id = Uuid::now_v7();
    let complaint = asked.complaint_number.as_deref().map(str::trim).filter(|number| !number.is_empty());
    let new = NewIncident {
        id,
        establishment_id: doer.school.0,
        kind: incident.as_str(),
        device_id: device,
        student_id: loan.map(|loan| loan.student_id),
        loan_id: loan.map(|loan| loan.id),
        act_id: act,
        symptoms: &asked.symptoms,
        description: asked.description.trim(),
        complaint_number: complaint,
        reported_by: doer.operator,
    };
    incidents::add(conn, &new).await?;
    if incident.is_repairable() {
        repairs::open(conn, doer.school, device, Some(id), "").await?;
    }
    Ok(id)
}
