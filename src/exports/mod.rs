//! Rows to files.
//!
//! - [`register_csv`]: the register as CSV that spreadsheets open without harm

pub mod register_csv;
