//! Which kind a file is. By its content: names and extensions say anything.

use super::{Refused, archive, roots, titles, udt, xml};
use domain::rows::FileKind;
use std::io::{Read, Seek};

/// Bytes that tell.
const FIRST: u64 = 64 * 1024;

/// The signature of a compound file, which a BIFF workbook is in.
const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recognised {
    Kind(FileKind),
    /// A table whose columns somebody must name first.
    Table,
    /// A zip of several files, each to be recognised by itself.
    Folder,
}

/// Recognises the file from its first bytes, or from what is in it when it is a zip.
pub fn recognise(source: &mut (impl Read + Seek)) -> Result<Recognised, Refused> {
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
    if first.starts_with(COMPOUND) {
        return titles::recognise(source);
    }
    let wide = first.starts_with(b"\xFF\xFE") || first.starts_with(b"\xFE\xFF");
    if first.contains(&0) && !wide {
        return Err(unknown());
    }
    if xml::opens_a_tag(&first) {
        of_xml(&first)
    } else if first.iter().all(|byte| byte.is_ascii_whitespace()) {
        Err(unknown())
    } else {
        titles::recognise(source)
    }
}

fn of_xml(first: &[u8]) -> Result<Recognised, Refused> {
    roots::kind(&xml::beginning(first).ok_or_else(unknown)?).map(Recognised::Kind)
}

fn of_archive(source: &mut (impl Read + Seek)) -> Result<Recognised, Refused> {
    source.rewind().map_err(|_| unknown())?;
    let mut packed = archive::open(&mut *source)?;
    let names: Vec<String> = packed.file_names().flatten().map(|name| name.into_owned()).collect();
    let workbook = |name: &String| {
        name == "[Content_Types].xml"
            || name.starts_with("xl/")
            || name == "content.xml"
            || name == "mimetype"
    };
    if names.iter().any(workbook) {
        return titles::recognise(source);
    }
    if names.iter().any(|name| udt::is_entry(name)) {
        return Ok(Recognised::Kind(FileKind::UdtArchive));
    }
    match archive::useful(&packed).as_slice() {
        [index] => {
            let entry = packed.by_index(*index).map_err(|_| archive::broken())?;
            let compressed = entry.compressed_size();
            let mut first = Vec::new();
            let mut bounded = archive::Bounded::new(entry, compressed, FIRST);
            // What is longer than the first bytes ends in an error, after they were read.
            let _ = bounded.read_to_end(&mut first);
            drop(bounded);
            drop(packed);
            if xml::opens_a_tag(&first) { of_xml(&first) } else { titles::recognise(source) }
        }
        [] => Err(Refused::new(
            "zip_entries",
            "L'archive est vide.",
            "Déposez l'archive telle qu'elle a été produite.",
        )),
        _ => Ok(Recognised::Folder),
    }
}

fn unknown() -> Refused {
    Refused::new(
        "unknown_file",
        "Ce fichier n'est ni un export de SIECLE, de STS ou d'un logiciel d'emploi du temps, ni un tableau.",
        "Choisissez un fichier tel qu'il a été exporté ou reçu.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Write};

    fn told(bytes: &[u8]) -> Result<Recognised, &'static str> {
        recognise(&mut Cursor::new(bytes)).map_err(|refused| refused.code)
    }

    /// A zip of files that begin as a list of pupils.
    fn zip_of(names: &[&str]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for name in names {
            writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(b"<BEE_ELEVES/>").unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn a_file_is_what_it_holds() {
        let students = || Ok(Recognised::Kind(FileKind::Students));
        let kind = |kind| Ok(Recognised::Kind(kind));
        let utf16: Vec<u8> = "\u{feff}<STS_EDT>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let cases: [(&[u8], Result<Recognised, &str>); 14] = [
            (b"<?xml version=\"1.0\"?><BEE_ELEVES>", students()),
            (b"\xEF\xBB\xBF \n<BEE_ELEVES>", students()),
            (&zip_of(&["ElevesSansAdresses.xml"]), students()),
            (&zip_of(&["a.xml", "b.xml"]), Ok(Recognised::Folder)),
            (&zip_of(&["0579999J/UDCal_00.xml", "0579999J/semaines.xml"]), kind(FileKind::UdtArchive)),
            (&utf16, kind(FileKind::Sts)),
            (b"\xEF\xBB\xBF<TABLE nom=\"x\">\r\n<Eleves numero=\"1\">", kind(FileKind::EdtStudents)),
            (b"<!DOCTYPE ficAlimMENESR SYSTEM \"ficAlimMENESR.dtd\"><ficAlimMENESR>", kind(FileKind::Aaf)),
            (b"<BEE_COMMUN>", Err("not_needed")),
            (b"<not xml", Err("unknown_file")),
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
