//! The board of the room: as it is, as it changes, and whom it calls.

use super::State;
use super::error::Problem;
use super::screens::Screens;
use super::session::Desk;
use crate::operations::call_class::{CallRequest, call_class};
use crate::operations::show_board::{Board, show_board};
use actix_web::http::header::{CACHE_CONTROL, ContentEncoding};
use actix_web::{HttpResponse, web};
use domain::refusal::Refusal;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::bytes::Bytes;

/// A comment so often finds out who has gone.
const BEAT: Duration = Duration::from_secs(5);
/// After so long a screen comes again, and is asked again who it is.
const LISTEN_AT_MOST: Duration = Duration::from_secs(600);

/// The board as it is.
#[utoipa::path(get, path = "/api/board", responses((status = 200, body = Board), (status = 409, body = Problem)))]
pub async fn show(actor: Desk, state: web::Data<State>) -> Result<web::Json<Board>, Problem> {
    let board = show_board(&state.db, actor.establishment).await?;
    Ok(web::Json(board.ok_or_else(|| Problem::of_refusal(&Refusal::NoCampaign))?))
}

/// Calls a slot or a class, or nobody any more.
#[utoipa::path(post, path = "/api/board/call", request_body = CallRequest,
    responses((status = 201, body = Board), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn call(
    actor: Desk,
    state: web::Data<State>,
    asked: web::Json<CallRequest>,
) -> Result<HttpResponse, Problem> {
    let board = call_class(&state.db, &actor, &asked).await?;
    Ok(HttpResponse::Created().json(board.ok_or_else(|| Problem::of_refusal(&Refusal::NoCampaign))?))
}

/// Server-sent events: `board` with a `Board` and `reserve` with a `ReserveGauge`, at once and
/// within a second of each change.
#[utoipa::path(get, path = "/api/board/events",
    responses((status = 200, body = Board, content_type = "text/event-stream"), (status = 403, body = Problem)))]
pub async fn events(actor: Desk, state: web::Data<State>) -> HttpResponse {
    let screens = state.screens.clone();
    let receiver = screens.follow(&state.db, actor.establishment);
    let listener = Listener { receiver, screens, until: Instant::now() + LISTEN_AT_MOST, greeted: false };
    let body = futures_util::stream::unfold(listener, async |mut listener| {
        Some((Ok::<_, Infallible>(listener.next().await?), listener))
    });
    HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((CACHE_CONTROL, "no-store"))
        // Compressed, an event would wait in the compressor for the next one.
        .insert_header(ContentEncoding::Identity)
        .streaming(Box::pin(body))
}

/// A screen that is open.
struct Listener {
    receiver: watch::Receiver<Bytes>,
    screens: Screens,
    until: Instant,
    greeted: bool,
}

impl Listener {
    /// The next piece of the answer; `None` at its end.
    async fn next(&mut self) -> Option<Bytes> {
        if !self.greeted {
            self.greeted = true;
            let now = self.receiver.borrow_and_update().clone();
            let greeting = [b"retry: 1000\n\n".as_slice(), &now].concat();
            return Some(Bytes::from(greeting));
        }
        if Instant::now() >= self.until {
            return None;
        }
        tokio::select! {
            () = self.screens.closed() => None,
            changed = self.receiver.changed() => {
                changed.ok()?;
                Some(self.receiver.borrow_and_update().clone())
            }
            () = tokio::time::sleep(BEAT) => Some(Bytes::from_static(b":\n\n")),
        }
    }
}
