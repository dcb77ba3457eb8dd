//! The live camera over a WebSocket: frames in, what they show out. Only the newest frame waits.
//! A socket may outlive its session, so it is asked again and again who it is.

use super::State;
use super::error::Problem;
use super::session::{self, Desk};
use crate::operations::see_frames::LiveCamera;
use crate::operations::{Actor, sessions};
use actix_web::{HttpRequest, HttpResponse, web};
use actix_ws::{AggregatedMessage, AggregatedMessageStream, CloseCode, CloseReason};
use domain::roles::Right;
use futures_util::StreamExt;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, interval_at, timeout_at};
use tokio_util::bytes::Bytes;

/// A camera frame: 720p luma is under 1 MiB.
const MOST_FRAME_BYTES: usize = 4 * 1024 * 1024;
/// A desk that sends nothing for so long has gone.
const SILENCE: Duration = Duration::from_secs(60);

/// `/api/scans/live`: JPEG, or luma with its header.
pub async fn open(
    actor: Desk,
    request: HttpRequest,
    state: web::Data<State>,
    payload: web::Payload,
) -> Result<HttpResponse, actix_web::Error> {
    let (response, session, messages) = actix_ws::handle(&request, payload)?;
    let messages = messages
        .max_frame_size(MOST_FRAME_BYTES)
        .aggregate_continuations()
        .max_continuation_size(MOST_FRAME_BYTES);
    let (newest, frames) = watch::channel(Waiting::default());
    let token = session::token(&request).unwrap_or_default();
    actix_web::rt::spawn(receive(state.clone(), token, messages, session.clone(), newest));
    actix_web::rt::spawn(answer(state, actor.0, session, frames));
    Ok(response)
}

/// The newest frame and how many came so far.
#[derive(Default)]
struct Waiting {
    frame: Bytes,
    count: u64,
}

async fn receive(
    state: web::Data<State>,
    token: String,
    mut messages: AggregatedMessageStream,
    mut session: actix_ws::Session,
    newest: watch::Sender<Waiting>,
) {
    let mut silent_at = Instant::now() + SILENCE;
    let mut checks = interval_at(Instant::now() + state.check_sockets_every, state.check_sockets_every);
    let reason = loop {
        // Only the waiting is ever cut short; a check runs to its end.
        let message = tokio::select! {
            message = timeout_at(silent_at, messages.next()) => message,
            _ = checks.tick() => {
                if has_ended(&state, &token).await {
                    break Some(CloseReason { code: CloseCode::Policy, description: Some("session_ended".into()) });
                }
                continue;
            }
        };
        silent_at = Instant::now() + SILENCE;
        let Ok(Some(Ok(message))) = message else { break None };
        if !taken(message, &mut session, &newest).await {
            break None;
        }
    };
    let _ = session.close(reason).await;
}

/// Whether somebody logged out, or may no longer work at a desk. A database that is silent for a
/// moment ends nothing: the next check asks again.
async fn has_ended(state: &State, token: &str) -> bool {
    match sessions::authenticate(&state.db, token).await {
        Ok(caller) => caller.is_none_or(|caller| !caller.role.has(Right::Desk)),
        Err(_) => false,
    }
}

/// False when the desk has gone.
async fn taken(
    message: AggregatedMessage,
    session: &mut actix_ws::Session,
    newest: &watch::Sender<Waiting>,
) -> bool {
    match message {
        AggregatedMessage::Binary(frame) => {
            newest.send_modify(|waiting| *waiting = Waiting { frame, count: waiting.count + 1 });
            !newest.is_closed()
        }
        AggregatedMessage::Text(_) => {
            let detail = "Du texte est arrivé à la place d'une image.";
            session.text(error_text("frame_expected", "Image attendue", detail)).await.is_ok()
        }
        AggregatedMessage::Ping(bytes) => session.pong(&bytes).await.is_ok(),
        AggregatedMessage::Pong(_) => true,
        AggregatedMessage::Close(_) => false,
    }
}

async fn answer(
    state: web::Data<State>,
    actor: Actor,
    mut session: actix_ws::Session,
    mut frames: watch::Receiver<Waiting>,
) {
    let mut camera = LiveCamera::default();
    let mut answered = 0;
    while frames.changed().await.is_ok() {
        // The bytes are shared, not copied.
        let (frame, count) = {
            let waiting = frames.borrow_and_update();
            (waiting.frame.clone(), waiting.count)
        };
        let dropped = count.saturating_sub(answered + 1);
        answered = count;
        let text = match camera.see(&state.db, &state.decoders, &actor, frame, dropped).await {
            Ok(seen) => serde_json::to_string(&seen).unwrap_or_default(),
            Err(failure) => {
                let problem = Problem::from(failure);
                error_text(&problem.code, &problem.title, &problem.detail)
            }
        };
        if session.text(text).await.is_err() {
            return;
        }
    }
}

fn error_text(code: &str, title: &str, detail: &str) -> String {
    serde_json::json!({ "error": { "code": code, "title": title, "detail": detail } }).to_string()
}
