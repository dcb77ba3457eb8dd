//! Reads a file, stages what it says and compares it with what the school knows. The file
//! is read on a blocking thread; what it says goes to the database in small pieces, each
//! its own transaction, so that memory stays flat and everybody sees how far it is.

use super::{compare, counts, refuse_older};
use crate::db::imports::{self as rows, NewImport, Progress, Staged};
use crate::db::{Db, Fault, Scope};
use crate::importers::{self, Head, Item, Refused};
use crate::operations::imports::report::{Counts, Refusal};
use crate::operations::imports::upload::{Source, Upload};
use crate::operations::{Actor, Failure, Invalid};
use diesel_async::AsyncPgConnection;
use domain::identifiers::Uai;
use domain::ids::EstablishmentId;
use domain::issues::{ImportIssue, Severity};
use domain::rows::{DeviceRow, FileKind, StructureRow, StudentRow};
use serde::Serialize;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tokio::sync::mpsc;
use uuid::Uuid;

/// Rows sent to the database at a time.
const BATCH: usize = 2_000;
/// Faults that a person is shown.
const MOST_ISSUES: usize = 1_000;
/// Without rows, progress is told so often.
const TELL_EVERY: Duration = Duration::from_millis(300);

/// Records the file as being read, or as refused when it is of no kind we know.
pub async fn begin(
    db: &Db,
    school: EstablishmentId,
    actor: Option<&Actor>,
    upload: &Upload,
) -> Result<Uuid, Failure> {
    let id = Uuid::now_v7();
    let refusal = upload.kind.as_ref().err().map(|refused| Refusal::from(Invalid::from(refused.clone())));
    let import = NewImport {
        id,
        establishment_id: school.0,
        kind: upload.kind.as_ref().ok().map(|kind| kind.as_str()),
        file_name: &upload.name,
        file_sha256: &upload.sha256,
        state: if refusal.is_some() { "refused" } else { "reading" },
        refusal: refusal.map(json).transpose()?,
        created_by: actor.map(|actor| actor.operator.0),
        bytes_total: i64::try_from(upload.bytes).unwrap_or(i64::MAX),
    };
    db.transaction(Scope::School(school), async |conn| {
        rows::insert(conn, &import).await?;
        Ok::<_, Failure>(id)
    })
    .await
}

/// Reads the file to its end: the import is then `staged` or `refused`, unless it was
/// discarded meanwhile.
pub async fn read_file(db: &Db, (school, uai): (EstablishmentId, &Uai), id: Uuid, upload: Upload) {
    let Ok(kind) = upload.kind else { return };
    let place = Place { db, school, id };
    let refusal = match stage(&place, kind, upload.source, uai).await {
        Ok(()) => return,
        Err(Failure::Invalid(invalid)) => Refusal::from(invalid),
        Err(failure) => {
            tracing::error!(?failure, "a file could not be staged");
            fault()
        }
    };
    let refused = db
        .transaction(Scope::School(school), async |conn| {
            rows::set_refused(conn, id, &json(refusal)?).await?;
            Ok::<_, Failure>(())
        })
        .await;
    if let Err(failure) = refused {
        tracing::error!(?failure, "a refused file could not be put away");
    }
}

/// Where what is read goes.
struct Place<'a> {
    db: &'a Db,
    school: EstablishmentId,
    id: Uuid,
}

async fn stage(place: &Place<'_>, kind: FileKind, source: Box<dyn Source>, uai: &Uai) -> Result<(), Failure> {
    let progress = Arc::new(Reached::default());
    let (sender, mut receiver) = mpsc::channel::<Batch>(2);
    let reading = {
        let (uai, progress) = (uai.clone(), progress.clone());
        tokio::task::spawn_blocking(move || read(kind, Counted { source, progress }, &uai, &sender))
    };
    loop {
        let batch = match tokio::time::timeout(TELL_EVERY, receiver.recv()).await {
            Ok(Some(batch)) => batch,
            Ok(None) => break,
            Err(_) => Batch::default(),
        };
        let reached = progress.now();
        place
            .db
            .transaction(Scope::School(place.school), async |conn| {
                if !rows::touch(conn, place.id, reached).await? {
                    return Err(stopped().into());
                }
                batch.stage(conn, place).await
            })
            .await?;
    }
    // A panic in a reader is a file it cannot read.
    let (head, faults) = reading.await.map_err(|_| unreadable())??;
    settle(place, kind, head, faults).await
}

/// What the thread that reads does.
fn read(
    kind: FileKind,
    source: Counted,
    uai: &Uai,
    sender: &mpsc::Sender<Batch>,
) -> Result<(Head, Faults), Refused> {
    let progress = source.progress.clone();
    let (mut batch, mut faults) = (Batch::default(), Faults::default());
    let send = |batch: &mut Batch| sender.blocking_send(std::mem::take(batch)).map_err(|_| stopped());
    let mut sink = |item| {
        if matches!(item, Item::Student(_) | Item::Device(_)) {
            progress.rows.fetch_add(1, Ordering::Relaxed);
        }
        match item {
            Item::Student(student) => batch.students.push(student),
            Item::Structure(structure) => batch.structures.push(structure),
            Item::Device(device) => batch.devices.push(device),
            Item::Issue(issue) => faults.add(issue),
        }
        if batch.is_full() { send(&mut batch) } else { Ok(()) }
    };
    let head = importers::read(kind, source, uai, &mut sink)?;
    send(&mut batch)?;
    Ok((head, faults))
}

/// Faults that come after the last row, the figures, and the waiting for a decision.
async fn settle(place: &Place<'_>, kind: FileKind, head: Head, mut faults: Faults) -> Result<(), Failure> {
    let (db, school, id) = (place.db, place.school, place.id);
    db.transaction(Scope::School(school), async |conn| Ok::<_, Failure>(rows::count_staged(conn).await?))
        .await?;
    db.transaction(Scope::School(school), async |conn| {
        let reached = Progress { bytes: i64::MAX, rows: i64::from(head.read) };
        if !rows::touch(conn, id, reached).await? {
            return Err(stopped().into());
        }
        if kind == FileKind::Students {
            refuse_older(conn, school, head.exported_at).await?;
            settle_students(conn, id, &mut faults).await?;
        }
        let (difference, changes) = compare(conn, (school, id), kind, head.school_year).await?;
        let figures: Counts = counts(i64::from(head.read), difference, faults.warnings);
        let staged = Staged {
            school_year: head.school_year,
            exported_at: head.exported_at,
            counts: json(figures)?,
            changes: json(changes)?,
        };
        rows::issues::insert(conn, school, id, &faults.first).await?;
        rows::set_staged(conn, id, &staged).await?;
        Ok(())
    })
    .await
}

async fn settle_students(conn: &mut AsyncPgConnection, id: Uuid, faults: &mut Faults) -> Result<(), Failure> {
    let limit = i64::try_from(MOST_ISSUES).unwrap_or(i64::MAX);
    let repeated = rows::students::drop_repeated(conn, id, limit).await?;
    faults.errors += repeated.first().map_or(0, |twice| twice.total);
    for twice in repeated {
        let message = format!(
            "Cet élève est déjà l'élève n° {} du fichier, dont la fiche est gardée.",
            twice.first_row
        );
        let expected = "un identifiant par élève";
        faults.keep(issue(Severity::Error, &twice, "ELEVE_ID", "duplicate_student", expected, message));
    }
    let shared = rows::students::shared_ines(conn, id, limit).await?;
    faults.warnings += shared.first().map_or(0, |twice| twice.total);
    for twice in shared {
        let message = format!(
            "Cet INE est aussi celui de l'élève n° {} ; les deux fiches restent séparées.",
            twice.first_row
        );
        faults.keep(issue(Severity::Warning, &twice, "INE", "shared_ine", "un INE par élève", message));
    }
    Ok(rows::students::fold_structures(conn, id).await?)
}

fn issue(
    severity: Severity,
    twice: &rows::students::Twice,
    column: &str,
    code: &str,
    expected: &str,
    message: String,
) -> ImportIssue {
    ImportIssue {
        row: u32::try_from(twice.row_number).ok(),
        column: Some(column.into()),
        code: code.into(),
        severity,
        read: Some(twice.value.clone()),
        expected: expected.into(),
        message,
    }
}

/// Rows on their way to the database.
#[derive(Default)]
struct Batch {
    students: Vec<StudentRow>,
    structures: Vec<StructureRow>,
    devices: Vec<DeviceRow>,
}

impl Batch {
    fn is_full(&self) -> bool {
        self.students.len().max(self.structures.len()).max(self.devices.len()) >= BATCH
    }

    async fn stage(&self, conn: &mut AsyncPgConnection, place: &Place<'_>) -> Result<(), Failure> {
        let Place { school, id, .. } = *place;
        if !self.students.is_empty() {
            rows::students::stage(conn, school, id, &self.students).await?;
        }
        if !self.structures.is_empty() {
            rows::students::stage_structures(conn, school, id, &self.structures).await?;
        }
        if !self.devices.is_empty() {
            rows::devices::stage(conn, school, id, &self.devices).await?;
        }
        Ok(())
    }
}

/// The first faults, and how many there are.
#[derive(Default)]
struct Faults {
    first: Vec<ImportIssue>,
    errors: i64,
    warnings: i64,
}

impl Faults {
    fn add(&mut self, issue: ImportIssue) {
        match issue.severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
        }
        self.keep(issue);
    }

    fn keep(&mut self, issue: ImportIssue) {
        if self.first.len() < MOST_ISSUES {
            self.first.push(issue);
        }
    }
}

/// How far the thread that reads is.
#[derive(Default)]
struct Reached {
    bytes: AtomicI64,
    rows: AtomicI64,
}

impl Reached {
    fn now(&self) -> Progress {
        Progress { bytes: self.bytes.load(Ordering::Relaxed), rows: self.rows.load(Ordering::Relaxed) }
    }
}

/// A source that tells where it is.
struct Counted {
    source: Box<dyn Source>,
    progress: Arc<Reached>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        self.progress.bytes.fetch_add(i64::try_from(count).unwrap_or(0), Ordering::Relaxed);
        Ok(count)
    }
}

impl Seek for Counted {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = self.source.seek(to)?;
        self.progress.bytes.store(i64::try_from(place).unwrap_or(i64::MAX), Ordering::Relaxed);
        Ok(place)
    }
}

fn json(value: impl Serialize) -> Result<serde_json::Value, Fault> {
    serde_json::to_value(value).map_err(|error| Fault::Other(error.to_string()))
}

/// Nobody wants the file any more.
fn stopped() -> Refused {
    Refused::new("import_stopped", "La lecture a été arrêtée.", "Déposez de nouveau le fichier.")
}

fn unreadable() -> Refused {
    Refused::new("unreadable", "Ce fichier ne peut pas être lu.", "Demandez-le de nouveau à qui l'a produit.")
}

fn fault() -> Refusal {
    Refusal {
        code: "fault".into(),
        title: "Panne du service".into(),
        detail: "Le service n'a pas pu lire ce fichier. Rien n'a été enregistré.".into(),
        remedy: "Recommencez dans un instant ; si cela dure, lancez « remise doctor ».".into(),
    }
}
