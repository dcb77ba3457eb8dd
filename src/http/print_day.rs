//! Papers of the day to print: attendance, contacts, guest accounts, charters to chase.

use super::State;
use super::error::Problem;
use super::print::{OfClass, html, word};
use super::session::Manager;
use crate::operations::print_attendance::print_attendance;
use crate::operations::print_chase::print_chase;
use crate::operations::print_contact_sheet::print_contact_sheet;
use crate::operations::print_guest_accounts::print_guest_accounts;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use utoipa::ToSchema;

/// Attendance sheets, a class a sheet.
#[utoipa::path(get, path = "/print/attendance", params(OfClass),
    responses((status = 200, content_type = "text/html"), (status = 403, body = Problem)))]
pub async fn attendance(
    manager: Manager,
    state: web::Data<State>,
    of: web::Query<OfClass>,
) -> Result<HttpResponse, Problem> {
    Ok(html(print_attendance(&state.db, &manager, word(&of.class)).await?))
}

/// The list of charters to chase, a class a page.
#[utoipa::path(get, path = "/print/chase", params(OfClass),
    responses((status = 200, content_type = "text/html"), (status = 403, body = Problem)))]
pub async fn chase(
    manager: Manager,
    state: web::Data<State>,
    of: web::Query<OfClass>,
) -> Result<HttpResponse, Problem> {
    Ok(html(print_chase(&state.db, &manager, word(&of.class)).await?))
}

/// The distribution referent's contact sheet.
#[utoipa::path(get, path = "/print/contact-sheet",
    responses((status = 200, content_type = "text/html"), (status = 403, body = Problem)))]
pub async fn contact_sheet(manager: Manager, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    Ok(html(print_contact_sheet(&state.db, &manager).await?))
}

/// What goes onto the slips, account by account. Neither stored nor shown in the log.
#[derive(Deserialize, ToSchema)]
pub struct Passwords {
    #[serde(default)]
    password_1: String,
    #[serde(default)]
    password_2: String,
    #[serde(default)]
    password_3: String,
    #[serde(default)]
    password_4: String,
    #[serde(default)]
    password_5: String,
    #[serde(default)]
    password_6: String,
    #[serde(default)]
    password_7: String,
    #[serde(default)]
    password_8: String,
}

/// Slips of the guest accounts; by POST, so that no password is in an address.
#[utoipa::path(post, path = "/print/guest-accounts",
    request_body(content = Passwords, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, content_type = "text/html"), (status = 403, body = Problem)))]
pub async fn guest_accounts(
    manager: Manager,
    state: web::Data<State>,
    passwords: web::Form<Passwords>,
) -> Result<HttpResponse, Problem> {
    let Passwords {
        password_1,
        password_2,
        password_3,
        password_4,
        password_5,
        password_6,
        password_7,
        password_8,
    } = passwords.into_inner();
    let typed =
        [password_1, password_2, password_3, password_4, password_5, password_6, password_7, password_8];
    Ok(html(print_guest_accounts(&state.db, &manager, &typed).await?))
}
