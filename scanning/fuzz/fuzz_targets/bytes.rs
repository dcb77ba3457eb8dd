//! Any bytes as a picture of any size and stride: `cargo +nightly fuzz run bytes`.
#![no_main]

#[path = "panics.rs"]
mod panics;

use libfuzzer_sys::fuzz_target;
use scanning::{Budget, Effort, Luma, Reader};

/// Larger pictures only repeat what smaller ones do, and slowly.
const MOST: usize = 1 << 17;

fuzz_target!(init: panics::only_ours_end_the_run(), |data: &[u8]| {
    let [flags, w0, w1, h0, h1, padding, pixels @ ..] = data else { return };
    let (width, height) = (usize::from(u16::from_le_bytes([*w0, *w1]) % 1100), usize::from(u16::from_le_bytes([*h0, *h1]) % 1100));
    let stride = width + usize::from(padding % 17);
    if pixels.is_empty() || stride * height > MOST {
        return;
    }
    // Few bytes fill a large picture; a prime offset a row keeps the rows from being alike.
    let shift = if flags & 1 == 0 { 0 } else { 7 };
    let picture: Vec<u8> =
        (0..stride * height).map(|at| pixels[(at + at / stride.max(1) * shift) % pixels.len()]).collect();
    let Some(luma) = Luma::with_stride(&picture, width, height, stride) else { return };
    let mut reader = Reader::new(if flags & 2 == 0 { Effort::Fast } else { Effort::Thorough });
    reader.read(&luma);
    // A second frame finds the first one's buffers, and a budget stops it anywhere.
    reader.read_within(&luma, Budget::Work(u32::from(flags >> 2)));
});
