//! Repair by the contractor: what waits, batches, and laptops that come back.

use super::State;
use super::error::Problem;
use super::session::Desk;
use crate::db::Scope;
use crate::db::repair_batches::{self, BatchCard};
use crate::db::repairs::{self, RepairCard};
use crate::operations::Failure;
use crate::operations::doing::Done;
use crate::operations::repair_devices::{
    BackRequest, Batch, BatchDevice, BatchRequest, SendRequest, come_back, fill_batch, open_batch, send_batch,
};
use actix_web::HttpResponse;
use actix_web::web::{self, Json, Path};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// Everything about repairs that the office looks at.
#[derive(Serialize, ToSchema)]
pub struct Repairs {
    /// Under way: those that wait for a batch first.
    pub under_way: Vec<RepairCard>,
    pub batches: Vec<BatchCard>,
    /// Back, while their pupil still has a spare.
    pub ready: Vec<RepairCard>,
    /// The last ended ones.
    pub ended: Vec<RepairCard>,
}

/// Repairs and batches.
#[utoipa::path(get, path = "/api/repairs", responses((status = 200, body = Repairs)))]
pub async fn list(actor: Desk, state: web::Data<State>) -> Result<Json<Repairs>, Problem> {
    let school = actor.establishment;
    let found = state
        .db
        .read(Scope::School(school), async |conn| {
            Ok::<_, Failure>(Repairs {
                under_way: repairs::list(conn, school, false, 500).await?,
                batches: repair_batches::list(conn, school).await?,
                ready: repairs::ready(conn, school).await?,
                ended: repairs::list(conn, school, true, 50).await?,
            })
        })
        .await?;
    Ok(Json(found))
}

/// Opens a batch.
#[utoipa::path(post, path = "/api/repair-batches", request_body = BatchRequest,
    responses((status = 201, body = Batch), (status = 422, body = Problem)))]
pub async fn open(
    actor: Desk,
    state: web::Data<State>,
    asked: Json<BatchRequest>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Created().json(open_batch(&state.db, &actor, &asked).await?))
}

/// A batch and what is in it.
#[utoipa::path(get, path = "/api/repair-batches/{id}",
    responses((status = 200, body = Batch), (status = 404, body = Problem)))]
pub async fn show(actor: Desk, state: web::Data<State>, id: Path<Uuid>) -> Result<Json<Batch>, Problem> {
    let school = actor.establishment;
    let found = state
        .db
        .read(Scope::School(school), async |conn| {
            let batch = repair_batches::one(conn, school, *id).await?;
            Ok::<_, Failure>(Batch { batch, repairs: repairs::of_batch(conn, school, *id).await? })
        })
        .await?;
    if found.batch.is_none() { Err(Problem::not_found()) } else { Ok(Json(found)) }
}

/// Puts a laptop into a batch, or takes it out.
#[utoipa::path(post, path = "/api/repair-batches/{id}/devices", request_body = BatchDevice,
    responses((status = 200, body = Batch), (status = 409, body = Problem)))]
pub async fn fill(
    actor: Desk,
    state: web::Data<State>,
    id: Path<Uuid>,
    asked: Json<BatchDevice>,
) -> Result<Json<Value>, Problem> {
    Ok(Json(fill_batch(&state.db, &actor, *id, &asked).await?))
}

/// Sends a batch.
#[utoipa::path(post, path = "/api/repair-batches/{id}/send", request_body = SendRequest,
    responses((status = 201, body = Done), (status = 409, body = Problem)))]
pub async fn send(
    actor: Desk,
    state: web::Data<State>,
    id: Path<Uuid>,
    asked: Json<SendRequest>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Created().json(send_batch(&state.db, &actor, *id, &asked).await?))
}

/// A laptop comes back from repair.
#[utoipa::path(post, path = "/api/repairs/back", request_body = BackRequest,
    responses((status = 201, body = Done), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn back(
    actor: Desk,
    state: web::Data<State>,
    asked: Json<BackRequest>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Created().json(come_back(&state.db, &actor, &asked).await?))
}
