//! The slip that goes with laptops to the contractor: no pupil is named on it. Reads only.

use super::letterhead::letterhead;
use super::print_receipt::in_french;
use super::{Actor, Failure};
use crate::db::repair_batches::{self, BatchCard};
use crate::db::repairs::{self, RepairCard};
use crate::db::{Db, Scope};
use crate::printing::dates;
use crate::printing::document::{Sheet, Size, document, facts, signatures, table};
use crate::printing::page::Part;
use crate::printing::receipt::captioned;
use crate::printing::svg;
use domain::identifiers::receipt_code;
use domain::refusal::{Refusal, Thing};
use maud::{Markup, html};
use uuid::Uuid;

/// HTML that prints on A4.
pub async fn print_repair_slip(db: &Db, actor: &Actor, batch: Uuid) -> Result<String, Failure> {
    let school = actor.establishment;
    let (head, batch, repairs) = db
        .read(Scope::School(school), async |conn| {
            let batch = repair_batches::one(conn, school, batch).await?;
            let batch = batch.ok_or(Refusal::NotFound { what: Thing::RepairBatch })?;
            let mut repairs = repairs::of_batch(conn, school, batch.id).await?;
            repairs.retain(|repair| repair.outcome.as_deref() != Some("cancelled"));
            Ok::<_, Failure>((letterhead(conn, school).await?, batch, repairs))
        })
        .await?;
    let title = format!("Bon de SAV n° {}", batch.number);
    let part = Part { title: title.clone(), filter: None, page: 1, pages: 1, remark: None };
    let sheet = Sheet {
        title,
        subtitle: Some(batch.contractor.clone()),
        date: dates::day(dates::local_day(batch.sent_at.unwrap_or(batch.opened_at))),
        code: Some(code(&batch)),
        body: body(&batch, &repairs),
    };
    Ok(document(&part, Size::A4, true, &head, &[sheet]))
}

fn code(batch: &BatchCard) -> crate::printing::card::Card {
    let code = receipt_code(batch.id);
    captioned(&code, 10.0, &code)
}

fn body(batch: &BatchCard, repairs: &[RepairCard]) -> Markup {
    let under = repairs.iter().filter(|repair| repair.in_warranty == Some(true)).count();
    let over = repairs.iter().filter(|repair| repair.in_warranty == Some(false)).count();
    let unknown = repairs.len() - under - over;
    let count = |count: usize| if count == 0 { String::new() } else { count.to_string() };
    let sent = batch.sent_at.map_or_else(|| "pas encore remis".to_owned(), dates::moment);
    let rows: Vec<Vec<Markup>> =
        repairs.iter().enumerate().map(|(index, repair)| row(index, repair)).collect();
    html! {
        (facts(&[
            ("Prestataire", batch.contractor.clone()),
            ("Remis le", sent),
            ("Retour prévu le", batch.expected_back_on.map(dates::day).unwrap_or_default()),
            ("Ordinateurs", repairs.len().to_string()),
            ("Sous garantie", count(under)),
            ("Hors garantie", count(over)),
            ("Garantie inconnue", count(unknown)),
            ("Remarque", batch.note.clone()),
        ]))
        (table(&["N°", "Numéro de série", "Modèle", "Panne constatée", "Garantie"], &rows))
        @if rows.is_empty() { p { "Ce lot ne contient encore aucun ordinateur." } }
        (signatures(&["Remis par le lycée : date, nom et signature", "Reçu par le prestataire : date, nom et signature"]))
    }
}

fn row(index: usize, repair: &RepairCard) -> Vec<Markup> {
    let fault = [
        repair.incident.iter().cloned().collect(),
        in_french(&repair.symptoms),
        // A desk's words, parted by commas, or a person's.
        in_french(&repair.diagnosis.split(", ").map(str::to_owned).collect::<Vec<_>>()),
    ]
    .concat();
    let fault: Vec<String> = fault.into_iter().filter(|word| !word.trim().is_empty()).collect();
    let warranty = match (repair.in_warranty, repair.warranty_end) {
        (Some(true), Some(end)) => format!("jusqu'au {}", dates::short_day(end)),
        (Some(false), Some(end)) => format!("finie le {}", dates::short_day(end)),
        _ => "inconnue".to_owned(),
    };
    vec![
        html! { (index + 1) },
        svg::card(&captioned(&repair.serial, 7.0, &repair.serial)),
        html! { (repair.model) br; span.small { (repair.part_number) } },
        html! { (fault.join(", ")) },
        html! { (warranty) },
    ]
}
