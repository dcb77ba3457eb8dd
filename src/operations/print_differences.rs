//! What a delivery brought beside what its note says: for the contractor, signed by both. Reads only.

use super::letterhead::letterhead;
use super::{Actor, Failure};
use crate::db::papers::{self, Difference, PaperDelivery};
use crate::db::{Db, Scope};
use crate::printing::dates;
use crate::printing::document::{Sheet, Size, document, facts, signatures, table};
use crate::printing::page::Part;
use crate::printing::receipt::captioned;
use crate::printing::svg;
use chrono::Utc;
use domain::refusal::{Refusal, Thing};
use maud::{Markup, html};
use uuid::Uuid;

/// Kinds of difference and their headings, in the order of the report.
const KINDS: [(&str, &str); 5] = [
    ("missing", "Sur le bon, non reçus"),
    ("damaged", "Reçus abîmés"),
    ("not_on_a_note", "Reçus sans être sur un bon"),
    ("other_note", "Reçus, mais d'un autre bon"),
    ("other_school", "Destinés à un autre établissement"),
];

/// HTML that prints on A4.
pub async fn print_differences(db: &Db, actor: &Actor, delivery: Uuid) -> Result<String, Failure> {
    let school = actor.establishment;
    let (head, delivery, found) = db
        .read(Scope::School(school), async |conn| {
            let delivery = papers::delivery(conn, school, delivery).await?;
            let delivery = delivery.ok_or(Refusal::NotFound { what: Thing::Delivery })?;
            let found = papers::differences(conn, school, delivery.id).await?;
            Ok::<_, Failure>((letterhead(conn, school).await?, delivery, found))
        })
        .await?;
    let title = "Écarts de livraison".to_owned();
    let part = Part { title: title.clone(), filter: None, page: 1, pages: 1, remark: None };
    let sheet = Sheet {
        title,
        subtitle: Some(format!("Bon de livraison {}", delivery.note_number)),
        date: dates::day(dates::local_day(Utc::now())),
        code: Some(captioned(&delivery.note_number, 10.0, &delivery.note_number)),
        body: body(&delivery, &found),
    };
    Ok(document(&part, Size::A4, true, &head, &[sheet]))
}

fn body(delivery: &PaperDelivery, found: &[Difference]) -> Markup {
    let over = match (delivery.checked_at, &delivery.checked_by) {
        (Some(at), Some(who)) => format!("{}, par {who}", dates::moment(at)),
        (Some(at), None) => dates::moment(at),
        (None, _) => "réception en cours".to_owned(),
    };
    html! {
        (facts(&[
            ("Commande", delivery.order_number.clone().unwrap_or_default()),
            ("Livré le", delivery.delivered_on.map(dates::day).unwrap_or_default()),
            ("Réception close le", over),
            ("Ordinateurs sur le bon", delivery.devices.to_string()),
            ("Écarts", found.len().to_string()),
        ]))
        @if found.is_empty() {
            p { strong { "Aucun écart : tous les ordinateurs du bon ont été reçus, en bon état." } }
        }
        @for (kind, heading) in KINDS {
            // Until the reception is over, the next box may hold them.
            @let waiting = kind == "missing" && delivery.checked_at.is_none();
            (of_kind(kind, if waiting { "Sur le bon, pas encore reçus" } else { heading }, found))
        }
        (signatures(&["Pour le lycée : date, nom et signature", "Pour le prestataire : date, nom et signature"]))
    }
}

fn of_kind(kind: &str, heading: &str, found: &[Difference]) -> Markup {
    let rows: Vec<Vec<Markup>> = found.iter().filter(|one| one.what == kind).map(row).collect();
    html! {
        @if !rows.is_empty() {
            h2 { (heading) " (" (rows.len()) ")" }
            (table(&["Numéro de série", "Modèle", "Remarque"], &rows))
        }
    }
}

fn row(one: &Difference) -> Vec<Markup> {
    let remarks = [
        one.parcel.as_ref().map(|parcel| format!("colis {parcel}")),
        one.other_note.as_ref().map(|note| format!("bon {note}")),
        one.other_school.clone(),
        Some(one.note.clone()).filter(|note| !note.trim().is_empty()),
    ];
    let remarks: Vec<String> = remarks.into_iter().flatten().collect();
    vec![
        svg::card(&captioned(&one.serial, 6.0, &one.serial)),
        html! { (one.model.as_deref().unwrap_or("inconnu")) },
        html! { (remarks.join(", ")) },
    ]
}
