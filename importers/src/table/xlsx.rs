//! XLSX, cell by cell: a sheet of two cells in opposite corners is two cells, not
//! seventeen thousand million.

use super::{Cell, CellType, MOST_COLUMNS, MOST_ROWS, Row, Rows, not_a_table, too_many_rows};
use crate::{Refused, archive};
use calamine::{DataRef, ExcelDateTime, Reader, Xlsx, XlsxError};
use chrono::NaiveDate;
use quick_xml::events::Event;
use std::io::{Cursor, Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};
use zip::ZipArchive;

/// Bytes of the whole workbook once unpacked.
const MOST_UNPACKED: u64 = 64 * 1024 * 1024;
/// Cells of the workbook, empty ones included.
const MOST_CELLS: u32 = 2_000_000;
/// A text longer than this is none of our columns'.
const MOST_CHARACTERS: usize = 1_000;
/// An exact whole number of a cell stays below this.
const EXACT: f64 = 1e15;

pub fn read(bytes: &[u8], rows: &mut dyn Rows) -> Result<(), Refused> {
    let mut packed = archive::open(Cursor::new(bytes))?;
    archive::measure(&mut packed, MOST_UNPACKED)?;
    check_announced_strings(&mut packed)?;
    // The reader of workbooks is not ours: a fault in it must not stop the service.
    catch_unwind(AssertUnwindSafe(|| sheets(bytes, rows))).unwrap_or_else(|_| Err(not_a_table()))
}

/// Room for every shared text that the file announces is taken at once, before one is
/// read: it must not announce more than its size can hold.
fn check_announced_strings<R: Read + Seek>(packed: &mut ZipArchive<R>) -> Result<(), Refused> {
    for index in 0..packed.len() {
        let entry = packed.by_index(index).map_err(|_| archive::broken())?;
        let name = entry.name().map_err(|_| archive::broken())?.to_ascii_lowercase();
        if !name.ends_with("sharedstrings.xml") {
            continue;
        }
        // The shortest text is `<si/>`.
        let most = entry.size().min(MOST_UNPACKED) / 5;
        let mut head = Vec::new();
        entry.take(4096).read_to_end(&mut head).map_err(|_| archive::broken())?;
        if announced(&head).is_none_or(|count| count > most) {
            return Err(not_a_table());
        }
    }
    Ok(())
}

/// How many shared texts the first element announces; `None` when it is not what it should be.
fn announced(head: &[u8]) -> Option<u64> {
    let mut reader = quick_xml::Reader::from_reader(head);
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer).ok()? {
            Event::Start(element) | Event::Empty(element) => {
                let counts = element.attributes().flatten().filter(|a| a.key.as_ref() == "uniqueCount");
                let counts: Option<Vec<u64>> = counts.map(|a| a.value.parse().ok()).collect();
                let most = counts?.into_iter().max().unwrap_or(0);
                return (element.local_name().as_ref() == "sst").then_some(most);
            }
            Event::Eof => return None,
            _ => {}
        }
    }
}

fn sheets(bytes: &[u8], rows: &mut dyn Rows) -> Result<(), Refused> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| not_a_table())?;
    let mut budget = Budget { cells: 0, rows: 0 };
    for name in book.sheet_names() {
        match book.worksheet_cells_reader(&name) {
            Ok(mut cells) => {
                rows.sheet(&name);
                sheet(&mut cells, rows, &mut budget)?;
            }
            // A sheet that is a chart.
            Err(XlsxError::NotAWorksheet(_)) => {}
            Err(_) => return Err(not_a_table()),
        }
    }
    Ok(())
}

struct Budget {
    cells: u32,
    rows: u32,
}

impl Budget {
    fn cell(&mut self) -> Result<(), Refused> {
        self.cells += 1;
        if self.cells > MOST_CELLS { Err(not_a_table()) } else { Ok(()) }
    }

    fn row(&mut self) -> Result<(), Refused> {
        self.rows += 1;
        if self.rows > MOST_ROWS { Err(too_many_rows()) } else { Ok(()) }
    }
}

type Cells<'a, 'b> = calamine::XlsxCellReader<'a, Cursor<&'b [u8]>>;

fn sheet(cells: &mut Cells<'_, '_>, rows: &mut dyn Rows, budget: &mut Budget) -> Result<(), Refused> {
    let mut row = Row { number: 0, cells: Vec::new(), open_quote: None };
    while let Some(found) = cells.next_cell().map_err(|_| not_a_table())? {
        budget.cell()?;
        let (at, column) = found.get_position();
        let number = at.saturating_add(1);
        if number < row.number {
            return Err(not_a_table());
        }
        if number > row.number {
            tell(&row, rows, budget)?;
            row = Row { number, cells: Vec::new(), open_quote: None };
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        let Some(cell) = cell(found.get_value()) else { continue };
        if column < MOST_COLUMNS {
            while row.cells.len() <= column {
                row.cells.push(Cell::text(""));
            }
            if let Some(place) = row.cells.get_mut(column) {
                *place = cell;
            }
        }
    }
    tell(&row, rows, budget)
}

fn tell(row: &Row, rows: &mut dyn Rows, budget: &mut Budget) -> Result<(), Refused> {
    if row.cells.is_empty() {
        return Ok(());
    }
    budget.row()?;
    rows.row(row)
}

/// What a person sees and what the file takes it for; `None` when it is empty.
fn cell(data: &DataRef<'_>) -> Option<Cell> {
    let (text, cell_type) = match data {
        DataRef::Empty => return None,
        DataRef::String(text) => (short(text), CellType::Text),
        DataRef::SharedString(text) => (short(text), CellType::Text),
        DataRef::Float(number) => (shown(*number), CellType::Number),
        DataRef::Int(number) => (number.to_string(), CellType::Number),
        DataRef::Bool(value) => (value.to_string(), CellType::Number),
        DataRef::DateTime(date) => (day(date), CellType::Date),
        DataRef::DateTimeIso(date) => (short(date.get(..10).unwrap_or(date)), CellType::Date),
        DataRef::DurationIso(text) => (short(text), CellType::Date),
        DataRef::Error(error) => (error.to_string(), CellType::Number),
    };
    (!text.is_empty()).then_some(Cell { text, cell_type })
}

/// One character more than is allowed is enough to be found too long.
fn short(text: &str) -> String {
    text.trim().chars().take(MOST_CHARACTERS).collect()
}

/// A whole number without decimals.
fn shown(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < EXACT { format!("{number:.0}") } else { format!("{number:E}") }
}

/// `jj/mm/aaaa`, or the number when it is the date of no day.
fn day(date: &ExcelDateTime) -> String {
    let (year, month, day, ..) = date.to_ymd_hms_milli();
    match NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day)) {
        Some(day) if date.is_datetime() => day.format("%d/%m/%Y").to_string(),
        _ => shown(date.as_f64()),
    }
}
