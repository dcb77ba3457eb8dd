//! Agreement over frames: a code counts once, however long it is held in view.
//!
//! A code is its text: a serial number printed as Code 128 with a DataMatrix beside it is one
//! event, and a text that two symbologies agree on is seen twice.

use crate::{Reading, Symbology};

/// A code that counted and is unseen for so long, while frames showed it missing, was taken away.
const GONE_AFTER_MS: u64 = 1_200;
/// Without any frame in between the camera may have been slow; past this nobody knows what was held up.
const BLIND_AFTER_MS: u64 = 5_000;
/// Two sightings agree when they are among so many frames, the pause between frames
/// being the camera's affair: a blurred frame or two may lie between them.
const AGREE_WITHIN_FRAMES: u64 = 8;
/// Texts remembered at a time; a desk holds up three or four.
const MOST_SEEN: usize = 256;

/// Whether one frame is enough: the symbology's own checksum must leave a misread next to no chance.
///
/// Error correction (QR, DataMatrix, Aztec, PDF417) and Code 128's modulus 103 over a code with fixed
/// start and stop do. The modulus 10 of an EAN passes one misread in ten, and the lines of one frame
/// share their blur, so that their votes are no second witness. Code 39's modulus 43 is optional, and
/// ITF and Codabar have none.
pub fn proved(reading: &Reading) -> bool {
    let strong = match reading.symbology {
        Symbology::Code128 | Symbology::QrCode | Symbology::DataMatrix | Symbology::Aztec => true,
        Symbology::Code39 | Symbology::Ean13 | Symbology::Ean8 | Symbology::Itf | Symbology::Codabar => false,
    };
    reading.checked && strong
}

struct Seen {
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
    /// What the caller's clock said last.
    clock_ms: Option<u64>,
    /// Milliseconds that have passed: the caller's clock without its steps back.
    passed_ms: u64,
}

impl Steady {
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a frame's readings at `now_ms` and answers those that have just come to count, each
    /// text once: [`proved`] at first sight, else when two of the last eight frames agree.
    pub fn see(&mut self, readings: &[Reading], now_ms: u64) -> Vec<Reading> {
        self.frame += 1;
        let step = now_ms.saturating_sub(self.clock_ms.unwrap_or(now_ms));
        self.passed_ms = self.passed_ms.saturating_add(step);
        self.clock_ms = Some(now_ms);
        self.forget();
        // What is remembered comes first: a crowd of new texts must not push it out while it is in view.
        let (known, new): (Vec<&Reading>, Vec<&Reading>) =
            readings.iter().partition(|reading| self.seen.iter().any(|seen| seen.text == reading.text));
        known.into_iter().chain(new).filter(|reading| self.tell(reading)).cloned().collect()
    }

    fn forget(&mut self) {
        let (frame, now) = (self.frame, self.passed_ms);
        self.seen.retain(|seen| {
            let unseen = now - seen.last_ms;
            if seen.told {
                let missed = frame - seen.last_frame > 1;
                unseen <= if missed { GONE_AFTER_MS } else { BLIND_AFTER_MS }
            } else {
                frame - seen.last_frame < AGREE_WITHIN_FRAMES
            }
        });
    }

    /// Like [`Steady::see`], for a list of readings: whether each counts in this frame. One that a
    /// checksum proves counts in every frame, another in the frame that agrees.
    pub fn confirm(&mut self, readings: &[Reading], now_ms: u64) -> Vec<bool> {
        let new = self.see(readings, now_ms);
        let is_new = |reading: &Reading| {
            new.iter().any(|event| event.text == reading.text && event.symbology == reading.symbology)
        };
        readings.iter().map(|reading| proved(reading) || is_new(reading)).collect()
    }

    /// Whether a reading is what makes its text count.
    fn tell(&mut self, reading: &Reading) -> bool {
        let (frame, now, proved) = (self.frame, self.passed_ms, proved(reading));
        if let Some(seen) = self.seen.iter_mut().find(|seen| seen.text == reading.text) {
            // A frame that shows a text twice is still one frame.
            let new = !seen.told && (proved || seen.last_frame < frame);
            seen.last_ms = now;
            seen.last_frame = frame;
            seen.told |= new;
            return new;
        }
        if !self.make_room() {
            return false;
        }
        self.seen.push(Seen { text: reading.text.clone(), last_ms: now, last_frame: frame, told: proved });
        proved
    }

    /// Forgets the oldest text, one that never counted if there is one. False when this very frame fills
    /// the memory: what it shows beyond that counts for nothing, as nobody can hold up so much.
    fn make_room(&mut self) -> bool {
        if self.seen.len() < MOST_SEEN {
            return true;
        }
        let frame = self.frame;
        let oldest = self
            .seen
            .iter()
            .enumerate()
            .filter(|(_, seen)| seen.last_frame < frame)
            .min_by_key(|(_, seen)| (seen.told, seen.last_frame))
            .map(|(place, _)| place);
        oldest.map(|place| self.seen.swap_remove(place)).is_some()
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
            // As eager as a reader can be: what proves a text is decided here.
            checked: symbology.has_checksum() || symbology == Symbology::Code39,
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
        assert!(steady.see(&[], 1_100).is_empty());
        assert_eq!(steady.see(&badge, 2_300).len(), 1);
    }

    const ALL: [Symbology; 9] = [
        Symbology::Code128,
        Symbology::Code39,
        Symbology::Ean13,
        Symbology::Ean8,
        Symbology::Itf,
        Symbology::Codabar,
        Symbology::QrCode,
        Symbology::DataMatrix,
        Symbology::Aztec,
    ];

    #[test]
    fn what_one_frame_proves() {
        for symbology in ALL {
            let mut one = reading(symbology, "4006381333931");
            let strong = !matches!(
                symbology,
                Symbology::Code39 | Symbology::Ean13 | Symbology::Ean8 | Symbology::Itf | Symbology::Codabar
            );
            one.votes = 60;
            assert_eq!(proved(&one), strong, "{symbology}: votes of one frame are one witness");
            one.checked = false;
            assert!(!proved(&one), "{symbology}: a checksum that the reader did not check proves nothing");
        }
    }

    #[test]
    fn a_text_in_two_symbologies_is_one_code() {
        let both = [reading(Symbology::Code128, "5CD030BC10"), reading(Symbology::DataMatrix, "5CD030BC10")];
        let mut steady = Steady::new();
        assert_eq!(steady.see(&both, 0).len(), 1);
        assert!(steady.see(&both[1..], 100).is_empty());

        // The weak one first: the strong one proves the text, in the same frame or in the next.
        let weak = reading(Symbology::Code39, "5CD030BC10");
        for later in [0, 100] {
            let mut steady = Steady::new();
            let told = if later == 0 {
                steady.see(&[weak.clone(), both[0].clone()], 0)
            } else {
                assert!(steady.see(std::slice::from_ref(&weak), 0).is_empty());
                steady.see(&both[..1], later)
            };
            assert_eq!(told, both[..1], "{later} ms later");
            assert!(steady.see(std::slice::from_ref(&weak), 200).is_empty());
        }
    }

    #[test]
    fn a_slow_camera_shows_one_code_once() {
        let badge = [reading(Symbology::QrCode, "EL1")];
        let mut steady = Steady::new();
        let told: usize = (0..20).map(|frame| steady.see(&badge, frame * 1_500).len()).sum();
        assert_eq!(told, 1);
        assert_eq!(steady.see(&badge, 19 * 1_500 + 60_000).len(), 1, "after a minute nobody knows");
    }

    #[test]
    fn a_clock_that_steps_back_neither_repeats_nor_deafens() {
        let badge = [reading(Symbology::Code128, "EL1")];
        let mut steady = Steady::new();
        assert_eq!(steady.see(&badge, 3_600_000).len(), 1);
        assert!(steady.see(&badge, 0).is_empty());
        assert!(steady.see(&badge, 100).is_empty());
        assert!(steady.see(&[], 800).is_empty());
        assert!(steady.see(&[], 1_400).is_empty());
        assert_eq!(steady.see(&badge, 1_500).len(), 1);
        assert!(steady.see(&badge, u64::MAX).len() <= 1);
        assert!(steady.see(&badge, 0).is_empty());
        assert!(steady.see(&badge, u64::MAX).len() <= 1);
    }

    #[test]
    fn memory_is_bounded_and_what_is_in_view_is_kept() {
        let mut steady = Steady::new();
        let badge = reading(Symbology::Code128, "EL1");
        assert_eq!(steady.see(std::slice::from_ref(&badge), 0).len(), 1);
        for frame in 1..40_u64 {
            let clutter: Vec<Reading> =
                (0..2_000).map(|i| reading(Symbology::Itf, &format!("{frame:04}{i:06}"))).collect();
            let shown = [clutter, vec![badge.clone()]].concat();
            assert!(steady.see(&shown, frame * 33).is_empty(), "frame {frame}");
            assert!(steady.seen.len() <= MOST_SEEN);
        }
        for frame in 40..60_u64 {
            let codes: Vec<Reading> =
                (0..2_000).map(|i| reading(Symbology::QrCode, &format!("{frame} {i}"))).collect();
            assert!(steady.see(&codes, frame * 33).len() <= MOST_SEEN);
            assert!(steady.seen.len() <= MOST_SEEN);
        }
    }

    /// Small pseudorandom numbers, the same each time (xorshift).
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, limit: u64) -> u64 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            self.0 % limit
        }
    }

    /// Whatever is shown, in whatever order: an event is of this frame; a weak one has a second frame
    /// among the last eight; and between two events of one text it was out of view long enough.
    #[test]
    fn random_films_keep_the_promises() {
        for seed in 1..200_u64 {
            let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
            let mut steady = Steady::new();
            let mut now = dice.below(10_000);
            let mut shown_at: Vec<(u64, u64, String)> = Vec::new();
            let mut events: Vec<(u64, String)> = Vec::new();
            for frame in 0..120_u64 {
                now += dice.below(400);
                let count = dice.below(4);
                let readings: Vec<Reading> = (0..count)
                    .map(|_| {
                        let symbology = ALL[usize::try_from(dice.below(9)).unwrap()];
                        reading(symbology, &format!("TEXT{}", dice.below(5)))
                    })
                    .collect();
                for told in steady.see(&readings, now) {
                    assert!(readings.contains(&told), "seed {seed}: an event of another frame");
                    let before = |(at, _, text): &&(u64, u64, String)| frame - at < 8 && *text == told.text;
                    let witness = shown_at.iter().any(|shown| before(&shown));
                    assert!(proved(&told) || witness, "seed {seed}, frame {frame}: one weak sighting");
                    if let Some((at, _)) = events.iter().rev().find(|(_, text)| *text == told.text) {
                        let since = shown_at.iter().filter(|(f, _, text)| f >= at && *text == told.text);
                        let times: Vec<u64> = since.map(|(_, ms, _)| *ms).chain([now]).collect();
                        let gone = times.windows(2).any(|pair| pair[1] - pair[0] > GONE_AFTER_MS);
                        assert!(gone, "seed {seed}, frame {frame}: told twice");
                    }
                    let repeated = events.iter().any(|(at, text)| *at == frame && *text == told.text);
                    assert!(!repeated, "seed {seed}, frame {frame}: twice in one frame");
                    events.push((frame, told.text.clone()));
                }
                shown_at.extend(readings.into_iter().map(|reading| (frame, now, reading.text)));
            }
            assert!(!events.is_empty());
        }
    }

    /// A code held up for any length of time, with any pattern of missed frames shorter than
    /// what counts as gone, is one event.
    #[test]
    fn a_code_held_up_is_one_event() {
        for seed in 1..200_u64 {
            let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
            let held = [reading(ALL[usize::try_from(seed).unwrap() % ALL.len()], "FAKE123")];
            let mut steady = Steady::new();
            let mut told = 0;
            let mut now = 0;
            for _ in 0..200 {
                // At 30 to 90 ms a frame, at most six missed: fewer than eight frames and 1.2 s.
                for _ in 0..dice.below(7) {
                    now += 30 + dice.below(60);
                    told += steady.see(&[], now).len();
                }
                now += 30 + dice.below(60);
                told += steady.see(&held, now).len();
            }
            assert_eq!(told, 1, "seed {seed}");
        }
    }
}
