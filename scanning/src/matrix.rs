//! Blobs to rxing's QR and DataMatrix readers.
#![expect(clippy::as_conversions, reason = "crop coordinates are bounded by the picture")]

use crate::locate::Blob;
use crate::{Luma, Point, Reading, Symbology};
use rxing::common::HybridBinarizer;
use rxing::datamatrix::DataMatrixReader;
use rxing::qrcode::cpp_port::QrReader;
use rxing::{BinaryBitmap, DecodeHints, Luma8LuminanceSource, RXingResult, Reader as _};

/// Pixels around a blob, for the quiet zone.
const MARGIN: usize = 16;
/// Crops smaller than this are enlarged twice.
const SMALL: usize = 300;
/// Crops larger than this cost more than a frame may.
const LARGE: usize = 900;

/// Crops turned upright are sampled up to about this many pixels a side.
const UPRIGHT: f32 = 400.0;
/// Gain of their sharpening.
const GAIN: f32 = 1.0;

/// Reads the 2D code of a blob, if it is one: as it lies and, when `thorough`, turned
/// upright and sharpened.
pub fn read(luma: &Luma, blob: &Blob, thorough: bool) -> Option<Reading> {
    let left = blob.left.saturating_sub(MARGIN);
    let top = blob.top.saturating_sub(MARGIN);
    let right = (blob.right + MARGIN).min(luma.width);
    let bottom = (blob.bottom + MARGIN).min(luma.height);
    let (width, height) = (right.saturating_sub(left), bottom.saturating_sub(top));
    if width < 16 || height < 16 || width > LARGE || height > LARGE {
        return None;
    }
    let factor = if width.max(height) < SMALL { 2 } else { 1 };
    let crop = enlarge(luma, left, top, width, height, factor);
    let (w, h) = (u32::try_from(width * factor).ok()?, u32::try_from(height * factor).ok()?);
    let (symbology, text) = decode(&crop, w, h).or_else(|| {
        if !thorough {
            return None;
        }
        let (crop, side) = upright(luma, (left, top), (width, height));
        decode(&crop, side, side)
    })?;
    let corner = |x: usize, y: usize| Point { x: x as f32, y: y as f32 };
    let corners = [corner(left, top), corner(right, top), corner(right, bottom), corner(left, bottom)];
    Some(Reading {
        symbology,
        bytes: text.clone().into_bytes(),
        text,
        corners,
        module: 0.0,
        votes: 1,
        checked: true,
        upside_down: false,
        inverted: false,
    })
}

/// A square crop around a box, turned so that most of its edges are level or plumb, and sharpened.
fn upright(luma: &Luma, at: (usize, usize), size: (usize, usize)) -> (Vec<u8>, u32) {
    let (sin, cos) = lean(luma, at, size).sin_cos();
    let middle = (at.0 as f32 + size.0 as f32 / 2.0, at.1 as f32 + size.1 as f32 / 2.0);
    let extent = size.0.max(size.1) as f32;
    let scale = (UPRIGHT / extent).clamp(1.0, 3.0);
    let side = (extent * scale) as usize;
    let mut turned = Vec::with_capacity(side * side);
    for v in 0..side {
        for u in 0..side {
            let (x, y) = ((u as f32 + 0.5) / scale - extent / 2.0, (v as f32 + 0.5) / scale - extent / 2.0);
            turned.push(luma.between(middle.0 + x * cos - y * sin, middle.1 + x * sin + y * cos));
        }
    }
    let reach = scale.round() as usize;
    let sharp = (0..side * side).map(|i| {
        let near = |j: Option<usize>| j.and_then(|j| turned.get(j)).copied();
        let here = turned.get(i).copied().unwrap_or(255.0);
        let around: f32 = [
            near(i.checked_sub(reach)),
            near(i.checked_add(reach)),
            near(i.checked_sub(reach * side)),
            near(i.checked_add(reach * side)),
        ]
        .into_iter()
        .map(|pixel| pixel.unwrap_or(here))
        .sum();
        (here + GAIN * (here - around / 4.0)).clamp(0.0, 255.0) as u8
    });
    (sharp.collect(), u32::try_from(side).unwrap_or(0))
}

/// By how much the edges of a box lean, radians, −π/4 to π/4: the mean of the gradients'
/// directions, a direction counting as much as those at right angles to it.
fn lean(luma: &Luma, (left, top): (usize, usize), (width, height): (usize, usize)) -> f32 {
    let (mut real, mut imaginary) = (0.0, 0.0);
    for y in top..(top + height).min(luma.height.saturating_sub(1)) {
        let upper = luma.row(y).get(left..left + width);
        let lower = luma.row(y + 1).get(left..left + width);
        let (Some(upper), Some(lower)) = (upper, lower) else { continue };
        for (above, below) in upper.windows(2).zip(lower.windows(2)) {
            if let (&[a, b], &[c, d]) = (above, below) {
                let [a, b, c, d] = [a, b, c, d].map(f32::from);
                let (gx, gy) = (b + d - a - c, c + d - a - b);
                // (gx + i·gy)⁴ over its length squared.
                let (re, im) = (gx * gx - gy * gy, 2.0 * gx * gy);
                let length = (gx * gx + gy * gy).max(1.0);
                real += (re * re - im * im) / length;
                imaginary += 2.0 * re * im / length;
            }
        }
    }
    imaginary.atan2(real) / 4.0
}

fn decode(crop: &[u8], width: u32, height: u32) -> Option<(Symbology, String)> {
    let hints = DecodeHints { TryHarder: Some(true), ..DecodeHints::default() };
    let bitmap = || -> Option<BinaryBitmap<HybridBinarizer<Luma8LuminanceSource>>> {
        let source = Luma8LuminanceSource::new(crop.to_vec(), width, height).ok()?;
        Some(BinaryBitmap::new(HybridBinarizer::new(source)))
    };
    let text = |result: Result<RXingResult, rxing::Exceptions>| result.ok().map(|r| r.getText().to_owned());
    if let Some(text) = text(QrReader.decode_with_hints(&mut bitmap()?, &hints)) {
        return Some((Symbology::QrCode, text));
    }
    text(DataMatrixReader.decode_with_hints(&mut bitmap()?, &hints)).map(|text| (Symbology::DataMatrix, text))
}

/// The crop, each pixel repeated `factor` times, once or twice, with linear steps between neighbours.
fn enlarge(luma: &Luma, left: usize, top: usize, width: usize, height: usize, factor: usize) -> Vec<u8> {
    let row = |y: usize| luma.row((top + y).min(luma.height - 1)).get(left..).unwrap_or(&[]);
    let mut out = Vec::with_capacity(width * height * factor * factor);
    if factor == 1 {
        (0..height).for_each(|y| out.extend(row(y).iter().take(width)));
        return out;
    }
    let half = |a: u8, b: u8| a.midpoint(b);
    for y in 0..height {
        let (upper, lower) = (row(y), row(y + 1));
        let between: Vec<u8> = upper.iter().zip(lower).take(width + 1).map(|(a, b)| half(*a, *b)).collect();
        for line in [upper, &between] {
            for x in 0..width {
                let here = line.get(x).or(line.last()).copied().unwrap_or(255);
                out.extend([here, half(here, line.get(x + 1).copied().unwrap_or(here))]);
            }
        }
    }
    out
}
