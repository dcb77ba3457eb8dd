//! Agreement over frames: a code counts once, however long it is held in view.

use crate::{Reading, Symbology};

/// A code that counted and is unseen for so long was taken away.
const GONE_AFTER_MS: u64 = 1_200;
/// Two sightings agree when they are among so many frames, the pause between frames
/// being the camera's affair: a blurred frame or two may lie between them.
const AGREE_WITHIN_FRAMES: u64 = 8;

struct Seen {
    symbology: Symbology,
    text: String,
    last_ms: u64,
    last_frame: u64,
    told: bool,
}

/// What has been in view lately. The clock is the caller's.
#[derive(Default)]
pub struct Steady {
    seen: Vec<Seen>,
    frame: u64,
}

impl Steady {
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a frame's readings at `now_ms` and answers those that have just come to
    /// count: proved by a checksum at first sight, else when two of the last eight frames agree.
    pub fn see(&mut self, readings: &[Reading], now_ms: u64) -> Vec<Reading> {
        self.frame += 1;
        let frame = self.frame;
        self.seen.retain(|seen| {
            if seen.told {
                now_ms.saturating_sub(seen.last_ms) <= GONE_AFTER_MS
            } else {
                frame - seen.last_frame < AGREE_WITHIN_FRAMES
            }
        });
        let mut told = Vec::new();
        for reading in readings {
            if self.tell(reading, now_ms) {
                told.push(reading.clone());
            }
        }
        told
    }

    /// Like [`Steady::see`], for a list of readings: whether each counts in this frame. One that a
    /// checksum proves counts in every frame, another in the frame that agrees.
    pub fn confirm(&mut self, readings: &[Reading], now_ms: u64) -> Vec<bool> {
        let new = self.see(readings, now_ms);
        let is_new = |reading: &Reading| {
            new.iter().any(|event| event.text == reading.text && event.symbology == reading.symbology)
        };
        readings.iter().map(|reading| reading.checked || is_new(reading)).collect()
    }

    fn tell(&mut self, reading: &Reading, now_ms: u64) -> bool {
        let same = |seen: &&mut Seen| seen.symbology == reading.symbology && seen.text == reading.text;
        let Some(seen) = self.seen.iter_mut().find(same) else {
            self.seen.push(Seen {
                symbology: reading.symbology,
                text: reading.text.clone(),
                last_ms: now_ms,
                last_frame: self.frame,
                told: reading.checked,
            });
            return reading.checked;
        };
        // A frame that shows a text twice is still one frame.
        let new = !seen.told && seen.last_frame < self.frame;
        seen.last_ms = now_ms;
        seen.last_frame = self.frame;
        seen.told |= new;
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Point;

    fn reading(symbology: Symbology, text: &str) -> Reading {
        let corners = [Point { x: 0.0, y: 0.0 }; 4];
        Reading {
            symbology,
            text: text.into(),
            corners,
            bytes: text.into(),
            module: 2.0,
            votes: 2,
            checked: symbology.has_checksum(),
            upside_down: false,
            inverted: false,
        }
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
    fn two_of_eight_frames_agree_whatever_the_pause_between_frames() {
        let tag = [reading(Symbology::Code39, "FAKE123")];
        for pause in [33, 100, 1_500] {
            let mut steady = Steady::new();
            let mut told = Vec::new();
            for frame in 0..17_u64 {
                // Sightings in frames 0, 8 and 15: nine frames, then eight.
                let shown: &[Reading] = if matches!(frame, 0 | 8 | 15) { &tag } else { &[] };
                if !steady.see(shown, frame * pause).is_empty() {
                    told.push(frame);
                }
            }
            assert_eq!(told, [15], "{pause} ms");
        }
    }

    #[test]
    fn a_checksum_confirms_every_frame_and_agreement_one() {
        let both = [reading(Symbology::Code128, "EL1"), reading(Symbology::Code39, "FAKE123")];
        let mut steady = Steady::new();
        assert_eq!(steady.confirm(&both, 0), [true, false]);
        assert_eq!(steady.confirm(&both, 100), [true, true]);
        assert_eq!(steady.confirm(&both, 200), [true, false]);
    }

    #[test]
    fn one_frame_does_not_agree_with_itself() {
        let twice = [reading(Symbology::Code39, "FAKE123"), reading(Symbology::Code39, "FAKE123")];
        let mut steady = Steady::new();
        assert!(steady.see(&twice, 0).is_empty());
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
