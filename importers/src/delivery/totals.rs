//! Totals that a note announces, below its lines or on a sheet of their own: one that
//! differs from what was read means that lines are missing, or too many.

use super::issue;
use crate::table::Row;
use domain::issues::{ImportIssue, Severity};
use domain::names::search_key;

const QUANTITY: [&str; 8] = ["qte", "quantite", "quantites", "nombre", "nb", "total", "qty", "quantity"];

/// A number of laptops that the file announces.
pub struct Total {
    sheet: String,
    column: String,
    row: u32,
    number: u32,
    /// Lines it is to be compared with; those of the whole file when absent.
    lines: Option<u32>,
    /// It is the sum of the numbers above it.
    labelled: bool,
}

impl Total {
    /// Below the lines of a sheet.
    pub fn of_sheet(sheet: &str, row: u32, number: u32, lines: u32) -> Self {
        Self { sheet: sheet.into(), column: "Total".into(), row, number, lines: Some(lines), labelled: true }
    }

    /// On a sheet of totals: quantities add up until a row is called a total.
    pub fn add(totals: &mut Vec<Self>, sheet: &str, column: &str, row: u32, number: u32, labelled: bool) {
        let last = totals.last_mut().filter(|total| total.lines.is_none() && total.sheet == sheet);
        match last {
            Some(total) if total.labelled => {}
            Some(total) if labelled => (total.number, total.row, total.labelled) = (number, row, true),
            Some(total) => total.number = total.number.saturating_add(number),
            None => totals.push(Self {
                sheet: sheet.into(),
                column: column.into(),
                row,
                number,
                lines: None,
                labelled,
            }),
        }
    }

    /// A warning when the note announces another number than the lines read.
    pub fn compare(&self, read: u32, kept: u32) -> Option<ImportIssue> {
        let lines = self.lines.unwrap_or(read);
        if self.number == lines {
            return None;
        }
        let column = if self.sheet.is_empty() {
            self.column.clone()
        } else {
            format!("{} · {}", self.sheet, self.column)
        };
        Some(issue(
            Severity::Warning,
            Some(self.row),
            &column,
            "total_differs",
            &self.number.to_string(),
            &lines.to_string(),
            format!(
                "Le bon annonce {} ordinateurs ; {lines} lignes sont lues ({kept} gardées dans tout le fichier). \
                 Comptez les cartons et signalez l'écart au fournisseur.",
                self.number
            ),
        ))
    }
}

/// The total that a row of the list announces: its first text is "Total…", its last number counts.
pub fn of_line(row: &Row) -> Option<u32> {
    if !is_labelled(row) {
        return None;
    }
    row.cells.iter().rev().find_map(|cell| cell.text.parse().ok())
}

/// The row calls itself a total.
pub fn is_labelled(row: &Row) -> bool {
    let first = row.cells.iter().find(|cell| !cell.text.is_empty());
    first.is_some_and(|cell| {
        let key = search_key(&cell.text);
        key == "total" || key.starts_with("total ") || key.starts_with("nombre ")
    })
}

/// The column of quantities and its title, when the row is a heading that has one.
pub fn quantity_column(row: &Row) -> Option<(usize, String)> {
    let place = row.cells.iter().position(|cell| QUANTITY.contains(&search_key(&cell.text).as_str()))?;
    Some((place, row.cells.get(place)?.text.clone()))
}

/// The quantity of a row.
pub fn quantity(row: &Row, column: usize) -> Option<u32> {
    row.cells.get(column)?.text.parse().ok()
}
