//! Acer: serial numbers of 22 characters; SNIDs of eleven digits, which Dell's Express Service Codes resemble.
//!
//! Source: a technician's blog (apriswahyudi); Acer documents where the numbers stand, not how they are made.

use super::{Guess, alphanumeric, digits};

pub(super) fn guess(text: &str) -> Option<Guess> {
    let serial =
        text.len() == 22 && alphanumeric(text) && text.bytes().take(2).all(|b| b.is_ascii_alphabetic());
    let snid = text.len() == 11 && digits(text);
    (serial || snid).then(|| Guess { serial: Some(text.into()), ..Guess::default() })
}

#[cfg(test)]
mod tests {
    use super::guess;

    #[test]
    fn serials_and_snids() {
        for (text, taken) in [
            ("NXZZZZF00100000FAKE000", true),
            ("00000000000", true),
            ("NXZZZZF00100000FAKE00", false),
            ("0000000000", false),
            ("12ZZZZF00100000FAKE000", false),
            ("NXZZZZF0010000-FAKE000", false),
        ] {
            assert_eq!(guess(text).is_some(), taken, "{text}");
        }
    }
}
