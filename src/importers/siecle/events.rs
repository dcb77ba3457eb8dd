//! XML to elements and texts, with bounds: no element or text may be larger than any of
//! SIECLE's, no entity may be defined.

use super::parser::Parser;
use crate::importers::{Refused, archive};
use quick_xml::Reader;
use quick_xml::errors::Error;
use quick_xml::events::Event;
use std::io::{self, BufRead, Read};

/// Bytes of one element or text.
const MOST_EVENT_BYTES: usize = 256 * 1024;

/// Feeds the parser to the end of the document.
pub fn run(input: impl BufRead, parser: &mut Parser) -> Result<(), Refused> {
    let mut reader = Reader::from_reader(OneEvent { input, taken: 0 });
    let mut buffer = Vec::new();
    loop {
        reader.get_mut().taken = 0;
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(element)) => parser.open(&element)?,
            Ok(Event::Empty(element)) => {
                parser.open(&element)?;
                parser.close()?;
            }
            Ok(Event::End(_)) => parser.close()?,
            Ok(Event::Text(text)) => parser.text(text.as_ref()),
            Ok(Event::CData(text)) => parser.text(text.as_ref()),
            Ok(Event::GeneralRef(name)) => {
                let character = character(name.as_ref()).ok_or_else(entities)?;
                parser.text(character.encode_utf8(&mut [0; 4]));
            }
            Ok(Event::DocType(_)) => return Err(entities()),
            Ok(Event::Eof) if parser.is_whole() => return Ok(()),
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

/// The five entities of XML and characters by number; a file with others is not SIECLE's.
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

fn entities() -> Refused {
    Refused::new(
        "entities",
        "Ce fichier XML définit des entités, ce que SIECLE ne fait jamais.",
        "Déposez le fichier tel que SIECLE l'a produit.",
    )
}

fn too_long() -> Refused {
    Refused::new(
        "xml_too_long",
        "Ce fichier XML contient un texte bien plus long que ceux de SIECLE.",
        "Déposez le fichier tel que SIECLE l'a produit.",
    )
}

fn broken(position: u64) -> Refused {
    Refused::new(
        "xml_broken",
        format!("Le fichier XML est tronqué ou abîmé vers l'octet {position}."),
        "Exportez de nouveau le fichier depuis SIECLE.",
    )
}
