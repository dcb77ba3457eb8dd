//! The number of a school.

use super::{IdentifierError, check_letter, text_identifier};
use serde::{Deserialize, Serialize};
use std::fmt;

text_identifier!(
    /// Unité administrative immatriculée: seven digits and a check letter.
    Uai
);

impl Uai {
    /// Upper-cases and trims. A wrong check letter is accepted, as test codes
    /// break the rule; ask [`Uai::check_letter_agrees`].
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let uai = text.trim().to_ascii_uppercase();
        if uai.is_empty() {
            return Err(IdentifierError::Empty);
        }
        let (digits, letter) = uai.split_at_checked(7).unwrap_or((&uai, ""));
        let shaped = digits.len() == 7
            && digits.bytes().all(|b| b.is_ascii_digit())
            && letter.len() == 1
            && letter.bytes().all(|b| b.is_ascii_uppercase());
        if shaped {
            Ok(Self(uai))
        } else {
            Err(IdentifierError::Shape { expected: "7 chiffres et une lettre (par exemple 0570001S)" })
        }
    }

    /// The seven digits, which alone say which school it is.
    pub fn digits(&self) -> &str {
        self.0.get(..7).unwrap_or("")
    }

    /// The letter is the number modulo 23 in `ABCDEFGHJKLMNPRSTUVWXYZ`; checked against the
    /// 12,860 schools that GEPI lists.
    pub fn check_letter_agrees(&self) -> bool {
        self.expected_letter().is_some_and(|letter| self.0.ends_with(letter))
    }

    /// The letter that the digits call for.
    pub fn expected_letter(&self) -> Option<char> {
        check_letter(self.digits())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_letter_is_the_number_modulo_23() {
        for (text, agrees, expected) in [
            ("0579999j", true, 'J'),
            (" 0570001S ", true, 'S'),
            ("0570001A", false, 'S'),
            ("9999991F", true, 'F'),
        ] {
            let uai = Uai::parse(text).unwrap();
            assert_eq!(
                (uai.check_letter_agrees(), uai.expected_letter()),
                (agrees, Some(expected)),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_uai() {
        for text in ["057001S", "", "0570001é", "0570001SS", "057000é", "05700011", "A570001S"] {
            assert!(Uai::parse(text).is_err(), "{text}");
        }
    }
}
