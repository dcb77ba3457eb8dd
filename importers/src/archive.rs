//! What may be unpacked. A zip says how large its entries are, and may lie: the bytes
//! that really come out are counted, and compared with those that went in.

use super::Refused;
use std::io::{self, Read, Seek, SeekFrom};
use zip::ZipArchive;

/// The first bytes of a zip.
pub const SIGNATURE: &[u8] = b"PK\x03\x04";

/// Entries of the largest archive that a school sends; a workbook has about twenty.
const MOST_ENTRIES: usize = 500;
/// Bytes out for one in. Deflate reaches 1,032; SIECLE's lists stay below 40.
const MOST_RATIO: u64 = 200;
/// Below this nothing is too dense: an empty sheet packs very well.
const RATIO_COUNTS_FROM: u64 = 1024 * 1024;

/// Opens the archive and refuses what no school makes.
pub fn open<R: Read + Seek>(mut source: R) -> Result<ZipArchive<R>, Refused> {
    if announced_entries(&mut source).map_err(|_| broken())? > MOST_ENTRIES {
        return Err(too_many_entries());
    }
    let archive = ZipArchive::new(source).map_err(|_| broken())?;
    if archive.len() > MOST_ENTRIES { Err(too_many_entries()) } else { Ok(archive) }
}

/// The most entries that any end of a central directory announces (APPNOTE 4.3.14 to 4.3.16). Every one
/// of them takes memory before the first can be looked at, so that they are counted first.
fn announced_entries(source: &mut (impl Read + Seek)) -> io::Result<usize> {
    // The end record and its longest comment, and the two records of 64 bits before it.
    const TAIL: u64 = 22 + 65_535 + 20 + 56;
    let size = source.seek(SeekFrom::End(0))?;
    source.seek(SeekFrom::Start(size.saturating_sub(TAIL)))?;
    let mut tail = Vec::new();
    source.take(TAIL).read_to_end(&mut tail)?;
    let mut most = 0;
    for (at, record) in tail.windows(20).enumerate() {
        let announced = match record {
            [b'P', b'K', 5, 6, _, _, _, _, _, _, low, high, ..] => u16::from_le_bytes([*low, *high]).into(),
            // The locator of 64 bits stands right behind its record, or it is forged.
            [b'P', b'K', 6, 7, ..] => {
                at.checked_sub(56).and_then(|from| entries_64(&tail, from)).unwrap_or(u64::MAX)
            }
            _ => 0,
        };
        most = most.max(announced);
    }
    Ok(usize::try_from(most).unwrap_or(usize::MAX))
}

fn entries_64(tail: &[u8], from: usize) -> Option<u64> {
    let record = tail.get(from..)?.strip_prefix(b"PK\x06\x06")?;
    Some(u64::from_le_bytes(*record.get(28..)?.first_chunk()?))
}

fn too_many_entries() -> Refused {
    Refused::new(
        "zip_entries",
        format!("L'archive contient plus de {MOST_ENTRIES} fichiers."),
        "Déposez l'archive telle qu'elle a été produite.",
    )
}

/// The useful entries; hidden and system entries are none.
pub fn useful<R: Read + Seek>(archive: &ZipArchive<R>) -> Vec<usize> {
    (0..archive.len())
        .filter(|&index| {
            archive.name_for_index(index).and_then(Result::ok).is_some_and(|name| {
                let hidden = name.split('/').any(|part| part.starts_with('.') || part == "__MACOSX");
                !hidden && !name.ends_with('/')
            })
        })
        .collect()
}

/// The one useful entry.
pub fn only_entry<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Result<usize, Refused> {
    let useful = useful(archive);
    match useful.as_slice() {
        [index] => Ok(*index),
        useful => Err(Refused::new(
            "zip_entries",
            format!("L'archive contient {} fichiers ; un seul est attendu.", useful.len()),
            "Déposez l'archive telle que SIECLE l'a produite.",
        )),
    }
}

/// Reads on until too much has come out; then an error that carries the refusal.
pub struct Bounded<R> {
    inner: R,
    packed: u64,
    most: u64,
    seen: u64,
}

impl<R: Read> Bounded<R> {
    /// `packed` bytes hold what `inner` gives, of which at most `most` are wanted.
    pub fn new(inner: R, packed: u64, most: u64) -> Self {
        Self { inner, packed, most, seen: 0 }
    }

    /// Bytes that came out.
    pub fn seen(&self) -> u64 {
        self.seen
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.seen += u64::try_from(count).unwrap_or(u64::MAX);
        let dense = self.seen > RATIO_COUNTS_FROM && self.seen / MOST_RATIO > self.packed;
        if self.seen > self.most || dense { Err(io::Error::other(too_large())) } else { Ok(count) }
    }
}

/// The refusal inside an error of [`Bounded`], when there is one.
pub fn refusal(error: &io::Error) -> Option<Refused> {
    error.get_ref().and_then(|inner| inner.downcast_ref::<Refused>()).cloned()
}

pub fn broken() -> Refused {
    Refused::new("zip_broken", "L'archive zip est abîmée.", "Exportez de nouveau le fichier.")
}

pub fn too_large() -> Refused {
    Refused::new(
        "zip_too_large",
        "Une fois décompressée, cette archive est bien plus grande qu'un fichier d'établissement.",
        "Déposez l'archive telle qu'elle a été produite.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Write};

    fn zipped(content: &[u8]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file("a", zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
        writer.finish().unwrap().into_inner()
    }

    fn told(bytes: &[u8], most: u64) -> Result<(), &'static str> {
        let unpack = |mut archive: ZipArchive<Cursor<&[u8]>>| {
            let entry = archive.by_index(0).map_err(|_| broken())?;
            let packed = entry.compressed_size();
            let count = io::copy(&mut Bounded::new(entry, packed, most), &mut io::sink());
            count.map(|_| ()).map_err(|error| refusal(&error).unwrap_or_else(broken))
        };
        open(Cursor::new(bytes)).and_then(unpack).map_err(|refused| refused.code)
    }

    #[test]
    fn entries_are_counted_before_any_takes_memory() {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for name in 0..=MOST_ENTRIES {
            writer.start_file(name.to_string(), zip::write::SimpleFileOptions::default()).unwrap();
        }
        let many = writer.finish().unwrap().into_inner();
        assert_eq!(told(&many, 1000), Err("zip_entries"));
        let mut forged = zipped(b"a");
        let end = forged.len() - 22;
        forged.splice(end..end, [b"PK\x06\x07".as_slice(), &[0; 16]].concat());
        assert_eq!(told(&forged, 1000), Err("zip_entries"));
    }

    #[test]
    fn what_comes_out_is_counted() {
        let plain: Vec<u8> = (0..300_000u32).flat_map(u32::to_le_bytes).collect();
        assert_eq!(told(&zipped(&plain), 2_000_000), Ok(()));
        assert_eq!(told(&zipped(&plain), 1_000_000), Err("zip_too_large"));
        assert_eq!(told(&zipped(&vec![0; 900_000]), 2_000_000), Ok(()));
        assert_eq!(told(&zipped(&vec![0; 1_500_000]), 2_000_000), Err("zip_too_large"));
    }

    #[test]
    fn an_archive_that_lies_about_its_size_is_counted_all_the_same() {
        let mut bytes = zipped(&vec![0; 1_500_000]);
        let size = 1_500_000u32.to_le_bytes();
        let places: Vec<usize> = (0..bytes.len() - 4).filter(|at| bytes[*at..*at + 4] == size).collect();
        assert!(!places.is_empty());
        for at in places {
            bytes[at..at + 4].copy_from_slice(&10u32.to_le_bytes());
        }
        assert!(told(&bytes, 2_000_000).is_err());
        assert_eq!(told(&bytes[..bytes.len() / 2], 2_000_000), Err("zip_broken"));
    }
}
