//! One use case is one file and one transaction: load, decide, save, journal.

pub mod answers;
pub mod call_class;
pub mod change_print_settings;
pub mod check_data;
pub mod doing;
pub mod edit_guardians;
pub mod emergency_grants;
pub mod entitlement;
pub mod export_differences;
pub mod export_list;
pub mod export_presets;
pub mod export_register;
pub mod fill_reserve;
pub mod find_receipt;
pub mod forget;
pub mod forget_badge;
pub mod hand_over;
pub mod imports;
pub mod incident_rules;
pub mod learn_badge;
pub mod lend_device;
pub mod letterhead;
pub mod list_cards;
pub mod list_to_chase;
pub mod move_devices;
pub mod office;
pub mod open_school;
pub mod plan_slots;
pub mod prepare_campaign;
pub mod print_accounts;
pub mod print_attendance;
pub mod print_badges;
pub mod print_charters;
pub mod print_chase;
pub mod print_contact_sheet;
pub mod print_differences;
pub mod print_guest_accounts;
pub mod print_labels;
pub mod print_receipt;
pub mod print_repair_slip;
pub mod print_stock_take;
pub mod print_transfers;
pub mod publish_charter;
pub mod read_image;
pub mod read_photo;
pub mod receive_device;
pub mod receive_rest;
pub mod record_register;
pub mod repair_devices;
pub mod report_incident;
pub mod resolve_scans;
pub mod return_loan;
pub mod scan_photo;
pub mod seal_journal;
pub mod search;
pub mod see_frames;
pub mod sessions;
pub mod show_board;
pub mod show_receipt;
pub mod show_reserve;
pub mod signatories;
pub mod take_in_charter;
pub mod take_stock;
pub mod tell_story;
pub mod transfer_loans;
pub mod undo_act;
pub mod undo_hand_over;
pub mod withdraw_charter;

use crate::db::Fault;
use diesel::result::DatabaseErrorKind;
use domain::ids::{EstablishmentId, OperatorId, StationId};
use domain::refusal::Refusal;
use domain::roles::Role;

/// Who acts, for which school, from which desk.
#[derive(Debug, Clone)]
pub struct Actor {
    pub establishment: EstablishmentId,
    pub operator: OperatorId,
    pub role: Role,
    pub station: Option<StationId>,
}

/// Why an operation did not happen. Nothing is ever half-done.
#[derive(Debug)]
pub enum Failure {
    /// A rule said no.
    Refusal(Refusal),
    /// What was sent cannot be what is asked for.
    Invalid(Invalid),
    /// Infrastructure.
    Fault(Fault),
}

/// Input that cannot be understood: a stable code and what a person reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    pub code: &'static str,
    pub title: String,
    pub detail: String,
    pub remedy: String,
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Database(error) => error.into(),
            other => Self::Fault(other),
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refusal(refusal)
    }
}

impl From<diesel::result::Error> for Failure {
    fn from(error: diesel::result::Error) -> Self {
        match on_constraint(&error) {
            Some(refusal) => Self::Refusal(refusal),
            None => Self::Fault(Fault::Database(error)),
        }
    }
}

/// The refusal behind a named constraint: what the rules would have said, had
/// another desk not been a moment faster.
pub fn on_constraint(error: &diesel::result::Error) -> Option<Refusal> {
    let diesel::result::Error::DatabaseError(kind, information) = error else { return None };
    match (kind, information.constraint_name()?) {
        (
            DatabaseErrorKind::UniqueViolation,
            "one_open_loan_per_device"
            | "one_open_allocation_per_student"
            | "one_open_temporary_loan_per_student"
            | "one_standing_receipt_per_student_and_charter"
            | "one_open_repair_per_device"
            | "one_open_grant_per_incident"
            | "one_scan_per_serial_and_delivery"
            | "batch_number_is_unique"
            | "stock_take_number_is_unique"
            | "one_open_stock_take",
        ) => Some(Refusal::JustTaken),
        _ => None,
    }
}
