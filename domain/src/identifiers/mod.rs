//! Identifiers that come from outside, each with one `parse` and no other door.
//!
//! - [`uai`]: a school
//! - [`ine`]: a pupil, and whether a birth date can be a pupil's
//! - [`mef`]: what a pupil is taught
//! - [`hardware`]: product numbers and network addresses

mod hardware;
mod ine;
mod mef;
mod uai;

pub use hardware::{Ean13, MacAddress, is_product_number};
pub use ine::{INE_LENGTH, IneCheck, IneShape, PUPIL_AGES, ine_check, ine_shape, is_pupil_age};
pub use mef::Mef;
pub use uai::Uai;

use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// Why a text is not the identifier it was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdentifierError {
    #[error("rien n'a été lu")]
    Empty,
    #[error("il faut {expected}")]
    Shape { expected: &'static str },
}

macro_rules! text_identifier {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }

            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}
use text_identifier;

/// The 23 letters of the check of UAI and BEA, in order of the remainder: no I, O, Q.
const CHECK_LETTERS: &[u8; 23] = b"ABCDEFGHJKLMNPRSTUVWXYZ";

/// The letter of a number of digits: its remainder by 23. `None` when they are no digits.
fn check_letter(digits: &str) -> Option<char> {
    let number: u64 = digits.parse().ok()?;
    let place = usize::try_from(number % 23).ok()?;
    CHECK_LETTERS.get(place).copied().map(char::from)
}

text_identifier!(
    /// A laptop's serial number as its maker's label shows it, upper case.
    SerialNumber
);

impl SerialNumber {
    /// Letters, digits and inner hyphens, 5 to 30 characters, at least one letter
    /// or 7 digits. Scientific notation (`5,02E+09`) is what a spreadsheet made of
    /// a serial and is refused, never guessed.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        const EXPECTED: &str = "un numéro de série de 5 à 30 lettres et chiffres";
        let serial = text.trim().to_ascii_uppercase();
        if serial.is_empty() {
            return Err(IdentifierError::Empty);
        }
        let shaped = (5..=30).contains(&serial.len())
            && serial.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !serial.starts_with('-')
            && !serial.ends_with('-')
            && serial.bytes().filter(u8::is_ascii_digit).count() >= 1;
        if shaped { Ok(Self(serial)) } else { Err(IdentifierError::Shape { expected: EXPECTED }) }
    }
}

text_identifier!(
    /// What a scan of a badge says: opaque text.
    BadgeCode
);

impl BadgeCode {
    /// 3 to 128 printable characters; trimmed, case kept.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let code = text.trim();
        if code.is_empty() {
            return Err(IdentifierError::Empty);
        }
        let shaped = (3..=128).contains(&code.chars().count()) && !code.chars().any(char::is_control);
        if shaped {
            Ok(Self(code.to_owned()))
        } else {
            Err(IdentifierError::Shape { expected: "un code de 3 à 128 caractères" })
        }
    }
}

/// Crockford's base 32: no I, L, O, U.
pub const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Ten Crockford characters from 50 random bits: the body of our own badge and charter codes.
pub fn crockford10(bits: u64) -> String {
    (0..10)
        .map(|place| {
            let index = usize::try_from((bits >> (5 * place)) & 31).unwrap_or(0);
            char::from(CROCKFORD.get(index).copied().unwrap_or(b'0'))
        })
        .collect()
}

/// The short code of a receipt: `RM` and ten Crockford characters, of the random end of the id
/// of the loan or act it tells of.
pub fn receipt_code(id: Uuid) -> String {
    let (_, low) = id.as_u64_pair();
    format!("RM{}", crockford10(low))
}

/// A receipt's code as somebody types it; `None` when it has not its shape. O, I and L stand for 0 and 1.
pub fn parse_receipt_code(text: &str) -> Option<String> {
    let text: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    let body = text.to_ascii_uppercase().strip_prefix("RM")?.replace('O', "0").replace(['I', 'L'], "1");
    let shaped = body.len() == 10 && body.bytes().all(|b| CROCKFORD.contains(&b));
    shaped.then(|| format!("RM{body}"))
}

/// How the ids end that have this code: their last twelve hexadecimal figures.
pub fn receipt_end(code: &str) -> Option<String> {
    let code = parse_receipt_code(code)?;
    let bits = code.bytes().skip(2).enumerate().try_fold(0u64, |bits, (place, byte)| {
        let index = CROCKFORD.iter().position(|known| *known == byte)?;
        Some(bits | u64::try_from(index).ok()? << (5 * place))
    })?;
    Some(format!("{:012x}", bits & 0xffff_ffff_ffff))
}

/// The barcode of our own charter sheets: `CH`, ten Crockford characters, `-`, copy number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CharterCode {
    /// `CH` and ten characters, the same on both copies.
    pub sheet: String,
    /// 1 or 2.
    pub copy: u8,
}

impl CharterCode {
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_uppercase();
        let (sheet, copy) = text.split_once('-')?;
        let body = sheet.strip_prefix("CH")?;
        let shaped = body.len() == 10 && body.bytes().all(|b| CROCKFORD.contains(&b));
        let copy = match copy {
            "1" => 1,
            "2" => 2,
            _ => return None,
        };
        shaped.then(|| Self { sheet: sheet.to_owned(), copy })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serials_that_a_spreadsheet_destroyed_are_refused() {
        for bad in ["5,02E+09", "5.02E+09", "", "AB", "5CD 030BC1", "PROBOOK", "-5CD030BC10"] {
            assert!(SerialNumber::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(SerialNumber::parse(" 5cd030bc10 ").unwrap().as_str(), "5CD030BC10");
    }

    #[test]
    fn charter_code_names_sheet_and_copy() {
        let sheet = format!("CH{}", crockford10(0x3_1234_5678_9abc));
        let code = CharterCode::parse(&format!("{sheet}-2")).unwrap();
        assert_eq!((code.sheet, code.copy), (sheet.clone(), 2));
        assert!(CharterCode::parse(&format!("{sheet}-3")).is_none());
        assert!(CharterCode::parse("CHILOU000000-1").is_none());
    }

    #[test]
    fn a_receipts_code_is_told_by_its_id() {
        let id = Uuid::from_u128(0x0199_0000_7000_0000_8003_1234_5678_9abc);
        let code = receipt_code(id);
        assert_eq!((code.len(), parse_receipt_code(&code)), (12, Some(code.clone())));
        assert_eq!(receipt_end(&code), Some("123456789abc".into()));
        assert_eq!(parse_receipt_code(" rm 0o1il-abcde "), Some("RM00111ABCDE".into()));
        assert_ne!(code, receipt_code(Uuid::from_u128(1)));
        for wrong in ["", "RM", "CH0123456789", "RM012345678", "RM012345678U"] {
            assert_eq!(parse_receipt_code(wrong), None, "{wrong}");
        }
    }
}
