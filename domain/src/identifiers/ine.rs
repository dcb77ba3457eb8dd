//! The national number of a pupil, in the shapes that it has had.

use super::{CHECK_LETTERS, check_letter};
use chrono::NaiveDate;
use std::ops::RangeInclusive;

/// Characters of every INE.
pub const INE_LENGTH: usize = 11;

/// Whole years that a pupil of a lycée may be: from the third year of collège, with years
/// skipped, to the end of an apprenticeship or a BTS.
pub const PUPIL_AGES: RangeInclusive<u32> = 10..=30;

/// Shapes of the identifiant national élève, as github betagouv/sante-psy checks them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IneShape {
    /// Since 2017: nine digits and two letters of A–H, J, K. The key has no public algorithm.
    Rnie,
    /// Ten digits and a check letter, which is never I, O or Q.
    Bea,
    /// Ten digits or capitals and a digit.
    Base36,
    /// Apprentices: four digits, `A`, five digits, a letter.
    Sifa,
    /// Four digits, `D`, five digits, a letter.
    Provisional,
}

/// What an INE says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IneCheck {
    pub shape: IneShape,
    /// The letter agrees with the digits; unknown for shapes whose key is not public.
    pub letter_agrees: Option<bool>,
}

/// The shape of an INE, or `None` when it has none of the known ones.
pub fn ine_shape(ine: &str) -> Option<IneShape> {
    ine_check(ine).map(|check| check.shape)
}

/// The shape of an INE in capitals and whether its letter agrees; `None` when it has no known shape.
pub fn ine_check(ine: &str) -> Option<IneCheck> {
    let b = ine.as_bytes();
    if b.len() != INE_LENGTH || !b.iter().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()) {
        return None;
    }
    let digits = |from: usize, to: usize| b.get(from..to).is_some_and(|s| s.iter().all(u8::is_ascii_digit));
    let at = |i: usize| b.get(i).copied().unwrap_or(0);
    let key = |c: u8| matches!(c, b'A'..=b'H' | b'J' | b'K');
    let inner = |letter: u8| digits(0, 4) && digits(5, 10) && at(10).is_ascii_uppercase() && at(4) == letter;
    let unknown = |shape| Some(IneCheck { shape, letter_agrees: None });
    if digits(0, 9) && key(at(9)) && key(at(10)) {
        unknown(IneShape::Rnie)
    } else if digits(0, 10) && CHECK_LETTERS.contains(&at(10)) {
        let letter = check_letter(ine.get(..10).unwrap_or(""));
        Some(IneCheck { shape: IneShape::Bea, letter_agrees: Some(letter == Some(char::from(at(10)))) })
    } else if inner(b'A') {
        unknown(IneShape::Sifa)
    } else if inner(b'D') {
        unknown(IneShape::Provisional)
    } else if at(10).is_ascii_digit() {
        unknown(IneShape::Base36)
    } else {
        None
    }
}

/// Whether somebody born on that day may be a pupil of a lycée on the other.
pub fn is_pupil_age(born: NaiveDate, on: NaiveDate) -> bool {
    on.years_since(born).is_some_and(|age| PUPIL_AGES.contains(&age))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_and_letters() {
        for (ine, expected) in [
            ("990000001AB", Some((IneShape::Rnie, None))),
            ("990000001KJ", Some((IneShape::Rnie, None))),
            // The two of the samples, whose letters were checked by hand.
            ("1999000014C", Some((IneShape::Bea, Some(true)))),
            ("1999000019H", Some((IneShape::Bea, Some(true)))),
            ("1999000019J", Some((IneShape::Bea, Some(false)))),
            ("0123A56789Z", Some((IneShape::Sifa, None))),
            ("0123D56789Z", Some((IneShape::Provisional, None))),
            ("AB123456780", Some((IneShape::Base36, None))),
            ("01234567890", Some((IneShape::Base36, None))),
            ("0123456789I", None),
            ("0123456789O", None),
            ("0123456789Q", None),
            ("990000001LA", None),
            ("990000001ab", None),
            ("0123B56789Z", None),
            ("99000001AB", None),
            ("9900000011AB", None),
            ("99000000 AB", None),
            ("99000000éB", None),
            ("", None),
        ] {
            let told = ine_check(ine).map(|check| (check.shape, check.letter_agrees));
            assert_eq!(told, expected, "{ine}");
        }
    }

    #[test]
    fn ages_of_pupils() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        for (born, on, plausible) in [
            ("2005-03-14", "2020-09-18", true),
            ("2010-09-18", "2020-09-18", true),
            ("2010-09-19", "2020-09-18", false),
            ("1989-09-19", "2020-09-18", true),
            ("1989-09-18", "2020-09-18", false),
            ("2004-02-29", "2014-02-28", false),
            ("2004-02-29", "2014-03-01", true),
            ("2021-01-01", "2020-09-18", false),
        ] {
            assert_eq!(is_pupil_age(day(born), day(on)), plausible, "{born} on {on}");
        }
    }
}
