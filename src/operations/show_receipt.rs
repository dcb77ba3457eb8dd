//! A receipt for the screen of the desk: its code, the same QR code as on paper, and where that paper is. Reads only.

use super::find_receipt::{of_code, path_of};
use super::{Actor, Failure};
use crate::db::Db;
use crate::printing::receipt::qr;
use crate::printing::svg;
use domain::identifiers::receipt_code;
use domain::refusal::{Refusal, Thing};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What a telephone takes from the screen.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ShownReceipt {
    pub code: String,
    /// The code as a QR code, an SVG picture with its quiet zone.
    pub qr: String,
    /// Where the paper is.
    pub path: String,
}

/// The receipt of a loan's opening or of an act.
pub async fn show_receipt(db: &Db, actor: &Actor, id: Uuid) -> Result<ShownReceipt, Failure> {
    let code = receipt_code(id);
    let found = of_code(db, actor, &code).await?.into_iter().find(|one| one.id == id);
    let found = found.ok_or(Refusal::NotFound { what: Thing::Act })?;
    Ok(ShownReceipt { qr: svg::card(&qr(&code)).into_string(), path: path_of(&found), code })
}
