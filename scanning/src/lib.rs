//! Codes in camera frames: luma in, readings out, without I/O and without unsafe code.
//! Built natively for the service and to WebAssembly for the page.
//!
//! Modules in the order a frame passes through them:
//! - [`reader`]: the whole of it, [`Reader::read`]
//! - [`locate`]: cells with bars in one direction become regions, cells without become blobs
//! - [`lines`]: scan lines along a region's gradient
//! - [`edges`]: where a line crosses from dark to bright, cut at quiet zones
//! - [`blurred`]: codes whose bars have run into each other, by the next three
//! - [`stack`]: an area's lines aligned and averaged, for what single lines do not show
//! - [`matched`]: such a line compared with the [`patterns`] of each symbology
//! - [`rows`]: bar and space widths to rxing's row readers
//! - [`matrix`]: blobs to rxing's QR and DataMatrix readers
//! - [`steady`]: agreement over frames
//! - [`labels`]: what a text says

pub mod blurred;
pub mod edges;
pub mod labels;
pub mod lines;
pub mod locate;
pub mod matched;
pub mod matrix;
pub mod patterns;
pub mod reader;
pub mod rows;
pub mod stack;
pub mod steady;

pub use reader::{Budget, Effort, Reader};
use std::fmt;

/// A grey picture: one byte a pixel, row by row, 0 black to 255 white. A row takes `stride`
/// bytes, of which the first `width` are pixels.
#[derive(Debug, Clone, Copy)]
pub struct Luma<'a> {
    pixels: &'a [u8],
    width: usize,
    height: usize,
    stride: usize,
}

impl<'a> Luma<'a> {
    /// A picture without padding; `None` when the pixels are not `width` × `height`.
    pub fn new(pixels: &'a [u8], width: usize, height: usize) -> Option<Self> {
        (width.checked_mul(height)? == pixels.len()).then_some(Self { pixels, width, height, stride: width })
    }

    /// A picture whose rows are `stride` bytes apart; `None` when the pixels do not reach the
    /// last row's end or a row is shorter than its pixels.
    pub fn with_stride(pixels: &'a [u8], width: usize, height: usize, stride: usize) -> Option<Self> {
        let needed = match height.checked_sub(1) {
            Some(rows) => rows.checked_mul(stride)?.checked_add(width)?,
            None => 0,
        };
        (stride >= width && pixels.len() >= needed).then_some(Self { pixels, width, height, stride })
    }

    pub fn width(&self) -> usize {
        self.width
    }

    pub fn height(&self) -> usize {
        self.height
    }

    /// Pixels of a row; none outside the picture.
    fn row(&self, y: usize) -> &'a [u8] {
        let from = y.saturating_mul(self.stride);
        if y < self.height { self.pixels.get(from..from + self.width).unwrap_or(&[]) } else { &[] }
    }

    /// The picture at half its size, each grey the mean of four.
    fn halve(&self, half: &mut Vec<u8>) {
        half.clear();
        for y in 0..self.height / 2 {
            let (upper, lower) = (self.row(2 * y), self.row(2 * y + 1));
            half.extend(upper.chunks_exact(2).zip(lower.chunks_exact(2)).map(|(a, b)| {
                let sum: u16 = a.iter().chain(b).copied().map(u16::from).sum();
                u8::try_from((sum + 2) / 4).unwrap_or(255)
            }));
        }
    }

    /// Adds the greys of `lines` parallel lines, a pixel apart, to `sums`, in 256ths: the middle one
    /// from a point on, two samples or so a pixel, along `step`. Bars lie across the lines, so what is
    /// between two rows is taken from the nearest one, a little to the side; along the row, greys are
    /// interpolated. Outside the picture a grey is that of the nearest edge. The picture is at least 2 × 2.
    #[expect(clippy::as_conversions, reason = "fixed-point coordinates are clamped to the picture")]
    fn add_lines(&self, from: (f32, f32), step: (f32, f32), lines: u8, sums: &mut [u32]) {
        const ONE: f32 = 65_536.0;
        let fixed = |value: f32| (value * ONE) as i64;
        // `u` runs along the axis nearer to the line, `v` across it.
        let flat = step.0.abs() >= step.1.abs();
        let swap = |(x, y): (f32, f32)| if flat { (x, y) } else { (y, x) };
        let ((u, v), (du, dv)) = (swap(from), swap(step));
        let (width, height, along, across) = if flat {
            (self.width, self.height, 1, self.stride)
        } else {
            (self.height, self.width, self.stride, 1)
        };
        let slope = fixed(dv / du);
        let (last_u, last_v) = (((width as i64 - 1) << 16) - 1, height as i64 - 1);
        for line in 0..lines {
            let offset = f32::from(line) - f32::from(lines - 1) / 2.0;
            let (mut u, mut v) = (fixed(u - offset * dv / du), fixed(v + offset));
            let (du, dv) = (fixed(du), fixed(dv));
            for sum in &mut *sums {
                let row = ((v + 0x8000) >> 16).clamp(0, last_v);
                let aside = (((v - (row << 16)) * slope) >> 16) + u;
                let place = aside.clamp(0, last_u);
                let share = ((place >> 8) & 255) as u32;
                let at = (place >> 16) as usize * along + row as usize * across;
                if let (Some(&a), Some(&b)) = (self.pixels.get(at), self.pixels.get(at + along)) {
                    *sum += u32::from(a) * (256 - share) + u32::from(b) * share;
                }
                u += du;
                v += dv;
            }
        }
    }

    /// Adds a line's greys to `sums`, in 256ths: from a point on by steps, between four pixels each.
    /// Outside the picture a grey is that of the nearest edge. The picture is at least 2 × 2.
    #[expect(clippy::as_conversions, reason = "fixed-point coordinates are clamped to the picture")]
    fn add_line(&self, from: (f32, f32), step: (f32, f32), sums: &mut [u32]) {
        const ONE: f32 = 65_536.0;
        let fixed = |value: f32| (value * ONE) as i64;
        let (mut x, mut y) = (fixed(from.0), fixed(from.1));
        let (dx, dy) = (fixed(step.0), fixed(step.1));
        let last = |side: usize| ((side as i64 - 1) << 16) - 1;
        let (right, bottom) = (last(self.width), last(self.height));
        for sum in sums {
            let (cx, cy) = (x.clamp(0, right), y.clamp(0, bottom));
            let (fx, fy) = (((cx >> 8) & 255) as u32, ((cy >> 8) & 255) as u32);
            let at = (cy >> 16) as usize * self.stride + (cx >> 16) as usize;
            if let (Some(&[a, b]), Some(&[c, d])) =
                (self.pixels.get(at..at + 2), self.pixels.get(at + self.stride..at + self.stride + 2))
            {
                let upper = u32::from(a) * (256 - fx) + u32::from(b) * fx;
                let lower = u32::from(c) * (256 - fx) + u32::from(d) * fx;
                *sum += (upper * (256 - fy) + lower * fy) >> 8;
            }
            x += dx;
            y += dy;
        }
    }
}

impl Reading {
    /// The reading of a picture that is twice as large.
    fn doubled(mut self) -> Self {
        for corner in &mut self.corners {
            *corner = Point { x: 2.0 * corner.x + 0.5, y: 2.0 * corner.y + 0.5 };
        }
        self.module *= 2.0;
        self
    }
}

/// A place in a picture, in pixels from the top left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    pub x: f32,
    pub y: f32,
}

/// Kinds of code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Symbology {
    Code128,
    Code39,
    Ean13,
    Ean8,
    Itf,
    Codabar,
    QrCode,
    DataMatrix,
    Aztec,
}

impl Symbology {
    /// Whether a misread would break a checksum that every such code carries.
    pub fn has_checksum(self) -> bool {
        !matches!(self, Symbology::Code39 | Symbology::Itf | Symbology::Codabar)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Symbology::Code128 => "CODE_128",
            Symbology::Code39 => "CODE_39",
            Symbology::Ean13 => "EAN_13",
            Symbology::Ean8 => "EAN_8",
            Symbology::Itf => "ITF",
            Symbology::Codabar => "CODABAR",
            Symbology::QrCode => "QR_CODE",
            Symbology::DataMatrix => "DATA_MATRIX",
            Symbology::Aztec => "AZTEC",
        }
    }
}

impl fmt::Display for Symbology {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Stands for FNC1 in texts, as it does behind a USB scanner.
pub const GS: char = '\u{1d}';

/// A code that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    pub symbology: Symbology,
    /// What the code says. GS1 data begin with GS for the FNC1 that marks them; Code 39 in full
    /// ASCII is resolved.
    pub text: String,
    /// Around the code, in pixels.
    pub corners: [Point; 4],
    /// The bytes the code encodes, before they were made text.
    pub bytes: Vec<u8>,
    /// Width of a module, pixels.
    pub module: f32,
    /// Scan lines of this frame that agree; 1 for a matrix code, which is read as a whole.
    pub votes: u32,
    /// True when the symbology's own checksum proves the text.
    pub checked: bool,
    /// True when the code reads from right to left, or from bottom to top where it stands upright.
    pub upside_down: bool,
    /// True for white on black.
    pub inverted: bool,
}
