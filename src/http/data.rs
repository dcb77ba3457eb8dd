//! The state of the school's data, and who is entitled.

use super::State;
use super::error::Problem;
use super::session::Manager;
use crate::operations::check_data::{DataState, check_data, export_check};
use crate::operations::entitlement::{
    Preview, RuleCard, Rules, RulesRequest, change_rules, preview_rules, show_rules,
};
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpResponse, web};

/// Every check, with the first it concerns, and how old each list is.
#[utoipa::path(get, path = "/api/data/checks", responses((status = 200, body = DataState)))]
pub async fn checks(actor: Manager, state: web::Data<State>) -> Result<web::Json<DataState>, Problem> {
    Ok(web::Json(check_data(&state.db, actor.establishment).await?))
}

/// All that a check found, as CSV.
#[utoipa::path(get, path = "/api/data/checks/{code}/export",
    responses((status = 200, body = Vec<u8>, content_type = "text/csv"), (status = 404, body = Problem)))]
pub async fn export(
    actor: Manager,
    state: web::Data<State>,
    code: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let text = export_check(&state.db, &actor, &code).await?;
    Ok(csv("a-corriger.csv", text))
}

/// A CSV to be saved under that name.
pub(super) fn csv(name: &str, text: String) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(text)
}

/// Which MEFs entitle, in the current campaign's year.
#[utoipa::path(get, path = "/api/entitlement", responses((status = 200, body = Rules), (status = 409, body = Problem)))]
pub async fn rules(actor: Manager, state: web::Data<State>) -> Result<web::Json<Rules>, Problem> {
    Ok(web::Json(show_rules(&state.db, &actor).await?))
}

/// Who would become entitled by these rules, and who no longer be. Changes nothing.
#[utoipa::path(post, path = "/api/entitlement/preview", request_body = [RuleCard],
    responses((status = 200, body = Preview), (status = 400, body = Problem)))]
pub async fn preview(
    actor: Manager,
    state: web::Data<State>,
    asked: web::Json<Vec<RuleCard>>,
) -> Result<web::Json<Preview>, Problem> {
    Ok(web::Json(preview_rules(&state.db, &actor, &asked).await?))
}

/// Puts rules in force; none at all brings the programme's back.
#[utoipa::path(put, path = "/api/entitlement", request_body = RulesRequest,
    responses((status = 200, body = Rules), (status = 400, body = Problem), (status = 409, body = Problem)))]
pub async fn change(
    actor: Manager,
    state: web::Data<State>,
    asked: web::Json<RulesRequest>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(change_rules(&state.db, &actor, &asked).await?))
}
