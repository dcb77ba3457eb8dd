//! Data identifiers: a letter with digits before it says what a field holds, on its own (`S5CD030BC10`) or
//! between separators in the envelope of a 2D code.
//!
//! Source: ANSI MH10.8.2 (the identifiers) and ISO/IEC 15434 (the envelope `[)>` RS, format `06`, fields
//! between GS, RS EOT).

use super::carrier::{EOT, GS, RS};

/// Fields of one envelope; a label has a dozen.
const MOST_FIELDS: usize = 32;

/// Identifiers of a part number: the customer's, the supplier's, the one agreed by both.
const PART_NUMBERS: [&str; 3] = ["30P", "1P", "P"];

/// The serial number in a text that begins with the identifier of one.
pub(super) fn serial(text: &str) -> Option<&str> {
    text.strip_prefix('S').filter(|rest| !rest.is_empty())
}

/// The part number in a text that begins with the identifier of one.
pub(super) fn part_number(text: &str) -> Option<&str> {
    PART_NUMBERS.iter().find_map(|prefix| text.strip_prefix(prefix)).filter(|rest| !rest.is_empty())
}

/// The format of an ISO/IEC 15434 envelope and its fields: `05` holds GS1 elements, `06` data identifiers.
pub(super) fn envelope(text: &str) -> Option<(&str, Vec<&str>)> {
    let body = text.strip_prefix("[)>")?.trim_start_matches(RS);
    let body = body.split([RS, EOT]).next()?;
    let (format, fields) = body.split_once(GS)?;
    Some((format, fields.split(GS).filter(|field| !field.is_empty()).take(MOST_FIELDS).collect()))
}

#[cfg(test)]
mod tests {
    use super::{envelope, part_number, serial};

    #[test]
    fn identifiers_are_taken_off() {
        assert_eq!(serial("S5CD030BC10"), Some("5CD030BC10"));
        assert_eq!(serial("S"), None);
        assert_eq!(serial("5CD030BC10"), None);
        assert_eq!(part_number("1P9ZZ99EA#ABF"), Some("9ZZ99EA#ABF"));
        assert_eq!(part_number("P9ZZ99EA"), Some("9ZZ99EA"));
        assert_eq!(part_number("30P9ZZ99EA"), Some("9ZZ99EA"));
        assert_eq!(part_number("1P"), None);
    }

    #[test]
    fn envelopes_have_fields() {
        let text = "[)>\u{1e}06\u{1d}1P9ZZ99EA#ABF\u{1d}S5CD030BC10\u{1e}\u{4}";
        assert_eq!(envelope(text), Some(("06", vec!["1P9ZZ99EA#ABF", "S5CD030BC10"])));
        assert_eq!(envelope("[)>\u{1e}06\u{1e}\u{4}"), None);
        assert_eq!(envelope("[)>"), None);
        assert_eq!(envelope("5CD030BC10"), None);
    }
}
