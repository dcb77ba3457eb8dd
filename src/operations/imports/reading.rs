//! The blocking thread that reads a file: rows leave it in batches, faults and figures at its end.

use super::upload::Source;
use crate::db::imports::Progress;
use domain::identifiers::Uai;
use domain::issues::{ImportIssue, Severity};
use domain::rows::{
    BadgeRow, DeviceRow, FileKind, GuardianLinkRow, GuardianRow, ReferenceRow, StructureRow, StudentRow,
};
use importers::mapping::Layout;
use importers::{Asked, Head, Item, Refused};
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tokio::sync::mpsc;

/// Rows sent to the database at a time.
const BATCH: usize = 2_000;
/// Faults that a person is shown.
pub const MOST_ISSUES: usize = 1_000;

/// What the thread that reads does.
pub fn read(
    kind: FileKind,
    source: Box<dyn Source>,
    progress: Arc<Reached>,
    (uai, layout): (&Uai, Option<&Layout>),
    sender: &mpsc::Sender<Batch>,
) -> Result<(Head, Faults), Refused> {
    let source = Counted { source, at: 0, progress: progress.clone() };
    let (mut batch, mut faults) = (Batch::default(), Faults::default());
    let send = |batch: &mut Batch| sender.blocking_send(std::mem::take(batch)).map_err(|_| stopped());
    let mut sink = |item| {
        if !matches!(item, Item::Structure(_) | Item::Issue(_)) {
            progress.rows.fetch_add(1, Ordering::Relaxed);
        }
        match item {
            Item::Student(student) => batch.students.push(student),
            Item::Structure(structure) => batch.structures.push(structure),
            Item::Guardian(guardian) => batch.guardians.push(guardian),
            Item::GuardianLink(link) => batch.links.push(link),
            Item::Reference(reference) => batch.references.push(reference),
            Item::Badge(badge) => batch.badges.push(badge),
            Item::Device(device) => batch.devices.push(device),
            Item::Issue(issue) => faults.add(issue),
        }
        if batch.is_full() { send(&mut batch) } else { Ok(()) }
    };
    let head = importers::read(kind, source, Asked { uai, layout }, &mut sink)?;
    send(&mut batch)?;
    Ok((head, faults))
}

/// Rows on their way to the database.
#[derive(Default)]
pub struct Batch {
    pub students: Vec<StudentRow>,
    pub structures: Vec<StructureRow>,
    pub guardians: Vec<GuardianRow>,
    pub links: Vec<GuardianLinkRow>,
    pub references: Vec<ReferenceRow>,
    pub badges: Vec<BadgeRow>,
    pub devices: Vec<DeviceRow>,
}

impl Batch {
    fn is_full(&self) -> bool {
        let people = self.students.len() + self.structures.len() + self.guardians.len() + self.links.len();
        people + self.references.len() + self.badges.len() + self.devices.len() >= BATCH
    }
}

/// The first faults, and how many there are.
#[derive(Default)]
pub struct Faults {
    pub first: Vec<ImportIssue>,
    pub errors: i64,
    pub warnings: i64,
}

impl Faults {
    fn add(&mut self, issue: ImportIssue) {
        match issue.severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
        }
        self.keep(issue);
    }

    pub fn keep(&mut self, issue: ImportIssue) {
        if self.first.len() < MOST_ISSUES {
            self.first.push(issue);
        }
    }
}

/// How far the thread that reads is.
#[derive(Default)]
pub struct Reached {
    bytes: AtomicI64,
    rows: AtomicI64,
}

impl Reached {
    pub fn now(&self) -> Progress {
        Progress { bytes: self.bytes.load(Ordering::Relaxed), rows: self.rows.load(Ordering::Relaxed) }
    }
}

/// A source that tells where it is once there are rows: a table is gone through for its encoding first,
/// and a bar that is full and then begins again tells nobody anything.
struct Counted {
    source: Box<dyn Source>,
    at: u64,
    progress: Arc<Reached>,
}

impl Counted {
    fn is_at(&mut self, place: u64) {
        self.at = place;
        if self.progress.rows.load(Ordering::Relaxed) > 0 {
            self.progress.bytes.store(i64::try_from(place).unwrap_or(i64::MAX), Ordering::Relaxed);
        }
    }
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        self.is_at(self.at + u64::try_from(count).unwrap_or(0));
        Ok(count)
    }
}

impl Seek for Counted {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = self.source.seek(to)?;
        self.is_at(place);
        Ok(place)
    }
}

/// Nobody wants the file any more.
pub fn stopped() -> Refused {
    Refused::new("import_stopped", "La lecture a été arrêtée.", "Déposez de nouveau le fichier.")
}
