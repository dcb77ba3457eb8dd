//! Decides swaps, and what the head's fund gives in a laptop's place (rule 8). Pure: facts in,
//! what is to be done or a refusal out.

use crate::custody::{LoanKind, Spare, may_borrow};
use crate::devices::DeviceState;
use crate::hand_over::{DeviceFacts, StudentFacts};
use crate::ids::StudentId;
use crate::incidents::{Incident, Policy, Replacement};
use crate::refusal::Refusal;
use chrono::{DateTime, NaiveDate, Utc};

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::DeviceId;
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
}
