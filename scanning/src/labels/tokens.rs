//! Codes that say several things in one text: addresses with the serial number in them, `S/N:…;P/N:…`.

/// Words looked at; a QR code holds thousands of characters.
const MOST_WORDS: usize = 24;

/// Words of a compound text that could be a serial number: seven to thirty letters and digits, some of
/// each. None of a text that is one word.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    let compound = text.contains([':', '=', ';', ',', '|', '&', '?', '\n']);
    let could_be = |word: &&str| {
        (7..=30).contains(&word.len())
            && word.bytes().any(|b| b.is_ascii_digit())
            && word.bytes().any(|b| b.is_ascii_alphabetic())
    };
    text.split(|c: char| !c.is_ascii_alphanumeric()).filter(could_be).take(if compound {
        MOST_WORDS
    } else {
        0
    })
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_of_compound_texts() {
        for (text, found) in [
            ("https://support.example/qr?sn=5CD030BC10&pn=9ZZ99EA", &["5CD030BC10", "9ZZ99EA"][..]),
            ("S/N:PF0FAKE1;MTM:20ZZS00100", &["PF0FAKE1", "20ZZS00100"]),
            ("MODEL: X\nSERIAL: 5CD030BC10", &["5CD030BC10"]),
            ("https://lycee.example/entraide", &[]),
            ("5CD030BC10", &[]),
            ("CANTINE-4711", &[]),
            ("5CD 030 BC10", &[]),
        ] {
            assert_eq!(words(text).collect::<Vec<_>>(), found, "{text:?}");
        }
        assert_eq!(words(&"A1B2C3D4;".repeat(1_000)).count(), 24);
    }
}
