//! `remise export`: the register as a file, as the page and the API give it.

use super::say;
use crate::config::DatabaseOptions;
use crate::operations::Failure;
use crate::operations::export_register::{Asked, Format, export_register, pieces};
use crate::operations::open_school::find_school;
use crate::operations::sessions::establishments;
use crate::server::Database;
use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};
use domain::identifiers::Uai;
use domain::ids::EstablishmentId;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tokio::sync::mpsc;
use tokio_util::bytes::Bytes;

#[derive(Subcommand)]
pub enum Export {
    /// Who holds what: the register owed to the Région.
    #[command(after_help = "Exit codes: 0 done, 1 it failed, 2 the command itself was wrong.")]
    Register(Options),
}

#[derive(Args)]
pub struct Options {
    #[command(flatten)]
    database: DatabaseOptions,
    /// The school's UAI; may be left out when one school only is open.
    #[arg(long)]
    establishment: Option<String>,
    #[arg(long, value_enum, default_value = "csv")]
    format: FormatName,
    /// Only this class.
    #[arg(long)]
    class: Option<String>,
    /// First day of handing over, YYYY-MM-DD.
    #[arg(long)]
    from: Option<NaiveDate>,
    /// Last day of handing over, YYYY-MM-DD.
    #[arg(long)]
    to: Option<NaiveDate>,
    #[arg(long, default_value = "all")]
    state: State,
    /// Where to write; `-` is standard output.
    #[arg(long, default_value = "-")]
    out: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
enum FormatName {
    Csv,
    Xlsx,
}

#[derive(Clone, Copy, ValueEnum)]
enum State {
    Open,
    Closed,
    All,
}

pub async fn run(export: &Export) -> Result<(), String> {
    let Export::Register(options) = export;
    let database = Database::open(&options.database, 2, true).await.map_err(|e| e.to_string())?;
    let done = write(options, &database).await;
    database.close();
    done
}

async fn write(options: &Options, database: &Database) -> Result<(), String> {
    let school = match &options.establishment {
        Some(uai) => {
            let uai = Uai::parse(uai).map_err(|e| format!("--establishment: {e}"))?;
            find_school(&database.db, &uai)
                .await
                .map_err(|e| said(&e))?
                .ok_or_else(|| format!("no school {uai} is open"))?
        }
        None => {
            let open = establishments(&database.db).await.map_err(|e| said(&e))?;
            match open.as_slice() {
                [only] => EstablishmentId(only.id),
                _ => return Err(format!("{} schools are open; name one with --establishment", open.len())),
            }
        }
    };
    let state = match options.state {
        State::Open => "open",
        State::Closed => "closed",
        State::All => "all",
    };
    let asked = Asked {
        class: options.class.clone(),
        from: options.from,
        to: options.to,
        state: Some(state.to_owned()),
    };
    let filter = asked.filter().map_err(|invalid| invalid.detail)?;
    let format = match options.format {
        FormatName::Csv => Format::Csv,
        FormatName::Xlsx => Format::Xlsx,
    };
    let (sender, receiver) = pieces();
    let to_screen = options.out == Path::new("-");
    let writing = async {
        if to_screen { send(receiver, io::stdout()).await } else { save(receiver, &options.out).await }
    };
    let (exported, written) =
        tokio::join!(export_register(&database.db, school, &filter, format, sender), writing);
    written.map_err(|e| format!("{}: {e}", options.out.display()))?;
    exported.map_err(|e| said(&e))?;
    if !to_screen {
        say(&format!("Registre écrit : {}", options.out.display()));
    }
    Ok(())
}

/// Writes beside the file, then takes its place: no reader ever finds half a register.
async fn save(pieces: mpsc::Receiver<Result<Bytes, io::Error>>, path: &Path) -> io::Result<()> {
    let mut name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    let done = match File::create(&part) {
        Ok(file) => send(pieces, file).await,
        Err(error) => return Err(error),
    };
    match done {
        Ok(()) => std::fs::rename(&part, path),
        Err(error) => {
            let _ = std::fs::remove_file(&part);
            Err(error)
        }
    }
}

async fn send(mut pieces: mpsc::Receiver<Result<Bytes, io::Error>>, mut out: impl Write) -> io::Result<()> {
    while let Some(piece) = pieces.recv().await {
        out.write_all(&piece?)?;
    }
    out.flush()
}

fn said(failure: &Failure) -> String {
    match failure {
        Failure::Refusal(refusal) => refusal.code().to_owned(),
        Failure::Invalid(invalid) => format!("{} {}", invalid.detail, invalid.remedy),
        Failure::Fault(fault) => fault.to_string(),
    }
}
