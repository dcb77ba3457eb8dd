//! Bytes to rows: what a school's files say, and every fault in them. No database here.
//!
//! - [`recognise`]: which of them a file is, by its content
//! - [`archive`]: what may be unpacked, and how much of it
//! - [`table`]: CSV and XLSX to rows of cells
//! - [`delivery`]: the contractor's delivery note
//! - [`siecle`]: SIECLE's `ElevesSansAdresses.xml`, plain or zipped

pub mod archive;
pub mod delivery;
pub mod recognise;
pub mod siecle;
pub mod table;

use chrono::NaiveDateTime;
use domain::identifiers::Uai;
use domain::issues::{ImportIssue, Severity};
use domain::rows::{DeviceRow, FileKind, StructureRow, StudentRow};
use std::io::{Read, Seek};

/// One thing that a file says.
#[derive(Debug)]
pub enum Item {
    Student(StudentRow),
    Structure(StructureRow),
    Device(DeviceRow),
    Issue(ImportIssue),
}

/// Takes what is read as it is read; an error ends the reading.
pub type Sink<'a> = dyn FnMut(Item) -> Result<(), Refused> + 'a;

/// What a file says of itself, known once it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The starting year; a delivery has none.
    pub school_year: Option<i32>,
    /// On the clock of who exported it.
    pub exported_at: Option<NaiveDateTime>,
    /// Pupils or laptops seen, faulty ones included.
    pub read: u32,
}

/// Reads a file of that kind for school `uai`, from its first byte.
pub fn read(kind: FileKind, source: impl Read + Seek, uai: &Uai, sink: &mut Sink) -> Result<Head, Refused> {
    match kind {
        FileKind::Students => siecle::read(source, uai, sink),
        FileKind::Delivery => delivery::read(source, uai, sink),
    }
}

/// A file that cannot be taken at all: a stable code, what was found, what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail} {remedy}")]
pub struct Refused {
    pub code: &'static str,
    /// French.
    pub detail: String,
    /// French.
    pub remedy: String,
}

impl Refused {
    pub fn new(code: &'static str, detail: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), remedy: remedy.into() }
    }
}

/// Files larger than this, once unzipped, are no school's.
pub const MOST_BYTES: u64 = 512 * 1024 * 1024;

/// A fault, with or without the row it is on.
fn note(
    severity: Severity,
    row: Option<u32>,
    column: &str,
    code: &str,
    read: &str,
    expected: &str,
    message: String,
) -> ImportIssue {
    ImportIssue {
        row,
        column: Some(column.to_owned()),
        code: code.to_owned(),
        severity,
        read: (!read.is_empty()).then(|| read.to_owned()),
        expected: expected.to_owned(),
        message,
    }
}
