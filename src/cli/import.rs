//! `remise import`: what a file would change, then the change.

use super::say;
use crate::config::DatabaseOptions;
use crate::operations::Failure;
use crate::operations::imports::report::{ImportReport, Refusal};
use crate::operations::imports::take_in;
use crate::operations::imports::upload::Upload;
use crate::operations::open_school::find_school;
use crate::server::Database;
use clap::{Args, Subcommand};
use domain::identifiers::Uai;
use domain::rows::FileKind;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum Import {
    /// SIECLE's ElevesSansAdresses.xml, plain or zipped.
    #[command(
        after_help = "Exit codes: 0 done, 1 it failed, 2 the file was refused, 3 done with issues to look at."
    )]
    Students(Options),
    /// The contractor's delivery note, CSV or XLSX.
    #[command(
        after_help = "Exit codes: 0 done, 1 it failed, 2 the file was refused, 3 done with issues to look at."
    )]
    Delivery(Options),
}

#[derive(Args)]
pub struct Options {
    #[command(flatten)]
    database: DatabaseOptions,
    file: PathBuf,
    /// The school's UAI.
    #[arg(long)]
    establishment: String,
    /// Only tell what would change.
    #[arg(long)]
    dry_run: bool,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

const REFUSED: u8 = 2;
const WITH_ISSUES: u8 = 3;

pub async fn run(import: &Import) -> Result<ExitCode, String> {
    let (options, kind) = match import {
        Import::Students(options) => (options, FileKind::Students),
        Import::Delivery(options) => (options, FileKind::Delivery),
    };
    let uai = Uai::parse(&options.establishment).map_err(|e| format!("--establishment: {e}"))?;
    let upload = Upload::of_file(&options.file).map_err(|e| format!("{}: {e}", options.file.display()))?;
    let database = Database::open(&options.database, 2, true).await.map_err(|e| e.to_string())?;
    let school = match find_school(&database.db, &uai).await {
        Ok(Some(school)) => school,
        Ok(None) | Err(_) => {
            database.close();
            return Err(format!("no school {uai} is open; open it with: remise school --uai {uai} …"));
        }
    };
    let taken = take_in(&database.db, (school, &uai), None, upload.expect(kind), options.dry_run).await;
    database.close();
    match taken {
        Ok(state) => match (state.report, state.refusal) {
            (Some(report), _) => tell(options, &report),
            (None, Some(refusal)) => refuse(options, &refusal),
            (None, None) => Err("the file was discarded while it was read".into()),
        },
        Err(Failure::Invalid(why)) => refuse(options, &why.into()),
        Err(Failure::Refusal(why)) => Err(why.code().to_owned()),
        Err(Failure::Fault(fault)) => Err(fault.to_string()),
    }
}

fn refuse(options: &Options, refusal: &Refusal) -> Result<ExitCode, String> {
    let Refusal { code, detail, remedy, .. } = refusal;
    if options.json {
        let told = serde_json::json!({ "accepted": false, "code": code, "detail": detail, "remedy": remedy });
        say(&told.to_string());
    } else {
        say(&format!("Fichier refusé. {detail} {remedy}"));
    }
    Ok(ExitCode::from(REFUSED))
}

fn tell(options: &Options, report: &ImportReport) -> Result<ExitCode, String> {
    if options.json {
        say(&serde_json::to_string_pretty(report).map_err(|e| e.to_string())?);
    } else {
        let counts = report.counts;
        let verb = if report.applied { "Appliqué" } else { "Essai, rien n'est enregistré" };
        say(&format!(
            "{verb} : {} lignes lues, {} ajoutés, {} modifiés, {} inchangés, {} absents du fichier, {} lignes écartées.",
            counts.read, counts.added, counts.changed, counts.unchanged, counts.gone, counts.refused
        ));
        for issue in &report.issues {
            let row = issue.row.map(|row| format!("ligne {row}, ")).unwrap_or_default();
            let column = issue.column.as_deref().unwrap_or("");
            let read = issue.read.as_deref().unwrap_or("rien");
            say(&format!("  {row}{column} : lu « {read} », attendu {}. {}", issue.expected, issue.message));
        }
    }
    Ok(if report.issues.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(WITH_ISSUES) })
}
