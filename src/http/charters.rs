//! Charters: their versions, signed copies taken in ahead of the day, and those to chase.

use super::State;
use super::error::Problem;
use super::print::word;
use super::session::{Desk, Manager};
use crate::db::Scope;
use crate::db::cards::StudentCard;
use crate::db::charter_receipts::{self, Intake, IntakeCounts};
use crate::db::charters::{self, CharterVersion};
use crate::db::chase::ToChase;
use crate::operations::Failure;
use crate::operations::list_to_chase::{export_to_chase, list_to_chase};
use crate::operations::publish_charter::{
    MOST_PDF_BYTES, MakeCurrentRequest, PublishPdf, PublishRequest, make_charter_current, publish_pdf,
    publish_text,
};
use crate::operations::take_in_charter::{IntakeRequest, UndoIntakeRequest, take_in_charter, undo_intake};
use crate::operations::withdraw_charter::{WithdrawRequest, withdraw_charter};
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpResponse, web};
use domain::refusal::{Refusal, Thing};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Versions, the newest first.
#[utoipa::path(get, path = "/api/charters", responses((status = 200, body = [CharterVersion])))]
pub async fn list(
    actor: Manager,
    state: web::Data<State>,
) -> Result<web::Json<Vec<CharterVersion>>, Problem> {
    let school = actor.establishment;
    let list = state
        .db
        .read(Scope::School(school), async |conn| Ok::<_, Failure>(charters::list(conn, school).await?))
        .await?;
    Ok(web::Json(list))
}

/// The text of a version; empty when it is a PDF.
#[derive(Serialize, ToSchema)]
pub struct CharterText {
    pub version: String,
    pub body: String,
}

#[utoipa::path(get, path = "/api/charters/{id}", responses((status = 200, body = CharterText), (status = 404, body = Problem)))]
pub async fn show(
    actor: Manager,
    state: web::Data<State>,
    id: web::Path<Uuid>,
) -> Result<web::Json<CharterText>, Problem> {
    let content = content(&actor, &state, *id).await?;
    Ok(web::Json(CharterText { version: content.version, body: content.body }))
}

/// The file of a version that was given as one.
#[utoipa::path(get, path = "/api/charters/{id}/pdf",
    responses((status = 200, content_type = "application/pdf"), (status = 404, body = Problem)))]
pub async fn pdf(
    actor: Manager,
    state: web::Data<State>,
    id: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let pdf = content(&actor, &state, *id).await?.pdf.ok_or_else(Problem::not_found)?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/pdf"))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"charte.pdf\""))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(pdf))
}

async fn content(actor: &Manager, state: &State, id: Uuid) -> Result<charters::Content, Problem> {
    let school = actor.establishment;
    let content = state
        .db
        .read(Scope::School(school), async |conn| {
            let content = charters::content(conn, school, id).await?;
            content.ok_or(Failure::Refusal(Refusal::NotFound { what: Thing::Charter }))
        })
        .await?;
    Ok(content)
}

/// Publishes a version as text.
#[utoipa::path(post, path = "/api/charters", request_body = PublishRequest,
    responses((status = 201, body = CharterVersion), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn publish(
    actor: Manager,
    state: web::Data<State>,
    asked: web::Json<PublishRequest>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Created().json(publish_text(&state.db, &actor, &asked).await?))
}

/// Publishes a version as a PDF, 10 MiB at most.
#[utoipa::path(post, path = "/api/charters/pdf", params(PublishPdf),
    request_body(content = Vec<u8>, content_type = "application/pdf"),
    responses((status = 201, body = CharterVersion), (status = 409, body = Problem), (status = 413, body = Problem)))]
pub async fn publish_file(
    actor: Manager,
    state: web::Data<State>,
    asked: web::Query<PublishPdf>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let pdf = payload
        .to_bytes_limited(MOST_PDF_BYTES)
        .await
        .map_err(|_| Problem::too_large("Le PDF dépasse 10 Mio."))?
        .map_err(|_| Problem::unreadable("L'envoi du fichier s'est interrompu."))?;
    Ok(HttpResponse::Created().json(publish_pdf(&state.db, &actor, &asked, &pdf).await?))
}

/// Makes a version the current campaign's.
#[utoipa::path(post, path = "/api/charters/{id}/current", request_body = MakeCurrentRequest,
    responses((status = 201, body = CharterVersion), (status = 404, body = Problem)))]
pub async fn make_current(
    actor: Manager,
    state: web::Data<State>,
    id: web::Path<Uuid>,
    asked: web::Json<MakeCurrentRequest>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Created().json(make_charter_current(&state.db, &actor, *id, &asked).await?))
}

/// How many copies are in, and this station's last.
#[derive(Serialize, ToSchema)]
pub struct IntakeState {
    pub counts: IntakeCounts,
    pub last: Vec<Intake>,
}

#[utoipa::path(get, path = "/api/charters/intake", responses((status = 200, body = IntakeState)))]
pub async fn intakes(actor: Desk, state: web::Data<State>) -> Result<web::Json<IntakeState>, Problem> {
    let (school, station) = (actor.establishment, actor.station);
    let shown = state
        .db
        .read(Scope::School(school), async |conn| {
            let last = match station {
                Some(station) => charter_receipts::intakes_of_station(conn, school, station, 8).await?,
                None => Vec::new(),
            };
            Ok::<_, Failure>(IntakeState { counts: charter_receipts::counts(conn, school).await?, last })
        })
        .await?;
    Ok(web::Json(shown))
}

/// Takes in a signed copy by its barcode.
#[utoipa::path(post, path = "/api/charters/intake", request_body = IntakeRequest,
    responses((status = 201, body = Intake), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn take_in(
    actor: Desk,
    state: web::Data<State>,
    asked: web::Json<IntakeRequest>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Created().json(take_in_charter(&state.db, &actor, &asked).await?))
}

/// Takes a copy back: same station, 15 minutes, with a reason.
#[utoipa::path(post, path = "/api/charters/intake/{receipt_id}/undo", request_body = UndoIntakeRequest,
    responses((status = 201, body = Intake), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn undo(
    actor: Desk,
    state: web::Data<State>,
    receipt: web::Path<Uuid>,
    asked: web::Json<UndoIntakeRequest>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Created().json(undo_intake(&state.db, &actor, *receipt, &asked).await?))
}

/// Withdraws a pupil's charter for a reason.
#[utoipa::path(post, path = "/api/students/{id}/charter/withdraw", request_body = WithdrawRequest,
    responses((status = 201, body = StudentCard), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn withdraw(
    actor: Manager,
    state: web::Data<State>,
    student: web::Path<Uuid>,
    asked: web::Json<WithdrawRequest>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Created().json(withdraw_charter(&state.db, &actor, *student, &asked).await?))
}

/// Which class; every one without it.
#[derive(Deserialize, IntoParams)]
pub struct OfClass {
    pub class: Option<String>,
}

/// Pupils whose charter is not complete, by class and name, with whom to call.
#[utoipa::path(get, path = "/api/charters/chase", params(OfClass), responses((status = 200, body = [ToChase])))]
pub async fn to_chase(
    actor: Manager,
    state: web::Data<State>,
    of: web::Query<OfClass>,
) -> Result<web::Json<Vec<ToChase>>, Problem> {
    Ok(web::Json(list_to_chase(&state.db, &actor, word(&of.class)).await?))
}

/// The same as CSV.
#[utoipa::path(get, path = "/api/charters/chase.csv", params(OfClass),
    responses((status = 200, content_type = "text/csv"), (status = 403, body = Problem)))]
pub async fn to_chase_csv(
    actor: Manager,
    state: web::Data<State>,
    of: web::Query<OfClass>,
) -> Result<HttpResponse, Problem> {
    let file = export_to_chase(&state.db, &actor, word(&of.class)).await?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"chartes-a-reclamer.csv\""))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(file))
}
