//! From a picture's bytes to codes and what they mean, on blocking threads behind a bound.

use super::{Failure, Invalid};
use crate::db::Fault;
use heic_decoder::DecodedImage;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits, RgbImage};
use scanning::{Luma, Reader, Reading};
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Grey pixels, row by row.
pub struct Grey {
    pub width: usize,
    pub height: usize,
    pub pixels: Vec<u8>,
}

/// Header of a luma frame: `LUMA`, width and height as little-endian 16-bit numbers.
const LUMA_MAGIC: &[u8; 4] = b"LUMA";

/// A phone takes 48 megapixels; nothing larger is a photo of a label.
const MOST_PIXELS: u64 = 50_000_000;

/// Decoding threads: one a core, so that hand-overs are never short of one.
#[derive(Clone)]
pub struct Decoders(Arc<Semaphore>);

impl Default for Decoders {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self(Arc::new(Semaphore::new(cores)))
    }
}

impl Decoders {
    /// Runs `work` on a blocking thread when one is free. A panic in decoding
    /// counts as nothing read.
    pub async fn run<T, F>(&self, work: F) -> Result<Option<T>, Failure>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let permit = Arc::clone(&self.0).acquire_owned().await.map_err(|e| Fault::Other(e.to_string()))?;
        let done = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            catch_unwind(AssertUnwindSafe(work)).ok()
        });
        Ok(done.await.map_err(|e| Fault::Other(e.to_string()))?)
    }
}

/// Reads a frame: luma with its header, or JPEG, PNG, WebP, HEIC.
pub fn decode_picture(bytes: &[u8]) -> Result<Grey, Invalid> {
    if bytes.starts_with(LUMA_MAGIC) { luma_frame(bytes) } else { picture(bytes) }
}

fn luma_frame(bytes: &[u8]) -> Result<Grey, Invalid> {
    let number = |at: usize| {
        bytes
            .get(at..at + 2)
            .and_then(|two| two.try_into().ok())
            .map(|two| usize::from(u16::from_le_bytes(two)))
    };
    let frame = number(4).zip(number(6)).zip(bytes.get(8..));
    match frame {
        Some(((width, height), pixels)) if width > 0 && height > 0 && pixels.len() == width * height => {
            Ok(Grey { width, height, pixels: pixels.to_vec() })
        }
        _ => Err(not_a_picture()),
    }
}

fn picture(bytes: &[u8]) -> Result<Grey, Invalid> {
    if is_heic(bytes) {
        return heic_grey(bytes);
    }
    let (decoded, orientation) = decode(bytes)?;
    // Grey before it is turned: a third of the memory is copied.
    let mut grey = DynamicImage::ImageLuma8(decoded.into_luma8());
    grey.apply_orientation(orientation);
    let grey = grey.into_luma8();
    let (width, height) = (usize::try_from(grey.width()), usize::try_from(grey.height()));
    match (width, height) {
        (Ok(width), Ok(height)) => Ok(Grey { width, height, pixels: grey.into_raw() }),
        _ => Err(not_a_picture()),
    }
}

/// A picture in colour, upright and no longer than `longest` pixels, to show to people.
pub fn decode_colour(bytes: &[u8], longest: u32) -> Result<RgbImage, Invalid> {
    let (mut decoded, orientation) = decode(bytes)?;
    if decoded.width().max(decoded.height()) > longest {
        decoded = decoded.thumbnail(longest, longest);
    }
    decoded.apply_orientation(orientation);
    Ok(decoded.into_rgb8())
}

/// The picture as it lies in the file, and how to turn it upright.
fn decode(bytes: &[u8]) -> Result<(DynamicImage, Orientation), Invalid> {
    if is_heic(bytes) {
        return Ok((heic_colour(bytes)?, Orientation::NoTransforms));
    }
    let mut reader =
        ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| not_a_picture())?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(512 * 1024 * 1024);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|_| not_a_picture())?;
    let (width, height) = decoder.dimensions();
    small_enough(u64::from(width), u64::from(height))?;
    let orientation = decoder.orientation().map_err(|_| not_a_picture())?;
    let decoded = DynamicImage::from_decoder(decoder).map_err(|_| not_a_picture())?;
    Ok((decoded, orientation))
}

fn small_enough(width: u64, height: u64) -> Result<(), Invalid> {
    if width.saturating_mul(height) <= MOST_PIXELS {
        return Ok(());
    }
    Err(Invalid {
        code: "picture_too_large",
        title: "Image trop grande".into(),
        detail: format!("L'image fait {width} × {height} pixels ; le maximum est de 50 millions."),
        remedy: "Réduisez la photo, ou reprenez-la de plus près.".into(),
    })
}

/// An iPhone's photo, upright: the file itself says how it is turned, and the decoder does it.
fn heic(bytes: &[u8]) -> Result<DecodedImage, Invalid> {
    let size = heic_decoder::probe(bytes).map_err(|_| heic_unreadable())?;
    let pixels = |side: usize| u64::try_from(side).unwrap_or(u64::MAX);
    // What is decoded, of which the file may show a part only.
    small_enough(pixels(size.coded_width), pixels(size.coded_height))?;
    heic_decoder::decode(bytes).map_err(|_| heic_unreadable())
}

/// Its luma plane, which is all that codes are read from.
fn heic_grey(bytes: &[u8]) -> Result<Grey, Invalid> {
    let DecodedImage { width, height, y, bit_depth_luma, .. } = heic(bytes)?;
    let spare = bit_depth_luma.saturating_sub(8);
    let pixels = y.into_iter().map(|grey| u8::try_from(grey >> spare).unwrap_or(255)).collect();
    Ok(Grey { width, height, pixels })
}

fn heic_colour(bytes: &[u8]) -> Result<DynamicImage, Invalid> {
    let rgb = heic(bytes)?.to_rgb8().map_err(|_| heic_unreadable())?;
    let size = u32::try_from(rgb.width).ok().zip(u32::try_from(rgb.height).ok());
    let picture = size.and_then(|(width, height)| RgbImage::from_raw(width, height, rgb.data));
    picture.map(DynamicImage::ImageRgb8).ok_or_else(heic_unreadable)
}

/// Codes of a frame; `reader` keeps its buffers from frame to frame.
pub fn read_with(reader: &mut Reader, grey: &Grey) -> Vec<Reading> {
    Luma::new(&grey.pixels, grey.width, grey.height).map(|luma| reader.read(&luma)).unwrap_or_default()
}

/// Whether a file is HEIF, as an iPhone takes photos: its first box is `ftyp` with one of
/// the brands of ISO/IEC 23008-12, major or compatible.
fn is_heic(bytes: &[u8]) -> bool {
    const BRANDS: [&[u8]; 8] = [b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"];
    let length = bytes.first_chunk().map_or(0, |length| u32::from_be_bytes(*length));
    let end = usize::try_from(length).unwrap_or(usize::MAX).min(bytes.len()).min(256);
    bytes.get(4..8) == Some(b"ftyp")
        && bytes.get(8..end).is_some_and(|brands| brands.chunks(4).any(|brand| BRANDS.contains(&brand)))
}

fn heic_unreadable() -> Invalid {
    Invalid {
        code: "heic_picture",
        title: "Photo HEIC illisible".into(),
        detail: "Cette photo HEIC n'est pas entière, ou d'une sorte que Remise ne lit pas.".into(),
        remedy: "Exportez-la en JPEG, ou réglez l'appareil photo sur « Le plus compatible ».".into(),
    }
}

fn not_a_picture() -> Invalid {
    Invalid {
        code: "not_a_picture",
        title: "Image illisible".into(),
        detail: "Ce fichier n'est pas une image JPEG, PNG, WebP ou HEIC entière.".into(),
        remedy: "Reprenez la photo, ou tapez le code.".into(),
    }
}

impl From<Invalid> for Failure {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luma(width: u16, height: u16, pixels: usize) -> Vec<u8> {
        [&LUMA_MAGIC[..], &width.to_le_bytes(), &height.to_le_bytes(), &vec![0; pixels]].concat()
    }

    #[test]
    fn a_luma_frame_has_the_pixels_it_announces() {
        assert!(decode_picture(&luma(1, 1, 1)).is_ok());
        for bad in [luma(0, 0, 0), luma(2, 2, 3), luma(2, 2, 5), b"LUMA".to_vec(), b"LUMA\x01".to_vec()] {
            assert!(decode_picture(&bad).is_err());
        }
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        for bad in [&b""[..], b"hello", b"\xff\xd8\xff\xe0 cut", b"\x89PNG\r\n\x1a\n"] {
            assert_eq!(decode_picture(bad).err().map(|why| why.code), Some("not_a_picture"));
        }
    }

    #[test]
    fn heic_photos_are_read() {
        let photo = include_bytes!("../../tests/fixtures/label.heic");
        let grey = decode_picture(photo).unwrap_or_else(|why| panic!("{}", why.code));
        assert_eq!((grey.width, grey.height), (480, 320));
        let read = read_with(&mut Reader::default(), &grey);
        assert_eq!(read.into_iter().map(|read| read.text).collect::<Vec<_>>(), ["5CD030BC10"]);
        let colour = decode_colour(photo, 240).unwrap_or_else(|why| panic!("{}", why.code));
        assert_eq!(colour.dimensions(), (240, 160));
        for cut in [100, 700] {
            assert_eq!(decode_picture(&photo[..cut]).err().map(|why| why.code), Some("heic_picture"));
        }
    }

    #[test]
    fn a_photo_of_an_iphone_is_told_from_other_files() {
        let cases: [(&[u8], &str); 6] = [
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "heic_picture"),
            (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "heic_picture"),
            (b"\0\0\0\x14ftypheix\0\0\0\0", "heic_picture"),
            (b"\0\0\0\x18ftypmp42\0\0\0\0isommp42", "not_a_picture"),
            (b"\0\0\0\x10ftypmp42\0\0\0\0heic", "not_a_picture"),
            (b"\0\0\0\0ftyp", "not_a_picture"),
        ];
        for (bytes, code) in cases {
            assert_eq!(decode_picture(bytes).err().map(|why| why.code), Some(code), "{bytes:?}");
        }
    }
}
