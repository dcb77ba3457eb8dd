//! Numbers of things on sale and addresses of network interfaces.

use super::{IdentifierError, text_identifier};
use serde::{Deserialize, Serialize};
use std::fmt;

text_identifier!(
    /// GTIN-13 of a book or licence (ISBN-13 is one): thirteen digits, the last a check digit.
    Ean13
);

impl Ean13 {
    /// Hyphens and spaces, as ISBNs are printed with, are taken out.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let ean: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        if ean.is_empty() {
            return Err(IdentifierError::Empty);
        }
        if ean.len() == 13 && is_product_number(&ean) {
            Ok(Self(ean))
        } else {
            Err(IdentifierError::Shape { expected: "13 chiffres dont une clé juste (EAN-13)" })
        }
    }
}

/// Whether a text is the number of a product on sale: EAN-8, UPC-A or EAN-13, its check digit right.
pub fn is_product_number(text: &str) -> bool {
    let digits: Option<Vec<u32>> = text.chars().map(|c| c.to_digit(10)).collect();
    let Some(digits) = digits.filter(|digits| matches!(digits.len(), 8 | 12 | 13)) else { return false };
    // From the right, check digit first: weights 1, 3, 1, 3…
    let sum: u32 =
        digits.iter().rev().zip([1, 3].into_iter().cycle()).map(|(digit, weight)| digit * weight).sum();
    sum.is_multiple_of(10)
}

text_identifier!(
    /// Six bytes in upper case, with colons: `3C:52:82:00:00:01`.
    MacAddress
);

impl MacAddress {
    /// With colons, hyphens, dots, spaces or nothing between the bytes.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let digits: Vec<char> = text
            .chars()
            .filter(|c| !matches!(c, ':' | '-' | '.') && !c.is_whitespace())
            .map(|c| c.to_ascii_uppercase())
            .collect();
        if digits.is_empty() {
            return Err(IdentifierError::Empty);
        }
        if digits.len() != 12 || !digits.iter().all(char::is_ascii_hexdigit) {
            return Err(IdentifierError::Shape { expected: "12 chiffres hexadécimaux" });
        }
        let bytes: Vec<String> = digits.chunks(2).map(|pair| pair.iter().collect()).collect();
        Ok(Self(bytes.join(":")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn product_numbers_have_their_check_digit() {
        for (text, product) in [
            ("4006381333931", true),
            ("4006381333932", false),
            ("036000291452", true),
            ("036000291453", false),
            ("96385074", true),
            ("96385075", false),
            ("9638507", false),
            ("40063813339310", false),
            ("400638133393A", false),
            ("", false),
        ] {
            assert_eq!(is_product_number(text), product, "{text}");
        }
    }

    #[test]
    fn ean_13() {
        for (text, ean) in [
            ("4006381333931", Some("4006381333931")),
            (" 978-2-1234-5680-3 ", Some("9782123456803")),
            ("978 2 1234 5680 3", Some("9782123456803")),
            ("9782123456804", None),
            ("96385074", None),
            ("978212345680", None),
            ("9,78212E+12", None),
            ("", None),
        ] {
            assert_eq!(Ean13::parse(text).ok().as_ref().map(Ean13::as_str), ean, "{text}");
        }
    }

    #[test]
    fn mac_addresses_are_written_one_way() {
        for (text, mac) in [
            ("3c:52:82:00:00:01", Some("3C:52:82:00:00:01")),
            ("3C-52-82-00-00-01", Some("3C:52:82:00:00:01")),
            ("3c52.8200.0001", Some("3C:52:82:00:00:01")),
            (" 3C5282000001 ", Some("3C:52:82:00:00:01")),
            ("3C52820000", None),
            ("3C528200000G", None),
            ("3C:52:82:00:00:01:02", None),
            ("::", None),
            ("", None),
        ] {
            assert_eq!(MacAddress::parse(text).ok().as_ref().map(MacAddress::as_str), mac, "{text}");
        }
    }
}
