//! Courses of EDT and UnDeuxTEMPS as text, and the divisions that any timetable names.
//!
//! - [`Classes`]: those divisions, each told once
//! - [`edt`]: how EDT writes classes, weeks and courses, in its text and in its XML
//! - [`udt`]: UnDeuxTEMPS' lines, with or without titles

mod classes;
pub mod edt;
pub mod udt;

pub use classes::Classes;

use crate::table::Row;
use crate::table::lines::{self, Begin, Columns, Line, Lines, is_readable, title_keys};
use crate::xml::too_much;
use crate::{Head, Item, Refused, Sink};
use chrono::NaiveTime;
use domain::names::search_key;
use domain::rows::{FileKind, Reference};
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{Read, Seek};

/// Courses of a file.
const MOST_COURSES: usize = 500_000;
/// Characters of any text of a course.
const MOST_TEXT: usize = 200;
/// Of its divisions: a lesson of sport may gather all of a level.
pub const MOST_AUDIENCE: usize = 1_000;

const DAYS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];

fn most_of(column: &str) -> usize {
    if column == "class" { MOST_AUDIENCE } else { MOST_TEXT }
}

/// A course, as far as a line tells it.
pub struct Course {
    pub id: String,
    pub classes: Vec<String>,
    pub group: Option<String>,
    pub subject: String,
    pub teacher: Option<String>,
    pub day: Option<u8>,
    pub starts_at: Option<NaiveTime>,
    pub minutes: Option<u32>,
    pub week: Option<String>,
    pub room: Option<String>,
}

impl Course {
    pub fn into_reference(self, source: &str) -> Reference {
        let Self { id, classes, group, subject, teacher, day, starts_at, minutes, week, room } = self;
        let source = source.to_owned();
        Reference::Course {
            source,
            id,
            classes,
            group,
            subject,
            teacher,
            day,
            starts_at,
            minutes,
            week,
            room,
        }
    }
}

/// 1 Monday … 7 Sunday, from its French name.
pub fn day(text: &str) -> Option<u8> {
    let key = search_key(text);
    numbered(|day| day == key)
}

/// 1 Monday … 7 Sunday, from its French name or the first three letters of it.
pub fn day_or_start(text: &str) -> Option<u8> {
    let key = search_key(text);
    numbered(|day| key.len() >= 3 && day.starts_with(&key))
}

fn numbered(is: impl Fn(&str) -> bool) -> Option<u8> {
    DAYS.iter().zip(1..).find(|(day, _)| is(day)).map(|(_, number)| number)
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// Reads the courses of a table of that kind, from its first byte.
pub fn read(kind: FileKind, source: impl Read + Seek, sink: &mut Sink<'_>) -> Result<Head, Refused> {
    let name = if kind == FileKind::UdtCourses { udt::SOURCE } else { edt::SOURCE };
    let mut courses = Courses {
        kind,
        sink,
        head: Head::default(),
        faulty: false,
        seen: HashSet::new(),
        numbers: edt::Numbers::default(),
        classes: Classes::of(name),
    };
    if lines::read(source, &mut courses)? == 0 {
        return Err(Refused::new(
            "no_header",
            "Aucune ligne d'en-tête avec jour, heure, classe et matière n'a été trouvée.",
            "Exportez de nouveau les cours, avec leurs titres de colonnes.",
        ));
    }
    let Courses { mut head, faulty, .. } = courses;
    // A line that could not be read may be one of those that seem to be gone.
    head.complete = !faulty;
    head.read.entry("course").or_default();
    Ok(head)
}

/// Where the columns of courses are, when a row is their titles, or such a line without any.
pub fn begin(kind: FileKind, row: &Row) -> Begin {
    let keys = title_keys(row);
    let columns = if kind == FileKind::UdtCourses { udt::of_titles(&keys) } else { edt::of_titles(&keys) };
    match columns {
        Some(columns) => Begin::Header(columns),
        None if kind == FileKind::UdtCourses && udt::is_line(row) => Begin::Line(udt::columns()),
        None => Begin::No,
    }
}

struct Courses<'a, 'b> {
    kind: FileKind,
    sink: &'a mut Sink<'b>,
    head: Head,
    faulty: bool,
    /// Hashes of the ids that were told.
    seen: HashSet<u64>,
    numbers: edt::Numbers,
    classes: Classes,
}

impl Lines for Courses<'_, '_> {
    fn begin(&mut self, _: &str, row: &Row) -> Begin {
        begin(self.kind, row)
    }

    fn line(&mut self, line: &Line<'_>) -> Result<(), Refused> {
        self.head.count("course");
        let mut issues = Vec::new();
        let unreadable = |columns: &Columns| {
            let mut taken = line
                .row
                .cells
                .iter()
                .enumerate()
                .filter_map(|(place, cell)| columns.at(place).map(|column| (column, cell)));
            taken.find(|(column, cell)| !is_readable(&cell.text, most_of(column))).map(|(column, _)| column)
        };
        let course = if let Some(issue) = line.open_quote() {
            issues.push(issue);
            None
        } else if let Some(column) = unreadable(line.columns) {
            // A lesson that could not be read is one of its course all the same.
            self.numbers.next(line.get("number"));
            let message =
                "Ce texte est illisible : le cours est laissé de côté. Exportez de nouveau les cours.";
            issues.push(line.error(
                column,
                column,
                "malformed_text",
                &format!("un texte de {} caractères au plus", most_of(column)),
                message,
            ));
            None
        } else if self.kind == FileKind::UdtCourses {
            udt::course(line, &mut issues)
        } else {
            edt::course(line, &mut self.numbers, &mut issues)
        };
        for issue in issues {
            (self.sink)(Item::Issue(issue))?;
        }
        match course {
            Some(course) => self.tell(line.number(), course),
            None => {
                self.faulty = true;
                Ok(())
            }
        }
    }
}

impl Courses<'_, '_> {
    fn tell(&mut self, row: u32, course: Course) -> Result<(), Refused> {
        // The same line of UnDeuxTEMPS again is the same course; of EDT, each line has an id of its own.
        if !self.seen.insert(hash(&course.id)) {
            return Ok(());
        }
        if self.seen.len() > MOST_COURSES {
            return Err(too_much("cours"));
        }
        self.classes.course(row, course, &mut self.head, self.sink)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_whole_and_from_their_start() {
        for (text, whole, start) in [
            ("lundi", Some(1), Some(1)),
            (" Dimanche ", Some(7), Some(7)),
            ("lun", None, Some(1)),
            ("ven.", None, Some(5)),
            ("ma", None, None),
            ("mar", None, Some(2)),
            ("lundis", None, None),
            ("", None, None),
        ] {
            assert_eq!((day(text), day_or_start(text)), (whole, start), "{text}");
        }
    }
}
