//! A file on its way in: where its bytes are, what it is called, what it is.

use domain::rows::FileKind;
use importers::{Refused, recognise};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek};
use std::path::Path;

/// Bytes to be read from any place.
pub trait Source: Read + Seek + Send {}

impl<T: Read + Seek + Send> Source for T {}

pub struct Upload {
    pub(super) source: Box<dyn Source>,
    pub(super) name: String,
    pub(super) sha256: Vec<u8>,
    pub(super) bytes: u64,
    pub(super) kind: Result<FileKind, Refused>,
}

impl Upload {
    /// A file that was hashed while it was written; it may be rewound.
    pub fn spooled(file: File, name: String, sha256: Vec<u8>, bytes: u64) -> Self {
        Self::new(Box::new(file), name, sha256, bytes)
    }

    /// A file of this machine. Reads it once, for its hash.
    pub fn of_file(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let mut hash = Sha256::new();
        let mut reader = BufReader::with_capacity(1024 * 1024, &mut file);
        let mut piece = vec![0; 1024 * 1024];
        let mut bytes = 0;
        loop {
            let count = reader.read(&mut piece)?;
            let Some(read) = piece.get(..count).filter(|read| !read.is_empty()) else { break };
            hash.update(read);
            bytes += u64::try_from(count).unwrap_or(u64::MAX);
        }
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(Self::new(Box::new(file), name, hash.finalize().to_vec(), bytes))
    }

    /// A file in memory.
    pub fn of_bytes(name: &str, content: Vec<u8>) -> Self {
        let sha256 = Sha256::digest(&content).to_vec();
        let bytes = u64::try_from(content.len()).unwrap_or(u64::MAX);
        Self::new(Box::new(Cursor::new(content)), name.to_owned(), sha256, bytes)
    }

    fn new(mut source: Box<dyn Source>, name: String, sha256: Vec<u8>, bytes: u64) -> Self {
        let kind = recognise::recognise(&mut source);
        Self { source, name, sha256, bytes, kind }
    }

    /// Refuses the file, when it is read, unless it is of that kind.
    #[must_use]
    pub fn expect(mut self, wanted: FileKind) -> Self {
        if matches!(self.kind, Ok(kind) if kind != wanted) {
            let (is, command) = match wanted {
                FileKind::Students => ("un bon de livraison", "delivery"),
                FileKind::Delivery => ("une liste d'élèves", "students"),
            };
            self.kind = Err(Refused::new(
                "wrong_kind",
                format!("Ce fichier paraît être {is}."),
                format!("Utilisez « remise import {command} »."),
            ));
        }
        self
    }
}
