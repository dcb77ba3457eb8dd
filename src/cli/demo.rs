//! `remise demo`: an invented school to try Remise on.

use super::say;
use crate::config::DatabaseOptions;
use crate::db::Db;
use crate::demo::{self, LOGINS, NAME, School, Seeded, UAI};
use crate::operations::Failure;
use crate::server::{Database, ServerError};
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Subcommand)]
pub enum Demo {
    /// Make the demo school in an empty database; one that is there stays as it is.
    Seed(SeedOptions),
    /// Draw camera frames of its badges, labels and charters, 1280×720: JPEG files, an MJPEG
    /// a scene, and truth.json with the codes on them. Needs no database.
    Frames(FramesOptions),
}

#[derive(Args)]
pub struct FramesOptions {
    /// The folder to write to; made when it is not there.
    folder: PathBuf,
    /// Only this scene (empty, badge, laptop-hp, charter…); may be repeated.
    #[arg(long = "scene")]
    scenes: Vec<String>,
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
        Demo::Frames(options) => frames(options),
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

fn frames(options: &FramesOptions) -> Result<(), String> {
    let folder = options.folder.display();
    let drawn = demo::frames::write(&School::invent(), &options.folder, &options.scenes)
        .map_err(|e| format!("{folder}: {e}"))?;
    say(&format!("{drawn} images dans {folder}, leurs codes dans truth.json."));
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
