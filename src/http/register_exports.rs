//! Registers that leave for the Région, and the presets of their columns.

use super::State;
use super::error::Problem;
use super::register::{Whose, media_type, school};
use super::session::{Manager, RegisterReader};
use crate::operations::export_presets::{self, PresetCard, PresetRequest, Presets};
use crate::operations::export_register::Format;
use crate::operations::record_register::{self, ExportCard, Recording};
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::{HttpResponse, web};
use futures_util::StreamExt;
use serde::Deserialize;
use tokio_util::io::ReaderStream;
use utoipa::ToSchema;
use uuid::Uuid;

/// An export about to be made.
#[derive(Deserialize, ToSchema)]
pub struct ExportRequest {
    pub request_id: Uuid,
    /// `full`, or `delta`: what changed since the last export.
    pub kind: String,
    /// `csv` or `xlsx`.
    pub format: String,
    /// Columns of the school's own.
    pub preset: Option<Uuid>,
    /// Of a delta: the number of the export it follows, when that is not the last.
    pub after: Option<i32>,
}

/// Makes an export: the answer is the file, its number and hash are in `x-remise-export` and
/// `x-remise-sha256`.
#[utoipa::path(post, path = "/api/register/exports", request_body = ExportRequest,
    responses((status = 200, content_type = "text/csv"), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn create(
    manager: Manager,
    state: web::Data<State>,
    asked: web::Json<ExportRequest>,
) -> Result<HttpResponse, Problem> {
    let format =
        Format::parse(&asked.format).ok_or_else(|| Problem::unreadable("Format attendu : csv ou xlsx."))?;
    let delta = match asked.kind.as_str() {
        "full" => false,
        "delta" => true,
        _ => return Err(Problem::unreadable("Contenu attendu : full ou delta.")),
    };
    let recording = Recording {
        id: asked.request_id,
        delta,
        after: asked.after.filter(|_| delta),
        format,
        preset: asked.preset,
        made_by: Some(manager.operator.0),
        station: manager.station.map(|station| station.0),
    };
    let (db, school) = (state.db.clone(), manager.establishment);
    // A task of its own: a page that goes away must not cut the transaction short.
    let making =
        actix_web::rt::spawn(async move { record_register::record_register(&db, school, &recording).await });
    let made = making.await.map_err(|_| Problem::fault())??;
    let length = made.file.metadata().map_err(|_| Problem::fault())?.len();
    let body = ReaderStream::with_capacity(tokio::fs::File::from_std(made.file), 64 * 1024);
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, media_type(format)))
        .insert_header((CONTENT_LENGTH, length))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", made.card.file_name)))
        .insert_header(("x-remise-export", made.card.number.to_string()))
        .insert_header(("x-remise-sha256", made.card.sha256))
        .no_chunking(length)
        .streaming(body.map(|piece| piece.map_err(actix_web::Error::from))))
}

/// Exports that were made, newest first.
#[utoipa::path(get, path = "/api/register/exports", params(Whose), responses((status = 200, body = [ExportCard])))]
pub async fn list(
    reader: RegisterReader,
    state: web::Data<State>,
    whose: web::Query<Whose>,
) -> Result<web::Json<Vec<ExportCard>>, Problem> {
    let school = school(&reader, &state, whose.establishment.as_deref()).await?;
    Ok(web::Json(record_register::list_exports(&state.db, school).await?))
}

/// How the Région checks an export, as text.
#[utoipa::path(get, path = "/api/register/exports/{number}.txt", params(Whose),
    responses((status = 200, content_type = "text/plain"), (status = 404, body = Problem)))]
pub async fn control_sheet(
    reader: RegisterReader,
    state: web::Data<State>,
    number: web::Path<i32>,
    whose: web::Query<Whose>,
) -> Result<HttpResponse, Problem> {
    let school = school(&reader, &state, whose.establishment.as_deref()).await?;
    let text = record_register::control_sheet(&state.db, school, *number).await?;
    Ok(HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .insert_header((CONTENT_DISPOSITION, format!("inline; filename=\"controle-{number:03}.txt\"")))
        .body(text))
}

/// Presets, proposals and columns.
#[utoipa::path(get, path = "/api/register/presets", params(Whose), responses((status = 200, body = Presets)))]
pub async fn list_presets(
    reader: RegisterReader,
    state: web::Data<State>,
    whose: web::Query<Whose>,
) -> Result<web::Json<Presets>, Problem> {
    let school = school(&reader, &state, whose.establishment.as_deref()).await?;
    Ok(web::Json(export_presets::list_presets(&state.db, school).await?))
}

/// Keeps columns under a name.
#[utoipa::path(post, path = "/api/register/presets", request_body = PresetRequest,
    responses((status = 201, body = PresetCard), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn add_preset(
    manager: Manager,
    state: web::Data<State>,
    asked: web::Json<PresetRequest>,
) -> Result<HttpResponse, Problem> {
    let saved = export_presets::save_preset(&state.db, &manager, None, &asked).await?;
    Ok(HttpResponse::Created().json(saved))
}

/// Changes a preset.
#[utoipa::path(put, path = "/api/register/presets/{id}", request_body = PresetRequest,
    responses((status = 200, body = PresetCard), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn change_preset(
    manager: Manager,
    state: web::Data<State>,
    id: web::Path<Uuid>,
    asked: web::Json<PresetRequest>,
) -> Result<web::Json<PresetCard>, Problem> {
    Ok(web::Json(export_presets::save_preset(&state.db, &manager, Some(*id), &asked).await?))
}

/// Takes a preset away.
#[utoipa::path(delete, path = "/api/register/presets/{id}", responses((status = 204), (status = 404, body = Problem)))]
pub async fn remove_preset(
    manager: Manager,
    state: web::Data<State>,
    id: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    export_presets::remove_preset(&state.db, &manager, *id).await?;
    Ok(HttpResponse::NoContent().finish())
}
