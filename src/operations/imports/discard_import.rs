//! Leaves a file alone: what was staged of it goes.

use super::{load, not_staged};
use crate::db::imports as rows;
use crate::db::{Db, Scope};
use crate::operations::Failure;
use crate::operations::imports::report::ImportState;
use domain::ids::EstablishmentId;
use uuid::Uuid;

/// Discards an import that is being read or waits; 409 `import_not_staged` when it is decided.
pub async fn discard_import(db: &Db, school: EstablishmentId, id: Uuid) -> Result<ImportState, Failure> {
    let db = &db.patient();
    db.transaction(Scope::School(school), async |conn| {
        rows::lock(conn, school, id).await?;
        let import = load(conn, school, id).await?;
        if !rows::set_discarded(conn, id).await? {
            return Err(not_staged(import.state));
        }
        load(conn, school, id).await
    })
    .await
}
