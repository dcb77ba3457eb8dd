//! Ink on paper, fine enough for a camera to look at. Lengths are millimetres from the top left.
#![expect(clippy::as_conversions, reason = "pixel kernel: millimetres to pixels of a bounded picture")]

use ab_glyph::{Font, FontRef, Glyph, PxScale, ScaleFont, point};

/// Pixels a millimetre: about twice what the camera sees.
pub const DENSITY: f32 = 14.0;
/// Of white paper.
pub const WHITE: u8 = 238;
/// Of printer's ink.
pub const INK: u8 = 26;

/// A line of text.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    pub letters: &'a str,
    /// Of the font: from baseline to baseline.
    pub size: f32,
    pub bold: bool,
    /// Which part of the line is left of its place: 0 none, ½ half, 1 all of it.
    pub align: f32,
}

/// Grey pixels, row by row.
#[derive(Debug, Clone)]
pub struct Paper {
    pub width: usize,
    pub height: usize,
    pub pixels: Vec<u8>,
}

impl Paper {
    /// Blank paper of so many millimetres.
    pub fn blank(width: f32, height: f32, grey: u8) -> Self {
        let (width, height) = (pixels(width), pixels(height));
        Self { width, height, pixels: vec![grey; width * height] }
    }

    /// A box of left, top, width and height. Edges are rounded to a fourteenth of a
    /// millimetre: a printer does as much.
    pub fn fill(&mut self, [x, y, width, height]: [f32; 4], grey: u8) {
        let (left, right) = (pixels(x), pixels(x + width).max(pixels(x) + 1).min(self.width));
        let (top, bottom) = (pixels(y), pixels(y + height).max(pixels(y) + 1).min(self.height));
        for row in top..bottom {
            if let Some(row) = self.pixels.get_mut(row * self.width + left..row * self.width + right) {
                row.fill(grey);
            }
        }
    }

    /// A line of text with its baseline at `y`; `x` is where `align` says.
    pub fn write(&mut self, (x, y): (f32, f32), text: &Text) {
        // A font that came with the program opens.
        let Ok(font) = FontRef::try_from_slice(epaint_default_fonts::UBUNTU_LIGHT) else { return };
        let em = text.size * DENSITY;
        let height = font.height_unscaled() / font.units_per_em().unwrap_or(1000.0);
        let scale = PxScale::from(em * height);
        let scaled = font.as_scaled(scale);
        let width: f32 = text.letters.chars().map(|c| scaled.h_advance(font.glyph_id(c))).sum();
        let shift = width * text.align;
        // The font has one weight: bold is drawn thrice, a little apart.
        let strokes: &[f32] = if text.bold { &[0.0, 0.02, 0.04] } else { &[0.0, 0.012] };
        for stroke in strokes {
            let mut pen = x * DENSITY - shift + stroke * em;
            for letter in text.letters.chars() {
                let id = font.glyph_id(letter);
                let place = point(pen, y * DENSITY);
                self.glyph(&font, id.with_scale_and_position(scale, place));
                pen += scaled.h_advance(id);
            }
        }
    }

    fn glyph(&mut self, font: &FontRef, glyph: Glyph) {
        let Some(outlined) = font.outline_glyph(glyph) else { return };
        let bounds = outlined.px_bounds();
        outlined.draw(|x, y, cover| {
            let (px, py) = (bounds.min.x + x as f32, bounds.min.y + y as f32);
            if px < 0.0 || py < 0.0 || px >= self.width as f32 {
                return;
            }
            if let Some(pixel) = self.pixels.get_mut(py as usize * self.width + px as usize) {
                let ink = f32::from(*pixel) + (f32::from(INK) - f32::from(*pixel)) * cover.min(1.0);
                *pixel = ink as u8;
            }
        });
    }
}

fn pixels(millimetres: f32) -> usize {
    (millimetres * DENSITY).round().max(0.0) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ink_stays_where_it_is_put() {
        let mut paper = Paper::blank(10.0, 5.0, WHITE);
        paper.fill([2.0, 1.0, 3.0, 2.0], INK);
        let dark = paper.pixels.iter().filter(|grey| **grey == INK).count();
        assert_eq!(dark, 42 * 28);
        paper.fill([8.0, 4.0, 30.0, 30.0], INK);
        assert_eq!(paper.pixels.len(), 140 * 70);
        let text = Text { letters: "Lycée Œ", size: 3.0, bold: true, align: 0.5 };
        paper.write((5.0, 4.0), &text);
        paper.write((-5.0, 40.0), &text);
        assert!(paper.pixels.iter().filter(|grey| **grey < WHITE).count() > dark + 28 * 14);
    }
}
