//! Every sentence a refusal says: French first, English beside it. Each refusal
//! has a title (what was refused), a sentence (what was found) and a remedy (what to do).

use crate::devices::DeviceState;
use crate::refusal::Refusal;
use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Utc};

/// Languages the service speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    #[default]
    French,
    English,
}

/// What a person reads of a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentences {
    pub title: &'static str,
    pub sentence: String,
    pub remedy: String,
}

/// `03/09/2026 à 10:42` in the wall clock of `offset`.
pub fn moment(at: DateTime<Utc>, offset: FixedOffset, language: Language) -> String {
    let local = at.with_timezone(&offset);
    let link = match language {
        Language::French => "à",
        Language::English => "at",
    };
    format!("{} {link} {}", day(local.date_naive()), local.format("%H:%M"))
}

/// `03/09/2026`.
pub fn day(date: NaiveDate) -> String {
    format!("{:02}/{:02}/{}", date.day(), date.month(), date.year())
}

/// The word for a state of a laptop.
pub fn device_state(state: DeviceState, language: Language) -> &'static str {
    let (french, english) = match state {
        DeviceState::Announced => ("annoncé", "announced"),
        DeviceState::InStock => ("en stock", "in stock"),
        DeviceState::Reserve => ("en réserve", "in reserve"),
        DeviceState::Lent => ("remis", "handed out"),
        DeviceState::AwaitingRepair => ("en attente de réparation", "awaiting repair"),
        DeviceState::InRepair => ("en réparation", "in repair"),
        DeviceState::Lost => ("perdu", "lost"),
        DeviceState::Stolen => ("volé", "stolen"),
        DeviceState::Scrapped => ("réformé", "scrapped"),
        DeviceState::Transferred => ("cédé", "transferred"),
    };
    pick(language, french, english)
}

fn pick<'a>(language: Language, french: &'a str, english: &'a str) -> &'a str {
    match language {
        Language::French => french,
        Language::English => english,
    }
}

/// The words of a refusal. `offset` is the school's wall clock at that moment.
pub fn sentences(refusal: &Refusal, language: Language, offset: FixedOffset) -> Sentences {
    let (title, sentence, remedy) = match language {
        Language::French => french(refusal, offset),
        Language::English => english(refusal, offset),
    };
    Sentences { title, sentence, remedy: remedy.to_owned() }
}

type Words = (&'static str, String, &'static str);

fn french(refusal: &Refusal, offset: FixedOffset) -> Words {
    let at = |t: &DateTime<Utc>| moment(*t, offset, Language::French);
    match refusal {
        Refusal::UnknownStudent => (
            "Élève inconnu",
            "Cet élève n'est pas dans la liste de l'établissement.".into(),
            "Cherchez l'élève par son nom, ou importez une liste plus récente.",
        ),
        Refusal::UnknownDevice => (
            "Ordinateur inconnu",
            "Cet ordinateur n'est sur aucun bon de livraison importé.".into(),
            "Mettez-le de côté et prévenez le référent numérique.",
        ),
        Refusal::UnknownLoan => (
            "Remise introuvable",
            "Cette remise n'existe pas dans cet établissement.".into(),
            "Rechargez la liste des dernières remises.",
        ),
        Refusal::NoCampaign => (
            "Pas de campagne",
            "Aucune campagne de distribution n'est ouverte.".into(),
            "Demandez au référent d'ouvrir la campagne de l'année.",
        ),
        Refusal::NoStation => (
            "Poste sans nom",
            "Ce poste n'a pas encore de nom.".into(),
            "Donnez un nom au poste, puis recommencez.",
        ),
        Refusal::AlreadyHandedOver { name, serial, since } => (
            "Déjà remis",
            format!("{name} a déjà reçu {serial}, le {}.", at(since)),
            "Rien à faire : passez à l'élève suivant.",
        ),
        Refusal::HeldBySomeoneElse { serial, holder } => (
            "Remis à quelqu'un d'autre",
            format!(
                "{serial} est chez {}{}, depuis le {}.",
                holder.name,
                class_of(&holder.class),
                at(&holder.since)
            ),
            "Prenez un autre ordinateur. Si celui-ci a été rendu, mettez-le de côté et prévenez le référent.",
        ),
        Refusal::StudentAlreadyEquipped { name, serial, since } => (
            "Élève déjà équipé",
            format!("{name} a déjà l'ordinateur {serial}, depuis le {}.", at(since)),
            "Gardez l'ordinateur présenté. Pour un remplacement, prévenez le référent.",
        ),
        Refusal::NotEntitled { name } => (
            "Pas de dotation",
            format!("{name} n'est pas dans une formation équipée."),
            "Vérifiez la classe avec le référent, qui peut accorder une dérogation.",
        ),
        Refusal::StudentLeft { name, left_on } => (
            "Élève sorti",
            format!("{name} a quitté l'établissement le {}.", day(*left_on)),
            "Ne remettez pas d'ordinateur. Prévenez le référent.",
        ),
        Refusal::DeviceNotAvailable { serial, state } => (
            "Ordinateur indisponible",
            format!("{serial} est {}.", device_state(*state, Language::French)),
            "Prenez un autre ordinateur.",
        ),
        Refusal::CharterIncomplete { name, shown, kept } => (
            "Charte incomplète",
            format!("Charte de {name} : {shown} sur 2 exemplaires montrés, {kept} gardé."),
            "Demandez les deux exemplaires signés, gardez-en un, puis confirmez avec Espace.",
        ),
        Refusal::OverrideNotAllowed => (
            "Dérogation réservée",
            "Seul un référent ou le chef d'établissement peut passer outre la charte.".into(),
            "Appelez le référent.",
        ),
        Refusal::ReasonMissing => (
            "Motif manquant",
            "Un motif est demandé pour cette action.".into(),
            "Indiquez le motif en quelques mots.",
        ),
        Refusal::UndoTooLate { minutes } => (
            "Trop tard pour annuler",
            format!("La remise date de {minutes} minutes ; l'annulation est possible pendant 15 minutes."),
            "Gardez l'ordinateur s'il a été rendu, et prévenez le référent.",
        ),
        Refusal::UndoFromOtherStation => (
            "Autre poste",
            "Cette remise a été faite à un autre poste.".into(),
            "Annulez-la depuis ce poste-là, ou prévenez le référent.",
        ),
        Refusal::AlreadyClosed => ("Déjà annulée", "Cette remise est déjà close.".into(), "Rien à faire."),
        Refusal::RequestReused => (
            "Demande réutilisée",
            "Le même identifiant a déjà servi à une autre action.".into(),
            "Rechargez la page et recommencez.",
        ),
        Refusal::JustTaken => (
            "Pris à l'instant",
            "Un autre poste vient d'enregistrer cet ordinateur ou cet élève.".into(),
            "Présentez de nouveau le badge et l'ordinateur.",
        ),
        Refusal::BadgeTaken { code_holder } => {
            ("Badge déjà connu", format!("Ce badge est celui de {code_holder}."), "Vérifiez l'élève affiché.")
        }
        Refusal::BadgeNotOpaque => (
            "Ce code n'est pas un badge",
            "Ce code est celui d'un ordinateur, d'un produit ou d'une charte.".into(),
            "Présentez la carte de l'élève.",
        ),
        Refusal::UnknownBadge => (
            "Badge inconnu",
            "Ce code n'est pas celui d'un badge de cet élève.".into(),
            "Vérifiez l'élève affiché, puis présentez de nouveau le badge.",
        ),
        Refusal::BadgePrinted => (
            "Badge de l'établissement",
            "Ce badge a été imprimé par l'établissement : un poste ne peut pas le retirer.".into(),
            "Prévenez le référent numérique.",
        ),
    }
}

fn english(refusal: &Refusal, offset: FixedOffset) -> Words {
    let at = |t: &DateTime<Utc>| moment(*t, offset, Language::English);
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
            "Take another laptop. If this one was brought back, set it aside and tell the referent.",
        ),
        Refusal::StudentAlreadyEquipped { name, serial, since } => (
            "Pupil already equipped",
            format!("{name} already has laptop {serial}, since {}.", at(since)),
            "Keep the laptop shown. To replace one, tell the referent.",
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
            format!("{serial} is {}.", device_state(*state, Language::English)),
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
    }
}

fn class_of(class: &Option<String>) -> String {
    class.as_ref().map(|class| format!(" ({class})")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{LoanId, StudentId};
    use crate::refusal::Holder;

    /// Every refusal whose words name a way out.
    fn refusals() -> Vec<Refusal> {
        let (name, serial) = ("Lina MERCIER".to_owned(), "5CD030BC10".to_owned());
        let since = DateTime::UNIX_EPOCH;
        let holder = Holder {
            student: StudentId(uuid::Uuid::nil()),
            name: name.clone(),
            class: None,
            since,
            loan: LoanId(uuid::Uuid::nil()),
        };
        vec![
            Refusal::HeldBySomeoneElse { serial: serial.clone(), holder },
            Refusal::StudentAlreadyEquipped { name: name.clone(), serial: serial.clone(), since },
            Refusal::AlreadyHandedOver { name: name.clone(), serial: serial.clone(), since },
            Refusal::DeviceNotAvailable { serial, state: DeviceState::InRepair },
            Refusal::NotEntitled { name },
            Refusal::UndoTooLate { minutes: 16 },
            Refusal::UndoFromOtherStation,
            Refusal::UnknownDevice,
            Refusal::UnknownBadge,
            Refusal::BadgePrinted,
        ]
    }

    #[test]
    fn nobody_is_sent_to_a_screen_that_does_not_exist() {
        let offset = FixedOffset::east_opt(0).unwrap();
        for refusal in refusals() {
            for (language, absent) in [
                (Language::French, ["Retour", "Échange", "Réception", "doctor"]),
                (Language::English, ["Return", "Swap", "Reception", "doctor"]),
            ] {
                let words = sentences(&refusal, language, offset);
                let said = format!("{} {} {}", words.title, words.sentence, words.remedy);
                assert!(!absent.iter().any(|screen| said.contains(screen)), "{said}");
            }
        }
    }
}
