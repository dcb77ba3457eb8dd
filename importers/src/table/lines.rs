//! Rows to the lines below a header, which is looked for within the first rows of each sheet.

use super::{Cell, CellType, Row, Rows};
use crate::{Fault, Refused};
use domain::issues::{ImportIssue, Severity};
use domain::names::search_key;

/// Rows that may stand above the header.
pub const PREAMBLE: u32 = 30;
/// Characters of what was read that an issue repeats.
const MOST_SHOWN: usize = 60;

/// A title as it is compared: lower case, without accents, signs and unbreakable spaces.
pub fn title_key(title: &str) -> String {
    let short: String = title.chars().take(200).collect();
    search_key(&short.replace(['º', '°', 'ᵒ'], " "))
}

/// The keys of a row of titles, without the empty ones at its end.
pub fn title_keys(row: &Row) -> Vec<String> {
    let mut keys: Vec<String> = row.cells.iter().map(|cell| title_key(&cell.text)).collect();
    while keys.last().is_some_and(String::is_empty) {
        keys.pop();
    }
    keys
}

/// Places of our columns, from 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns(Vec<(&'static str, usize)>);

impl Columns {
    /// Our columns, each the first whose title is one of its words; no place is taken twice.
    pub fn named(keys: &[String], words: &[(&'static str, &[&str])]) -> Self {
        let mut columns = Self::default();
        for (column, words) in words {
            let free = |place: &usize| columns.at(*place).is_none();
            let mut places = words.iter().filter_map(|word| {
                keys.iter().enumerate().filter(|(_, key)| key == word).map(|(place, _)| place).find(free)
            });
            if let Some(place) = places.next() {
                columns.put(column, place);
            }
        }
        columns
    }

    pub fn put(&mut self, column: &'static str, place: usize) {
        self.0.push((column, place));
    }

    pub fn place(&self, column: &str) -> Option<usize> {
        self.0.iter().find(|(known, _)| *known == column).map(|(_, place)| *place)
    }

    pub fn has(&self, column: &str) -> bool {
        self.place(column).is_some()
    }

    /// Our column at that place.
    pub fn at(&self, place: usize) -> Option<&'static str> {
        self.0.iter().find(|(_, known)| *known == place).map(|(column, _)| *column)
    }
}

/// What a row above the lines is.
pub enum Begin {
    /// Something else.
    No,
    Header(Columns),
    /// The first line of a table without a header.
    Line(Columns),
}

/// Who is told lines.
pub trait Lines {
    /// What a row is as long as no line was found on its sheet.
    fn begin(&mut self, sheet: &str, row: &Row) -> Begin;
    fn line(&mut self, line: &Line<'_>) -> Result<(), Refused>;
}

/// Reads all lines below headers; how many headers there were.
pub fn read(source: impl std::io::Read + std::io::Seek, lines: &mut dyn Lines) -> Result<u32, Refused> {
    let mut reader = Reader { lines, sheet: String::new(), seen: 0, found: None, headers: 0 };
    super::read(source, &mut reader)?;
    Ok(reader.headers)
}

struct Reader<'a> {
    lines: &'a mut dyn Lines,
    sheet: String,
    seen: u32,
    found: Option<Found>,
    headers: u32,
}

/// The columns of a sheet, and the titles above them: as written, and as they are compared.
struct Found {
    columns: Columns,
    titles: Vec<String>,
    keys: Vec<String>,
}

impl Rows for Reader<'_> {
    fn sheet(&mut self, name: &str) {
        self.sheet = name.to_owned();
        (self.seen, self.found) = (0, None);
    }

    fn row(&mut self, row: &Row) -> Result<(), Refused> {
        if self.found.is_none() {
            if row.number > PREAMBLE && self.seen > PREAMBLE {
                return Ok(());
            }
            self.seen += 1;
            match self.lines.begin(&self.sheet, row) {
                Begin::No => return Ok(()),
                Begin::Header(columns) => {
                    self.headers += 1;
                    let titles = row.cells.iter().map(|cell| shown(&cell.text)).collect();
                    self.found = Some(Found { columns, titles, keys: title_keys(row) });
                    return Ok(());
                }
                Begin::Line(columns) => {
                    self.headers += 1;
                    self.found = Some(Found { columns, titles: Vec::new(), keys: Vec::new() });
                }
            }
        }
        let Some(Found { columns, titles, keys }) = &self.found else { return Ok(()) };
        let first = row.cells.first().map(|cell| title_key(&cell.text));
        let again = !keys.is_empty() && first.as_ref() == keys.first() && title_keys(row) == *keys;
        if again || row.is_blank() {
            return Ok(());
        }
        self.lines.line(&Line { sheet: &self.sheet, row, columns, titles })
    }
}

/// A line below a header.
pub struct Line<'a> {
    pub sheet: &'a str,
    pub row: &'a Row,
    pub columns: &'a Columns,
    /// The titles as written; none without a header.
    pub titles: &'a [String],
}

impl Line<'_> {
    pub fn number(&self) -> u32 {
        self.row.number
    }

    pub fn cell(&self, column: &str) -> Option<&Cell> {
        self.row.cells.get(self.columns.place(column)?)
    }

    /// What the column says; empty without it.
    pub fn get(&self, column: &str) -> &str {
        self.cell(column).map_or("", |cell| cell.text.as_str())
    }

    pub fn optional(&self, column: &str) -> Option<String> {
        Some(self.get(column)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    pub fn is(&self, column: &str, cell_type: CellType) -> bool {
        self.cell(column).is_some_and(|cell| cell.cell_type == cell_type)
    }

    pub fn date(&self, column: &str) -> Option<chrono::NaiveDate> {
        super::value::date(self.row, self.columns.place(column)?)
    }

    /// An issue with that column, told by its title, or by `label` without one; on a sheet with a name it
    /// is told with it, as rows are numbered sheet by sheet.
    pub fn issue(&self, column: &str, label: &str, fault: Told<'_>) -> ImportIssue {
        let read = self.cell(column).map_or_else(String::new, |cell| match cell.cell_type {
            CellType::Text => shown(&cell.text),
            CellType::Number => format!("{} (nombre)", cell.text),
            CellType::Date => format!("{} (date)", cell.text),
            CellType::Error => format!("{} (erreur)", cell.text),
        });
        let title = self.columns.place(column).and_then(|place| self.titles.get(place));
        let label = title.filter(|title| !title.is_empty()).map_or(label, String::as_str);
        let label =
            if self.sheet.is_empty() { label.to_owned() } else { format!("{} · {label}", self.sheet) };
        Fault {
            severity: fault.severity,
            row: Some(self.row.number),
            column: &label,
            code: fault.code,
            read: &read,
            expected: fault.expected,
        }
        .told(fault.message)
    }

    /// The issue of a line that a quotation mark without its pair spoils. What stands there is shown
    /// only when the column is one of ours: others may hold what must not leave the file.
    pub fn open_quote(&self) -> Option<ImportIssue> {
        let place = self.row.open_quote?;
        let told = Told {
            severity: Severity::Error,
            code: "unclosed_quote",
            expected: "un guillemet fermant",
            message: "Un guillemet ouvert rend cette ligne illisible : elle est laissée de côté. Corrigez-la dans le fichier.",
        };
        Some(self.issue(self.columns.at(place).unwrap_or(""), &format!("colonne {}", place + 1), told))
    }

    /// A fault that keeps the line out.
    pub fn error(&self, column: &str, label: &str, code: &str, expected: &str, message: &str) -> ImportIssue {
        self.issue(column, label, Told { severity: Severity::Error, code, expected, message })
    }

    /// Something to look at; the line is taken.
    pub fn warning(
        &self,
        column: &str,
        label: &str,
        code: &str,
        expected: &str,
        message: &str,
    ) -> ImportIssue {
        self.issue(column, label, Told { severity: Severity::Warning, code, expected, message })
    }
}

/// What an issue says beside where it is.
pub struct Told<'a> {
    pub severity: Severity,
    pub code: &'a str,
    pub expected: &'a str,
    pub message: &'a str,
}

/// A text that nothing spoils: short, without control characters or characters that could not be decoded.
pub fn is_readable(text: &str, most: usize) -> bool {
    text.chars().nth(most).is_none()
        && !text.contains(|c: char| c == '\u{FFFD}' || c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}

/// Enough of a text for a person to find it in the file.
pub fn shown(text: &str) -> String {
    if text.chars().nth(MOST_SHOWN).is_none() {
        return text.to_owned();
    }
    text.chars().take(MOST_SHOWN - 1).chain(['…']).collect()
}
