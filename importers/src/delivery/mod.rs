//! The contractor's delivery note: a table with a header somewhere in its first rows,
//! recognised by its words, whatever their case, accents and order, or named by somebody; on each sheet
//! that has one. What stands above it may say the number of the note and the school. Totals elsewhere in the file are compared with what was read.

mod columns;
mod line;
mod totals;

use super::mapping::{Headers, preamble};
use super::table::lines::{Begin, PREAMBLE, title_keys};
use super::table::{self, Row, Rows};
use super::xml::too_much;
use super::{Asked, Head, Item, Refused, Sink, note as issue};
use columns::Columns;
use domain::identifiers::Uai;
use domain::issues::{ImportIssue, Severity};
use domain::rows::{DeviceRow, FileKind};
use line::{Fault, Line};
use std::collections::HashMap;
use std::io::{Read, Seek};
use totals::Total;

/// Reads the note of a school, from its first byte.
pub fn read(mut source: impl Read + Seek, asked: Asked<'_>, sink: &mut Sink) -> Result<Head, Refused> {
    let headers = match asked.layout {
        Some(layout) => Some(Headers::of(&mut source, FileKind::Delivery, Some(layout))?),
        None => None,
    };
    let mut note = Note::new(asked.uai, headers, sink);
    table::read(source, &mut note)?;
    note.finish()
}

/// Whether the first rows of some sheet have the header of a note; its number may be on an earlier one.
pub fn is_note<'a>(rows: impl IntoIterator<Item = &'a Row>) -> bool {
    let mut has_note = false;
    rows.into_iter().any(|row| {
        has_note |= preamble::note_number(row).is_some();
        Columns::of_header(row, has_note).is_some()
    })
}

/// Laptops of a note.
const MOST_LAPTOPS: u32 = 200_000;
/// Totals of a note.
const MOST_TOTALS: usize = 1_000;

/// The note as far as it is read.
struct Note<'a, 'b> {
    uai: &'a Uai,
    /// Where the columns are, when somebody has named them.
    headers: Option<Headers>,
    sink: &'a mut Sink<'b>,
    /// The number of the note and the school, as far as they stand above lines.
    number: Option<String>,
    school: Option<Uai>,
    /// A line names this school.
    named_school: bool,
    /// Lines of laptops seen, faulty ones included.
    read: u32,
    kept: u32,
    sheet: Sheet,
    /// A sheet with a header was found.
    headed: bool,
    /// Serial numbers and where each was first.
    seen: HashMap<String, Place>,
    /// Lines for another school, and the first of those schools.
    elsewhere: (u32, String),
    totals: Vec<Total>,
}

#[derive(Default)]
struct Sheet {
    name: String,
    rows: u32,
    /// Lines of laptops on this sheet.
    lines: u32,
    columns: Option<Columns>,
    /// The column of quantities, on a sheet without laptops.
    quantity: Option<(usize, String)>,
}

#[derive(Clone)]
struct Place {
    sheet: String,
    row: u32,
}

impl<'a, 'b> Note<'a, 'b> {
    fn new(uai: &'a Uai, headers: Option<Headers>, sink: &'a mut Sink<'b>) -> Self {
        Self {
            uai,
            headers,
            sink,
            number: None,
            school: None,
            named_school: false,
            read: 0,
            kept: 0,
            sheet: Sheet::default(),
            headed: false,
            seen: HashMap::new(),
            elsewhere: (0, String::new()),
            totals: Vec::new(),
        }
    }

    fn laptop(&mut self, row: &Row, columns: &Columns) -> Result<(), Refused> {
        let note = self.number.clone();
        let line = Line { row, columns, note: note.as_deref() };
        if let Some(number) = totals::of_line(row) {
            if self.totals.len() >= MOST_TOTALS {
                return Err(too_much("totaux"));
            }
            self.totals.push(Total::of_sheet(&self.sheet.name, row.number, number, self.sheet.lines));
            return Ok(());
        }
        if line.is_blank() || columns.is_header(row) {
            return Ok(());
        }
        self.read += 1;
        if self.read > MOST_LAPTOPS {
            return Err(too_much("ordinateurs"));
        }
        self.sheet.lines += 1;
        let mut warnings = Vec::new();
        match line.device(self.uai, &mut warnings).and_then(|device| self.first(&line, device)) {
            Ok(device) => {
                self.kept += 1;
                self.named_school |= !line.get("uai").is_empty();
                (self.sink)(Item::Device(device))?;
            }
            Err(fault) => {
                if fault.code == "other_school" {
                    self.elsewhere.0 += 1;
                    if self.elsewhere.1.is_empty() {
                        self.elsewhere.1.clone_from(&fault.read);
                    }
                }
                warnings = vec![fault.into_issue(row.number, Severity::Error)];
            }
        }
        for issue in warnings {
            (self.sink)(Item::Issue(on_sheet(issue, &self.sheet.name)))?;
        }
        Ok(())
    }

    /// The device, unless its serial number was on an earlier line.
    fn first(&mut self, line: &Line, device: DeviceRow) -> Result<DeviceRow, Fault> {
        let place = Place { sheet: self.sheet.name.clone(), row: line.row.number };
        let Some(first) = self.seen.get(&device.serial_number) else {
            self.seen.insert(device.serial_number.clone(), place);
            return Ok(device);
        };
        let on = if first.sheet == place.sheet { String::new() } else { format!(" de {}", first.sheet) };
        Err(line.fault(
            "serial_number",
            "duplicate_serial",
            "un numéro par ligne",
            format!("Ce numéro est déjà à la ligne {}{on}, qui est gardée.", first.row),
        ))
    }

    /// The columns, when they begin with this row, and whether it is a line already. What stands above
    /// is kept.
    fn begin(&mut self, row: &Row) -> Option<(Columns, bool)> {
        if self.sheet.rows > PREAMBLE {
            return None;
        }
        match self.headers.as_ref().map(|headers| headers.begin(&self.sheet.name, row)) {
            Some(Begin::Header(columns)) => return Some((Columns::named(columns, title_keys(row)), false)),
            Some(Begin::Line(columns)) => return Some((Columns::named(columns, Vec::new()), true)),
            Some(Begin::No) | None => {}
        }
        let is_mapped = self.headers.as_ref().is_some_and(|headers| headers.is_on(&self.sheet.name));
        let header = Columns::of_header(row, self.number.is_some()).filter(|_| !is_mapped);
        if header.is_none() {
            self.number = self.number.take().or_else(|| preamble::note_number(row));
            self.school = self.school.take().or_else(|| preamble::school(row));
        }
        header.map(|columns| (columns, false))
    }

    fn finish(self) -> Result<Head, Refused> {
        if !self.headed {
            return Err(Refused::new(
                "no_header",
                "Aucune ligne d'en-tête avec n° de série, référence et n° de BL n'a été trouvée.",
                "Vérifiez que ce fichier est bien un bon de livraison.",
            ));
        }
        let (elsewhere, other) = &self.elsewhere;
        if *elsewhere > 0 && *elsewhere == self.read {
            return Err(wrong_school(other, self.uai));
        }
        for issue in self.totals.iter().filter_map(|total| total.compare(self.read, self.kept)) {
            (self.sink)(Item::Issue(issue))?;
        }
        let mut head = Head::default();
        head.read.insert("devices", self.read);
        head.establishment =
            (self.school.is_some() || self.named_school).then(|| self.uai.as_str().to_owned());
        Ok(head)
    }
}

fn wrong_school(other: &str, expected: &Uai) -> Refused {
    Refused::new(
        "wrong_school",
        format!("Ce bon de livraison est celui de l'établissement {other} ; {expected} est attendu."),
        "Demandez au fournisseur le bon de votre établissement.",
    )
}

impl Rows for Note<'_, '_> {
    fn sheet(&mut self, name: &str) {
        self.sheet = Sheet { name: name.to_owned(), ..Sheet::default() };
    }

    fn row(&mut self, row: &Row) -> Result<(), Refused> {
        self.sheet.rows += 1;
        if let Some(columns) = self.sheet.columns.take() {
            let taken = self.laptop(row, &columns);
            self.sheet.columns = Some(columns);
            taken?;
        } else if let Some((columns, is_line)) = self.begin(row) {
            if columns.place("uai").is_none()
                && let Some(school) = self.school.as_ref().filter(|school| *school != self.uai)
            {
                return Err(wrong_school(school.as_str(), self.uai));
            }
            self.headed = true;
            if is_line {
                self.laptop(row, &columns)?;
            }
            self.sheet.columns = Some(columns);
        } else if let Some((column, title)) = &self.sheet.quantity {
            if let Some(number) = totals::quantity(row, *column) {
                let labelled = totals::is_labelled(row);
                Total::add(&mut self.totals, &self.sheet.name, title, row.number, number, labelled);
            }
        } else if self.sheet.rows <= PREAMBLE {
            self.sheet.quantity = totals::quantity_column(row);
        }
        Ok(())
    }
}

/// On a sheet with a name, the column is told with it: rows are numbered sheet by sheet.
fn on_sheet(mut issue: ImportIssue, sheet: &str) -> ImportIssue {
    if !sheet.is_empty() {
        issue.column = issue.column.map(|column| format!("{sheet} · {column}"));
    }
    issue
}

#[cfg(test)]
mod tests;
