//! What a webcam makes of papers on a table: perspective, blur, uneven light, noise.
#![expect(clippy::as_conversions, reason = "pixel kernel: coordinates are clamped to the picture")]

use crate::Chance;
use crate::paper::{DENSITY, Paper};
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder};

pub const WIDTH: usize = 1280;
pub const HEIGHT: usize = 720;
/// Distance from lens to table in pixels of the picture: a webcam's field of view.
const FOCAL: f32 = 1150.0;
/// Of the JPEG, as webcams have it.
const QUALITY: u8 = 80;
/// Standard deviation of the noise, grey levels.
const NOISE: f32 = 2.4;

/// Where a paper is held. Angles in degrees.
#[derive(Debug, Clone, Copy)]
pub struct Pose {
    /// Centre on the picture, pixels.
    pub at: (f32, f32),
    /// Pixels a millimetre at the centre.
    pub scale: f32,
    pub turn: f32,
    /// Away from the lens, about the horizontal and the vertical.
    pub tilt: (f32, f32),
}

/// A paper that is held somewhere.
#[derive(Debug, Clone)]
pub struct Layer<'a> {
    pub paper: &'a Paper,
    pub pose: Pose,
    pub tint: [f32; 3],
}

/// A projective map of the plane, row by row.
#[derive(Debug, Clone, Copy)]
pub struct Projection([f32; 9]);

impl Projection {
    /// From millimetres of a paper, top left first, to pixels of the picture.
    pub fn of(pose: &Pose, paper: &Paper) -> Self {
        let (sz, cz) = pose.turn.to_radians().sin_cos();
        let (sx, cx) = pose.tilt.0.to_radians().sin_cos();
        let (sy, cy) = pose.tilt.1.to_radians().sin_cos();
        // Tilted about its own axes, then turned: the columns of the rotation, in pixels.
        let column = |x: f32, y: f32, z: f32| {
            [pose.scale * (cz * x - sz * y), pose.scale * (sz * x + cz * y), pose.scale * z]
        };
        let [ax, ay, az] = column(cy, sx * sy, -cx * sy);
        let [bx, by, bz] = column(0.0, cx, sx);
        let (u, v) = (paper.width as f32 / DENSITY / 2.0, paper.height as f32 / DENSITY / 2.0);
        let (ox, oy, oz) = (-u * ax - v * bx, -u * ay - v * by, -u * az - v * bz + FOCAL);
        let (x, y) = pose.at;
        Self([
            FOCAL * ax + x * az,
            FOCAL * bx + x * bz,
            FOCAL * ox + x * oz,
            FOCAL * ay + y * az,
            FOCAL * by + y * bz,
            FOCAL * oy + y * oz,
            az,
            bz,
            oz,
        ])
    }

    pub fn apply(&self, (x, y): (f32, f32)) -> (f32, f32) {
        let [a, b, c, d, e, f, g, h, i] = self.0;
        let depth = g * x + h * y + i;
        ((a * x + b * y + c) / depth, (d * x + e * y + f) / depth)
    }

    /// The same, some pixels further right and down.
    fn moved(&self, right: f32, down: f32) -> Self {
        let [a, b, c, d, e, f, g, h, i] = self.0;
        Self([a + right * g, b + right * h, c + right * i, d + down * g, e + down * h, f + down * i, g, h, i])
    }

    /// The way back: the adjugate, as a scale does not matter.
    fn inverse(&self) -> Self {
        let [a, b, c, d, e, f, g, h, i] = self.0;
        Self([
            e * i - f * h,
            c * h - b * i,
            b * f - c * e,
            f * g - d * i,
            a * i - c * g,
            c * d - a * f,
            d * h - e * g,
            b * g - a * h,
            a * e - b * d,
        ])
    }
}

/// A picture as it comes together: grey, and which tint each pixel has.
#[derive(Clone)]
pub struct Picture {
    grey: Vec<f32>,
    tint: Vec<[f32; 3]>,
}

/// A lamp is no point: its shadow is several, each a little further.
const SHADOW: [(f32, f32); 3] = [(3.0, 4.0), (5.0, 8.0), (8.0, 12.0)];
/// By each of them.
const DARKENING: f32 = 0.12;

/// Parts of a pixel looked at: a camera's pixel is not a point.
const CENTRE: [(f32, f32); 1] = [(0.5, 0.5)];
const PARTS: [(f32, f32); 4] = [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)];

impl Picture {
    /// A table of light wood, without a line that a reader could take for a bar.
    pub fn of_table() -> Self {
        let grain = |x: f32, y: f32| -> f32 {
            let waves = [(0.004, 0.021, 1.0), (0.002, 0.043, 4.1), (0.007, 0.009, 2.6)];
            waves.iter().map(|(fx, fy, phase)| (x * fx + y * fy + phase).sin() * 5.0).sum()
        };
        let mut grey = Vec::with_capacity(WIDTH * HEIGHT);
        for y in 0..HEIGHT {
            for x in 0..WIDTH {
                grey.push(128.0 + grain(x as f32, y as f32));
            }
        }
        Self { grey, tint: vec![[1.12, 1.0, 0.82]; WIDTH * HEIGHT] }
    }

    /// Lays a paper, with its shadow, over what is there.
    pub fn lay(&mut self, layer: &Layer) {
        let projection = Projection::of(&layer.pose, layer.paper);
        for (ox, oy) in SHADOW {
            let place = projection.moved(ox, oy);
            self.each_seen(layer.paper, &place, &CENTRE, |grey, _, _, seen| *grey *= 1.0 - DARKENING * seen);
        }
        self.each_seen(layer.paper, &projection, &PARTS, |grey, of, sum, seen| {
            *grey = *grey * (1.0 - seen) + sum;
            if seen > 0.5 {
                *of = layer.tint;
            }
        });
    }

    /// Calls `each` for every pixel that sees some of the paper, with the sum of what it
    /// sees and how much of it, 0 to 1.
    fn each_seen(
        &mut self,
        paper: &Paper,
        projection: &Projection,
        parts: &[(f32, f32)],
        each: impl Fn(&mut f32, &mut [f32; 3], f32, f32),
    ) {
        let (back, share) = (projection.inverse(), 1.0 / parts.len().max(1) as f32);
        let (right, bottom) = (paper.width as f32 / DENSITY, paper.height as f32 / DENSITY);
        let corners =
            [(0.0, 0.0), (right, 0.0), (right, bottom), (0.0, bottom)].map(|corner| projection.apply(corner));
        let least = |get: fn(&(f32, f32)) -> f32| corners.iter().map(get).fold(f32::MAX, f32::min);
        let most = |get: fn(&(f32, f32)) -> f32| corners.iter().map(get).fold(f32::MIN, f32::max);
        let columns = clamp(least(|c| c.0), WIDTH)..clamp(most(|c| c.0) + 1.0, WIDTH);
        for y in clamp(least(|c| c.1), HEIGHT)..clamp(most(|c| c.1) + 1.0, HEIGHT) {
            for x in columns.clone() {
                let (mut sum, mut seen) = (0.0, 0.0);
                for (ox, oy) in parts {
                    let at = back.apply((x as f32 + ox, y as f32 + oy));
                    if let Some(grey) = grey_at(paper, at) {
                        sum += grey;
                        seen += share;
                    }
                }
                let at = y * WIDTH + x;
                if seen > 0.0
                    && let (Some(grey), Some(tint)) = (self.grey.get_mut(at), self.tint.get_mut(at))
                {
                    each(grey, tint, sum * share, seen);
                }
            }
        }
    }

    /// Blurs by a lens a little out of focus; `spread` is the share of each neighbour, under a quarter.
    pub fn blur(&mut self, spread: f32) {
        let middle = 1.0 - 2.0 * spread;
        for step in [1, WIDTH] {
            let before = self.grey.clone();
            let shifted = before.get(2 * step..).unwrap_or(&[]);
            let around = before.iter().zip(shifted).zip(before.get(step..).unwrap_or(&[]));
            for (pixel, ((a, b), here)) in self.grey.iter_mut().skip(step).zip(around) {
                *pixel = here * middle + (a + b) * spread;
            }
        }
    }

    /// The exposed picture as JPEG. Here and not with the caller: the encoder is generic,
    /// and would be compiled unoptimised there.
    pub fn jpeg(&self, frame: u64) -> Result<Vec<u8>, image::ImageError> {
        let (rgb, mut jpeg) = (self.expose(frame), Vec::new());
        let (width, height) = (WIDTH as u32, HEIGHT as u32);
        JpegEncoder::new_with_quality(&mut jpeg, QUALITY).write_image(
            &rgb,
            width,
            height,
            ExtendedColorType::Rgb8,
        )?;
        Ok(jpeg)
    }

    /// RGB, row by row, as a sensor gives it under a lamp at the upper left; `frame` makes
    /// its noise its own.
    pub fn expose(&self, frame: u64) -> Vec<u8> {
        let mut chance = Chance(frame);
        let mut rgb = Vec::with_capacity(WIDTH * HEIGHT * 3);
        let across: Vec<f32> = (0..WIDTH).map(|x| 1.06 - 0.24 * x as f32 / WIDTH as f32).collect();
        for (y, (row, tints)) in self.grey.chunks(WIDTH).zip(self.tint.chunks(WIDTH)).enumerate() {
            let down = 1.03 - 0.16 * y as f32 / HEIGHT as f32;
            for ((grey, tint), light) in row.iter().zip(tints).zip(&across) {
                let lit = grey * light * down + noise(chance.bits());
                rgb.extend(tint.map(|part| (lit * part).clamp(0.0, 255.0) as u8));
            }
        }
        rgb
    }
}

/// Near enough to normal: the sum of four even ones.
fn noise(bits: u64) -> f32 {
    let sum: u64 = (0..4).map(|part| (bits >> (16 * part)) & 0xffff).sum();
    // Four even ones have a deviation of 65536 · √(4/12).
    (sum as f32 - 131_070.0) / 37_837.0 * NOISE
}

/// The grey at a place in millimetres, between four pixels; `None` beside the paper.
fn grey_at(paper: &Paper, (x, y): (f32, f32)) -> Option<f32> {
    let (x, y) = (x * DENSITY - 0.5, y * DENSITY - 0.5);
    if x < 0.0 || y < 0.0 || x >= (paper.width - 1) as f32 || y >= (paper.height - 1) as f32 {
        return None;
    }
    let (left, top) = (x as usize, y as usize);
    let (fx, fy) = (x - left as f32, y - top as f32);
    let from = top * paper.width + left;
    let upper = paper.pixels.get(from..from + 2)?;
    let lower = paper.pixels.get(from + paper.width..from + paper.width + 2)?;
    let between = |pair: &[u8]| match pair {
        [a, b] => f32::from(*a) * (1.0 - fx) + f32::from(*b) * fx,
        _ => 0.0,
    };
    Some(between(upper) * (1.0 - fy) + between(lower) * fy)
}

fn clamp(value: f32, most: usize) -> usize {
    (value.max(0.0) as usize).min(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_leads_back() {
        let paper = Paper::blank(100.0, 60.0, 200);
        let pose = Pose { at: (640.0, 360.0), scale: 8.0, turn: 20.0, tilt: (12.0, -9.0) };
        let there = Projection::of(&pose, &paper);
        let middle = there.apply((50.0, 30.0));
        assert!((middle.0 - 640.0).abs() < 0.01 && (middle.1 - 360.0).abs() < 0.01, "{middle:?}");
        for corner in [(0.0, 0.0), (100.0, 0.0), (37.0, 60.0)] {
            let back = there.inverse().apply(there.apply(corner));
            assert!((back.0 - corner.0).abs() < 0.01 && (back.1 - corner.1).abs() < 0.01, "{back:?}");
        }
        let straight = Projection::of(&Pose { turn: 0.0, tilt: (0.0, 0.0), ..pose }, &paper);
        let ends = (straight.apply((0.0, 0.0)), straight.apply((100.0, 0.0)));
        assert!((ends.1.0 - ends.0.0 - 800.0).abs() < 0.01, "{ends:?}");
    }

    #[test]
    fn a_paper_is_brighter_than_the_table_and_its_shadow_darker() {
        let mut picture = Picture::of_table();
        let table = picture.expose(1);
        let paper = Paper::blank(60.0, 40.0, 238);
        let pose = Pose { at: (640.0, 360.0), scale: 8.0, turn: 0.0, tilt: (0.0, 0.0) };
        picture.lay(&Layer { paper: &paper, pose, tint: [1.0; 3] });
        let with_paper = picture.expose(1);
        let green = |rgb: &[u8], x: usize, y: usize| i32::from(rgb[(y * WIDTH + x) * 3 + 1]);
        assert!(green(&with_paper, 640, 360) > green(&table, 640, 360) + 60);
        assert!(green(&with_paper, 640, 522) < green(&table, 640, 522) - 20);
        assert_eq!(green(&with_paper, 100, 100), green(&table, 100, 100));
    }
}
