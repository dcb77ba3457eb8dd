//! The list of charters to chase on paper, a class a page.

use super::list_to_chase::list_to_chase;
use super::{Actor, Failure};
use crate::db::chase::ToChase;
use crate::db::guardians::Guardian;
use crate::db::{Db, Scope, desk};
use crate::printing::day::{ChasePupil, chase};
use chrono_tz::Europe::Paris;

/// HTML that prints on A4. Reads only.
pub async fn print_chase(db: &Db, actor: &Actor, class: Option<&str>) -> Result<String, Failure> {
    let db = &db.patient();
    let school = actor.establishment;
    let name = db
        .read(Scope::School(school), async |conn| {
            Ok::<_, Failure>(desk::establishment(conn, school).await?.name)
        })
        .await?;
    let mut classes: Vec<(String, Vec<ChasePupil>)> = Vec::new();
    for one in list_to_chase(db, actor, class).await? {
        let class = one.class.clone().unwrap_or_else(|| "sans classe".to_owned());
        match classes.last_mut() {
            Some((last, pupils)) if *last == class => pupils.push(pupil(&one)),
            _ => classes.push((class, vec![pupil(&one)])),
        }
    }
    let day = super::doing::today().format("%d/%m/%Y").to_string();
    Ok(chase(&name, &day, &classes))
}

fn pupil(one: &ToChase) -> ChasePupil {
    let copies = format!("{} exemplaire{} sur 2", one.shown, if one.shown > 1 { "s" } else { "" });
    let laptop = one.serial.as_ref().zip(one.since).map(|(serial, since)| {
        let day = since.with_timezone(&Paris).format("%d/%m/%Y");
        format!(", {serial} remis le {day}")
    });
    let reason = one.override_reason.as_ref().map(|reason| format!(" ({reason})"));
    ChasePupil {
        name: one.name.clone(),
        state: format!("{copies}{}{}", laptop.unwrap_or_default(), reason.unwrap_or_default()),
        guardians: one.guardians.iter().map(contacts).collect(),
    }
}

fn contacts(guardian: &Guardian) -> (String, String) {
    let name = match guardian.relationship.as_str() {
        "" => guardian.name(),
        relationship => format!("{} ({relationship})", guardian.name()),
    };
    let contacts: Vec<&str> =
        [&guardian.phone, &guardian.email].into_iter().flatten().map(String::as_str).collect();
    (name, contacts.join(", "))
}
