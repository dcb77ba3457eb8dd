//! A file that waits on disk to be read, unreadable to anybody else: SIECLE sends much that the loan does
//! not need, and none of it may lie in a temporary file. The key is drawn for each file and is in memory only.

use chacha20::ChaCha20;
use chacha20::cipher::{KeyIvInit, StreamCipher, StreamCipherSeek};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// A file without a name. `/tmp` may be in memory; `/var/tmp` is for large files. `TMPDIR` decides when
/// it is set.
pub fn spool() -> io::Result<File> {
    let large = Path::new("/var/tmp");
    if std::env::var_os("TMPDIR").is_none() && large.is_dir() {
        tempfile::tempfile_in(large)
    } else {
        tempfile::tempfile()
    }
}

/// Bytes on their way to the disk.
pub struct Seal {
    cipher: ChaCha20,
    key: [u8; 32],
}

impl Seal {
    pub fn new() -> Self {
        let key = rand::random();
        Self { cipher: cipher(&key), key }
    }

    /// Makes the next bytes of the file unreadable, in their place.
    pub fn hide(&mut self, bytes: &mut [u8]) {
        self.cipher.apply_keystream(bytes);
    }

    /// What was written with this seal, to be read.
    pub fn open(self, file: File) -> Sealed {
        Sealed { cipher: cipher(&self.key), file }
    }
}

impl Default for Seal {
    fn default() -> Self {
        Self::new()
    }
}

/// One key is used for one file: a nonce of zeros repeats nothing.
fn cipher(key: &[u8; 32]) -> ChaCha20 {
    ChaCha20::new(key.into(), &[0; 12].into())
}

/// A file written through a [`Seal`], read as it was sent.
pub struct Sealed {
    cipher: ChaCha20,
    file: File,
}

impl Read for Sealed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        if let Some(read) = buffer.get_mut(..count) {
            self.cipher.apply_keystream(read);
        }
        Ok(count)
    }
}

impl Seek for Sealed {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = self.file.seek(to)?;
        self.cipher.try_seek(place).map_err(io::Error::other)?;
        Ok(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn what_lies_on_disk_is_readable_through_the_seal_only() {
        let text: Vec<u8> = "NATIONALITE MARQUEE ".bytes().cycle().take(300_000).collect();
        let mut seal = Seal::new();
        let mut file = tempfile::tempfile().unwrap();
        for piece in text.chunks(4_099) {
            let mut piece = piece.to_vec();
            seal.hide(&mut piece);
            file.write_all(&piece).unwrap();
        }
        let mut lying = Vec::new();
        file.rewind().unwrap();
        file.read_to_end(&mut lying).unwrap();
        assert_eq!(lying.len(), text.len());
        assert!(!lying.windows(7).any(|bytes| bytes == b"MARQUEE"));
        let mut opened = seal.open(file);
        for start in [0_u32, 1, 63, 64, 65, 123_457, 299_990] {
            let mut read = Vec::new();
            opened.seek(SeekFrom::Start(start.into())).unwrap();
            opened.read_to_end(&mut read).unwrap();
            assert_eq!(read, text[usize::try_from(start).unwrap()..], "from {start}");
        }
        assert_eq!(opened.seek(SeekFrom::End(-5)).unwrap(), 299_995);
    }
}
