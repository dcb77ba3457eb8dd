//! `remise journal verify`: is the journal what was sealed?

use super::say;
use crate::config::DatabaseOptions;
use crate::operations::Failure;
use crate::operations::seal_journal::{NotedHead, Verdict, verify_journal};
use crate::operations::sessions::establishments;
use crate::server::Database;
use clap::{Args, Subcommand};
use domain::ids::EstablishmentId;
use serde::Serialize;

#[derive(Subcommand)]
pub enum Journal {
    /// Follow every school's chain of seals from its first entry.
    #[command(after_help = "\
Finds an entry or a seal that was changed, removed or slipped in, and seals cut off the end.
What the database alone cannot tell: entries removed before they were sealed (within seconds),
and a chain cut or rewritten together with its head by somebody who controls the whole server.
Against that, write the head down elsewhere (it is printed as POSITION:HASH) and give it back
with --noted.

Exit codes: 0 every chain holds, 1 a chain is broken or could not be read, 2 the command itself was wrong.")]
    Verify(Options),
}

#[derive(Args)]
pub struct Options {
    #[command(flatten)]
    database: DatabaseOptions,
    /// Only this school.
    #[arg(long)]
    establishment: Option<String>,
    /// A head written down earlier, POSITION:HASH; needs --establishment.
    #[arg(long, requires = "establishment", value_parser = noted)]
    noted: Option<NotedHead>,
    /// Print the verdicts as JSON.
    #[arg(long)]
    json: bool,
}

fn noted(text: &str) -> Result<NotedHead, String> {
    NotedHead::parse(text).ok_or_else(|| "expected POSITION:HASH, as verify prints it".to_owned())
}

#[derive(Serialize)]
struct Line {
    establishment: String,
    #[serde(flatten)]
    verdict: Verdict,
}

pub async fn run(journal: &Journal) -> Result<(), String> {
    let Journal::Verify(options) = journal;
    let database = Database::open(&options.database, 2, true).await.map_err(|e| e.to_string())?;
    let verified = verify(options, &database).await;
    database.close();
    let lines = verified?;
    if options.json {
        say(&serde_json::to_string_pretty(&lines).map_err(|e| e.to_string())?);
    } else {
        lines.iter().for_each(|line| say(&told(line)));
    }
    if lines.iter().any(|line| line.verdict.broken.is_some()) {
        return Err("the journal is not what was sealed, see above".into());
    }
    Ok(())
}

async fn verify(options: &Options, database: &Database) -> Result<Vec<Line>, String> {
    let failed = |failure: Failure| format!("{failure:?}");
    let mut lines = Vec::new();
    for school in establishments(&database.db).await.map_err(failed)? {
        if options.establishment.as_ref().is_some_and(|uai| !uai.eq_ignore_ascii_case(&school.uai)) {
            continue;
        }
        let verdict = verify_journal(&database.db, EstablishmentId(school.id), options.noted.as_ref())
            .await
            .map_err(failed)?;
        lines.push(Line { establishment: school.uai, verdict });
    }
    match &options.establishment {
        Some(uai) if lines.is_empty() => Err(format!("no school {uai} is open")),
        _ => Ok(lines),
    }
}

fn told(line: &Line) -> String {
    let Verdict { sealed, waiting, head, broken } = &line.verdict;
    match (broken, head) {
        (Some(broken), _) => {
            format!(
                "! {}: broken at {}: {} ({})",
                line.establishment, broken.position, broken.says, broken.code
            )
        }
        (None, Some(head)) => {
            format!("✓ {}: {sealed} sealed, {waiting} waiting, head {sealed}:{head}", line.establishment)
        }
        (None, None) => format!("✓ {}: nothing sealed yet, {waiting} waiting", line.establishment),
    }
}
