//! SIECLE's `ElevesSansAdresses.xml` (root `BEE_ELEVES`), plain or zipped, read as it
//! streams by: a list of a whole académie takes no more memory than one of a lycée.

mod events;
mod parser;
mod pupil;

use super::{Head, MOST_BYTES, Refused, Sink, archive};
use domain::identifiers::Uai;
use encoding_rs_io::DecodeReaderBytesBuilder;
use parser::Parser;
use std::io::{BufReader, Cursor, Read, Seek};

/// Bytes that a zip of SIECLE may have.
const MOST_ZIP_BYTES: u64 = 32 * 1024 * 1024;
/// The XML declaration is in the first bytes.
const DECLARATION: u64 = 200;

/// Reads the list of school `uai` from its first byte; pupils come before what classes they are in.
pub fn read(mut source: impl Read + Seek, uai: &Uai, sink: &mut Sink) -> Result<Head, Refused> {
    let size = source.seek(std::io::SeekFrom::End(0)).map_err(|_| unreadable())?;
    if size == 0 {
        return Err(Refused::new(
            "empty_file",
            "Le fichier est vide.",
            "Exportez de nouveau le fichier depuis SIECLE.",
        ));
    }
    let mut head = Vec::new();
    source.rewind().map_err(|_| unreadable())?;
    source.by_ref().take(DECLARATION).read_to_end(&mut head).map_err(|_| unreadable())?;
    source.rewind().map_err(|_| unreadable())?;
    if size > MOST_BYTES {
        return Err(Refused::new(
            "file_too_large",
            format!("Le fichier fait {} Mio ; une liste d'élèves en fait au plus 512.", size / 1024 / 1024),
            "Déposez le fichier tel que SIECLE l'a produit.",
        ));
    }
    if !head.starts_with(archive::SIGNATURE) {
        return parse(source, &head, uai, sink);
    }
    if size > MOST_ZIP_BYTES {
        return Err(archive::too_large());
    }
    let mut packed = archive::open(source)?;
    let index = archive::only_entry(&mut packed)?;
    let entry = packed.by_index(index).map_err(|_| archive::broken())?;
    let compressed = entry.compressed_size();
    let mut entry = archive::Bounded::new(entry, compressed, MOST_BYTES);
    let mut head = Vec::new();
    let taken = entry.by_ref().take(DECLARATION).read_to_end(&mut head);
    taken.map_err(|error| archive::refusal(&error).unwrap_or_else(archive::broken))?;
    let rest = Cursor::new(head.clone()).chain(entry);
    parse(rest, &head, uai, sink)
}

fn parse(input: impl Read, head: &[u8], uai: &Uai, sink: &mut Sink) -> Result<Head, Refused> {
    let decoded = DecodeReaderBytesBuilder::new()
        .encoding(Some(declared_encoding(head)))
        // A file saved again as UTF-8 keeps its old declaration and gains a mark.
        .bom_override(true)
        .strip_bom(true)
        .build(BufReader::with_capacity(64 * 1024, input));
    let mut parser = Parser::new(uai, sink);
    events::run(BufReader::with_capacity(64 * 1024, decoded), &mut parser)?;
    parser.finish()
}

/// From the XML declaration in the first bytes; UTF-8 when it says nothing.
fn declared_encoding(head: &[u8]) -> &'static encoding_rs::Encoding {
    let head = String::from_utf8_lossy(head);
    let label = head.split_once("encoding=").and_then(|(_, rest)| {
        let quote = rest.chars().next()?;
        rest.get(quote.len_utf8()..)?.split(quote).next()
    });
    label.and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes())).unwrap_or(encoding_rs::UTF_8)
}

fn unreadable() -> Refused {
    Refused::new("unreadable", "Le fichier ne peut pas être lu.", "Déposez-le de nouveau.")
}

#[cfg(test)]
mod tests;
