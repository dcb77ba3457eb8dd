//! Guardians of a pupil: by name for a desk, with their contacts for the office.

use super::State;
use super::error::Problem;
use super::session::{Desk, Manager};
use crate::db::Scope;
use crate::db::guardians::{self, Guardian};
use crate::operations::Failure;
use crate::operations::edit_guardians::{
    GuardianRequest, RemoveRequest, add_guardian, change_guardian, remove_guardian,
};
use crate::operations::signatories::{Signatories, signatories};
use actix_web::{HttpResponse, web};
use uuid::Uuid;

/// Who may sign for a pupil.
#[utoipa::path(get, path = "/api/students/{id}/signatories",
    responses((status = 200, body = Signatories), (status = 404, body = Problem)))]
pub async fn may_sign(
    actor: Desk,
    state: web::Data<State>,
    student: web::Path<Uuid>,
) -> Result<web::Json<Signatories>, Problem> {
    Ok(web::Json(signatories(&state.db, &actor, *student).await?))
}

/// A pupil's guardians, with their contacts.
#[utoipa::path(get, path = "/api/students/{id}/guardians", responses((status = 200, body = [Guardian])))]
pub async fn list(
    actor: Manager,
    state: web::Data<State>,
    student: web::Path<Uuid>,
) -> Result<web::Json<Vec<Guardian>>, Problem> {
    let school = actor.establishment;
    let list = state
        .db
        .read(Scope::School(school), async |conn| {
            Ok::<_, Failure>(guardians::of_students(conn, school, &[*student]).await?)
        })
        .await?;
    Ok(web::Json(list))
}

#[utoipa::path(post, path = "/api/students/{id}/guardians", request_body = GuardianRequest,
    responses((status = 201, body = Guardian), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn add(
    actor: Manager,
    state: web::Data<State>,
    student: web::Path<Uuid>,
    asked: web::Json<GuardianRequest>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Created().json(add_guardian(&state.db, &actor, *student, &asked).await?))
}

#[utoipa::path(put, path = "/api/guardians/{id}", request_body = GuardianRequest,
    responses((status = 201, body = Guardian), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn change(
    actor: Manager,
    state: web::Data<State>,
    id: web::Path<Uuid>,
    asked: web::Json<GuardianRequest>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Created().json(change_guardian(&state.db, &actor, *id, &asked).await?))
}

#[utoipa::path(post, path = "/api/guardians/{id}/remove", request_body = RemoveRequest,
    responses((status = 201, body = Guardian), (status = 404, body = Problem)))]
pub async fn remove(
    actor: Manager,
    state: web::Data<State>,
    id: web::Path<Uuid>,
    asked: web::Json<RemoveRequest>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Created().json(remove_guardian(&state.db, &actor, *id, &asked).await?))
}
