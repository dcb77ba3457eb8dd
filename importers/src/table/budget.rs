//! How much a workbook may hold, all sheets together.

use super::{Extent, Row, Rows, not_a_table, too_many_rows};
use crate::Refused;

const MOST_ROWS: u32 = 500_000;
/// Cells, empty ones included.
const MOST_CELLS: u32 = 20_000_000;

/// Passes rows on, as long as there are not too many.
pub struct Budget<'a> {
    rows: &'a mut dyn Rows,
    extent: Extent,
    cells_seen: u32,
    rows_seen: u32,
    on_sheet: u32,
}

impl<'a> Budget<'a> {
    pub fn new(rows: &'a mut dyn Rows, extent: Extent) -> Self {
        Self { rows, extent, cells_seen: 0, rows_seen: 0, on_sheet: 0 }
    }

    pub fn sheet(&mut self, name: &str) {
        self.on_sheet = 0;
        self.rows.sheet(name);
    }

    pub fn cell(&mut self) -> Result<(), Refused> {
        self.cells_seen += 1;
        if self.cells_seen > MOST_CELLS { Err(not_a_table()) } else { Ok(()) }
    }

    /// Enough rows of this sheet were seen.
    pub fn is_full(&self) -> bool {
        self.on_sheet >= self.extent.rows
    }

    /// Passes the row on unless it is empty.
    pub fn row(&mut self, row: &Row) -> Result<(), Refused> {
        if row.cells.is_empty() || self.is_full() {
            return Ok(());
        }
        self.on_sheet += 1;
        self.rows_seen += 1;
        if self.rows_seen > MOST_ROWS {
            return Err(too_many_rows(MOST_ROWS));
        }
        self.rows.row(row)
    }
}

/// Ends a reading early; it never leaves [`super::read`].
pub fn enough() -> Refused {
    Refused::new("enough", "", "")
}
