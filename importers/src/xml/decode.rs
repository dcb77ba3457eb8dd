//! What the first bytes of XML say: its encoding, its root and what the root holds.

use crate::letters::is_surely_utf8;
use encoding_rs::{Encoding, ISO_8859_15, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Bytes that tell the encoding: a list of names has an accent long before.
pub const TELLING: u64 = 256 * 1024;

/// From what is in the bytes, where it says, and else from the XML declaration.
///
/// ISO-8859-15, which SIECLE declares, and UTF-8 can hardly be taken for each other: an accented letter of
/// the one is no sequence of the other, but for what [`is_surely_utf8`] leaves out. So files that were saved
/// again without a mark are told from their content, whatever their old declaration says. Without accents
/// nor declaration it is UTF-8.
pub fn encoding(head: &[u8]) -> &'static Encoding {
    // Bytes that read as ASCII are not UTF-16, and UTF-16 without a mark is not known by schools.
    let declared = declared(head).filter(|known| ![UTF_16LE, UTF_16BE].contains(known));
    let single = [WINDOWS_1252, ISO_8859_15];
    match is_utf8(head) {
        Some(true) if declared.is_none_or(|known| single.contains(&known)) => UTF_8,
        Some(false) if declared.is_none_or(|known| known == UTF_8) => WINDOWS_1252,
        _ => declared.unwrap_or(UTF_8),
    }
}

fn declared(head: &[u8]) -> Option<&'static Encoding> {
    let told = String::from_utf8_lossy(head.get(..200).unwrap_or(head));
    let declaration = told.split_once("<?xml").and_then(|(_, rest)| rest.split_once("?>")).map(|(d, _)| d)?;
    let (_, rest) = declaration.split_once("encoding")?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next()?;
    let label = rest.get(quote.len_utf8()..)?.split(quote).next()?;
    Encoding::for_label(label.as_bytes())
}

/// Whether what is beyond ASCII is UTF-8; `None` when nothing whole is beyond, or nothing that tells.
fn is_utf8(head: &[u8]) -> Option<bool> {
    let whole = match std::str::from_utf8(head) {
        Ok(text) => text,
        // The last character may be cut.
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(head.get(..error.valid_up_to())?).ok()?
        }
        Err(_) => return Some(false),
    };
    whole.chars().any(is_surely_utf8).then_some(true)
}

/// How a file of XML begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beginning {
    /// The local name of the root.
    pub root: String,
    /// Of the first element within the root, when the first bytes reach it.
    pub first: Option<String>,
}

/// How a file begins, from its first bytes; `None` when they are not XML's.
pub fn beginning(head: &[u8]) -> Option<Beginning> {
    let (text, ..) = encoding(head).decode(head);
    let mut reader = Reader::from_reader(text.as_bytes());
    let mut buffer = Vec::new();
    let mut root = None;
    loop {
        buffer.clear();
        match (reader.read_event_into(&mut buffer), root.take()) {
            (Ok(Event::Start(element)), None) => root = Some(name(&element)),
            (Ok(Event::Empty(element)), None) => {
                return Some(Beginning { root: name(&element), first: None });
            }
            (Ok(Event::Start(element) | Event::Empty(element)), Some(root)) => {
                return Some(Beginning { root, first: Some(name(&element)) });
            }
            (Ok(Event::Text(text)), None) if !text.as_ref().trim().is_empty() => return None,
            (Ok(Event::Eof | Event::End(_)) | Err(_), known) => {
                return known.map(|root| Beginning { root, first: None });
            }
            (Ok(_), known) => root = known,
        }
    }
}

fn name(element: &BytesStart<'_>) -> String {
    element.local_name().as_ref().chars().filter(|c| !c.is_control()).take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_says_more_than_the_declaration() {
        let latin9 = b"<?xml version=\"1.0\" encoding=\"ISO-8859-15\"?>";
        let cases: [(&[u8], &[u8], &Encoding); 16] = [
            (latin9, b"\xbc", ISO_8859_15),
            (latin9, b"", ISO_8859_15),
            (latin9, "é".as_bytes(), UTF_8),
            (latin9, b"\xe9\xe8", ISO_8859_15),
            (latin9, b"PIERR\xd4\xbcIL", ISO_8859_15),
            (latin9, "é\u{53c}".as_bytes(), UTF_8),
            (b"<?xml encoding=\"windows-1252\"?>", b"D\xd4\x8cIL", WINDOWS_1252),
            (b"<?xml encoding='iso-8859-1'?>", b"\xe9", WINDOWS_1252),
            (b"<?xml encoding = \"ISO-8859-1\"?>", "é".as_bytes(), UTF_8),
            (b"<?xml encoding=\"UTF-8\"?>", "é".as_bytes(), UTF_8),
            (b"<?xml encoding=\"UTF-8\"?>", b"\xe9t\xe9", WINDOWS_1252),
            (b"<?xml encoding=\"UTF-16\"?>", b"", UTF_8),
            (b"<?xml encoding=\"klingon\"?>", b"\xe9t\xe9", WINDOWS_1252),
            (b"", b"", UTF_8),
            (b"", b"ab\xc3", UTF_8),
            (b"", b"\xe9t\xe9", WINDOWS_1252),
        ];
        for (declaration, content, expected) in cases {
            let head = [declaration, content].concat();
            assert_eq!(encoding(&head), expected, "{:?}", String::from_utf8_lossy(&head));
        }
    }

    #[test]
    fn how_a_file_begins() {
        let utf16: Vec<u8> = "\u{feff}<A><B/></A>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        type Named = Option<(&'static str, Option<&'static str>)>;
        let cases: [(&[u8], Named); 10] = [
            (b"<?xml version=\"1.0\"?><!-- x --><A>\n<B>", Some(("A", Some("B")))),
            (b"<!DOCTYPE A SYSTEM \"a.dtd\"><A b='c'><!-- x --><men:B/>", Some(("A", Some("B")))),
            (b"<men:A xmlns:men='x'>text<B>", Some(("A", Some("B")))),
            (b"<A/>", Some(("A", None))),
            (b"<A></A>", Some(("A", None))),
            (b"<A><B", Some(("A", None))),
            (b"<A", None),
            (b"text<A>", None),
            (b"", None),
            (&utf16, Some(("A", Some("B")))),
        ];
        for (head, expected) in cases {
            let told = beginning(head);
            let told = told.as_ref().map(|told| (told.root.as_str(), told.first.as_deref()));
            assert_eq!(told, expected, "{:?}", String::from_utf8_lossy(head));
        }
    }
}
