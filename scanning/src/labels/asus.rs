//! ASUS: serial numbers of 12 or 15 characters, year letter first.
//!
//! Source: none that is public; inferred from labels.

use super::{Guess, alphanumeric};

pub(super) fn guess(text: &str) -> Option<Guess> {
    let shaped = matches!(text.len(), 12 | 15)
        && alphanumeric(text)
        && text.bytes().next().is_some_and(|b| b.is_ascii_alphabetic())
        && text.bytes().any(|b| b.is_ascii_digit());
    shaped.then(|| Guess { serial: Some(text.into()), ..Guess::default() })
}

#[cfg(test)]
mod tests {
    use super::guess;

    #[test]
    fn twelve_or_fifteen_characters() {
        for (text, taken) in [
            ("L1N0CV02F123456", true),
            ("K9N0CV08Y123", true),
            ("K9N0CV08Y1234", false),
            ("001A2B3C4D5E", false),
        ] {
            assert_eq!(guess(text).is_some(), taken, "{text}");
        }
    }
}
