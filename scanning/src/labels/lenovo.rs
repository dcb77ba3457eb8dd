//! Lenovo: `1S`, machine type and model, serial number; 7 + 7 characters, or 10 + 8 since 2013. The
//! serial number alone has seven or eight. `8S` and `11S` begin the numbers of parts: batteries, adapters,
//! disks.
//!
//! Source: support.lenovo.com HT001005; nbclub.net for the older form; the prefixes of parts as seen on
//! parts.

use super::{Guess, alphanumeric};

pub(super) fn guess(text: &str) -> Option<Guess> {
    if is_part(text) {
        return Some(Guess { part_number: true, ..Guess::default() });
    }
    if is_bare_serial(text) {
        return Some(Guess { serial: Some(text.into()), ..Guess::default() });
    }
    let body = text.strip_prefix("1S")?;
    let model = match body.len() {
        14 => 7,
        18 => 10,
        _ => return None,
    };
    if !alphanumeric(body) {
        return None;
    }
    Some(Guess {
        model: body.get(..model).map(Into::into),
        serial: body.get(model..).map(Into::into),
        part_number: false,
    })
}

/// How the eight characters of laptops and desktops begin; other texts of eight are many a school's badge.
const FACTORIES: [&str; 5] = ["PF", "PC", "MP", "MJ", "R9"];

/// Eight characters since 2013 (`PF0FAKE1`). The seven before have no form of their own.
fn is_bare_serial(text: &str) -> bool {
    text.len() == 8
        && alphanumeric(text)
        && FACTORIES.iter().any(|factory| text.starts_with(factory))
        && text.bytes().skip(2).any(|b| b.is_ascii_digit())
}

/// A part's number and the part's own serial number, 22 to 24 characters in all.
fn is_part(text: &str) -> bool {
    (text.starts_with("8S") || text.starts_with("11S"))
        && (22..=24).contains(&text.len())
        && alphanumeric(text)
}

#[cfg(test)]
mod tests {
    use super::guess;

    #[test]
    fn old_and_new_composites() {
        for (text, parts) in [
            ("1S20ZZS00100PF0FAKE1", Some(("20ZZS00100", "PF0FAKE1"))),
            ("1S20ZZZZZPFFAKE1", Some(("20ZZZZZ", "PFFAKE1"))),
            ("1S20ZZZZZPFFAKE", None),
            ("1SS20ZZS0010éPF0FAK", None),
            ("8SS20ZZZZZPFFAKE1234567", None),
            ("PF0FAKE1", None),
        ] {
            let found = guess(text);
            let found = found.as_ref().and_then(|g| g.model.as_deref().zip(g.serial.as_deref()));
            assert_eq!(found, parts, "{text}");
        }
    }

    #[test]
    fn bare_serials_and_parts() {
        for (text, serial, part) in [
            ("PF0FAKE1", Some("PF0FAKE1"), false),
            ("MJ0FAKE1", Some("MJ0FAKE1"), false),
            ("PCBOOKSX", None, false),
            ("AB123456", None, false),
            ("12345678", None, false),
            ("8SSB10F46440L1CZ58FAKE01", None, true),
            ("11S45N1025Z1ZLJG3FAKE1", None, true),
            ("8SSB10F46440", None, false),
        ] {
            let found = guess(text).unwrap_or_default();
            assert_eq!(found.serial.as_deref(), serial, "{text}");
            assert_eq!(found.part_number, part, "{text}");
        }
    }
}
