//! What a person sees of a file on its way in. The command line prints the report as JSON,
//! the page shows it.

use crate::db::imports::Import;
use crate::db::imports::issues::IssueRow;
use chrono::{DateTime, NaiveDateTime, Utc};
use domain::identifiers::Uai;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// A file on its way in.
#[derive(Debug, Clone)]
pub struct ImportState {
    pub id: Uuid,
    /// A word of [`domain::rows::FILE_KINDS`]; absent when the file is none of them.
    pub kind: Option<String>,
    pub file_name: String,
    /// `reading`, `staged`, `applying`, `applied`, `discarded`, `undone` or `refused`.
    pub state: &'static str,
    pub created_at: DateTime<Utc>,
    pub progress: ImportProgress,
    /// Once the file is read to its end.
    pub report: Option<ImportReport>,
    /// Why the file cannot be taken.
    pub refusal: Option<Refusal>,
}

/// How far the reading is.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct ImportProgress {
    pub bytes_read: i64,
    pub bytes_total: i64,
    /// Pupils or laptops.
    pub rows: i64,
}

/// What a file would change, or has changed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImportReport {
    pub file: String,
    /// A word of [`domain::rows::FILE_KINDS`]; absent when the file is none of them.
    pub kind: Option<String>,
    /// The school's UAI.
    pub establishment: String,
    /// The starting year; absent for a delivery.
    pub school_year: Option<i32>,
    /// On the clock of who exported the file.
    pub exported_at: Option<NaiveDateTime>,
    /// It was read to its end.
    pub accepted: bool,
    /// Why it was not: a French sentence, and what to do.
    pub reason: Option<String>,
    /// False for a dry run.
    pub applied: bool,
    pub counts: Counts,
    /// The first 200; empty once the import is decided.
    pub changes: Vec<Change>,
    /// The first 1,000; empty once the import is decided.
    pub issues: Vec<Issue>,
}

/// Rows of the file, and what becomes of the school's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Counts {
    /// Pupils, guardians, laptops, badges or what else the file is a list of.
    pub read: i64,
    pub added: i64,
    pub changed: i64,
    pub unchanged: i64,
    /// Known to the school, and no longer in the file: pupils are flagged, never deleted.
    pub gone: i64,
    /// Left out because of a fault.
    pub refused: i64,
    /// Faults that leave no row out.
    pub warnings: i64,
    /// Pupils of the file who have left.
    pub left: i64,
    /// Pupils found by name and birth date: they change nothing until somebody says whether they are the same.
    pub to_confirm: i64,
    /// The same by thing: `students`, `guardians`, `links` (whom guardians answer for), `devices`, `badges`,
    /// `class`, `mef`, `teacher`, `course`, `licence`.
    pub by_thing: BTreeMap<String, ThingCounts>,
}

/// Rows of one thing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct ThingCounts {
    pub read: i64,
    pub added: i64,
    pub changed: i64,
    pub unchanged: i64,
    pub gone: i64,
}

/// A pupil, a guardian, a laptop or what else changes.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Change {
    /// `students`, `guardians`, `references`, `badges` or `devices`.
    #[serde(default)]
    pub thing: String,
    /// `added`, `changed` or `gone`.
    pub action: String,
    /// A name, a serial number, a code.
    pub label: String,
    pub details: Vec<Detail>,
}

/// A field that changes.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Detail {
    /// French.
    pub field: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// A fault of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Issue {
    /// As a person counts: lines of a table or sheet from 1, pupils of an XML file from 1.
    pub row: Option<i32>,
    pub column: Option<String>,
    /// Stable, for machines.
    pub code: String,
    /// `error` keeps the row out, `warning` does not.
    pub severity: String,
    pub read: Option<String>,
    pub expected: String,
    /// A French sentence: what, and what to do.
    pub message: String,
    /// Of `confirm_match`: what somebody said of it, whether it is the pupil the school knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_same: Option<bool>,
}

/// Why a file cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Stable, for machines.
    pub code: String,
    pub title: String,
    pub detail: String,
    pub remedy: String,
}

impl From<IssueRow> for Issue {
    fn from(row: IssueRow) -> Self {
        Self {
            row: row.row_number,
            column: row.column_name,
            code: row.code,
            severity: row.severity,
            read: row.read_value,
            expected: row.expected,
            message: row.message,
            is_same: row.is_same,
        }
    }
}

impl ImportReport {
    /// Of a file that was refused.
    pub fn refused(file: String, kind: Option<String>, uai: &Uai, why: &Refusal) -> Self {
        Self {
            file,
            kind,
            establishment: uai.as_str().to_owned(),
            school_year: None,
            exported_at: None,
            accepted: false,
            reason: Some(why.sentence()),
            applied: false,
            counts: Counts::default(),
            changes: Vec::new(),
            issues: Vec::new(),
        }
    }
}

impl Refusal {
    fn sentence(&self) -> String {
        format!("{} {}", self.detail, self.remedy)
    }
}

impl ImportState {
    pub(super) fn of(import: Import, issues: Vec<IssueRow>) -> Self {
        let state = state(&import);
        let refusal = match state {
            "refused" if import.abandoned => Some(interrupted()),
            "refused" => import.refusal.and_then(|refusal| serde_json::from_value(refusal).ok()),
            _ => None,
        };
        let read = matches!(state, "staged" | "applying" | "applied" | "undone");
        let report = read.then(|| ImportReport {
            file: import.file_name.clone(),
            kind: import.kind.clone(),
            establishment: import.establishment,
            school_year: import.school_year,
            exported_at: import.exported_at,
            accepted: true,
            reason: None,
            applied: state == "applied",
            counts: serde_json::from_value(import.counts).unwrap_or_default(),
            changes: serde_json::from_value(import.changes).unwrap_or_default(),
            issues: issues.into_iter().map(Issue::from).collect(),
        });
        Self {
            id: import.id,
            kind: import.kind,
            file_name: import.file_name,
            state,
            created_at: import.created_at,
            progress: ImportProgress {
                bytes_read: import.bytes_read,
                bytes_total: import.bytes_total,
                rows: import.rows_read,
            },
            report,
            refusal,
        }
    }

    pub(super) fn without_rows(mut self) -> Self {
        if let Some(report) = &mut self.report {
            report.changes.clear();
        }
        self
    }

    pub(super) fn applied(mut self) -> Self {
        self.state = "applied";
        if let Some(report) = &mut self.report {
            report.applied = true;
        }
        self
    }
}

fn state(import: &Import) -> &'static str {
    match import.state.as_str() {
        "reading" if import.abandoned => "refused",
        "reading" => "reading",
        "staged" if import.applying => "applying",
        "staged" => "staged",
        "applied" => "applied",
        "discarded" => "discarded",
        "undone" => "undone",
        _ => "refused",
    }
}

/// The service was stopped while it read the file.
fn interrupted() -> Refusal {
    Refusal {
        code: "interrupted".into(),
        title: "Lecture interrompue".into(),
        detail: "Le service s'est arrêté pendant la lecture. Rien n'a été enregistré.".into(),
        remedy: "Déposez de nouveau le fichier.".into(),
    }
}
