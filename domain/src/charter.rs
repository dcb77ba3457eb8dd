//! Signed copies of the charte d'engagement and what they allow (rule 2).

use serde::{Deserialize, Serialize};

/// Signed copies: how many were shown, how many the school kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copies {
    /// 0 to 2.
    pub shown: u8,
    /// 0 or 1, never more than were shown.
    pub kept: u8,
}

impl Copies {
    /// Both signed copies shown and the school's one kept.
    pub const COMPLETE: Copies = Copies { shown: 2, kept: 1 };

    pub fn new(shown: u8, kept: u8) -> Option<Self> {
        (shown <= 2 && kept <= 1 && kept <= shown).then_some(Self { shown, kept })
    }

    pub fn is_complete(self) -> bool {
        self == Self::COMPLETE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_two_shown_and_one_kept_is_complete() {
        let all = (0..=3).flat_map(|s| (0..=2).map(move |k| (s, k)));
        let complete: Vec<_> =
            all.filter(|&(s, k)| Copies::new(s, k).is_some_and(Copies::is_complete)).collect();
        assert_eq!(complete, [(2, 1)]);
        assert_eq!(Copies::new(0, 1), None);
    }
}
