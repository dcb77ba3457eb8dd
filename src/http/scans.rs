//! Scans: what texts mean, and the codes of a photo.

use super::State;
use super::error::Problem;
use super::session::Desk;
use crate::operations::resolve_scans::{Entry, MOST_CODES, Resolution, resolve_scans};
use crate::operations::see_frames::{SeenFrame, see_photo};
use actix_web::web;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A photo as a phone takes it.
pub const MOST_PHOTO_BYTES: usize = 32 * 1024 * 1024;

#[derive(Deserialize, ToSchema)]
pub struct Texts {
    /// 64 at most.
    pub codes: Vec<String>,
    /// Somebody typed them, and may have taken O for 0 or I for 1.
    #[serde(default)]
    pub typed: bool,
}

#[derive(Serialize, ToSchema)]
pub struct Resolutions {
    pub resolutions: Vec<Resolution>,
}

/// What texts mean to this school.
#[utoipa::path(post, path = "/api/scans/resolve", request_body = Texts, responses((status = 200, body = Resolutions)))]
pub async fn resolve(
    actor: Desk,
    state: web::Data<State>,
    texts: web::Json<Texts>,
) -> Result<web::Json<Resolutions>, Problem> {
    if texts.codes.len() > MOST_CODES {
        return Err(Problem::unreadable("Au plus 64 codes à la fois."));
    }
    let entry = if texts.typed { Entry::Typed } else { Entry::Scanned };
    Ok(web::Json(Resolutions { resolutions: resolve_scans(&state.db, &actor, &texts.codes, entry).await? }))
}

/// Codes of a photo: JPEG, PNG, WebP or HEIC.
#[utoipa::path(post, path = "/api/scans/photo", request_body(content = Vec<u8>, content_type = "image/jpeg"),
    responses((status = 200, body = SeenFrame), (status = 413, body = Problem), (status = 422, body = Problem)))]
pub async fn photo(
    actor: Desk,
    state: web::Data<State>,
    payload: web::Payload,
) -> Result<web::Json<SeenFrame>, Problem> {
    let photo = payload
        .to_bytes_limited(MOST_PHOTO_BYTES)
        .await
        .map_err(|_| Problem::too_large("La photo dépasse 32 Mio."))?
        .map_err(|_| Problem::unreadable("L'envoi de la photo s'est interrompu."))?;
    Ok(web::Json(see_photo(&state.db, &state.decoders, &actor, photo).await?))
}
