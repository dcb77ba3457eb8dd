//! `remise check`: whether the school is ready.

use super::say;
use crate::config::DatabaseOptions;
use crate::operations::check_data::{Check, DataState, ImportAge, check_data};
use crate::server::Database;
use clap::{Args, Subcommand};
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum CheckCommand {
    /// What is missing or doubtful in the school's data, and how old each list is.
    #[command(after_help = "Exit codes: 0 nothing to correct, 1 it failed, 3 something to correct.")]
    Data(Options),
}

#[derive(Args)]
pub struct Options {
    #[command(flatten)]
    database: DatabaseOptions,
    /// The school's UAI; not needed where only one school is open.
    #[arg(long)]
    establishment: Option<String>,
    /// Print everything as JSON, with the first fifty people of each check.
    #[arg(long)]
    json: bool,
}

const TO_CORRECT: u8 = 3;

pub async fn run(command: &CheckCommand) -> Result<ExitCode, String> {
    let CheckCommand::Data(options) = command;
    let database = Database::open(&options.database, 2, true).await.map_err(|e| e.to_string())?;
    let state = match super::school::named(&database, options.establishment.as_deref()).await {
        Ok((school, _)) => check_data(&database.db, school).await.map_err(|e| format!("{e:?}")),
        Err(why) => Err(why),
    };
    database.close();
    let state = state?;
    if options.json {
        say(&serde_json::to_string_pretty(&state).map_err(|e| e.to_string())?);
    } else {
        tell(&state);
    }
    let clean =
        state.checks.iter().all(|check| check.total == 0) && state.imports.iter().all(|age| !age.is_old);
    Ok(if clean { ExitCode::SUCCESS } else { ExitCode::from(TO_CORRECT) })
}

fn tell(state: &DataState) {
    for Check { title, remedy, total, .. } in &state.checks {
        let sign = if *total == 0 { "✓" } else { "!" };
        let remedy = if *total == 0 { "" } else { *remedy };
        say(&format!("{sign} {title} : {total}. {remedy}"));
    }
    for ImportAge { label, days, is_old, .. } in &state.imports {
        let sign = if *is_old { "!" } else { "✓" };
        let age = days.map_or_else(|| "jamais importé".to_owned(), |days| format!("il y a {days} j"));
        say(&format!("{sign} {label} : {age}"));
    }
}
