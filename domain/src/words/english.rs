//! What a refusal says, in English.

use super::{Language, Words, class_of, day, device_state, euros, moment};
use crate::incidents::Incident;
use crate::refusal::{Refusal, Thing};
use chrono::{DateTime, FixedOffset, Utc};

const LANGUAGE: Language = Language::English;

pub(super) fn english(refusal: &Refusal, offset: FixedOffset) -> Words {
    let at = |t: &DateTime<Utc>| moment(*t, offset, LANGUAGE);
    match refusal {
        Refusal::UnknownStudent => (
            "Unknown pupil",
            "This pupil is not on the school's list.".into(),
            "Search by name, or import a newer list.",
        ),
        Refusal::UnknownDevice => (
            "Unknown laptop",
            "This laptop is on no imported delivery note.".into(),
            "Set it aside and tell the digital referent.",
        ),
        Refusal::UnknownLoan => (
            "No such hand-over",
            "This hand-over does not exist in this school.".into(),
            "Reload the list of hand-overs.",
        ),
        Refusal::NoCampaign => (
            "No campaign",
            "No distribution campaign is open.".into(),
            "Ask the referent to open this year's campaign.",
        ),
        Refusal::NoStation => {
            ("Desk without a name", "This desk has no name yet.".into(), "Name the desk and try again.")
        }
        Refusal::AlreadyHandedOver { name, serial, since } => (
            "Already handed over",
            format!("{name} already received {serial}, on {}.", at(since)),
            "Nothing to do: next pupil.",
        ),
        Refusal::HeldBySomeoneElse { serial, holder } => (
            "Held by someone else",
            format!(
                "{serial} is with {}{}, since {}.",
                holder.name,
                class_of(&holder.class),
                at(&holder.since)
            ),
            "Take another laptop. If this one is brought back, go to Return (F4).",
        ),
        Refusal::StudentAlreadyEquipped { name, serial, since } => (
            "Pupil already equipped",
            format!("{name} already has laptop {serial}, since {}.", at(since)),
            "Keep the laptop shown. To replace one, go to Swap (F3).",
        ),
        Refusal::NotEntitled { name } => (
            "Not entitled",
            format!("{name} is not in an equipped course."),
            "Check the class with the referent, who may make an exception.",
        ),
        Refusal::StudentLeft { name, left_on } => (
            "Pupil has left",
            format!("{name} left the school on {}.", day(*left_on)),
            "Hand out no laptop. Tell the referent.",
        ),
        Refusal::DeviceNotAvailable { serial, state } => (
            "Laptop not available",
            format!("{serial} is {}.", device_state(*state, LANGUAGE)),
            "Take another laptop.",
        ),
        Refusal::CharterIncomplete { name, shown, kept } => (
            "Charter incomplete",
            format!("Charter of {name}: {shown} of 2 copies shown, {kept} kept."),
            "Ask for both signed copies, keep one, then confirm with Space.",
        ),
        Refusal::OverrideNotAllowed => (
            "Override not allowed",
            "Only a referent or the head may override the charter.".into(),
            "Call the referent.",
        ),
        Refusal::ReasonMissing => {
            ("Reason missing", "This action asks for a reason.".into(), "Give the reason in a few words.")
        }
        Refusal::UndoTooLate { minutes } => (
            "Too late to undo",
            format!("The hand-over is {minutes} minutes old; it can be undone for 15 minutes."),
            "Keep the laptop if it was brought back, and tell the referent.",
        ),
        Refusal::UndoFromOtherStation => (
            "Other desk",
            "This hand-over was made at another desk.".into(),
            "Undo it at that desk, or tell the referent.",
        ),
        Refusal::AlreadyClosed => {
            ("Already undone", "This hand-over is already closed.".into(), "Nothing to do.")
        }
        Refusal::RequestReused => (
            "Request reused",
            "The same id has served another action.".into(),
            "Reload the page and try again.",
        ),
        Refusal::JustTaken => (
            "Just taken",
            "Another desk has just recorded this laptop or this pupil.".into(),
            "Show badge and laptop again.",
        ),
        Refusal::BadgeTaken { code_holder } => {
            ("Badge already known", format!("This badge belongs to {code_holder}."), "Check the pupil shown.")
        }
        Refusal::BadgeNotOpaque => (
            "Not a badge",
            "This code belongs to a laptop, a product or a charter.".into(),
            "Show the pupil's card.",
        ),
        Refusal::UnknownBadge => (
            "Unknown badge",
            "This code is no badge of this pupil.".into(),
            "Check the pupil shown, then show the badge again.",
        ),
        Refusal::BadgePrinted => (
            "The school's own badge",
            "This badge was printed by the school: a desk cannot take it back.".into(),
            "Tell the digital referent.",
        ),
        Refusal::NotFound { what } => {
            let (title, sentence, remedy) = not_found(*what);
            (title, sentence.into(), remedy)
        }
        Refusal::MoveNotAllowed { serial, state } => (
            "Not possible in this state",
            format!("{serial} is {}: this cannot be done.", device_state(*state, LANGUAGE)),
            "Open the laptop's page to see what happened.",
        ),
        Refusal::AlreadyThere { serial, state } => (
            "Already done",
            format!("{serial} is {} already.", device_state(*state, LANGUAGE)),
            "Nothing to do: show the next one.",
        ),
        Refusal::NotLent { serial, state } => (
            "With nobody",
            format!("{serial} is {}: no pupil has it.", device_state(*state, LANGUAGE)),
            "Nothing to return: put it away, or open its page.",
        ),
        Refusal::SpareNotAvailable { serial, state } => (
            "Not a spare",
            format!("{serial} is {}.", device_state(*state, LANGUAGE)),
            "Show a laptop of the reserve.",
        ),
        Refusal::StudentHasSpare { name, serial, since } => (
            "Spare already lent",
            format!("{name} already borrows {serial}, since {}.", at(since)),
            "Return that one first, or extend it.",
        ),
        Refusal::NothingToGiveBack { name } => (
            "Nothing to give back",
            format!("{name}'s own laptop is not back from repair."),
            "Wait for it, or make a plain return.",
        ),
        Refusal::ComplaintMissing => (
            "Complaint number missing",
            "A theft is reported with the number of the police complaint.".into(),
            "Type the number of the complaint.",
        ),
        Refusal::GrantNeeded { name, incident } => (
            "The head has to agree",
            format!("After {}, {name} gets another laptop by the emergency fund only.", the(*incident)),
            "Report the incident without a spare, then ask for the emergency fund.",
        ),
        Refusal::NoReplacement { name, incident } => (
            "No replacement",
            format!("After {}, the school gives {name} no other laptop.", the(*incident)),
            "Report the incident without a spare. The rule is changed under Reserve, Rules.",
        ),
        Refusal::GrantUsed { name } => (
            "Grant already used",
            format!("This grant has given {name} a laptop already."),
            "Check the pupil's page.",
        ),
        Refusal::GrantDecided => {
            ("Already decided", "This request has its answer.".into(), "Nothing to do: reload the list.")
        }
        Refusal::BudgetExceeded { year, left } => (
            "Emergency fund too small",
            format!("{} are left in the emergency fund of {year}.", euros(*left)),
            "Lower the amount, choose another year, or correct the budget.",
        ),
        Refusal::HeadOnly => (
            "For the head only",
            "Only the head of school decides on the emergency fund.".into(),
            "Ask the head to open the list of requests.",
        ),
        Refusal::ManagerOnly => {
            ("Not allowed", "Only a referent or the head may do this.".into(), "Call the referent.")
        }
        Refusal::DueDateMissing => (
            "Day of return missing",
            "A temporary loan has its day of return.".into(),
            "Choose the day of return.",
        ),
        Refusal::DueDateImplausible { due_on } => (
            "Impossible day of return",
            format!("{} is past, or more than a year ahead.", day(*due_on)),
            "Choose a day between today and the end of the school year.",
        ),
        Refusal::NotTemporary => (
            "Not a temporary loan",
            "This laptop is the pupil's own: it has no day of return.".into(),
            "Check the pupil shown.",
        ),
        Refusal::ChangedSince => (
            "Too late to undo",
            "Something else has happened to this laptop or this pupil since.".into(),
            "Open the laptop's page, then put it right by a new action.",
        ),
        Refusal::StockTooSmall { wanted, there } => (
            "Stock too small",
            format!("{wanted} laptops wanted, {there} in stock."),
            "Lower the share, or receive the delivery first.",
        ),
        Refusal::DeliveryChecked { note } => (
            "Reception over",
            format!("The reception of note {note} was declared over."),
            "Ask the referent to open it again.",
        ),
        Refusal::BatchSent => {
            ("Batch already sent", "This batch has left for repair.".into(), "Open a new batch.")
        }
        Refusal::BatchEmpty => (
            "Empty batch",
            "This batch holds no laptop.".into(),
            "Show the broken laptops, then send the batch.",
        ),
        Refusal::StockTakeOpen { name } => (
            "Stock-take under way",
            format!("The stock-take “{name}” is still open."),
            "Close it before you open another.",
        ),
        Refusal::StockTakeClosed => (
            "Stock-take closed",
            "This stock-take is over: its report does not change.".into(),
            "Open a new stock-take.",
        ),
        Refusal::CharterCopyIn { name, copy } => (
            "Already in",
            format!("Copy {copy} of {name}'s charter is in already."),
            "Nothing to do: show the next one.",
        ),
        Refusal::CharterOutdated { name } => (
            "Outdated charter",
            format!("{name}'s charter is of an older version."),
            "Have this campaign's charter signed.",
        ),
        Refusal::CharterVersionTaken { version } => (
            "Version already published",
            format!("Version {version} exists with another text."),
            "Give the new version another name.",
        ),
        Refusal::NotAdult { name } => (
            "Pupil under age",
            format!("{name} is not 18: a legal guardian signs."),
            "Choose the guardian who signed.",
        ),
        Refusal::PresetNameTaken { name } => {
            ("Name taken", format!("A preset is already called “{name}”."), "Choose another name.")
        }
    }
}

fn the(incident: Incident) -> &'static str {
    match incident {
        Incident::Breakdown => "a breakdown",
        Incident::Breakage => "a breakage",
        Incident::Loss => "a loss",
        Incident::Theft => "a theft",
    }
}

fn not_found(what: Thing) -> (&'static str, &'static str, &'static str) {
    const RELOAD: &str = "Reload the page and try again.";
    match what {
        Thing::Act => ("No such action", "This action does not exist in this school.", RELOAD),
        Thing::Delivery => {
            ("Unknown delivery note", "This note was not imported.", "Import the delivery note first.")
        }
        Thing::Incident => ("No such incident", "This incident does not exist in this school.", RELOAD),
        Thing::Grant => ("No such request", "This request to the emergency fund does not exist.", RELOAD),
        Thing::RepairBatch => ("No such batch", "This repair batch does not exist in this school.", RELOAD),
        Thing::Repair => (
            "Not in repair",
            "No repair of this laptop is under way.",
            "Check the serial number, or open the laptop's page.",
        ),
        Thing::StockTake => ("No such stock-take", "This stock-take does not exist.", "Open a stock-take."),
        Thing::Charter => (
            "Unknown charter",
            "The school has not printed this charter.",
            "Print the pupil's charter, or search the pupil by name.",
        ),
        Thing::CharterReceipt => {
            ("Charter not in", "No charter of this pupil is in for this campaign.", "Nothing to withdraw.")
        }
        Thing::Guardian => ("Unknown guardian", "This is no guardian of this pupil.", RELOAD),
        Thing::Class => ("Unknown class", "This class does not exist in this school.", RELOAD),
        Thing::Slot => ("No such slot", "This slot does not exist in this campaign.", RELOAD),
        Thing::Preset => ("No such preset", "This preset does not exist.", RELOAD),
        Thing::Export => ("No such export", "No export has this number.", RELOAD),
    }
}
