//! A file on its way in: where its bytes are, what it is called, what it is.

use super::sealed::{self, Seal, Sealed};
use chrono::NaiveDate;
use domain::identifiers::Uai;
use domain::rows::{AccountRow, FileKind};
use importers::mapping::{self, Layout, Preview};
use importers::recognise::{Recognised, recognise};
use importers::{Refused, archive};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, Write};
use std::path::Path;

/// Bytes to be read from any place.
pub trait Source: Read + Seek + Send {}

impl<T: Read + Seek + Send> Source for T {}

pub struct Upload {
    pub(super) source: Box<dyn Source>,
    pub(super) name: String,
    pub(super) sha256: Vec<u8>,
    pub(super) bytes: u64,
    recognised: Result<Recognised, Refused>,
    /// Which column is which, when somebody has said so.
    pub(super) layout: Option<Layout>,
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
        let recognised = recognise(&mut source);
        Self { source, name, sha256, bytes, recognised, layout: None, as_of: None }
    }

    /// Reads the table by columns that somebody has named.
    #[must_use]
    pub fn with_layout(self, layout: Layout) -> Self {
        Self { layout: Some(layout), ..self }
    }

    /// What it is, whether it may be read or not.
    pub(super) fn is(&self) -> Option<FileKind> {
        match (&self.layout, &self.recognised) {
            (Some(layout), _) => Some(layout.kind),
            (None, Ok(Recognised::Kind(kind))) => Some(*kind),
            (None, _) => None,
        }
    }

    /// What it is read as.
    ///
    /// # Errors
    /// When it may not be, or not yet.
    pub(super) fn kind(&self) -> Result<FileKind, Refused> {
        if let Some(layout) = &self.layout {
            return complete(layout);
        }
        match self.recognised.clone()? {
            Recognised::Kind(FileKind::Accounts) => Err(importers::accounts::printed()),
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
        }
    }

    /// A table of which nobody has said what its columns are.
    pub(super) fn is_unmapped(&self) -> bool {
        self.layout.is_none() && self.recognised == Ok(Recognised::Table)
    }

    /// The file and its first rows, for somebody who is to name the columns.
    pub(super) fn previewed(mut self) -> Result<(Self, Preview), Refused> {
        let preview = mapping::preview(&mut self.source)?;
        Ok((self, preview))
    }

    /// The files of a zip of several, each as if it had been sent by itself; those that lie in it but
    /// are none (a system's) are left out.
    ///
    /// # Errors
    /// When the archive is broken, or unpacks to more than a school's.
    pub fn parts(self) -> Result<Vec<Self>, Refused> {
        if self.recognised != Ok(Recognised::Folder) {
            return Ok(vec![self]);
        }
        let Self { source, as_of, .. } = self;
        let mut archive = archive::open(source)?;
        let mut parts = Vec::new();
        let mut left = importers::MOST_BYTES;
        for index in archive::useful(&archive) {
            let entry = archive.by_index(index).map_err(|_| archive::broken())?;
            let name = entry.name().map_err(|_| archive::broken())?.into_owned();
            let packed = entry.compressed_size();
            let (part, read) = Self::unpacked(archive::Bounded::new(entry, packed, left), &name)?;
            left = left.saturating_sub(read);
            parts.push(part.as_of(as_of));
        }
        Ok(parts)
    }

    /// One file of a zip, sealed on disk.
    fn unpacked(mut entry: impl Read, name: &str) -> Result<(Self, u64), Refused> {
        let broken = |error: &io::Error| archive::refusal(error).unwrap_or_else(archive::broken);
        let mut file = sealed::spool().map_err(|error| broken(&error))?;
        let (mut seal, mut hash, mut bytes) = (Seal::new(), Sha256::new(), 0_u64);
        let mut piece = vec![0; 256 * 1024];
        loop {
            let count = entry.read(&mut piece).map_err(|error| broken(&error))?;
            let Some(read) = piece.get_mut(..count).filter(|read| !read.is_empty()) else { break };
            hash.update(&*read);
            bytes += u64::try_from(read.len()).unwrap_or(u64::MAX);
            seal.hide(read);
            file.write_all(read).map_err(|error| broken(&error))?;
        }
        let name = name.rsplit('/').next().unwrap_or(name).to_owned();
        Ok((Self::spooled(seal.open(file), name, hash.finalize().to_vec(), bytes), bytes))
    }

    /// Reads it as accounts of the ENT, which go onto paper and nowhere else.
    ///
    /// # Errors
    /// When it is no such file, or another school's.
    pub fn accounts(
        self,
        uai: &Uai,
        sink: &mut dyn FnMut(AccountRow) -> Result<(), Refused>,
    ) -> Result<importers::Head, Refused> {
        importers::accounts::read(self.source, uai, sink)
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Leaving dates are judged against that day, not against today.
    #[must_use]
    pub fn as_of(mut self, day: Option<NaiveDate>) -> Self {
        self.as_of = day;
        self
    }
}

/// The kind of a layout that names every column it needs.
fn complete(layout: &Layout) -> Result<FileKind, Refused> {
    let missing: Vec<&str> =
        layout.missing().into_iter().map(|key| mapping::label(layout.kind, key)).collect();
    if missing.is_empty() {
        return Ok(layout.kind);
    }
    Err(Refused::new(
        "columns_missing",
        format!("Aucune colonne n'est donnée pour : {}.", missing.join(", ")),
        "Dites quelle colonne les contient.",
    ))
}
