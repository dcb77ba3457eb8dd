//! The register for the Région, as a streamed file, and its totals.

use super::State;
use super::error::Problem;
use super::session::RegisterReader;
use crate::operations::export_presets::layout;
use crate::operations::export_register::{
    Asked, Format, RegisterSummary, Rows, Wanted as Register, export_register, pieces, summarise_register,
};
use crate::operations::open_school::find_school;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use domain::identifiers::Uai;
use domain::ids::EstablishmentId;
use serde::Deserialize;
use tokio_util::bytes::Bytes;
use utoipa::IntoParams;
use uuid::Uuid;

#[derive(Deserialize, IntoParams)]
pub struct Wanted {
    /// The school, for the Région; others have their own.
    pub establishment: Option<String>,
    pub class: Option<String>,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    /// `open`, `closed` or `all`.
    pub state: Option<String>,
    /// Columns of the school's own.
    pub preset: Option<Uuid>,
}

/// Whose totals.
#[derive(Deserialize, IntoParams)]
pub struct Whose {
    /// The school, for the Région; others have their own.
    pub establishment: Option<String>,
}

/// The register as CSV.
#[utoipa::path(get, path = "/api/register.csv", params(Wanted),
    responses((status = 200, content_type = "text/csv"), (status = 403, body = Problem)))]
pub async fn csv(
    reader: RegisterReader,
    state: web::Data<State>,
    wanted: web::Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    file(&reader, &state, wanted.into_inner(), Format::Csv).await
}

/// The register as a workbook, with a sheet of totals.
#[utoipa::path(get, path = "/api/register.xlsx", params(Wanted),
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (status = 403, body = Problem)))]
pub async fn xlsx(
    reader: RegisterReader,
    state: web::Data<State>,
    wanted: web::Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    file(&reader, &state, wanted.into_inner(), Format::Xlsx).await
}

/// The totals of the register's second sheet: the whole school, at this moment.
#[utoipa::path(get, path = "/api/register/summary", params(Whose),
    responses((status = 200, body = RegisterSummary), (status = 403, body = Problem)))]
pub async fn summary(
    reader: RegisterReader,
    state: web::Data<State>,
    whose: web::Query<Whose>,
) -> Result<web::Json<RegisterSummary>, Problem> {
    let school = school(&reader, &state, whose.establishment.as_deref()).await?;
    Ok(web::Json(summarise_register(&state.db, school).await?))
}

async fn file(
    reader: &RegisterReader,
    state: &State,
    wanted: Wanted,
    format: Format,
) -> Result<HttpResponse, Problem> {
    let school = school(reader, state, wanted.establishment.as_deref()).await?;
    let asked = Asked { class: wanted.class, from: wanted.from, to: wanted.to, state: wanted.state };
    let filter = asked.filter().map_err(|invalid| Problem::unreadable(&invalid.detail))?;
    let layout = layout(&state.db, school, wanted.preset).await?;
    let (sender, receiver) = pieces();
    let db = state.db.clone();
    // A task of its own: a reader who goes away must not cut the transaction short.
    actix_web::rt::spawn(async move {
        let register = Register { school, rows: Rows::Filtered(filter), layout, format };
        if let Err(failure) = export_register(&db, register, sender).await {
            tracing::warn!(?failure, "register interrupted");
        }
    });
    Ok(streamed(receiver, format, "registre"))
}

/// A file as its pieces come.
pub fn streamed(
    receiver: tokio::sync::mpsc::Receiver<Result<Bytes, std::io::Error>>,
    format: Format,
    name: &str,
) -> HttpResponse {
    let body = futures_util::stream::unfold(receiver, |mut receiver| async {
        receiver.recv().await.map(|piece| (piece, receiver))
    });
    let name = format!("attachment; filename=\"{name}.{}\"", format.as_str());
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, media_type(format)))
        .insert_header((CONTENT_DISPOSITION, name))
        .streaming(Box::pin(body))
}

pub fn media_type(format: Format) -> &'static str {
    match format {
        Format::Csv => "text/csv; charset=utf-8",
        Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
}

/// Whose register: the reader's own school, or the one the Région names.
pub async fn school(
    reader: &RegisterReader,
    state: &State,
    asked: Option<&str>,
) -> Result<EstablishmentId, Problem> {
    if let Some(own) = reader.0.establishment {
        return Ok(own);
    }
    let uai = asked.and_then(|text| Uai::parse(text).ok());
    let uai = uai.ok_or_else(|| Problem::unreadable("Indiquez l'UAI de l'établissement."))?;
    find_school(&state.db, &uai).await?.ok_or_else(Problem::not_found)
}
