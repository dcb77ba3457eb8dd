//! Generated schools, written as each software writes them, then recognised and read: what comes back is what was
//! written, field by field, and no fault that the file does not deserve.
//!
//! - [`names`], [`school`]: an invented school
//! - [`whims`]: the free choices of who writes a file
//! - [`xml`], [`table`]: the two shapes that files have, [`csv`] and [`workbook`] being those of tables
//! - [`told`]: what a file tells
//! - [`siecle`], [`sts`], [`tables`], [`edt`], [`udt`], [`directories`], [`lists`], [`deliveries`], [`licences`]: a
//!   writer and a test for each format; [`timetables`]: courses of any of them

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test says so by panicking")]

#[path = "../common/mod.rs"]
mod common;

mod csv;
mod deliveries;
mod directories;
mod edt;
mod licences;
mod lists;
mod names;
mod school;
mod siecle;
mod sts;
mod table;
mod tables;
mod timetables;
mod told;
mod udt;
mod whims;
mod workbook;
mod xml;
