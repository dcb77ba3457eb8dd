//! Tables whose columns somebody names: our fields on one side, their columns with examples on the other,
//! guessed by their titles and by what they hold, and remembered for the next file of the same layout.
//!
//! - [`fields`]: our fields and the titles that name them
//! - [`preamble`]: what stands above the titles
//! - [`preview`]: what a table holds, before its columns are named
//! - [`guess`]: which column may be which field
//! - [`headers`]: where the columns are, once they are named

pub mod fields;
mod guess;
mod headers;
pub mod preamble;
mod preview;

pub use fields::{Field, KINDS, Need, fields, label};
pub use guess::{Certainty, Guess};
pub use headers::Headers;
pub use preview::{Column, Preview, Sheet, first_rows, of_rows, preview};

use domain::rows::FileKind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Which column is which field: what somebody has chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// One of [`KINDS`].
    pub kind: FileKind,
    /// The name of the sheet; empty for a CSV.
    pub sheet: String,
    /// The row of the titles as a person sees it, from 1; 0 when there is none.
    pub header_row: u32,
    /// The place of the column of each field, from 0.
    pub columns: BTreeMap<String, usize>,
}

impl Layout {
    /// The same columns on another sheet of the same fingerprint, whose titles may be on another row.
    pub fn moved_to(&self, sheet: &Sheet) -> Self {
        Self { sheet: sheet.name.clone(), header_row: sheet.header_row, ..self.clone() }
    }

    /// Fields that are needed and have no column, by their keys.
    pub fn missing(&self) -> Vec<&'static str> {
        guess::missing(self.kind, &|key| self.columns.contains_key(key))
    }
}
