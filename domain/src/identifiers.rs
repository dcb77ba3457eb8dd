//! Identifiers that come from outside, each with one `parse` and no other door.

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

text_identifier!(
    /// Unité administrative immatriculée: seven digits and a check letter.
    Uai
);

/// The 23 letters of the UAI and BEA check, in order of the remainder.
const CHECK_LETTERS: &[u8; 23] = b"ABCDEFGHJKLMNPRSTUVWXYZ";

impl Uai {
    /// Upper-cases and trims. A wrong check letter is accepted, as test codes
    /// break the rule; ask [`Uai::check_letter_agrees`].
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let uai = text.trim().to_ascii_uppercase();
        if uai.is_empty() {
            return Err(IdentifierError::Empty);
        }
        let (digits, letter) = uai.split_at(uai.len().min(7));
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

    /// The letter is the number modulo 23 in `ABCDEFGHJKLMNPRSTUVWXYZ`.
    pub fn check_letter_agrees(&self) -> bool {
        let (digits, letter) = self.0.split_at(7);
        let Ok(number) = digits.parse::<usize>() else { return false };
        CHECK_LETTERS.get(number % 23).copied() == letter.bytes().next()
    }
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

/// Whether a text is the number of a product on sale: EAN-8, UPC-A or EAN-13, its check digit right.
pub fn is_product_number(text: &str) -> bool {
    let digits: Option<Vec<u32>> = text.chars().map(|c| c.to_digit(10)).collect();
    let Some(digits) = digits.filter(|digits| matches!(digits.len(), 8 | 12 | 13)) else { return false };
    // From the right, check digit first: weights 1, 3, 1, 3…
    let sum: u32 =
        digits.iter().rev().zip([1, 3].into_iter().cycle()).map(|(digit, weight)| digit * weight).sum();
    sum.is_multiple_of(10)
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

/// Shapes of the identifiant national élève. The RNIE key has no public algorithm,
/// so its shape alone is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IneShape {
    /// Nine digits and two letters of A–H, J, K.
    Rnie,
    /// Ten digits and a check letter.
    Bea,
    /// Ten alphanumerics and a digit.
    Base36,
    /// Four digits, `A`, five digits, a letter.
    Sifa,
    /// Four digits, `D`, five digits, a letter.
    Provisional,
}

/// The shape of an INE, or `None` when it has none of the known ones.
pub fn ine_shape(ine: &str) -> Option<IneShape> {
    let b = ine.as_bytes();
    if b.len() != 11 || !b.iter().all(u8::is_ascii_alphanumeric) {
        return None;
    }
    let digits = |from: usize, to: usize| b.get(from..to).is_some_and(|s| s.iter().all(u8::is_ascii_digit));
    let at = |i: usize| b.get(i).copied().unwrap_or(0);
    let key = |c: u8| matches!(c, b'A'..=b'H' | b'J' | b'K');
    if digits(0, 9) && key(at(9)) && key(at(10)) {
        Some(IneShape::Rnie)
    } else if digits(0, 10) && at(10).is_ascii_uppercase() {
        Some(IneShape::Bea)
    } else if digits(0, 4) && digits(5, 10) && at(10).is_ascii_uppercase() && at(4) == b'A' {
        Some(IneShape::Sifa)
    } else if digits(0, 4) && digits(5, 10) && at(10).is_ascii_uppercase() && at(4) == b'D' {
        Some(IneShape::Provisional)
    } else if at(10).is_ascii_digit() {
        Some(IneShape::Base36)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uai_letter_is_the_number_modulo_23() {
        assert!(Uai::parse("0579999j").unwrap().check_letter_agrees());
        assert!(Uai::parse("0570001S").unwrap().check_letter_agrees());
        assert!(!Uai::parse("0570001A").unwrap().check_letter_agrees());
        assert!(Uai::parse("057001S").is_err());
        assert!(Uai::parse("").is_err());
        assert!(Uai::parse("0570001é").is_err());
    }

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
    fn ine_shapes() {
        assert_eq!(ine_shape("990000001AB"), Some(IneShape::Rnie));
        assert_eq!(ine_shape("0123456789A"), Some(IneShape::Bea));
        assert_eq!(ine_shape("0123A56789Z"), Some(IneShape::Sifa));
        assert_eq!(ine_shape("0123D56789Z"), Some(IneShape::Provisional));
        assert_eq!(ine_shape("AB123456780"), Some(IneShape::Base36));
        assert_eq!(ine_shape("123"), None);
    }
}
