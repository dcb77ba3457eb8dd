//! Every "no" of the rules, each with a stable code. The sentences are in [`crate::words`].

use crate::devices::DeviceState;
use crate::ids::{LoanId, StudentId};
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

/// A rule said no. Stored as it is, so that the same request gets the same answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
        }
    }

    pub fn tone(&self) -> Tone {
        match self {
            Refusal::AlreadyHandedOver { .. } | Refusal::AlreadyClosed => Tone::Already,
            Refusal::UnknownStudent
            | Refusal::UnknownDevice
            | Refusal::UnknownLoan
            | Refusal::UnknownBadge => Tone::Unknown,
            _ => Tone::Refused,
        }
    }
}
