//! Dell: service tags of seven (once five) characters; the Express Service
//! Code is the tag read in base 36, in at most eleven digits.
//!
//! Source: Dell's support article on the service tag and the express service code; windows-faq.de for
//! the base.

use super::{Guess, alphanumeric, digits};

pub(super) fn guess(text: &str) -> Option<Guess> {
    let bare = text.replace('-', "");
    let serial = if digits(&bare) && (8..=11).contains(&bare.len()) {
        tag_of_express_code(&bare)?
    } else if is_tag(text) {
        text.into()
    } else {
        return None;
    };
    Some(Guess { serial: Some(serial), ..Guess::default() })
}

fn is_tag(text: &str) -> bool {
    matches!(text.len(), 5 | 7)
        && alphanumeric(text)
        && text.bytes().any(|b| b.is_ascii_digit())
        && text.bytes().any(|b| b.is_ascii_alphabetic())
}

fn tag_of_express_code(code: &str) -> Option<String> {
    let mut value: u64 = code.parse().ok()?;
    let mut tag = Vec::new();
    while value > 0 {
        let digit = u32::try_from(value % 36).ok()?;
        tag.push(char::from_digit(digit, 36)?.to_ascii_uppercase());
        value /= 36;
    }
    let tag: String = tag.into_iter().rev().collect();
    is_tag(&tag).then_some(tag)
}

#[cfg(test)]
mod tests {
    use super::guess;

    #[test]
    fn tags_and_express_codes() {
        for (text, serial) in [
            ("FAKE123", Some("FAKE123")),
            ("33290643675", Some("FAKE123")),
            ("332-906-436-75", Some("FAKE123")),
            ("00000000000", None),
            ("99999999999999999999999", None),
            ("FAKEXYZ", None),
            ("FAKE12", None),
            ("FAK12", Some("FAK12")),
            ("25686758", Some("FAK12")),
            ("78364164095", None),
            ("3329-0643-675", Some("FAKE123")),
        ] {
            assert_eq!(guess(text).and_then(|g| g.serial).as_deref(), serial, "{text}");
        }
    }
}
