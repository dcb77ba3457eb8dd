//! Certificates of cession: at the end of schooling the laptop becomes the pupil's. One A4 page
//! a pupil, to be signed by the head. Reads only.

use super::letterhead::letterhead;
use super::{Actor, Failure};
use crate::db::receipts::{self, PaperLoan};
use crate::db::{Db, Scope, acts};
use crate::printing::dates;
use crate::printing::document::{Letterhead, Sheet, Size, document, facts, signatures};
use crate::printing::page::Part;
use crate::printing::receipt::captioned;
use crate::printing::svg;
use chrono::{DateTime, Utc};
use domain::acts::ActKind;
use domain::identifiers::receipt_code;
use domain::refusal::{Refusal, Thing};
use maud::{Markup, html};
use uuid::Uuid;

/// HTML that prints on A4: the certificates of one act of cession.
pub async fn print_transfers(db: &Db, actor: &Actor, act: Uuid) -> Result<String, Failure> {
    let school = actor.establishment;
    let (head, card, loans) = db
        .read(Scope::School(school), async |conn| {
            let card = acts::one(conn, school, act).await?;
            let card = card.filter(|card| card.kind == ActKind::Transfer.as_str());
            let card = card.ok_or(Refusal::NotFound { what: Thing::Act })?;
            let loans = receipts::loans_of_act(conn, school, act).await?;
            Ok::<_, Failure>((letterhead(conn, school).await?, card, loans))
        })
        .await?;
    let part = Part {
        title: "Certificats de cession".into(),
        filter: None,
        page: 1,
        pages: 1,
        remark: card.undone.then(|| "Cette cession a été annulée : il n'y a rien à imprimer.".into()),
    };
    let kept = if card.undone { &[] } else { loans.as_slice() };
    let sheets: Vec<Sheet> = kept.iter().map(|loan| certificate(&head, loan, card.done_at)).collect();
    Ok(document(&part, Size::A4, false, &head, &sheets))
}

fn certificate(head: &Letterhead, loan: &PaperLoan, at: DateTime<Utc>) -> Sheet {
    let code = receipt_code(loan.id);
    Sheet {
        title: "Certificat de cession".into(),
        subtitle: Some("Ordinateur portable du programme lycée 4.0".into()),
        date: dates::day(dates::local_day(at)),
        code: Some(captioned(&code, 10.0, &code)),
        body: body(head, loan, at),
    }
}

fn body(head: &Letterhead, loan: &PaperLoan, at: DateTime<Utc>) -> Markup {
    let name = loan.pupil.name();
    let day = dates::day(dates::local_day(at));
    let serial = format!("S/N {}", loan.laptop.serial);
    html! {
        p {
            "Je soussigné(e) ……………………………………………………, chef d'établissement (" strong { (head.school) }
            @if !head.uai.is_empty() { ", UAI " (head.uai) }
            "), certifie que l'ordinateur portable désigné ci-dessous, remis à l'élève dans le cadre du programme "
            "lycée 4.0 de la Région, lui est cédé à titre gratuit au terme de sa scolarité au lycée."
        }
        h2 { "Bénéficiaire" }
        (facts(&[("Élève", name.clone()), ("Classe", loan.pupil.class_code.clone().unwrap_or_default())]))
        h2 { "Ordinateur" }
        (facts(&[
            ("Modèle", loan.laptop.model.clone()),
            ("Numéro de série", loan.laptop.serial.clone()),
            ("N° d'inventaire", loan.asset_tag.clone().unwrap_or_default()),
            ("Remis à l'élève le", dates::day(dates::local_day(loan.opened_at))),
            ("Accessoires", loan.kit.join(", ")),
        ]))
        div.codes { (svg::card(&captioned(&loan.laptop.serial, 9.0, &serial))) }
        h2 { "Effet" }
        p {
            "À compter du " strong { (day) } ", " (name) " en est propriétaire. L'ordinateur sort du parc suivi par "
            "l'établissement, qui n'en assure plus ni le prêt, ni le remplacement, ni la réparation."
        }
        p { "Le présent certificat vaut justificatif de propriété." }
        p { "Fait en deux exemplaires, l'un pour l'élève, l'autre pour l'établissement." }
        p { "À ……………………………………, le ………………………" }
        (signatures(&["L'élève, ou son responsable légal s'il est mineur", "Le chef d'établissement (signature et cachet)"]))
    }
}
