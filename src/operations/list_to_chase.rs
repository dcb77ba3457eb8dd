//! The list of charters to chase: looked at, as CSV, and on paper.

use super::{Actor, Failure};
use crate::db::chase::{self, ToChase};
use crate::db::{Db, Scope};
use crate::exports::chase_csv::{self, ChaseRow};
use chrono_tz::Europe::Paris;

/// By class and name, with whom to call. Reads only.
pub async fn list_to_chase(db: &Db, actor: &Actor, class: Option<&str>) -> Result<Vec<ToChase>, Failure> {
    let school = actor.establishment;
    db.read(Scope::School(school), async |conn| Ok(chase::list(conn, school, class).await?)).await
}

/// The same as CSV, a line a guardian.
pub async fn export_to_chase(db: &Db, actor: &Actor, class: Option<&str>) -> Result<String, Failure> {
    let list = list_to_chase(db, actor, class).await?;
    Ok(chase_csv::file(&list.iter().flat_map(rows).collect::<Vec<_>>()))
}

fn rows(pupil: &ToChase) -> Vec<ChaseRow<'_>> {
    let row = |guardian: Option<&crate::db::guardians::Guardian>| ChaseRow {
        class: pupil.class.as_deref().unwrap_or_default(),
        name: &pupil.name,
        copies: pupil.shown,
        serial: pupil.serial.as_deref().unwrap_or_default(),
        since: pupil.since.map(|since| since.with_timezone(&Paris).date_naive()),
        reason: pupil.override_reason.as_deref().unwrap_or_default(),
        guardian: guardian.map(|one| one.name()).unwrap_or_default(),
        relationship: guardian.map(|one| one.relationship.clone()).unwrap_or_default(),
        phone: guardian.and_then(|one| one.phone.clone()).unwrap_or_default(),
        email: guardian.and_then(|one| one.email.clone()).unwrap_or_default(),
    };
    if pupil.guardians.is_empty() {
        return vec![row(None)];
    }
    pupil.guardians.iter().map(|guardian| row(Some(guardian))).collect()
}
