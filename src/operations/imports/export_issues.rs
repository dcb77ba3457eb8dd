//! Faults of a file, to work through elsewhere.

use super::{Db, EstablishmentId, Failure, Uuid, show};
use crate::exports::issues_csv::{self, IssueLine};

/// Every fault of the file, as CSV; only the heading when it has none.
pub async fn export_issues(db: &Db, school: EstablishmentId, id: Uuid) -> Result<String, Failure> {
    let issues = show(db, school, id).await?.report.map(|report| report.issues).unwrap_or_default();
    Ok(issues_csv::file(issues.iter().map(|issue| IssueLine {
        row: issue.row,
        column: issue.column.as_deref().unwrap_or(""),
        severity: if issue.severity == "error" { "erreur" } else { "avertissement" },
        read: issue.read.as_deref().unwrap_or(""),
        expected: &issue.expected,
        message: &issue.message,
    })))
}
