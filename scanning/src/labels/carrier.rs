//! What a scanner puts around a code's text: AIM symbology identifiers, terminators, printed control characters.
//!
//! Source: ISO/IEC 15424 (`]`, a letter for the symbology, a modifier); the modifiers that mean GS1
//! element strings are those of the GS1 General Specifications, section 5.1.3.

/// Group separator: FNC1 as scanners and decoders write it.
pub(super) use crate::GS;
/// Record separator and end of transmission, around the fields of ISO/IEC 15434.
pub(super) const RS: char = '\u{1e}';
pub(super) const EOT: char = '\u{4}';

/// Control characters as scanners without a key for them print them.
const PRINTED: [(&str, char); 6] =
    [("<GS>", GS), ("{GS}", GS), ("<RS>", RS), ("{RS}", RS), ("<EOT>", EOT), ("{EOT}", EOT)];
/// Terminators that a scanner was told to write out.
const TERMINATORS: [&str; 3] = ["\\t", "\\r", "\\n"];

/// A text as its code carries it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Carried {
    /// Case and inner characters kept.
    pub(super) text: String,
    /// An identifier or a leading FNC1 says that GS1 application identifiers follow.
    pub(super) gs1: bool,
}

pub(super) fn unwrap(text: &str) -> Carried {
    let mut text = text.to_owned();
    for (printed, control) in PRINTED {
        if text.contains(printed) {
            text = text.replace(printed, &control.to_string());
        }
    }
    let text = strip_terminators(&text);
    let (marked, text) = strip_identifier(text);
    // A leading FNC1 is what a decoder without identifiers makes of the mark.
    let body = text.trim_start_matches(GS);
    let gs1 = marked || body.len() < text.len();
    Carried { text: strip_terminators(body).to_owned(), gs1 }
}

fn strip_terminators(text: &str) -> &str {
    // RS and EOT close an envelope and tell nothing afterwards.
    let mut text = text.trim_matches(|c: char| c.is_whitespace() || (c.is_control() && c != GS));
    while let Some(shorter) = TERMINATORS.iter().find_map(|end| strip_end(text, end)) {
        text = shorter.trim_end();
    }
    text.trim_end_matches(|c: char| c.is_control())
}

fn strip_end<'a>(text: &'a str, end: &str) -> Option<&'a str> {
    let at = text.len().checked_sub(end.len())?;
    text.get(at..)?.eq_ignore_ascii_case(end).then(|| text.get(..at))?
}

/// Whether a GS1 identifier stood before the text, and the text without it.
fn strip_identifier(text: &str) -> (bool, &str) {
    let mut characters = text.chars();
    let (Some(']'), Some(symbology), Some(modifier)) =
        (characters.next(), characters.next(), characters.next())
    else {
        return (false, text);
    };
    let rest = characters.as_str();
    if rest.is_empty() || !symbology.is_ascii_alphabetic() || !modifier.is_ascii_alphanumeric() {
        return (false, text);
    }
    // A scanner with caps lock on swaps the case; only `]E` (EAN) and `]e` (DataBar) both exist.
    let gs1 = matches!(
        (symbology, modifier),
        ('C' | 'c' | 'J' | 'j', '1') | ('d' | 'D', '2') | ('Q' | 'q', '3') | ('e', '0'..='3')
    );
    (gs1, rest)
}

#[cfg(test)]
mod tests {
    use super::unwrap;

    #[test]
    fn what_scanners_add_is_taken_off() {
        for (text, inner, gs1) in [
            ("5CD030BC10", "5CD030BC10", false),
            (" 5CD030BC10\r\n", "5CD030BC10", false),
            ("5cd030bc10\\t", "5cd030bc10", false),
            ("5cd030bc10\\R\\n", "5cd030bc10", false),
            ("]C05CD030BC10", "5CD030BC10", false),
            ("]A05CD030BC10\t", "5CD030BC10", false),
            ("]E04006381333931", "4006381333931", false),
            ("]C1215CD030BC10", "215CD030BC10", true),
            ("]c1215CD030BC10", "215CD030BC10", true),
            ("]d2215CD030BC10", "215CD030BC10", true),
            ("]Q3215CD030BC10", "215CD030BC10", true),
            ("]e00104006381333931", "0104006381333931", true),
            ("]Q1https://remise.example", "https://remise.example", false),
            ("\u{1d}215CD030BC10", "215CD030BC10", true),
            ("<GS>215CD030BC10", "215CD030BC10", true),
            ("]d2\u{1d}215CD030BC10\u{1d}", "215CD030BC10", true),
            ("]d221A{GS}2409ZZ", "21A\u{1d}2409ZZ", true),
            ("]C1", "]C1", false),
            ("]", "]", false),
            ("]é1", "]é1", false),
            ("]CéX", "]CéX", false),
            ("", "", false),
            ("\u{1d}\t", "", false),
            ("\\t", "", false),
            ("é\\t", "é", false),
        ] {
            let carried = unwrap(text);
            assert_eq!((carried.text.as_str(), carried.gs1), (inner, gs1), "{text:?}");
        }
    }
}
