//! The rules for incidents, pictures of damage, and the head's emergency fund.

use super::State;
use super::error::Problem;
use super::session::{Desk, Manager};
use crate::db::Scope;
use crate::db::grants::{self, Budget, Grant};
use crate::db::incidents;
use crate::operations::Failure;
use crate::operations::doing::Done;
use crate::operations::emergency_grants::{
    BudgetRequest, DecisionRequest, GrantRequest, ReplacementRequest, decide_grant, request_grant,
    set_budget, use_grant,
};
use crate::operations::incident_rules::{IncidentRules, RuleRequest, change_rule, keep_photo, show_rules};
use actix_web::HttpResponse;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::{self, Json, Path};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// A photo of damage as a phone takes it.
const MOST_PHOTO_BYTES: usize = 16 * 1024 * 1024;

/// What is given in a laptop's place, by incident.
#[utoipa::path(get, path = "/api/incidents/policy", responses((status = 200, body = IncidentRules)))]
pub async fn rules(actor: Desk, state: web::Data<State>) -> Result<Json<IncidentRules>, Problem> {
    Ok(Json(show_rules(&state.db, &actor).await?))
}

/// Changes a line of the table.
#[utoipa::path(put, path = "/api/incidents/policy", request_body = RuleRequest,
    responses((status = 200, body = IncidentRules), (status = 403, body = Problem)))]
pub async fn change(
    actor: Manager,
    state: web::Data<State>,
    asked: Json<RuleRequest>,
) -> Result<Json<Value>, Problem> {
    Ok(Json(change_rule(&state.db, &actor, &asked).await?))
}

/// A kept picture.
#[derive(Serialize, ToSchema)]
pub struct KeptPhoto {
    pub id: Uuid,
}

/// Keeps a picture of the damage: JPEG, PNG or WebP.
#[utoipa::path(post, path = "/api/incidents/{id}/photos", request_body(content = Vec<u8>, content_type = "image/jpeg"),
    responses((status = 201, body = KeptPhoto), (status = 404, body = Problem), (status = 413, body = Problem),
        (status = 422, body = Problem)))]
pub async fn add_photo(
    actor: Desk,
    state: web::Data<State>,
    incident: Path<Uuid>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let photo = payload
        .to_bytes_limited(MOST_PHOTO_BYTES)
        .await
        .map_err(|_| Problem::too_large("La photo dépasse 16 Mio."))?
        .map_err(|_| Problem::unreadable("L'envoi de la photo s'est interrompu."))?;
    let id = keep_photo(&state.db, &actor, *incident, photo).await?;
    Ok(HttpResponse::Created().json(KeptPhoto { id }))
}

/// A kept picture's bytes.
#[utoipa::path(get, path = "/api/incidents/photos/{id}",
    responses((status = 200, content_type = "image/jpeg"), (status = 404, body = Problem)))]
pub async fn photo(actor: Desk, state: web::Data<State>, id: Path<Uuid>) -> Result<HttpResponse, Problem> {
    let school = actor.establishment;
    let bytes = state
        .db
        .read(Scope::School(school), async |conn| {
            Ok::<_, Failure>(incidents::photo(conn, school, *id).await?)
        })
        .await?;
    let bytes = bytes.ok_or_else(Problem::not_found)?;
    Ok(HttpResponse::Ok().content_type("image/jpeg").insert_header((CACHE_CONTROL, "no-store")).body(bytes))
}

/// Requests to the fund: those that wait first.
#[utoipa::path(get, path = "/api/grants", responses((status = 200, body = [Grant])))]
pub async fn list(actor: Desk, state: web::Data<State>) -> Result<Json<Vec<Grant>>, Problem> {
    let school = actor.establishment;
    let list = state
        .db
        .read(Scope::School(school), async |conn| Ok::<_, Failure>(grants::list(conn, school).await?))
        .await?;
    Ok(Json(list))
}

/// Asks for the fund.
#[utoipa::path(post, path = "/api/grants", request_body = GrantRequest,
    responses((status = 201, body = Grant), (status = 409, body = Problem)))]
pub async fn request(
    actor: Desk,
    state: web::Data<State>,
    asked: Json<GrantRequest>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Created().json(request_grant(&state.db, &actor, &asked).await?))
}

/// The head's decision.
#[utoipa::path(post, path = "/api/grants/{id}/decision", request_body = DecisionRequest,
    responses((status = 200, body = Grant), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub async fn decide(
    actor: Manager,
    state: web::Data<State>,
    id: Path<Uuid>,
    asked: Json<DecisionRequest>,
) -> Result<Json<Value>, Problem> {
    Ok(Json(decide_grant(&state.db, &actor, *id, &asked).await?))
}

/// Gives the laptop that was granted.
#[utoipa::path(post, path = "/api/grants/{id}/replacement", request_body = ReplacementRequest,
    responses((status = 201, body = Done), (status = 409, body = Problem)))]
pub async fn replace(
    actor: Desk,
    state: web::Data<State>,
    id: Path<Uuid>,
    asked: Json<ReplacementRequest>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Created().json(use_grant(&state.db, &actor, *id, &asked).await?))
}

/// Years of the fund and what is granted of each.
#[utoipa::path(get, path = "/api/grants/budgets", responses((status = 200, body = [Budget])))]
pub async fn list_budgets(actor: Desk, state: web::Data<State>) -> Result<Json<Vec<Budget>>, Problem> {
    let school = actor.establishment;
    let list = state
        .db
        .read(Scope::School(school), async |conn| Ok::<_, Failure>(grants::budgets(conn, school).await?))
        .await?;
    Ok(Json(list))
}

/// Sets what a year of the fund holds.
#[utoipa::path(put, path = "/api/grants/budgets", request_body = BudgetRequest,
    responses((status = 200, body = [Budget]), (status = 403, body = Problem)))]
pub async fn change_budget(
    actor: Manager,
    state: web::Data<State>,
    asked: Json<BudgetRequest>,
) -> Result<Json<Value>, Problem> {
    Ok(Json(set_budget(&state.db, &actor, &asked).await?))
}
