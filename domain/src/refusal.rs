//! Every "no" of the rules, each with a stable code. The sentences are in [`crate::words`].

use crate::devices::DeviceState;
use crate::ids::{LoanId, StudentId};
use crate::incidents::Incident;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// How a refusal should feel at the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// It was done before: amber, nothing to do.
    Already,
    /// A rule says no: red.
    Refused,
    /// The school does not know what was shown: grey.
    Unknown,
}

/// Who holds a laptop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    pub student: StudentId,
    pub name: String,
    pub class: Option<String>,
    pub since: DateTime<Utc>,
    pub loan: LoanId,
}

/// Something that the school does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Thing {
    Act,
    Delivery,
    Incident,
    Grant,
    RepairBatch,
    Repair,
    StockTake,
    Charter,
    CharterReceipt,
    Guardian,
    Class,
    Slot,
    Preset,
    Export,
}

impl Thing {
    pub const ALL: [Thing; 14] = [
        Thing::Act,
        Thing::Delivery,
        Thing::Incident,
        Thing::Grant,
        Thing::RepairBatch,
        Thing::Repair,
        Thing::StockTake,
        Thing::Charter,
        Thing::CharterReceipt,
        Thing::Guardian,
        Thing::Class,
        Thing::Slot,
        Thing::Preset,
        Thing::Export,
    ];
}

/// A rule said no. Stored as it is, so that the same request gets the same answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, strum::EnumCount)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Refusal {
    UnknownStudent,
    UnknownDevice,
    UnknownLoan,
    NoCampaign,
    NoStation,
    /// This pupil already holds this very laptop.
    AlreadyHandedOver {
        name: String,
        serial: String,
        since: DateTime<Utc>,
    },
    /// Somebody else holds the laptop.
    HeldBySomeoneElse {
        serial: String,
        holder: Holder,
    },
    /// The pupil already holds another laptop.
    StudentAlreadyEquipped {
        name: String,
        serial: String,
        since: DateTime<Utc>,
    },
    NotEntitled {
        name: String,
    },
    StudentLeft {
        name: String,
        left_on: NaiveDate,
    },
    DeviceNotAvailable {
        serial: String,
        state: DeviceState,
    },
    CharterIncomplete {
        name: String,
        shown: u8,
        kept: u8,
    },
    /// Someone without the right tried to override the charter.
    OverrideNotAllowed,
    ReasonMissing,
    UndoTooLate {
        minutes: i64,
    },
    UndoFromOtherStation,
    AlreadyClosed,
    /// The same request id with another content.
    RequestReused,
    /// Another desk was faster: a constraint of the database said no.
    JustTaken,
    BadgeTaken {
        code_holder: String,
    },
    BadgeNotOpaque,
    /// No badge of this pupil has that code.
    UnknownBadge,
    /// The school printed it: a desk does not take it back.
    BadgePrinted,
    /// The school has no such thing.
    NotFound {
        what: Thing,
    },
    /// A laptop does not go from its state to where it is wanted.
    MoveNotAllowed {
        serial: String,
        state: DeviceState,
    },
    /// The laptop is where it is wanted.
    AlreadyThere {
        serial: String,
        state: DeviceState,
    },
    /// Nobody holds the laptop that is brought back.
    NotLent {
        serial: String,
        state: DeviceState,
    },
    /// The laptop that is to take another's place is no spare.
    SpareNotAvailable {
        serial: String,
        state: DeviceState,
    },
    /// The pupil has a spare already.
    StudentHasSpare {
        name: String,
        serial: String,
        since: DateTime<Utc>,
    },
    /// The pupil's own laptop is not back from repair.
    NothingToGiveBack {
        name: String,
    },
    ComplaintMissing,
    /// Only the head's emergency fund replaces what was broken, lost or stolen.
    GrantNeeded {
        name: String,
        incident: Incident,
    },
    NoReplacement {
        name: String,
        incident: Incident,
    },
    GrantUsed {
        name: String,
    },
    GrantDecided,
    /// The emergency fund of that year has less left.
    BudgetExceeded {
        year: i32,
        /// Euro cents.
        left: i64,
    },
    HeadOnly,
    ManagerOnly,
    DueDateMissing,
    DueDateImplausible {
        due_on: NaiveDate,
    },
    /// A pupil's own laptop has no day to be extended.
    NotTemporary,
    /// Something has happened since to what is to be taken back.
    ChangedSince,
    /// Fewer laptops are in stock than are wanted.
    StockTooSmall {
        wanted: i64,
        there: i64,
    },
    /// Somebody has declared the reception over.
    DeliveryChecked {
        note: String,
    },
    BatchSent,
    BatchEmpty,
    StockTakeOpen {
        name: String,
    },
    StockTakeClosed,
    /// That copy was taken in before.
    CharterCopyIn {
        name: String,
        copy: u8,
    },
    CharterOutdated {
        name: String,
    },
    /// A version of that name exists, with another text.
    CharterVersionTaken {
        version: String,
    },
    /// Only an adult pupil signs alone.
    NotAdult {
        name: String,
    },
    PresetNameTaken {
        name: String,
    },
}

impl Refusal {
    /// Stable, for machines; never translated.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::UnknownStudent => "unknown_student",
            Refusal::UnknownDevice => "unknown_device",
            Refusal::UnknownLoan => "unknown_loan",
            Refusal::NoCampaign => "no_campaign",
            Refusal::NoStation => "no_station",
            Refusal::AlreadyHandedOver { .. } => "already_handed_over",
            Refusal::HeldBySomeoneElse { .. } => "held_by_someone_else",
            Refusal::StudentAlreadyEquipped { .. } => "student_already_equipped",
            Refusal::NotEntitled { .. } => "not_entitled",
            Refusal::StudentLeft { .. } => "student_left",
            Refusal::DeviceNotAvailable { .. } => "device_not_available",
            Refusal::CharterIncomplete { .. } => "charter_incomplete",
            Refusal::OverrideNotAllowed => "override_not_allowed",
            Refusal::ReasonMissing => "reason_missing",
            Refusal::UndoTooLate { .. } => "undo_too_late",
            Refusal::UndoFromOtherStation => "undo_from_other_station",
            Refusal::AlreadyClosed => "already_closed",
            Refusal::RequestReused => "request_reused",
            Refusal::JustTaken => "just_taken",
            Refusal::BadgeTaken { .. } => "badge_taken",
            Refusal::BadgeNotOpaque => "badge_not_opaque",
            Refusal::UnknownBadge => "unknown_badge",
            Refusal::BadgePrinted => "badge_printed",
            Refusal::NotFound { what } => match what {
                Thing::Act => "unknown_act",
                Thing::Delivery => "unknown_delivery",
                Thing::Incident => "unknown_incident",
                Thing::Grant => "unknown_grant",
                Thing::RepairBatch => "unknown_repair_batch",
                Thing::Repair => "unknown_repair",
                Thing::StockTake => "unknown_stock_take",
                Thing::Charter => "unknown_charter",
                Thing::CharterReceipt => "unknown_charter_receipt",
                Thing::Guardian => "unknown_guardian",
                Thing::Class => "unknown_class",
                Thing::Slot => "unknown_slot",
                Thing::Preset => "unknown_preset",
                Thing::Export => "unknown_export",
            },
            Refusal::MoveNotAllowed { .. } => "move_not_allowed",
            Refusal::AlreadyThere { .. } => "already_there",
            Refusal::NotLent { .. } => "not_lent",
            Refusal::SpareNotAvailable { .. } => "spare_not_available",
            Refusal::StudentHasSpare { .. } => "student_has_spare",
            Refusal::NothingToGiveBack { .. } => "nothing_to_give_back",
            Refusal::ComplaintMissing => "complaint_missing",
            Refusal::GrantNeeded { .. } => "grant_needed",
            Refusal::NoReplacement { .. } => "no_replacement",
            Refusal::GrantUsed { .. } => "grant_used",
            Refusal::GrantDecided => "grant_decided",
            Refusal::BudgetExceeded { .. } => "budget_exceeded",
            Refusal::HeadOnly => "head_only",
            Refusal::ManagerOnly => "manager_only",
            Refusal::DueDateMissing => "due_date_missing",
            Refusal::DueDateImplausible { .. } => "due_date_implausible",
            Refusal::NotTemporary => "not_temporary",
            Refusal::ChangedSince => "changed_since",
            Refusal::StockTooSmall { .. } => "stock_too_small",
            Refusal::DeliveryChecked { .. } => "delivery_checked",
            Refusal::BatchSent => "batch_sent",
            Refusal::BatchEmpty => "batch_empty",
            Refusal::StockTakeOpen { .. } => "stock_take_open",
            Refusal::StockTakeClosed => "stock_take_closed",
            Refusal::CharterCopyIn { .. } => "charter_copy_in",
            Refusal::CharterOutdated { .. } => "charter_outdated",
            Refusal::CharterVersionTaken { .. } => "charter_version_taken",
            Refusal::NotAdult { .. } => "not_adult",
            Refusal::PresetNameTaken { .. } => "preset_name_taken",
        }
    }

    pub fn tone(&self) -> Tone {
        match self {
            Refusal::AlreadyHandedOver { .. }
            | Refusal::AlreadyClosed
            | Refusal::AlreadyThere { .. }
            | Refusal::GrantDecided
            | Refusal::BatchSent
            | Refusal::StockTakeClosed
            | Refusal::CharterCopyIn { .. } => Tone::Already,
            Refusal::NotLent {
                state: DeviceState::InStock | DeviceState::Reserve | DeviceState::Announced,
                ..
            } => Tone::Already,
            Refusal::NotFound { .. }
            | Refusal::UnknownStudent
            | Refusal::UnknownDevice
            | Refusal::UnknownLoan
            | Refusal::UnknownBadge => Tone::Unknown,
            _ => Tone::Refused,
        }
    }
}

/// One of each refusal, as a person may meet it: for the table in the docs and for tests.
pub fn examples() -> Vec<Refusal> {
    let name = || "Lina MERCIER".to_owned();
    let serial = || "5CD030BC10".to_owned();
    let since = DateTime::from_timestamp(1_788_508_800, 0).unwrap_or_default();
    let (day, state) = (since.date_naive(), DeviceState::InRepair);
    let incident = Incident::Breakage;
    let holder = Holder {
        student: StudentId(uuid::Uuid::nil()),
        name: "Noé PETIT".into(),
        class: Some("2GT1".into()),
        since,
        loan: LoanId(uuid::Uuid::nil()),
    };
    let mut all = vec![
        Refusal::UnknownStudent,
        Refusal::UnknownDevice,
        Refusal::UnknownLoan,
        Refusal::NoCampaign,
        Refusal::NoStation,
        Refusal::AlreadyHandedOver { name: name(), serial: serial(), since },
        Refusal::HeldBySomeoneElse { serial: serial(), holder },
        Refusal::StudentAlreadyEquipped { name: name(), serial: serial(), since },
        Refusal::NotEntitled { name: name() },
        Refusal::StudentLeft { name: name(), left_on: day },
        Refusal::DeviceNotAvailable { serial: serial(), state },
        Refusal::CharterIncomplete { name: name(), shown: 1, kept: 1 },
        Refusal::OverrideNotAllowed,
        Refusal::ReasonMissing,
        Refusal::UndoTooLate { minutes: 16 },
        Refusal::UndoFromOtherStation,
        Refusal::AlreadyClosed,
        Refusal::RequestReused,
        Refusal::JustTaken,
        Refusal::BadgeTaken { code_holder: name() },
        Refusal::BadgeNotOpaque,
        Refusal::UnknownBadge,
        Refusal::BadgePrinted,
        Refusal::MoveNotAllowed { serial: serial(), state },
        Refusal::AlreadyThere { serial: serial(), state: DeviceState::Reserve },
        Refusal::NotLent { serial: serial(), state: DeviceState::InStock },
        Refusal::SpareNotAvailable { serial: serial(), state },
        Refusal::StudentHasSpare { name: name(), serial: serial(), since },
        Refusal::NothingToGiveBack { name: name() },
        Refusal::ComplaintMissing,
        Refusal::GrantNeeded { name: name(), incident },
        Refusal::NoReplacement { name: name(), incident },
        Refusal::GrantUsed { name: name() },
        Refusal::GrantDecided,
        Refusal::BudgetExceeded { year: 2026, left: 24_500 },
        Refusal::HeadOnly,
        Refusal::ManagerOnly,
        Refusal::DueDateMissing,
        Refusal::DueDateImplausible { due_on: day },
        Refusal::NotTemporary,
        Refusal::ChangedSince,
        Refusal::StockTooSmall { wanted: 20, there: 12 },
        Refusal::DeliveryChecked { note: "BL2026-104417".into() },
        Refusal::BatchSent,
        Refusal::BatchEmpty,
        Refusal::StockTakeOpen { name: "Toussaint 2026".into() },
        Refusal::StockTakeClosed,
        Refusal::CharterCopyIn { name: name(), copy: 1 },
        Refusal::CharterOutdated { name: name() },
        Refusal::CharterVersionTaken { version: "2026-1".into() },
        Refusal::NotAdult { name: name() },
        Refusal::PresetNameTaken { name: "Gesmat".into() },
    ];
    all.extend(Thing::ALL.map(|what| Refusal::NotFound { what }));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use std::mem::discriminant;
    use strum::EnumCount;

    #[test]
    fn no_refusal_is_left_out_and_each_has_a_code_of_its_own() {
        let all = examples();
        let kinds: HashSet<_> = all.iter().map(discriminant).collect();
        assert_eq!(kinds.len(), Refusal::COUNT);
        let codes: HashSet<_> = all.iter().map(Refusal::code).collect();
        assert_eq!(codes.len(), all.len());
    }
}
