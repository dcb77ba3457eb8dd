//! Who is calling: the session cookie, and one extractor for each right.

use super::State;
use super::error::Problem;
use crate::operations::Actor;
use crate::operations::sessions::{self, Authenticated, Credentials, Session, SessionEstablishment};
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use domain::roles::Right;
use serde::Deserialize;
use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;
use utoipa::ToSchema;

const COOKIE: &str = "remise_session";

/// Anybody who is logged in.
pub struct LoggedIn {
    pub token: String,
    pub authenticated: Authenticated,
}

/// Somebody who may read the register; the Région has no school of its own.
pub struct RegisterReader(pub Authenticated);

macro_rules! school_extractor {
    ($(#[$doc:meta])* $name:ident, $right:expr) => {
        $(#[$doc])*
        pub struct $name(pub Actor);

        impl Deref for $name {
            type Target = Actor;

            fn deref(&self) -> &Actor {
                &self.0
            }
        }

        impl FromRequest for $name {
            type Error = Problem;
            type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

            fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
                let request = request.clone();
                Box::pin(async move {
                    let caller = caller(&request, $right).await?;
                    caller.authenticated.actor().map($name).ok_or_else(Problem::forbidden)
                })
            }
        }
    };
}

school_extractor!(
    /// Somebody who hands out at a desk of a school.
    Desk,
    Right::Desk
);
school_extractor!(
    /// Somebody who imports, prints and overrides for a school.
    Manager,
    Right::Manage
);

impl FromRequest for LoggedIn {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { caller(&request, Right::Session).await })
    }
}

impl FromRequest for RegisterReader {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Ok(Self(caller(&request, Right::Register).await?.authenticated)) })
    }
}

/// What the browser was given at the login.
pub(super) fn token(request: &HttpRequest) -> Option<String> {
    Some(request.cookie(COOKIE)?.value().to_owned())
}

async fn caller(request: &HttpRequest, right: Right) -> Result<LoggedIn, Problem> {
    let token = token(request).ok_or_else(Problem::unauthenticated)?;
    let state = request.app_data::<web::Data<State>>().ok_or_else(Problem::not_found)?;
    let authenticated =
        sessions::authenticate(&state.db, &token).await?.ok_or_else(Problem::unauthenticated)?;
    if authenticated.role.has(right) {
        Ok(LoggedIn { token, authenticated })
    } else {
        Err(Problem::forbidden())
    }
}

fn cookie(request: &HttpRequest, token: String) -> Cookie<'static> {
    Cookie::build(COOKIE, token)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(request.app_config().secure())
        .finish()
}

/// Schools for the login page.
#[utoipa::path(get, path = "/api/establishments", responses((status = 200, body = [SessionEstablishment])))]
pub async fn list_establishments(
    state: web::Data<State>,
) -> Result<web::Json<Vec<SessionEstablishment>>, Problem> {
    Ok(web::Json(sessions::establishments(&state.db).await?))
}

/// Logs in.
#[utoipa::path(post, path = "/api/session", request_body = Credentials,
    responses((status = 200, body = Session), (status = 401, body = Problem), (status = 429, body = Problem)))]
pub async fn log_in(
    request: HttpRequest,
    state: web::Data<State>,
    credentials: web::Json<Credentials>,
) -> Result<HttpResponse, Problem> {
    // The peer, not a header that anybody may write.
    let address = request.peer_addr().map(|peer| peer.ip());
    let (token, session) = sessions::log_in(&state.db, &credentials, address).await?;
    Ok(HttpResponse::Ok().cookie(cookie(&request, token)).json(session))
}

/// Who is logged in.
#[utoipa::path(get, path = "/api/session", responses((status = 200, body = Session), (status = 401, body = Problem)))]
pub async fn show(caller: LoggedIn) -> web::Json<Session> {
    web::Json(caller.authenticated.session)
}

/// Logs out.
#[utoipa::path(delete, path = "/api/session", responses((status = 204)))]
pub async fn log_out(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    if let Some(sent) = request.cookie(COOKIE) {
        sessions::log_out(&state.db, sent.value()).await?;
    }
    let mut gone = cookie(&request, String::new());
    gone.make_removal();
    Ok(HttpResponse::NoContent().cookie(gone).finish())
}

/// The name a desk is given.
#[derive(Deserialize, ToSchema)]
pub struct StationName {
    pub name: String,
}

/// Names the desk of this session.
#[utoipa::path(put, path = "/api/session/station", request_body = StationName,
    responses((status = 200, body = Session), (status = 422, body = Problem)))]
pub async fn name_station(
    caller: LoggedIn,
    state: web::Data<State>,
    station: web::Json<StationName>,
) -> Result<web::Json<Session>, Problem> {
    let actor = caller.authenticated.actor().ok_or_else(Problem::forbidden)?;
    sessions::name_station(&state.db, &caller.token, &actor, &station.name).await?;
    let renewed = sessions::authenticate(&state.db, &caller.token).await?;
    Ok(web::Json(renewed.ok_or_else(Problem::unauthenticated)?.session))
}
