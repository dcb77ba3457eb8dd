//! Whether a text is the one printed, and what an engine's answers come to.

use crate::Answer;
use crate::pictures::{Code, Picture};
use std::collections::{BTreeMap, BTreeSet};

/// An engine's answers, counted.
#[derive(Default)]
pub struct Score {
    /// Codes found and codes there are, by the measure's name.
    pub recall: BTreeMap<String, (usize, usize)>,
    /// Pictures' texts that are not in the picture.
    pub false_reads: Vec<String>,
    pub median: f64,
    pub p95: f64,
}

impl Score {
    pub fn of(pictures: &[Picture], answers: &[Answer]) -> Self {
        let mut score = Self::default();
        for (picture, answer) in pictures.iter().zip(answers) {
            let got: BTreeSet<(&str, String)> =
                answer.results.iter().map(|(format, text)| (format.as_str(), plain(format, text))).collect();
            let there: Vec<String> = picture.codes.iter().map(|c| plain(&c.format, &c.text)).collect();
            for (code, text) in picture.codes.iter().zip(&there) {
                let found = got.iter().any(|(_, read)| read == text);
                for measure in measures(picture, code) {
                    let entry = score.recall.entry(measure).or_default();
                    *entry = (entry.0 + usize::from(found), entry.1 + 1);
                }
            }
            let wrong = got.iter().filter(|(_, text)| !there.contains(text));
            score
                .false_reads
                .extend(wrong.map(|(format, text)| format!("{} {format} {text:?}", picture.file)));
        }
        let mut times: Vec<f64> = answers.iter().map(|answer| answer.ms).collect();
        times.sort_by(f64::total_cmp);
        let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or(0.0);
        (score.median, score.p95) = (at(50), at(95));
        score
    }
}

/// Sorted as a person reads them: `2` before `3`, and so on.
fn measures(picture: &Picture, code: &Code) -> Vec<String> {
    let mut measures = vec!["1 all codes".to_owned(), level(&picture.level), format!("3 {}", code.format)];
    if let Some(module) = code.module {
        // A matrix code's module holds a reader no longer than that of a linear code 1.8 times narrower.
        let matrix = matches!(code.format.as_str(), "QRCode" | "DataMatrix");
        let class = match if matrix { module / 1.8 } else { module } {
            width if width < 1.3 => "modules under 1.3 px",
            width if width < 1.8 => "modules 1.3 to 1.8 px",
            width if width < 2.5 => "modules 1.8 to 2.5 px",
            _ => "modules of 2.5 px or more",
        };
        let place = ["under", "1.3 to", "1.8 to", "of"].iter().position(|word| class.contains(word));
        measures.push(format!("4{} {class}", place.unwrap_or(9)));
    }
    measures
}

fn level(level: &str) -> String {
    let place = ["easy", "medium", "hard"].iter().position(|known| *known == level).unwrap_or(9);
    format!("2{place} {level}")
}

/// The text without what engines are free to tell or not: control characters, a symbology
/// identifier, Codabar's start and stop letters, the zero that makes a UPC-A an EAN-13.
pub fn plain(format: &str, text: &str) -> String {
    let mut text: String = text.chars().filter(|c| *c >= ' ' && *c != '\u{feff}').collect();
    text = text.replace("<GS>", "").trim().to_owned();
    for identifier in ["]C1", "]d2", "]Q3", "]e0"] {
        if let Some(rest) = text.strip_prefix(identifier) {
            text = rest.to_owned();
        }
    }
    let codabar = format.replace('_', "").eq_ignore_ascii_case("codabar");
    let digits = |inner: &str| !inner.is_empty() && inner.chars().all(|c| "0123456789$:/.+-".contains(c));
    if let Some(inner) = between_letters(&text)
        && (codabar || digits(inner))
    {
        text = inner.to_owned();
    }
    if text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit()) {
        text.insert(0, '0');
    }
    text
}

/// What stands between a start and a stop letter.
fn between_letters(text: &str) -> Option<&str> {
    let guard = |c: char| matches!(c, 'A'..='D' | 'a'..='d');
    text.strip_prefix(guard)?.strip_suffix(guard)
}
