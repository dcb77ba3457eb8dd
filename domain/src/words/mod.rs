//! Every sentence a refusal says: French first, English beside it. Each refusal
//! has a title (what was refused), a sentence (what was found) and a remedy (what to do).

mod english;
mod french;

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
        DeviceState::Repaired => ("revenu de réparation", "back from repair"),
        DeviceState::Lost => ("perdu", "lost"),
        DeviceState::Stolen => ("volé", "stolen"),
        DeviceState::Scrapped => ("réformé", "scrapped"),
        DeviceState::Transferred => ("cédé à l'élève", "the pupil's own"),
        DeviceState::Moved => ("parti dans un autre établissement", "gone to another school"),
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
        Language::French => french::french(refusal, offset),
        Language::English => english::english(refusal, offset),
    };
    Sentences { title, sentence, remedy: remedy.to_owned() }
}

type Words = (&'static str, String, &'static str);

fn class_of(class: &Option<String>) -> String {
    class.as_ref().map(|class| format!(" ({class})")).unwrap_or_default()
}

/// Euro cents as a person reads them in both languages: `245,00 €`.
pub fn euros(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{},{:02} €", cents.abs() / 100, cents.abs() % 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refusal::examples;

    #[test]
    fn every_refusal_says_what_was_found_and_what_to_do() {
        let offset = FixedOffset::east_opt(0).unwrap();
        for refusal in examples() {
            for language in [Language::French, Language::English] {
                let words = sentences(&refusal, language, offset);
                for said in [words.title, &words.sentence, &words.remedy] {
                    assert!(said.chars().count() > 3 && !said.contains("  "), "{refusal:?}: {said}");
                    assert!(!said.contains('!'), "{said}");
                }
                assert!(words.sentence.ends_with('.') && words.remedy.ends_with('.'), "{words:?}");
            }
        }
    }

    #[test]
    fn cents_are_told_as_euros() {
        assert_eq!((euros(24_505), euros(-5)), ("245,05 €".into(), "-0,05 €".into()));
    }
}
