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
