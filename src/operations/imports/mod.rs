//! Files of the school: read and staged, looked at, then applied or discarded. The command
//! line, the page and the demo school take this one way.
//!
//! - [`upload`], [`sealed`]: a file on its way in, unreadable on disk
//! - [`layouts`]: tables whose columns somebody names
//! - [`read_file`]: reads, checks, stages and compares
//! - [`reading`]: the thread that reads
//! - [`things`]: what each kind of file tells of
//! - [`apply_import`], [`discard_import`], [`undo_import`]: the decision, and taking it back
//! - [`delay`]: how long all this is kept
//! - [`export_issues`]: faults of a file, as a table
//! - [`report`]: what a person sees of all this

pub mod apply_import;
pub mod confirm_students;
pub mod delay;
pub mod discard_import;
pub mod export_issues;
pub mod layouts;
pub mod read_file;
mod reading;
pub mod report;
pub mod sealed;
pub mod things;
pub mod undo_import;
pub mod upload;

use super::{Actor, Failure, Invalid};
use crate::db::imports as rows;
use crate::db::{Db, Fault, Scope};
use diesel_async::AsyncPgConnection;
use domain::identifiers::Uai;
use domain::ids::EstablishmentId;
use domain::rows::FileKind;
use importers::Refused;
use report::{ImportState, Refusal};
use upload::Upload;
use uuid::Uuid;

/// Imports that a list shows.
const MOST_LISTED: i64 = 20;

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self::Invalid(refused.into())
    }
}

impl From<Refused> for Invalid {
    fn from(refused: Refused) -> Self {
        Self {
            code: refused.code,
            title: "Fichier refusé".into(),
            detail: refused.detail,
            remedy: refused.remedy,
        }
    }
}

/// One import with its report; [`Failure::Invalid`] `import_not_found` when the school has no such.
pub async fn show(db: &Db, school: EstablishmentId, id: Uuid) -> Result<ImportState, Failure> {
    db.read(Scope::School(school), async |conn| load(conn, school, id).await).await
}

/// The last imports, newest first, without the rows of their reports.
pub async fn list(db: &Db, school: EstablishmentId) -> Result<Vec<ImportState>, Failure> {
    db.read(Scope::School(school), async |conn| {
        let last = rows::last(conn, school, MOST_LISTED).await?;
        Ok(last.into_iter().map(|import| ImportState::of(import, Vec::new()).without_rows()).collect())
    })
    .await
}

/// Reads the file and, unless `dry_run`, applies it: what the command line does in one go.
pub async fn take_in(
    db: &Db,
    (school, uai): (EstablishmentId, &Uai),
    actor: Option<&Actor>,
    upload: Upload,
    dry_run: bool,
) -> Result<ImportState, Failure> {
    let upload = layouts::as_before(db, school, upload).await?;
    let import = read_file::begin(db, school, actor, &upload).await?;
    read_file::read_file(db, (school, uai), import, upload).await;
    let staged = show(db, school, import).await?;
    match (staged.state, dry_run) {
        ("staged", true) => {
            discard_import::discard_import(db, school, import).await?;
            Ok(staged)
        }
        ("staged", false) => apply_import::apply_import(db, school, actor, import).await,
        _ => Ok(staged),
    }
}

/// The UAI that a file of the school must bear.
pub async fn uai_of(db: &Db, school: EstablishmentId) -> Result<Uai, Failure> {
    let uai =
        db.read(Scope::School(school), async |conn| Ok::<_, Failure>(rows::uai(conn, school).await?)).await?;
    Uai::parse(&uai).map_err(|error| Fault::Other(error.to_string()).into())
}

async fn load(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    id: Uuid,
) -> Result<ImportState, Failure> {
    let import = rows::find(conn, school, id).await?.ok_or_else(not_found)?;
    let issues = rows::issues::of_import(conn, id).await?;
    Ok(ImportState::of(import, issues))
}

/// A list exported before the last one applied would bring back what has changed since.
async fn refuse_older(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    kind: FileKind,
    exported_at: Option<chrono::NaiveDateTime>,
) -> Result<(), Failure> {
    let last = rows::last_exported(conn, school, kind.as_str()).await?;
    match (exported_at, last) {
        (Some(this), Some(last)) if this < last => Err(Refused::new(
            "older_export",
            format!(
                "Ce fichier a été exporté le {} ; le dernier appliqué l'a été le {}.",
                this.format("%d/%m/%Y à %H:%M"),
                last.format("%d/%m/%Y à %H:%M")
            ),
            "Exportez-le de nouveau, puis déposez ce fichier.",
        )
        .into()),
        _ => Ok(()),
    }
}

fn not_found() -> Failure {
    Failure::Invalid(Invalid {
        code: "import_not_found",
        title: "Import introuvable".into(),
        detail: "Cet import n'existe pas dans cet établissement.".into(),
        remedy: "Revenez à la liste des imports.".into(),
    })
}

/// What is told when a decision comes too late or too early.
fn not_staged(state: &str) -> Failure {
    let detail = match state {
        "applied" => "Cet import est déjà appliqué.",
        "discarded" => "Cet import a été abandonné.",
        "undone" => "Cet import a été annulé.",
        "refused" => "Ce fichier a été refusé.",
        _ => "La lecture de ce fichier n'est pas finie.",
    };
    Failure::Invalid(Invalid {
        code: "import_not_staged",
        title: "Rien à décider".into(),
        detail: detail.into(),
        remedy: "Rechargez la liste des imports.".into(),
    })
}

impl From<Invalid> for Refusal {
    fn from(invalid: Invalid) -> Self {
        Self {
            code: invalid.code.into(),
            title: invalid.title,
            detail: invalid.detail,
            remedy: invalid.remedy,
        }
    }
}
