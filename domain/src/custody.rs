//! Decides swaps, temporary loans, returns and the other changes of custody. Pure: facts in,
//! what is to be done or a refusal out.

use crate::devices::DeviceState;
use crate::hand_over::{DeviceFacts, StudentFacts};
use crate::ids::StudentId;
use crate::incidents::{Incident, Policy, Replacement};
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
    fn may_be_given(&self, today: NaiveDate) -> Result<(), Refusal> {
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

/// The head's decision on an emergency grant, as far as a swap wants to know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GrantFacts {
    pub student: StudentId,
    pub incident: Incident,
    pub granted: bool,
    pub used: bool,
}

/// What a desk tells of an incident.
#[derive(Debug, Clone)]
pub struct Told<'a> {
    pub incident: Incident,
    pub complaint_number: Option<&'a str>,
}

/// A swap or a report that every rule agrees with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SwapDecision {
    /// Where the broken, lost or stolen laptop goes.
    pub broken_to: DeviceState,
    /// How its loan ends; `None` while it stays the pupil's and comes back from repair.
    pub ends: Option<&'static str>,
    /// What the spare is lent as.
    pub spare: Option<LoanKind>,
}

/// The laptop an incident is about, and who has it.
#[derive(Debug, Clone)]
pub struct Broken<'a> {
    pub device: &'a DeviceFacts,
    /// Of the loan it is on.
    pub kind: LoanKind,
    pub student: &'a StudentFacts,
    /// Serial number and day of a spare the pupil has already.
    pub has_temporary: Option<(String, DateTime<Utc>)>,
}

/// A laptop of a pupil broke down, was broken, lost or stolen. With a spare it is a swap.
pub fn swap(
    of: Broken<'_>,
    told: &Told<'_>,
    policy: Policy,
    spare: Option<&Spare<'_>>,
    today: NaiveDate,
) -> Result<SwapDecision, Refusal> {
    let Broken { device: broken, kind, student, has_temporary } = of;
    let broken_to = told
        .incident
        .moves()
        .only_way(broken.state)
        .ok_or_else(|| Refusal::MoveNotAllowed { serial: broken.serial.clone(), state: broken.state })?;
    if policy.needs_complaint && told.complaint_number.is_none_or(|number| number.trim().is_empty()) {
        return Err(Refusal::ComplaintMissing);
    }
    if let Some(spare) = spare {
        match policy.replacement {
            Replacement::Reserve => {}
            // A spare that broke while it was lent is replaced like any other: nobody's own is at stake.
            _ if kind == LoanKind::Temporary && told.incident == Incident::Breakdown => {}
            Replacement::Grant => {
                return Err(Refusal::GrantNeeded { name: student.name.clone(), incident: told.incident });
            }
            Replacement::Nothing => {
                return Err(Refusal::NoReplacement { name: student.name.clone(), incident: told.incident });
            }
        }
        if let (LoanKind::Allocation, Some(_), Some((serial, since))) = (kind, spare.until, has_temporary) {
            return Err(Refusal::StudentHasSpare { name: student.name.clone(), serial, since });
        }
        spare.may_be_given(today)?;
    }
    let for_good = spare.is_some_and(|spare| spare.until.is_none());
    let ends = match told.incident {
        Incident::Loss => Some("lost"),
        Incident::Theft => Some("stolen"),
        // A pupil's own comes back after repair, unless another takes its place for good.
        _ if kind == LoanKind::Temporary || for_good => Some("swapped"),
        _ => None,
    };
    let spare = spare.map(|spare| match (kind, spare.until) {
        (LoanKind::Temporary, _) | (_, Some(_)) => LoanKind::Temporary,
        (LoanKind::Allocation, None) => LoanKind::Allocation,
    });
    Ok(SwapDecision { broken_to, ends, spare })
}

/// A laptop in the place of one that was broken, lost or stolen, by the head's grant.
pub fn replace_by_grant(
    grant: GrantFacts,
    student: &StudentFacts,
    has_temporary: Option<(String, DateTime<Utc>)>,
    broken_held: bool,
    spare: &Spare<'_>,
    today: NaiveDate,
) -> Result<LoanKind, Refusal> {
    may_borrow(student, today)?;
    if grant.student != student.id || !grant.granted {
        return Err(Refusal::GrantNeeded { name: student.name.clone(), incident: grant.incident });
    }
    if grant.used {
        return Err(Refusal::GrantUsed { name: student.name.clone() });
    }
    match (spare.until, has_temporary, &student.allocation) {
        (Some(_), Some((serial, since)), _) => {
            return Err(Refusal::StudentHasSpare { name: student.name.clone(), serial, since });
        }
        (None, _, Some((serial, since))) if !broken_held => {
            return Err(Refusal::StudentAlreadyEquipped {
                name: student.name.clone(),
                serial: serial.clone(),
                since: *since,
            });
        }
        _ => {}
    }
    spare.may_be_given(today)?;
    Ok(if spare.until.is_some() { LoanKind::Temporary } else { LoanKind::Allocation })
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

fn may_borrow(student: &StudentFacts, today: NaiveDate) -> Result<(), Refusal> {
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
    use crate::ids::{DeviceId, LoanId};
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

    fn held<'a>(device: &'a DeviceFacts, student: &'a StudentFacts) -> Broken<'a> {
        Broken { device, kind: LoanKind::Allocation, student, has_temporary: None }
    }

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 25).unwrap()
    }

    fn swapped(
        incident: Incident,
        until: Option<NaiveDate>,
        spare: DeviceState,
    ) -> Result<SwapDecision, &'static str> {
        let told = Told { incident, complaint_number: Some("2026/118") };
        let spare = device(spare);
        let spare = Spare { device: &spare, until };
        let free = Policy { replacement: Replacement::Reserve, needs_complaint: true };
        swap(held(&device(DeviceState::Lent), &student()), &told, free, Some(&spare), today())
            .map_err(|refusal| refusal.code())
    }

    #[test]
    fn a_swap_keeps_the_own_laptop_or_ends_its_loan() {
        let next_week = today() + chrono::Days::new(7);
        let kept = swapped(Incident::Breakdown, Some(next_week), DeviceState::Reserve).unwrap();
        assert_eq!((kept.ends, kept.spare), (None, Some(LoanKind::Temporary)));
        assert_eq!(kept.broken_to, DeviceState::AwaitingRepair);
        let ended = swapped(Incident::Breakdown, None, DeviceState::InStock).unwrap();
        assert_eq!((ended.ends, ended.spare), (Some("swapped"), Some(LoanKind::Allocation)));
        assert_eq!(swapped(Incident::Loss, None, DeviceState::Reserve).unwrap().ends, Some("lost"));
        assert_eq!(
            swapped(Incident::Theft, None, DeviceState::Reserve).unwrap().broken_to,
            DeviceState::Stolen
        );
        let spare = |until, state| swapped(Incident::Breakdown, until, state).unwrap_err();
        assert_eq!(spare(Some(next_week), DeviceState::InStock), "spare_not_available");
        assert_eq!(spare(None, DeviceState::AwaitingRepair), "spare_not_available");
        assert_eq!(spare(Some(today() - chrono::Days::new(1)), DeviceState::Reserve), "due_date_implausible");
    }

    #[test]
    fn the_programmes_table_decides() {
        let told = |incident, complaint_number| Told { incident, complaint_number };
        let lent = device(DeviceState::Lent);
        let reserve = device(DeviceState::Reserve);
        let spare = Spare { device: &reserve, until: None };
        let decide = |told: Told<'_>, spare| {
            let policy = Policy::of_programme(told.incident);
            swap(held(&lent, &student()), &told, policy, spare, today()).map_err(|r| r.code())
        };
        assert!(decide(told(Incident::Breakdown, None), Some(&spare)).is_ok());
        assert_eq!(decide(told(Incident::Breakage, None), Some(&spare)), Err("grant_needed"));
        assert_eq!(decide(told(Incident::Loss, None), Some(&spare)), Err("grant_needed"));
        assert_eq!(decide(told(Incident::Theft, None), None), Err("complaint_missing"));
        assert_eq!(decide(told(Incident::Theft, Some("1")), Some(&spare)), Err("grant_needed"));
        // Reported without a spare, all of them are.
        let broken = decide(told(Incident::Breakage, None), None).unwrap();
        assert_eq!((broken.ends, broken.spare), (None, None));
        assert_eq!(decide(told(Incident::Loss, None), None).unwrap().ends, Some("lost"));
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
