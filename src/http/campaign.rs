//! Preparing the day: the campaign, its slots, staff and guest accounts.

use super::State;
use super::error::Problem;
use super::session::Manager;
use crate::operations::plan_slots::{
    PlanRequest, RemoveSlotsRequest, SlotRequest, add_slot, move_slot, plan_slots, remove_slots,
};
use crate::operations::prepare_campaign::{
    CampaignRequest, GuestAccountsRequest, Prepared, StaffRequest, prepared, save_campaign,
    save_guest_accounts, save_staff,
};
use actix_web::{HttpResponse, web};
use uuid::Uuid;

/// The current campaign and all that is prepared for its day.
#[utoipa::path(get, path = "/api/campaign", responses((status = 200, body = Prepared), (status = 409, body = Problem)))]
pub async fn show(actor: Manager, state: web::Data<State>) -> Result<web::Json<Prepared>, Problem> {
    Ok(web::Json(prepared(&state.db, &actor).await?))
}

#[utoipa::path(put, path = "/api/campaign", request_body = CampaignRequest,
    responses((status = 201, body = Prepared), (status = 422, body = Problem)))]
pub async fn save(
    actor: Manager,
    state: web::Data<State>,
    asked: web::Json<CampaignRequest>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Created().json(save_campaign(&state.db, &actor, &asked).await?))
}

#[utoipa::path(post, path = "/api/campaign/slots", request_body = SlotRequest,
    responses((status = 201, body = Prepared), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn add(
    actor: Manager,
    state: web::Data<State>,
    asked: web::Json<SlotRequest>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Created().json(add_slot(&state.db, &actor, &asked).await?))
}

#[utoipa::path(put, path = "/api/campaign/slots/{id}", request_body = SlotRequest,
    responses((status = 201, body = Prepared), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn move_one(
    actor: Manager,
    state: web::Data<State>,
    id: web::Path<Uuid>,
    asked: web::Json<SlotRequest>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Created().json(move_slot(&state.db, &actor, *id, &asked).await?))
}

#[utoipa::path(post, path = "/api/campaign/slots/remove", request_body = RemoveSlotsRequest,
    responses((status = 201, body = Prepared), (status = 404, body = Problem)))]
pub async fn remove(
    actor: Manager,
    state: web::Data<State>,
    asked: web::Json<RemoveSlotsRequest>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Created().json(remove_slots(&state.db, &actor, &asked).await?))
}

/// Plans classes one after the other; slots they had are replaced.
#[utoipa::path(post, path = "/api/campaign/plan", request_body = PlanRequest,
    responses((status = 201, body = Prepared), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn plan(
    actor: Manager,
    state: web::Data<State>,
    asked: web::Json<PlanRequest>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Created().json(plan_slots(&state.db, &actor, &asked).await?))
}

#[utoipa::path(put, path = "/api/campaign/staff", request_body = StaffRequest,
    responses((status = 201, body = Prepared), (status = 422, body = Problem)))]
pub async fn staff(
    actor: Manager,
    state: web::Data<State>,
    asked: web::Json<StaffRequest>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Created().json(save_staff(&state.db, &actor, &asked).await?))
}

/// Logins and holders; a password is in no request but the one that prints it.
#[utoipa::path(put, path = "/api/campaign/guest-accounts", request_body = GuestAccountsRequest,
    responses((status = 201, body = Prepared), (status = 422, body = Problem)))]
pub async fn guest_accounts(
    actor: Manager,
    state: web::Data<State>,
    asked: web::Json<GuestAccountsRequest>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Created().json(save_guest_accounts(&state.db, &actor, &asked).await?))
}
