//! A file on its way in: where its bytes are, what it is called, what it is.

use super::sealed::Sealed;
use chrono::NaiveDate;
use domain::rows::FileKind;
use importers::Refused;
use importers::recognise::{Recognised, recognise};
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
    pub(super) as_of: Option<NaiveDate>,
}

impl Upload {
    /// A file that was hashed while it was written; it may be rewound.
    pub fn spooled(file: Sealed, name: String, sha256: Vec<u8>, bytes: u64) -> Self {
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
        let kind = recognise(&mut source).and_then(|recognised| match recognised {
            Recognised::Kind(kind) => Ok(kind),
            Recognised::Table => Err(Refused::new(
                "columns_unknown",
                "Ce tableau n'est pas d'un modèle connu.",
                "Déposez-le dans la page Fichiers, et dites ce que sont ses colonnes.",
            )),
            Recognised::Folder => Err(Refused::new(
                "several_files",
                "Cette archive contient plusieurs fichiers.",
                "Déposez-les un par un.",
            )),
        });
        Self { source, name, sha256, bytes, kind, as_of: None }
    }

    /// Leaving dates are judged against that day, not against today.
    #[must_use]
    pub fn as_of(mut self, day: Option<NaiveDate>) -> Self {
        self.as_of = day;
        self
    }
}
