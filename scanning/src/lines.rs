//! Scan lines along a region's gradient: two samples a pixel, the mean of five
//! parallel lines, sharpened.
#![expect(
    clippy::as_conversions,
    reason = "pixel kernel: coordinates are clamped to the picture before conversion"
)]

use crate::locate::Region;
use crate::{Luma, Point};

/// Samples a pixel.
pub const DENSITY: f32 = 2.0;
/// Pixels scanned beyond a region, for the quiet zones.
const MARGIN: f32 = 28.0;
/// How a line is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Focus {
    /// Parallel lines, a pixel apart, whose mean is taken.
    pub lines: u8,
    /// Of the sharpening: the largest single gain on blurred webcam frames.
    pub gain: f32,
}

/// Share of a line's contrast that the steepest sample of a sharp one takes.
const SHARP: f32 = 0.24;
/// Samples among which there is paper.
const PAPER: usize = 80;
/// Samples of a block; its darkest and brightest are kept.
const BLOCK: usize = 8;
/// Blocks on either side that bound the sharpening: twenty pixels and more, so that a
/// narrow space among wide bars may become as bright as its neighbours are.
const NEARBY: usize = 5;

/// One sampled line.
#[derive(Default)]
pub struct Line {
    pub samples: Vec<f32>,
    raw: Vec<f32>,
    sums: Vec<u32>,
    blocks: Vec<(f32, f32)>,
    origin: (f32, f32),
    along: (f32, f32),
}

impl Line {
    /// Samples the line at `across` (pixels, as in [`Region::low`]) as `focus` says.
    pub fn sample(&mut self, luma: &Luma, region: &Region, across: f32, focus: Focus) {
        let (dx, dy) = region.along;
        let from = region.from - MARGIN;
        self.along = region.along;
        self.origin = (from * dx - across * dy, from * dy + across * dx);
        let count = (((region.to - region.from) + 2.0 * MARGIN) * DENSITY).max(0.0) as usize;
        self.sums.clear();
        self.sums.resize(count, 0);
        luma.add_lines(self.origin, (dx / DENSITY, dy / DENSITY), focus.lines, &mut self.sums);
        let share = 1.0 / (256.0 * f32::from(focus.lines));
        self.raw.clear();
        self.raw.extend(self.sums.iter().map(|sum| *sum as f32 * share));
        self.go_on_outside(luma);
        self.sharpen(focus.gain);
    }

    /// Gives what lies outside the picture the grey of the paper beside it: a code may be cut out
    /// at its first bar.
    fn go_on_outside(&mut self, luma: &Luma) {
        let inside = |i: usize| {
            let p = self.point(i as f32);
            (0.0..luma.width as f32).contains(&p.x) && (0.0..luma.height as f32).contains(&p.y)
        };
        let last = self.raw.len();
        let (Some(from), Some(to)) = ((0..last).find(|i| inside(*i)), (0..last).rfind(|i| inside(*i))) else {
            return;
        };
        for (outside, beside) in
            [(0..from, from..(from + PAPER).min(to)), (to + 1..last, to.saturating_sub(PAPER).max(from)..to)]
        {
            let paper = self.raw.get(beside).map_or(255.0, |beside| extremes(beside).1);
            self.raw.get_mut(outside).unwrap_or_default().fill(paper);
        }
    }

    /// Takes back the sharpening of the line, if it was sharp before: as sharp as cameras make
    /// pictures themselves, where more adds edges of its own.
    pub fn soften(&mut self) -> bool {
        let (low, high) = extremes(&self.raw);
        let steps = self.raw.windows(2).filter_map(|pair| Some((pair.first()? - pair.get(1)?).abs()));
        let steepest = steps.fold(0.0, f32::max) / (high - low).max(1.0);
        let sharp = steepest > SHARP;
        if sharp {
            self.samples.clone_from(&self.raw);
        }
        sharp
    }

    /// Sharpens, and holds the result within what is seen nearby: an overshoot
    /// beside a wide bar would pass for a bar of its own.
    fn sharpen(&mut self, gain: f32) {
        self.blocks.clear();
        self.blocks.extend(self.raw.chunks(BLOCK).map(extremes));
        self.samples.clear();
        for (block, chunk) in self.raw.chunks(BLOCK).enumerate() {
            let near = block.saturating_sub(NEARBY)..(block + NEARBY + 1).min(self.blocks.len());
            let near = self.blocks.get(near).unwrap_or(&[]);
            let low = near.iter().map(|block| block.0).fold(f32::MAX, f32::min);
            let high = near.iter().map(|block| block.1).fold(f32::MIN, f32::max);
            for (place, &here) in chunk.iter().enumerate() {
                let i = block * BLOCK + place;
                let before = i.checked_sub(2).and_then(|i| self.raw.get(i)).unwrap_or(&here);
                let after = self.raw.get(i + 2).unwrap_or(&here);
                let sharp = here + gain * (here - (before + after) / 2.0);
                self.samples.push(sharp.clamp(low, high));
            }
        }
    }

    /// Makes black of white.
    pub fn negate(&mut self) {
        self.samples.iter_mut().for_each(|grey| *grey = 255.0 - *grey);
    }

    /// Takes samples from elsewhere and sharpens them.
    pub fn sharpen_from(&mut self, samples: &[f32], gain: f32) {
        self.raw.clear();
        self.raw.extend_from_slice(samples);
        self.sharpen(gain);
    }

    /// Where a sample position lies in the picture.
    pub fn point(&self, position: f32) -> Point {
        let t = position / DENSITY;
        Point { x: self.origin.0 + t * self.along.0, y: self.origin.1 + t * self.along.1 }
    }
}

/// Darkest and brightest.
fn extremes(samples: &[f32]) -> (f32, f32) {
    samples.iter().fold((f32::MAX, f32::MIN), |(low, high), &s| (low.min(s), high.max(s)))
}
