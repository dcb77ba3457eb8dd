//! Faults of a file, to work through elsewhere.

use super::{Db, EstablishmentId, Failure, Uuid, show};
use crate::exports::issues_csv::{self, IssueLine};
use crate::operations::imports::report::Issue;

/// Every fault of the file, as CSV; only the heading when it has none.
pub async fn export_issues(db: &Db, school: EstablishmentId, id: Uuid) -> Result<String, Failure> {
    let issues = show(db, school, id).await?.report.map(|report| report.issues).unwrap_or_default();
    let messages: Vec<String> = issues.iter().map(message).collect();
    Ok(issues_csv::file(issues.iter().zip(&messages).map(|(issue, message)| IssueLine {
        row: issue.row,
        column: issue.column.as_deref().unwrap_or(""),
        severity: if issue.severity == "error" { "erreur" } else { "avertissement" },
        read: issue.read.as_deref().unwrap_or(""),
        expected: &issue.expected,
        message,
    })))
}

/// What the page shows, and what somebody has answered to it.
fn message(issue: &Issue) -> String {
    let answer = match issue.is_same {
        Some(true) => " Réponse : c'est le même élève.",
        Some(false) => " Réponse : c'est un autre élève.",
        None => "",
    };
    format!("{}{answer}", issue.message)
}
