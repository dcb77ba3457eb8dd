//! Files of the school, from the page: sent, watched while they are read, decided.

use super::State;
use super::data::csv;
use super::error::Problem;
use super::session::Manager;
use super::spool;
use crate::operations::Failure;
use crate::operations::imports::apply_import::apply_import;
use crate::operations::imports::confirm_students::confirm_students;
use crate::operations::imports::delay::{change_delay, delay};
use crate::operations::imports::discard_import::discard_import;
use crate::operations::imports::export_issues::export_issues;
use crate::operations::imports::layouts::{LayoutCard, LookedAt, as_before, as_said, look};
use crate::operations::imports::read_file::{begin, read_file};
use crate::operations::imports::report::{self, ImportProgress, ImportReport};
use crate::operations::imports::undo_import::undo_import;
use crate::operations::imports::{list as last, show as find, uai_of};
use crate::operations::print_accounts::print_accounts;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};
use domain::rows::FileKind;
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A file on its way in.
#[derive(Serialize, ToSchema)]
pub struct ImportState {
    pub id: Uuid,
    /// What the file is, as a word; absent when it is none that we know.
    pub kind: Option<String>,
    /// The same in French.
    pub kind_label: Option<&'static str>,
    pub file_name: String,
    /// `reading`, `staged`, `applying`, `applied`, `discarded`, `undone` or `refused`.
    pub state: String,
    pub created_at: DateTime<Utc>,
    pub progress: ImportProgress,
    /// Once the file is read to its end.
    pub report: Option<ImportReport>,
    /// Why the file cannot be taken.
    pub refusal: Option<Problem>,
    /// The other files of a zip of several; only in the answer to its sending.
    #[schema(no_recursion)]
    pub parts: Vec<ImportState>,
}

impl From<report::ImportState> for ImportState {
    fn from(state: report::ImportState) -> Self {
        Self {
            id: state.id,
            kind_label: state.kind.as_deref().and_then(FileKind::parse).map(FileKind::label),
            kind: state.kind,
            file_name: state.file_name,
            state: state.state.to_owned(),
            created_at: state.created_at,
            progress: state.progress,
            report: state.report,
            refusal: state.refusal.map(|refusal| Problem::of_refused_file(&refusal)),
            parts: Vec::new(),
        }
    }
}

/// Sends a file: what it is, is told by its content. Its name, percent-encoded, may stand
/// in `X-File-Name`. Read in the background: ask for the import until it is staged or refused.
#[utoipa::path(post, path = "/api/imports",
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    params(("X-File-Name" = Option<String>, Header, description = "Percent-encoded."),
        ("X-Layout" = Option<String>, Header, description = "Percent-encoded JSON of a LayoutCard: which column is which.")),
    responses((status = 202, body = ImportState), (status = 413, body = Problem)))]
pub async fn create(
    actor: Manager,
    state: web::Data<State>,
    request: HttpRequest,
    body: web::Payload,
) -> Result<HttpResponse, Problem> {
    let upload = spool::receive(body, announced_size(&request), file_name(&request)).await?;
    let school = actor.establishment;
    let uai = uai_of(&state.db, school).await?;
    let named =
        layout(&request).map_err(|_| Problem::unreadable("Les colonnes choisies sont illisibles."))?;
    let uploads = match named {
        Some(layout) => vec![as_said(&state.db, school, upload, layout).await?],
        None => {
            web::block(move || upload.parts()).await.map_err(|_| Problem::fault())?.map_err(Failure::from)?
        }
    };
    let mut states = Vec::new();
    let mut waiting = Vec::new();
    for upload in uploads {
        let upload = as_before(&state.db, school, upload).await?;
        let id = begin(&state.db, school, Some(&actor), &upload).await?;
        states.push(ImportState::from(find(&state.db, school, id).await?));
        waiting.push((id, upload));
    }
    let db = state.db.clone();
    // One after the other: a folder takes no more threads and connections than a file.
    actix_web::rt::spawn(async move {
        for (id, upload) in waiting {
            read_file(&db, (school, &uai), id, upload).await;
        }
    });
    let mut states = states.into_iter();
    let first = states.next().ok_or_else(Problem::fault)?;
    let parts: Vec<ImportState> = states.collect();
    Ok(HttpResponse::Accepted().json(ImportState { parts, ..first }))
}

/// The columns that somebody has named, from the header of the request.
fn layout(request: &HttpRequest) -> Result<Option<LayoutCard>, serde_json::Error> {
    let Some(header) = request.headers().get("x-layout") else { return Ok(None) };
    let text = percent_decode_str(header.to_str().unwrap_or("")).decode_utf8_lossy();
    serde_json::from_str(&text).map(Some)
}

/// Says what a file is and, of a table that is of no known layout, what it holds; nothing is kept.
#[utoipa::path(post, path = "/api/imports/preview",
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = LookedAt), (status = 400, body = Problem), (status = 413, body = Problem)))]
pub async fn preview(
    actor: Manager,
    state: web::Data<State>,
    request: HttpRequest,
    body: web::Payload,
) -> Result<web::Json<LookedAt>, Problem> {
    let upload = spool::receive(body, announced_size(&request), file_name(&request)).await?;
    Ok(web::Json(look(&state.db, actor.establishment, upload).await?))
}

/// Slips of the ENT's accounts, as a page to print: shown once and kept nowhere.
#[utoipa::path(post, path = "/api/accounts/slips",
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = String, content_type = "text/html"), (status = 400, body = Problem)))]
pub async fn account_slips(
    actor: Manager,
    state: web::Data<State>,
    request: HttpRequest,
    body: web::Payload,
) -> Result<HttpResponse, Problem> {
    let upload = spool::receive(body, announced_size(&request), file_name(&request)).await?;
    let page = print_accounts(&state.db, &actor, upload).await?;
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(page))
}

/// The last 20, newest first, without changes and issues.
#[utoipa::path(get, path = "/api/imports", responses((status = 200, body = [ImportState])))]
pub async fn list(actor: Manager, state: web::Data<State>) -> Result<web::Json<Vec<ImportState>>, Problem> {
    let last = last(&state.db, actor.establishment).await?;
    Ok(web::Json(last.into_iter().map(ImportState::from).collect()))
}

/// One import, with its report once it is read.
#[utoipa::path(get, path = "/api/imports/{id}",
    responses((status = 200, body = ImportState), (status = 404, body = Problem)))]
pub async fn show(
    actor: Manager,
    state: web::Data<State>,
    id: web::Path<Uuid>,
) -> Result<web::Json<ImportState>, Problem> {
    Ok(web::Json(find(&state.db, actor.establishment, *id).await?.into()))
}

/// Takes what the report shows into the school. 409 when there is nothing to decide, or
/// when the school has changed since: the figures are then made anew.
#[utoipa::path(post, path = "/api/imports/{id}/apply",
    responses((status = 200, body = ImportState), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn apply(
    actor: Manager,
    state: web::Data<State>,
    id: web::Path<Uuid>,
) -> Result<web::Json<ImportState>, Problem> {
    let (db, actor, id) = (state.db.clone(), actor.0, *id);
    // Goes on when the page is closed meanwhile.
    let applying =
        actix_web::rt::spawn(async move { apply_import(&db, actor.establishment, Some(&actor), id).await });
    let applied = applying.await.map_err(|_| Problem::fault())??;
    Ok(web::Json(applied.into()))
}

/// Leaves the file alone. 409 when it is decided already.
#[utoipa::path(post, path = "/api/imports/{id}/discard",
    responses((status = 200, body = ImportState), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn discard(
    actor: Manager,
    state: web::Data<State>,
    id: web::Path<Uuid>,
) -> Result<web::Json<ImportState>, Problem> {
    Ok(web::Json(discard_import(&state.db, actor.establishment, *id).await?.into()))
}

/// Why an applied file is taken back.
#[derive(Debug, Deserialize, ToSchema)]
pub struct UndoImportRequest {
    pub reason: String,
}

/// Takes an applied file back as a whole. 409 when something has touched what it did.
#[utoipa::path(post, path = "/api/imports/{id}/undo", request_body = UndoImportRequest,
    responses((status = 200, body = ImportState), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn undo(
    actor: Manager,
    state: web::Data<State>,
    id: web::Path<Uuid>,
    asked: web::Json<UndoImportRequest>,
) -> Result<web::Json<ImportState>, Problem> {
    let (db, actor, id) = (state.db.clone(), actor.0, *id);
    let undoing = actix_web::rt::spawn(async move {
        undo_import(&db, actor.establishment, Some(&actor), id, &asked.reason).await
    });
    Ok(web::Json(undoing.await.map_err(|_| Problem::fault())??.into()))
}

/// Every fault of a file that waits for a decision, as CSV.
#[utoipa::path(get, path = "/api/imports/{id}/issues",
    responses((status = 200, body = Vec<u8>, content_type = "text/csv"), (status = 404, body = Problem)))]
pub async fn issues(
    actor: Manager,
    state: web::Data<State>,
    id: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    Ok(csv("anomalies.csv", export_issues(&state.db, actor.establishment, *id).await?))
}

/// How long what files say is kept before somebody has decided about it.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub struct ImportDelay {
    /// From 1 to 90.
    pub days: i16,
}

/// The school's delay.
#[utoipa::path(get, path = "/api/imports/delay", operation_id = "import_delay",
    responses((status = 200, body = ImportDelay)))]
pub async fn show_delay(actor: Manager, state: web::Data<State>) -> Result<web::Json<ImportDelay>, Problem> {
    Ok(web::Json(ImportDelay { days: delay(&state.db, actor.establishment).await? }))
}

/// Changes it, also for files that wait already.
#[utoipa::path(put, path = "/api/imports/delay", request_body = ImportDelay, operation_id = "change_import_delay",
    responses((status = 200, body = ImportDelay), (status = 422, body = Problem)))]
pub async fn put_delay(
    actor: Manager,
    state: web::Data<State>,
    asked: web::Json<ImportDelay>,
) -> Result<web::Json<ImportDelay>, Problem> {
    change_delay(&state.db, &actor, asked.days).await?;
    Ok(asked)
}

/// Whether pupils found by name and birth date are those the school knows.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ConfirmRequest {
    /// The row; every row that waits when it is absent.
    pub row: Option<i32>,
    pub is_same: bool,
}

/// Says so of one row or of all; the figures are made anew.
#[utoipa::path(post, path = "/api/imports/{id}/confirm", request_body = ConfirmRequest,
    responses((status = 200, body = ImportState), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn confirm(
    actor: Manager,
    state: web::Data<State>,
    id: web::Path<Uuid>,
    asked: web::Json<ConfirmRequest>,
) -> Result<web::Json<ImportState>, Problem> {
    let ConfirmRequest { row, is_same } = *asked;
    Ok(web::Json(confirm_students(&state.db, actor.establishment, *id, row, is_same).await?.into()))
}

fn announced_size(request: &HttpRequest) -> Option<u64> {
    request.headers().get("content-length")?.to_str().ok()?.parse().ok()
}

/// The name without its folders and without what no file is called.
fn file_name(request: &HttpRequest) -> String {
    let sent = request.headers().get("x-file-name").and_then(|name| name.to_str().ok()).unwrap_or("");
    let name = percent_decode_str(sent).decode_utf8_lossy();
    let base = name.rsplit(['/', '\\']).next().unwrap_or("");
    let kept: String = base.chars().filter(|c| !c.is_control()).take(200).collect();
    if kept.trim().is_empty() { "fichier".to_owned() } else { kept.trim().to_owned() }
}
