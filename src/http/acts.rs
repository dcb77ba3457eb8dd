//! Acts of custody: incidents and swaps, loans, returns, transfers, laptops that change their
//! place; the station's last ones, and taking one back.

use super::State;
use super::error::Problem;
use super::print::word;
use super::session::{Desk, Manager};
use crate::db::Scope;
use crate::db::acts::{self, ActCard};
use crate::db::returns::{self, OutLoan};
use crate::db::temporary::{self, TemporaryLoan};
use crate::operations::Failure;
use crate::operations::doing::Done;
use crate::operations::lend_device::{
    ExtendRequest, KeepRequest, LendRequest, extend_loan, keep_loan, lend_device,
};
use crate::operations::move_devices::{MoveRequest, move_devices};
use crate::operations::report_incident::{IncidentRequest, report_incident};
use crate::operations::return_loan::{GiveBackRequest, ReturnRequest, give_back, return_loan};
use crate::operations::transfer_loans::{TransferRequest, transfer_loans};
use crate::operations::undo_act::undo_act;
use crate::operations::undo_hand_over::UndoRequest;
use actix_web::HttpResponse;
use actix_web::web::{self, Json, Path, Query};
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;
use uuid::Uuid;

/// A laptop broke down, was broken, lost or stolen; with a spare it is a swap.
#[utoipa::path(post, path = "/api/incidents", request_body = IncidentRequest,
    responses((status = 201, body = Done), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn report(
    actor: Desk,
    state: web::Data<State>,
    asked: Json<IncidentRequest>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Created().json(report_incident(&state.db, &actor, &asked).await?))
}

/// Lends a spare for a while.
#[utoipa::path(post, path = "/api/loans", request_body = LendRequest,
    responses((status = 201, body = Done), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn lend(
    actor: Desk,
    state: web::Data<State>,
    asked: Json<LendRequest>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Created().json(lend_device(&state.db, &actor, &asked).await?))
}

/// Gives a temporary loan another day.
#[utoipa::path(post, path = "/api/loans/{id}/extension", request_body = ExtendRequest,
    responses((status = 200, body = TemporaryLoan), (status = 409, body = Problem)))]
pub async fn extend(
    actor: Desk,
    state: web::Data<State>,
    loan: Path<Uuid>,
    asked: Json<ExtendRequest>,
) -> Result<Json<Value>, Problem> {
    Ok(Json(extend_loan(&state.db, &actor, *loan, &asked).await?))
}

/// Makes a spare the pupil's own.
#[utoipa::path(post, path = "/api/loans/{id}/keep", request_body = KeepRequest,
    responses((status = 201, body = Done), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub async fn keep(
    actor: Manager,
    state: web::Data<State>,
    loan: Path<Uuid>,
    asked: Json<KeepRequest>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Created().json(keep_loan(&state.db, &actor, *loan, &asked).await?))
}

/// Temporary loans that are open, those due first coming first.
#[utoipa::path(get, path = "/api/loans/temporary", responses((status = 200, body = [TemporaryLoan])))]
pub async fn list_temporary(
    actor: Desk,
    state: web::Data<State>,
) -> Result<Json<Vec<TemporaryLoan>>, Problem> {
    let school = actor.establishment;
    let list = state
        .db
        .read(Scope::School(school), async |conn| Ok::<_, Failure>(temporary::open(conn, school).await?))
        .await?;
    Ok(Json(list))
}

#[derive(Deserialize, IntoParams)]
pub struct Whose {
    /// The code of a class.
    pub class: Option<String>,
    /// Only pupils who have left.
    pub leavers: Option<bool>,
}

/// Laptops in pupils' hands: of a class, or of those who left.
#[utoipa::path(get, path = "/api/loans/out", params(Whose), responses((status = 200, body = [OutLoan])))]
pub async fn list_out(
    actor: Desk,
    state: web::Data<State>,
    whose: Query<Whose>,
) -> Result<Json<Vec<OutLoan>>, Problem> {
    let school = actor.establishment;
    let class = word(&whose.class);
    let leavers = whose.leavers.unwrap_or(false);
    let list = state
        .db
        .read(Scope::School(school), async |conn| {
            Ok::<_, Failure>(returns::out(conn, school, class, leavers).await?)
        })
        .await?;
    Ok(Json(list))
}

/// Takes a laptop back.
#[utoipa::path(post, path = "/api/returns", request_body = ReturnRequest,
    responses((status = 201, body = Done), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn take_back(
    actor: Desk,
    state: web::Data<State>,
    asked: Json<ReturnRequest>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Created().json(return_loan(&state.db, &actor, &asked).await?))
}

/// Gives a repaired laptop back in exchange for the spare.
#[utoipa::path(post, path = "/api/give-backs", request_body = GiveBackRequest,
    responses((status = 201, body = Done), (status = 409, body = Problem)))]
pub async fn exchange(
    actor: Desk,
    state: web::Data<State>,
    asked: Json<GiveBackRequest>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Created().json(give_back(&state.db, &actor, &asked).await?))
}

/// Makes laptops their pupils' own at the end of schooling.
#[utoipa::path(post, path = "/api/transfers", request_body = TransferRequest,
    responses((status = 201, body = Done), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub async fn transfer(
    actor: Manager,
    state: web::Data<State>,
    asked: Json<TransferRequest>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Created().json(transfer_loans(&state.db, &actor, &asked).await?))
}

/// Moves laptops that nobody holds.
#[utoipa::path(post, path = "/api/devices/moves", request_body = MoveRequest,
    responses((status = 201, body = Done), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub async fn move_them(
    actor: Desk,
    state: web::Data<State>,
    asked: Json<MoveRequest>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Created().json(move_devices(&state.db, &actor, &asked).await?))
}

#[derive(Deserialize, IntoParams)]
pub struct Last {
    /// Kinds of act, with commas between; every kind without it.
    pub kinds: Option<String>,
    /// 20 when absent, 100 at most.
    pub limit: Option<i64>,
}

/// The last acts of this station, newest first; none while it has no name.
#[utoipa::path(get, path = "/api/acts", params(Last), responses((status = 200, body = [ActCard])))]
pub async fn list(
    actor: Desk,
    state: web::Data<State>,
    last: Query<Last>,
) -> Result<Json<Vec<ActCard>>, Problem> {
    let Some(station) = actor.station else { return Ok(Json(Vec::new())) };
    let school = actor.establishment;
    let limit = last.limit.unwrap_or(20).clamp(1, 100);
    let every = domain::acts::ActKind::ALL.map(domain::acts::ActKind::as_str);
    let kinds: Vec<&str> = match last.kinds.as_deref() {
        Some(asked) if !asked.is_empty() => asked.split(',').collect(),
        _ => every.to_vec(),
    };
    let list = state
        .db
        .read(Scope::School(school), async |conn| {
            Ok::<_, Failure>(acts::of_station(conn, school, station, &kinds, limit).await?)
        })
        .await?;
    Ok(Json(list))
}

/// Takes an act back as a whole: same station, 15 minutes, with a reason, while nothing has happened since.
#[utoipa::path(post, path = "/api/acts/{id}/undo", request_body = UndoRequest,
    responses((status = 200, body = Done), (status = 409, body = Problem)))]
pub async fn undo(
    actor: Desk,
    state: web::Data<State>,
    act: Path<Uuid>,
    asked: Json<UndoRequest>,
) -> Result<Json<Value>, Problem> {
    let UndoRequest { request_id, reason, desk_at } = asked.into_inner();
    Ok(Json(undo_act(&state.db, &actor, *act, (request_id, &reason, desk_at)).await?))
}
