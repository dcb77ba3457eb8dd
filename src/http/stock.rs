//! Laptops in the school's rooms: deliveries being checked, the reserve, stock-takes.

use super::State;
use super::error::Problem;
use super::session::{Desk, Manager};
use crate::db::Scope;
use crate::db::receptions::{self, DeliveryCard};
use crate::db::stock_takes::{self, StockTakeCard, StockTakeReport};
use crate::operations::Failure;
use crate::operations::doing::Done;
use crate::operations::export_differences::{Reception, export_differences, show_reception};
use crate::operations::fill_reserve::{FillRequest, fill_reserve};
use crate::operations::receive_device::{
    CheckRequest, ReceiveAnswer, ReceiveRequest, check_delivery, receive_device,
};
use crate::operations::receive_rest::{RestRequest, receive_rest};
use crate::operations::show_reserve::{ReserveState, show_reserve};
use crate::operations::take_stock::{
    CloseRequest, ClosedStockTake, SeenAnswer, SeenRequest, StockTakeRequest, close_stock_take,
    open_stock_take, see_device,
};
use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::{self, Json, Path};
use domain::refusal::{Refusal, Thing};
use serde_json::Value;
use uuid::Uuid;

/// Missing and strange laptops that a screen lists.
const LISTED: i64 = 500;

/// Delivery notes and how far each reception is.
#[utoipa::path(get, path = "/api/deliveries", responses((status = 200, body = [DeliveryCard])))]
pub async fn deliveries(actor: Desk, state: web::Data<State>) -> Result<Json<Vec<DeliveryCard>>, Problem> {
    let school = actor.establishment;
    let list = state
        .db
        .read(Scope::School(school), async |conn| {
            Ok::<_, Failure>(receptions::deliveries(conn, school).await?)
        })
        .await?;
    Ok(Json(list))
}

/// A reception: counts, what is missing, what differs, the last scans.
#[utoipa::path(get, path = "/api/deliveries/{id}",
    responses((status = 200, body = Reception), (status = 404, body = Problem)))]
pub async fn reception(
    actor: Desk,
    state: web::Data<State>,
    id: Path<Uuid>,
) -> Result<Json<Reception>, Problem> {
    Ok(Json(show_reception(&state.db, &actor, *id, LISTED).await?))
}

/// Checks one laptop against the note.
#[utoipa::path(post, path = "/api/deliveries/{id}/scans", request_body = ReceiveRequest,
    responses((status = 200, body = ReceiveAnswer), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn receive(
    actor: Desk,
    state: web::Data<State>,
    id: Path<Uuid>,
    asked: Json<ReceiveRequest>,
) -> Result<Json<Value>, Problem> {
    Ok(Json(receive_device(&state.db, &actor, *id, &asked).await?))
}

/// Declares a reception over, or open again.
#[utoipa::path(post, path = "/api/deliveries/{id}/check", request_body = CheckRequest,
    responses((status = 200, body = DeliveryCard), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn check(
    actor: Manager,
    state: web::Data<State>,
    id: Path<Uuid>,
    asked: Json<CheckRequest>,
) -> Result<Json<Value>, Problem> {
    Ok(Json(check_delivery(&state.db, &actor, *id, &asked).await?))
}

/// Takes in what nobody has scanned, on a manager's word.
#[utoipa::path(post, path = "/api/deliveries/{id}/rest", request_body = RestRequest,
    responses((status = 201, body = Done), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn receive_all(
    actor: Manager,
    state: web::Data<State>,
    id: Path<Uuid>,
    asked: Json<RestRequest>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Created().json(receive_rest(&state.db, &actor, *id, &asked).await?))
}

/// What the delivery and its note disagree on, as CSV.
#[utoipa::path(get, path = "/api/deliveries/{id}/differences.csv",
    responses((status = 200, content_type = "text/csv"), (status = 404, body = Problem)))]
pub async fn differences(
    actor: Desk,
    state: web::Data<State>,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let (text, note) = export_differences(&state.db, &actor, *id).await?;
    let name: String = note.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"ecarts-{name}.csv\"")))
        .body(text))
}

/// The reserve at a look.
#[utoipa::path(get, path = "/api/reserve", responses((status = 200, body = ReserveState)))]
pub async fn reserve(actor: Desk, state: web::Data<State>) -> Result<Json<ReserveState>, Problem> {
    Ok(Json(show_reserve(&state.db, &actor).await?))
}

/// Puts a share of the stock into the reserve.
#[utoipa::path(post, path = "/api/reserve/fill", request_body = FillRequest,
    responses((status = 201, body = Done), (status = 403, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
pub async fn fill(
    actor: Manager,
    state: web::Data<State>,
    asked: Json<FillRequest>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Created().json(fill_reserve(&state.db, &actor, &asked).await?))
}

/// Stock-takes, the newest first.
#[utoipa::path(get, path = "/api/stock-takes", responses((status = 200, body = [StockTakeCard])))]
pub async fn stock_takes(actor: Desk, state: web::Data<State>) -> Result<Json<Vec<StockTakeCard>>, Problem> {
    let school = actor.establishment;
    let list = state
        .db
        .read(Scope::School(school), async |conn| Ok::<_, Failure>(stock_takes::list(conn, school).await?))
        .await?;
    Ok(Json(list))
}

/// Opens a stock-take.
#[utoipa::path(post, path = "/api/stock-takes", request_body = StockTakeRequest,
    responses((status = 201, body = StockTakeCard), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn open(
    actor: Desk,
    state: web::Data<State>,
    asked: Json<StockTakeRequest>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Created().json(open_stock_take(&state.db, &actor, &asked).await?))
}

/// A stock-take with its differences as they stand, or as they were frozen.
#[utoipa::path(get, path = "/api/stock-takes/{id}",
    responses((status = 200, body = ClosedStockTake), (status = 404, body = Problem)))]
pub async fn stock_take(
    actor: Desk,
    state: web::Data<State>,
    id: Path<Uuid>,
) -> Result<Json<ClosedStockTake>, Problem> {
    let school = actor.establishment;
    let found = state
        .db
        .read(Scope::School(school), async |conn| {
            let card = stock_takes::one(conn, school, *id, false).await?;
            let card = card.ok_or(Refusal::NotFound { what: Thing::StockTake })?;
            let frozen = stock_takes::report(conn, school, *id).await?;
            let frozen: Option<StockTakeReport> =
                frozen.and_then(|report| serde_json::from_value(report).ok());
            let report = match frozen {
                Some(report) => report,
                None => stock_takes::compare(conn, school, *id).await?,
            };
            Ok::<_, Failure>(ClosedStockTake { stock_take: Some(card), report })
        })
        .await?;
    Ok(Json(found))
}

/// Takes a laptop's presence down.
#[utoipa::path(post, path = "/api/stock-takes/{id}/scans", request_body = SeenRequest,
    responses((status = 200, body = SeenAnswer), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn see(
    actor: Desk,
    state: web::Data<State>,
    id: Path<Uuid>,
    asked: Json<SeenRequest>,
) -> Result<Json<Value>, Problem> {
    Ok(Json(see_device(&state.db, &actor, *id, &asked).await?))
}

/// Applies the confirmed corrections and freezes the report.
#[utoipa::path(post, path = "/api/stock-takes/{id}/close", request_body = CloseRequest,
    responses((status = 200, body = ClosedStockTake), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub async fn close(
    actor: Manager,
    state: web::Data<State>,
    id: Path<Uuid>,
    asked: Json<CloseRequest>,
) -> Result<Json<Value>, Problem> {
    Ok(Json(close_stock_take(&state.db, &actor, *id, &asked).await?))
}
