//! Decides whether a laptop may be handed to a pupil. Pure: facts in, binding or refusal out.

use crate::charter::Copies;
use crate::devices::DeviceState;
use crate::ids::{DeviceId, StudentId};
use crate::refusal::{Holder, Refusal};
use crate::roles::{Right, Role};
use chrono::{DateTime, NaiveDate, Utc};

/// What is known of the laptop, under lock.
#[derive(Debug, Clone)]
pub struct DeviceFacts {
    pub id: DeviceId,
    pub serial: String,
    pub state: DeviceState,
    pub holder: Option<Holder>,
}

/// What is known of the pupil, under lock.
#[derive(Debug, Clone)]
pub struct StudentFacts {
    pub id: StudentId,
    pub name: String,
    /// From the MEF or by decision.
    pub entitled: bool,
    pub left_on: Option<NaiveDate>,
    /// Serial number and date of the pupil's own laptop, when they hold one.
    pub allocation: Option<(String, DateTime<Utc>)>,
}

/// A manager's word that a pupil may go without a complete charter (rule 2).
#[derive(Debug, Clone)]
pub struct CharterOverride {
    pub by: Role,
    pub reason: String,
}

/// What is known of the charter.
#[derive(Debug, Clone, Default)]
pub struct CharterFacts {
    /// A receipt taken in before, if any.
    pub on_file: Option<Copies>,
    /// What the desk has just been shown, if anything.
    pub shown_now: Option<Copies>,
    pub override_by: Option<CharterOverride>,
}

/// How the charter was satisfied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CharterBasis {
    /// A complete receipt was on file.
    OnFile,
    /// The desk was shown the copies: a receipt is to be written.
    ShownNow(Copies),
    /// A manager's reason; the pupil stands on the list to chase.
    Overridden(String),
}

/// A hand-over that every rule agrees with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    pub student: StudentId,
    pub device: DeviceId,
    pub charter: CharterBasis,
    /// Kept so that an undo can put the laptop back where it was.
    pub state_before: DeviceState,
}

/// The rules in the order in which a person would want to hear of them: what has
/// already happened first, then the pupil, then the laptop, then the paper.
pub fn hand_over(
    device: &DeviceFacts,
    student: &StudentFacts,
    charter: &CharterFacts,
    today: NaiveDate,
) -> Result<Binding, Refusal> {
    nobody_holds(device, student)?;
    student_may_receive(student, today)?;
    if !device.state.may_be_allocated() {
        return Err(Refusal::DeviceNotAvailable { serial: device.serial.clone(), state: device.state });
    }
    Ok(Binding {
        student: student.id,
        device: device.id,
        charter: charter_basis(student, charter)?,
        state_before: device.state,
    })
}

fn nobody_holds(device: &DeviceFacts, student: &StudentFacts) -> Result<(), Refusal> {
    match (&device.holder, &student.allocation) {
        (Some(holder), _) if holder.student == student.id => Err(Refusal::AlreadyHandedOver {
            name: student.name.clone(),
            serial: device.serial.clone(),
            since: holder.since,
        }),
        (Some(holder), _) => {
            Err(Refusal::HeldBySomeoneElse { serial: device.serial.clone(), holder: holder.clone() })
        }
        (None, Some((serial, since))) => Err(Refusal::StudentAlreadyEquipped {
            name: student.name.clone(),
            serial: serial.clone(),
            since: *since,
        }),
        (None, None) => Ok(()),
    }
}

fn student_may_receive(student: &StudentFacts, today: NaiveDate) -> Result<(), Refusal> {
    match student.left_on {
        Some(left_on) if left_on <= today => {
            Err(Refusal::StudentLeft { name: student.name.clone(), left_on })
        }
        _ if !student.entitled => Err(Refusal::NotEntitled { name: student.name.clone() }),
        _ => Ok(()),
    }
}

fn charter_basis(student: &StudentFacts, charter: &CharterFacts) -> Result<CharterBasis, Refusal> {
    if charter.on_file.is_some_and(Copies::is_complete) {
        return Ok(CharterBasis::OnFile);
    }
    if let Some(copies) = charter.shown_now.filter(|copies| copies.is_complete()) {
        return Ok(CharterBasis::ShownNow(copies));
    }
    match &charter.override_by {
        Some(word) if !word.by.has(Right::Manage) => Err(Refusal::OverrideNotAllowed),
        Some(word) if word.reason.trim().is_empty() => Err(Refusal::ReasonMissing),
        Some(word) => Ok(CharterBasis::Overridden(word.reason.trim().to_owned())),
        None => {
            let copies = charter.shown_now.or(charter.on_file).unwrap_or(Copies { shown: 0, kept: 0 });
            Err(Refusal::CharterIncomplete {
                name: student.name.clone(),
                shown: copies.shown,
                kept: copies.kept,
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::LoanId;
    use uuid::Uuid;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 9, 3).unwrap()
    }

    fn device() -> DeviceFacts {
        DeviceFacts {
            id: DeviceId(Uuid::from_u128(1)),
            serial: "5CD030BC10".into(),
            state: DeviceState::InStock,
            holder: None,
        }
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

    fn signed() -> CharterFacts {
        CharterFacts { shown_now: Some(Copies::COMPLETE), ..CharterFacts::default() }
    }

    fn held_by(student: u128) -> Option<Holder> {
        Some(Holder {
            student: StudentId(Uuid::from_u128(student)),
            name: "Noé PETIT".into(),
            class: Some("2GT1".into()),
            since: DateTime::UNIX_EPOCH,
            loan: LoanId(Uuid::nil()),
        })
    }

    #[test]
    fn everything_agrees() {
        let binding = hand_over(&device(), &student(), &signed(), today()).unwrap();
        assert_eq!(binding.charter, CharterBasis::ShownNow(Copies::COMPLETE));
    }

    #[test]
    fn already_has_its_answers() {
        let code = |device: DeviceFacts, student: StudentFacts| {
            hand_over(&device, &student, &signed(), today()).unwrap_err().code()
        };
        let lent = |who| DeviceFacts { state: DeviceState::Lent, holder: held_by(who), ..device() };
        assert_eq!(code(lent(2), student()), "already_handed_over");
        assert_eq!(code(lent(3), student()), "held_by_someone_else");
        let equipped = StudentFacts { allocation: Some(("X1234".into(), DateTime::UNIX_EPOCH)), ..student() };
        assert_eq!(code(device(), equipped), "student_already_equipped");
    }

    #[test]
    fn who_may_not_receive() {
        let code = |student| hand_over(&device(), &student, &signed(), today()).unwrap_err().code();
        assert_eq!(code(StudentFacts { entitled: false, ..student() }), "not_entitled");
        assert_eq!(code(StudentFacts { left_on: Some(today()), ..student() }), "student_left");
        let leaves_later = StudentFacts { left_on: today().succ_opt(), ..student() };
        assert!(hand_over(&device(), &leaves_later, &signed(), today()).is_ok());
    }

    #[test]
    fn a_laptop_under_repair_stays_there() {
        for state in DeviceState::ALL.into_iter().filter(|s| !s.may_be_allocated()) {
            let refusal =
                hand_over(&DeviceFacts { state, ..device() }, &student(), &signed(), today()).unwrap_err();
            assert_eq!(refusal.code(), "device_not_available");
        }
    }

    #[test]
    fn the_charter_comes_from_file_desk_or_a_managers_reason() {
        let basis =
            |charter: CharterFacts| hand_over(&device(), &student(), &charter, today()).map(|b| b.charter);
        let word = |by, reason: &str| CharterFacts {
            override_by: Some(CharterOverride { by, reason: reason.into() }),
            ..CharterFacts::default()
        };
        let on_file = CharterFacts { on_file: Some(Copies::COMPLETE), ..CharterFacts::default() };
        assert_eq!(basis(on_file), Ok(CharterBasis::OnFile));
        assert_eq!(basis(CharterFacts::default()).unwrap_err().code(), "charter_incomplete");
        let one = CharterFacts { shown_now: Copies::new(1, 1), ..CharterFacts::default() };
        assert_eq!(basis(one).unwrap_err().code(), "charter_incomplete");
        assert_eq!(basis(word(Role::Operator, "oubliée")).unwrap_err().code(), "override_not_allowed");
        assert_eq!(basis(word(Role::Manager, " ")).unwrap_err().code(), "reason_missing");
        assert_eq!(basis(word(Role::Manager, "oubliée")), Ok(CharterBasis::Overridden("oubliée".into())));
    }
}
