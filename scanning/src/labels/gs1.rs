//! GS1 element strings: application identifiers and their values.
//!
//! Source: GS1 General Specifications, section 3 (the identifiers) and figures 7.8.2-1 (how long an
//! identifier is, by its first two digits) and 7.8.5-2 (element strings of predefined length, which
//! need no separator).

use super::carrier::GS;
use super::{digits, product};

/// Elements of one text; a label has three or four.
const MOST_ELEMENTS: usize = 16;

/// What the elements of a label name; the others (dates, weights, lots) are left out.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Elements {
    /// (21)
    pub(super) serials: Vec<String>,
    /// (240), (241)
    pub(super) part_numbers: Vec<String>,
    /// (01), its check digit right.
    pub(super) gtin: Option<String>,
}

/// Reads `text` as element strings, printed with brackets or as they are encoded. Unless it is
/// `marked` as such, the encoded form must begin with a whole (01) and go on: sixteen digits alone
/// are many things.
pub(super) fn elements(text: &str, marked: bool) -> Option<Elements> {
    let pairs = if text.starts_with('(') { bracketed(text)? } else { encoded(text)? };
    let mut elements = Elements::default();
    for (identifier, value) in &pairs {
        match *identifier {
            "21" => elements.serials.push((*value).to_owned()),
            "240" | "241" => elements.part_numbers.push((*value).to_owned()),
            "01" if product::has_check_digit(value) => elements.gtin = Some((*value).to_owned()),
            "01" => return None,
            _ => {}
        }
    }
    let begins = pairs.first().is_some_and(|(identifier, _)| *identifier == "01") && pairs.len() > 1;
    (marked || text.starts_with('(') || begins).then_some(elements)
}

fn bracketed(text: &str) -> Option<Vec<(&str, &str)>> {
    let mut pairs = Vec::new();
    let mut rest = text.strip_prefix('(')?;
    while pairs.len() < MOST_ELEMENTS {
        let (identifier, after) = rest.split_once(')')?;
        if !digits(identifier) || identifier_length(identifier)? != identifier.len() {
            return None;
        }
        // A bracket may be part of a value: one that opens an identifier is followed by digits and its partner.
        let next = after.match_indices('(').map(|(at, _)| at).find(|at| opens_identifier(after, *at));
        let value = after.get(..next.unwrap_or(after.len()))?.trim().trim_end_matches(GS);
        check_value(identifier, value)?;
        pairs.push((identifier, value));
        match next {
            Some(at) => rest = after.get(at + 1..)?,
            None => return Some(pairs),
        }
    }
    None
}

fn opens_identifier(text: &str, at: usize) -> bool {
    text.get(at + 1..).and_then(|rest| rest.split_once(')')).is_some_and(|(identifier, _)| {
        digits(identifier) && identifier_length(identifier) == Some(identifier.len())
    })
}

fn encoded(text: &str) -> Option<Vec<(&str, &str)>> {
    let mut pairs = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        if pairs.len() == MOST_ELEMENTS {
            return None;
        }
        let identifier = rest.get(..identifier_length(rest)?).filter(|identifier| digits(identifier))?;
        let after = rest.get(identifier.len()..)?;
        let length = predefined_length(identifier).unwrap_or_else(|| after.find(GS).unwrap_or(after.len()));
        let value = after.get(..length)?;
        check_value(identifier, value)?;
        pairs.push((identifier, value));
        rest = after.get(length..)?.trim_start_matches(GS);
    }
    Some(pairs)
}

/// GS1 values have 90 characters at most, those of a predefined length are digits, and serial
/// numbers have 20.
fn check_value(identifier: &str, value: &str) -> Option<()> {
    let sized = match (predefined_length(identifier), identifier) {
        (Some(length), _) => value.len() == length && digits(value),
        (None, "21") => (1..=20).contains(&value.len()),
        (None, "240" | "241") => (1..=30).contains(&value.len()),
        (None, _) => (1..=90).contains(&value.len()),
    };
    (sized && value.chars().all(|c| c.is_ascii_graphic() || c == ' ')).then_some(())
}

/// Digits of the identifier at the start of `text`.
fn identifier_length(text: &str) -> Option<usize> {
    Some(match text.get(..2)? {
        "00" | "01" | "02" | "03" | "10" | "11" | "12" | "13" | "15" | "16" | "17" | "20" | "21" | "22"
        | "30" | "37" | "90" | "91" | "92" | "93" | "94" | "95" | "96" | "97" | "98" | "99" => 2,
        "23" | "24" | "25" | "40" | "41" | "42" | "71" => 3,
        "31" | "32" | "33" | "34" | "35" | "36" | "39" | "43" | "70" | "72" | "80" | "81" | "82" => 4,
        _ => return None,
    })
}

/// Digits of the value, where the standard fixes them once and for all.
fn predefined_length(identifier: &str) -> Option<usize> {
    Some(match identifier.get(..2)? {
        "00" => 18,
        "01" | "02" | "03" => 14,
        "11" | "12" | "13" | "15" | "16" | "17" | "31" | "32" | "33" | "34" | "35" | "36" => 6,
        "20" => 2,
        "41" => 13,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::elements;

    /// text, marked, serial, part number, GTIN
    type Case<'a> = (&'a str, bool, Option<&'a str>, Option<&'a str>, Option<&'a str>);

    const GTIN: &str = "04006381333931";

    #[test]
    fn element_strings() {
        let cases: [Case; 14] = [
            ("010400638133393121FAKE123", true, Some("FAKE123"), None, Some(GTIN)),
            ("010400638133393121FAKE123", false, Some("FAKE123"), None, Some(GTIN)),
            ("(01)04006381333931(21)5CD030BC10", false, Some("5CD030BC10"), None, Some(GTIN)),
            ("(01) 04006381333931 (21) 5CD030BC10", false, Some("5CD030BC10"), None, Some(GTIN)),
            ("(21)5CD(0)30", false, Some("5CD(0)30"), None, None),
            ("215CD030BC10\u{1d}2409ZZ99EA#ABF", true, Some("5CD030BC10"), Some("9ZZ99EA#ABF"), None),
            ("2419ZZ99EA#ABF\u{1d}215CD030BC10", true, Some("5CD030BC10"), Some("9ZZ99EA#ABF"), None),
            // Predefined lengths need no separator: production date, count variable, weight.
            ("112011303100001500215CD030BC10", true, Some("5CD030BC10"), None, None),
            ("10LOT1\u{1d}17261231\u{1d}21A", true, Some("A"), None, None),
            ("0104006381333931", true, None, None, Some(GTIN)),
            ("4140000000000000", true, None, None, None),
            ("8004A1B2\u{1d}91INTERNAL", true, None, None, None),
            ("23512345\u{1d}21X1", true, Some("X1"), None, None),
            ("", true, None, None, None),
        ];
        for (text, marked, serial, part_number, gtin) in cases {
            let found = elements(text, marked).unwrap_or_else(|| panic!("{text:?}"));
            assert_eq!(found.serials.first().map(String::as_str), serial, "{text:?}");
            assert_eq!(found.part_numbers.first().map(String::as_str), part_number, "{text:?}");
            assert_eq!(found.gtin.as_deref(), gtin, "{text:?}");
        }
    }

    #[test]
    fn what_is_no_element_string() {
        for (text, marked) in [
            ("0104006381333931", false), // sixteen digits: a canteen's card, for all we know
            ("215CD030BC10", false),     // a serial number may begin so
            ("010400638133393021FAKE123", true), // check digit
            ("010400638133393", true),   // too short
            ("0104006381333931215CD030BC10TOOLONGFORTWENTY", true),
            ("21", true),
            ("21\u{1d}", true),
            ("9", true),
            ("é1", true),
            ("5CD030BC10", true),
            ("(21", false),
            ("(2é)X", false),
            ("(2)X", false),
            ("()X", false),
            ("(21)", false),
            ("EL0123456789", false),
        ] {
            assert_eq!(elements(text, marked), None, "{text:?}");
        }
    }

    #[test]
    fn endless_texts_end() {
        assert_eq!(elements(&"90A\u{1d}".repeat(2_000), true), None);
        assert_eq!(elements(&"(90)A".repeat(2_000), true), None);
    }
}
