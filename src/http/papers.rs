//! Papers of the desk and of the office: receipts, slips, certificates, reports; and what a
//! school puts on them.

use super::State;
use super::error::Problem;
use super::print::html;
use super::session::{Desk, Manager};
use crate::db::Scope;
use crate::db::papers::{self, PaperChoices};
use crate::operations::Failure;
use crate::operations::change_print_settings::{
    MOST_LOGO_BYTES, PrintSettings, SettingsRequest, change_logo, change_print_settings, preview,
    show_print_settings,
};
use crate::operations::find_receipt::{FoundReceipt, find_receipt};
use crate::operations::print_differences::print_differences;
use crate::operations::print_receipt::{print_act, print_hand_over};
use crate::operations::print_repair_slip::print_repair_slip;
use crate::operations::print_stock_take::print_stock_take;
use crate::operations::print_transfers::print_transfers;
use crate::operations::show_receipt::{ShownReceipt, show_receipt};
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// The receipt of a hand-over or of a loan.
#[utoipa::path(get, path = "/print/hand-overs/{loan_id}",
    responses((status = 200, content_type = "text/html"), (status = 404, body = Problem)))]
pub async fn hand_over(
    desk: Desk,
    state: web::Data<State>,
    loan: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    Ok(html(print_hand_over(&state.db, &desk, *loan).await?))
}

/// The receipt of an act: swap, return, loan and so on.
#[utoipa::path(get, path = "/print/acts/{act_id}",
    responses((status = 200, content_type = "text/html"), (status = 404, body = Problem)))]
pub async fn act(desk: Desk, state: web::Data<State>, act: web::Path<Uuid>) -> Result<HttpResponse, Problem> {
    Ok(html(print_act(&state.db, &desk, *act).await?))
}

/// The slip of a repair batch.
#[utoipa::path(get, path = "/print/repair-batches/{id}",
    responses((status = 200, content_type = "text/html"), (status = 404, body = Problem)))]
pub async fn repair_batch(
    manager: Manager,
    state: web::Data<State>,
    batch: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    Ok(html(print_repair_slip(&state.db, &manager, *batch).await?))
}

/// Whose certificates.
#[derive(Deserialize, IntoParams)]
pub struct OfAct {
    pub act: Uuid,
}

/// Certificates of cession of an act, one A4 page a pupil.
#[utoipa::path(get, path = "/print/transfers", params(OfAct),
    responses((status = 200, content_type = "text/html"), (status = 404, body = Problem)))]
pub async fn transfers(
    manager: Manager,
    state: web::Data<State>,
    of: web::Query<OfAct>,
) -> Result<HttpResponse, Problem> {
    Ok(html(print_transfers(&state.db, &manager, of.act).await?))
}

/// What a delivery brought beside its note.
#[utoipa::path(get, path = "/print/deliveries/{id}/differences",
    responses((status = 200, content_type = "text/html"), (status = 404, body = Problem)))]
pub async fn differences(
    manager: Manager,
    state: web::Data<State>,
    delivery: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    Ok(html(print_differences(&state.db, &manager, *delivery).await?))
}

/// The report of a stock-take.
#[utoipa::path(get, path = "/print/stock-takes/{id}",
    responses((status = 200, content_type = "text/html"), (status = 404, body = Problem)))]
pub async fn stock_take(
    manager: Manager,
    state: web::Data<State>,
    stock_take: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    Ok(html(print_stock_take(&state.db, &manager, *stock_take).await?))
}

/// An invented receipt with these settings, which are not kept.
#[utoipa::path(post, path = "/print/specimen",
    request_body(content = SettingsRequest, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, content_type = "text/html"), (status = 422, body = Problem)))]
pub async fn specimen(
    manager: Manager,
    state: web::Data<State>,
    asked: web::Form<SettingsRequest>,
) -> Result<HttpResponse, Problem> {
    Ok(html(preview(&state.db, &manager, &asked).await?))
}

/// What the school puts on its papers.
#[utoipa::path(get, path = "/api/print-settings", responses((status = 200, body = PrintSettings)))]
pub async fn show_settings(
    manager: Manager,
    state: web::Data<State>,
) -> Result<web::Json<PrintSettings>, Problem> {
    Ok(web::Json(show_print_settings(&state.db, &manager).await?))
}

/// Changes it.
#[utoipa::path(put, path = "/api/print-settings", request_body = SettingsRequest,
    responses((status = 200, body = PrintSettings), (status = 422, body = Problem)))]
pub async fn change_settings(
    manager: Manager,
    state: web::Data<State>,
    asked: web::Json<SettingsRequest>,
) -> Result<web::Json<PrintSettings>, Problem> {
    Ok(web::Json(change_print_settings(&state.db, &manager, &asked).await?))
}

/// Puts a logo on the papers: PNG or JPEG, 512 KiB at most.
#[utoipa::path(post, path = "/api/print-settings/logo", request_body(content = Vec<u8>, content_type = "image/png"),
    responses((status = 200, body = PrintSettings), (status = 413, body = Problem), (status = 422, body = Problem)))]
pub async fn set_logo(
    manager: Manager,
    state: web::Data<State>,
    payload: web::Payload,
) -> Result<web::Json<PrintSettings>, Problem> {
    let bytes = payload
        .to_bytes_limited(MOST_LOGO_BYTES)
        .await
        .map_err(|_| Problem::too_large("Le logo dépasse 512 Kio."))?
        .map_err(|_| Problem::unreadable("L'envoi du logo s'est interrompu."))?;
    Ok(web::Json(change_logo(&state.db, &manager, Some(bytes.to_vec())).await?))
}

/// Takes the logo away.
#[utoipa::path(delete, path = "/api/print-settings/logo", responses((status = 200, body = PrintSettings)))]
pub async fn remove_logo(
    manager: Manager,
    state: web::Data<State>,
) -> Result<web::Json<PrintSettings>, Problem> {
    Ok(web::Json(change_logo(&state.db, &manager, None).await?))
}

/// What the office may print.
#[utoipa::path(get, path = "/api/papers", responses((status = 200, body = PaperChoices)))]
pub async fn list(manager: Manager, state: web::Data<State>) -> Result<web::Json<PaperChoices>, Problem> {
    let school = manager.establishment;
    let choices = state
        .db
        .read(Scope::School(school), async |conn| Ok::<_, Failure>(papers::choices(conn, school).await?))
        .await?;
    Ok(web::Json(choices))
}

/// The code of a receipt, as somebody typed or scanned it.
#[derive(Deserialize, ToSchema)]
pub struct ReceiptText {
    pub code: String,
}

/// The paper of a receipt's code.
#[utoipa::path(post, path = "/api/receipts/find", request_body = ReceiptText,
    responses((status = 200, body = FoundReceipt), (status = 404, body = Problem)))]
pub async fn find(
    desk: Desk,
    state: web::Data<State>,
    asked: web::Json<ReceiptText>,
) -> Result<web::Json<FoundReceipt>, Problem> {
    Ok(web::Json(find_receipt(&state.db, &desk, &asked.code).await?))
}

/// The receipt of a loan's opening or of an act, for the screen.
#[utoipa::path(get, path = "/api/receipts/{id}",
    responses((status = 200, body = ShownReceipt), (status = 404, body = Problem)))]
pub async fn show(
    desk: Desk,
    state: web::Data<State>,
    id: web::Path<Uuid>,
) -> Result<web::Json<ShownReceipt>, Problem> {
    Ok(web::Json(show_receipt(&state.db, &desk, *id).await?))
}
