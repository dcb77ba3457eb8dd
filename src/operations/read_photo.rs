//! The codes of one photo, which nobody will show twice: looked at in several sizes.
//!
//! A telephone takes pictures of up to 48 megapixels, in which a code may be as small as in
//! a webcam's frame or fill the picture, and then its bars are wider than the reader expects
//! and its paper has a grain. So a large photo is read as it is and reduced.

use super::read_image::Grey;
use image::{DynamicImage, GrayImage};
use scanning::{Luma, Point, Reader, Reading};

/// The longest side of a reduced picture.
const LONGEST: u32 = 2000;
/// Where a code that fills a longer picture has modules too wide for the reader, about ten pixels.
const FILLED: u32 = 1300;

/// Codes of a photo, from top to bottom, each text once.
pub fn read_photo(grey: Grey) -> Vec<Reading> {
    let (Ok(width), Ok(height)) = (u32::try_from(grey.width), u32::try_from(grey.height)) else {
        return Vec::new();
    };
    let Some(full) = GrayImage::from_raw(width, height, grey.pixels) else { return Vec::new() };
    let full = DynamicImage::ImageLuma8(full);
    let mut reader = Reader::default();
    let mut readings: Vec<Reading> = Vec::new();
    for reduction in reductions(width.max(height)) {
        // Not generic, unlike `imageops::thumbnail`, so that it is optimised in every profile.
        let reduced = (reduction > 1)
            .then(|| full.thumbnail_exact((width / reduction).max(1), (height / reduction).max(1)));
        let level = reduced.as_ref().unwrap_or(&full);
        for reading in read_level(&mut reader, level) {
            keep(&mut readings, enlarged(reading, (width, height), level));
        }
    }
    readings.sort_by(|a, b| place(a).total_cmp(&place(b)));
    readings
}

/// By how much a photo is reduced each time it is read: not at all, until its longest side
/// is short enough, and once more for a code that fills it. Whole numbers, so that the same
/// number of pixels makes each mean.
fn reductions(longest: u32) -> Vec<u32> {
    let first = longest.div_ceil(LONGEST).max(1);
    let mut reductions = vec![1];
    if first > 1 {
        reductions.push(first);
    }
    if longest / first > FILLED {
        reductions.push(first * 2);
    }
    reductions
}

fn read_level(reader: &mut Reader, level: &DynamicImage) -> Vec<Reading> {
    let size = usize::try_from(level.width()).ok().zip(usize::try_from(level.height()).ok());
    let luma = level.as_luma8().zip(size).and_then(|(grey, (w, h))| Luma::new(grey.as_raw(), w, h));
    luma.map(|luma| reader.read(&luma)).unwrap_or_default()
}

/// A reading of a reduced picture, in pixels of the whole.
fn enlarged(mut reading: Reading, (width, height): (u32, u32), level: &DynamicImage) -> Reading {
    let (across, down) = (ratio(width, level.width()), ratio(height, level.height()));
    // A pixel's place is its middle, and the middle of the first is not at zero.
    let scale = |at: f32, by: f32| (at + 0.5) * by - 0.5;
    reading.corners = reading.corners.map(|Point { x, y }| Point { x: scale(x, across), y: scale(y, down) });
    reading.module *= across.midpoint(down);
    reading
}

#[expect(clippy::as_conversions, reason = "sides of a picture")]
fn ratio(whole: u32, part: u32) -> f32 {
    whole as f32 / part.max(1) as f32
}

/// Of two readings of one code the one that more lines agree on; else the first, which is finer.
fn keep(readings: &mut Vec<Reading>, reading: Reading) {
    let same = readings.iter_mut().find(|r| r.symbology == reading.symbology && r.text == reading.text);
    match same {
        Some(known) if reading.votes > known.votes => *known = reading,
        Some(_) => {}
        None => readings.push(reading),
    }
}

/// How far down the middle of a code is.
fn place(reading: &Reading) -> f32 {
    reading.corners.iter().map(|corner| corner.y).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::printing::codes::{Kind, Symbol};

    /// A white picture with a code of so many pixels a module at a place.
    fn photo((width, height): (usize, usize), module: usize, (left, top): (usize, usize)) -> Grey {
        let Ok(symbol) = Symbol::encode(Kind::Code128, "5CD030BC10") else { panic!("no symbol") };
        let mut pixels = vec![225; width * height];
        for row in top..top + 60 * module {
            for column in 0..symbol.width * module {
                if symbol.is_dark(column / module, 0) {
                    pixels[row * width + left + column] = 30;
                }
            }
        }
        Grey { width, height, pixels }
    }

    fn read(grey: Grey) -> Vec<(String, [Point; 4])> {
        read_photo(grey).into_iter().map(|reading| (reading.text, reading.corners)).collect()
    }

    #[test]
    fn a_code_is_read_whatever_its_size_in_a_photo_of_48_megapixels() {
        for (module, at) in [(3, (5000, 4000)), (8, (3000, 2500)), (24, (900, 1200)), (40, (300, 1500))] {
            let found = read(photo((8000, 6000), module, at));
            let [(text, corners)] = found.as_slice() else { panic!("{module}: {found:?}") };
            assert_eq!(text, "5CD030BC10", "{module}");
            let (wide, inside) = (module * 145, |place: f32, from: usize, to: usize| {
                let slack = 2.0 * f32::from(u16::try_from(module).unwrap_or(0)) + 8.0;
                let bound = |n: usize| f32::from(u16::try_from(n).unwrap_or(u16::MAX));
                (bound(from) - slack..bound(to) + slack).contains(&place)
            });
            for corner in corners {
                assert!(inside(corner.x, at.0, at.0 + wide), "{module}: {corners:?}");
                assert!(inside(corner.y, at.1, at.1 + 60 * module), "{module}: {corners:?}");
            }
        }
    }

    #[test]
    fn a_frame_of_a_webcam_is_read_once() {
        assert_eq!(reductions(1280), [1]);
        assert_eq!(reductions(0), [1]);
        assert_eq!(reductions(2000), [1, 2]);
        assert_eq!(reductions(4032), [1, 3, 6]);
        assert_eq!(reductions(8064), [1, 5, 10]);
        assert!(read(Grey { width: 0, height: 0, pixels: Vec::new() }).is_empty());
        assert!(read(Grey { width: 9, height: 9, pixels: vec![0; 3] }).is_empty());
    }

    #[test]
    fn the_reading_that_more_lines_agree_on_is_kept() {
        let [reading] = <[Reading; 1]>::try_from(read_photo(photo((1280, 720), 3, (300, 200)))).unwrap();
        let mut readings = vec![Reading { votes: 2, ..reading.clone() }];
        keep(&mut readings, Reading { votes: 5, module: 9.0, ..reading.clone() });
        keep(&mut readings, Reading { votes: 5, module: 1.0, ..reading.clone() });
        keep(&mut readings, Reading { text: "AUTRE".into(), ..reading });
        let kept: Vec<(u32, f32)> = readings.iter().map(|r| (r.votes, r.module)).collect();
        assert_eq!(kept.first(), Some(&(5, 9.0)));
        assert_eq!(kept.len(), 2);
    }
}
