//! The register as CSV: UTF-8 with BOM, `;`, CRLF, and no cell that a spreadsheet
//! would take for a formula.

use super::csv_line::{BOM, field};
use super::register::{COLUMNS, Cell};
use chrono::{Datelike, Timelike};
use domain::register::RegisterRow;
use std::fmt::Write;

/// Appends the BOM and the line of headings.
pub fn heading(out: &mut String) {
    out.push_str(BOM);
    line(out, COLUMNS.iter().map(|column| Cell::Text(column.heading.into())));
}

/// Appends the line of a loan.
pub fn row(out: &mut String, row: &RegisterRow) {
    line(out, COLUMNS.iter().map(|column| (column.cell)(row)));
}

fn line<'a>(out: &mut String, cells: impl Iterator<Item = Cell<'a>>) {
    for (i, cell) in cells.enumerate() {
        if i > 0 {
            out.push(';');
        }
        // Writing to a string cannot fail.
        let _ = match cell {
            Cell::Empty => Ok(()),
            Cell::Text(text) => {
                field(out, &text);
                Ok(())
            }
            Cell::Date(date) => write!(out, "{:02}/{:02}/{:04}", date.day(), date.month(), date.year()),
            Cell::Time(time) => write!(out, "{:02}:{:02}", time.hour(), time.minute()),
        };
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    #[test]
    fn every_row_has_every_column() {
        let mut text = String::new();
        let loan = RegisterRow {
            last_name: "Mercier".into(),
            opened_at: DateTime::UNIX_EPOCH,
            operator: "accueil".into(),
            kit: vec!["Chargeur".into(), "Housse".into()],
            close_kind: Some("stolen".into()),
            closed_at: Some(DateTime::UNIX_EPOCH),
            close_reason: Some("plainte 2026/118".into()),
            ..RegisterRow::default()
        };
        row(&mut text, &loan);
        assert_eq!(text.split(';').count(), COLUMNS.len());
        // The wall clock of Paris.
        assert!(text.contains(";01/01/1970;01:00;accueil;;Chargeur, Housse;non;"), "{text}");
        assert!(text.ends_with(";prêt;volé;vol;01/01/1970;01/01/1970;plainte 2026/118\r\n"), "{text}");
    }
}
