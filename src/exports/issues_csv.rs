//! Faults of a file, as CSV: row, column, what was read, what was expected, what to do.

use super::csv_line::{BOM, line};

/// One fault.
pub struct IssueLine<'a> {
    pub row: Option<i32>,
    pub column: &'a str,
    /// « erreur » or « avertissement ».
    pub severity: &'a str,
    pub read: &'a str,
    pub expected: &'a str,
    pub message: &'a str,
}

/// UTF-8 with BOM, `;`, CRLF, no cell that a spreadsheet would take for a formula.
pub fn file<'a>(issues: impl Iterator<Item = IssueLine<'a>>) -> String {
    let mut out = String::from(BOM);
    line(&mut out, &["Ligne", "Colonne", "Gravité", "Lu", "Attendu", "Que faire"]);
    for issue in issues {
        let row = issue.row.map(|row| row.to_string()).unwrap_or_default();
        line(&mut out, &[&row, issue.column, issue.severity, issue.read, issue.expected, issue.message]);
    }
    out
}
