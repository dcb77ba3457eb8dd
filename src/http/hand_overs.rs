//! Hand-overs: make one, list the station's last ones, take one back.

use super::State;
use super::error::Problem;
use super::session::Desk;
use crate::db::Scope;
use crate::db::hand_overs::{self, HandOver};
use crate::operations::Failure;
use crate::operations::hand_over::{HandOverRequest, hand_over};
use crate::operations::undo_hand_over::{UndoRequest, undo_hand_over};
use actix_web::HttpResponse;
use actix_web::web::{self, Query};
use domain::ids::LoanId;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

/// Hands a laptop to a pupil.
#[utoipa::path(post, path = "/api/hand-overs", request_body = HandOverRequest,
    responses((status = 201, body = HandOver), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn create(
    actor: Desk,
    state: web::Data<State>,
    asked: web::Json<HandOverRequest>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Created().json(hand_over(&state.db, &actor, &asked).await?))
}

#[derive(Deserialize, IntoParams)]
pub struct Last {
    /// 20 when absent, 100 at most.
    pub limit: Option<i64>,
}

/// The last hand-overs of this station, newest first; none while it has no name.
#[utoipa::path(get, path = "/api/hand-overs", params(Last), responses((status = 200, body = [HandOver])))]
pub async fn list(
    actor: Desk,
    state: web::Data<State>,
    last: Query<Last>,
) -> Result<web::Json<Vec<HandOver>>, Problem> {
    let Some(station) = actor.station else { return Ok(web::Json(Vec::new())) };
    let school = actor.establishment;
    let limit = last.limit.unwrap_or(20).clamp(1, 100);
    let list = state
        .db
        .read(Scope::School(school), async |conn| {
            Ok::<_, Failure>(hand_overs::of_station(conn, school, station, limit).await?)
        })
        .await?;
    Ok(web::Json(list))
}

/// Takes a wrong hand-over back: same station, 15 minutes, with a reason.
#[utoipa::path(post, path = "/api/hand-overs/{loan_id}/undo", request_body = UndoRequest,
    responses((status = 200, body = HandOver), (status = 409, body = Problem)))]
pub async fn undo(
    actor: Desk,
    state: web::Data<State>,
    loan: web::Path<Uuid>,
    asked: web::Json<UndoRequest>,
) -> Result<web::Json<serde_json::Value>, Problem> {
    Ok(web::Json(undo_hand_over(&state.db, &actor, LoanId(*loan), &asked).await?))
}
