//! Requests, sessions, sockets and the embedded page. [`routes`] is the one URL table.

pub mod acts;
pub mod board;
pub mod campaign;
pub mod charters;
pub mod data;
pub mod desk;
pub mod error;
pub mod files;
pub mod fund;
pub mod guardians;
pub mod hand_overs;
pub mod imports;
pub mod live;
pub mod openapi;
pub mod page;
pub mod papers;
pub mod print;
pub mod print_day;
pub mod register;
pub mod register_exports;
pub mod repairs;
pub mod scans;
pub mod screens;
pub mod session;
pub mod spool;
pub mod stock;

use crate::db::Db;
use crate::operations::read_image::Decoders;
use actix_web::error::JsonPayloadError;
use actix_web::web::{self, ServiceConfig, delete, get, post, put};
use error::Problem;
use screens::Screens;
use std::time::Duration;

/// What every handler may use.
pub struct State {
    pub db: Db,
    pub decoders: Decoders,
    /// Who follows what live.
    pub screens: Screens,
    /// Between two looks whether the session of an open socket still stands.
    pub check_sockets_every: Duration,
}

impl State {
    pub fn new(db: Db) -> Self {
        Self {
            db,
            decoders: Decoders::default(),
            screens: Screens::default(),
            check_sockets_every: CHECK_SOCKETS_EVERY,
        }
    }
}

const CHECK_SOCKETS_EVERY: Duration = Duration::from_secs(30);

/// A JSON body larger than this is not one of ours.
const JSON_LIMIT: usize = 256 * 1024;

/// Every path, its method and its handler. Who may call is the handler's extractor:
/// `Desk`, `Manager`, `RegisterReader`, `LoggedIn`, or nothing for the public ones.
pub fn routes(config: &mut ServiceConfig) {
    config
        .app_data(
            web::JsonConfig::default().limit(JSON_LIMIT).error_handler(|error, _| unreadable(&error).into()),
        )
        .app_data(web::PathConfig::default().error_handler(|_, _| Problem::not_found().into()))
        .app_data(
            web::QueryConfig::default()
                .error_handler(|_, _| Problem::unreadable("L'adresse ne dit pas ce qui est attendu.").into()),
        )
        .app_data(
            web::FormConfig::default()
                .error_handler(|_, _| Problem::unreadable("Le formulaire n'est pas celui attendu.").into()),
        )
        .service(
            web::scope("/print")
                .route("/badges", get().to(print::badges))
                .route("/labels", get().to(print::labels))
                .route("/charters", get().to(print::charters))
                .route("/hand-overs/{loan_id}", get().to(papers::hand_over))
                .route("/acts/{act_id}", get().to(papers::act))
                .route("/repair-batches/{id}", get().to(papers::repair_batch))
                .route("/transfers", get().to(papers::transfers))
                .route("/deliveries/{id}/differences", get().to(papers::differences))
                .route("/stock-takes/{id}", get().to(papers::stock_take))
                .route("/specimen", post().to(papers::specimen))
                .route("/attendance", get().to(print_day::attendance))
                .route("/chase", get().to(print_day::chase))
                .route("/contact-sheet", get().to(print_day::contact_sheet))
                .route("/guest-accounts", post().to(print_day::guest_accounts))
                .default_service(web::to(nothing_here)),
        )
        .service(
            web::scope("/api")
                .route("/health", get().to(health))
                .route("/establishments", get().to(session::list_establishments))
                .route("/session", post().to(session::log_in))
                .route("/session", get().to(session::show))
                .route("/session", delete().to(session::log_out))
                .route("/session/station", put().to(session::name_station))
                .route("/desk", get().to(desk::show))
                .route("/classes", get().to(desk::list_classes))
                .route("/students/search", post().to(desk::search_students))
                .route("/search", post().to(files::search))
                .route("/students/list", post().to(files::list_students))
                .route("/students/export", post().to(files::export_students))
                .route("/devices/list", post().to(files::list_devices))
                .route("/devices/export", post().to(files::export_devices))
                .route("/devices/choices", get().to(files::device_choices))
                .route("/students/{id}/story", get().to(files::student_story))
                .route("/devices/{id}/story", get().to(files::device_story))
                .route("/students/{id}", get().to(desk::show_student))
                .route("/devices/search", post().to(desk::search_devices))
                .route("/badges", post().to(desk::learn_badge))
                .route("/badges/forget", post().to(desk::forget_badge))
                .route("/scans/resolve", post().to(scans::resolve))
                .route("/scans/photo", post().to(scans::photo))
                .route("/scans/live", get().to(live::open))
                .route("/hand-overs", post().to(hand_overs::create))
                .route("/hand-overs", get().to(hand_overs::list))
                .route("/hand-overs/{loan_id}/undo", post().to(hand_overs::undo))
                .route("/acts", get().to(acts::list))
                .route("/acts/{id}/undo", post().to(acts::undo))
                .route("/incidents", post().to(acts::report))
                .route("/incidents/policy", get().to(fund::rules))
                .route("/incidents/policy", put().to(fund::change))
                .route("/incidents/photos/{id}", get().to(fund::photo))
                .route("/incidents/{id}/photos", post().to(fund::add_photo))
                .route("/grants", get().to(fund::list))
                .route("/grants", post().to(fund::request))
                .route("/grants/budgets", get().to(fund::list_budgets))
                .route("/grants/budgets", put().to(fund::change_budget))
                .route("/grants/{id}/decision", post().to(fund::decide))
                .route("/grants/{id}/replacement", post().to(fund::replace))
                .route("/loans", post().to(acts::lend))
                .route("/loans/temporary", get().to(acts::list_temporary))
                .route("/loans/out", get().to(acts::list_out))
                .route("/loans/{id}/extension", post().to(acts::extend))
                .route("/loans/{id}/keep", post().to(acts::keep))
                .route("/returns", post().to(acts::take_back))
                .route("/give-backs", post().to(acts::exchange))
                .route("/transfers", post().to(acts::transfer))
                .route("/devices/moves", post().to(acts::move_them))
                .route("/deliveries", get().to(stock::deliveries))
                .route("/deliveries/{id}", get().to(stock::reception))
                .route("/deliveries/{id}/scans", post().to(stock::receive))
                .route("/deliveries/{id}/rest", post().to(stock::receive_all))
                .route("/deliveries/{id}/check", post().to(stock::check))
                .route("/deliveries/{id}/differences.csv", get().to(stock::differences))
                .route("/reserve", get().to(stock::reserve))
                .route("/reserve/fill", post().to(stock::fill))
                .route("/repairs", get().to(repairs::list))
                .route("/repairs/back", post().to(repairs::back))
                .route("/repair-batches", post().to(repairs::open))
                .route("/repair-batches/{id}", get().to(repairs::show))
                .route("/repair-batches/{id}/devices", post().to(repairs::fill))
                .route("/repair-batches/{id}/send", post().to(repairs::send))
                .route("/stock-takes", get().to(stock::stock_takes))
                .route("/stock-takes", post().to(stock::open))
                .route("/stock-takes/{id}", get().to(stock::stock_take))
                .route("/stock-takes/{id}/scans", post().to(stock::see))
                .route("/stock-takes/{id}/close", post().to(stock::close))
                .route("/charters", get().to(charters::list))
                .route("/charters", post().to(charters::publish))
                .route("/charters/pdf", post().to(charters::publish_file))
                .route("/charters/intake", get().to(charters::intakes))
                .route("/charters/intake", post().to(charters::take_in))
                .route("/charters/intake/{receipt_id}/undo", post().to(charters::undo))
                .route("/charters/chase", get().to(charters::to_chase))
                .route("/charters/chase.csv", get().to(charters::to_chase_csv))
                .route("/charters/{id}", get().to(charters::show))
                .route("/charters/{id}/pdf", get().to(charters::pdf))
                .route("/charters/{id}/current", post().to(charters::make_current))
                .route("/students/{id}/charter/withdraw", post().to(charters::withdraw))
                .route("/students/{id}/signatories", get().to(guardians::may_sign))
                .route("/students/{id}/guardians", get().to(guardians::list))
                .route("/students/{id}/guardians", post().to(guardians::add))
                .route("/guardians/{id}", put().to(guardians::change))
                .route("/guardians/{id}/remove", post().to(guardians::remove))
                .route("/campaign", get().to(campaign::show))
                .route("/campaign", put().to(campaign::save))
                .route("/campaign/slots", post().to(campaign::add))
                .route("/campaign/slots/remove", post().to(campaign::remove))
                .route("/campaign/slots/{id}", put().to(campaign::move_one))
                .route("/campaign/plan", post().to(campaign::plan))
                .route("/campaign/staff", put().to(campaign::staff))
                .route("/campaign/guest-accounts", put().to(campaign::guest_accounts))
                .route("/board", get().to(board::show))
                .route("/board/call", post().to(board::call))
                .route("/board/events", get().to(board::events))
                .route("/register.csv", get().to(register::csv))
                .route("/register.xlsx", get().to(register::xlsx))
                .route("/register/summary", get().to(register::summary))
                .route("/register/exports", post().to(register_exports::create))
                .route("/register/exports", get().to(register_exports::list))
                .route("/register/exports/{number}.txt", get().to(register_exports::control_sheet))
                .route("/register/presets", get().to(register_exports::list_presets))
                .route("/register/presets", post().to(register_exports::add_preset))
                .route("/register/presets/{id}", put().to(register_exports::change_preset))
                .route("/register/presets/{id}", delete().to(register_exports::remove_preset))
                .route("/imports", post().to(imports::create))
                .route("/imports", get().to(imports::list))
                .route("/imports/preview", post().to(imports::preview))
                .route("/accounts/slips", post().to(imports::account_slips))
                .route("/imports/delay", get().to(imports::show_delay))
                .route("/imports/delay", put().to(imports::put_delay))
                .route("/imports/{id}", get().to(imports::show))
                .route("/imports/{id}/apply", post().to(imports::apply))
                .route("/imports/{id}/discard", post().to(imports::discard))
                .route("/imports/{id}/undo", post().to(imports::undo))
                .route("/imports/{id}/issues", get().to(imports::issues))
                .route("/data/checks", get().to(data::checks))
                .route("/data/checks/{code}/export", get().to(data::export))
                .route("/entitlement", get().to(data::rules))
                .route("/entitlement", put().to(data::change))
                .route("/entitlement/preview", post().to(data::preview))
                .route("/imports/{id}/confirm", post().to(imports::confirm))
                .route("/papers", get().to(papers::list))
                .route("/receipts/find", post().to(papers::find))
                .route("/receipts/{id}", get().to(papers::show))
                .route("/print-settings", get().to(papers::show_settings))
                .route("/print-settings", put().to(papers::change_settings))
                .route("/print-settings/logo", post().to(papers::set_logo))
                .route("/print-settings/logo", delete().to(papers::remove_logo))
                .route("/openapi.json", get().to(openapi::show))
                .default_service(web::to(nothing_here)),
        )
        .default_service(web::to(page::show));
}

async fn nothing_here() -> Result<String, Problem> {
    Err(Problem::not_found())
}

fn unreadable(error: &JsonPayloadError) -> Problem {
    match error {
        JsonPayloadError::OverflowKnownLength { .. } | JsonPayloadError::Overflow { .. } => {
            Problem::too_large("La demande dépasse 256 Kio.")
        }
        _ => Problem::unreadable("La demande n'est pas le JSON attendu."),
    }
}

/// Alive, and which version.
#[utoipa::path(get, path = "/api/health", responses((status = 200)))]
pub async fn health() -> web::Json<serde_json::Value> {
    web::Json(serde_json::json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
}
