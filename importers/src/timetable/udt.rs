//! UnDeuxTEMPS' courses: `Jour;Heure;Div;Matière;Professeur;Salle;Groupe;Regroup;Eff;Mo;Freq;Aire;`, or
//! tabs between them. Lines may have one separator more than the titles, and the titles may be missing.

use super::{Course, day_or_start};
use crate::table::lines::{Columns, Line};
use crate::table::{Row, value};
use domain::issues::ImportIssue;

/// What tells its divisions and courses from those of others.
pub const SOURCE: &str = "udt";

const WORDS: &[(&str, &[&str])] = &[
    ("day", &["jour"]),
    ("hour", &["heure"]),
    ("class", &["div", "division"]),
    ("subject", &["matiere"]),
    ("teacher", &["professeur", "prof"]),
    ("room", &["salle"]),
    ("group", &["groupe"]),
    ("cluster", &["regroup", "regroupement"]),
    ("week", &["freq", "frequence"]),
];

/// The places of the columns in that order of titles.
const PLACES: [(&str, usize); 9] = [
    ("day", 0),
    ("hour", 1),
    ("class", 2),
    ("subject", 3),
    ("teacher", 4),
    ("room", 5),
    ("group", 6),
    ("cluster", 7),
    ("week", 10),
];

pub fn of_titles(keys: &[String]) -> Option<Columns> {
    let columns = Columns::named(keys, WORDS);
    let needed = ["day", "hour", "class", "subject", "teacher"];
    needed.iter().all(|column| columns.has(column)).then_some(columns)
}

/// The columns of a file without titles.
pub fn columns() -> Columns {
    let mut columns = Columns::default();
    for (column, place) in PLACES {
        columns.put(column, place);
    }
    columns
}

/// A line of a file without titles: a day, an hour, and as many columns.
pub fn is_line(row: &Row) -> bool {
    let text = |place: usize| row.cells.get(place).map_or("", |cell| cell.text.as_str());
    row.cells.len() >= 10
        && day_or_start(text(0)).is_some()
        && value::time(text(1)).is_some()
        && !text(3).is_empty()
}

/// The course of a line; none, and an issue, when it has no subject. UnDeuxTEMPS tells no duration and
/// numbers nothing: all that a line says is what makes it another course.
pub fn course(line: &Line<'_>, issues: &mut Vec<ImportIssue>) -> Option<Course> {
    if line.get("subject").is_empty() {
        let message = "La matière manque : le cours est laissé de côté.";
        issues.push(line.error("subject", "Matière", "missing", "une matière", message));
        return None;
    }
    let day = day_or_start(line.get("day"));
    if day.is_none() && !line.get("day").is_empty() {
        let message = "Ce jour est inconnu : le cours est pris sans lui.";
        issues.push(line.warning("day", "Jour", "not_a_day", "lundi, mardi…", message));
    }
    let starts_at = value::time(line.get("hour"));
    if starts_at.is_none() && !line.get("hour").is_empty() {
        let message = "Cette heure est illisible : le cours est pris sans elle.";
        issues.push(line.warning("hour", "Heure", "not_an_hour", "11H00", message));
    }
    let group = line.optional("group").or_else(|| line.optional("cluster"));
    let all = PLACES.map(|(column, _)| line.get(column)).join("|");
    Some(Course {
        id: all,
        classes: line.optional("class").into_iter().collect(),
        group,
        subject: line.get("subject").to_owned(),
        teacher: line.optional("teacher"),
        day,
        starts_at,
        minutes: None,
        week: week(line, issues),
        room: line.optional("room"),
    })
}

/// `sa` and `sb` are every other week.
fn week(line: &Line<'_>, issues: &mut Vec<ImportIssue>) -> Option<String> {
    match line.get("week").to_ascii_lowercase().as_str() {
        "" | "h" => None,
        "sa" | "a" => Some("A".into()),
        "sb" | "b" => Some("B".into()),
        _ => {
            let message = "Cette fréquence est inconnue : le cours est pris chaque semaine.";
            issues.push(line.warning("week", "Freq", "unknown_week", "vide, sa ou sb", message));
            None
        }
    }
}
