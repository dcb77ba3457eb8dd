//! `remise school` and `remise operator`.

use super::say;
use crate::config::DatabaseOptions;
use crate::operations::Failure;
use crate::operations::open_school::{NewSchool, add_operator, find_school, open_school, schools};
use crate::server::Database;
use clap::Args;
use domain::identifiers::Uai;
use domain::ids::EstablishmentId;
use domain::roles::Role;
use std::io::Read;

#[derive(Args)]
pub struct SchoolOptions {
    #[command(flatten)]
    database: DatabaseOptions,
    /// Seven digits and a letter.
    #[arg(long)]
    uai: String,
    #[arg(long)]
    name: String,
    /// The starting year of the campaign.
    #[arg(long)]
    school_year: i32,
    /// An accessory handed over with the laptop; may be repeated.
    #[arg(long = "kit")]
    kit: Vec<String>,
    /// A text file with the charter's wording.
    #[arg(long)]
    charter: std::path::PathBuf,
    /// Name of that wording.
    #[arg(long, default_value = "1")]
    charter_version: String,
}

#[derive(Args)]
pub struct OperatorOptions {
    #[command(flatten)]
    database: DatabaseOptions,
    /// The school; left out for the Région.
    #[arg(long)]
    uai: Option<String>,
    #[arg(long)]
    name: String,
    /// operator, manager, head or region.
    #[arg(long)]
    role: String,
}

pub async fn open(options: &SchoolOptions) -> Result<(), String> {
    let uai = Uai::parse(&options.uai).map_err(|e| format!("--uai: {e}"))?;
    if !uai.check_letter_agrees() {
        say(&format!("Attention : la lettre de {uai} ne correspond pas à son numéro."));
    }
    let body = std::fs::read_to_string(&options.charter).map_err(|e| format!("--charter: {e}"))?;
    let database = Database::open(&options.database, 2, true).await.map_err(|e| e.to_string())?;
    let school = NewSchool {
        uai,
        name: options.name.clone(),
        school_year: options.school_year,
        kit: options.kit.clone(),
        charter_version: options.charter_version.clone(),
        charter_title: "Charte d'engagement".into(),
        charter_body: body,
    };
    let opened = open_school(&database.db, &school).await.map_err(|e| sentence(&e));
    database.close();
    opened.map(|_| say(&format!("Établissement ouvert : {} {}", school.uai, school.name)))
}

pub async fn operator(options: &OperatorOptions) -> Result<(), String> {
    let role = Role::parse(&options.role).ok_or("--role: operator, manager, head or region")?;
    let mut password = String::new();
    std::io::stdin().lock().take(1024).read_to_string(&mut password).map_err(|e| e.to_string())?;
    let password = password.trim_end_matches(['\r', '\n']);
    if password.chars().count() < 4 {
        return Err("the password or PIN on standard input must have 4 characters or more".into());
    }
    let database = Database::open(&options.database, 2, true).await.map_err(|e| e.to_string())?;
    let school = match &options.uai {
        None => Ok(None),
        Some(uai) => {
            let uai = Uai::parse(uai).map_err(|e| format!("--uai: {e}"))?;
            match find_school(&database.db, &uai).await {
                Ok(Some(school)) => Ok(Some(school)),
                Ok(None) => {
                    Err(format!("no school {uai} is open; open it with: remise school --uai {uai} …"))
                }
                Err(failure) => Err(sentence(&failure)),
            }
        }
    };
    let added = match school {
        Ok(school) => {
            add_operator(&database.db, school, &options.name, role, password).await.map_err(|e| sentence(&e))
        }
        Err(why) => Err(why),
    };
    database.close();
    added.map(|()| say(&format!("Peut se connecter : {} ({})", options.name, role.as_str())))
}

fn sentence(failure: &Failure) -> String {
    match failure {
        Failure::Refusal(refusal) => refusal.code().to_owned(),
        Failure::Invalid(invalid) => format!("{} {}", invalid.detail, invalid.remedy),
        Failure::Fault(fault) => fault.to_string(),
    }
}

/// The school that was named, or the only one that is open.
pub async fn named(database: &Database, uai: Option<&str>) -> Result<(EstablishmentId, Uai), String> {
    let Some(uai) = uai else {
        let mut open = schools(&database.db).await.map_err(|e| format!("{e:?}"))?;
        let (Some(school), true) = (open.pop(), open.is_empty()) else {
            return Err("say which school by --establishment UAI".into());
        };
        return Ok(school);
    };
    let uai = Uai::parse(uai).map_err(|e| format!("--establishment: {e}"))?;
    match find_school(&database.db, &uai).await {
        Ok(Some(school)) => Ok((school, uai)),
        Ok(None) | Err(_) => {
            Err(format!("no school {uai} is open; open it with: remise school --uai {uai} …"))
        }
    }
}
