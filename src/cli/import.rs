//! `remise import`: what a file would change, then the change.

use super::say;
use super::school::named;
use crate::config::DatabaseOptions;
use crate::operations::imports::report::{ImportReport, ImportState};
use crate::operations::imports::take_in;
use crate::operations::imports::upload::Upload;
use crate::operations::{Failure, Invalid};
use crate::server::Database;
use chrono::NaiveDate;
use clap::Args;
use domain::identifiers::Uai;
use domain::ids::EstablishmentId;
use domain::rows::FileKind;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Args)]
#[command(
    after_help = "What each file is, is told by its content. Exit codes: 0 done, 1 it failed, 2 a file was refused, 3 done with issues to look at."
)]
pub struct Import {
    #[command(flatten)]
    database: DatabaseOptions,
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The school's UAI; not needed where only one school is open.
    #[arg(long)]
    establishment: Option<String>,
    /// The day against which leaving dates are judged; today without it.
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Option<NaiveDate>,
    /// Only tell what would change.
    #[arg(long)]
    dry_run: bool,
    /// Print the reports as JSON: an object for one file, an array for several.
    #[arg(long)]
    json: bool,
}

const REFUSED: u8 = 2;
const WITH_ISSUES: u8 = 3;

pub async fn run(import: &Import) -> Result<ExitCode, String> {
    let database = Database::open(&import.database, 2, true).await.map_err(|e| e.to_string())?;
    let reports = take_in_all(import, &database).await;
    database.close();
    let reports = reports?;
    if import.json {
        let told = match reports.as_slice() {
            [report] => serde_json::to_string_pretty(report),
            reports => serde_json::to_string_pretty(reports),
        };
        say(&told.map_err(|e| e.to_string())?);
    } else {
        reports.iter().for_each(tell);
    }
    let worst = if reports.iter().any(|report| !report.accepted) {
        ExitCode::from(REFUSED)
    } else if reports.iter().any(|report| !report.issues.is_empty()) {
        ExitCode::from(WITH_ISSUES)
    } else {
        ExitCode::SUCCESS
    };
    Ok(worst)
}

async fn take_in_all(import: &Import, database: &Database) -> Result<Vec<ImportReport>, String> {
    let (school, uai) = named(database, import.establishment.as_deref()).await?;
    let mut reports = Vec::new();
    for file in &import.files {
        let upload = Upload::of_file(file).map_err(|e| format!("{}: {e}", file.display()))?;
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        match upload.as_of(import.as_of).parts() {
            Ok(parts) => {
                for part in parts {
                    reports.push(take_in_one(import, database, (school, &uai), part).await?);
                }
            }
            Err(refused) => {
                let why = Invalid::from(refused).into();
                reports.push(ImportReport::refused(name, None, &uai, &why));
            }
        }
    }
    Ok(reports)
}

async fn take_in_one(
    import: &Import,
    database: &Database,
    (school, uai): (EstablishmentId, &Uai),
    upload: Upload,
) -> Result<ImportReport, String> {
    let name = upload.name().to_owned();
    match take_in(&database.db, (school, uai), None, upload, import.dry_run).await {
        Ok(ImportState { report: Some(report), .. }) => Ok(report),
        Ok(ImportState { refusal: Some(why), kind, .. }) => Ok(ImportReport::refused(name, kind, uai, &why)),
        Ok(_) => Err("the file was discarded while it was read".into()),
        Err(Failure::Invalid(why)) => Ok(ImportReport::refused(name, None, uai, &why.into())),
        Err(Failure::Refusal(why)) => Err(why.code().to_owned()),
        Err(Failure::Fault(fault)) => Err(fault.to_string()),
    }
}

fn tell(report: &ImportReport) {
    let file = &report.file;
    if let Some(reason) = &report.reason {
        return say(&format!("{file} : fichier refusé. {reason}"));
    }
    let counts = &report.counts;
    let verb = if report.applied { "appliqué" } else { "essai, rien n'est enregistré" };
    say(&format!(
        "{file} ({}) : {verb}. {} lus, {} ajoutés, {} modifiés, {} inchangés, {} absents du fichier, {} écartés.",
        report.kind.as_deref().and_then(FileKind::parse).map_or("", FileKind::label),
        counts.read,
        counts.added,
        counts.changed,
        counts.unchanged,
        counts.gone,
        counts.refused
    ));
    for issue in &report.issues {
        let row = issue.row.map(|row| format!("ligne {row}, ")).unwrap_or_default();
        let column = issue.column.as_deref().unwrap_or("");
        let read = issue.read.as_deref().unwrap_or("rien");
        say(&format!("  {row}{column} : lu « {read} », attendu {}. {}", issue.expected, issue.message));
    }
}
