//! Sheets to print, as pages of their own: no script, nothing loaded.

use super::State;
use super::error::Problem;
use super::session::Manager;
use crate::operations::print_badges::{BadgeChoice, print_badges};
use crate::operations::print_charters::print_charters;
use crate::operations::print_labels::{LabelChoice, print_labels};
use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use utoipa::IntoParams;

/// Whose sheets.
#[derive(Deserialize, IntoParams)]
pub struct OfClass {
    /// The code of a class; everybody without it.
    pub class: Option<String>,
    /// From 1.
    pub page: Option<i64>,
}

/// Whose badges, and on what.
#[derive(Deserialize, IntoParams)]
pub struct BadgesOfClass {
    /// The code of a class; everybody without it.
    pub class: Option<String>,
    /// A sheet of cards; plain A4 without it.
    pub sheet: Option<String>,
    /// Cards of the first sheet that are used already.
    pub skip: Option<i64>,
    /// From 1.
    pub page: Option<i64>,
}

/// Which laptops' labels, and on what.
#[derive(Deserialize, IntoParams)]
pub struct OfDelivery {
    /// The number of a delivery note; every laptop without it.
    pub delivery: Option<String>,
    /// A sheet or a roll of labels; plain A4 without it.
    pub sheet: Option<String>,
    /// Labels of the first sheet that are used already.
    pub skip: Option<i64>,
    /// `own` for the school's labels on plain A4; the makers' without it.
    pub style: Option<String>,
    /// From 1.
    pub page: Option<i64>,
}

/// Badges, ten an A4 sheet or on sheets of cards.
#[utoipa::path(get, path = "/print/badges", params(BadgesOfClass),
    responses((status = 200, content_type = "text/html"), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn badges(
    manager: Manager,
    state: web::Data<State>,
    of: web::Query<BadgesOfClass>,
) -> Result<HttpResponse, Problem> {
    let choice = BadgeChoice {
        class: word(&of.class),
        sheet: word(&of.sheet),
        skip: of.skip.unwrap_or(0),
        page: of.page.unwrap_or(1),
    };
    Ok(html(print_badges(&state.db, &manager, choice).await?))
}

/// Laptop labels as their makers print them, or the school's own.
#[utoipa::path(get, path = "/print/labels", params(OfDelivery),
    responses((status = 200, content_type = "text/html"), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn labels(
    manager: Manager,
    state: web::Data<State>,
    of: web::Query<OfDelivery>,
) -> Result<HttpResponse, Problem> {
    let choice = LabelChoice {
        delivery: word(&of.delivery),
        sheet: word(&of.sheet),
        skip: of.skip.unwrap_or(0),
        own: word(&of.style) == Some("own"),
        page: of.page.unwrap_or(1),
    };
    Ok(html(print_labels(&state.db, &manager, choice).await?))
}

/// Charters, two copies a pupil.
#[utoipa::path(get, path = "/print/charters", params(OfClass),
    responses((status = 200, content_type = "text/html"), (status = 403, body = Problem)))]
pub async fn charters(
    manager: Manager,
    state: web::Data<State>,
    of: web::Query<OfClass>,
) -> Result<HttpResponse, Problem> {
    Ok(html(print_charters(&state.db, &manager, word(&of.class), of.page.unwrap_or(1)).await?))
}

/// A filter that says something.
pub(super) fn word(text: &Option<String>) -> Option<&str> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty())
}

/// No script and nothing loaded: a logo stands in the page itself. The office shows a page in a frame.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; \
    form-action 'self'; frame-ancestors 'self'";

/// A page to print, which nobody keeps.
pub fn html(page: String) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(page)
}
