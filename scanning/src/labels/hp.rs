//! HP: serial numbers of ten characters; part numbers with `#` and a country (`9ZZ99EA#ABF`), printed
//! beside them and easily scanned instead.
//!
//! Source: the form of the serial number as resellers describe it (studylib.net 9049545, scribd.com
//! 656834982); no document of HP's is public.

use super::{Guess, alphanumeric};

pub(super) fn guess(text: &str) -> Option<Guess> {
    if let Some((product, country)) = text.split_once('#') {
        let shaped = (5..=10).contains(&product.len())
            && country.len() == 3
            && alphanumeric(product)
            && alphanumeric(country);
        return shaped.then(|| Guess { model: Some(product.into()), part_number: true, ..Guess::default() });
    }
    is_serial(text).then(|| Guess { serial: Some(text.into()), ..Guess::default() })
}

/// Country 2, site 1, year digit, week 2, four of identity without vowels. Neither weeks nor vowels are
/// checked: what a laptop calls itself counts more than a rule that HP never published.
fn is_serial(text: &str) -> bool {
    let bytes = text.as_bytes();
    let [_, country, site, year, tens, units, ..] = bytes else {
        return false;
    };
    bytes.len() == 10
        && alphanumeric(text)
        && country.is_ascii_alphabetic()
        && site.is_ascii_alphanumeric()
        && [year, tens, units].iter().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::guess;

    #[test]
    fn serials_and_part_numbers() {
        for (text, serial, part) in [
            ("5CD030BC10", Some("5CD030BC10"), false),
            ("CND1234XYZ", Some("CND1234XYZ"), false),
            ("9ZZ99EA#ABF", None, true),
            ("9ZZ99EA#", None, false),
            ("9ZZ99EA#ABFX", None, false),
            ("9ZZ#ABF", None, false),
            ("5CDé30BC1", None, false),
            ("5CD030BC1", None, false),
            ("0123456789", None, false),
        ] {
            let found = guess(text).unwrap_or_default();
            assert_eq!(found.serial.as_deref(), serial, "{text}");
            assert_eq!(found.part_number, part, "{text}");
        }
    }
}
