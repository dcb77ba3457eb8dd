//! Bytes to rows: what a school's files say, and every fault in them. No database here.
//!
//! - [`archive`]: what may be unpacked, and how much of it
//! - [`table`]: CSV and XLSX to rows of cells
//! - [`delivery`]: the contractor's delivery note
//! - [`siecle_students`]: SIECLE's `ElevesSansAdresses.xml`, plain or zipped

pub mod archive;
pub mod delivery;
pub mod siecle_students;
pub mod table;

use domain::issues::{ImportIssue, Severity};

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

fn issue(
    severity: Severity,
    row: u32,
    column: &str,
    code: &str,
    read: &str,
    expected: &str,
    message: String,
) -> ImportIssue {
    ImportIssue {
        row: Some(row),
        column: Some(column.to_owned()),
        code: code.to_owned(),
        severity,
        read: (!read.is_empty()).then(|| read.to_owned()),
        expected: expected.to_owned(),
        message,
    }
}
