//! What every act shares: who acts and where, laptops and pupil under lock, and the act written
//! around what it changes.

use super::answers::{Request, once};
use super::{Actor, Failure};
use crate::db::acts::{self, ActCard, MovedDevice, NewAct, TouchedLoan};
use crate::db::custody::{self, LockedStudent};
use crate::db::journal::{self, Entry};
use crate::db::loans::{self, OpenLoan};
use crate::db::{Db, Fault};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Europe::Paris;
use diesel_async::AsyncPgConnection;
use domain::acts::ActKind;
use domain::custody::LoanKind;
use domain::hand_over::{DeviceFacts, StudentFacts};
use domain::ids::{EstablishmentId, RequestId, StudentId};
use domain::refusal::Refusal;
use domain::roles::Right;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

/// What an act answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Done {
    pub act: ActCard,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incident_id: Option<Uuid>,
    /// French sentences that the desk should hear of beside the act itself.
    pub told: Vec<String>,
}

/// Today on the French wall clock.
pub fn today() -> NaiveDate {
    Utc::now().with_timezone(&Paris).date_naive()
}

/// What an entry of the journal is about.
#[derive(Debug, Clone, Copy, Default)]
pub struct About {
    pub student: Option<Uuid>,
    pub device: Option<Uuid>,
    pub loan: Option<Uuid>,
}

impl About {
    pub const SCHOOL: Self = Self { student: None, device: None, loan: None };

    pub fn device(device: Option<Uuid>) -> Self {
        Self { device, ..Self::SCHOOL }
    }
}

/// An answer as it is stored.
pub fn json_of(answer: &impl Serialize) -> Result<Value, Failure> {
    serde_json::to_value(answer).map_err(|e| Failure::Fault(Fault::Other(e.to_string())))
}

/// Who does something, at which desk, for which request.
#[derive(Clone)]
pub struct Doer {
    pub school: EstablishmentId,
    pub operator: Uuid,
    pub station: Uuid,
    pub manages: bool,
    pub request_id: Uuid,
    pub desk_at: Option<DateTime<Utc>>,
}

impl Doer {
    pub fn new(actor: &Actor, request_id: Uuid, desk_at: Option<DateTime<Utc>>) -> Result<Self, Refusal> {
        Ok(Self {
            school: actor.establishment,
            operator: actor.operator.0,
            station: actor.station.ok_or(Refusal::NoStation)?.0,
            manages: actor.role.has(Right::Manage),
            request_id,
            desk_at,
        })
    }

    /// Only a referent or the head goes on.
    pub fn must_manage(&self) -> Result<(), Refusal> {
        if self.manages { Ok(()) } else { Err(Refusal::ManagerOnly) }
    }

    /// An act that is about to be written.
    pub fn act<'a>(
        &self,
        kind: ActKind,
        student: Option<Uuid>,
        reason: Option<&'a str>,
        mut details: Value,
    ) -> NewAct<'a> {
        if let Value::Object(fields) = &mut details {
            fields.insert("request_id".into(), json!(self.request_id));
        }
        NewAct {
            id: Uuid::now_v7(),
            school: self.school,
            kind,
            operator: self.operator,
            station: self.station,
            student,
            reason,
            details,
            desk_at: self.desk_at,
        }
    }

    /// Writes what is no act into the journal: ids and words of the programme, never names.
    pub async fn tell(
        &self,
        conn: &mut AsyncPgConnection,
        action: &str,
        about: About,
        details: Value,
    ) -> Result<(), Failure> {
        let entry = Entry {
            establishment_id: self.school.0,
            operator_id: Some(self.operator),
            station_id: Some(self.station),
            action,
            student_id: about.student,
            device_id: about.device,
            loan_id: about.loan,
            desk_at: self.desk_at,
            details,
        };
        Ok(journal::append(conn, &entry).await?)
    }

    pub fn ending<'a>(&self, kind: &'a str, reason: Option<&'a str>) -> loans::Ending<'a> {
        loans::Ending { kind, reason, operator: self.operator, station: self.station }
    }
}

/// Runs an act once for its request; what makes another request of it is `asked`.
pub async fn act_once<F>(
    db: &Db,
    actor: &Actor,
    request_id: Uuid,
    name: &'static str,
    asked: &impl Serialize,
    work: F,
) -> Result<Value, Failure>
where
    F: AsyncFnOnce(&mut AsyncPgConnection) -> Result<Done, Failure>,
{
    let request = Request::new(RequestId(request_id), name, asked)?;
    once(db, actor, &request, async |conn| json_of(&work(conn).await?)).await
}

/// Laptops and pupil under lock, with their open loans.
pub struct Locked {
    pub devices: Vec<DeviceFacts>,
    pub student: Option<StudentFacts>,
    pub open: Vec<OpenLoan>,
}

impl Locked {
    /// Locks laptops in the order of their ids, then the pupil.
    pub async fn take(
        conn: &mut AsyncPgConnection,
        school: EstablishmentId,
        devices: &[Uuid],
        student: Option<Uuid>,
    ) -> Result<Self, Failure> {
        let locked = loans::lock_devices(conn, school, devices).await?;
        if devices.iter().any(|id| locked.iter().all(|device| device.id != *id)) {
            return Err(Refusal::UnknownDevice.into());
        }
        let pupil: Option<LockedStudent> = match student {
            None => None,
            Some(id) => Some(
                custody::lock_student(conn, school, StudentId(id)).await?.ok_or(Refusal::UnknownStudent)?,
            ),
        };
        let open = loans::open_of(conn, school, devices, student).await?;
        Ok(Self {
            devices: locked.iter().map(|device| loans::device_facts(device, &open)).collect(),
            student: pupil.map(|pupil| loans::student_facts(&pupil, &open)),
            open,
        })
    }

    pub fn device(&self, id: Uuid) -> Result<&DeviceFacts, Failure> {
        self.devices.iter().find(|device| device.id.0 == id).ok_or(Refusal::UnknownDevice.into())
    }

    pub fn student(&self) -> Result<&StudentFacts, Failure> {
        self.student.as_ref().ok_or(Refusal::UnknownStudent.into())
    }

    /// The open loan of that id; somebody may have ended it while the locks were awaited.
    pub fn loan(&self, id: Uuid) -> Result<&OpenLoan, Failure> {
        self.open.iter().find(|loan| loan.id == id).ok_or(Refusal::AlreadyClosed.into())
    }

    /// The open loan the laptop is on.
    pub fn loan_of_device(&self, device: Uuid) -> Option<&OpenLoan> {
        self.open.iter().find(|loan| loan.device_id == device)
    }

    /// The pupil's open loan of that kind.
    pub fn loan_of_student(&self, kind: LoanKind) -> Option<&OpenLoan> {
        let student = self.student.as_ref()?;
        loans::of_kind(student.id.0, kind, &self.open)
    }

    /// Serial number and day of the spare the pupil has, if any.
    pub fn spare_of_student(&self) -> Option<(String, DateTime<Utc>)> {
        self.loan_of_student(LoanKind::Temporary).map(|loan| (loan.serial.clone(), loan.opened_at))
    }
}

/// Locks the laptop and the pupil of a loan, and further laptops with them.
pub async fn lock_loan(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    loan: Uuid,
    more: &[Uuid],
) -> Result<(loans::LoanParties, Locked), Failure> {
    let parties = loans::parties(conn, school, loan).await?.ok_or(Refusal::UnknownLoan)?;
    let mut devices = vec![parties.device_id];
    devices.extend(more.iter().filter(|id| **id != parties.device_id));
    let locked = Locked::take(conn, school, &devices, Some(parties.student_id)).await?;
    Ok((parties, locked))
}

/// Writes what the act moved and touched, and reads it as the desk shows it.
pub async fn finish(
    conn: &mut AsyncPgConnection,
    act: &NewAct<'_>,
    devices: &[MovedDevice],
    touched: &[TouchedLoan],
    incident: Option<Uuid>,
    told: Vec<String>,
) -> Result<Done, Failure> {
    acts::finish(conn, act, devices, touched).await?;
    let card = acts::one(conn, act.school, act.id).await?;
    let card =
        card.ok_or_else(|| Failure::Fault(Fault::Other("an act was written and is not there".into())))?;
    Ok(Done { act: card, incident_id: incident, told })
}
