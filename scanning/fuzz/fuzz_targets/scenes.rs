//! Patterns and cut codes of every size, turned: `cargo +nightly fuzz run scenes`.
#![no_main]

#[path = "panics.rs"]
mod panics;
#[path = "../../tests/pictures/mod.rs"]
mod pictures;

use libfuzzer_sys::fuzz_target;
use scanning::{Budget, Effort, Luma, Reader};

fuzz_target!(init: panics::only_ours_end_the_run(), |scene: (u64, u16, u16, u8)| {
    let (seed, width, height, work) = scene;
    let drawn = pictures::draw(seed, usize::from(width % 700), usize::from(height % 500));
    let Some(luma) = Luma::with_stride(&drawn.pixels, drawn.width, drawn.height, drawn.stride) else {
        panic!("{} is no picture", drawn.what)
    };
    let mut reader = Reader::new(if work & 1 == 0 { Effort::Fast } else { Effort::Thorough });
    reader.read_within(&luma, Budget::Work(u32::from(work)));
    reader.read(&luma);
});
