//! Somebody's word on pupils that were found by name and birth date.

use super::things::compare;
use super::{load, not_found, not_staged};
use crate::db::imports::settling::{self, Looking};
use crate::db::imports::{self as rows, Staged};
use crate::db::{Db, Fault, Scope};
use crate::operations::Failure;
use crate::operations::imports::report::{Counts, ImportState};
use domain::ids::EstablishmentId;
use domain::rows::FileKind;
use uuid::Uuid;

/// Says of one row, or of all that wait, whether it is the pupil the school knows; the figures are made anew.
pub async fn confirm_students(
    db: &Db,
    school: EstablishmentId,
    id: Uuid,
    row: Option<i32>,
    is_same: bool,
) -> Result<ImportState, Failure> {
    let db = &db.patient();
    db.transaction(Scope::School(school), async |conn| {
        rows::join_whole_tables(conn).await?;
        rows::lock(conn, school, id).await?;
        let shown = load(conn, school, id).await?;
        let import = rows::find(conn, school, id).await?.ok_or_else(not_found)?;
        let (Some(kind), "staged") = (shown.kind.as_deref().and_then(FileKind::parse), shown.state) else {
            return Err(not_staged(shown.state));
        };
        settling::confirm(conn, id, row, is_same).await?;
        let known = shown.report.map(|report| report.counts).unwrap_or_default();
        let waiting = settling::told(conn, id, Looking::Unconfirmed, 1).await?;
        let known = Counts { to_confirm: waiting.first().map_or(0, |row| row.total), ..known };
        let (counts, changes) = compare(conn, school, &import, kind, known).await?;
        let json = |value: Result<_, serde_json::Error>| value.map_err(|e| Fault::Other(e.to_string()));
        let staged = Staged {
            counts: json(serde_json::to_value(counts))?,
            changes: json(serde_json::to_value(changes))?,
        };
        rows::set_staged(conn, id, &staged).await?;
        load(conn, school, id).await
    })
    .await
}
