//! The compound file that an XLS is in: sectors chained by a table (MS-CFB). Chains are followed no
//! further than the file has sectors, so that one that bites its tail is refused.

use super::{not_a_table, protected};
use crate::Refused;
use std::io::{self, Read, Seek, SeekFrom};

pub const SIGNATURE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// Bytes of a file: an XLS of 65,536 rows and our columns.
const MOST_BYTES: u64 = 32 * 1024 * 1024;
/// The last of the numbers that are sectors.
const LAST_SECTOR: u32 = 0xFFFF_FFFA;
/// Streams shorter than this are in small sectors.
const CUTOFF: u64 = 4096;
const SMALL_SECTOR: u64 = 64;
/// Bytes of an entry of the directory.
const ENTRY: usize = 128;

/// A stream of the file.
pub struct Stream<R> {
    source: R,
    /// Where each piece starts in the file.
    pieces: Vec<u64>,
    piece_bytes: u64,
    length: u64,
    at: u64,
    /// The piece that was read last.
    loaded: Option<usize>,
    buffer: Vec<u8>,
}

impl<R: Read + Seek> Stream<R> {
    /// The workbook: `Workbook`, or `Book` before Excel 97.
    pub fn workbook(mut source: R) -> Result<Self, Refused> {
        let size = source.seek(SeekFrom::End(0)).map_err(|_| not_a_table())?;
        if size > MOST_BYTES {
            return Err(super::too_large(size, MOST_BYTES));
        }
        let mut file = File::open(source, size).ok_or_else(not_a_table)?;
        let entries = file.directory().ok_or_else(not_a_table)?;
        let named = |name: &str| entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name));
        let Some(entry) = named("Workbook").or_else(|| named("Book")) else {
            return Err(if named("EncryptedPackage").is_some() { protected() } else { not_a_table() });
        };
        let root = entries.iter().find(|entry| entry.kind == 5);
        let (pieces, piece_bytes) = file.pieces(entry, root).ok_or_else(not_a_table)?;
        Ok(Self {
            source: file.source,
            pieces,
            piece_bytes,
            length: entry.length,
            at: 0,
            loaded: None,
            buffer: Vec::new(),
        })
    }

    pub fn go_to(&mut self, place: u64) {
        self.at = place;
    }

    pub fn place(&self) -> u64 {
        self.at
    }
}

impl<R: Read + Seek> Read for Stream<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.length {
            return Ok(0);
        }
        let piece = usize::try_from(self.at / self.piece_bytes).unwrap_or(usize::MAX);
        if self.loaded != Some(piece) {
            let start = *self.pieces.get(piece).ok_or(io::ErrorKind::UnexpectedEof)?;
            self.source.seek(SeekFrom::Start(start))?;
            self.buffer.clear();
            self.source.by_ref().take(self.piece_bytes).read_to_end(&mut self.buffer)?;
            self.loaded = Some(piece);
        }
        let from = usize::try_from(self.at % self.piece_bytes).unwrap_or(usize::MAX);
        let left = usize::try_from(self.length - self.at).unwrap_or(usize::MAX);
        let available = self.buffer.get(from..).unwrap_or(&[]);
        let available = available.get(..left.min(available.len())).unwrap_or(&[]);
        let count = available.len().min(into.len());
        if let (Some(into), Some(from)) = (into.get_mut(..count), available.get(..count)) {
            into.copy_from_slice(from);
        }
        self.at += u64::try_from(count).unwrap_or(0);
        Ok(count)
    }
}

struct Entry {
    name: String,
    /// 1 storage, 2 stream, 5 root.
    kind: u8,
    start: u32,
    length: u64,
}

struct File<R> {
    source: R,
    size: u64,
    sector: u64,
    /// The sector that follows each.
    next: Vec<u32>,
    directory: u32,
    small: u32,
}

impl<R: Read + Seek> File<R> {
    fn open(mut source: R, size: u64) -> Option<Self> {
        source.rewind().ok()?;
        let mut header = [0; 512];
        source.read_exact(&mut header).ok()?;
        let sector = match u16_at(&header, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        if u16_at(&header, 32)? != 6 {
            return None;
        }
        let (directory, small) = (u32_at(&header, 48)?, u32_at(&header, 60)?);
        let mut file = Self { source, size, sector, next: Vec::new(), directory, small };
        let mut tables: Vec<u32> = header.get(76..)?.chunks_exact(4).filter_map(|b| u32_at(b, 0)).collect();
        let mut more = u32_at(&header, 68)?;
        let most = file.sectors();
        for _ in 0..most {
            if more >= LAST_SECTOR {
                break;
            }
            let bytes = file.read_at(file.offset(more)?, file.sector)?;
            let mut numbers: Vec<u32> = bytes.chunks_exact(4).filter_map(|b| u32_at(b, 0)).collect();
            more = numbers.pop()?;
            tables.append(&mut numbers);
        }
        for table in tables.into_iter().filter(|table| *table < LAST_SECTOR) {
            let bytes = file.read_at(file.offset(table)?, file.sector)?;
            file.next.extend(bytes.chunks_exact(4).filter_map(|b| u32_at(b, 0)));
            if file.next.len() > most + 1024 {
                break;
            }
        }
        Some(file)
    }

    fn sectors(&self) -> usize {
        usize::try_from(self.size / self.sector).unwrap_or(usize::MAX)
    }

    fn offset(&self, sector: u32) -> Option<u64> {
        (u64::from(sector) + 1).checked_mul(self.sector).filter(|offset| *offset < self.size)
    }

    /// At most so many bytes; fewer at the end of the file.
    fn read_at(&mut self, offset: u64, most: u64) -> Option<Vec<u8>> {
        self.source.seek(SeekFrom::Start(offset)).ok()?;
        let mut bytes = Vec::new();
        self.source.by_ref().take(most).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }

    /// The sectors of a chain; none when it does not end.
    fn chain(&self, start: u32) -> Option<Vec<u32>> {
        chain(start, &self.next, self.sectors())
    }

    /// All bytes of a chain.
    fn bytes(&mut self, start: u32) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        for sector in self.chain(start)? {
            let offset = self.offset(sector)?;
            bytes.append(&mut self.read_at(offset, self.sector)?);
        }
        Some(bytes)
    }

    fn directory(&mut self) -> Option<Vec<Entry>> {
        let is_long = self.sector == 4096;
        let bytes = self.bytes(self.directory)?;
        let entry = |bytes: &[u8]| {
            let letters = usize::from(u16_at(bytes, 64)?).min(64) / 2;
            let name: Vec<u16> = bytes.get(..64)?.chunks_exact(2).filter_map(|b| u16_at(b, 0)).collect();
            let name = String::from_utf16_lossy(name.get(..letters.saturating_sub(1))?);
            let length = u64::from(u32_at(bytes, 120)?);
            let high = if is_long { u64::from(u32_at(bytes, 124)?) } else { 0 };
            Some(Entry {
                name,
                kind: *bytes.get(66)?,
                start: u32_at(bytes, 116)?,
                length: length | high << 32,
            })
        };
        Some(bytes.chunks_exact(ENTRY).filter_map(entry).collect())
    }

    /// Where the pieces of a stream start, and how many bytes each has.
    fn pieces(&mut self, entry: &Entry, root: Option<&Entry>) -> Option<(Vec<u64>, u64)> {
        if entry.length >= CUTOFF {
            let chain = self.chain(entry.start)?;
            let pieces: Option<Vec<u64>> = chain.into_iter().map(|sector| self.offset(sector)).collect();
            return Some((pieces?, self.sector));
        }
        let host = self.chain(root?.start)?;
        let next: Vec<u32> = self.bytes(self.small)?.chunks_exact(4).filter_map(|b| u32_at(b, 0)).collect();
        let per_sector = self.sector / SMALL_SECTOR;
        let most = host.len().checked_mul(usize::try_from(per_sector).ok()?)?;
        let piece = |small: u32| {
            let sector = *host.get(usize::try_from(u64::from(small) / per_sector).ok()?)?;
            Some(self.offset(sector)? + u64::from(small) % per_sector * SMALL_SECTOR)
        };
        let pieces: Option<Vec<u64>> = chain(entry.start, &next, most)?.into_iter().map(piece).collect();
        Some((pieces?, SMALL_SECTOR))
    }
}

fn chain(start: u32, next: &[u32], most: usize) -> Option<Vec<u32>> {
    let (mut chain, mut at) = (Vec::new(), start);
    while at < LAST_SECTOR {
        if chain.len() > most {
            return None;
        }
        chain.push(at);
        at = *next.get(usize::try_from(at).ok()?)?;
    }
    Some(chain)
}

pub fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

pub fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}
