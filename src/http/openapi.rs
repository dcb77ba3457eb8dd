//! The OpenAPI document, from the handlers themselves.

use super::{desk, error, hand_overs, imports, print, register, scans, session};
use actix_web::HttpResponse;
use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(
    info(title = "Remise", description = "The desk of a regional laptop programme."),
    paths(
        super::health,
        session::list_establishments,
        session::log_in,
        session::show,
        session::log_out,
        session::name_station,
        desk::show,
        desk::list_classes,
        desk::search_students,
        desk::show_student,
        desk::search_devices,
        desk::learn_badge,
        desk::forget_badge,
        scans::resolve,
        scans::photo,
        hand_overs::create,
        hand_overs::list,
        hand_overs::undo,
        imports::create,
        imports::list,
        imports::show,
        imports::apply,
        imports::discard,
        register::csv,
        register::xlsx,
        register::summary,
        print::badges,
        print::labels,
        print::charters,
    ),
    components(schemas(error::Problem))
)]
pub struct Document;

/// `/api/openapi.json`.
pub async fn show() -> HttpResponse {
    HttpResponse::Ok().json(Document::openapi())
}
