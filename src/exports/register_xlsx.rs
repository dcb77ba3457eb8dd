//! The register as a workbook, with a sheet of totals.

use super::book::Book;
use super::register::Layout;
use chrono::{DateTime, Utc};
use chrono_tz::Europe::Paris;
use domain::register::{RegisterRow, Totals};
use domain::reserve::Standing;
use domain::words::day;
use rust_xlsxwriter::{Format, Worksheet, XlsxError};
use std::io::Write;

/// A register being written, a row at a time.
pub struct RegisterBook {
    book: Book,
}

impl RegisterBook {
    /// Opens the book and writes the headings.
    pub fn new(layout: &Layout) -> Result<Self, XlsxError> {
        Ok(Self { book: Book::new("Registre", layout.headings())? })
    }

    /// Writes a loan.
    pub fn row(&mut self, layout: &Layout, loan: &RegisterRow) -> Result<(), XlsxError> {
        self.book.row(layout.cells(loan))
    }

    /// Adds the totals, as they stood `at` that moment, and writes the whole book.
    pub fn finish(
        mut self,
        totals: &Totals,
        at: DateTime<Utc>,
        out: impl Write + Send,
    ) -> Result<(), XlsxError> {
        let loans = self.book.rows();
        let (sheet, heading) = self.book.sheet();
        summary(sheet, heading, totals, loans, at)?;
        self.book.finish(out)
    }
}

fn summary(
    sheet: &mut Worksheet,
    heading: &Format,
    totals: &Totals,
    loans: u32,
    at: DateTime<Utc>,
) -> Result<(), XlsxError> {
    sheet.set_name("Synthèse")?;
    sheet.set_column_width(0, 44)?;
    sheet.set_column_width(1, 16)?;
    sheet.set_column_width(2, 32)?;
    let local = at.with_timezone(&Paris);
    let when = format!("{} à {}", day(local.date_naive()), local.format("%H:%M"));
    sheet.write_string_with_format(0, 0, "Établissement entier", heading)?;
    sheet.write_string_with_format(0, 1, when, heading)?;
    let counts = [
        ("Effectif", totals.headcount),
        ("Dont élèves à équiper", totals.entitled),
        ("Ordinateurs livrés", totals.delivered),
        ("Ordinateurs remis", totals.handed_out),
        ("Réserve", totals.reserve),
        ("Chez des élèves partis", totals.held_by_leavers),
        ("Remis sans charte signée", totals.without_charter),
        ("Lignes de ce registre", i64::from(loans)),
    ];
    for ((label, count), row) in counts.into_iter().zip(1u32..) {
        sheet.write_string(row, 0, label)?;
        sheet.write(row, 1, count)?;
    }
    let row = u32::try_from(counts.len()).unwrap_or(0) + 1;
    sheet.write_string(row, 0, "Réserve, en % des élèves à équiper")?;
    if let Some(percent) = totals.reserve_percent() {
        sheet.write(row, 1, percent)?;
        sheet.write_string(row, 2, totals.reserve_standing().map_or("", Standing::label))?;
    }
    Ok(())
}
