//! What a table holds, before its columns are named: from its first rows, whatever its size.

use super::guess::{Certainty, Guess, guess};
use super::{KINDS, Layout, fields, preamble};
use crate::table::lines::{PREAMBLE, shown, title_key, title_keys};
use crate::table::{self, CellType, Row, Rows};
use crate::{Refused, accounts};
use domain::identifiers::ine_shape;
use domain::rows::FileKind;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Seek};

/// Examples of a column.
const MOST_EXAMPLES: usize = 5;
/// Rows that are looked at, of each sheet.
const ROWS: u32 = PREAMBLE + 30;

/// A table as it shows itself to somebody who is to name its columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Preview {
    /// The sheets that hold a table; a CSV has one without a name.
    pub sheets: Vec<Sheet>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sheet {
    pub name: String,
    /// The row of the titles as a person sees it, from 1; 0 when there is none.
    pub header_row: u32,
    pub columns: Vec<Column>,
    /// The same for every file of this layout: of the titles as they are compared, in their order.
    pub fingerprint: String,
    /// What it could be, the surest first.
    pub guesses: Vec<Guess>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// As written; `Colonne 1` where there are no titles.
    pub title: String,
    /// Different ones, in their order; masked in a table that has passwords.
    pub examples: Vec<String>,
}

impl Preview {
    /// The layout of a kind that needs nobody's choice.
    pub fn certain(&self, kind: FileKind) -> Option<Layout> {
        self.sheets.iter().find_map(|sheet| {
            let guess = sheet.guesses.iter().find(|guess| guess.kind == kind)?;
            (guess.certainty == Certainty::Certain).then(|| Layout {
                kind,
                sheet: sheet.name.clone(),
                header_row: sheet.header_row,
                columns: guess.columns.clone(),
            })
        })
    }
}

/// Looks at the first rows of each sheet. Accounts are refused: their examples would be passwords.
pub fn preview(source: &mut (impl Read + Seek)) -> Result<Preview, Refused> {
    of_rows(&first_rows(source)?)
}

/// What the first rows of each sheet show.
pub fn of_rows(sheets: &[(String, Vec<Row>)]) -> Result<Preview, Refused> {
    let mut rows = sheets.iter().flat_map(|(_, rows)| rows);
    if rows.any(|row| accounts::of_titles(&title_keys(row)).is_some()) {
        return Err(accounts::printed());
    }
    Ok(Preview { sheets: sheets.iter().filter_map(|(name, rows)| sheet(name, rows)).collect() })
}

/// The first rows of each sheet, with its name.
pub fn first_rows(source: &mut (impl Read + Seek)) -> Result<Vec<(String, Vec<Row>)>, Refused> {
    struct Kept(Vec<(String, Vec<Row>)>);
    impl Rows for Kept {
        fn sheet(&mut self, name: &str) {
            self.0.push((name.to_owned(), Vec::new()));
        }

        fn row(&mut self, row: &Row) -> Result<(), Refused> {
            if let Some((_, rows)) = self.0.last_mut() {
                rows.push(row.clone());
            }
            Ok(())
        }
    }
    let mut kept = Kept(Vec::new());
    table::peek(source, ROWS, &mut kept)?;
    Ok(kept.0)
}

fn sheet(name: &str, rows: &[Row]) -> Option<Sheet> {
    let Some(at) = header(rows) else { return headless(name, rows) };
    let (above, below) = rows.split_at(at);
    let (titles, lines) = below.split_first()?;
    let keys = title_keys(titles);
    let mut columns: Vec<Column> = titles
        .cells
        .iter()
        .take(keys.len())
        .enumerate()
        .map(|(place, cell)| Column { title: shown(&cell.text), examples: examples(lines, place) })
        .collect();
    if titles.cells.iter().any(|cell| is_secret(&cell.text)) {
        // On a line whose columns have shifted a password may stand under any title.
        for column in &mut columns {
            column.examples = vec!["••••".to_owned()];
        }
    }
    let mut guesses: Vec<Guess> = KINDS.into_iter().filter_map(|kind| guess(kind, &columns)).collect();
    for guess in &mut guesses {
        note_in_preamble(guess, above);
    }
    guesses.sort_by_key(|guess| (guess.certainty, guess.missing.len()));
    Some(Sheet {
        name: name.to_owned(),
        header_row: titles.number,
        columns,
        fingerprint: fingerprint(&keys),
        guesses,
    })
}

/// A delivery note may say its number above its lines alone.
fn note_in_preamble(guess: &mut Guess, above: &[Row]) {
    if guess.kind == FileKind::Delivery
        && guess.missing == ["note_number"]
        && above.iter().any(|row| preamble::note_number(row).is_some())
    {
        guess.missing.clear();
        guess.certainty = Certainty::Likely;
    }
}

/// The row of titles: the one that names most of our fields, else the first that is as wide as what
/// follows and holds words alone.
fn header(rows: &[Row]) -> Option<usize> {
    let early = || rows.iter().take_while(|row| row.number <= PREAMBLE).enumerate();
    let known = |row: &Row| {
        let keys: BTreeSet<String> = title_keys(row).into_iter().collect();
        let words =
            |kind| fields(kind).iter().filter(|f| f.sure.iter().any(|word| keys.contains(*word))).count();
        KINDS.into_iter().map(words).max().unwrap_or(0)
    };
    let best = early().map(|(at, row)| (known(row), at)).max_by_key(|(count, at)| (*count, usize::MAX - at));
    if let Some((count, at)) = best
        && count >= 2
    {
        return Some(at);
    }
    let width = |row: &Row| row.cells.iter().filter(|cell| !cell.text.is_empty()).count();
    let widest = rows.iter().map(width).max().filter(|widest| *widest >= 2)?;
    let (at, row) = early().find(|(_, row)| width(row) >= 2 && width(row) * 3 >= widest * 2)?;
    is_titles(row).then_some(at)
}

/// Words that differ, and nothing that looks like a value.
fn is_titles(row: &Row) -> bool {
    let texts: Vec<&str> =
        row.cells.iter().map(|cell| cell.text.as_str()).filter(|text| !text.is_empty()).collect();
    let value = |text: &&str| {
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        digits * 2 > text.len() || ine_shape(text).is_some() || text.contains('@')
    };
    let typed = row.cells.iter().any(|cell| cell.cell_type != CellType::Text);
    let different: BTreeSet<String> = texts.iter().map(|text| title_key(text)).collect();
    !typed && !texts.iter().any(value) && different.len() == texts.len() && !is_person(&texts)
}

/// A row that names somebody is a line: no title is `MERCIER Lina`.
fn is_person(texts: &[&str]) -> bool {
    texts.iter().any(|text| {
        let mut words = text.split_whitespace();
        let first = words.next().unwrap_or("");
        let upper = |word: &str| {
            word.chars().count() > 1 && word.chars().all(|c| c.is_uppercase() || c == '-' || c == '\'')
        };
        let capital = |word: &str| word.chars().next().is_some_and(char::is_uppercase) && !upper(word);
        upper(first) && words.last().is_some_and(capital)
    })
}

/// A table without titles: the same number of columns on every line. Only a list of badges is guessed.
fn headless(name: &str, rows: &[Row]) -> Option<Sheet> {
    let width = rows.iter().map(|row| row.cells.len()).max().filter(|width| *width >= 2)?;
    let columns: Vec<Column> = (0..width)
        .map(|place| Column { title: format!("Colonne {}", place + 1), examples: examples(rows, place) })
        .collect();
    let guesses = if width == 2 { badges_without_titles(rows).into_iter().collect() } else { Vec::new() };
    let keys = [format!("{width} colonnes sans titre")];
    Some(Sheet { name: name.to_owned(), header_row: 0, columns, fingerprint: fingerprint(&keys), guesses })
}

/// Two columns without titles are a list of badges when one holds codes, each different, and the other
/// surely people: INE or names. Two columns of numbers are a question.
fn badges_without_titles(rows: &[Row]) -> Option<Guess> {
    let column = |place: usize| -> Option<Vec<&str>> {
        rows.iter().map(|row| row.cells.get(place).map(|cell| cell.text.as_str())).collect()
    };
    let (first, second) = (column(0)?, column(1)?);
    let two = |place, person, key: &str| {
        let columns = BTreeMap::from([("code".to_owned(), place), (key.to_owned(), person)]);
        Guess { kind: FileKind::Badges, certainty: Certainty::Certain, columns, missing: Vec::new() }
    };
    let person = |texts: &[&str]| {
        if texts.iter().all(|text| is_ine(text)) {
            Some("ine")
        } else {
            texts.iter().all(|text| is_name(text)).then_some("full_name")
        }
    };
    let codes = |texts: &[&str]| {
        let different: BTreeSet<&&str> = texts.iter().collect();
        different.len() == texts.len() && texts.len() >= 2 && texts.iter().all(|text| is_code(text))
    };
    match (person(&first), person(&second)) {
        (Some(key), None) if codes(&second) => Some(two(1, 0, key)),
        (None, Some(key)) if codes(&first) => Some(two(0, 1, key)),
        _ => None,
    }
}

fn is_ine(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_alphabetic()) && ine_shape(text).is_some()
}

fn is_name(text: &str) -> bool {
    text.split_whitespace().count() >= 2
        && text.chars().all(|c| c.is_alphabetic() || c.is_whitespace() || matches!(c, '-' | '\'' | '’' | '.'))
}

fn is_code(text: &str) -> bool {
    (3..=64).contains(&text.len())
        && text.bytes().any(|b| b.is_ascii_digit())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b':' | b'.'))
}

/// Whether a title is that of passwords.
fn is_secret(title: &str) -> bool {
    let key = title_key(title);
    ["mot de passe", "password", "passe", "mdp", "code pin", "pin"].iter().any(|word| {
        key == *word
            || key.starts_with(&format!("{word} "))
            || key.ends_with(&format!(" {word}"))
            || key.contains(&format!(" {word} "))
    })
}

fn examples(rows: &[Row], place: usize) -> Vec<String> {
    let mut examples: Vec<String> = Vec::new();
    for text in rows.iter().filter_map(|row| row.cells.get(place)).map(|cell| cell.text.as_str()) {
        let text = shown(text);
        if examples.len() < MOST_EXAMPLES && !text.is_empty() && !examples.contains(&text) {
            examples.push(text);
        }
    }
    examples
}

/// 32 hexadecimal figures.
fn fingerprint(keys: &[String]) -> String {
    let mut hash = Sha256::new();
    for key in keys {
        hash.update(key.as_bytes());
        // No title holds one, so that no two rows of titles run together.
        hash.update([0]);
    }
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
