//! The command line. Exit codes: 0 done, 1 it failed, 2 the command itself was wrong.

mod check;
mod demo;
mod doctor;
mod export;
mod import;
mod journal;
mod scan;
mod school;

use crate::config::ServiceOptions;
use crate::db::Db;
use crate::http::openapi::Document;
use crate::server;
use clap::{Args, Parser, Subcommand};
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use utoipa::OpenApi;

#[derive(Parser)]
#[command(
    version,
    about = "The desk software of a regional laptop programme.",
    after_help = "Exit codes: 0 done, 1 it failed, 2 the command itself was wrong."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the desk until SIGINT or SIGTERM.
    Serve(ServeOptions),
    /// Say what was found on this machine, what is wrong and what to do.
    Doctor(doctor::Options),
    /// Take in files of the school, whatever they are.
    Import(import::Import),
    /// Say whether the school is ready.
    #[command(subcommand)]
    Check(check::CheckCommand),
    /// Write a file for the Région.
    #[command(subcommand)]
    Export(export::Export),
    /// Read the codes of photos and say what they may mean. Needs no database.
    Scan(scan::Options),
    /// Look after the journal.
    #[command(subcommand)]
    Journal(journal::Journal),
    /// Open a school.
    School(school::SchoolOptions),
    /// An invented school to try it on.
    #[command(subcommand)]
    Demo(demo::Demo),
    /// Add somebody who may log in; the password is read from standard input.
    Operator(school::OperatorOptions),
    /// Print the OpenAPI document of the service, as JSON.
    Openapi,
}

#[derive(Args)]
struct ServeOptions {
    #[command(flatten)]
    service: ServiceOptions,
    /// Make the demo school first when no school is there.
    #[arg(long)]
    demo: bool,
}

/// Runs the command named on the command line.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env()
                .unwrap_or_else(|_| "warn,remise=info".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error.to_string()),
    };
    let done = runtime.block_on(async {
        match cli.command {
            Command::Serve(options) => {
                let prepare = async |db: &Db| if options.demo { demo::prepare(db).await } else { Ok(()) };
                let ready = |url: &str, elsewhere: Option<&Path>| {
                    if let Some(folder) = elsewhere {
                        say(&format!(
                            "Données dans {} : PostgreSQL ne peut pas entrer ici.",
                            folder.display()
                        ));
                    }
                    say(&format!("Remise : {url}"));
                };
                server::serve(&options.service, prepare, ready).await.map_err(|e| e.to_string())?;
            }
            Command::Demo(command) => demo::run(&command).await?,
            Command::Doctor(options) => doctor::run(&options).await?,
            Command::Import(import) => return import::run(&import).await,
            Command::Check(command) => return check::run(&command).await,
            Command::Export(export) => export::run(&export).await?,
            Command::Scan(options) => return Ok(scan::run(&options).await),
            Command::Journal(journal) => journal::run(&journal).await?,
            Command::School(options) => school::open(&options).await?,
            Command::Operator(options) => school::operator(&options).await?,
            Command::Openapi => say(&Document::openapi().to_json().map_err(|e| e.to_string())?),
        }
        Ok(ExitCode::SUCCESS)
    });
    match done {
        Ok(code) => code,
        Err(why) => fail(&why),
    }
}

/// A line for the person at the terminal; a closed pipe is no fault of theirs.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

fn fail(why: &str) -> ExitCode {
    fail_with(why, 1)
}

fn fail_with(why: &str, code: u8) -> ExitCode {
    let _ = writeln!(std::io::stderr().lock(), "remise: {why}");
    ExitCode::from(code)
}
