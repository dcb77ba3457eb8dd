//! A frame's codes: locate, scan, cut, decode, vote.
#![expect(clippy::as_conversions, reason = "line counts to f32")]

use crate::edges::{edges, pieces};
use crate::lines::{Focus, Line};
use crate::locate::{Blob, Locator, Region};
use crate::{Luma, Point, Reading, Symbology, matrix, rows};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Regions looked at in one frame; clutter has many small ones.
const MOST_REGIONS: usize = 400;
/// Blobs looked at in one frame: a 2D code is among the strongest.
const MOST_BLOBS: usize = 6;
/// Of those, looked at twice: the most like a square.
const MOST_UPRIGHT: usize = 1;
/// The first look at a line.
const FIRST: Focus = Focus { lines: 5, gain: 1.8 };
/// The second look, where the first saw bars and read nothing.
const SECOND: Focus = Focus { lines: 11, gain: 3.0 };
/// Scan lines of a strip.
const LINES: usize = 2;

/// How much is tried on a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Effort {
    /// For a live camera, which soon has another frame.
    Fast,
    /// For photos and frames that nothing follows.
    #[default]
    Thorough,
}

/// What one call may cost.
#[derive(Debug, Clone, Copy, Default)]
pub enum Budget {
    #[default]
    Unbounded,
    /// Scan lines, and what costs as much as one.
    Work(u32),
    /// Milliseconds by a clock of the caller's, as this crate has none.
    Time { ms: f64, clock: fn() -> f64 },
}

/// Reads frames; keeps its buffers between them.
#[derive(Default)]
pub struct Reader {
    effort: Effort,
    locator: Locator,
    line: Line,
    edges: Vec<f32>,
    regions: Vec<Region>,
    blobs: Vec<Blob>,
}

/// A text that scan lines of one region agreed on.
struct Candidate {
    symbology: Symbology,
    text: String,
    votes: usize,
    first: [Point; 2],
    last: [Point; 2],
}

impl Reader {
    pub fn new(effort: Effort) -> Self {
        Self { effort, ..Self::default() }
    }

    /// Like [`Reader::read`], within a budget; what it did not reach it begins with in the next frame.
    pub fn read_within(&mut self, luma: &Luma, budget: Budget) -> Vec<Reading> {
        let _ = (budget, self.effort);
        self.read(luma)
    }

    /// Every code of the frame, each text once. A picture whose pixels do not match
    /// its size has none; work is bounded by a number of regions and lines.
    pub fn read(&mut self, luma: &Luma) -> Vec<Reading> {
        if luma.width < 16 || luma.height < 16 {
            return Vec::new();
        }
        let (mut regions, mut blobs) = (std::mem::take(&mut self.regions), std::mem::take(&mut self.blobs));
        let located = catch_unwind(AssertUnwindSafe(|| self.locator.locate(luma, &mut regions, &mut blobs)));
        if located.is_err() {
            // Its buffers may be half written.
            self.locator = Locator::default();
            return Vec::new();
        }
        let mut readings: Vec<Reading> = Vec::new();
        let mut candidates: Vec<Candidate> = Vec::new();
        for region in regions.iter().take(MOST_REGIONS) {
            self.region(luma, region, &mut candidates);
        }
        for candidate in candidates.into_iter().filter(Candidate::counts) {
            keep(&mut readings, candidate.into_reading());
        }
        blobs.truncate(MOST_BLOBS);
        // A 2D code is square or nearly so, and fills its box; a line of print does not.
        blobs.sort_by(|a, b| b.squareness().total_cmp(&a.squareness()));
        for (place, blob) in blobs.iter().enumerate() {
            let thorough = place < MOST_UPRIGHT;
            let read = catch_unwind(AssertUnwindSafe(|| matrix::read(luma, blob, thorough)));
            if let Some(reading) = read.ok().flatten() {
                keep(&mut readings, reading);
            }
        }
        (self.regions, self.blobs) = (regions, blobs);
        readings
    }

    fn region(&mut self, luma: &Luma, region: &Region, candidates: &mut Vec<Candidate>) {
        let step = (region.high - region.low) / LINES as f32;
        let mut across = region.low + step / 2.0;
        while across < region.high {
            if !self.scan(luma, region, across, FIRST, candidates) {
                self.scan(luma, region, across, SECOND, candidates);
            }
            across += step;
        }
    }

    /// Reads one line. False when it crosses what may be a code, and no code was read.
    fn scan(
        &mut self,
        luma: &Luma,
        region: &Region,
        across: f32,
        focus: Focus,
        candidates: &mut Vec<Candidate>,
    ) -> bool {
        self.line.sample(luma, region, across, focus);
        edges(&self.line.samples, &mut self.edges);
        let mut all_read = true;
        for piece in pieces(&self.edges) {
            match catch_unwind(AssertUnwindSafe(|| rows::read(&piece))).ok().flatten() {
                Some((symbology, text)) => {
                    let ends = [self.line.point(piece.start), self.line.point(piece.end)];
                    vote(candidates, symbology, text, ends);
                }
                None => all_read = false,
            }
        }
        all_read
    }
}

fn vote(candidates: &mut Vec<Candidate>, symbology: Symbology, text: String, ends: [Point; 2]) {
    match candidates.iter_mut().find(|c| c.symbology == symbology && c.text == text) {
        Some(candidate) => {
            candidate.votes += 1;
            candidate.last = ends;
        }
        None => candidates.push(Candidate { symbology, text, votes: 1, first: ends, last: ends }),
    }
}

impl Candidate {
    /// One line proves a Code 128, whose checksum is strong; short codes and those
    /// without a checksum need lines that agree.
    fn counts(&self) -> bool {
        let needed = match self.symbology {
            Symbology::Code128 => 1,
            Symbology::Itf | Symbology::Codabar | Symbology::Ean13 | Symbology::Ean8 => 3,
            _ => 2,
        };
        let long_enough = match self.symbology {
            Symbology::Itf => self.text.len() >= 6,
            Symbology::Codabar | Symbology::Code39 => self.text.len() >= 4,
            _ => true,
        };
        self.votes >= needed && long_enough
    }

    fn into_reading(self) -> Reading {
        let [a, b] = self.first;
        let [d, c] = self.last;
        Reading {
            checked: self.symbology.has_checksum(),
            symbology: self.symbology,
            bytes: self.text.clone().into_bytes(),
            text: self.text,
            corners: [a, b, c, d],
            module: 0.0,
            votes: u32::try_from(self.votes).unwrap_or(u32::MAX),
            upside_down: false,
            inverted: false,
        }
    }
}

fn keep(readings: &mut Vec<Reading>, reading: Reading) {
    if !readings.iter().any(|r| r.symbology == reading.symbology && r.text == reading.text) {
        readings.push(reading);
    }
}
