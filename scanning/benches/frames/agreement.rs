//! Sequences: how many frames a code must be held before it is known.

use crate::pictures::Picture;
use crate::score::plain;
use crate::table::{aligned, heading, share};
use crate::{Answer, Run};
use std::collections::{BTreeMap, BTreeSet};

/// Frames of one text agree when they are among so many.
const WITHIN: usize = 8;

/// A rule for when a text counts, and how many frames are shown.
#[derive(Clone, Copy)]
struct Rule {
    /// Frames that must agree.
    agree: usize,
    /// Frames shown.
    shown: usize,
}

const RULES: [Rule; 6] = [
    Rule { agree: 1, shown: 1 },
    Rule { agree: 1, shown: 4 },
    Rule { agree: 1, shown: 8 },
    Rule { agree: 2, shown: 2 },
    Rule { agree: 2, shown: 4 },
    Rule { agree: 2, shown: 8 },
];

/// What is in a sequence, and what was read in each of its frames.
struct Sequence {
    level: String,
    there: BTreeSet<String>,
    frames: Vec<BTreeSet<String>>,
}

pub fn table(pictures: &[Picture], runs: &[Run]) -> String {
    let all: Vec<Vec<Sequence>> = runs.iter().map(|run| sequences(pictures, &run.answers)).collect();
    let mut rows = vec![heading(&format!("{} sequences", all.first().map_or(0, Vec::len)), runs)];
    let mut add = |name: String, cell: &dyn Fn(&[Sequence]) -> String| {
        rows.push(std::iter::once(name).chain(all.iter().map(|s| cell(s))).collect());
    };
    for rule in RULES {
        add(rule.name(), &|sequences| share(found(sequences, rule, None)));
    }
    let last = Rule { agree: 2, shown: WITHIN };
    for level in ["easy", "medium", "hard"] {
        add(format!("{}, {level}", last.name()), &|sequences| share(found(sequences, last, Some(level))));
    }
    for agree in [1, 2] {
        let rule = Rule { agree, shown: usize::MAX };
        add(format!("false when {agree} must agree"), &|sequences| false_ones(sequences, rule).to_string());
    }
    aligned(&rows)
}

fn sequences(pictures: &[Picture], answers: &[Answer]) -> Vec<Sequence> {
    let mut sequences: BTreeMap<&str, Sequence> = BTreeMap::new();
    for (picture, answer) in pictures.iter().zip(answers) {
        let Some((name, _)) = &picture.sequence else { continue };
        let sequence = sequences.entry(name).or_insert_with(|| Sequence {
            level: picture.level.clone(),
            there: BTreeSet::new(),
            frames: Vec::new(),
        });
        sequence.there.extend(picture.codes.iter().map(|code| plain(&code.format, &code.text)));
        sequence.frames.push(answer.results.iter().map(|(format, text)| plain(format, text)).collect());
    }
    sequences.into_values().collect()
}

impl Rule {
    fn name(self) -> String {
        match self {
            Rule { agree: 1, shown: 1 } => "% in the first frame".to_owned(),
            Rule { agree: 1, shown } => format!("% in any of {shown} frames"),
            Rule { agree, shown } => format!("% {agree} agree within {shown}"),
        }
    }

    /// Whether a text counts by then.
    fn counts(self, frames: &[BTreeSet<String>], text: &str) -> bool {
        let shown = frames.get(..self.shown.min(frames.len())).unwrap_or(frames);
        (0..shown.len()).any(|first| {
            let near = shown.iter().skip(first).take(WITHIN);
            near.filter(|read| read.contains(text)).count() >= self.agree
        })
    }
}

fn found(sequences: &[Sequence], rule: Rule, level: Option<&str>) -> (usize, usize) {
    let of_level = sequences.iter().filter(|s| level.is_none_or(|level| s.level == level));
    of_level.fold((0, 0), |(found, there), sequence| {
        let counting = sequence.there.iter().filter(|text| rule.counts(&sequence.frames, text)).count();
        (found + counting, there + sequence.there.len())
    })
}

fn false_ones(sequences: &[Sequence], rule: Rule) -> usize {
    let wrong = |sequence: &Sequence| {
        let read: BTreeSet<&String> = sequence.frames.iter().flatten().collect();
        let strange = read.into_iter().filter(|text| !sequence.there.contains(*text));
        strange.filter(|text| rule.counts(&sequence.frames, text)).count()
    };
    sequences.iter().map(wrong).sum()
}
