//! What happened to a laptop or with a pupil, as a person tells it: one sentence an entry of the
//! journal. The journal itself holds ids only; names are put in when it is read.

use crate::devices::DeviceState;
use crate::incidents::{Incident, SYMPTOMS};
use crate::moves::Move;
use crate::words::{Language, device_state, euros};
use chrono::NaiveDate;

/// Whose page the sentence stands on: it does not say again what the page's head says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Student,
    Device,
}

/// What is known of an entry of the journal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The journal's word, e.g. `swap` or `undo_swap`.
    pub action: &'a str,
    pub student: Option<&'a str>,
    pub serial: Option<&'a str>,
    pub by: Option<Move>,
    pub to: Option<DeviceState>,
    /// `opened` or `closed`: what the act did to the loan.
    pub loan: Option<&'a str>,
    pub temporary: bool,
    pub due_on: Option<NaiveDate>,
    pub incident: Option<Incident>,
    /// What the head decided on the emergency fund, and the euro cents granted.
    pub granted: Option<bool>,
    pub cents: Option<i64>,
}

/// The sentence of an entry, without who, where and why: those stand beside it.
pub fn sentence(entry: &Entry<'_>, side: Side, language: Language) -> String {
    let words = Words { french: language == Language::French, language, side };
    if let Some(undone) = entry.action.strip_prefix("undo_") {
        return words.undone(entry, undone);
    }
    words.done(entry)
}

/// What stands beside a sentence: symptoms in words.
pub fn symptoms(words: &[String]) -> Vec<String> {
    let french =
        |word: &String| SYMPTOMS.iter().find(|(known, _)| known == word).map(|(_, said)| (*said).to_owned());
    words.iter().map(|word| french(word).unwrap_or_else(|| word.clone())).collect()
}

/// How a repair ended, in French: its outcome, who paid and how much.
pub fn repair_end(outcome: &str, under_warranty: Option<bool>, cost_cents: Option<i64>) -> String {
    let said = match outcome {
        "repaired" => "réparé",
        "not_repaired" => "non réparé",
        "scrapped" => "réformé",
        "lost" => "perdu",
        "cancelled" => "annulé",
        other => other,
    };
    let paid = match (under_warranty, cost_cents) {
        (Some(true), _) => ", sous garantie".to_owned(),
        (_, Some(cents)) => format!(", {}", euros(cents)),
        _ => String::new(),
    };
    format!("{said}{paid}")
}

struct Words {
    french: bool,
    language: Language,
    side: Side,
}

impl Words {
    fn pick<'a>(&self, french: &'a str, english: &'a str) -> &'a str {
        if self.french { french } else { english }
    }

    /// The other one: of a pupil's page the laptop, of a laptop's page the pupil.
    fn other(&self, entry: &Entry<'_>) -> String {
        match self.side {
            Side::Student => format!(" {}", entry.serial.unwrap_or(self.pick("ordinateur", "laptop"))),
            Side::Device => match entry.student {
                Some(name) => format!(" {} {name}", self.pick("à", "to")),
                None => String::new(),
            },
        }
    }

    fn of_pupil(&self, entry: &Entry<'_>) -> String {
        match (self.side, entry.student, entry.serial) {
            (Side::Device, Some(name), _) => format!(" {} {name}", self.pick("par", "by")),
            (Side::Student, _, Some(serial)) => format!(" : {serial}"),
            _ => String::new(),
        }
    }

    fn now(&self, entry: &Entry<'_>) -> String {
        entry.to.map_or_else(String::new, |state| {
            format!(" ({} {})", self.pick("désormais", "now"), device_state(state, self.language))
        })
    }

    fn undone(&self, entry: &Entry<'_>, undone: &str) -> String {
        let before = Entry { action: undone, to: None, ..entry.clone() };
        format!(
            "{}{} {}{}",
            self.pick("Annulé", "Undone"),
            self.pick(" :", ":"),
            lower(&self.done(&before)),
            self.now(entry)
        )
    }

    fn done(&self, entry: &Entry<'_>) -> String {
        let (other, of, now) = (self.other(entry), self.of_pupil(entry), self.now(entry));
        match entry.action {
            "hand_over" => format!("{}{other}", self.pick("Remis", "Handed over")),
            "swap" | "grant_replacement" | "replace" => self.swapped(entry),
            "report_incident" => format!("{}{now}", self.incident(entry)),
            "lend" => format!("{}{other}{}", self.pick("Prêté", "Lent"), self.until(entry)),
            "extend_loan" => format!("{}{}", self.pick("Prêt prolongé", "Loan extended"), self.until(entry)),
            "keep_loan" => {
                format!("{}{other}", self.pick("Prêt devenu dotation", "Temporary loan kept as own laptop"))
            }
            "return_loan" => format!("{}{of}{now}", self.pick("Rendu", "Returned")),
            "give_back" if entry.by == Some(Move::TakeBack) => {
                format!("{}{of}{now}", self.pick("Prêt rendu", "Spare returned"))
            }
            "give_back" => format!(
                "{}{other}",
                self.pick("Revenu de réparation et rendu", "Back from repair, given back")
            ),
            "transfer" => format!("{}{other}", self.pick("Cédé", "Became the pupil's own:")),
            "learn_badge" => self.pick("Badge appris", "Badge learned").to_owned(),
            "forget_badge" => self.pick("Badge oublié", "Badge forgotten").to_owned(),
            "decide_grant" => self.granted(entry),
            other => self.plain(other, entry, &now),
        }
    }

    fn granted(&self, entry: &Entry<'_>) -> String {
        let fund = self.pick("Fonds d'urgence du proviseur", "Emergency fund");
        match (entry.granted, entry.cents) {
            (Some(true), Some(cents)) => {
                format!("{fund} {} {}", self.pick("accordé :", "granted:"), euros(cents))
            }
            (Some(true), None) => format!("{fund} {}", self.pick("accordé", "granted")),
            _ => format!("{fund} {}", self.pick("refusé", "refused")),
        }
    }

    fn until(&self, entry: &Entry<'_>) -> String {
        entry.due_on.map_or_else(String::new, |day| {
            format!(" {} {}", self.pick("jusqu'au", "until"), crate::words::day(day))
        })
    }

    fn incident(&self, entry: &Entry<'_>) -> String {
        let what = match (entry.incident, self.french) {
            (Some(incident), true) => format!("déclaré en {}", incident.label()),
            (Some(Incident::Breakdown), false) => "breakdown reported".into(),
            (Some(Incident::Breakage), false) => "breakage reported".into(),
            (Some(Incident::Loss), false) => "loss reported".into(),
            (Some(Incident::Theft), false) => "theft reported".into(),
            (None, true) => "sinistre déclaré".into(),
            (None, false) => "incident reported".into(),
        };
        match (self.side, entry.serial) {
            (Side::Student, Some(serial)) => format!("{serial} {what}"),
            _ => upper(&what),
        }
    }

    /// A swap is two entries: the laptop that goes and the one that comes.
    fn swapped(&self, entry: &Entry<'_>) -> String {
        let comes = entry.by == Some(Move::Lend) || (entry.by.is_none() && entry.loan == Some("opened"));
        if !comes {
            return format!("{}{}", self.incident(entry), self.now(entry));
        }
        let given = if entry.temporary {
            self.pick("Donné en remplacement, le temps de la réparation :", "Given meanwhile:")
        } else {
            self.pick("Donné en échange :", "Given in exchange:")
        };
        match self.side {
            Side::Student => format!("{given}{}{}", self.other(entry), self.until(entry)),
            Side::Device => {
                let given = given.trim_end_matches(" :").trim_end_matches(':');
                format!("{given}{}{}", self.other(entry), self.until(entry))
            }
        }
    }

    /// Moves of the school's own: the word of the move, and where the laptop is since.
    fn plain(&self, action: &str, entry: &Entry<'_>, now: &str) -> String {
        let said = match (action, entry.by) {
            ("apply_stock_take", Some(_)) => {
                self.pick("Corrigé après l'inventaire", "Corrected after stock-take")
            }
            (_, Some(by)) if self.french => by.label(),
            _ => return format!("{}{now}", self.named(action)),
        };
        format!("{}{now}", upper(said))
    }

    fn named(&self, action: &str) -> String {
        let (french, english) = match action {
            "receive" => ("Reçu et contrôlé", "Received and checked"),
            "set_aside" => ("Mis en réserve", "Set aside"),
            "release" => ("Sorti de la réserve", "Released from the reserve"),
            "await_repair" => ("Constaté en panne", "Found broken"),
            "send_to_repair" => ("Envoyé en réparation", "Sent to repair"),
            "come_back" => ("Revenu de réparation", "Back from repair"),
            "scrap" => ("Réformé", "Scrapped"),
            "find" => ("Retrouvé", "Found again"),
            "move_away" => ("Parti dans un autre établissement", "Gone to another school"),
            "request_grant" => ("Demande au fonds d'urgence du proviseur", "Emergency fund asked"),
            "fill_repair_batch" => ("Mis dans un lot de réparation", "Put into a repair batch"),
            "see_device" => ("Vu à l'inventaire", "Seen at a stock-take"),
            "unsee_device" => ("Retiré de l'inventaire", "Taken out of a stock-take"),
            "charter_intake" | "take_in_charter" => ("Charte reçue", "Charter taken in"),
            "withdraw_charter" | "withdraw_receipt" => ("Charte retirée", "Charter withdrawn"),
            "override_entitlement" => ("Droit à un ordinateur modifié", "Entitlement changed"),
            other => return upper(&other.replace('_', " ")),
        };
        self.pick(french, english).to_owned()
    }
}

fn upper(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Lower case at the start, unless it is a serial number.
fn lower(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), text.chars().nth(1)) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(chars).collect(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acts::ActKind;

    fn entry(action: &str) -> Entry<'_> {
        Entry { action, student: Some("Lina MERCIER"), serial: Some("5CD030BC10"), ..Entry::default() }
    }

    #[test]
    fn each_side_names_the_other() {
        let said = |entry: &Entry<'_>, side| sentence(entry, side, Language::French);
        let handed = entry("hand_over");
        assert_eq!(said(&handed, Side::Student), "Remis 5CD030BC10");
        assert_eq!(said(&handed, Side::Device), "Remis à Lina MERCIER");
        let goes = Entry {
            by: Some(Move::Break),
            to: Some(DeviceState::AwaitingRepair),
            incident: Some(Incident::Breakdown),
            ..entry("swap")
        };
        assert_eq!(said(&goes, Side::Device), "Déclaré en panne (désormais en attente de réparation)");
        assert_eq!(
            said(&goes, Side::Student),
            "5CD030BC10 déclaré en panne (désormais en attente de réparation)"
        );
        let comes = Entry { by: Some(Move::Lend), to: Some(DeviceState::Lent), ..entry("swap") };
        assert_eq!(said(&comes, Side::Student), "Donné en échange : 5CD030BC10");
        assert_eq!(said(&comes, Side::Device), "Donné en échange à Lina MERCIER");
        let granted = Entry { granted: Some(true), cents: Some(30_000), ..entry("decide_grant") };
        assert_eq!(said(&granted, Side::Student), "Fonds d'urgence du proviseur accordé : 300,00 €");
        let undone = Entry { to: Some(DeviceState::Reserve), by: Some(Move::Lend), ..entry("undo_lend") };
        assert_eq!(said(&undone, Side::Device), "Annulé : prêté à Lina MERCIER (désormais en réserve)");
    }

    #[test]
    fn every_act_has_its_sentence_in_both_languages() {
        for kind in ActKind::ALL {
            for side in [Side::Student, Side::Device] {
                for language in [Language::French, Language::English] {
                    for action in [kind.as_str().to_owned(), format!("undo_{}", kind.as_str())] {
                        let said = sentence(&entry(&action), side, language);
                        assert!(
                            said.len() > 3 && !said.contains('_') && !said.contains("  "),
                            "{action}: {said}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn a_repair_says_who_paid() {
        assert_eq!(repair_end("repaired", Some(true), None), "réparé, sous garantie");
        assert_eq!(repair_end("not_repaired", Some(false), Some(8_900)), "non réparé, 89,00 €");
        assert_eq!(symptoms(&["screen".into()]), ["écran"]);
    }
}
