//! XML as schools' software writes it, streaming and bounded: decoded by mark, declaration or
//! content; plain or the one file of a zip; elements told by their whole path, or gathered into
//! records. No element or text may be larger than any of theirs, and no entity may be defined.

mod decode;
mod records;

pub use decode::{Beginning, beginning};
pub use records::{Record, Records, records, records_of_entry};

use super::{MOST_BYTES, Refused, archive};
use encoding_rs_io::DecodeReaderBytesBuilder;
use quick_xml::errors::Error;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom};
use zip::ZipArchive;

/// Bytes that a zip of XML may have.
const MOST_ZIP_BYTES: u64 = 64 * 1024 * 1024;
/// Bytes of one element or text.
const MOST_EVENT_BYTES: usize = 256 * 1024;
/// Elements within elements; SIECLE has six.
const MOST_DEPTH: usize = 32;
/// Bytes of a text that are kept: more than any of ours may have, so that it is found too long.
pub const MOST_TEXT: usize = 4096;

/// Who is told what a file holds, element by element. Names are without their namespace's prefix.
pub trait Elements {
    fn open(&mut self, name: &str, element: &BytesStart<'_>) -> Result<(), Refused>;
    /// Text of the innermost element; one text may come in pieces.
    fn text(&mut self, text: &str);
    fn close(&mut self) -> Result<(), Refused>;
}

/// Reads the file from its first byte to its end, which must be that of its root.
pub fn read(mut source: impl Read + Seek, elements: &mut dyn Elements) -> Result<(), Refused> {
    let size = source.seek(SeekFrom::End(0)).map_err(|_| unreadable())?;
    if size == 0 {
        return Err(Refused::new("empty_file", "Le fichier est vide.", "Exportez de nouveau le fichier."));
    }
    source.rewind().map_err(|_| unreadable())?;
    let mut signature = Vec::new();
    source.by_ref().take(4).read_to_end(&mut signature).map_err(|_| unreadable())?;
    source.rewind().map_err(|_| unreadable())?;
    if size > MOST_BYTES {
        return Err(Refused::new(
            "file_too_large",
            format!("Le fichier fait {} Mio ; il en ferait au plus 512.", size / 1024 / 1024),
            "Déposez le fichier tel qu'il a été exporté.",
        ));
    }
    if signature != archive::SIGNATURE {
        return stream(source, elements);
    }
    if size > MOST_ZIP_BYTES {
        return Err(archive::too_large());
    }
    let mut packed = archive::open(source)?;
    let index = archive::only_entry(&mut packed)?;
    read_entry(&mut packed, index, MOST_BYTES, elements)
}

/// Whether a file that may have one of several shapes is XML, plain or the one file of a zip. The source is
/// left at its first byte.
pub fn is_xml(source: &mut (impl Read + Seek)) -> Result<bool, Refused> {
    let told = begins_a_tag(source);
    source.rewind().map_err(|_| unreadable())?;
    told
}

fn begins_a_tag(source: &mut (impl Read + Seek)) -> Result<bool, Refused> {
    let mut first = Vec::new();
    source
        .rewind()
        .and_then(|()| source.by_ref().take(64).read_to_end(&mut first))
        .map_err(|_| unreadable())?;
    if first.starts_with(archive::SIGNATURE) {
        let mut packed = archive::open(&mut *source)?;
        // Of several files it is a workbook, or nothing that is read as XML.
        let Ok(index) = archive::only_entry(&mut packed) else { return Ok(false) };
        let entry = packed.by_index(index).map_err(|_| archive::broken())?;
        first.clear();
        entry.take(64).read_to_end(&mut first).map_err(|_| archive::broken())?;
    }
    Ok(opens_a_tag(&first))
}

/// Whether the first sign of a text, in UTF-8 or in UTF-16 with its mark, opens a tag.
pub fn opens_a_tag(first: &[u8]) -> bool {
    let wide = first.starts_with(b"\xFF\xFE") || first.starts_with(b"\xFE\xFF");
    let text = first.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(first);
    let is_mark = |byte: &u8| wide && matches!(byte, 0 | 0xFE | 0xFF);
    text.iter().find(|byte| !byte.is_ascii_whitespace() && !is_mark(byte)) == Some(&b'<')
}

/// Reads one file of an archive, of which at most `most` bytes may come out.
pub fn read_entry<R: Read + Seek>(
    packed: &mut ZipArchive<R>,
    index: usize,
    most: u64,
    elements: &mut dyn Elements,
) -> Result<(), Refused> {
    let entry = packed.by_index(index).map_err(|_| archive::broken())?;
    let compressed = entry.compressed_size();
    stream(archive::Bounded::new(entry, compressed, most), elements)
}

/// Reads XML that is a part of a file, from its first byte to the end of its root.
pub fn stream(mut input: impl Read, elements: &mut dyn Elements) -> Result<(), Refused> {
    let mut head = Vec::new();
    input
        .by_ref()
        .take(decode::TELLING)
        .read_to_end(&mut head)
        .map_err(|error| archive::refusal(&error).unwrap_or_else(unreadable))?;
    let encoding = decode::encoding(&head);
    let whole = Cursor::new(head).chain(input);
    let decoded = DecodeReaderBytesBuilder::new()
        .encoding(Some(encoding))
        // A file saved again as UTF-8 keeps its old declaration and gains a mark.
        .bom_override(true)
        .strip_bom(true)
        .build(BufReader::with_capacity(64 * 1024, whole));
    run(BufReader::with_capacity(64 * 1024, decoded), elements)
}

fn run(input: impl BufRead, elements: &mut dyn Elements) -> Result<(), Refused> {
    let mut reader = Reader::from_reader(OneEvent { input, taken: 0 });
    let mut buffer = Vec::new();
    let (mut depth, mut begun) = (0_usize, false);
    loop {
        reader.get_mut().taken = 0;
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(element)) => {
                if depth >= MOST_DEPTH {
                    return Err(too_much("éléments imbriqués"));
                }
                (depth, begun) = (depth + 1, true);
                elements.open(element.local_name().as_ref(), &element)?;
            }
            Ok(Event::Empty(element)) => {
                begun = true;
                elements.open(element.local_name().as_ref(), &element)?;
                elements.close()?;
            }
            Ok(Event::End(_)) => {
                depth = depth.saturating_sub(1);
                elements.close()?;
            }
            Ok(Event::Text(text)) => elements.text(text.as_ref()),
            Ok(Event::CData(text)) => elements.text(text.as_ref()),
            Ok(Event::GeneralRef(name)) => {
                let character = character(name.as_ref()).ok_or_else(entities)?;
                elements.text(character.encode_utf8(&mut [0; 4]));
            }
            // AAF names its DTD; one that is written out defines things.
            Ok(Event::DocType(text)) if text.as_ref().contains('[') => return Err(entities()),
            Ok(Event::Eof) if begun && depth == 0 => return Ok(()),
            Ok(Event::Eof) => return Err(broken(reader.buffer_position())),
            Ok(_) => {}
            Err(Error::Io(error)) => {
                return Err(archive::refusal(&error).unwrap_or_else(|| broken(reader.buffer_position())));
            }
            Err(_) => return Err(broken(reader.buffer_position())),
        }
        buffer.clear();
    }
}

/// The text of an attribute, its references resolved.
pub fn value<'a>(attribute: &Attribute<'a>) -> Result<Cow<'a, str>, Refused> {
    attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| entities())
}

/// The five entities of XML and characters by number; a file with others is no school's.
fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let digits = name.strip_prefix('#')?;
            let number = match digits.strip_prefix('x') {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok(),
                None => digits.parse().ok(),
            };
            char::from_u32(number?)
        }
    }
}

/// The input of one event: an error once it has become too large.
struct OneEvent<R> {
    input: R,
    taken: usize,
}

impl<R: BufRead> Read for OneEvent<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for OneEvent<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.taken > MOST_EVENT_BYTES {
            return Err(io::Error::other(too_long()));
        }
        self.input.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.taken += count;
        self.input.consume(count);
    }
}

/// The file begins with another root than that of its kind.
pub fn wrong_root(name: &str, expected: &str, remedy: &str) -> Refused {
    let name: String = name.chars().filter(|c| !c.is_control()).take(40).collect();
    let detail = format!("Ce fichier XML commence par {name} ; {expected} est attendu.");
    Refused::new("wrong_root", detail, remedy)
}

pub fn too_much(what: &str) -> Refused {
    Refused::new(
        "too_many_rows",
        format!("Ce fichier a bien plus de {what} qu'un établissement."),
        "Déposez le fichier tel qu'il a été exporté.",
    )
}

fn entities() -> Refused {
    Refused::new(
        "entities",
        "Ce fichier XML définit des entités, ce qu'aucun logiciel d'établissement ne fait.",
        "Déposez le fichier tel qu'il a été exporté.",
    )
}

fn too_long() -> Refused {
    Refused::new(
        "xml_too_long",
        "Ce fichier XML contient un texte bien plus long que ceux d'un établissement.",
        "Déposez le fichier tel qu'il a été exporté.",
    )
}

fn broken(position: u64) -> Refused {
    Refused::new(
        "xml_broken",
        format!("Le fichier XML est tronqué ou abîmé vers l'octet {position}."),
        "Exportez de nouveau le fichier.",
    )
}

fn unreadable() -> Refused {
    Refused::new("unreadable", "Le fichier ne peut pas être lu.", "Déposez-le de nouveau.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::told::zipped;

    #[test]
    fn xml_is_told_from_text_and_workbooks() {
        let utf16: Vec<u8> = "\u{feff}<TABLE>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let cases: [(&[u8], Result<bool, &str>); 9] = [
            (b"\xEF\xBB\xBF\r\n<TABLE>", Ok(true)),
            (&utf16, Ok(true)),
            (&zipped(&[("EXP_ELEVE.xml", b"<TABLE/>")]), Ok(true)),
            (&zipped(&[("EXP_ELEVE.txt", b"NUMERO\tNOM")]), Ok(false)),
            (&zipped(&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<x/>")]), Ok(false)),
            (b"NUMERO\tNOM", Ok(false)),
            (b"  ", Ok(false)),
            (b"", Ok(false)),
            (b"PK\x03\x04", Err("zip_broken")),
        ];
        for (bytes, expected) in cases {
            let mut source = Cursor::new(bytes);
            let told = is_xml(&mut source).map_err(|refused| refused.code);
            assert_eq!((told, source.position()), (expected, 0), "{:?}", String::from_utf8_lossy(bytes));
        }
    }
}
