//! A photo with each of its codes outlined, numbered and read out.
#![expect(clippy::as_conversions, reason = "pixel kernel: coordinates are clamped to the picture")]

use super::words::visible;
use crate::operations::read_image::decode_colour;
use crate::operations::scan_photo::ScannedPhoto;
use ab_glyph::{Font, FontRef, PxScale, ScaleFont, point};
use image::{ImageFormat, Rgb, RgbImage};
use std::path::{Path, PathBuf};

/// Pixels of the longest side: enough to see the codes on a screen.
const LONGEST: u32 = 2400;
/// Told apart by most people, and dark enough to write on in white.
const COLOURS: [[u8; 3]; 6] =
    [[200, 30, 60], [0, 100, 190], [20, 120, 50], [140, 40, 160], [170, 80, 0], [0, 110, 120]];
const WHITE: Rgb<u8> = Rgb([255; 3]);
/// A longer text is cut; the terminal has it whole.
const MOST_LETTERS: usize = 40;

/// Why nothing may be written to `out`.
pub fn refuse(out: &Path, files: &[PathBuf]) -> Option<String> {
    if format(out).is_none() {
        return Some("--annotate : le nom doit finir par .png, .jpg ou .webp".into());
    }
    let same =
        |file: &PathBuf| file.canonicalize().ok().is_some_and(|file| out.canonicalize().ok() == Some(file));
    files.iter().any(same).then(|| "--annotate : ce fichier est une des photos à lire".into())
}

fn format(out: &Path) -> Option<ImageFormat> {
    let format = ImageFormat::from_path(out).ok()?;
    matches!(format, ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP).then_some(format)
}

/// Writes the annotated picture beside `out`, then in its place.
pub fn write(bytes: &[u8], photo: &ScannedPhoto, out: &Path) -> Result<(), String> {
    let mut picture = decode_colour(bytes, LONGEST).map_err(|why| why.detail)?;
    draw(&mut picture, photo);
    let format = format(out).ok_or("le format n'est pas connu")?;
    let mut name = out.file_name().ok_or("il faut le nom d'un fichier")?.to_owned();
    name.push(".part");
    let part = out.with_file_name(name);
    let written = picture
        .save_with_format(&part, format)
        .map_err(|e| e.to_string())
        .and_then(|()| std::fs::rename(&part, out).map_err(|e| e.to_string()));
    if written.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    written
}

/// Draws on a picture that may be smaller than the photo that was read.
fn draw(picture: &mut RgbImage, photo: &ScannedPhoto) {
    let scale = picture.width() as f32 / photo.width.max(1) as f32;
    let unit = (picture.width().max(picture.height()) as f32 / 500.0).max(1.5);
    let codes = photo.readings.iter().zip(1..).zip(COLOURS.iter().cycle());
    for ((code, number), colour) in codes {
        let corners = code.corners.map(|[x, y]| (x * scale, y * scale));
        let [a, b, c, d] = corners;
        // White around the colour: it shows on dark and on bright.
        for (ink, width) in [(WHITE, unit * 2.0), (Rgb(*colour), unit)] {
            for (from, to) in [(a, b), (b, c), (c, d), (d, a)] {
                line(picture, from, to, width, ink);
            }
        }
        let mut text: String = visible(&code.text).chars().take(MOST_LETTERS).collect();
        if text.chars().count() == MOST_LETTERS {
            text.push('…');
        }
        tag(picture, &corners, &format!("{number}  {text}"), unit * 9.0, Rgb(*colour));
    }
}

/// A line of `width` pixels to either side.
fn line(picture: &mut RgbImage, from: (f32, f32), to: (f32, f32), width: f32, ink: Rgb<u8>) {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = (dx * dx + dy * dy).max(f32::EPSILON);
    let columns = span(from.0.min(to.0) - width, from.0.max(to.0) + width, picture.width());
    for y in span(from.1.min(to.1) - width, from.1.max(to.1) + width, picture.height()) {
        for x in columns.clone() {
            let (px, py) = (x as f32 - from.0, y as f32 - from.1);
            let along = ((px * dx + py * dy) / length).clamp(0.0, 1.0);
            let away = (px - along * dx).hypot(py - along * dy);
            if away <= width
                && let Some(pixel) = picture.get_pixel_mut_checked(x, y)
            {
                *pixel = ink;
            }
        }
    }
}

/// Text on a plate under the code, or over it where there is no room below.
fn tag(picture: &mut RgbImage, corners: &[(f32, f32); 4], text: &str, size: f32, colour: Rgb<u8>) {
    // A font that came with the program opens.
    let Ok(font) = FontRef::try_from_slice(epaint_default_fonts::UBUNTU_LIGHT) else { return };
    let scaled = font.as_scaled(PxScale::from(size));
    let margin = size * 0.3;
    let width: f32 = text.chars().map(|c| scaled.h_advance(scaled.glyph_id(c))).sum::<f32>() + 2.0 * margin;
    let height = scaled.height() + margin;
    let least = |axis: fn(&(f32, f32)) -> f32| corners.iter().map(axis).fold(f32::MAX, f32::min);
    let lowest = corners.iter().map(|corner| corner.1).fold(f32::MIN, f32::max);
    let left = least(|corner| corner.0).min(picture.width() as f32 - width).max(0.0);
    let below = lowest + margin;
    let top =
        if below + height <= picture.height() as f32 { below } else { least(|c| c.1) - margin - height };
    let top = top.max(0.0);
    for y in span(top, top + height, picture.height()) {
        for x in span(left, left + width, picture.width()) {
            picture.put_pixel(x, y, colour);
        }
    }
    let mut pen = left + margin;
    for letter in text.chars() {
        let id = scaled.glyph_id(letter);
        let place = point(pen, top + margin / 2.0 + scaled.ascent());
        if let Some(glyph) = font.outline_glyph(id.with_scale_and_position(PxScale::from(size), place)) {
            let bounds = glyph.px_bounds();
            glyph.draw(|x, y, cover| {
                let (x, y) = (bounds.min.x + x as f32, bounds.min.y + y as f32);
                if x >= 0.0
                    && y >= 0.0
                    && let Some(pixel) = picture.get_pixel_mut_checked(x as u32, y as u32)
                {
                    let blend = |under: u8| {
                        (f32::from(under) + (255.0 - f32::from(under)) * cover.clamp(0.0, 1.0)) as u8
                    };
                    *pixel = Rgb(pixel.0.map(blend));
                }
            });
        }
        pen += scaled.h_advance(id);
    }
}

/// Pixels from `low` to `high` that the picture has.
fn span(low: f32, high: f32, most: u32) -> std::ops::Range<u32> {
    (low.max(0.0) as u32).min(most)..(high.max(0.0).ceil() as u32).min(most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::scan_photo::{Meaning, ScannedCode};

    fn photo(corners: [[f32; 2]; 4], text: &str) -> ScannedPhoto {
        let meaning = Meaning {
            kind: "other",
            serials: Vec::new(),
            makers: Vec::new(),
            model: None,
            words: String::new(),
        };
        let code = ScannedCode {
            symbology: "QR_CODE",
            text: text.into(),
            corners,
            module: None,
            votes: 1,
            checked: true,
            upside_down: false,
            inverted: false,
            meaning,
        };
        ScannedPhoto { width: 1600, height: 1200, ms: 1.0, readings: vec![code] }
    }

    #[test]
    fn a_code_is_outlined_where_it_lies_in_the_reduced_picture() {
        let mut picture = RgbImage::from_pixel(800, 600, Rgb([90; 3]));
        let place = [[400.0, 400.0], [800.0, 400.0], [800.0, 800.0], [400.0, 800.0]];
        draw(&mut picture, &photo(place, "5CD030BC10\u{1d}"));
        let [colour, ..] = COLOURS.map(Rgb);
        for (x, y) in [(200, 300), (400, 300), (300, 200), (300, 400)] {
            assert_eq!(*picture.get_pixel(x, y), colour, "{x} {y}");
        }
        assert_eq!(*picture.get_pixel(300, 300), Rgb([90; 3]));
        let written = picture.enumerate_pixels().filter(|(_, y, pixel)| *y > 406 && pixel.0[1] > 100).count();
        assert!(written > 20, "{written}");
    }

    #[test]
    fn nothing_is_drawn_outside_the_picture() {
        let far = 1e30;
        for place in [
            [[-500.0, -90.0], [9000.0, -90.0], [9000.0, 9000.0], [-500.0, 9000.0]],
            [[f32::NAN; 2]; 4],
            [[-far, -far], [far, -far], [far, far], [-far, far]],
        ] {
            for (width, height) in [(800, 600), (1, 1), (30, 900)] {
                let mut picture = RgbImage::new(width, height);
                draw(&mut picture, &photo(place, &"long ".repeat(50)));
            }
        }
    }

    #[test]
    fn a_photo_is_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("photo.png");
        std::fs::write(&file, b"x").unwrap();
        assert!(refuse(&folder.path().join("./photo.png"), std::slice::from_ref(&file)).is_some());
        assert!(refuse(&folder.path().join("codes.png"), std::slice::from_ref(&file)).is_none());
        assert!(refuse(&folder.path().join("codes.txt"), &[]).is_some());
    }
}
