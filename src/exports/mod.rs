//! Rows to files.
//!
//! - [`cells`]: what a cell holds
//! - [`csv_line`]: a line of CSV
//! - [`book`]: a workbook of one table
//! - [`differences_csv`]: what a delivery and its note disagree on
//! - [`chase_csv`]: the list of charters to chase as CSV
//! - [`findings_csv`], [`issues_csv`]: what a check of the data found, and the faults of a file
//! - [`register`]: the columns of the register, one table for both formats
//! - [`register_csv`]: the register as CSV
//! - [`register_xlsx`]: the register as a workbook, with its totals
//! - [`lists`]: the columns of the lists of pupils and laptops
//! - [`control_sheet`]: how the Région checks an export

pub mod book;
pub mod cells;
pub mod chase_csv;
pub mod control_sheet;
pub mod csv_line;
pub mod differences_csv;
pub mod findings_csv;
pub mod issues_csv;
pub mod lists;
pub mod register;
pub mod register_csv;
pub mod register_xlsx;
