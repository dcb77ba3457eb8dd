//! What the module keeps between calls: a frame, a reader, what is in view, the last result.

use scanning::steady::Steady;
use scanning::{Effort, Luma, Reader, Reading};
use serde::Serialize;
use std::time::Duration;

/// A frame of a camera has 2 megapixels or 8; nothing larger is one.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// A reading as the page takes it.
#[derive(Serialize)]
struct Seen<'a> {
    symbology: &'a str,
    text: &'a str,
    corners: [[f32; 2]; 4],
    module: f32,
    votes: u32,
    checked: bool,
    upside_down: bool,
    inverted: bool,
    /// As the service would say it for the same frames: both ask [`Steady::confirm`].
    confirmed: bool,
}

#[derive(Default)]
pub struct Desk {
    frame: Vec<u8>,
    reader: Option<(Effort, Reader)>,
    steady: Steady,
    result: Vec<u8>,
}

impl Desk {
    /// Room for a frame; its bytes are those of an earlier frame or zero.
    pub fn room(&mut self, len: usize) -> Option<&mut [u8]> {
        if len > MOST_BYTES {
            return None;
        }
        self.frame.resize(len, 0);
        Some(&mut self.frame)
    }

    /// Readings of the frame, as a JSON array; none when the room is not `width` × `height`.
    pub fn read(&mut self, width: usize, height: usize, effort: u32, now_ms: f64) -> &[u8] {
        let effort = if effort == 0 { Effort::Fast } else { Effort::Thorough };
        let readings = match Luma::new(&self.frame, width, height) {
            Some(luma) => reader(&mut self.reader, effort).read(&luma),
            None => Vec::new(),
        };
        let confirmed = self.steady.confirm(&readings, whole_ms(now_ms));
        let seen: Vec<Seen> =
            readings.iter().zip(confirmed).map(|(reading, counts)| Seen::new(reading, counts)).collect();
        self.result.clear();
        if serde_json::to_writer(&mut self.result, &seen).is_err() {
            self.result.clear();
            self.result.extend_from_slice(b"[]");
        }
        &self.result
    }

    pub fn result(&self) -> &[u8] {
        &self.result
    }
}

impl<'a> Seen<'a> {
    fn new(reading: &'a Reading, confirmed: bool) -> Self {
        Self {
            symbology: reading.symbology.as_str(),
            text: &reading.text,
            corners: reading.corners.map(|corner| [corner.x, corner.y]),
            module: reading.module,
            votes: reading.votes,
            checked: reading.checked,
            upside_down: reading.upside_down,
            inverted: reading.inverted,
            confirmed,
        }
    }
}

/// The reader for an effort; it keeps its buffers while the effort stays.
fn reader(kept: &mut Option<(Effort, Reader)>, effort: Effort) -> &mut Reader {
    let (of, reader) = kept.get_or_insert_with(|| (effort, Reader::new(effort)));
    if *of != effort {
        (*of, *reader) = (effort, Reader::new(effort));
    }
    reader
}

/// Whole milliseconds; a clock that makes no sense stands at its beginning.
fn whole_ms(ms: f64) -> u64 {
    let elapsed = Duration::try_from_secs_f64(ms / 1000.0).unwrap_or_default();
    u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says so by panicking")]

    use super::*;

    #[test]
    fn a_grey_frame_has_no_readings() {
        let mut desk = Desk::default();
        desk.room(64 * 48).unwrap().fill(127);
        assert_eq!(desk.read(64, 48, 0, 0.0), b"[]");
        assert_eq!(desk.result(), b"[]");
    }

    #[test]
    fn sizes_that_are_no_frame_read_nothing() {
        let mut desk = Desk::default();
        assert!(desk.room(MOST_BYTES + 1).is_none());
        assert!(desk.room(100).is_some());
        for (width, height) in [(0, 0), (10, 11), (usize::MAX, 2), (usize::MAX, usize::MAX), (1, 100)] {
            assert_eq!(desk.read(width, height, 1, f64::NAN), b"[]", "{width} × {height}");
        }
    }

    #[test]
    fn a_clock_is_whole_milliseconds_and_never_fails() {
        assert_eq!([1.9, -5.0, f64::NAN, f64::INFINITY].map(whole_ms), [1, 0, 0, 0]);
    }
}
