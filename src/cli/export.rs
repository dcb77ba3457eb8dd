//! `remise export`: the register as a file, as the page and the API give it.

use super::say;
use crate::config::DatabaseOptions;
use crate::exports::register::Layout;
use crate::operations::Failure;
use crate::operations::export_register::{Asked, Format, Rows, Wanted, export_register, pieces};
use crate::operations::open_school::find_school;
use crate::operations::record_register::{Recording, record_register, verify_export};
use crate::operations::sessions::establishments;
use crate::server::Database;
use chrono::NaiveDate;
use chrono_tz::Europe::Paris;
use clap::{Args, Subcommand, ValueEnum};
use domain::identifiers::Uai;
use domain::ids::EstablishmentId;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tokio::sync::mpsc;
use tokio_util::bytes::Bytes;
use uuid::Uuid;

#[derive(Subcommand)]
pub enum Export {
    /// Who holds what: the register owed to the Région.
    #[command(after_help = "Exit codes: 0 done, 1 it failed, 2 the command itself was wrong.")]
    Register(Options),
    /// Whether a file is, to the byte, one of the recorded exports.
    #[command(
        after_help = "Exit codes: 0 it is one, 1 it is none or it failed, 2 the command itself was wrong."
    )]
    Verify(VerifyOptions),
}

#[derive(Args)]
pub struct VerifyOptions {
    #[command(flatten)]
    database: DatabaseOptions,
    file: PathBuf,
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
    /// All without it.
    #[arg(long)]
    state: Option<State>,
    /// Only what changed since the last recorded export.
    #[arg(long, requires = "record")]
    delta: bool,
    /// Of a delta: the number of the export it follows, when that is not the last.
    #[arg(long, requires = "delta")]
    after: Option<i32>,
    /// Give the file a number and keep its sums and its SHA-256; without filters.
    #[arg(long, conflicts_with_all = ["class", "from", "to", "state"])]
    record: bool,
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
    let options = match export {
        Export::Register(options) => &options.database,
        Export::Verify(options) => &options.database,
    };
    let database = Database::open(options, 2, true).await.map_err(|e| e.to_string())?;
    let done = match export {
        Export::Register(options) => register(options, &database).await,
        Export::Verify(options) => verify(options, &database).await,
    };
    database.close();
    done
}

async fn register(options: &Options, database: &Database) -> Result<(), String> {
    let school = school(options, database).await?;
    let format = match options.format {
        FormatName::Csv => Format::Csv,
        FormatName::Xlsx => Format::Xlsx,
    };
    if options.record {
        record(options, database, school, format).await
    } else {
        write(options, database, school, format).await
    }
}

async fn school(options: &Options, database: &Database) -> Result<EstablishmentId, String> {
    match &options.establishment {
        Some(uai) => {
            let uai = Uai::parse(uai).map_err(|e| format!("--establishment: {e}"))?;
            find_school(&database.db, &uai)
                .await
                .map_err(|e| said(&e))?
                .ok_or_else(|| format!("no school {uai} is open"))
        }
        None => {
            let open = establishments(&database.db).await.map_err(|e| said(&e))?;
            match open.as_slice() {
                [only] => Ok(EstablishmentId(only.id)),
                _ => Err(format!("{} schools are open; name one with --establishment", open.len())),
            }
        }
    }
}

/// A file with a number: what it was is kept.
async fn record(
    options: &Options,
    database: &Database,
    school: EstablishmentId,
    format: Format,
) -> Result<(), String> {
    if options.out == Path::new("-") {
        return Err("--record wants a file: name it with --out".into());
    }
    let recording = Recording {
        id: Uuid::now_v7(),
        delta: options.delta,
        after: options.after,
        format,
        preset: None,
        made_by: None,
        station: None,
    };
    let made = record_register(&database.db, school, &recording).await.map_err(|e| said(&e))?;
    let mut file = made.file;
    beside(&options.out, |mut out| io::copy(&mut file, &mut out).map(drop))
        .map_err(|e| format!("{}: {e}", options.out.display()))?;
    say(&format!(
        "Registre n° {} écrit : {}, {} lignes\nSHA-256 {}",
        made.card.number,
        options.out.display(),
        made.card.control.rows,
        made.card.sha256
    ));
    Ok(())
}

async fn verify(options: &VerifyOptions, database: &Database) -> Result<(), String> {
    let file = File::open(&options.file).map_err(|e| format!("{}: {e}", options.file.display()))?;
    let known = verify_export(&database.db, file).await.map_err(|e| said(&e))?;
    for one in &known {
        let local = one.card.made_at.with_timezone(&Paris);
        say(&format!(
            "Export n° {} de {} ({}), fait le {} : {} lignes",
            one.card.number,
            one.school,
            one.uai,
            local.format("%d/%m/%Y à %H:%M"),
            one.card.control.rows
        ));
    }
    if known.is_empty() {
        return Err(format!("{} is none of the recorded exports", options.file.display()));
    }
    Ok(())
}

async fn write(
    options: &Options,
    database: &Database,
    school: EstablishmentId,
    format: Format,
) -> Result<(), String> {
    let state = match options.state {
        Some(State::Open) => "open",
        Some(State::Closed) => "closed",
        Some(State::All) | None => "all",
    };
    let asked = Asked {
        class: options.class.clone(),
        from: options.from,
        to: options.to,
        state: Some(state.to_owned()),
    };
    let filter = asked.filter().map_err(|invalid| invalid.detail)?;
    let wanted = Wanted { school, rows: Rows::Filtered(filter), layout: Layout::default(), format };
    let (sender, receiver) = pieces();
    let to_screen = options.out == Path::new("-");
    let writing = async {
        if to_screen { send(receiver, io::stdout()).await } else { save(receiver, &options.out).await }
    };
    let (exported, written) = tokio::join!(export_register(&database.db, wanted, sender), writing);
    written.map_err(|e| format!("{}: {e}", options.out.display()))?;
    exported.map_err(|e| said(&e))?;
    if !to_screen {
        say(&format!("Registre écrit : {}", options.out.display()));
    }
    Ok(())
}

async fn save(pieces: mpsc::Receiver<Result<Bytes, io::Error>>, path: &Path) -> io::Result<()> {
    let (part, file) = part(path)?;
    place(send(pieces, file).await, &part, path)
}

fn beside(path: &Path, write: impl FnOnce(File) -> io::Result<()>) -> io::Result<()> {
    let (part, file) = part(path)?;
    place(write(file), &part, path)
}

/// Written beside the file, which then takes its place: no reader ever finds half a register.
fn part(path: &Path) -> io::Result<(PathBuf, File)> {
    let mut name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    let file = File::create(&part)?;
    Ok((part, file))
}

fn place(written: io::Result<()>, part: &Path, path: &Path) -> io::Result<()> {
    match written {
        Ok(()) => std::fs::rename(part, path),
        Err(error) => {
            let _ = std::fs::remove_file(part);
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
