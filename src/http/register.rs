//! The register for the Région, as a streamed file.

use super::State;
use super::error::Problem;
use super::session::RegisterReader;
use crate::db::Scope;
use crate::db::register::{self, RegisterFilter};
use crate::exports::register_csv;
use crate::operations::Failure;
use crate::operations::open_school::find_school;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use domain::identifiers::Uai;
use domain::ids::EstablishmentId;
use serde::Deserialize;
use std::io;
use tokio::sync::mpsc;
use tokio_util::bytes::Bytes;
use utoipa::IntoParams;

/// Lines that may wait for a slow reader.
const WAITING: usize = 64;
/// Lines are sent in pieces of about this size.
const PIECE: usize = 32 * 1024;

#[derive(Deserialize, IntoParams)]
pub struct Wanted {
    /// The school, for the Région; others have their own.
    pub establishment: Option<String>,
    pub class: Option<String>,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    /// `open`, `closed` or `all`.
    pub state: Option<String>,
}

/// The register as CSV.
#[utoipa::path(get, path = "/api/register.csv", params(Wanted),
    responses((status = 200, content_type = "text/csv"), (status = 403, body = Problem)))]
pub async fn csv(
    reader: RegisterReader,
    state: web::Data<State>,
    wanted: web::Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let school = school(&reader, &state, &wanted).await?;
    let filter = filter(&wanted).ok_or_else(|| Problem::unreadable("L'état est open, closed ou all."))?;
    let (sender, receiver) = mpsc::channel::<Result<Bytes, io::Error>>(WAITING);
    let db = state.db.clone();
    actix_web::rt::spawn(async move {
        let failed = sender.clone();
        let done = db
            .read(Scope::School(school), async |conn| {
                let mut piece = register_csv::BOM.to_vec();
                piece.extend(register_csv::heading().map_err(gone)?);
                register::for_each(conn, school, &filter, async |row| {
                    piece.extend(register_csv::row(&row).map_err(gone)?);
                    if piece.len() >= PIECE {
                        let full = std::mem::take(&mut piece);
                        sender.send(Ok(full.into())).await.map_err(gone)?;
                    }
                    Ok::<_, Failure>(())
                })
                .await?;
                sender.send(Ok(piece.into())).await.map_err(gone)?;
                Ok::<_, Failure>(())
            })
            .await;
        if done.is_err() {
            // The reader must not take half a register for a whole one.
            let _ = failed.send(Err(io::Error::other("register interrupted"))).await;
        }
    });
    let body = futures_util::stream::unfold(receiver, |mut receiver| async {
        receiver.recv().await.map(|piece| (piece, receiver))
    });
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"registre.csv\""))
        .streaming(Box::pin(body)))
}

fn gone(error: impl std::fmt::Display) -> Failure {
    Failure::Fault(crate::db::Fault::Other(error.to_string()))
}

async fn school(reader: &RegisterReader, state: &State, wanted: &Wanted) -> Result<EstablishmentId, Problem> {
    if let Some(own) = reader.0.establishment {
        return Ok(own);
    }
    let uai = wanted.establishment.as_deref().and_then(|text| Uai::parse(text).ok());
    let uai = uai.ok_or_else(|| Problem::unreadable("Indiquez l'UAI de l'établissement."))?;
    find_school(&state.db, &uai).await?.ok_or_else(Problem::not_found)
}

/// `None` when the state is none of the three.
fn filter(wanted: &Wanted) -> Option<RegisterFilter> {
    let open = match wanted.state.as_deref() {
        None | Some("all" | "") => None,
        Some("open") => Some(true),
        Some("closed") => Some(false),
        Some(_) => return None,
    };
    let class = wanted.class.clone().filter(|class| !class.is_empty());
    Some(RegisterFilter { class, from: wanted.from, to: wanted.to, open })
}
