//! Takes what a file says into the school, in one transaction: all of it or nothing.

use super::{compare, counts, load, not_staged, refuse_older};
use crate::db::imports::{self as rows, Staged};
use crate::db::journal::{self, Entry};
use crate::db::{Db, Fault, Scope};
use crate::operations::imports::report::{Counts, ImportState};
use crate::operations::{Actor, Failure, Invalid};
use diesel_async::AsyncPgConnection;
use domain::ids::EstablishmentId;
use domain::rows::FileKind;
use serde_json::json;
use uuid::Uuid;

/// Applies what was shown. When the school has changed since, the figures are made anew,
/// nothing is applied and the refusal is `import_outdated`: look again, then decide.
/// `import_not_staged` when there is nothing to decide.
pub async fn apply_import(
    db: &Db,
    school: EstablishmentId,
    actor: Option<&Actor>,
    id: Uuid,
) -> Result<ImportState, Failure> {
    let db = &db.patient();
    let applied = db
        .transaction(Scope::School(school), async |conn| {
            rows::join_whole_tables(conn).await?;
            rows::lock(conn, school, id).await?;
            let import = load(conn, school, id).await?;
            apply(conn, school, actor, import).await
        })
        .await?;
    applied.ok_or_else(|| Failure::Invalid(outdated()))
}

/// The import applied, or `None` when its figures were made anew instead.
async fn apply(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    actor: Option<&Actor>,
    import: ImportState,
) -> Result<Option<ImportState>, Failure> {
    let (id, kind) = (import.id, import.kind.as_deref().and_then(FileKind::parse));
    let (Some(kind), Some(report), "staged") = (kind, &import.report, import.state) else {
        return Err(not_staged(import.state));
    };
    if kind == FileKind::Students {
        refuse_older(conn, school, report.exported_at).await?;
    }
    let (difference, changes) = compare(conn, (school, id), kind, report.school_year).await?;
    let now = counts(report.counts.read, difference, report.counts.warnings);
    if now != report.counts {
        let staged = Staged {
            school_year: report.school_year,
            exported_at: report.exported_at,
            counts: serde_json::to_value(now).map_err(|e| Fault::Other(e.to_string()))?,
            changes: serde_json::to_value(changes).map_err(|e| Fault::Other(e.to_string()))?,
        };
        rows::set_staged(conn, id, &staged).await?;
        return Ok(None);
    }
    match kind {
        FileKind::Students => {
            rows::students::apply(conn, school, id, report.school_year.unwrap_or(0)).await?;
        }
        FileKind::Delivery => rows::devices::apply(conn, school, id).await?,
    }
    rows::set_applied(conn, id, actor.map(|actor| actor.operator.0)).await?;
    record(conn, school, actor, id, kind, now).await?;
    Ok(Some(import.applied()))
}

async fn record(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    actor: Option<&Actor>,
    id: Uuid,
    kind: FileKind,
    counts: Counts,
) -> Result<(), Failure> {
    let entry = Entry {
        establishment_id: school.0,
        operator_id: actor.map(|actor| actor.operator.0),
        station_id: None,
        action: match kind {
            FileKind::Students => "import_students",
            FileKind::Delivery => "import_delivery",
        },
        student_id: None,
        device_id: None,
        loan_id: None,
        desk_at: None,
        details: json!({ "import_id": id, "counts": counts }),
    };
    Ok(journal::append(conn, &entry).await?)
}

fn outdated() -> Invalid {
    Invalid {
        code: "import_outdated",
        title: "Les données ont changé".into(),
        detail: "L'établissement a changé depuis la lecture de ce fichier ; les chiffres ont été refaits."
            .into(),
        remedy: "Regardez les nouveaux chiffres, puis décidez.".into(),
    }
}
