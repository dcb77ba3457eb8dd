//! The OpenAPI document, from the handlers themselves.

use super::{acts, desk, error, fund, hand_overs, imports, print, register, repairs, scans, session, stock};
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
        acts::list,
        acts::undo,
        acts::report,
        fund::rules,
        fund::change,
        fund::photo,
        fund::add_photo,
        fund::list,
        fund::request,
        fund::list_budgets,
        fund::change_budget,
        fund::decide,
        fund::replace,
        acts::lend,
        acts::list_temporary,
        acts::list_out,
        acts::extend,
        acts::keep,
        acts::take_back,
        acts::exchange,
        acts::transfer,
        acts::move_them,
        stock::deliveries,
        stock::reception,
        stock::receive,
        stock::receive_all,
        stock::check,
        stock::differences,
        stock::reserve,
        stock::fill,
        repairs::list,
        repairs::back,
        repairs::open,
        repairs::show,
        repairs::fill,
        repairs::send,
        stock::stock_takes,
        stock::open,
        stock::stock_take,
        stock::see,
        stock::close,
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
