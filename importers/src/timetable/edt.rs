//! How EDT writes: a class is a division, then its parts as `<3D> <LATIN> LAT` behind commas; a group
//! stands in brackets; weeks are `H`, `Q1` and `Q2`; hours are padded on the left.

use super::{Course, day};
use crate::table::lines::{Columns, Line};
use crate::table::value;
use domain::issues::ImportIssue;

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

/// The division of a pupil: what stands before the first comma.
pub fn division(text: &str) -> &str {
    let first = text.split(',').next().unwrap_or("").trim();
    part_of(first).unwrap_or(first)
}

/// The division that a part belongs to: `<3D> LATIN` is of `3D`.
fn part_of(text: &str) -> Option<&str> {
    text.strip_prefix('<')?.split_once('>').map(|(division, _)| division.trim())
}

/// The divisions and the group of a course.
pub fn audience(text: &str) -> (Vec<String>, Option<String>) {
    let (mut classes, mut group) = (Vec::new(), None);
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        if let Some(name) = part.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            group.get_or_insert_with(|| name.trim().to_owned());
            continue;
        }
        let division = part_of(part).unwrap_or(part).to_owned();
        if !division.is_empty() && !classes.contains(&division) {
            classes.push(division);
        }
    }
    (classes, group)
}

/// Every week without it; `A` or `B`.
pub fn week(text: &str) -> Option<String> {
    match text.trim().to_ascii_uppercase().as_str() {
        "Q1" => Some("A".into()),
        "Q2" => Some("B".into()),
        _ => None,
    }
}

/// The course of a line; none, and an issue, when it has no number.
pub fn course(line: &Line<'_>, issues: &mut Vec<ImportIssue>) -> Option<Course> {
    if line.get("number").is_empty() {
        let message = "Le numéro manque : le cours est laissé de côté.";
        issues.push(line.error("number", "NUMERO", "missing", "un numéro", message));
        return None;
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
    let (classes, group) = audience(line.get("class"));
    let teacher = format!("{} {}", line.get("last_name"), line.get("first_name")).trim().to_owned();
    Some(Course {
        id: line.get("number").to_owned(),
        classes,
        group,
        subject: line.optional("subject").unwrap_or_else(|| line.get("subject_code").to_owned()),
        teacher: Some(teacher).filter(|teacher| !teacher.is_empty()),
        day: day(line.get("day")),
        starts_at,
        minutes,
        week: week(line.get("frequency")).or_else(|| week(line.get("alternation"))),
        room: line.optional("room"),
    })
}
