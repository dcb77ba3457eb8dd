//! From a photo or a live camera's frames to codes and what they mean to the school.

use super::read_image::{Decoders, Grey, decode_picture, read_with};
use super::read_photo::read_photo;
use super::resolve_scans::{Entry, Resolution, resolve_scans};
use super::{Actor, Failure, Invalid};
use crate::db::Db;
use scanning::steady::Steady;
use scanning::{Effort, Reader, Reading};
use serde::Serialize;
use std::time::Instant;
use tokio_util::bytes::Bytes;
use utoipa::ToSchema;

/// A code in a picture.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeenCode {
    pub symbology: String,
    pub text: String,
    /// Four corners in pixels, x then y.
    pub corners: [[f32; 2]; 4],
    /// True when it counts: its symbology's checksum proves it, or two frames agree.
    pub confirmed: bool,
    pub resolution: Option<Resolution>,
}

/// What a picture shows.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeenFrame {
    pub width: usize,
    pub height: usize,
    pub decode_ms: f64,
    pub readings: Vec<SeenCode>,
    /// Frames that a newer one replaced before they were read.
    pub dropped: u64,
}

/// Codes of one photo; each counts, as nobody will show it twice.
pub async fn see_photo(
    db: &Db,
    decoders: &Decoders,
    actor: &Actor,
    photo: Bytes,
) -> Result<SeenFrame, Failure> {
    let started = Instant::now();
    let decoded = decoders
        .run(move || {
            decode_picture(&photo).map(|grey| {
                let (width, height) = (grey.width, grey.height);
                (width, height, read_photo(grey))
            })
        })
        .await?;
    // A panic in decoding counts as nothing read.
    let (width, height, readings) = decoded.transpose()?.unwrap_or_default();
    let decode_ms = started.elapsed().as_secs_f64() * 1000.0;
    let confirmed = vec![true; readings.len()];
    let readings = describe(db, actor, readings, confirmed).await?;
    Ok(SeenFrame { width, height, decode_ms, readings, dropped: 0 })
}

/// A live camera: what it keeps between frames.
pub struct LiveCamera {
    /// Absent while a thread reads with it, and after a panic took it.
    reader: Option<Reader>,
    steady: Steady,
    opened: Instant,
}

impl Default for LiveCamera {
    fn default() -> Self {
        Self { reader: None, steady: Steady::new(), opened: Instant::now() }
    }
}

impl LiveCamera {
    /// Codes of a frame. `dropped` frames came between it and the one before.
    pub async fn see(
        &mut self,
        db: &Db,
        decoders: &Decoders,
        actor: &Actor,
        frame: Bytes,
        dropped: u64,
    ) -> Result<SeenFrame, Failure> {
        let started = Instant::now();
        let mut reader = self.reader.take().unwrap_or_else(|| Reader::new(Effort::Fast));
        let decoded = decoders
            .run(move || {
                let seen: Result<(Grey, Vec<Reading>), Invalid> = decode_picture(&frame).map(|grey| {
                    let readings = read_with(&mut reader, &grey);
                    (grey, readings)
                });
                (seen, reader)
            })
            .await?;
        let decode_ms = started.elapsed().as_secs_f64() * 1000.0;
        let Some((seen, reader)) = decoded else {
            return Ok(SeenFrame { width: 0, height: 0, decode_ms, readings: Vec::new(), dropped });
        };
        self.reader = Some(reader);
        let (grey, readings) = seen?;
        let now = u64::try_from(self.opened.elapsed().as_millis()).unwrap_or(u64::MAX);
        let confirmed = self.steady.confirm(&readings, now);
        let readings = describe(db, actor, readings, confirmed).await?;
        Ok(SeenFrame { width: grey.width, height: grey.height, decode_ms, readings, dropped })
    }
}

async fn describe(
    db: &Db,
    actor: &Actor,
    readings: Vec<Reading>,
    confirmed: Vec<bool>,
) -> Result<Vec<SeenCode>, Failure> {
    let texts: Vec<String> = readings.iter().map(|reading| reading.text.clone()).collect();
    let resolutions =
        if texts.is_empty() { Vec::new() } else { resolve_scans(db, actor, &texts, Entry::Scanned).await? };
    let mut resolutions = resolutions.into_iter();
    Ok(readings
        .into_iter()
        .zip(confirmed)
        .map(|(reading, confirmed)| SeenCode {
            confirmed,
            symbology: reading.symbology.to_string(),
            corners: reading.corners.map(|corner| [corner.x, corner.y]),
            text: reading.text,
            resolution: resolutions.next(),
        })
        .collect())
}
