//! Reads a file, stages what it says and compares it with what the school knows. The file
//! is read on a blocking thread; what it says goes to the database in small pieces, each
//! its own transaction, so that memory stays flat and everybody sees how far it is.

use super::things::{authority, compare};
use super::{not_found, refuse_older};
use crate::db::imports::settling::{Looking, Told};
use crate::db::imports::students::Authority;
use crate::db::imports::{self as rows, NewImport, Progress, Said, Staged};
use crate::db::{Db, Fault, Scope};
use crate::operations::imports::reading::{Batch, Faults, Reached, read, stopped};
use crate::operations::imports::report::{Counts, Refusal, ThingCounts};
use crate::operations::imports::upload::{Source, Upload};
use crate::operations::{Actor, Failure, Invalid};
use diesel_async::AsyncPgConnection;
use domain::identifiers::Uai;
use domain::ids::EstablishmentId;
use domain::issues::{ImportIssue, Severity};
use domain::rows::FileKind;
use importers::mapping::Layout;
use importers::{Head, Refused};
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use uuid::Uuid;

/// The same as a limit of queries.
const MOST_TOLD: i64 = 1_000;
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
    let refusal = upload.kind().err().map(|refused| Refusal::from(Invalid::from(refused)));
    let import = NewImport {
        id,
        establishment_id: school.0,
        kind: upload.is().map(FileKind::as_str),
        file_name: &upload.name,
        file_sha256: &upload.sha256,
        state: if refusal.is_some() { "refused" } else { "reading" },
        refusal: refusal.map(json).transpose()?,
        created_by: actor.map(|actor| actor.operator.0),
        bytes_total: i64::try_from(upload.bytes).unwrap_or(i64::MAX),
        as_of: upload.as_of,
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
    let Ok(kind) = upload.kind() else { return };
    let place = Place { db, school, id };
    let refusal = match stage(&place, kind, upload.source, (uai, upload.layout)).await {
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

async fn stage(
    place: &Place<'_>,
    kind: FileKind,
    source: Box<dyn Source>,
    (uai, layout): (&Uai, Option<Layout>),
) -> Result<(), Failure> {
    let progress = Arc::new(Reached::default());
    let (sender, mut receiver) = mpsc::channel::<Batch>(2);
    let reading = {
        let (uai, progress) = (uai.clone(), progress.clone());
        tokio::task::spawn_blocking(move || read(kind, source, progress, (&uai, layout.as_ref()), &sender))
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
                rows::need_not_last(conn).await?;
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
    if !batch.guardians.is_empty() {
        rows::guardians::stage(conn, school, id, &batch.guardians).await?;
    }
    if !batch.links.is_empty() {
        rows::guardians::stage_links(conn, school, id, &batch.links).await?;
    }
    if !batch.references.is_empty() {
        rows::references::stage(conn, school, id, &batch.references).await?;
    }
    if !batch.badges.is_empty() {
        rows::badges::stage(conn, school, id, &batch.badges).await?;
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
        let read: i64 = main_things(kind, &head);
        if !rows::touch(conn, id, Progress { bytes: i64::MAX, rows: read }).await? {
            return Err(stopped().into());
        }
        refuse_older(conn, school, kind, head.exported_at).await?;
        let said =
            Said { school_year: head.school_year, exported_at: head.exported_at, complete: head.complete };
        rows::set_said(conn, id, &said).await?;
        let import = rows::find(conn, school, id).await?.ok_or_else(not_found)?;
        let mut known = Counts { read, ..Counts::default() };
        if let Some(authority) = authority(kind) {
            known.to_confirm = settle_students(conn, (school, id), authority, &mut faults).await?;
            let as_of = import.as_of.unwrap_or_else(crate::operations::doing::today);
            known.left = rows::settling::left_by(conn, id, as_of).await?;
        }
        settle_others(conn, (school, id), kind, &mut faults).await?;
        (known.refused, known.warnings) = (faults.errors, faults.warnings);
        known.by_thing = head
            .read
            .iter()
            .map(|(thing, read)| {
                ((*thing).to_owned(), ThingCounts { read: i64::from(*read), ..Default::default() })
            })
            .collect();
        let (figures, changes) = compare(conn, school, &import, kind, known).await?;
        rows::issues::insert(conn, school, id, &faults.first).await?;
        rows::set_staged(conn, id, &Staged { counts: json(figures)?, changes: json(changes)? }).await?;
        Ok(())
    })
    .await
}

/// How many of what the file is a list of: whom guardians answer for, and groups of pupils, are none.
fn main_things(kind: FileKind, head: &Head) -> i64 {
    let of = |thing: &str| head.read.get(thing).copied().map(i64::from);
    match kind {
        FileKind::Guardians => of("guardians").unwrap_or(0),
        kind if authority(kind).is_some() => of("students").unwrap_or(0),
        _ => head.read.values().copied().map(i64::from).sum(),
    }
}

/// How many pupils somebody must say something about.
async fn settle_students(
    conn: &mut AsyncPgConnection,
    (school, id): (EstablishmentId, Uuid),
    authority: Authority,
    faults: &mut Faults,
) -> Result<i64, Failure> {
    let repeated = rows::settling::drop_repeated(conn, id, MOST_TOLD).await?;
    faults.errors += repeated.first().map_or(0, |twice| twice.total);
    for twice in repeated {
        let message = format!(
            "Cet élève est déjà l'élève n° {} du fichier, dont la fiche est gardée.",
            twice.first_row
        );
        let expected = "un identifiant par élève";
        faults.keep(issue(Severity::Error, &twice, "ELEVE_ID", "duplicate_student", expected, message));
    }
    let shared = rows::settling::shared_ines(conn, id, MOST_TOLD).await?;
    faults.warnings += shared.first().map_or(0, |twice| twice.total);
    for twice in shared {
        let message = format!(
            "Cet INE est aussi celui de l'élève n° {} ; les deux fiches restent séparées.",
            twice.first_row
        );
        faults.keep(issue(Severity::Warning, &twice, "INE", "shared_ine", "un INE par élève", message));
    }
    rows::settling::fold_structures(conn, id).await?;
    rows::students::find_in_school(conn, school, id).await?;
    let looked_for: &[Looking] = match authority {
        Authority::Check => &[Looking::Unknown, Looking::OtherClass],
        Authority::Whole | Authority::Partial => &[Looking::Unconfirmed],
    };
    let mut to_confirm = 0;
    for looking in looked_for {
        let told = rows::settling::told(conn, id, *looking, MOST_TOLD).await?;
        let total = told.first().map_or(0, |row| row.total);
        faults.warnings += total;
        if *looking == Looking::Unconfirmed {
            to_confirm = total;
        }
        for row in told {
            faults.keep(of_student(*looking, &row));
        }
    }
    Ok(to_confirm)
}

/// What a row says that somebody should decide about or look at.
fn of_student(looking: Looking, row: &Told) -> ImportIssue {
    let (column, code, expected, message) = match looking {
        Looking::Unconfirmed => (
            "Nom",
            "confirm_match",
            row.has.clone(),
            format!(
                "{} a le nom et la date de naissance d'un élève déjà connu : dites si c'est le même.",
                row.name
            ),
        ),
        Looking::Unknown => (
            "Nom",
            "unknown_student",
            "un élève de SIECLE".to_owned(),
            format!("{} n'est pas dans la liste de SIECLE. Vérifiez son inscription.", row.name),
        ),
        Looking::OtherClass => (
            "Classe",
            "class_differs",
            row.has.clone(),
            format!("{} n'est pas dans cette classe d'après SIECLE.", row.name),
        ),
    };
    ImportIssue {
        row: u32::try_from(row.row_number).ok(),
        column: Some(column.into()),
        code: code.into(),
        severity: Severity::Warning,
        read: (!row.said.is_empty()).then(|| row.said.clone()),
        expected,
        message,
    }
}

/// Guardians of pupils nobody knows, badges of nobody.
async fn settle_others(
    conn: &mut AsyncPgConnection,
    (school, id): (EstablishmentId, Uuid),
    kind: FileKind,
    faults: &mut Faults,
) -> Result<(), Failure> {
    if kind == FileKind::Guardians {
        let strays = rows::guardians::strays(conn, school, id, MOST_TOLD).await?;
        faults.warnings += strays.first().map_or(0, |stray| stray.total);
        for stray in strays {
            faults.keep(ImportIssue {
                row: u32::try_from(stray.row_number).ok(),
                column: Some("ELEVE_ID".into()),
                code: "unknown_student".into(),
                severity: Severity::Warning,
                read: Some(stray.eleve_id),
                expected: "un élève de l'établissement".into(),
                message: "Ce responsable est celui d'un élève inconnu. Importez d'abord la liste des élèves."
                    .into(),
            });
        }
    }
    if kind == FileKind::Badges {
        let unclear = rows::badges::settle(conn, school, id, MOST_TOLD).await?;
        faults.errors += unclear.first().map_or(0, |badge| badge.total);
        for badge in unclear {
            let (column, read, expected, message) = match badge.why.as_str() {
                "several_students" => (
                    "Élève",
                    badge.student,
                    "un seul élève",
                    "Plusieurs élèves ont ce nom : ajoutez la date de naissance ou la classe.",
                ),
                "badge_taken" => {
                    ("Badge", badge.code, "un badge par élève", "Ce badge est déjà celui d'un autre élève.")
                }
                _ => (
                    "Élève",
                    badge.student,
                    "un élève de l'établissement",
                    "Aucun élève n'a ce nom ou cet identifiant.",
                ),
            };
            faults.keep(ImportIssue {
                row: u32::try_from(badge.row_number).ok(),
                column: Some(column.into()),
                code: badge.why,
                severity: Severity::Error,
                read: Some(read),
                expected: expected.into(),
                message: message.into(),
            });
        }
    }
    Ok(())
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
