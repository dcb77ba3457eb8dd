//! Agreement over frames: a code counts once, however long it is held in view.

use crate::{Reading, Symbology};

/// A code unseen for so long was taken away.
const GONE_AFTER_MS: u64 = 1_200;
/// Two sightings further apart than this are not one holding.
const AGREE_WITHIN_MS: u64 = 2_000;

struct Seen {
    symbology: Symbology,
    text: String,
    since_ms: u64,
    last_ms: u64,
    frames: u32,
    told: bool,
}

/// What has been in view lately. The clock is the caller's.
#[derive(Default)]
pub struct Steady {
    seen: Vec<Seen>,
}

impl Steady {
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a frame's readings at `now_ms` and answers those that have just come to
    /// count: proved by a checksum at first sight, else when two frames agree.
    pub fn see(&mut self, readings: &[Reading], now_ms: u64) -> Vec<Reading> {
        self.seen.retain(|seen| now_ms.saturating_sub(seen.last_ms) <= GONE_AFTER_MS);
        let mut told = Vec::new();
        for reading in readings {
            if self.tell(reading, now_ms) {
                told.push(reading.clone());
            }
        }
        told
    }

    fn tell(&mut self, reading: &Reading, now_ms: u64) -> bool {
        let same = |seen: &&mut Seen| seen.symbology == reading.symbology && seen.text == reading.text;
        let Some(seen) = self.seen.iter_mut().find(same) else {
            self.seen.push(Seen {
                symbology: reading.symbology,
                text: reading.text.clone(),
                since_ms: now_ms,
                last_ms: now_ms,
                frames: 1,
                told: reading.checked,
            });
            return reading.checked;
        };
        seen.last_ms = now_ms;
        seen.frames += 1;
        let agree = seen.frames >= 2 && now_ms.saturating_sub(seen.since_ms) <= AGREE_WITHIN_MS;
        let new = !seen.told && agree;
        seen.told |= new;
        if !agree {
            seen.since_ms = now_ms;
            seen.frames = 1;
        }
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Point;

    fn reading(symbology: Symbology, text: &str) -> Reading {
        let corners = [Point { x: 0.0, y: 0.0 }; 4];
        Reading { symbology, text: text.into(), corners, checked: symbology.has_checksum() }
    }

    #[test]
    fn a_checksum_counts_at_once_and_only_once() {
        let mut steady = Steady::new();
        let badge = [reading(Symbology::Code128, "EL1")];
        assert_eq!(steady.see(&badge, 0).len(), 1);
        assert!((1..30).all(|i| steady.see(&badge, i * 100).is_empty()));
    }

    #[test]
    fn without_a_checksum_two_frames_agree() {
        let mut steady = Steady::new();
        let tag = [reading(Symbology::Code39, "FAKE123")];
        assert!(steady.see(&tag, 0).is_empty());
        assert_eq!(steady.see(&tag, 100).len(), 1);
        assert!(steady.see(&tag, 200).is_empty());
    }

    #[test]
    fn taken_away_and_shown_again_is_new() {
        let mut steady = Steady::new();
        let badge = [reading(Symbology::Code128, "EL1")];
        assert_eq!(steady.see(&badge, 0).len(), 1);
        assert!(steady.see(&[], 600).is_empty());
        assert!(steady.see(&badge, 1_000).is_empty());
        assert_eq!(steady.see(&badge, 2_300).len(), 1);
    }
}
