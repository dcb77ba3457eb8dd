//! Takes what a file says into the school, in one transaction: all of it or nothing.

use super::things::{self, changes, figures};
use super::{load, not_found, not_staged, refuse_older};
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
            let applied = apply(conn, school, actor, id).await?;
            rows::forget_plans(conn).await?;
            Ok::<_, Failure>(applied)
        })
        .await?;
    applied.ok_or_else(|| Failure::Invalid(outdated()))
}

/// The import applied, or `None` when its figures were made anew instead.
async fn apply(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    actor: Option<&Actor>,
    id: Uuid,
) -> Result<Option<ImportState>, Failure> {
    let shown = load(conn, school, id).await?;
    let kind = shown.kind.as_deref().and_then(FileKind::parse);
    let (Some(kind), Some(report), "staged") = (kind, &shown.report, shown.state) else {
        return Err(not_staged(shown.state));
    };
    let import = rows::find(conn, school, id).await?.ok_or_else(not_found)?;
    refuse_older(conn, school, kind, report.exported_at).await?;
    let now = figures(conn, school, &import, kind, report.counts.clone()).await?;
    if now != report.counts {
        let changes = changes(conn, school, &import, kind).await?;
        let staged = Staged {
            counts: serde_json::to_value(now).map_err(|e| Fault::Other(e.to_string()))?,
            changes: serde_json::to_value(changes).map_err(|e| Fault::Other(e.to_string()))?,
        };
        rows::set_staged(conn, id, &staged).await?;
        return Ok(None);
    }
    things::apply(conn, school, &import, kind).await?;
    rows::set_applied(conn, id, actor.map(|actor| actor.operator.0)).await?;
    record(conn, school, actor, id, kind, "import", &now).await?;
    Ok(Some(shown.applied()))
}

/// Writes into the journal what was done with a file: `import` or `undo_import`, and its kind.
pub(super) async fn record(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    actor: Option<&Actor>,
    id: Uuid,
    kind: FileKind,
    done: &str,
    counts: &Counts,
) -> Result<(), Failure> {
    let action = format!("{done}_{}", kind.as_str());
    let entry = Entry {
        establishment_id: school.0,
        operator_id: actor.map(|actor| actor.operator.0),
        station_id: None,
        action: &action,
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
