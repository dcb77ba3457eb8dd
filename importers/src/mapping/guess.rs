//! Which column may be which field: by its title, else by what it holds.

use super::fields::{Field, Need, fields};
use super::preview::Column;
use crate::table::lines::title_key;
use domain::rows::FileKind;
use serde::Serialize;
use std::collections::BTreeMap;

/// How sure a guess is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// Every needed field has a column whose title means nothing else, and nobody need be asked.
    Certain,
    /// Every needed field has a column; a person should look.
    Likely,
    /// A needed field has none.
    Incomplete,
}

/// What a table could be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Guess {
    pub kind: FileKind,
    pub certainty: Certainty,
    /// The place of the column of each field, from 0.
    pub columns: BTreeMap<String, usize>,
    /// Needed fields without a column, by their keys.
    pub missing: Vec<&'static str>,
}

/// Fields of which one, found surely, shows that the table is of that kind and not of another with the
/// same needed fields.
fn signs(kind: FileKind) -> (&'static [&'static str], usize) {
    match kind {
        FileKind::MappedStudents => (&["birth_date", "ine", "class", "mef", "eleve_id"], 2),
        FileKind::Quote => (&["ean", "unit_price", "publisher"], 1),
        _ => (&[], 0),
    }
}

/// The guess for a kind; none when no needed field has a column.
pub fn guess(kind: FileKind, columns: &[Column]) -> Option<Guess> {
    let keys: Vec<String> = columns.iter().map(|column| title_key(&column.title)).collect();
    let mut chosen = Chosen { keys: &keys, taken: BTreeMap::new(), sure: Vec::new() };
    // Titles first, whatever the field: what a column holds says less than what it is called.
    for field in fields(kind) {
        chosen.by_title(field, field.sure, true);
    }
    for field in fields(kind) {
        chosen.by_title(field, field.likely, false);
    }
    for field in fields(kind) {
        chosen.by_content(field, columns);
    }
    let Chosen { taken, sure, .. } = chosen;
    let has = |key: &str| taken.contains_key(key);
    let missing = missing(kind, &has);
    if !fields(kind).iter().any(|field| field.need != Need::No && has(field.key)) {
        return None;
    }
    let is_sure = |key: &str| sure.contains(&key);
    let (signs, count) = signs(kind);
    let certain = self::missing(kind, &is_sure).is_empty()
        && signs.iter().filter(|key| is_sure(key)).count() >= count
        && likely_agree(kind, &taken, &is_sure);
    let certainty = match (missing.is_empty(), certain) {
        (true, true) => Certainty::Certain,
        (true, false) => Certainty::Likely,
        (false, _) => Certainty::Incomplete,
    };
    let columns = taken.into_iter().map(|(key, place)| (key.to_owned(), place)).collect();
    Some(Guess { kind, certainty, columns, missing })
}

/// A name in two columns needs the second as surely as the first.
fn likely_agree(
    kind: FileKind,
    taken: &BTreeMap<&'static str, usize>,
    is_sure: &dyn Fn(&str) -> bool,
) -> bool {
    let identity = ["eleve_id", "ine", "full_name"].iter().any(|key| is_sure(key));
    kind != FileKind::Badges || identity || taken.contains_key("first_name") && is_sure("first_name")
}

/// The needed fields that `has` does not know.
pub fn missing(kind: FileKind, has: &dyn Fn(&str) -> bool) -> Vec<&'static str> {
    let fields = fields(kind);
    let of = |need: Need| fields.iter().filter(move |field| field.need == need);
    let mut missing: Vec<_> = of(Need::Yes).map(|field| field.key).filter(|key| !has(key)).collect();
    if !of(Need::OneOf).any(|field| has(field.key)) {
        missing.extend(of(Need::OneOf).map(|field| field.key));
    }
    missing
}

struct Chosen<'a> {
    keys: &'a [String],
    taken: BTreeMap<&'static str, usize>,
    sure: Vec<&'static str>,
}

impl Chosen<'_> {
    fn is_free(&self, place: usize) -> bool {
        !self.taken.values().any(|taken| *taken == place)
    }

    fn by_title(&mut self, field: &Field, words: &[&str], sure: bool) {
        if self.taken.contains_key(field.key) {
            return;
        }
        let named = |word: &&str| {
            let mut places = (0..self.keys.len())
                .filter(|place| self.keys.get(*place).is_some_and(|key| key == word) && self.is_free(*place));
            places.next().map(|first| (first, places.next().is_none()))
        };
        if let Some((place, alone)) = words.iter().find_map(named) {
            self.taken.insert(field.key, place);
            if sure && alone {
                self.sure.push(field.key);
            }
        }
    }

    /// The one column that is left and all of whose examples look like it.
    fn by_content(&mut self, field: &Field, columns: &[Column]) {
        let Some(looks) = field.looks.filter(|_| !self.taken.contains_key(field.key)) else { return };
        let fits = |column: &Column| {
            let examples = column.examples.len();
            examples >= 2 && column.examples.iter().all(|example| looks(example))
        };
        let places: Vec<usize> = (0..columns.len())
            .filter(|place| self.is_free(*place) && columns.get(*place).is_some_and(fits))
            .collect();
        if let [place] = places.as_slice() {
            self.taken.insert(field.key, *place);
        }
    }
}
