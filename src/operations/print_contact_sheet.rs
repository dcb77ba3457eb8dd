//! The distribution referent's contact sheet, which Région and contractor want before a day.

use super::prepare_campaign::read;
use super::{Actor, Failure};
use crate::db::campaigns::Campaign;
use crate::db::{Db, Scope, desk};
use crate::printing::day::{ContactSheet, contact_sheet};
use chrono::NaiveDate;

/// HTML that prints on A4. Reads only.
pub async fn print_contact_sheet(db: &Db, actor: &Actor) -> Result<String, Failure> {
    let school = actor.establishment;
    let (prepared, establishment) = db
        .read(Scope::School(school), async |conn| {
            Ok::<_, Failure>((read(conn, school).await?, desk::establishment(conn, school).await?))
        })
        .await?;
    let campaign = &prepared.campaign;
    Ok(contact_sheet(&ContactSheet {
        school: establishment.name,
        uai: establishment.uai,
        campaign: campaign.name.clone(),
        due: campaign.sheet_due_on.map(day).unwrap_or_default(),
        lines: lines(campaign),
        staff: prepared.staff.into_iter().map(|helper| (helper.name, helper.duty)).collect(),
    }))
}

fn lines(campaign: &Campaign) -> Vec<(String, String)> {
    let dates = match (campaign.starts_on, campaign.ends_on) {
        (Some(starts), Some(ends)) if starts != ends => format!("du {} au {}", day(starts), day(ends)),
        (Some(only), _) | (None, Some(only)) => format!("le {}", day(only)),
        (None, None) => String::new(),
    };
    let connection = match campaign.connection.as_deref() {
        Some("wifi") => "Wi-Fi",
        Some("cable") => "câble",
        _ => "",
    };
    [
        ("Référent de distribution", campaign.referent_name.as_str()),
        ("Téléphone", &campaign.referent_phone),
        ("Courriel", &campaign.referent_email),
        ("Distribution", &dates),
        ("Salle", &campaign.room),
        ("Connexion", connection),
        ("Remarques", &campaign.notes),
    ]
    .map(|(name, text)| (name.to_owned(), text.to_owned()))
    .into()
}

fn day(date: NaiveDate) -> String {
    date.format("%d/%m/%Y").to_string()
}
