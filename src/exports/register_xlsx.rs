//! The register as a workbook: dates that are dates, text that stays text, a frozen
//! heading with filters, and a sheet of totals. Rows go to a temporary file as they
//! come, so that memory does not grow with the register.

use super::register::{COLUMNS, Cell};
use chrono::{DateTime, Utc};
use chrono_tz::Europe::Paris;
use domain::register::{RegisterRow, Totals};
use domain::reserve::Standing;
use domain::words::day;
use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet, XlsxError};
use std::io::Write;

/// A register being written, a row at a time.
pub struct RegisterBook {
    book: Workbook,
    formats: Formats,
    /// Rows written, the heading included.
    rows: u32,
}

struct Formats {
    heading: Format,
    text: Format,
    date: Format,
    time: Format,
}

/// Place of the sheet of loans.
const LOANS: usize = 0;

impl RegisterBook {
    /// Opens the book and writes the headings.
    pub fn new() -> Result<Self, XlsxError> {
        let formats = Formats {
            heading: Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top),
            // `@`: a serial number such as 5E10 stays what it is when somebody edits the cell.
            text: Format::new().set_num_format("@"),
            date: Format::new().set_num_format("dd/mm/yyyy"),
            time: Format::new().set_num_format("hh:mm"),
        };
        let mut book = Workbook::new();
        let sheet = book.add_worksheet_with_constant_memory()?;
        sheet.set_name("Registre")?;
        sheet.set_freeze_panes(1, 0)?;
        for (column, number) in COLUMNS.iter().zip(0u16..) {
            sheet.set_column_width(number, column.width)?;
            sheet.write_string_with_format(0, number, column.heading, &formats.heading)?;
        }
        Ok(Self { book, formats, rows: 1 })
    }

    /// Writes a loan.
    pub fn row(&mut self, loan: &RegisterRow) -> Result<(), XlsxError> {
        let sheet = self.book.worksheet_from_index(LOANS)?;
        for (column, number) in COLUMNS.iter().zip(0u16..) {
            match (column.cell)(loan) {
                Cell::Empty => {}
                Cell::Text(text) => {
                    sheet.write_string_with_format(self.rows, number, text, &self.formats.text)?;
                }
                Cell::Date(date) => {
                    sheet.write_date_with_format(self.rows, number, date, &self.formats.date)?;
                }
                Cell::Time(time) => {
                    sheet.write_time_with_format(self.rows, number, time, &self.formats.time)?;
                }
            }
        }
        self.rows += 1;
        Ok(())
    }

    /// Adds the totals, as they stood `at` that moment, and writes the whole book.
    pub fn finish(
        mut self,
        totals: &Totals,
        at: DateTime<Utc>,
        out: impl Write + Send,
    ) -> Result<(), XlsxError> {
        let last = u16::try_from(COLUMNS.len()).unwrap_or(1).saturating_sub(1);
        self.book.worksheet_from_index(LOANS)?.autofilter(0, 0, self.rows - 1, last)?;
        let loans = self.rows - 1;
        summary(self.book.add_worksheet(), &self.formats.heading, totals, loans, at)?;
        self.book.save_to_writer(out)
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
