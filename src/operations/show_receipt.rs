//! A receipt for the screen of the desk: its code, the same QR code as on paper, and where that paper is. Reads only.

use super::find_receipt::find_receipt;
use super::{Actor, Failure};
use crate::db::Db;
use crate::printing::receipt::qr;
use crate::printing::svg;
use domain::identifiers::receipt_code;
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
    let path = find_receipt(db, actor, &code).await?.path;
    Ok(ShownReceipt { qr: svg::card(&qr(&code)).into_string(), path, code })
}
