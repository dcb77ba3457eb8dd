//! What a webcam would see of papers held before it. For the demo's frames only; a crate
//! of its own so that its pixel loops are optimised in every profile.
//!
//! - [`paper`]: ink on paper, in millimetres
//! - [`picture`]: papers on a table as a camera takes them

pub mod paper;
pub mod picture;

/// Chance that falls the same way each time: SplitMix64 (Steele, Lea, Flood 2014).
struct Chance(u64);

impl Chance {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
