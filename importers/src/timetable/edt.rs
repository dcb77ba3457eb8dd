//! How EDT writes, in its text and in its XML: a class is a division, then its parts as `<3D> <LATIN> LAT`
//! behind commas; a group stands in brackets; weeks are `H`, `Q1` and `Q2`; hours are padded on the left.

use super::{Course, day_or_start, hash};
use crate::fields::some;
use crate::table::lines::{Columns, Line};
use crate::table::value;
use chrono::NaiveTime;
use domain::issues::ImportIssue;
use domain::names::display_name;
use std::collections::HashMap;

/// What tells its divisions and courses from those of others.
pub const SOURCE: &str = "edt";

const WORDS: &[(&str, &[&str])] = &[
    ("number", &["numero"]),
    ("duration", &["duree"]),
    ("frequency", &["frequence"]),
    ("subject_code", &["mat code"]),
    ("subject", &["mat libelle"]),
    ("last_name", &["prof nom"]),
    ("first_name", &["prof prenom"]),
    ("class", &["classe"]),
    ("room", &["salle"]),
    ("alternation", &["alternance"]),
    ("day", &["jour"]),
    ("hour", &["h debut"]),
];

pub fn of_titles(keys: &[String]) -> Option<Columns> {
    let columns = Columns::named(keys, WORDS);
    let needed = ["number", "duration", "class", "day", "hour"];
    let has_subject = columns.has("subject") || columns.has("subject_code");
    (has_subject && needed.iter().all(|column| columns.has(column))).then_some(columns)
}

/// Where pupils and courses take place.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Divisions, each once.
    pub classes: Vec<String>,
    /// The first group or part of a division.
    pub group: Option<String>,
}

/// What `CLASSE` says: divisions, groups in brackets (`[2ANG1]`) and parts of a division with their division
/// and partition (`<3D> <LATIN> LAT`), comma-separated.
pub fn place(text: &str) -> Place {
    let mut place = Place::default();
    for (class, group) in text.split(',').map(division_and_group) {
        let known = |class: &&str| !place.classes.iter().any(|known| known == class);
        place.classes.extend(class.filter(known).map(str::to_owned));
        place.group = place.group.or(group.map(str::to_owned));
    }
    place
}

/// The division of a pupil: that of the text before the first comma; empty without one.
pub fn class(text: &str) -> &str {
    text.split(',').next().and_then(|first| division_and_group(first).0).unwrap_or("")
}

fn division_and_group(text: &str) -> (Option<&str>, Option<&str>) {
    let text = text.trim();
    let (class, group) = match text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(group) => (None, Some(group)),
        None => match text.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
            Some((class, part)) => (Some(class), part.rsplit('>').next()),
            None => (Some(text), None),
        },
    };
    let is_told = |text: &&str| !text.is_empty();
    (class.map(str::trim).filter(is_told), group.map(str::trim).filter(is_told))
}

/// None every week, else `A` or `B`.
pub fn week(text: &str) -> Option<Option<&'static str>> {
    match text.trim().to_ascii_uppercase().as_str() {
        "H" => Some(None),
        "Q1" => Some(Some("A")),
        "Q2" => Some(Some("B")),
        _ => None,
    }
}

/// How often each number was seen, by its hash: one course may have several lines, and what a faulty line has
/// for a number may be of any length.
#[derive(Default)]
pub struct Numbers(HashMap<u64, u32>);

/// What a file writes of a course; empty when it does not.
pub struct Texts<'a> {
    pub number: &'a str,
    pub subject: &'a str,
    pub classes: &'a str,
    pub last_name: &'a str,
    pub first_name: &'a str,
    pub room: &'a str,
}

/// When a course is, as far as its texts could be read.
pub struct Times {
    pub day: Option<u8>,
    pub starts_at: Option<NaiveTime>,
    pub minutes: Option<u32>,
    /// Every week without it.
    pub week: Option<&'static str>,
}

impl Numbers {
    /// What one more line of that number is known by: the second one of 12 is `12#2`.
    pub fn next(&mut self, number: &str) -> String {
        let seen = self.0.entry(hash(number)).or_default();
        *seen += 1;
        if *seen == 1 { number.to_owned() } else { format!("{number}#{seen}") }
    }
}

/// What a line says of its course, which is known by `id`.
pub fn course_of(id: String, texts: &Texts<'_>, times: Times) -> Course {
    let Place { classes, group } = place(texts.classes);
    Course {
        id,
        classes,
        group,
        subject: texts.subject.to_owned(),
        teacher: some(&display_name(texts.first_name, texts.last_name)),
        day: times.day,
        starts_at: times.starts_at,
        minutes: times.minutes,
        week: times.week.map(str::to_owned),
        room: some(texts.room),
    }
}

/// The course of a line; none, and an issue, when it has no number or no subject.
pub fn course(line: &Line<'_>, numbers: &mut Numbers, issues: &mut Vec<ImportIssue>) -> Option<Course> {
    let subject = first(line, ["subject", "subject_code"]);
    let texts = Texts {
        number: line.get("number"),
        subject: line.get(subject),
        classes: line.get("class"),
        last_name: line.get("last_name"),
        first_name: line.get("first_name"),
        room: line.get("room"),
    };
    if texts.number.is_empty() {
        let message = "Le numéro manque : le cours est laissé de côté.";
        issues.push(line.error("number", "NUMERO", "missing", "un numéro", message));
        return None;
    }
    let id = numbers.next(texts.number);
    if texts.subject.is_empty() {
        let message = "La matière manque : le cours est laissé de côté.";
        issues.push(line.error(subject, "MAT_LIBELLE", "missing", "une matière", message));
        return None;
    }
    let times = times(line, issues);
    Some(course_of(id, &texts, times))
}

fn times(line: &Line<'_>, issues: &mut Vec<ImportIssue>) -> Times {
    let day = day_or_start(line.get("day"));
    if day.is_none() && !line.get("day").is_empty() {
        let message = "Ce jour est inconnu : le cours est pris sans lui.";
        issues.push(line.warning("day", "JOUR", "not_a_day", "lundi, mardi…", message));
    }
    let starts_at = value::time(line.get("hour"));
    if starts_at.is_none() && !line.get("hour").is_empty() {
        let message = "Cette heure est illisible : le cours est pris sans elle.";
        issues.push(line.warning("hour", "H.DEBUT", "not_an_hour", "08h00", message));
    }
    let minutes = value::minutes(line.get("duration"));
    if minutes.is_none() && !line.get("duration").is_empty() {
        let message = "Cette durée est illisible : le cours est pris sans elle.";
        issues.push(line.warning("duration", "DUREE", "not_a_duration", "1h00", message));
    }
    let frequency = first(line, ["frequency", "alternation"]);
    let week = week(line.get(frequency));
    if week.is_none() && !line.get(frequency).is_empty() {
        let message = "Cette fréquence est inconnue : le cours est pris chaque semaine.";
        issues.push(line.warning(frequency, "FREQUENCE", "unknown_week", "H, Q1 ou Q2", message));
    }
    Times { day, starts_at, minutes, week: week.flatten() }
}

/// The first of these columns that says something; else the first.
fn first(line: &Line<'_>, [column, other]: [&'static str; 2]) -> &'static str {
    if line.get(column).is_empty() && !line.get(other).is_empty() { other } else { column }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn divisions_groups_and_parts() {
        for (text, classes, group, division) in [
            ("2GT1", &["2GT1"][..], None, "2GT1"),
            (" 2 GT 2 ", &["2 GT 2"], None, "2 GT 2"),
            ("2GT1, <2GT1> _2GT1P1", &["2GT1"], Some("_2GT1P1"), "2GT1"),
            ("<3D> <LATIN> LAT", &["3D"], Some("LAT"), "3D"),
            ("3D, <3D> <LATIN> LAT, [3LAT]", &["3D"], Some("LAT"), "3D"),
            ("[2ANG1]", &[], Some("2ANG1"), ""),
            ("2GT1, 2 GT 2", &["2GT1", "2 GT 2"], None, "2GT1"),
            ("<>", &[], None, ""),
            ("< x", &["< x"], None, "< x"),
            (", ,", &[], None, ""),
            ("", &[], None, ""),
        ] {
            let told = place(text);
            assert_eq!(
                (told.classes.as_slice(), told.group.as_deref()),
                (classes.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>().as_slice(), group),
                "{text}"
            );
            assert_eq!(class(text), division, "{text}");
        }
    }

    #[test]
    fn weeks() {
        for (text, expected) in
            [("H", Some(None)), ("Q1", Some(Some("A"))), ("q2", Some(Some("B"))), ("T1", None), ("", None)]
        {
            assert_eq!(week(text), expected, "{text}");
        }
    }
}
