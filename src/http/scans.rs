//! Scans: what texts mean, codes of a photo, and the live camera over a WebSocket.

use super::State;
use super::error::Problem;
use super::session::Desk;
use crate::operations::Actor;
use crate::operations::read_image::{Grey, decode_picture, read_once, read_with};
use crate::operations::resolve_scans::{MOST_CODES, Resolution, resolve_scans};
use actix_web::{HttpRequest, HttpResponse, web};
use actix_ws::{AggregatedMessage, AggregatedMessageStream};
use futures_util::StreamExt;
use scanning::steady::Steady;
use scanning::{Reader, Reading};
use serde::{Deserialize, Serialize};
use std::time::{Duration, Instant};
use tokio::sync::watch;
use utoipa::ToSchema;

/// A photo as a phone takes it.
pub const MOST_PHOTO_BYTES: usize = 32 * 1024 * 1024;
/// A camera frame: 720p luma is under 1 MiB.
const MOST_FRAME_BYTES: usize = 4 * 1024 * 1024;
/// A desk that sends nothing for so long has gone.
const SILENCE: Duration = Duration::from_secs(60);

#[derive(Deserialize, ToSchema)]
pub struct Texts {
    /// 64 at most.
    pub codes: Vec<String>,
}

#[derive(Serialize, ToSchema)]
pub struct Resolutions {
    pub resolutions: Vec<Resolution>,
}

/// A code in a picture.
#[derive(Serialize, ToSchema)]
pub struct SeenCode {
    pub symbology: String,
    pub text: String,
    /// Four corners in pixels, x then y.
    pub corners: [[f32; 2]; 4],
    /// True when it counts: its symbology has a checksum, or two frames agree.
    pub confirmed: bool,
    pub resolution: Option<Resolution>,
}

/// What a picture shows.
#[derive(Serialize, ToSchema)]
pub struct SeenFrame {
    pub width: usize,
    pub height: usize,
    pub decode_ms: f64,
    pub readings: Vec<SeenCode>,
    /// Frames that a newer one replaced before they were read.
    pub dropped: u64,
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
    Ok(web::Json(Resolutions { resolutions: resolve_scans(&state.db, &actor, &texts.codes).await? }))
}

/// Codes of a photo: JPEG, PNG or WebP.
#[utoipa::path(post, path = "/api/scans/photo", request_body(content = Vec<u8>, content_type = "image/jpeg"),
    responses((status = 200, body = SeenFrame), (status = 413, body = Problem), (status = 422, body = Problem)))]
pub async fn photo(
    actor: Desk,
    state: web::Data<State>,
    payload: web::Payload,
) -> Result<web::Json<SeenFrame>, Problem> {
    let bytes = payload
        .to_bytes_limited(MOST_PHOTO_BYTES)
        .await
        .map_err(|_| Problem::too_large("La photo dépasse 32 Mio."))?
        .map_err(|e| Problem::unreadable(&e.to_string()))?;
    let started = Instant::now();
    let decoded = state
        .decoders
        .run(move || {
            decode_picture(&bytes).map(|grey| {
                let readings = read_once(&grey);
                (grey.width, grey.height, readings)
            })
        })
        .await?;
    let (width, height, readings) = match decoded {
        Some(read) => read.map_err(|invalid| Problem::from(crate::operations::Failure::Invalid(invalid)))?,
        None => (0, 0, Vec::new()),
    };
    let decode_ms = started.elapsed().as_secs_f64() * 1000.0;
    let readings = describe(&state, &actor, readings, |_| true).await?;
    Ok(web::Json(SeenFrame { width, height, decode_ms, readings, dropped: 0 }))
}

async fn describe(
    state: &State,
    actor: &Actor,
    readings: Vec<Reading>,
    confirmed: impl Fn(&Reading) -> bool,
) -> Result<Vec<SeenCode>, Problem> {
    let texts: Vec<String> = readings.iter().map(|reading| reading.text.clone()).collect();
    let resolutions =
        if texts.is_empty() { Vec::new() } else { resolve_scans(&state.db, actor, &texts).await? };
    let mut resolutions = resolutions.into_iter();
    Ok(readings
        .into_iter()
        .map(|reading| SeenCode {
            confirmed: confirmed(&reading),
            symbology: reading.symbology.to_string(),
            corners: reading.corners.map(|corner| [corner.x, corner.y]),
            text: reading.text,
            resolution: resolutions.next(),
        })
        .collect())
}

/// The live camera: frames in (JPEG, or luma with its header), what they show out.
/// Only the newest frame waits.
pub async fn live(
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
    actix_web::rt::spawn(receive(messages, session.clone(), newest));
    actix_web::rt::spawn(answer(state, actor.0, session, frames));
    Ok(response)
}

/// The newest frame and how many came so far.
#[derive(Default)]
struct Waiting {
    frame: Option<Vec<u8>>,
    count: u64,
}

async fn receive(
    mut messages: AggregatedMessageStream,
    mut session: actix_ws::Session,
    newest: watch::Sender<Waiting>,
) {
    loop {
        let Ok(Some(Ok(message))) = tokio::time::timeout(SILENCE, messages.next()).await else { break };
        let gone = match message {
            AggregatedMessage::Binary(bytes) => {
                newest.send_modify(|waiting| {
                    waiting.frame = Some(bytes.to_vec());
                    waiting.count += 1;
                });
                newest.is_closed()
            }
            AggregatedMessage::Text(_) => session
                .text(error_text(
                    "frame_expected",
                    "Image attendue",
                    "Du texte est arrivé à la place d'une image.",
                ))
                .await
                .is_err(),
            AggregatedMessage::Ping(bytes) => session.pong(&bytes).await.is_err(),
            AggregatedMessage::Pong(_) => false,
            AggregatedMessage::Close(_) => true,
        };
        if gone {
            break;
        }
    }
    let _ = session.close(None).await;
}

async fn answer(
    state: web::Data<State>,
    actor: Actor,
    mut session: actix_ws::Session,
    mut frames: watch::Receiver<Waiting>,
) {
    let mut desk =
        LiveDesk { reader: Reader::new(), steady: Steady::new(), opened: Instant::now(), answered: 0 };
    while frames.changed().await.is_ok() {
        let (frame, count) = {
            let waiting = frames.borrow_and_update();
            (waiting.frame.clone(), waiting.count)
        };
        let Some(frame) = frame else { continue };
        let dropped = count.saturating_sub(desk.answered + 1);
        desk.answered = count;
        let (text, returned) = see(&state, &actor, desk, frame, dropped).await;
        desk = returned;
        if session.text(text).await.is_err() {
            return;
        }
    }
}

/// What a live desk keeps between frames.
struct LiveDesk {
    reader: Reader,
    steady: Steady,
    opened: Instant,
    answered: u64,
}

async fn see(
    state: &State,
    actor: &Actor,
    desk: LiveDesk,
    frame: Vec<u8>,
    dropped: u64,
) -> (String, LiveDesk) {
    let fresh =
        || LiveDesk { reader: Reader::new(), steady: Steady::new(), opened: Instant::now(), answered: 0 };
    let (answered, opened) = (desk.answered, desk.opened);
    let started = Instant::now();
    let decoded = state
        .decoders
        .run(move || {
            let mut desk = desk;
            let seen: Result<(Grey, Vec<Reading>), _> = decode_picture(&frame).map(|grey| {
                let readings = read_with(&mut desk.reader, &grey);
                (grey, readings)
            });
            (seen, desk)
        })
        .await;
    let decode_ms = started.elapsed().as_secs_f64() * 1000.0;
    match decoded {
        Ok(Some((Ok((grey, readings)), mut desk))) => {
            let now = u64::try_from(desk.opened.elapsed().as_millis()).unwrap_or(u64::MAX);
            let new = desk.steady.see(&readings, now);
            let counts = |reading: &Reading| {
                reading.checked
                    || new
                        .iter()
                        .any(|event| event.text == reading.text && event.symbology == reading.symbology)
            };
            let text = match describe(state, actor, readings, counts).await {
                Ok(readings) => {
                    let seen =
                        SeenFrame { width: grey.width, height: grey.height, decode_ms, readings, dropped };
                    serde_json::to_string(&seen).unwrap_or_default()
                }
                Err(problem) => error_text(&problem.code, &problem.title, &problem.detail),
            };
            (text, desk)
        }
        Ok(Some((Err(invalid), desk))) => (error_text(invalid.code, &invalid.title, &invalid.detail), desk),
        // Decoding panicked and took the reader with it: nothing read, a fresh one goes on.
        _ => {
            let seen = SeenFrame { width: 0, height: 0, decode_ms, readings: Vec::new(), dropped };
            (serde_json::to_string(&seen).unwrap_or_default(), LiveDesk { answered, opened, ..fresh() })
        }
    }
}

fn error_text(code: &str, title: &str, detail: &str) -> String {
    serde_json::json!({ "error": { "code": code, "title": title, "detail": detail } }).to_string()
}
