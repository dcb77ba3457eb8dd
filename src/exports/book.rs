//! A workbook of one table: dates that are dates, text that stays text, a frozen heading with
//! filters. Rows go to a temporary file as they come, so that memory does not grow with the table.

use super::cells::Cell;
use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet, XlsxError};
use std::io::Write;

/// A table being written, a row at a time.
pub struct Book {
    book: Workbook,
    formats: Formats,
    columns: u16,
    /// Rows written, the heading included.
    rows: u32,
}

struct Formats {
    heading: Format,
    text: Format,
    date: Format,
    time: Format,
    money: Format,
}

/// Place of the sheet of rows.
const ROWS: usize = 0;

impl Book {
    /// Opens the book and writes the headings, each with its width in characters.
    pub fn new<'a>(name: &str, headings: impl Iterator<Item = (&'a str, f64)>) -> Result<Self, XlsxError> {
        let formats = Formats {
            heading: Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top),
            // `@`: a serial number such as 5E10 stays what it is when somebody edits the cell.
            text: Format::new().set_num_format("@"),
            date: Format::new().set_num_format("dd/mm/yyyy"),
            time: Format::new().set_num_format("hh:mm"),
            money: Format::new().set_num_format("0.00"),
        };
        let mut book = Workbook::new();
        let sheet = book.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?;
        sheet.set_freeze_panes(1, 0)?;
        let mut columns = 0;
        for (heading, width) in headings {
            sheet.set_column_width(columns, width)?;
            sheet.write_string_with_format(0, columns, heading, &formats.heading)?;
            columns += 1;
        }
        Ok(Self { book, formats, columns, rows: 1 })
    }

    /// Writes a row.
    pub fn row<'a>(&mut self, cells: impl Iterator<Item = Cell<'a>>) -> Result<(), XlsxError> {
        let sheet = self.book.worksheet_from_index(ROWS)?;
        for (cell, number) in cells.zip(0u16..) {
            match cell {
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
                Cell::Count(count) => {
                    sheet.write(self.rows, number, count)?;
                }
                Cell::Cents(cents) => {
                    let euros = f64::from(i32::try_from(cents).unwrap_or(i32::MAX)) / 100.0;
                    sheet.write_number_with_format(self.rows, number, euros, &self.formats.money)?;
                }
            }
        }
        self.rows += 1;
        Ok(())
    }

    /// Rows written, the heading left out.
    pub fn rows(&self) -> u32 {
        self.rows - 1
    }

    /// A further sheet and the format of its headings.
    pub fn sheet(&mut self) -> (&mut Worksheet, &Format) {
        (self.book.add_worksheet(), &self.formats.heading)
    }

    /// Writes the whole book.
    pub fn finish(mut self, out: impl Write + Send) -> Result<(), XlsxError> {
        let sheet = self.book.worksheet_from_index(ROWS)?;
        sheet.autofilter(0, 0, self.rows - 1, self.columns.saturating_sub(1))?;
        self.book.save_to_writer(out)
    }
}
