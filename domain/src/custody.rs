//! Decides temporary loans, returns and what every change of custody shares. Pure: facts in,
//! what is to be done or a refusal out.

use crate::devices::DeviceState;
use crate::hand_over::{DeviceFacts, StudentFacts};
use crate::moves::Move;
use crate::refusal::{Holder, Refusal};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// How long a pupil keeps a laptop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoanKind {
    /// The pupil's own, for the school cycle.
    Allocation,
    /// A spare, until a day.
    Temporary,
}

impl LoanKind {
    pub fn as_str(self) -> &'static str {
        match self {
            LoanKind::Allocation => "allocation",
            LoanKind::Temporary => "temporary",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [LoanKind::Allocation, LoanKind::Temporary].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// Why a spare is lent for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    Repair,
    Forgotten,
    /// By the head's emergency fund.
    Grant,
    Other,
}

impl Purpose {
    pub const ALL: [Purpose; 4] = [Purpose::Repair, Purpose::Forgotten, Purpose::Grant, Purpose::Other];

    pub fn as_str(self) -> &'static str {
        match self {
            Purpose::Repair => "repair",
            Purpose::Forgotten => "forgotten",
            Purpose::Grant => "grant",
            Purpose::Other => "other",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.as_str() == text)
    }

    /// In French.
    pub fn label(self) -> &'static str {
        match self {
            Purpose::Repair => "le temps d'une réparation",
            Purpose::Forgotten => "ordinateur oublié",
            Purpose::Grant => "fonds d'urgence",
            Purpose::Other => "autre motif",
        }
    }
}

/// The longest a temporary loan may be asked for, in days: a school year.
pub const LONGEST_LOAN_DAYS: i64 = 370;

/// What stands in a broken laptop's place.
#[derive(Debug, Clone)]
pub struct Spare<'a> {
    pub device: &'a DeviceFacts,
    /// A day for a spare that comes back; none for a swap for good.
    pub until: Option<NaiveDate>,
}

impl Spare<'_> {
    pub(crate) fn may_be_given(&self, today: NaiveDate) -> Result<(), Refusal> {
        let DeviceFacts { serial, state, holder, .. } = self.device;
        if let Some(holder) = holder {
            return Err(Refusal::HeldBySomeoneElse { serial: serial.clone(), holder: holder.clone() });
        }
        if !state.may_replace(self.until.is_some()) {
            return Err(Refusal::SpareNotAvailable { serial: serial.clone(), state: *state });
        }
        self.until.map_or(Ok(()), |day| due_date(day, today))
    }
}

/// A day that a temporary loan may end on.
pub fn due_date(day: NaiveDate, today: NaiveDate) -> Result<(), Refusal> {
    let ahead = (day - today).num_days();
    if (0..=LONGEST_LOAN_DAYS).contains(&ahead) {
        Ok(())
    } else {
        Err(Refusal::DueDateImplausible { due_on: day })
    }
}

/// A spare for a while: the own one was forgotten, or is in repair.
pub fn lend(
    spare: &Spare<'_>,
    student: &StudentFacts,
    has_temporary: Option<(String, DateTime<Utc>)>,
    today: NaiveDate,
) -> Result<(), Refusal> {
    if let Some(Holder { student: holder, since, .. }) = &spare.device.holder
        && *holder == student.id
    {
        return Err(Refusal::AlreadyHandedOver {
            name: student.name.clone(),
            serial: spare.device.serial.clone(),
            since: *since,
        });
    }
    may_borrow(student, today)?;
    if let Some((serial, since)) = has_temporary {
        return Err(Refusal::StudentHasSpare { name: student.name.clone(), serial, since });
    }
    if spare.until.is_none() {
        return Err(Refusal::DueDateMissing);
    }
    spare.may_be_given(today)
}

pub(crate) fn may_borrow(student: &StudentFacts, today: NaiveDate) -> Result<(), Refusal> {
    match student.left_on {
        Some(left_on) if left_on <= today => {
            Err(Refusal::StudentLeft { name: student.name.clone(), left_on })
        }
        _ => Ok(()),
    }
}

/// Where a laptop that a pupil brings back goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Destination {
    InStock,
    Reserve,
    AwaitingRepair,
}

impl Destination {
    pub fn state(self) -> DeviceState {
        match self {
            Destination::InStock => DeviceState::InStock,
            Destination::Reserve => DeviceState::Reserve,
            Destination::AwaitingRepair => DeviceState::AwaitingRepair,
        }
    }
}

/// Where the laptop of a loan goes when the loan ends, and by which move; `None` when it stays
/// where it is, in repair.
pub fn take_back(
    device: &DeviceFacts,
    kind: LoanKind,
    damaged: bool,
    wanted: Option<Destination>,
) -> Result<Option<(Move, DeviceState)>, Refusal> {
    let usual = match kind {
        _ if damaged => Destination::AwaitingRepair,
        LoanKind::Temporary => Destination::Reserve,
        LoanKind::Allocation => Destination::InStock,
    };
    // What is broken is never available, whatever the desk wants.
    let destination = if damaged { usual } else { wanted.unwrap_or(usual) };
    match device.state {
        DeviceState::Lent => Ok(Some((Move::TakeBack, destination.state()))),
        DeviceState::AwaitingRepair | DeviceState::InRepair => Ok(None),
        DeviceState::Repaired => Ok(Some((Move::ComeBack, DeviceState::Reserve))),
        state => Err(Refusal::MoveNotAllowed { serial: device.serial.clone(), state }),
    }
}

/// A laptop nobody holds, or whose loan plays no part, goes from its state to another.
pub fn go(device: &DeviceFacts, by: Move, to: DeviceState) -> Result<DeviceState, Refusal> {
    if device.state == to {
        return Err(Refusal::AlreadyThere { serial: device.serial.clone(), state: to });
    }
    if by.allows(device.state, to) {
        Ok(to)
    } else {
        Err(Refusal::MoveNotAllowed { serial: device.serial.clone(), state: device.state })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{DeviceId, LoanId, StudentId};
    use uuid::Uuid;

    fn device(state: DeviceState) -> DeviceFacts {
        DeviceFacts { id: DeviceId(Uuid::from_u128(1)), serial: "5CD030BC10".into(), state, holder: None }
    }

    fn student() -> StudentFacts {
        StudentFacts {
            id: StudentId(Uuid::from_u128(2)),
            name: "Lina MERCIER".into(),
            entitled: true,
            left_on: None,
            allocation: None,
        }
    }

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 25).unwrap()
    }

    #[test]
    fn what_is_broken_is_never_available() {
        let back = |state, kind, damaged, wanted| {
            take_back(&device(state), kind, damaged, wanted).map_err(|r| r.code())
        };
        let to = |state| Ok(Some((Move::TakeBack, state)));
        let (own, spare) = (LoanKind::Allocation, LoanKind::Temporary);
        assert_eq!(back(DeviceState::Lent, own, false, None), to(DeviceState::InStock));
        assert_eq!(back(DeviceState::Lent, spare, false, None), to(DeviceState::Reserve));
        assert_eq!(
            back(DeviceState::Lent, spare, true, Some(Destination::Reserve)),
            to(DeviceState::AwaitingRepair)
        );
        assert_eq!(back(DeviceState::InRepair, own, false, None), Ok(None));
        assert_eq!(back(DeviceState::Lost, own, false, None), Err("move_not_allowed"));
    }

    #[test]
    fn a_spare_is_lent_until_a_day_to_one_who_has_none() {
        let reserve = device(DeviceState::Reserve);
        let until = Some(today());
        let lent = |spare: &Spare<'_>, student: &StudentFacts, has| {
            lend(spare, student, has, today()).map_err(|refusal| refusal.code())
        };
        let spare = Spare { device: &reserve, until };
        assert_eq!(lent(&spare, &student(), None), Ok(()));
        assert_eq!(lent(&Spare { until: None, ..spare.clone() }, &student(), None), Err("due_date_missing"));
        let other = Some(("X1234".to_owned(), DateTime::UNIX_EPOCH));
        assert_eq!(lent(&spare, &student(), other), Err("student_has_spare"));
        let left = StudentFacts { left_on: until, ..student() };
        assert_eq!(lent(&spare, &left, None), Err("student_left"));
        let holder = |student| Holder {
            student,
            name: "Noé PETIT".into(),
            class: None,
            since: DateTime::UNIX_EPOCH,
            loan: LoanId(Uuid::nil()),
        };
        let held = DeviceFacts { holder: Some(holder(student().id)), ..device(DeviceState::Lent) };
        assert_eq!(lent(&Spare { device: &held, until }, &student(), None), Err("already_handed_over"));
        let held = DeviceFacts { holder: Some(holder(StudentId(Uuid::nil()))), ..held };
        assert_eq!(lent(&Spare { device: &held, until }, &student(), None), Err("held_by_someone_else"));
    }
}
