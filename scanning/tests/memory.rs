//! A reader that runs all day holds no more memory in the evening.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::print_stderr,
    reason = "a test says so by panicking"
)]

mod pictures;

use cap::Cap;
use pictures::draw;
use scanning::{Effort, Luma, Reader};
use std::alloc::System;

/// Counts what is held; no limit.
#[global_allocator]
static HELD: Cap<System> = Cap::new(System, usize::MAX);

/// Bytes that a frame may need for each of its pixels while it is read.
const MOST_PER_PIXEL: usize = 40;

// One test alone: others would allocate beside it.
#[test]
fn memory_does_not_grow_from_frame_to_frame() {
    let (width, height) = (640, 480);
    let frames: Vec<_> = (0..10).map(|seed| draw(seed, width, height)).collect();
    let mut held = Vec::with_capacity(8);
    for effort in [Effort::Fast, Effort::Thorough] {
        held.clear();
        let mut reader = Reader::new(effort);
        for _ in 0..4 {
            for drawn in &frames {
                let luma = Luma::with_stride(&drawn.pixels, drawn.width, drawn.height, drawn.stride).unwrap();
                drop(reader.read(&luma));
            }
            held.push(HELD.allocated());
        }
        // The first rounds make the buffers as large as these frames need.
        assert!(held[3] <= held[1], "{effort:?} holds more and more: {held:?}");
    }

    // Where nothing is handed to rxing, a frame of a live camera allocates nothing: askew, twelve
    // bars and the eleven spaces between them, which are as many as no symbology has.
    let slanted =
        |x: usize, y: usize| (x + y / 9).checked_sub(250).is_some_and(|u| u < 184 && u / 8 % 2 == 0);
    let bars: Vec<u8> =
        (0..480).flat_map(|y| (0..640).map(move |x| if slanted(x, y) { 30 } else { 220 })).collect();
    let luma = Luma::new(&bars, 640, 480).unwrap();
    let mut reader = Reader::new(Effort::Fast);
    (0..3).for_each(|_| assert!(reader.read(&luma).is_empty()));
    let before = HELD.total_allocated();
    (0..20).for_each(|_| drop(reader.read(&luma)));
    assert_eq!(HELD.total_allocated() - before, 0, "bytes in twenty frames");

    let before = HELD.allocated();
    let earlier = HELD.max_allocated();
    let (width, height) = (4001, 3001);
    let drawn = draw(5, width, height);
    let luma = Luma::with_stride(&drawn.pixels, drawn.width, drawn.height, drawn.stride).unwrap();
    drop(Reader::new(Effort::Thorough).read(&luma));
    let needed = HELD.max_allocated().max(earlier) - before - drawn.pixels.len();
    eprintln!("{:.1} bytes a pixel", needed as f64 / (width * height) as f64);
    assert!(needed < MOST_PER_PIXEL * width * height, "{needed} bytes for {}", drawn.what);
}
