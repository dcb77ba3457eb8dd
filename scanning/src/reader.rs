//! A frame's codes: locate, scan, cut, decode, vote.
#![expect(clippy::as_conversions, reason = "line counts to f32")]

use crate::blurred::Blurred;
use crate::edges::{Cutter, FEWEST, Narrow, SMALLEST_SWING, edges};
use crate::lines::{DENSITY, Focus, Line};
use crate::locate::{Blob, Locator, Region};
use crate::matrix::{Crop, Look};
use crate::rows::Row;
use crate::{Luma, Point, Reading, Symbology, matrix, rows};
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Regions looked at in one frame; clutter has many small ones.
const MOST_REGIONS: usize = 400;
/// Blobs looked at in one frame: a 2D code is among the strongest.
const MOST_BLOBS: usize = 3;
/// Of those, turned upright: the most like a square.
const MOST_UPRIGHT: usize = 1;
/// The first look at a line.
const FIRST: Focus = Focus { lines: 5, gain: 2.4 };
/// The second look, where the first saw bars and read nothing.
const SECOND: Focus = Focus { lines: 11, gain: 3.0 };
/// Areas whose lines are laid over each other in one frame, largest first.
const MOST_AREAS: usize = 10;
/// Areas of whose strips this share is settled have nothing more to say.
const SETTLED: f32 = 0.5;
/// Share of their length and height that two readings of one code have in common.
const SAME_PLACE: f32 = 0.8;
/// Edges that a line across an area worth stacking has.
const FEWEST_SEEN: usize = 20;
/// What a stack and a matrix code cost, in scan lines.
const STACK_COST: usize = 60;
const MATRIX_COST: usize = 150;
/// Pixels of the longer side up to which a picture is looked at as if it were one 2D code, and
/// those of the shorter side from which on it is read at half its size.
const LARGEST_WHOLE: usize = 900;
const SMALLEST_HALF: usize = 64;
/// Where a strip is scanned, in parts of its height.
const LINES: [f32; 3] = [0.5, 1.0 / 6.0, 5.0 / 6.0];
/// What a strip costs, in scan lines.
const STRIP_COST: usize = 2;

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
    cutter: Cutter,
    crop: Crop,
    candidates: Vec<Candidate>,
    found: Found,
    /// The region and the blob to begin with.
    resume: usize,
    resume_blob: usize,
    frame: u32,
    blurred: Blurred,
    /// The picture at half its size, and who reads that.
    half: Vec<u8>,
    smaller: Option<Box<Reader>>,
    /// What the strips of each area showed.
    seen: HashMap<usize, Seen>,
}

/// What was located in a frame.
#[derive(Default)]
struct Found {
    regions: Vec<Region>,
    areas: Vec<Region>,
    blobs: Vec<Blob>,
}

/// What the strips of an area showed.
#[derive(Default)]
struct Seen {
    strips: usize,
    settled: usize,
    /// Most edges that the last line of a strip had.
    edges: usize,
}

impl Seen {
    /// Whether its lines are worth laying over each other.
    fn is_open(&self) -> bool {
        (self.settled as f32) < SETTLED * self.strips as f32 && self.edges >= FEWEST_SEEN
    }
}

/// What is left of a budget.
struct Meter {
    budget: Budget,
    started: f64,
    spent: u32,
}

impl Meter {
    fn new(budget: Budget) -> Self {
        let started = if let Budget::Time { clock, .. } = budget { clock() } else { 0.0 };
        Self { budget, started, spent: 0 }
    }

    /// Takes so much work from the budget; false when nothing is left. What costs more than is
    /// left may begin, or a small budget would never read what is dear.
    fn spend(&mut self, work: usize) -> bool {
        let left = match self.budget {
            Budget::Unbounded => true,
            Budget::Work(most) => self.spent < most,
            Budget::Time { ms, clock } => clock() - self.started < ms,
        };
        self.spent = self.spent.saturating_add(u32::try_from(work).unwrap_or(u32::MAX));
        left
    }

    fn is_unbounded(&self) -> bool {
        matches!(self.budget, Budget::Unbounded)
    }
}

/// A text that scan lines of one region agreed on.
struct Candidate {
    symbology: Symbology,
    text: String,
    votes: usize,
    /// Width of a module, pixels.
    module: f32,
    upside_down: bool,
    /// White on black.
    inverted: bool,
    first: [Point; 2],
    last: [Point; 2],
}

impl Reader {
    pub fn new(effort: Effort) -> Self {
        Self { effort, ..Self::default() }
    }

    /// Every code of the frame, each text once.
    pub fn read(&mut self, luma: &Luma) -> Vec<Reading> {
        self.read_within(luma, Budget::Unbounded)
    }

    /// Like [`Reader::read`], within a budget: what it did not reach, it begins with in the next frame.
    pub fn read_within(&mut self, luma: &Luma, budget: Budget) -> Vec<Reading> {
        if luma.width < 16 || luma.height < 16 {
            return Vec::new();
        }
        let mut meter = Meter::new(budget);
        self.seen.clear();
        let mut found = std::mem::take(&mut self.found);
        let located = catch_unwind(AssertUnwindSafe(|| {
            self.locator.locate(luma, &mut found.regions, &mut found.areas, &mut found.blobs);
        }));
        if located.is_err() {
            // Its buffers may be half written.
            self.locator = Locator::default();
            return Vec::new();
        }
        let mut readings: Vec<Reading> = Vec::new();
        let mut candidates = std::mem::take(&mut self.candidates);
        candidates.clear();
        // Where a budget does not reach to the end, each kind comes first in every second frame.
        let matrices_first = self.frame.is_multiple_of(2) && !meter.is_unbounded();
        self.frame = self.frame.wrapping_add(1);
        found.blobs.truncate(MOST_BLOBS);
        // A 2D code is square or nearly so, and fills its box; a line of print does not.
        found.blobs.sort_unstable_by(|a, b| b.squareness().total_cmp(&a.squareness()));
        if matrices_first {
            self.matrices(luma, &found.blobs, &mut meter, &mut readings);
        }
        self.regions(luma, &found.regions, &mut meter, &mut candidates);
        if !matrices_first {
            // Beside linear codes what is long is their print; else it may be a rectangular DataMatrix.
            if candidates.iter().any(Candidate::counts) {
                found.blobs.retain(|blob| !blob.is_long());
            }
            self.matrices(luma, &found.blobs, &mut meter, &mut readings);
        }
        if self.effort == Effort::Thorough {
            let seen = &self.seen;
            let open = |area: &&Region| seen.get(&area.area).is_none_or(Seen::is_open);
            for area in found.areas.iter().filter(open).take(MOST_AREAS) {
                if !meter.spend(STACK_COST) {
                    break;
                }
                let known: Vec<_> =
                    candidates.iter().filter(|c| c.counts()).map(Candidate::corners).collect();
                let mut matched = Vec::new();
                let tried = catch_unwind(AssertUnwindSafe(|| {
                    self.blurred.read(luma, area, &known, &mut matched);
                }));
                if tried.is_err() {
                    self.blurred = Blurred::default();
                }
                candidates.extend(matched.into_iter().map(|found| {
                    let [a, b, c, d] = found.corners;
                    Candidate::new(found.row, found.lines, found.module, [a, b], [d, c])
                }));
            }
        }
        for one in candidates.iter().filter(|one| one.counts()) {
            if !candidates.iter().any(|other| other.counts() && other.outvotes(one)) {
                keep(&mut readings, one.reading());
            }
        }
        self.candidates = candidates;
        self.found = found;
        if self.effort == Effort::Thorough && readings.is_empty() && meter.is_unbounded() {
            self.whole(luma, &mut readings);
        }
        readings
    }

    /// What is left to try where a picture shows nothing: 2D codes that are not told from their
    /// surroundings, and codes so large that their bars fill cells, in the picture at half its size.
    fn whole(&mut self, luma: &Luma, readings: &mut Vec<Reading>) {
        if luma.width.max(luma.height) <= LARGEST_WHOLE {
            self.matrix(luma, &Blob::whole(luma), Look::AsItLies, readings);
        }
        let (width, height) = (luma.width / 2, luma.height / 2);
        if !readings.is_empty() || width.min(height) < SMALLEST_HALF {
            return;
        }
        let mut half = std::mem::take(&mut self.half);
        luma.halve(&mut half);
        if let Some(small) = Luma::new(&half, width, height) {
            let reader = self.smaller.get_or_insert_with(|| Box::new(Reader::new(Effort::Thorough)));
            readings.extend(reader.read(&small).into_iter().map(Reading::doubled));
        }
        self.half = half;
    }

    /// Reads blobs, from where the frame before ran out of budget.
    fn matrices(&mut self, luma: &Luma, blobs: &[Blob], meter: &mut Meter, readings: &mut Vec<Reading>) {
        let from = std::mem::take(&mut self.resume_blob);
        let thorough = self.effort == Effort::Thorough;
        for step in 0..blobs.len() {
            let number = (from + step) % blobs.len();
            if !meter.spend(MATRIX_COST) {
                self.resume_blob = number;
                return;
            }
            let Some(blob) = blobs.get(number) else { continue };
            let look = if number >= MOST_UPRIGHT {
                Look::AsItLies
            } else if thorough {
                Look::Both
            } else {
                Look::Upright
            };
            self.matrix(luma, blob, look, readings);
        }
    }

    /// Reads one blob.
    fn matrix(&mut self, luma: &Luma, blob: &Blob, look: Look, readings: &mut Vec<Reading>) {
        let mut read = Vec::new();
        let tried = catch_unwind(AssertUnwindSafe(|| {
            matrix::read(luma, blob, look, &mut self.crop, &mut read);
        }));
        if tried.is_ok() {
            read.into_iter().for_each(|reading| keep(readings, reading));
        }
    }

    /// Scans regions, from where the frame before ran out of budget. Behind one that is settled
    /// the next is passed over: it has most likely the same code.
    fn regions(
        &mut self,
        luma: &Luma,
        regions: &[Region],
        meter: &mut Meter,
        candidates: &mut Vec<Candidate>,
    ) {
        let count = regions.len().min(MOST_REGIONS);
        let from = std::mem::take(&mut self.resume);
        let mut settled_before: Option<&Region> = None;
        for step in 0..count {
            let number = (from + step) % count;
            if let Some((before, next)) = settled_before.take().zip(regions.get(number))
                && before.continues_in(next)
            {
                continue;
            }
            if !meter.spend(STRIP_COST) {
                self.resume = number;
                return;
            }
            if let Some(region) = regions.get(number) {
                let crossed = self.region(luma, region, candidates);
                let seen = self.seen.entry(region.area).or_default();
                seen.strips += 1;
                seen.settled += usize::from(matches!(crossed, Crossed::Settled | Crossed::Agreed));
                seen.edges = seen.edges.max(self.edges.len());
                settled_before = matches!(crossed, Crossed::Settled | Crossed::Agreed).then_some(region);
            }
        }
    }

    /// Scans a strip, the middle first, until its lines have nothing more to say; what the line
    /// crossed that had least to say.
    fn region(&mut self, luma: &Luma, region: &Region, candidates: &mut Vec<Candidate>) -> Crossed {
        let mut least = Crossed::Unread;
        for place in LINES {
            let across = region.low + place * (region.high - region.low);
            let crossed = self.look(luma, region, across, candidates);
            if crossed <= Crossed::Settled {
                return crossed;
            }
            least = least.min(crossed);
        }
        least
    }

    /// Looks at one line in one way after the other, until it is read.
    fn look(
        &mut self,
        luma: &Luma,
        region: &Region,
        across: f32,
        candidates: &mut Vec<Candidate>,
    ) -> Crossed {
        let first = self.scan(luma, region, across, FIRST, candidates);
        if first == Crossed::Nothing && self.edges.len() >= FEWEST {
            // What is white on black ends in the dark, and is no piece.
            return self.decode_inverted(candidates);
        }
        if first != Crossed::Unread {
            return first;
        }
        let mut second = Crossed::Unread;
        if self.line.soften() {
            second = self.decode(false, candidates);
        }
        if second == Crossed::Unread {
            second = self.scan(luma, region, across, SECOND, candidates);
        }
        if second == Crossed::Unread {
            second = self.decode_inverted(candidates);
        }
        // What a second look reads may not be all that the first one saw: other lines follow.
        match second {
            Crossed::Nothing => Crossed::Unread,
            Crossed::Settled => Crossed::Agreed,
            other => other,
        }
    }

    /// Samples and reads one line.
    fn scan(
        &mut self,
        luma: &Luma,
        region: &Region,
        across: f32,
        focus: Focus,
        candidates: &mut Vec<Candidate>,
    ) -> Crossed {
        self.line.sample(luma, region, across, focus);
        self.decode(false, candidates)
    }

    /// Reads what the line crosses, white on black.
    fn decode_inverted(&mut self, candidates: &mut Vec<Candidate>) -> Crossed {
        self.line.soften();
        self.line.negate();
        self.decode(true, candidates)
    }

    /// Reads what the line crosses.
    fn decode(&mut self, inverted: bool, candidates: &mut Vec<Candidate>) -> Crossed {
        edges(&self.line.samples, SMALLEST_SWING, &mut self.edges);
        let mut crossed = Crossed::Nothing;
        for by in [Narrow::Any, Narrow::Both] {
            self.cutter.cut(&self.edges, FEWEST, by);
            for piece in self.cutter.pieces() {
                let this = match catch_unwind(AssertUnwindSafe(|| rows::read(&piece))).ok().flatten() {
                    Some(row) => {
                        let ends = [self.line.point(piece.start), self.line.point(piece.end)];
                        vote(candidates, row, inverted, piece.narrow / DENSITY, ends)
                    }
                    None => Crossed::Unread,
                };
                crossed = crossed.max(this);
            }
            if crossed != Crossed::Unread {
                break;
            }
        }
        crossed
    }
}

/// What a line crossed, the most promising last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Crossed {
    /// Nothing with as many bars as a code has.
    Nothing,
    /// Codes on which enough lines agree.
    Settled,
    /// The same, in a second look.
    Agreed,
    Read,
    /// Bars that may be a code's, and were not read.
    Unread,
}

fn vote(candidates: &mut Vec<Candidate>, row: Row, inverted: bool, module: f32, ends: [Point; 2]) -> Crossed {
    let same =
        |c: &&mut Candidate| c.symbology == row.symbology && c.text == row.text && c.inverted == inverted;
    match candidates.iter_mut().find(same) {
        Some(candidate) => {
            candidate.votes += 1;
            candidate.last = ends;
            if candidate.counts() { Crossed::Settled } else { Crossed::Read }
        }
        None => {
            let found = Candidate::new(row, 1, module, ends, ends);
            candidates.push(Candidate { inverted, ..found });
            Crossed::Read
        }
    }
}

impl Candidate {
    fn new(row: Row, votes: usize, module: f32, first: [Point; 2], last: [Point; 2]) -> Self {
        // Lines run along the gradient, which points anywhere: what counts is where the code's start lies.
        let [start, end] = if row.backwards { [first[1], first[0]] } else { first };
        let upside_down = (start.x, start.y) > (end.x, end.y);
        Self {
            symbology: row.symbology,
            text: row.text,
            votes,
            module,
            upside_down,
            inverted: false,
            first,
            last,
        }
    }

    /// Lines that agree: one in a hundred misread lines passes the checksum even of Code 128, and
    /// short codes and those without a checksum need more.
    fn counts(&self) -> bool {
        let needed = match self.symbology {
            Symbology::Ean8 => 4,
            Symbology::Itf | Symbology::Codabar | Symbology::Ean13 => 3,
            _ => 2,
        };
        // White on black is rare, and what lies between black bars is read so everywhere.
        let needed = if self.inverted { 2 * needed } else { needed };
        let long_enough = match self.symbology {
            Symbology::Itf => self.text.len() >= 6,
            Symbology::Codabar | Symbology::Code39 => self.text.len() >= 4,
            _ => true,
        };
        self.votes >= needed && long_enough
    }

    /// Whether it reads otherwise, with at least as many lines, what another reads in the same place.
    fn outvotes(&self, other: &Candidate) -> bool {
        if self.symbology != other.symbology || self.text == other.text || self.votes < other.votes {
            return false;
        }
        // In the frame of this one's lines, as boxes of parallel slanting codes overlap.
        let [from, to] = self.first;
        let length = (to.x - from.x).hypot(to.y - from.y).max(1.0);
        let (dx, dy) = ((to.x - from.x) / length, (to.y - from.y) / length);
        let bounds = |corners: [Point; 4], x: f32, y: f32| {
            let at = corners.map(|p| p.x * x + p.y * y);
            (at.iter().copied().fold(f32::MAX, f32::min), at.iter().copied().fold(f32::MIN, f32::max))
        };
        let overlap = |x: f32, y: f32| {
            let (a, b) = (bounds(self.corners(), x, y), bounds(other.corners(), x, y));
            let shared = a.1.min(b.1) - a.0.max(b.0);
            shared >= SAME_PLACE * (a.1 - a.0).min(b.1 - b.0)
        };
        overlap(dx, dy) && overlap(-dy, dx)
    }

    fn corners(&self) -> [Point; 4] {
        [self.first[0], self.first[1], self.last[1], self.last[0]]
    }

    fn reading(&self) -> Reading {
        let full = match self.symbology {
            Symbology::Code39 => rows::full_ascii(&self.text),
            _ => None,
        };
        Reading {
            checked: self.symbology.has_checksum(),
            symbology: self.symbology,
            bytes: self.text.clone().into_bytes(),
            text: full.unwrap_or_else(|| self.text.clone()),
            corners: self.corners(),
            module: self.module,
            votes: u32::try_from(self.votes).unwrap_or(u32::MAX),
            upside_down: self.upside_down,
            inverted: self.inverted,
        }
    }
}

fn keep(readings: &mut Vec<Reading>, reading: Reading) {
    if !readings.iter().any(|r| r.symbology == reading.symbology && r.text == reading.text) {
        readings.push(reading);
    }
}
