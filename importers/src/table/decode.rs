//! Which encoding a text is in: its mark says so, or it is valid UTF-8, or it is what Windows or SIECLE
//! writes. CP1252 and ISO-8859-15 are told apart by the bytes that they give different meanings: 0x80 to
//! 0x9F are signs of CP1252 and nothing in ISO-8859-15; 0xBC is ¼ in one and Œ in the other, and no word
//! has a ¼ within.

use super::not_a_table;
use crate::Refused;
use crate::letters::is_surely_utf8;
use encoding_rs::{Encoding, ISO_8859_15, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Looks at all bytes of a file, piece by piece.
#[derive(Default)]
pub struct Sniffer {
    /// The first bytes, as many as a mark has.
    first: Vec<u8>,
    has_nul: bool,
    /// Bytes of a character of UTF-8 that is cut by the end of a piece.
    cut: Vec<u8>,
    is_not_utf8: bool,
    /// A whole character was seen that nothing but UTF-8 has.
    has_utf8: bool,
    /// One was seen that may as well be two of ISO-8859-15.
    has_either: bool,
    windows: u64,
    latin9: u64,
    before: u8,
    /// A byte that is a letter of ISO-8859-15 if one stands beside it.
    doubtful: bool,
}

impl Sniffer {
    pub fn feed(&mut self, piece: &[u8]) {
        let missing = 3_usize.saturating_sub(self.first.len());
        self.first.extend(piece.iter().take(missing));
        self.has_nul |= piece.contains(&0);
        if !self.is_not_utf8 {
            self.check_utf8(piece);
        }
        if !piece.is_ascii() || self.doubtful {
            self.count(piece);
        } else if let Some(last) = piece.last() {
            self.before = *last;
        }
    }

    fn check_utf8(&mut self, piece: &[u8]) {
        let joined;
        let bytes = if self.cut.is_empty() {
            piece
        } else {
            joined = [self.cut.as_slice(), piece].concat();
            &joined
        };
        let (whole, cut) = match std::str::from_utf8(bytes) {
            Ok(_) => (bytes, &[][..]),
            Err(error) if error.error_len().is_none() => bytes.split_at(error.valid_up_to()),
            Err(_) => {
                self.is_not_utf8 = true;
                return;
            }
        };
        if !whole.is_ascii() {
            let has_utf8 = std::str::from_utf8(whole).is_ok_and(|text| text.chars().any(is_surely_utf8));
            self.has_utf8 |= has_utf8;
            self.has_either |= !has_utf8;
        }
        self.cut = cut.to_vec();
    }

    fn count(&mut self, piece: &[u8]) {
        for &byte in piece {
            if std::mem::take(&mut self.doubtful) && is_letter(byte) {
                self.latin9 += 1;
            }
            match byte {
                0x80..=0x9F => self.windows += 1,
                // The euro sign of ISO-8859-15; nobody writes the ¤ that it is in CP1252.
                0xA4 => self.latin9 += 1,
                0xBC..=0xBE if is_letter(self.before) => self.latin9 += 1,
                0xBC..=0xBE => self.doubtful = true,
                _ => {}
            }
            self.before = byte;
        }
    }

    /// The encoding; a file with zeros is no text.
    pub fn told(&self) -> Result<&'static Encoding, Refused> {
        if let Some((encoding, _)) = Encoding::for_bom(&self.first)
            && (encoding == UTF_16LE || encoding == UTF_16BE)
        {
            return Ok(encoding);
        }
        if self.has_nul {
            return Err(not_a_table());
        }
        // A character that the end cuts is still one of UTF-8, unless it is the only one.
        let marked = self.first.starts_with(b"\xEF\xBB\xBF");
        let is_whole = self.has_utf8 || !self.has_either && (self.cut.is_empty() || self.cut.len() > 1);
        if marked || !self.is_not_utf8 && is_whole {
            return Ok(UTF_8);
        }
        Ok(if self.latin9 > self.windows { ISO_8859_15 } else { WINDOWS_1252 })
    }
}

/// A letter of both, or one of ISO-8859-15 alone: fractions do not stand side by side.
fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, 0xBC..=0xBE) || byte >= 0xC0 && byte != 0xD7 && byte != 0xF7
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &[u8]) -> &'static str {
        let name = |pieces: &mut dyn Iterator<Item = &[u8]>| {
            let mut sniffer = Sniffer::default();
            pieces.for_each(|piece| sniffer.feed(piece));
            sniffer.told().map_or_else(|refused| refused.code, Encoding::name)
        };
        let whole = name(&mut std::iter::once(bytes));
        assert_eq!(whole, name(&mut bytes.chunks(1)), "piece by piece");
        whole
    }

    #[test]
    fn bytes_tell_the_encoding() {
        for (bytes, expected) in [
            (&b"NOM;PRENOM"[..], "UTF-8"),
            ("Zoé;Œ".as_bytes(), "UTF-8"),
            (b"\xEF\xBB\xBFNOM", "UTF-8"),
            (b"\xEF\xBB\xBFZo\xE9", "UTF-8"),
            // Cut in the middle of a character.
            (b"Zo\xC3\xA9;L\xE2\x82", "UTF-8"),
            (b"Zo\xC3\xA9;L\xC3", "UTF-8"),
            (b"Zo\xE9", "windows-1252"),
            (b"Zo\xE9;", "windows-1252"),
            (b"D'\x8CTRANGE", "windows-1252"),
            (b"12,50 \x80", "windows-1252"),
            (b"D'\xBCTRANGE-LES\xBCUR", "ISO-8859-15"),
            (b"L'HA\xBE;x\xE9", "ISO-8859-15"),
            (b"c\xBDur;x", "ISO-8859-15"),
            (b"D\xD4\xBCIL", "ISO-8859-15"),
            (b"D\xD4\x8CIL", "windows-1252"),
            (b"\xC9\x92 Ana", "windows-1252"),
            ("Ana’".as_bytes(), "UTF-8"),
            ("D\u{53c};é".as_bytes(), "UTF-8"),
            (b"12,50 \xA4", "ISO-8859-15"),
            // Fractions stand alone.
            (b"1 \xBD journ\xE9e", "windows-1252"),
            (b"\x93LES\xBCUR\x94", "windows-1252"),
            (b"\xFF\xFEN\0", "UTF-16LE"),
            (b"\xFE\xFF\0N", "UTF-16BE"),
            (b"a\0b", "not_a_table"),
        ] {
            assert_eq!(told(bytes), expected, "{bytes:x?}");
        }
    }
}
