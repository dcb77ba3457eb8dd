//! The free choices of who writes a file: spelling, order, encoding, what stands between.

use proptest::prelude::*;

/// Numbers of a xorshift, whose 0 stays 0: the case that proptest shrinks to is written plainly, with the
/// first of every choice and nothing odd.
#[derive(Debug, Clone)]
pub struct Whims(u64);

pub fn whims() -> impl Strategy<Value = Whims> {
    any::<u64>().prop_map(Whims)
}

impl Whims {
    /// A number below `count`, which is not 0.
    pub fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33).unwrap() % count
    }

    /// Something odd, once in so many times.
    pub fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == count - 1
    }

    pub fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, last - self.below(last + 1));
        }
    }
}
