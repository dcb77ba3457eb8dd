//! Lines of one code laid over each other: each is aligned with the mean of those before it
//! (Lucas and Kanade 1981, in one dimension, with a shift and a stretch), so that the mean of a
//! code's whole height stays sharp although perspective slants its bars.
#![expect(
    clippy::as_conversions,
    reason = "sample and row counts to f32; coordinates are clamped by the picture"
)]

use crate::lines::DENSITY;
use crate::locate::Region;
use crate::{Luma, Point};

/// Rows of pixels whose mean is one line.
const ROWS: u8 = 4;
/// Pixels beyond the region on either side, for quiet zones.
const MARGIN: f32 = 28.0;
/// Lines correlated less than this are not of one code.
const ALIKE: f32 = 0.55;
/// Rounds of alignment.
const ROUNDS: usize = 3;
/// Samples of the longest line that is looked at.
const LONGEST: usize = 4_096;
/// Lines of the lowest stack: single lines read what is less high.
const FEWEST: usize = 4;
/// Lines of the highest stack.
const HIGHEST: usize = 120;

/// The mean of aligned lines.
#[derive(Debug, Clone)]
pub struct Stack {
    pub samples: Vec<f32>,
    /// Lines in it.
    pub lines: usize,
    first: Placed,
    last: Placed,
}

/// Where a line lies: origin, direction, and what alignment found.
#[derive(Debug, Clone, Copy)]
struct Placed {
    origin: (f32, f32),
    along: (f32, f32),
    warp: Warp,
}

/// Sample i of the mean is at `i + shift + stretch · i` of the line.
#[derive(Debug, Clone, Copy, Default)]
struct Warp {
    shift: f32,
    stretch: f32,
}

impl Stack {
    /// The four corners of what lies between two sample positions.
    pub fn corners(&self, start: f32, end: f32) -> [Point; 4] {
        let [a, b] = [self.first.point(start), self.first.point(end)];
        let [d, c] = [self.last.point(start), self.last.point(end)];
        [a, b, c, d]
    }
}

impl Stack {
    /// Sample positions between which a code lies whose middle these lines cross.
    pub fn span(&self, corners: &[Point; 4]) -> Option<(f32, f32)> {
        let (dx, dy) = self.first.along;
        let across = |x: f32, y: f32| y * dx - x * dy;
        let middle = corners.iter().map(|p| across(p.x, p.y)).sum::<f32>() / 4.0;
        let (a, b) = (self.first.origin, self.last.origin);
        let (top, bottom) = (across(a.0, a.1), across(b.0, b.1));
        let slack = f32::from(ROWS) * 2.0;
        if middle < top - slack || middle > bottom + slack {
            return None;
        }
        // Where the lines of the middle lie among the first and the last, so do their warps.
        let share = ((middle - top) / (bottom - top).max(1.0)).clamp(0.0, 1.0);
        let places = corners.map(|p| {
            let t = ((p.x - a.0) * dx + (p.y - a.1) * dy) * DENSITY;
            let warp = self.last.warp;
            (t - share * warp.shift) / (1.0 + share * warp.stretch)
        });
        let from = places.iter().copied().fold(f32::MAX, f32::min);
        Some((from, places.iter().copied().fold(f32::MIN, f32::max)))
    }
}

impl Placed {
    fn point(&self, position: f32) -> Point {
        let t = (position + self.warp.shift + self.warp.stretch * position) / DENSITY;
        Point { x: self.origin.0 + t * self.along.0, y: self.origin.1 + t * self.along.1 }
    }
}

/// Buffers kept between regions.
#[derive(Default)]
pub struct Stacker {
    line: Vec<f32>,
    sums: Vec<u32>,
    mean: Vec<f32>,
    sum: Vec<f32>,
}

impl Stacker {
    /// Stacks of the lines across a region, one for each run of lines that are alike.
    pub fn stack(&mut self, luma: &Luma, region: &Region, found: &mut Vec<Stack>) {
        let count = ((region.to - region.from + 2.0 * MARGIN) * DENSITY).max(0.0) as usize;
        let lines = ((region.high - region.low) / f32::from(ROWS)).max(0.0) as usize;
        if !(64..=LONGEST).contains(&count) || lines > HIGHEST {
            return;
        }
        let (mut open, mut trend): (Option<Stack>, Warp) = (None, Warp::default());
        for number in 0..lines {
            let placed = self.sample(luma, region, region.low + number as f32 * f32::from(ROWS), count);
            if let Some(stack) = &mut open
                && let Some(warp) = align(&self.mean, &self.line, trend)
            {
                self.add(warp);
                stack.lines += 1;
                stack.last = Placed { warp, ..placed };
                // Bars are straight: the next line strays as much again.
                let steps = stack.lines as f32;
                trend = Warp {
                    shift: warp.shift * steps / (steps - 1.0),
                    stretch: warp.stretch * steps / (steps - 1.0),
                };
                let share = 1.0 / steps;
                self.mean.iter_mut().zip(&self.sum).for_each(|(mean, sum)| *mean = sum * share);
                continue;
            }
            found.extend(open.take().and_then(|stack| self.close(stack)));
            self.sum.clone_from(&self.line);
            self.mean.clone_from(&self.line);
            trend = Warp::default();
            open = Some(Stack { samples: Vec::new(), lines: 1, first: placed, last: placed });
        }
        found.extend(open.take().and_then(|stack| self.close(stack)));
    }

    fn close(&self, mut stack: Stack) -> Option<Stack> {
        if stack.lines < FEWEST {
            return None;
        }
        stack.samples.clone_from(&self.mean);
        Some(stack)
    }

    /// The mean of [`ROWS`] rows of pixels, the first at `across`.
    fn sample(&mut self, luma: &Luma, region: &Region, across: f32, count: usize) -> Placed {
        let (dx, dy) = region.along;
        let from = region.from - MARGIN;
        let across = across + (f32::from(ROWS) - 1.0) / 2.0;
        let origin = (from * dx - across * dy, from * dy + across * dx);
        self.sums.clear();
        self.sums.resize(count, 0);
        luma.add_lines(origin, (dx / DENSITY, dy / DENSITY), ROWS, &mut self.sums);
        let share = 1.0 / (256.0 * f32::from(ROWS));
        self.line.clear();
        self.line.extend(self.sums.iter().map(|sum| *sum as f32 * share));
        Placed { origin, along: region.along, warp: Warp::default() }
    }

    fn add(&mut self, warp: Warp) {
        for (i, sum) in self.sum.iter_mut().enumerate() {
            *sum += at(&self.line, i as f32 * (1.0 + warp.stretch) + warp.shift);
        }
    }
}

/// A value between two samples.
pub fn at(samples: &[f32], position: f32) -> f32 {
    let position = position.clamp(0.0, samples.len().saturating_sub(1) as f32);
    let left = position as usize;
    let share = position - left as f32;
    let a = samples.get(left).copied().unwrap_or(255.0);
    let b = samples.get(left + 1).copied().unwrap_or(a);
    a + share * (b - a)
}

/// How a line must be shifted and stretched to lie on the mean; `None` when they are not alike.
fn align(mean: &[f32], line: &[f32], guess: Warp) -> Option<Warp> {
    let mut warp = guess;
    let middle = mean.len() as f32 / 2.0;
    for _ in 0..ROUNDS {
        // Normal equations of the error on shift and stretch about the middle.
        let (mut aa, mut ab, mut bb, mut ae, mut be) = (0.0_f32, 0.0_f32, 0.0_f32, 0.0_f32, 0.0_f32);
        for (i, pair) in mean.windows(3).enumerate().step_by(2) {
            let &[before, here, after] = pair else { continue };
            let slope = (after - before) / 2.0;
            let place = (i + 1) as f32;
            let error = here - at(line, place * (1.0 + warp.stretch) + warp.shift);
            let lever = (place - middle) / middle;
            aa += slope * slope;
            ab += slope * slope * lever;
            bb += slope * slope * lever * lever;
            ae += slope * error;
            be += slope * lever * error;
        }
        let determinant = aa * bb - ab * ab;
        if determinant <= f32::EPSILON * aa * bb {
            return None;
        }
        let shift = ((ae * bb - be * ab) / determinant).clamp(-1.5, 1.5);
        let lean = ((be * aa - ae * ab) / determinant).clamp(-1.5, 1.5);
        warp.shift += shift - lean;
        warp.stretch += lean / middle;
    }
    (correlation(mean, line, warp) > ALIKE).then_some(warp)
}

fn correlation(mean: &[f32], line: &[f32], warp: Warp) -> f32 {
    // Of the differences: a bright paper beside a dark table correlates without any bars.
    let (mut aa, mut ab, mut bb) = (1e-3_f32, 0.0_f32, 1e-3_f32);
    for i in 2..mean.len().saturating_sub(2) {
        let place = |i: usize| i as f32 * (1.0 + warp.stretch) + warp.shift;
        let a = at(mean, (i + 2) as f32) - at(mean, (i - 2) as f32);
        let b = at(line, place(i + 2)) - at(line, place(i - 2));
        aa += a * a;
        ab += a * b;
        bb += b * b;
    }
    ab / (aa * bb).sqrt()
}
