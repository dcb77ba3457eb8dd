//! Reads a file, stages what it says and compares it with what the school knows. The file
//! is read on a blocking thread; what it says goes to the database in small pieces, each
//! its own transaction, so that memory stays flat and everybody sees how far it is.

use super::{compare, counts, refuse_older};
use crate::db::imports::{self as rows, NewImport, Progress, Staged};
use crate::db::{Db, Fault, Scope};
use crate::operations::imports::reading::{Batch, Faults, MOST_ISSUES, Reached, read, stopped};
use crate::operations::imports::report::{Counts, Refusal};
use crate::operations::imports::upload::{Source, Upload};
use crate::operations::{Actor, Failure, Invalid};
use diesel_async::AsyncPgConnection;
use domain::identifiers::Uai;
use domain::ids::EstablishmentId;
use domain::issues::{ImportIssue, Severity};
use domain::rows::FileKind;
use importers::{Head, Refused};
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use uuid::Uuid;

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
    let db = &db.patient();
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
        tokio::task::spawn_blocking(move || read(kind, source, progress, &uai, &sender))
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
                put(conn, place, &batch).await
            })
            .await?;
    }
    // A panic in a reader is a file it cannot read.
    let (head, faults) = reading.await.map_err(|_| unreadable())??;
    settle(place, kind, head, faults).await
}

/// Writes the rows of a batch.
async fn put(conn: &mut AsyncPgConnection, place: &Place<'_>, batch: &Batch) -> Result<(), Failure> {
    let Place { school, id, .. } = *place;
    if !batch.students.is_empty() {
        rows::students::stage(conn, school, id, &batch.students).await?;
    }
    if !batch.structures.is_empty() {
        rows::settling::stage_structures(conn, school, id, &batch.structures).await?;
    }
    if !batch.devices.is_empty() {
        rows::devices::stage(conn, school, id, &batch.devices).await?;
    }
    Ok(())
}

/// Faults that come after the last row, the figures, and the waiting for a decision.
async fn settle(place: &Place<'_>, kind: FileKind, head: Head, mut faults: Faults) -> Result<(), Failure> {
    let (db, school, id) = (place.db, place.school, place.id);
    db.transaction(Scope::School(school), async |conn| Ok::<_, Failure>(rows::count_staged(conn).await?))
        .await?;
    db.transaction(Scope::School(school), async |conn| {
        rows::join_whole_tables(conn).await?;
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
    let repeated = rows::settling::drop_repeated(conn, id, limit).await?;
    faults.errors += repeated.first().map_or(0, |twice| twice.total);
    for twice in repeated {
        let message = format!(
            "Cet élève est déjà l'élève n° {} du fichier, dont la fiche est gardée.",
            twice.first_row
        );
        let expected = "un identifiant par élève";
        faults.keep(issue(Severity::Error, &twice, "ELEVE_ID", "duplicate_student", expected, message));
    }
    let shared = rows::settling::shared_ines(conn, id, limit).await?;
    faults.warnings += shared.first().map_or(0, |twice| twice.total);
    for twice in shared {
        let message = format!(
            "Cet INE est aussi celui de l'élève n° {} ; les deux fiches restent séparées.",
            twice.first_row
        );
        faults.keep(issue(Severity::Warning, &twice, "INE", "shared_ine", "un INE par élève", message));
    }
    Ok(rows::settling::fold_structures(conn, id).await?)
}

fn issue(
    severity: Severity,
    twice: &rows::settling::Twice,
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

fn json(value: impl Serialize) -> Result<serde_json::Value, Fault> {
    serde_json::to_value(value).map_err(|error| Fault::Other(error.to_string()))
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
