//! Several lines to one pupil. Two lines tell of the same when they say the same of who it is: names,
//! birth date, INE, numbers. What is kept of those already told is their hash.

use super::check;
use crate::Refused;
use crate::table::lines::Line;
use crate::xml::too_much;
use domain::names::search_key;
use domain::rows::StudentRow;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Pupils of a table: a whole académie.
const MOST_STUDENTS: usize = 500_000;
/// Pupils who are held until the end, as the line with their class may be far below.
const MOST_HELD: usize = 30_000;

/// Whether a pupil was told of before.
pub enum Seen {
    New,
    Again {
        /// The line that told of them first.
        row: u32,
        /// That line put them in another class.
        other_class: bool,
    },
}

#[derive(Default)]
pub struct Gather {
    /// Pupils stay until the end.
    holds: bool,
    seen: HashMap<u64, First>,
    held: Vec<StudentRow>,
}

/// The line that told of a pupil first. There may be half a million of them: it is kept small.
struct First {
    row: u32,
    /// The hash of the class; 0 without one.
    class: u32,
    /// Where the pupil is held, if at all.
    held: u32,
    /// A line put them in a group that entitles.
    is_entitled: bool,
}

fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// What a line says of who it is.
fn who(line: &Line<'_>) -> u64 {
    let names = [line.get("last_name"), line.get("first_name")].map(search_key);
    let numbers = ["eleve_id", "school_number", "internal_number"].map(|column| line.get(column));
    hash((names, line.date("birth_date"), check::ine_of(line.get("ine")), numbers))
}

impl Gather {
    /// Pupils may have a line for each class and group.
    pub fn hold(&mut self, holds: bool) {
        self.holds |= holds;
    }

    /// Whether the pupil of a line was told of before; a class that was missing is taken from it.
    pub fn see(&mut self, line: &Line<'_>, class: Option<&str>) -> Seen {
        let key = who(line);
        let class_hash = class.map_or(0, |class| u32::try_from(hash(class) >> 32).unwrap_or(0).max(1));
        let Some(first) = self.seen.get_mut(&key) else {
            let held = u32::try_from(self.held.len()).unwrap_or(u32::MAX);
            let first = First { row: line.number(), class: class_hash, held, is_entitled: false };
            self.seen.insert(key, first);
            return Seen::New;
        };
        // A pupil who was left out has left no place: another is there.
        let place = usize::try_from(first.held).ok().filter(|_| self.holds);
        let held = place.and_then(|place| self.held.get_mut(place)).filter(|held| held.row == first.row);
        if first.class == 0
            && let Some(student) = held
        {
            student.class = class.map(str::to_owned);
            first.class = class_hash;
        }
        Seen::Again { row: first.row, other_class: class_hash != 0 && class_hash != first.class }
    }

    /// Whether the line is the first to put its pupil in a group that entitles.
    pub fn entitle(&mut self, line: &Line<'_>) -> bool {
        let first = self.seen.get_mut(&who(line));
        first.is_some_and(|first| !std::mem::replace(&mut first.is_entitled, true))
    }

    /// The pupil, unless it is held until the end.
    pub fn keep(&mut self, student: Option<StudentRow>) -> Result<Option<StudentRow>, Refused> {
        if self.seen.len() > MOST_STUDENTS || self.held.len() >= MOST_HELD {
            return Err(too_much("élèves"));
        }
        if self.holds {
            self.held.extend(student);
            return Ok(None);
        }
        Ok(student)
    }

    /// Those who were held, in the order of their first lines.
    pub fn held(&mut self) -> Vec<StudentRow> {
        std::mem::take(&mut self.held)
    }
}
