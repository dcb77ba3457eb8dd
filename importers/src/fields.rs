//! Texts of a file, whatever its shape: what is a name, a code, a day, a telephone; and how a
//! fault in one is told.

use crate::{Fault, Item};
use chrono::{Datelike, NaiveDate};
use domain::issues::Severity;

/// Characters of a name or label.
pub const MOST_NAME: usize = 100;
/// Characters of a code: `ELEVE_ID`, INE, MEF, class.
pub const MOST_CODE: usize = 40;
/// Characters of an address of e-mail, by RFC 5321.
const MOST_EMAIL: usize = 254;
/// Digits of a telephone number: the shortest of a country and the longest of E.164.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 6..=15;

/// A short text without control characters.
pub fn is_text(text: &str, most: usize) -> bool {
    text.chars().nth(most).is_none() && !text.contains(char::is_control)
}

/// A code: short, without control characters.
pub fn is_code(text: &str) -> bool {
    is_text(text, MOST_CODE)
}

/// The text, unless it is empty.
pub fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// A day as `dd/mm/yyyy` or `yyyy-mm-dd`, the latter perhaps with an hour; of 1900 to 2100.
pub fn day(text: &str) -> Option<NaiveDate> {
    let date = NaiveDate::parse_from_str(text, "%d/%m/%Y").or_else(|_| {
        let (day, rest) = text.split_at_checked(10).unwrap_or((text, ""));
        let is_day = rest.is_empty() || rest.starts_with(['T', ' ', '+', 'Z']);
        NaiveDate::parse_from_str(if is_day { day } else { text }, "%Y-%m-%d")
    });
    date.ok().filter(|date| (1900..=2100).contains(&date.year()))
}

/// A telephone number without blanks; `None` when the text is none.
pub fn phone(text: &str) -> Option<String> {
    let phone: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let digits = phone.chars().filter(char::is_ascii_digit).count();
    let shaped = phone.chars().enumerate().all(|(place, c)| {
        c.is_ascii_digit() || matches!(c, '.' | '-' | '/' | '(' | ')') || c == '+' && place == 0
    });
    (shaped && PHONE_DIGITS.contains(&digits)).then_some(phone)
}

/// An address of e-mail; `None` when the text is none.
pub fn email(text: &str) -> Option<String> {
    let (name, host) = text.split_once('@')?;
    let shaped = !name.is_empty()
        && host.contains('.')
        && !host.starts_with('.')
        && !host.ends_with('.')
        && !host.contains('@')
        && !text.contains(char::is_whitespace)
        && is_text(text, MOST_EMAIL);
    shaped.then(|| text.to_owned())
}

/// A fault of a row that is taken all the same.
pub fn warning(
    row: Option<u32>,
    column: &str,
    code: &str,
    read: &str,
    expected: &str,
    message: &str,
) -> Item {
    Item::Issue(Fault { severity: Severity::Warning, row, column, code, read, expected }.told(message))
}

/// A fault for which its row is left out.
pub fn left_out(row: u32, column: &str, code: &str, read: &str, expected: &str, message: &str) -> Item {
    let row = Some(row);
    Item::Issue(Fault { severity: Severity::Error, row, column, code, read, expected }.told(message))
}

/// The first of these columns that is empty or no short text, as the fault for which its row is left
/// out. A column is told with what most characters it may have and whether it may be empty.
pub fn unfit(row: u32, columns: &[(&str, &str, usize, bool)], remedy: &str) -> Option<Item> {
    columns.iter().find_map(|&(column, text, most, may_be_empty)| {
        if text.is_empty() && !may_be_empty {
            let message = format!("{column} manque : la ligne est laissée de côté. {remedy}");
            return Some(left_out(row, column, "missing", "", "une valeur", &message));
        }
        if is_text(text, most) {
            return None;
        }
        let message = format!("{column} est illisible : la ligne est laissée de côté. {remedy}");
        let expected = format!("un texte lisible de {most} caractères au plus");
        Some(left_out(row, column, "malformed_text", text, &expected, &message))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days() {
        let some = |text: &str| text.parse::<NaiveDate>().ok();
        for (text, expected) in [
            ("29/02/2004", some("2004-02-29")),
            ("2005-03-14", some("2005-03-14")),
            ("2020-08-25T00:00:00", some("2020-08-25")),
            ("2020-08-25T00:00:00.000+02:00", some("2020-08-25")),
            ("2020-08-25Z", some("2020-08-25")),
            ("2020-08-255", None),
            ("29/02/2005", None),
            ("01/01/99999", None),
            ("01/01/1899", None),
            ("14/03/05", None),
            ("hier", None),
            ("2020-08-é5", None),
            ("", None),
        ] {
            assert_eq!(day(text), expected, "{text}");
        }
    }

    #[test]
    fn telephones() {
        for (text, expected) in [
            ("+33600000001", Some("+33600000001")),
            ("06 00\u{a0}00 00 01", Some("0600000001")),
            ("03.00.00.00.01", Some("03.00.00.00.01")),
            ("+352 600-000-008", Some("+352600-000-008")),
            ("(0)300000001", Some("(0)300000001")),
            ("06000+0001", None),
            ("liste rouge", None),
            ("12345", None),
            ("1234567890123456", None),
            ("", None),
        ] {
            assert_eq!(phone(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn addresses_of_email() {
        for (text, is) in [
            ("s.vollmerange@exemple.invalid", true),
            ("a+b@c.d.invalid", true),
            ("a@b", false),
            ("@b.invalid", false),
            ("a@b@c.invalid", false),
            ("a b@c.invalid", false),
            ("a@.invalid", false),
            ("a@invalid.", false),
            ("aucun", false),
            ("", false),
        ] {
            assert_eq!(email(text).is_some(), is, "{text}");
        }
        assert_eq!(email(&format!("{}@exemple.invalid", "a".repeat(250))), None);
    }
}
