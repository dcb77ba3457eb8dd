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
/// Gain of the sharpening: the largest single gain on blurred webcam frames.
const GAIN: f32 = 1.2;

/// Samples on either side that bound the sharpening: six pixels.
const NEARBY: usize = 12;

/// One sampled line.
#[derive(Default)]
pub struct Line {
    pub samples: Vec<f32>,
    raw: Vec<f32>,
    origin: (f32, f32),
    along: (f32, f32),
}

impl Line {
    /// Samples the line at `across` (pixels, as in [`Region::low`]); the mean of five, one pixel apart.
    pub fn sample(&mut self, luma: &Luma, region: &Region, across: f32) {
        let (dx, dy) = region.along;
        let from = region.from - MARGIN;
        self.along = region.along;
        self.origin = (from * dx - across * dy, from * dy + across * dx);
        let count = (((region.to - region.from) + 2.0 * MARGIN) * DENSITY).max(0.0) as usize;
        self.raw.clear();
        for i in 0..count {
            let t = i as f32 / DENSITY;
            let (x, y) = (self.origin.0 + t * dx, self.origin.1 + t * dy);
            let sum: f32 =
                [-2.0_f32, -1.0, 0.0, 1.0, 2.0].iter().map(|o| pixel(luma, x - o * dy, y + o * dx)).sum();
            self.raw.push(sum / 5.0);
        }
        self.sharpen();
    }

    /// Sharpens, and holds the result within what is seen nearby: an overshoot
    /// beside a wide bar would pass for a bar of its own.
    fn sharpen(&mut self) {
        self.samples.clear();
        let at = |i: usize| self.raw.get(i).copied();
        for (i, &here) in self.raw.iter().enumerate() {
            let before = i.checked_sub(2).and_then(at).unwrap_or(here);
            let after = at(i + 2).unwrap_or(here);
            let sharp = here + GAIN * (here - (before + after) / 2.0);
            let near =
                self.raw.get(i.saturating_sub(NEARBY)..(i + NEARBY + 1).min(self.raw.len())).unwrap_or(&[]);
            let low = near.iter().copied().fold(here, f32::min);
            let high = near.iter().copied().fold(here, f32::max);
            self.samples.push(sharp.clamp(low, high));
        }
    }

    /// Where a sample position lies in the picture.
    pub fn point(&self, position: f32) -> Point {
        let t = position / DENSITY;
        Point { x: self.origin.0 + t * self.along.0, y: self.origin.1 + t * self.along.1 }
    }
}

/// Bilinear sample; outside the picture is its nearest edge.
fn pixel(luma: &Luma, x: f32, y: f32) -> f32 {
    let x = x.clamp(0.0, (luma.width - 1) as f32);
    let y = y.clamp(0.0, (luma.height - 1) as f32);
    let (left, top) = (x as usize, y as usize);
    let (right, bottom) = ((left + 1).min(luma.width - 1), (top + 1).min(luma.height - 1));
    let (fx, fy) = (x - left as f32, y - top as f32);
    let at = |column: usize, row: usize| {
        f32::from(luma.pixels.get(row * luma.width + column).copied().unwrap_or(255))
    };
    let upper = at(left, top) * (1.0 - fx) + at(right, top) * fx;
    let lower = at(left, bottom) * (1.0 - fx) + at(right, bottom) * fx;
    upper * (1.0 - fy) + lower * fy
}
