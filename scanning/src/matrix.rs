//! Blobs to the finders and decoders of rxing for QR and DataMatrix.
#![expect(clippy::as_conversions, reason = "crop coordinates are bounded by the picture")]

use crate::locate::Blob;
use crate::{GS, Luma, Point, Reading, Symbology};
use rxing::aztec;
use rxing::common::{DetectorRXingResult, HybridBinarizer};
use rxing::datamatrix::{decoder::Decoder, detector as data_matrix};
use rxing::qrcode::cpp_port::{decoder::Decode, detector as qr};
use rxing::{Binarizer, Luma8LuminanceSource};

/// Pixels around a blob, for the quiet zone.
const MARGIN: usize = 16;
/// Crops smaller than this are enlarged twice, and those from this size on are tried as they are.
const SMALL: usize = 300;
const LEGIBLE: usize = 120;
/// Crops larger than this cost more than a frame may.
const LARGE: usize = 900;
/// Crops turned upright are sampled up to about this many pixels a side.
const UPRIGHT: f32 = 300.0;
/// Gain of their sharpening.
const GAIN: i32 = 1;

/// Share of the mean grey below which what surrounds a blob is black.
const BLACKER: f32 = 0.75;

/// A picture cut out of another one: its pixels, and where they lie there. Buffers are kept.
#[derive(Default)]
pub struct Crop {
    pixels: Vec<u8>,
    width: usize,
    height: usize,
    origin: (f32, f32),
    /// A step to the right; a step down is at right angles to it.
    step: (f32, f32),
    sums: Vec<u32>,
    between: Vec<u8>,
}

impl Crop {
    /// Cuts a box out as it lies.
    fn cut(&mut self, luma: &Luma, (left, top): (usize, usize), (width, height): (usize, usize)) {
        self.pixels.clear();
        for y in top..top + height {
            self.pixels.extend_from_slice(luma.row(y).get(left..left + width).unwrap_or(&[]));
        }
        (self.width, self.height) = (width, height);
        (self.origin, self.step) = ((left as f32, top as f32), (1.0, 0.0));
    }

    /// Cuts a box out as it lies, twice as large, with linear steps between neighbours.
    fn enlarge(&mut self, luma: &Luma, (left, top): (usize, usize), (width, height): (usize, usize)) {
        let row = |y: usize| luma.row((top + y).min(luma.height - 1)).get(left..left + width).unwrap_or(&[]);
        let origin = (left as f32, top as f32);
        let Self { pixels, between, .. } = self;
        pixels.clear();
        pixels.resize(width * height * 4, 0);
        between.clear();
        between.resize(width, 0);
        for (y, lines) in pixels.chunks_exact_mut(width * 4).enumerate() {
            let (upper, lower) = (row(y), row((y + 1).min(height - 1)));
            for (middle, (a, b)) in between.iter_mut().zip(upper.iter().zip(lower)) {
                *middle = a.midpoint(*b);
            }
            let (first, second) = lines.split_at_mut(width * 2);
            for (wide, line) in [(first, upper), (second, &*between)] {
                let after = line.iter().skip(1).chain(line.last());
                for (pair, (here, next)) in wide.chunks_exact_mut(2).zip(line.iter().zip(after)) {
                    pair.copy_from_slice(&[*here, here.midpoint(*next)]);
                }
            }
        }
        (self.width, self.height, self.origin, self.step) = (width * 2, height * 2, origin, (0.5, 0.0));
    }

    /// Cuts a square out around a box, turned so that most of its edges are level or plumb, and sharpened.
    fn turn_upright(&mut self, luma: &Luma, at: (usize, usize), size: (usize, usize)) {
        let (sin, cos) = lean(luma, at, size).sin_cos();
        let middle = (at.0 as f32 + size.0 as f32 / 2.0, at.1 as f32 + size.1 as f32 / 2.0);
        let extent = size.0.max(size.1) as f32;
        let scale = (UPRIGHT / extent).clamp(1.0, 3.0);
        let side = (extent * scale) as usize;
        let step = (cos / scale, sin / scale);
        let half = side as f32 / 2.0;
        let origin = (middle.0 - half * step.0 + half * step.1, middle.1 - half * step.1 - half * step.0);
        // Rows are longer than the crop by what the sharpening looks at on either side.
        let reach = (scale.round() as usize).clamp(1, side);
        let wide = side + 2 * reach;
        let Self { pixels, sums, .. } = self;
        sums.clear();
        sums.resize(side * wide, 0);
        for (v, row) in sums.chunks_exact_mut(wide).enumerate() {
            let (u, v) = (-(reach as f32), v as f32);
            let from = (origin.0 + u * step.0 - v * step.1, origin.1 + u * step.1 + v * step.0);
            luma.add_line(from, step, row);
        }
        let row = |v: usize| sums.get(v * wide..(v + 1) * wide).unwrap_or(&[]);
        pixels.clear();
        pixels.resize(side * side, 0);
        for (v, out) in pixels.chunks_exact_mut(side).enumerate() {
            let middle = |v: usize| row(v).get(reach..).unwrap_or(&[]);
            let (above, below) = (middle(v.saturating_sub(reach)), middle((v + reach).min(side - 1)));
            let (left, here, right) = (row(v), middle(v), row(v).get(2 * reach..).unwrap_or(&[]));
            for (((((out, here), left), right), above), below) in
                out.iter_mut().zip(here).zip(left).zip(right).zip(above).zip(below)
            {
                // Sums are 256 times a grey: 16 bits.
                let [here, around] = [*here as i32, (left + right + above + below) as i32 / 4];
                *out = ((here + GAIN * (here - around)) >> 8).clamp(0, 255) as u8;
            }
        }
        (self.width, self.height, self.origin, self.step) = (side, side, origin, step);
    }

    /// Whether what is just outside the blob, in the middle of the margin, is darker than the whole.
    fn lies_on_black(&self) -> bool {
        let mean = |greys: &mut dyn Iterator<Item = u8>| {
            let (sum, count) = greys.fold((0_u64, 0_u64), |(s, n), grey| (s + u64::from(grey), n + 1));
            sum as f32 / count.max(1) as f32
        };
        let inset = (MARGIN as f32 / 2.0 / self.step.0.hypot(self.step.1)) as usize;
        let row = |y: usize| self.pixels.get(y * self.width..(y + 1) * self.width).unwrap_or(&[]);
        let (above, below) = (row(inset), row(self.height.saturating_sub(inset + 1)));
        let sides = (0..self.height).flat_map(|y| {
            [row(y).get(inset), row(y).get(self.width.saturating_sub(inset + 1))].into_iter().flatten()
        });
        let ring = mean(&mut above.iter().chain(below).chain(sides).copied());
        ring < BLACKER * mean(&mut self.pixels.iter().copied())
    }

    fn point(&self, p: rxing::Point) -> Point {
        let (dx, dy) = self.step;
        Point { x: self.origin.0 + p.x * dx - p.y * dy, y: self.origin.1 + p.x * dy + p.y * dx }
    }
}

/// How a blob is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    AsItLies,
    /// Turned so that edges are level and plumb, and sharpened.
    Upright,
    Both,
}

/// Reads the 2D codes of a blob.
pub fn read(luma: &Luma, blob: &Blob, look: Look, crop: &mut Crop, readings: &mut Vec<Reading>) {
    let left = blob.left.saturating_sub(MARGIN);
    let top = blob.top.saturating_sub(MARGIN);
    let right = (blob.right + MARGIN).min(luma.width);
    let bottom = (blob.bottom + MARGIN).min(luma.height);
    let (width, height) = (right.saturating_sub(left), bottom.saturating_sub(top));
    if width < 16 || height < 16 || width > LARGE || height > LARGE {
        return;
    }
    let before = readings.len();
    let (at, size) = ((left, top), (width, height));
    let mut looked = false;
    if width.min(height) >= LEGIBLE || look != Look::Upright && width.max(height) >= SMALL {
        crop.cut(luma, at, size);
        decode(crop, look, readings);
        looked = true;
    }
    if look != Look::Upright && width.max(height) < SMALL && readings.len() == before {
        crop.enlarge(luma, at, size);
        decode(crop, look, readings);
        looked = true;
    }
    if look != Look::AsItLies && readings.len() == before {
        crop.turn_upright(luma, at, size);
        decode(crop, look, readings);
        looked = true;
    }
    // A code that is white on black lies on black.
    if looked && readings.len() == before && crop.lies_on_black() {
        crop.pixels.iter_mut().for_each(|grey| *grey = !*grey);
        decode(crop, look, readings);
        readings.iter_mut().skip(before).for_each(|reading| reading.inverted = true);
    }
}

/// Every code of a crop, each with the corners of its outermost modules.
fn decode(crop: &Crop, look: Look, readings: &mut Vec<Reading>) {
    let size = (u32::try_from(crop.width), u32::try_from(crop.height));
    let (Ok(width), Ok(height)) = size else { return };
    let Ok(source) = Luma8LuminanceSource::new(crop.pixels.clone(), width, height) else { return };
    let binarizer = HybridBinarizer::new(source);
    let Ok(bits) = binarizer.get_black_matrix() else { return };
    let before = readings.len();
    let mut patterns = qr::FindFinderPatterns(bits, true, 0);
    for set in qr::GenerateFinderPatternSets(&mut patterns) {
        if let Ok(sampled) = qr::SampleQR(bits, &set)
            && let Ok(decoded) = Decode(sampled.getBits())
            && decoded.isValid()
        {
            let bytes = decoded.content().bytes().to_vec();
            let gs1 = decoded.symbologyIdentifier() == "]Q3";
            readings.extend(reading(crop, Symbology::QrCode, marked(decoded.text(), gs1), bytes, &sampled));
        }
    }
    if readings.len() > before {
        return;
    }
    for sampled in data_matrix::zxing_cpp_detector::detect(bits, true, true).unwrap_or_default() {
        if let Ok(decoded) = Decoder::new().decode(sampled.getBits()) {
            let (text, bytes) = (decoded.getText().to_owned(), decoded.getRawBytes().clone());
            // 2 and 5: FNC1 in the first position (ISO/IEC 16022, annex N).
            let gs1 = matches!(decoded.getSymbologyModifier(), 2 | 5);
            readings.extend(reading(crop, Symbology::DataMatrix, marked(text, gs1), bytes, &sampled));
        }
    }
    // Aztec is on no label: photos only.
    if readings.len() > before || look != Look::Both {
        return;
    }
    let mut detector = aztec::detector::Detector::new(bits);
    for mirrored in [false, true] {
        if let Ok(sampled) = detector.detect(mirrored)
            && let Ok(decoded) = aztec::decoder::decode(&sampled)
        {
            let (text, bytes) = (decoded.getText().to_owned(), decoded.getRawBytes().clone());
            readings.extend(reading(crop, Symbology::Aztec, text, bytes, &sampled));
            return;
        }
    }
}

/// The text of GS1 data begins with GS.
fn marked(text: String, gs1: bool) -> String {
    if gs1 && !text.starts_with(GS) { format!("{GS}{text}") } else { text }
}

fn reading(
    crop: &Crop,
    symbology: Symbology,
    text: String,
    bytes: Vec<u8>,
    sampled: &impl DetectorRXingResult,
) -> Option<Reading> {
    let modules = sampled.getBits().getWidth().max(1) as f32;
    let &[a, b, c, d] = sampled.getPoints() else { return None };
    let corners = [a, b, c, d].map(|p| crop.point(p));
    let side = (corners[1].x - corners[0].x).hypot(corners[1].y - corners[0].y);
    let upside_down = corners[1].x < corners[0].x;
    Some(Reading {
        symbology,
        bytes,
        text,
        corners,
        module: side / modules,
        votes: 1,
        checked: true,
        upside_down,
        inverted: false,
    })
}

/// By how much the edges of a box lean, radians, −π/4 to π/4: the mean of the gradients'
/// directions, a direction counting as much as those at right angles to it.
fn lean(luma: &Luma, (left, top): (usize, usize), (width, height): (usize, usize)) -> f32 {
    let (mut real, mut imaginary) = (0.0, 0.0);
    for y in (top..(top + height).min(luma.height.saturating_sub(1))).step_by(4) {
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
