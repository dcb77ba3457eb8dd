//! What a delivery and its note disagree on: missing, extra, damaged, another school's.

use super::{Actor, Failure};
use crate::db::receptions::{self, DeliveryCard, MissingDevice, ReceptionScan};
use crate::db::{Db, Scope};
use crate::exports::differences_csv::{self, Difference};
use chrono_tz::Europe::Paris;
use domain::refusal::{Refusal, Thing};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// More than a delivery has.
const MOST: i64 = 10_000;

/// A reception as the desk and the report see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Reception {
    pub delivery: DeliveryCard,
    pub missing: Vec<MissingDevice>,
    /// Scans that differ from the note, newest first.
    pub strange: Vec<ReceptionScan>,
    /// The last scans, newest first.
    pub last: Vec<ReceptionScan>,
}

/// Reads only; `most` bounds each list.
pub async fn show_reception(db: &Db, actor: &Actor, delivery: Uuid, most: i64) -> Result<Reception, Failure> {
    let school = actor.establishment;
    db.read(Scope::School(school), async |conn| {
        let card = receptions::delivery(conn, school, delivery).await?;
        Ok(Reception {
            delivery: card.ok_or(Refusal::NotFound { what: Thing::Delivery })?,
            missing: receptions::missing(conn, school, delivery, most).await?,
            strange: receptions::scans(conn, school, delivery, true, most).await?,
            last: receptions::scans(conn, school, delivery, false, 20).await?,
        })
    })
    .await
}

/// The differences as rows, missing laptops first.
pub fn rows(reception: &Reception) -> Vec<Difference> {
    let missing = reception.missing.iter().map(|device| Difference {
        what: "manquant",
        serial: device.serial.clone(),
        model: device.model.clone(),
        pallet: device.pallet.clone().unwrap_or_default(),
        parcel: device.parcel.clone().unwrap_or_default(),
        remark: String::new(),
        seen: String::new(),
    });
    let strange = reception.strange.iter().map(|scan| {
        let (what, other) = match scan.verdict.as_str() {
            "damaged" => ("abîmé", None),
            "other_note" => ("sur un autre bon", scan.other.as_deref()),
            "other_school" => ("autre établissement", scan.other.as_deref()),
            _ => ("en trop", None),
        };
        let remark: Vec<&str> =
            other.into_iter().chain(Some(scan.note.as_str()).filter(|n| !n.is_empty())).collect();
        let at = scan.scanned_at.with_timezone(&Paris).format("%d/%m/%Y %H:%M");
        Difference {
            what,
            serial: scan.serial.clone(),
            model: String::new(),
            pallet: String::new(),
            parcel: String::new(),
            remark: remark.join(", "),
            seen: format!("{at}, {}", scan.station),
        }
    });
    missing.chain(strange).collect()
}

/// The differences as CSV, and the number of the note.
pub async fn export_differences(db: &Db, actor: &Actor, delivery: Uuid) -> Result<(String, String), Failure> {
    let reception = show_reception(&db.patient(), actor, delivery, MOST).await?;
    let note = reception.delivery.note_number.clone();
    Ok((differences_csv::differences(&note, &rows(&reception)), note))
}
