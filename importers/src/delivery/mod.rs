//! The contractor's delivery note: a table with a header somewhere in its first rows,
//! recognised by its words, whatever their case, accents and order; on each sheet that
//! has one. Totals elsewhere in the file are compared with what was read.

mod columns;
mod line;
mod totals;

use super::table::{self, Row, Rows};
use super::{Head, Item, Refused, Sink, note as issue};
use columns::Columns;
use domain::identifiers::Uai;
use domain::issues::{ImportIssue, Severity};
use domain::rows::DeviceRow;
use line::{Fault, Line};
use std::collections::HashMap;
use std::io::{Read, Seek};
use totals::Total;

/// Reads the note for school `uai`, from its first byte.
pub fn read(source: impl Read + Seek, uai: &Uai, sink: &mut Sink) -> Result<Head, Refused> {
    let mut note = Note::new(uai, sink);
    table::read(source, &mut note)?;
    note.finish()
}

/// Rows that may stand above the header.
const PREAMBLE: u32 = 30;

/// The note as far as it is read.
struct Note<'a, 'b> {
    uai: &'a Uai,
    sink: &'a mut Sink<'b>,
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
    fn new(uai: &'a Uai, sink: &'a mut Sink<'b>) -> Self {
        Self {
            uai,
            sink,
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
        let line = Line { row, columns };
        if let Some(number) = totals::of_line(row) {
            self.totals.push(Total::of_sheet(&self.sheet.name, row.number, number, self.sheet.lines));
            return Ok(());
        }
        if line.is_blank() || columns.is_header(row) {
            return Ok(());
        }
        self.read += 1;
        self.sheet.lines += 1;
        let mut warnings = Vec::new();
        match line.device(self.uai, &mut warnings).and_then(|device| self.first(&line, device)) {
            Ok(device) => {
                self.kept += 1;
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
            "S/N",
            "duplicate_serial",
            "un numéro par ligne",
            format!("Ce numéro est déjà à la ligne {}{on}, qui est gardée.", first.row),
        ))
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
            return Err(Refused::new(
                "wrong_school",
                format!(
                    "Ce bon de livraison est celui de l'établissement {other} ; {} est attendu.",
                    self.uai
                ),
                "Demandez au fournisseur le bon de votre établissement.",
            ));
        }
        for issue in self.totals.iter().filter_map(|total| total.compare(self.read, self.kept)) {
            (self.sink)(Item::Issue(issue))?;
        }
        let mut head = Head::default();
        head.read.insert("devices", self.read);
        Ok(head)
    }
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
        } else if self.sheet.rows <= PREAMBLE
            && let Some(columns) = Columns::of_header(row)
        {
            self.headed = true;
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
