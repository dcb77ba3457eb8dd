//! Codes whose bars have run into each other: an area's lines are stacked, lit evenly, and what
//! lies between quiet zones is matched with what a camera makes of each character.
#![expect(clippy::as_conversions, reason = "sample positions of a bounded line")]

use crate::edges::{Piece, edges};
use crate::lines::{DENSITY, Line};
use crate::locate::Region;
use crate::matched::{CONTRAST, Matcher, even_out};
use crate::rows::{self, Row};
use crate::stack::{Stack, Stacker};
use crate::{Luma, Point, Symbology};

/// Chance of a wrong character up to which a reading counts: with the checksum of Code 128, and
/// with that of an EAN, which lets one in ten pass, or none.
const DOUBT: f32 = 1e-3;
const DOUBT_WEAK: f32 = 1e-9;
/// Of the sharpening, for edges only.
const GAIN: f32 = 1.5;
/// A swing above which there is an edge: noise is averaged away.
const SWING: f32 = 0.14 * CONTRAST;
/// A quiet zone is at least so bright, and so many samples long.
const BRIGHT: f32 = 0.5 * CONTRAST;
/// A bar is at least so dark somewhere.
const PALE: f32 = 0.75 * CONTRAST;
const QUIET: f32 = 10.0;
/// Of a code whose narrow bars have run into each other; lines of print have fewer.
const FEWEST_EDGES: usize = 36;
/// Starts and ends tried on one line: those with the longest quiet zones.
const MOST_ENDS: usize = 6;
/// Codes looked for on one line.
const MOST_CODES: usize = 4;

/// A code that was matched.
pub struct Found {
    pub row: Row,
    /// Lines that were averaged.
    pub lines: usize,
    /// Width of a module, pixels.
    pub module: f32,
    pub corners: [Point; 4],
}

/// Buffers kept between frames.
#[derive(Default)]
pub struct Blurred {
    stacker: Stacker,
    stacks: Vec<Stack>,
    matcher: Matcher,
    line: Line,
    level: Vec<f32>,
    edges: Vec<f32>,
}

impl Blurred {
    /// Codes of an area that are not among those known by their corners.
    pub fn read(&mut self, luma: &Luma, area: &Region, known: &[[Point; 4]], found: &mut Vec<Found>) {
        self.stacks.clear();
        self.stacker.stack(luma, area, &mut self.stacks);
        for stack in &self.stacks {
            even_out(&stack.samples, &mut self.level);
            self.line.sharpen_from(&self.level, GAIN);
            edges(&self.line.samples, SWING, &mut self.edges);
            if self.edges.len() < FEWEST_EDGES {
                continue;
            }
            let (mut starts, mut ends) = quiet_ends(&self.edges, &self.level);
            for corners in known {
                if let Some((from, to)) = stack.span(corners) {
                    leave_out(&mut starts, &mut ends, from, to);
                }
            }
            for _ in 0..MOST_CODES {
                let Some((read, start, end)) =
                    self.matcher.read(&self.level, &longest(&starts), &longest(&ends))
                else {
                    break;
                };
                let most = if read.symbology == Symbology::Code128 { DOUBT } else { DOUBT_WEAK };
                if read.doubt > most {
                    break;
                }
                let module = (end - start) / DENSITY / read.widths.iter().sum::<f32>();
                let matched = Piece { widths: &read.widths, start, end, narrow: 1.0 };
                let Some(mut row) = rows::read(&matched) else { break };
                row.backwards ^= read.backwards;
                found.push(Found { row, lines: stack.lines, module, corners: stack.corners(start, end) });
                leave_out(&mut starts, &mut ends, start, end);
            }
        }
    }
}

/// An edge beside a quiet zone, and how long that is.
type End = (f32, f32);

/// Edges at which a bright stretch ends, and those at which one starts. Bars that are hardly
/// dark are the paper's noise.
fn quiet_ends(edges: &[f32], level: &[f32]) -> (Vec<End>, Vec<End>) {
    let greys = |from: f32, to: f32| {
        level.get(from.max(0.0) as usize..(to.max(0.0) as usize + 1).min(level.len())).unwrap_or(&[])
    };
    let darkest = |from: f32, to: f32| greys(from, to).iter().copied().fold(f32::MAX, f32::min);
    let bright = |from: f32, to: f32| {
        let greys = greys(from, to);
        greys.iter().sum::<f32>() > BRIGHT * greys.len() as f32
    };
    // Even edges fall into a bar, odd ones rise out of it.
    let bars: Vec<(f32, f32)> = edges
        .chunks(2)
        .filter_map(|bar| bar.first().copied().zip(bar.get(1).copied()))
        .filter(|bar| darkest(bar.0, bar.1) < PALE)
        .collect();
    let (mut starts, mut ends) = (Vec::new(), Vec::new());
    for (i, &(fall, rise)) in bars.iter().enumerate() {
        let before = i.checked_sub(1).and_then(|i| bars.get(i)).map_or(0.0, |bar| bar.1);
        let after = bars.get(i + 1).map_or(level.len() as f32, |bar| bar.0);
        if fall - before > QUIET && bright(fall - QUIET, fall) {
            starts.push((fall, fall - before));
        }
        if after - rise > QUIET && bright(rise, rise + QUIET) {
            ends.push((rise, after - rise));
        }
    }
    (starts, ends)
}

/// Drops the ends that lie on a code.
fn leave_out(starts: &mut Vec<End>, ends: &mut Vec<End>, from: f32, to: f32) {
    let beside = |end: &End| end.0 < from - QUIET / 2.0 || end.0 > to + QUIET / 2.0;
    starts.retain(beside);
    ends.retain(beside);
}

/// The ends with the longest quiet zones.
fn longest(ends: &[End]) -> Vec<f32> {
    let mut sorted = ends.to_vec();
    sorted.sort_by(|a, b| b.1.total_cmp(&a.1));
    sorted.into_iter().take(MOST_ENDS).map(|end| end.0).collect()
}
