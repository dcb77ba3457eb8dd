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

/// Reads the 2D code of a blob, if it is one.
pub fn read(luma: &Luma, blob: &Blob) -> Option<Reading> {
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
    let (symbology, text) = decode(&crop, w, h)?;
    let corner = |x: usize, y: usize| Point { x: x as f32, y: y as f32 };
    let corners = [corner(left, top), corner(right, top), corner(right, bottom), corner(left, bottom)];
    Some(Reading { symbology, text, corners, checked: true })
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

/// The crop, each pixel repeated `factor` times with linear steps between neighbours.
fn enlarge(luma: &Luma, left: usize, top: usize, width: usize, height: usize, factor: usize) -> Vec<u8> {
    let at = |x: usize, y: usize| {
        let (x, y) = ((left + x).min(luma.width - 1), (top + y).min(luma.height - 1));
        u32::from(luma.pixels.get(y * luma.width + x).copied().unwrap_or(255))
    };
    let mut out = Vec::with_capacity(width * height * factor * factor);
    for y in 0..height * factor {
        for x in 0..width * factor {
            let (cx, cy) = (x / factor, y / factor);
            let (nx, ny) = (cx + x % factor, cy + y % factor);
            let sum = at(cx, cy) + at(nx, cy) + at(cx, ny) + at(nx, ny);
            out.push(u8::try_from(sum / 4).unwrap_or(255));
        }
    }
    out
}
