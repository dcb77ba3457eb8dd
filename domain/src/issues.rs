//! Faults of an imported file: row, column, what was read, what was expected.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The row is taken; somebody should look.
    Warning,
    /// The row is left out.
    Error,
}

impl Severity {
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// One fault. Rows count as a person would in the file: lines of a table from 1,
/// pupils of an XML file from 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportIssue {
    pub row: Option<u32>,
    pub column: Option<String>,
    /// Stable, for machines.
    pub code: String,
    pub severity: Severity,
    pub read: Option<String>,
    pub expected: String,
    /// A French sentence: what, and what to do.
    pub message: String,
}
