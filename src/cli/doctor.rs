//! `remise doctor`: what was found, what is wrong, what to do.

use super::say;
use crate::cluster::{Binaries, INSTALL_COMMAND};
use crate::config::DatabaseOptions;
use crate::db::Scope;
use crate::db::role::{self, ServiceRole};
use crate::operations::Failure;
use crate::operations::seal_journal::verify_journal;
use crate::operations::sessions::establishments;
use crate::server::Database;
use clap::Args;
use domain::ids::EstablishmentId;
use serde::Serialize;

#[derive(Args)]
pub struct Options {
    #[command(flatten)]
    database: DatabaseOptions,
    /// Print the findings as JSON.
    #[arg(long)]
    json: bool,
}

/// One thing looked at.
#[derive(Serialize)]
struct Finding {
    what: &'static str,
    found: String,
    well: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<String>,
}

pub async fn run(options: &Options) -> Result<(), String> {
    let mut findings = vec![installed()];
    match Database::open(&options.database, 2, true).await {
        Ok(database) => {
            findings.push(Finding {
                what: "database",
                found: "answers, up to date".into(),
                well: true,
                remedy: None,
            });
            findings.extend(role(&database).await);
            findings.push(journal(&database).await);
            database.close();
        }
        Err(error) => findings.push(Finding {
            what: "database",
            found: error.to_string(),
            well: false,
            remedy: Some("read the sentence above, then run remise doctor again".into()),
        }),
    }
    if options.json {
        say(&serde_json::to_string_pretty(&findings).map_err(|e| e.to_string())?);
    } else {
        for finding in &findings {
            say(&format!("{} {}: {}", if finding.well { "✓" } else { "!" }, finding.what, finding.found));
            if let Some(remedy) = &finding.remedy {
                say(&format!("    → {remedy}"));
            }
        }
    }
    if findings.iter().all(|finding| finding.well) {
        Ok(())
    } else {
        Err("something is wrong, see above".into())
    }
}

fn installed() -> Finding {
    match Binaries::find() {
        Some(found) => Finding {
            what: "PostgreSQL",
            found: format!("version {} in {}", found.version, found.folder.display()),
            well: true,
            remedy: None,
        },
        None => Finding {
            what: "PostgreSQL",
            found: "none of version 15 or later".into(),
            well: false,
            remedy: Some(INSTALL_COMMAND.into()),
        },
    }
}

/// What the service's role may do too much of, and what it needs.
async fn role(database: &Database) -> Vec<Finding> {
    let row: Result<ServiceRole, Failure> =
        database.db.read(Scope::Every, async |conn| Ok(role::current(conn).await?)).await;
    match row {
        Ok(row) => vec![separation(&row), staging(&row)],
        Err(_) => vec![Finding {
            what: "row-level security",
            found: "the role could not be read".into(),
            well: false,
            remedy: Some("check the database's log".into()),
        }],
    }
}

/// A superuser or BYPASSRLS role would see every school's rows.
fn separation(row: &ServiceRole) -> Finding {
    let what = "row-level security";
    if row.may_bypass {
        return Finding {
            what,
            found: format!("the role {} can bypass it: schools are kept apart by queries alone", row.name),
            well: false,
            remedy: Some(format!(
                "ALTER ROLE {} NOSUPERUSER NOBYPASSRLS, and make it a member of no role that has them",
                row.name
            )),
        };
    }
    let found = format!("holds for the role {} (server {})", row.name, row.version);
    Finding { what, found, well: true, remedy: None }
}

/// A file is applied by way of temporary tables, which a database may withhold.
fn staging(row: &ServiceRole) -> Finding {
    let what = "temporary tables";
    if row.may_stage {
        return Finding { what, found: "may be made".into(), well: true, remedy: None };
    }
    Finding {
        what,
        found: format!("the role {} may make none: no file can be applied", row.name),
        well: false,
        remedy: Some(format!("GRANT TEMPORARY ON DATABASE … TO {}", row.name)),
    }
}

/// Every school's chain of seals, followed from its first entry.
async fn journal(database: &Database) -> Finding {
    let finding = |found: String, remedy: Option<&str>| Finding {
        what: "journal",
        found,
        well: remedy.is_none(),
        remedy: remedy.map(str::to_owned),
    };
    let unread = || finding("the journal could not be read".into(), Some("check the database's log"));
    let Ok(schools) = establishments(&database.db).await else { return unread() };
    let (mut sealed, mut waiting, mut broken) = (0, 0, Vec::new());
    for school in schools {
        match verify_journal(&database.db, EstablishmentId(school.id), None).await {
            Ok(verdict) if verdict.broken.is_some() => broken.push(school.uai),
            Ok(verdict) => {
                sealed += verdict.sealed;
                waiting += verdict.waiting;
            }
            Err(_) => return unread(),
        }
    }
    if broken.is_empty() {
        return finding(format!("{sealed} entries sealed, {waiting} waiting, every chain holds"), None);
    }
    finding(
        format!("not what was sealed, for: {}", broken.join(", ")),
        Some("remise journal verify tells where; compare with a backup"),
    )
}
