//! `remise demo`: an invented school to try Remise on.

use super::say;
use crate::config::DatabaseOptions;
use crate::db::Db;
use crate::demo::{self, LOGINS, NAME, Seeded, UAI};
use crate::operations::Failure;
use crate::server::{Database, ServerError};
use clap::{Args, Subcommand};

#[derive(Subcommand)]
pub enum Demo {
    /// Make the demo school in an empty database; one that is there stays as it is.
    Seed(SeedOptions),
}

#[derive(Args)]
pub struct SeedOptions {
    #[command(flatten)]
    database: DatabaseOptions,
    /// Print pupils and laptops worth trying, with their codes, as JSON.
    #[arg(long)]
    json: bool,
}

pub async fn run(demo: &Demo) -> Result<(), String> {
    match demo {
        Demo::Seed(options) => seed(options).await,
    }
}

async fn seed(options: &SeedOptions) -> Result<(), String> {
    let database = Database::open(&options.database, 4, true).await.map_err(|e| e.to_string())?;
    let seeded = demo::seed(&database.db).await;
    database.close();
    let seeded = seeded.map_err(|failure| sentence(&failure))?;
    if options.json {
        let facts = serde_json::json!({
            "establishment_id": seeded.establishment,
            "uai": UAI,
            "name": NAME,
            "fresh": seeded.fresh,
            "logins": LOGINS.map(|(name, password, role)| {
                serde_json::json!({ "name": name, "password": password, "role": role })
            }),
            "cases": seeded.school.cases(),
        });
        say(&serde_json::to_string_pretty(&facts).map_err(|e| e.to_string())?);
    } else {
        tell(&seeded);
    }
    Ok(())
}

/// Before serving: the demo school, unless another school lives here, which is left alone.
pub async fn prepare(db: &Db) -> Result<(), ServerError> {
    match demo::seed(db).await {
        Ok(seeded) => tell(&seeded),
        Err(Failure::Invalid(invalid)) => say(&format!("{} {}", invalid.detail, invalid.remedy)),
        Err(Failure::Refusal(refusal)) => return Err(ServerError::Prepare(refusal.code().to_owned())),
        Err(Failure::Fault(fault)) => return Err(ServerError::Database(fault)),
    }
    Ok(())
}

fn tell(seeded: &Seeded) {
    let verb = if seeded.fresh { "créée" } else { "déjà là" };
    let laptops: usize = seeded.school.notes.iter().map(|note| note.laptops.len()).sum();
    let pupils = seeded.school.pupils.len();
    say(&format!("École de démonstration {verb} : {NAME} ({UAI}), {pupils} élèves, {laptops} ordinateurs."));
    say("Connexions (nom / mot de passe) :");
    for (name, password, role) in LOGINS {
        say(&format!("  {name} / {password} ({})", role.as_str()));
    }
}

fn sentence(failure: &Failure) -> String {
    match failure {
        Failure::Refusal(refusal) => refusal.code().to_owned(),
        Failure::Invalid(invalid) => format!("{} {}", invalid.detail, invalid.remedy),
        Failure::Fault(fault) => fault.to_string(),
    }
}
