//! Which kind a file is. By its content: names and extensions say anything.

use super::{Refused, archive};
use domain::rows::FileKind;
use std::io::{Read, Seek};

/// Bytes that tell.
const FIRST: u64 = 4096;

/// Recognises the file from its first bytes, or from the names in it when it is a zip.
pub fn recognise(source: &mut (impl Read + Seek)) -> Result<FileKind, Refused> {
    let mut first = Vec::new();
    source
        .rewind()
        .and_then(|()| source.by_ref().take(FIRST).read_to_end(&mut first))
        .map_err(|_| unknown())?;
    if first.is_empty() {
        return Err(Refused::new("empty_file", "Le fichier est vide.", "Choisissez-le de nouveau."));
    }
    if first.starts_with(archive::SIGNATURE) {
        return of_archive(source);
    }
    let wide = first.starts_with(b"\xFF\xFE") || first.starts_with(b"\xFE\xFF");
    if first.contains(&0) && !wide {
        return Err(unknown());
    }
    let text = first.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&first);
    let is_mark = |byte: &u8| wide && matches!(byte, 0 | 0xFE | 0xFF);
    match text.iter().find(|byte| !byte.is_ascii_whitespace() && !is_mark(byte)) {
        Some(b'<') => Ok(FileKind::Students),
        Some(_) => Ok(FileKind::Delivery),
        None => Err(unknown()),
    }
}

fn of_archive(source: &mut (impl Read + Seek)) -> Result<FileKind, Refused> {
    source.rewind().map_err(|_| unknown())?;
    let archive = archive::open(source)?;
    let workbook =
        archive.file_names().flatten().any(|name| name == "[Content_Types].xml" || name.starts_with("xl/"));
    Ok(if workbook { FileKind::Delivery } else { FileKind::Students })
}

fn unknown() -> Refused {
    Refused::new(
        "unknown_file",
        "Ce fichier n'est ni une liste d'élèves de SIECLE (XML ou zip) ni un bon de livraison (CSV ou XLSX).",
        "Choisissez l'un de ces fichiers, tel qu'il a été reçu.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Write};

    fn told(bytes: &[u8]) -> Result<FileKind, &'static str> {
        recognise(&mut Cursor::new(bytes)).map_err(|refused| refused.code)
    }

    fn zip_of(name: &str) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(b"x").unwrap();
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn a_file_is_what_it_holds() {
        let cases: [(&[u8], Result<FileKind, &str>); 11] = [
            (b"<?xml version=\"1.0\"?>", Ok(FileKind::Students)),
            (b"\xEF\xBB\xBF \n<BEE_ELEVES>", Ok(FileKind::Students)),
            (b"N\xB0 BL;P/N", Ok(FileKind::Delivery)),
            (&zip_of("xl/workbook.xml"), Ok(FileKind::Delivery)),
            (&zip_of("ElevesSansAdresses.xml"), Ok(FileKind::Students)),
            (b"\xFF\xFEB\0L\0\t\0", Ok(FileKind::Delivery)),
            (b"\xFF\xFE<\0?\0", Ok(FileKind::Students)),
            (b"", Err("empty_file")),
            (b"\x89PNG\r\n\x1a\n\0\0", Err("unknown_file")),
            (b"PK\x03\x04 broken", Err("zip_broken")),
            (b" \n ", Err("unknown_file")),
        ];
        for (bytes, expected) in cases {
            assert_eq!(told(bytes), expected, "{:?}", String::from_utf8_lossy(bytes));
        }
    }
}
