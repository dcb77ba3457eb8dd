//! The head's emergency fund (FUP): asked for at the desk, decided by the head, used by a laptop.

use super::answers::{Request, once};
use super::doing::{About, Doer, Done, Locked, act_once, finish, json_of, today};
use super::lend_device::mended;
use super::report_incident::SpareRequest;
use super::{Actor, Failure, Invalid};
use crate::db::acts::{self, Effect, MovedDevice, TouchedLoan};
use crate::db::grants::{self as fund, Decision, Grant};
use crate::db::incidents;
use crate::db::loans::{self, OpenedLoan};
use crate::db::schema::{emergency_grants as grants, incidents as reported};
use crate::db::{Db, custody};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::acts::ActKind;
use domain::custody::{LoanKind, Purpose, Spare};
use domain::devices::DeviceState;
use domain::ids::{RequestId, StudentId};
use domain::incidents::Incident;
use domain::moves::Move;
use domain::refusal::{Refusal, Thing};
use domain::roles::Role;
use domain::swaps::{GrantFacts, replace_by_grant as decide};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

/// Why the fund should help.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct GrantRequest {
    pub request_id: Uuid,
    pub incident_id: Uuid,
    pub reason: String,
}

/// Asks for the fund. Idempotent by `request_id`.
pub async fn request_grant(db: &Db, actor: &Actor, asked: &GrantRequest) -> Result<Value, Failure> {
    let doer = Doer::new(actor, asked.request_id, None)?;
    let reason = worded(&asked.reason)?;
    let request = Request::new(RequestId(asked.request_id), "request_grant", &(asked.incident_id, reason))?;
    once(db, actor, &request, async |conn| {
        let incident = incidents::one(conn, doer.school, asked.incident_id).await?;
        let incident = incident.ok_or(Refusal::NotFound { what: Thing::Incident })?;
        let student = incident.student_id.ok_or(Refusal::UnknownStudent)?;
        let id = Uuid::now_v7();
        let added = diesel::insert_into(grants::table)
            .values((
                grants::id.eq(id),
                grants::establishment_id.eq(doer.school.0),
                grants::student_id.eq(student),
                grants::incident_id.eq(asked.incident_id),
                grants::requested_by.eq(doer.operator),
                grants::request_reason.eq(reason),
            ))
            .on_conflict_do_nothing()
            .execute(conn)
            .await?;
        if added == 0 {
            return Err(Refusal::GrantDecided.into());
        }
        doer.tell(
            conn,
            "request_grant",
            About { student: Some(student), device: Some(incident.device_id), loan: None },
            json!({ "grant_id": id }),
        )
        .await?;
        grant(conn, &doer, id).await
    })
    .await
}

/// The head's answer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DecisionRequest {
    pub request_id: Uuid,
    pub granted: bool,
    #[serde(default)]
    pub reason: String,
    pub budget_year: i32,
    /// Euro cents.
    pub amount_cents: i64,
}

/// Decides a request; only the head may. Idempotent by `request_id`.
pub async fn decide_grant(
    db: &Db,
    actor: &Actor,
    id: Uuid,
    asked: &DecisionRequest,
) -> Result<Value, Failure> {
    let doer = Doer::new(actor, asked.request_id, None)?;
    if actor.role != Role::Head {
        return Err(Refusal::HeadOnly.into());
    }
    if !asked.granted {
        worded(&asked.reason)?;
    }
    let fingerprint = (id, asked.granted, &asked.reason, asked.budget_year, asked.amount_cents);
    let request = Request::new(RequestId(asked.request_id), "decide_grant", &fingerprint)?;
    once(db, actor, &request, async |conn| {
        let asked_for = fund::one(conn, doer.school, id).await?;
        let asked_for = asked_for.ok_or(Refusal::NotFound { what: Thing::Grant })?;
        if asked_for.decision.is_some() {
            return Err(Refusal::GrantDecided.into());
        }
        if asked.granted {
            affordable(conn, &doer, asked).await?;
        }
        let decision = Decision {
            granted: asked.granted,
            reason: asked.reason.trim(),
            operator: doer.operator,
            budget_year: asked.budget_year,
            amount_cents: asked.amount_cents,
        };
        fund::decide(conn, id, &decision).await?;
        let details = json!({ "grant_id": id, "granted": asked.granted, "budget_year": asked.budget_year,
                              "amount_cents": asked.amount_cents, "reason": asked.reason.trim() });
        doer.tell(
            conn,
            "decide_grant",
            About { student: Some(asked_for.student_id), device: Some(asked_for.device_id), loan: None },
            details,
        )
        .await?;
        grant(conn, &doer, id).await
    })
    .await
}

async fn affordable(
    conn: &mut AsyncPgConnection,
    doer: &Doer,
    asked: &DecisionRequest,
) -> Result<(), Failure> {
    let year = asked.budget_year;
    if asked.amount_cents < 0 || !fund::lock_budget(conn, doer.school, year).await? {
        return Err(Refusal::BudgetExceeded { year, left: 0 }.into());
    }
    let budgets = fund::budgets(conn, doer.school).await?;
    let left = budgets
        .iter()
        .find(|one| one.budget_year == year)
        .map_or(0, |one| one.amount_cents - one.granted_cents);
    if asked.amount_cents > left { Err(Refusal::BudgetExceeded { year, left }.into()) } else { Ok(()) }
}

/// The laptop that a granted request gives.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ReplacementRequest {
    pub request_id: Uuid,
    #[serde(flatten)]
    pub spare: SpareRequest,
    #[serde(default)]
    pub desk_at: Option<DateTime<Utc>>,
}

/// Gives it. Idempotent by `request_id`.
pub async fn use_grant(
    db: &Db,
    actor: &Actor,
    id: Uuid,
    asked: &ReplacementRequest,
) -> Result<Value, Failure> {
    let doer = Doer::new(actor, asked.request_id, asked.desk_at)?;
    let fingerprint = (id, &asked.spare);
    act_once(db, actor, asked.request_id, "use_grant", &fingerprint, async |conn| {
        replace(conn, &doer, id, &asked.spare).await
    })
    .await
}

async fn replace(
    conn: &mut AsyncPgConnection,
    doer: &Doer,
    id: Uuid,
    spare: &SpareRequest,
) -> Result<Done, Failure> {
    let unknown = || Refusal::NotFound { what: Thing::Grant };
    let student = student_of(conn, doer, id).await?.ok_or_else(unknown)?;
    let mut devices = vec![spare.device_id];
    devices.extend(broken_of(conn, doer, id).await?.filter(|broken| *broken != spare.device_id));
    let locked = Locked::take(conn, doer.school, &devices, Some(student)).await?;
    // After laptop and pupil, as everywhere: two desks with one grant wait for each other here.
    let granted = fund::one(conn, doer.school, id).await?.ok_or_else(unknown)?;
    let incident = incidents::one(conn, doer.school, granted.incident_id).await?;
    let incident = incident.ok_or(Refusal::NotFound { what: Thing::Incident })?;
    let kind = Incident::parse(&granted.incident).ok_or(Refusal::NotFound { what: Thing::Incident })?;
    let facts = GrantFacts {
        student: StudentId(student),
        incident: kind,
        granted: granted.decision.as_deref() == Some("granted"),
        used: granted.used,
    };
    let own = locked.loan_of_student(LoanKind::Allocation).cloned();
    // Repaired and back in the pupil's hands, it is no broken one any more.
    let broken_held = own
        .as_ref()
        .is_some_and(|own| Some(own.id) == incident.loan_id && own.device_state() != DeviceState::Lent);
    let given = Spare { device: locked.device(spare.device_id)?, until: spare.until };
    let kind = decide(facts, locked.student()?, locked.spare_of_student(), broken_held, &given, today())?;
    let campaign =
        custody::campaign(conn, doer.school, StudentId(student)).await?.ok_or(Refusal::NoCampaign)?;
    let act =
        doer.act(ActKind::Swap, Some(student), None, json!({ "grant_id": id, "incident": granted.incident }));
    acts::begin(conn, &act).await?;
    let mut touched = Vec::new();
    let ended =
        own.filter(|own| broken_held && kind == LoanKind::Allocation && own.device_id != spare.device_id);
    if let Some(own) = &ended {
        loans::close(conn, own.id, &doer.ending("swapped", None)).await?;
        touched.push(TouchedLoan { id: own.id, device: own.device_id, effect: Effect::Closed });
    }
    let temporary = kind == LoanKind::Temporary;
    let receipt = ended.as_ref().map_or(campaign.receipt_id, |own| own.receipt_id);
    let loan = OpenedLoan {
        id: Uuid::now_v7(),
        school: doer.school,
        campaign: campaign.campaign_id,
        student,
        device: spare.device_id,
        kind,
        operator: doer.operator,
        station: doer.station,
        receipt,
        override_reason: receipt.is_none().then_some("Fonds d'urgence du proviseur"),
        state_before: given.device.state,
        kit: &campaign.kit,
        due_on: spare.until.filter(|_| temporary),
        purpose: temporary.then_some(Purpose::Grant),
        replaces: incident.loan_id,
        incident: Some(granted.incident_id),
        grant: Some(id),
    };
    loans::open(conn, &loan).await?;
    diesel::update(grants::table.find(id)).set(grants::used_by_loan.eq(loan.id)).execute(conn).await?;
    touched.push(TouchedLoan { id: loan.id, device: loan.device, effect: Effect::Opened });
    let mut moved = vec![MovedDevice {
        id: loan.device,
        by: Move::Lend,
        from: given.device.state,
        to: DeviceState::Lent,
    }];
    moved.extend(ended.as_ref().and_then(mended));
    finish(conn, &act, &moved, &touched, Some(granted.incident_id), Vec::new()).await
}

/// The laptop that the grant is about; read before the locks.
async fn broken_of(conn: &mut AsyncPgConnection, doer: &Doer, id: Uuid) -> QueryResult<Option<Uuid>> {
    grants::table
        .inner_join(reported::table.on(reported::id.eq(grants::incident_id)))
        .filter(grants::establishment_id.eq(doer.school.0))
        .filter(grants::id.eq(id))
        .select(reported::device_id)
        .first(conn)
        .await
        .optional()
}

async fn student_of(conn: &mut AsyncPgConnection, doer: &Doer, id: Uuid) -> QueryResult<Option<Uuid>> {
    grants::table
        .filter(grants::establishment_id.eq(doer.school.0))
        .filter(grants::id.eq(id))
        .select(grants::student_id)
        .first(conn)
        .await
        .optional()
}

/// A year of the fund.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BudgetRequest {
    pub request_id: Uuid,
    pub budget_year: i32,
    /// Euro cents.
    pub amount_cents: i64,
}

/// Sets what a year of the fund holds; only the head may. Idempotent by `request_id`.
pub async fn set_budget(db: &Db, actor: &Actor, asked: &BudgetRequest) -> Result<Value, Failure> {
    let doer = Doer::new(actor, asked.request_id, None)?;
    if actor.role != Role::Head {
        return Err(Refusal::HeadOnly.into());
    }
    if !(2000..=2100).contains(&asked.budget_year) || !(0..=1_000_000_000).contains(&asked.amount_cents) {
        return Err(Failure::Invalid(Invalid {
            code: "budget_implausible",
            title: "Budget illisible".into(),
            detail: "Une année de 2000 à 2100 et un montant positif.".into(),
            remedy: "Corrigez l'année ou le montant.".into(),
        }));
    }
    let fingerprint = (asked.budget_year, asked.amount_cents);
    let request = Request::new(RequestId(asked.request_id), "set_budget", &fingerprint)?;
    once(db, actor, &request, async |conn| {
        fund::set_budget(conn, doer.school, asked.budget_year, asked.amount_cents).await?;
        let details = json!({ "budget_year": asked.budget_year, "amount_cents": asked.amount_cents });
        doer.tell(conn, "set_budget", About::SCHOOL, details).await?;
        json_of(&fund::budgets(conn, doer.school).await?)
    })
    .await
}

fn worded(reason: &str) -> Result<&str, Failure> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > 2_000 {
        Err(Refusal::ReasonMissing.into())
    } else {
        Ok(reason)
    }
}

async fn grant(conn: &mut AsyncPgConnection, doer: &Doer, id: Uuid) -> Result<Value, Failure> {
    let grant: Option<Grant> = fund::one(conn, doer.school, id).await?;
    json_of(&grant)
}
