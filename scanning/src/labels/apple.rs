//! Apple: serial numbers of twelve characters (three for the factory, two for the half-year and week, three of
//! identity, four for the model), since 2021 ten at random; part numbers such as `MGN63FN/A`. On the box both
//! stand as barcodes with data identifiers: `S` before the one, `1P` before the other.
//!
//! Source: Apple's memo to its resellers of March 2021, as macrumors.com quoted it. That neither O nor
//! I occurs is what its serial numbers show; no document of Apple's says so.

use super::{Guess, alphanumeric};

pub(super) fn guess(text: &str) -> Option<Guess> {
    if is_part_number(text) {
        return Some(Guess { model: Some(text.into()), part_number: true, ..Guess::default() });
    }
    let shaped = matches!(text.len(), 10 | 12)
        && alphanumeric(text)
        && !text.contains(['O', 'I'])
        && text.bytes().next().is_some_and(|b| b.is_ascii_alphabetic())
        && text.bytes().any(|b| b.is_ascii_digit());
    shaped.then(|| Guess { serial: Some(text.into()), ..Guess::default() })
}

/// A letter for the channel (new, refurbished, replaced, engraved), the product, two letters for the country.
fn is_part_number(text: &str) -> bool {
    let Some(product) = text.strip_suffix("/A") else { return false };
    (6..=8).contains(&product.len())
        && product.starts_with(['M', 'F', 'N', 'P'])
        && alphanumeric(product)
        && product.bytes().rev().take(2).all(|b| b.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::guess;

    #[test]
    fn serials_and_part_numbers() {
        for (text, serial, part) in [
            ("C02ZZ0ZZMD6R", Some("C02ZZ0ZZMD6R"), false),
            ("FVFZZ0ZZQ6L4", Some("FVFZZ0ZZQ6L4"), false),
            ("K7ZZ0FAK3X", Some("K7ZZ0FAK3X"), false),
            ("C02ZZ0ZZMDOR", None, false),
            ("C02ZZ0ZZMD6", None, false),
            ("123456789012", None, false),
            ("MGN63FN/A", None, true),
            ("MD6R2F/A", None, false),
            ("/A", None, false),
        ] {
            let found = guess(text).unwrap_or_default();
            assert_eq!(found.serial.as_deref(), serial, "{text}");
            assert_eq!(found.part_number, part, "{text}");
        }
    }
}
