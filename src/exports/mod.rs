//! Rows to files.
//!
//! - [`csv_line`]: a line of CSV
//! - [`differences_csv`]: what a delivery and its note disagree on
//! - [`chase_csv`]: the list of charters to chase as CSV
//! - [`register`]: the columns of the register, one table for both formats
//! - [`register_csv`]: the register as CSV that spreadsheets open without harm
//! - [`register_xlsx`]: the register as a workbook, with its totals

pub mod chase_csv;
pub mod csv_line;
pub mod differences_csv;
pub mod register;
pub mod register_csv;
pub mod register_xlsx;
