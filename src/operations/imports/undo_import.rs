//! Takes an applied file back as a whole, as long as nothing else has touched what it did.

use super::apply_import::record;
use super::{load, not_found, not_staged};
use crate::db::imports::{self as rows, effects};
use crate::db::{Db, Fault, Scope};
use crate::operations::imports::report::ImportState;
use crate::operations::{Actor, Failure, Invalid};
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use domain::ids::EstablishmentId;
use domain::rows::FileKind;
use uuid::Uuid;

/// Puts every row that the import added, changed or removed back as it was. 409 `import_touched` when
/// one of them has been used or changed since, `import_forgotten` when its delay is over.
pub async fn undo_import(
    db: &Db,
    school: EstablishmentId,
    actor: Option<&Actor>,
    id: Uuid,
    reason: &str,
) -> Result<ImportState, Failure> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(domain::refusal::Refusal::ReasonMissing.into());
    }
    let db = &db.patient();
    db.transaction(Scope::School(school), async |conn| {
        rows::join_whole_tables(conn).await?;
        rows::lock(conn, school, id).await?;
        let shown = load(conn, school, id).await?;
        let import = rows::find(conn, school, id).await?.ok_or_else(not_found)?;
        let (Some(kind), "applied") = (shown.kind.as_deref().and_then(FileKind::parse), shown.state) else {
            return Err(not_staged(shown.state));
        };
        let counts = shown.report.as_ref().map(|report| report.counts.clone()).unwrap_or_default();
        let did = counts.added + counts.changed + counts.gone;
        if did > 0 && effects::count(conn, import.id).await? == 0 {
            return Err(Failure::Invalid(forgotten()));
        }
        let touched = effects::touched_since(conn, id).await?;
        if touched > 0 {
            return Err(Failure::Invalid(touched_since(touched)));
        }
        match effects::put_back(conn, id).await {
            Ok(()) => {}
            Err(DieselError::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _)) => {
                return Err(Failure::Invalid(touched_since(1)));
            }
            Err(error) => return Err(Fault::from(error).into()),
        }
        rows::set_undone(conn, id, actor.map(|actor| actor.operator.0), reason).await?;
        record(conn, school, actor, id, kind, "undo_import", &counts).await?;
        rows::forget_plans(conn).await?;
        load(conn, school, id).await
    })
    .await
}

fn touched_since(rows: i64) -> Invalid {
    Invalid {
        code: "import_touched",
        title: "Annulation impossible".into(),
        detail: format!(
            "{} de cet import {} depuis : un prêt, un badge, une correction ou un autre fichier.",
            if rows == 1 { "Une ligne".to_owned() } else { format!("{rows} lignes") },
            if rows == 1 { "a servi" } else { "ont servi" }
        ),
        remedy: "Corrigez dans le logiciel d'origine, puis importez de nouveau.".into(),
    }
}

fn forgotten() -> Invalid {
    Invalid {
        code: "import_forgotten",
        title: "Annulation impossible".into(),
        detail: "Le délai de cet import est passé : ce qu'il a remplacé n'est plus gardé.".into(),
        remedy: "Importez de nouveau le fichier qui convient.".into(),
    }
}
