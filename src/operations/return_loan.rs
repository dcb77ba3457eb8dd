//! A laptop comes back: its state is checked, its loan ends, and it goes to stock, reserve or repair.

use super::doing::{Doer, Done, act_once, finish, lock_loan};
use super::{Actor, Failure, Invalid};
use crate::db::acts::{self, Effect, MovedDevice, TouchedLoan};
use crate::db::returns::{self, ReturnCheck};
use crate::db::{Db, loans, repairs};
use chrono::{DateTime, Utc};
use diesel_async::AsyncPgConnection;
use domain::acts::ActKind;
use domain::custody::{Destination, LoanKind, take_back};
use domain::devices::DeviceState;
use domain::moves::Move;
use domain::refusal::Refusal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

/// How a laptop came back.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ReturnRequest {
    pub request_id: Uuid,
    pub loan_id: Uuid,
    #[serde(flatten)]
    pub checked: Checked,
    /// `in_stock`, `reserve` or `awaiting_repair`; the usual place without one. What is damaged goes to repair.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub destination: Option<Destination>,
    #[serde(default)]
    pub desk_at: Option<DateTime<Utc>>,
}

/// The state check.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct Checked {
    /// Parts that are damaged, in the desk's words: screen, keyboard.
    #[serde(default)]
    pub damaged: Vec<String>,
    /// Accessories of the kit that did not come back.
    #[serde(default)]
    pub missing: Vec<String>,
    #[serde(default)]
    pub note: String,
}

impl Checked {
    /// More parts than a laptop has, or longer words than a person writes, are no state check.
    fn check(&self) -> Result<(), Failure> {
        let words = self.damaged.iter().chain(&self.missing);
        let long = words.clone().any(|word| word.chars().count() > 60 || word.trim().is_empty());
        if words.count() <= 40 && !long && self.note.chars().count() <= 2_000 {
            return Ok(());
        }
        Err(Failure::Invalid(Invalid {
            code: "check_implausible",
            title: "État des lieux illisible".into(),
            detail: "Au plus 40 éléments de 60 caractères, et une note de 2 000 caractères.".into(),
            remedy: "Raccourcissez l'état des lieux.".into(),
        }))
    }

    fn details(&self) -> Value {
        json!({ "damaged": self.damaged, "missing": self.missing })
    }
}

/// The return. Idempotent by `request_id`.
pub async fn return_loan(db: &Db, actor: &Actor, asked: &ReturnRequest) -> Result<Value, Failure> {
    let doer = Doer::new(actor, asked.request_id, asked.desk_at)?;
    asked.checked.check()?;
    let fingerprint = (asked.loan_id, &asked.checked, asked.destination);
    act_once(db, actor, asked.request_id, "return_loan", &fingerprint, async |conn| {
        carry_out(conn, &doer, asked).await
    })
    .await
}

async fn carry_out(
    conn: &mut AsyncPgConnection,
    doer: &Doer,
    asked: &ReturnRequest,
) -> Result<Done, Failure> {
    let (parties, locked) = lock_loan(conn, doer.school, asked.loan_id, &[]).await?;
    let open = locked.loan(asked.loan_id)?;
    let device = locked.device(parties.device_id)?;
    let damaged = !asked.checked.damaged.is_empty();
    let way = take_back(device, open.kind(), damaged, asked.destination)?;
    let act = doer.act(ActKind::Return, Some(parties.student_id), None, asked.checked.details());
    acts::begin(conn, &act).await?;
    loans::close(conn, open.id, &doer.ending("returned", note(&asked.checked))).await?;
    write_check(conn, doer, act.id, open.id, &asked.checked).await?;
    let moved: Vec<MovedDevice> =
        way.map(|(by, to)| MovedDevice { id: device.id.0, by, from: device.state, to }).into_iter().collect();
    if moved.iter().any(|one| one.to == DeviceState::AwaitingRepair) {
        repairs::open(conn, doer.school, device.id.0, None, &asked.checked.damaged.join(", ")).await?;
    }
    let touched = [TouchedLoan { id: open.id, device: device.id.0, effect: Effect::Closed }];
    let mut told = Vec::new();
    if let (LoanKind::Temporary, Some(own)) = (open.kind(), locked.loan_of_student(LoanKind::Allocation)) {
        match own.device_state() {
            DeviceState::Repaired => {
                told.push(format!("Son ordinateur {} est revenu de réparation : rendez-le lui.", own.serial));
            }
            DeviceState::AwaitingRepair | DeviceState::InRepair => {
                told.push(format!("Son ordinateur {} est encore en réparation.", own.serial));
            }
            _ => {}
        }
    }
    if let (LoanKind::Allocation, Some(spare)) = (open.kind(), locked.loan_of_student(LoanKind::Temporary)) {
        told.push(format!("Il lui reste {} en prêt.", spare.serial));
    }
    finish(conn, &act, &moved, &touched, None, told).await
}

fn note(checked: &Checked) -> Option<&str> {
    Some(checked.note.trim()).filter(|note| !note.is_empty())
}

async fn write_check(
    conn: &mut AsyncPgConnection,
    doer: &Doer,
    act: Uuid,
    loan: Uuid,
    checked: &Checked,
) -> Result<(), Failure> {
    let check = ReturnCheck {
        act_id: act,
        establishment_id: doer.school.0,
        loan_id: loan,
        damaged: &checked.damaged,
        missing: &checked.missing,
        note: checked.note.trim(),
    };
    Ok(returns::add(conn, &check).await?)
}

/// The pupil's own laptop is back from repair: it is given in exchange for the spare.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct GiveBackRequest {
    pub request_id: Uuid,
    /// The loan of the own laptop.
    pub loan_id: Uuid,
    /// How the spare came back.
    #[serde(flatten)]
    pub checked: Checked,
    #[serde(default)]
    pub desk_at: Option<DateTime<Utc>>,
}

/// Both at once: the spare comes back, the own one goes out. Idempotent by `request_id`.
pub async fn give_back(db: &Db, actor: &Actor, asked: &GiveBackRequest) -> Result<Value, Failure> {
    let doer = Doer::new(actor, asked.request_id, asked.desk_at)?;
    asked.checked.check()?;
    act_once(db, actor, asked.request_id, "give_back", &(asked.loan_id, &asked.checked), async |conn| {
        exchange(conn, &doer, asked).await
    })
    .await
}

async fn exchange(
    conn: &mut AsyncPgConnection,
    doer: &Doer,
    asked: &GiveBackRequest,
) -> Result<Done, Failure> {
    let spare = returns::spare_of_owner(conn, doer.school, asked.loan_id).await?;
    let more: Vec<Uuid> = spare.into_iter().collect();
    let (parties, locked) = lock_loan(conn, doer.school, asked.loan_id, &more).await?;
    let own = locked.loan(asked.loan_id)?;
    let device = locked.device(parties.device_id)?;
    let student = locked.student()?;
    if own.kind() != LoanKind::Allocation || device.state != DeviceState::Repaired {
        return Err(Refusal::NothingToGiveBack { name: student.name.clone() }.into());
    }
    let spare = locked.loan_of_student(LoanKind::Temporary);
    let damaged = !asked.checked.damaged.is_empty();
    let mut moved =
        vec![MovedDevice { id: device.id.0, by: Move::GiveBack, from: device.state, to: DeviceState::Lent }];
    if let Some(spare) = spare {
        // Lent to the pupil after the locks were chosen: the next try locks it too.
        let lent = locked.device(spare.device_id).map_err(|_| Failure::Refusal(Refusal::JustTaken))?;
        let way = take_back(lent, LoanKind::Temporary, damaged, None)?;
        moved.extend(way.map(|(by, to)| MovedDevice { id: lent.id.0, by, from: lent.state, to }));
    }
    let act = doer.act(ActKind::GiveBack, Some(parties.student_id), None, asked.checked.details());
    acts::begin(conn, &act).await?;
    let mut touched = Vec::new();
    if let Some(spare) = spare {
        loans::close(conn, spare.id, &doer.ending("returned", note(&asked.checked))).await?;
        write_check(conn, doer, act.id, spare.id, &asked.checked).await?;
        touched.push(TouchedLoan { id: spare.id, device: spare.device_id, effect: Effect::Closed });
        if damaged {
            repairs::open(conn, doer.school, spare.device_id, None, &asked.checked.damaged.join(", "))
                .await?;
        }
    }
    finish(conn, &act, &moved, &touched, None, Vec::new()).await
}
