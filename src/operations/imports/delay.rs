//! How long what a file says waits for a decision, and what taking it back needs is kept.

use super::rows;
use crate::db::journal::{self, Entry};
use crate::db::{Db, Scope};
use crate::operations::{Actor, Failure, Invalid};
use domain::ids::EstablishmentId;
use serde_json::json;
use uuid::Uuid;

/// As the table of establishments has it.
const DAYS: std::ops::RangeInclusive<i16> = 1..=90;

/// Days.
pub async fn delay(db: &Db, school: EstablishmentId) -> Result<i16, Failure> {
    db.read(Scope::School(school), async |conn| Ok::<_, Failure>(rows::delay(conn, school).await?)).await
}

/// Changes it, also for files that wait already. `import_days` when they are not from 1 to 90.
pub async fn change_delay(db: &Db, actor: &Actor, days: i16) -> Result<(), Failure> {
    if !DAYS.contains(&days) {
        return Err(Failure::Invalid(Invalid {
            code: "import_days",
            title: "Délai impossible".into(),
            detail: format!("{days} jours ; de {} à {} sont possibles.", DAYS.start(), DAYS.end()),
            remedy: "Choisissez un autre délai.".into(),
        }));
    }
    let school = actor.establishment;
    db.transaction(Scope::School(school), async |conn| {
        rows::change_delay(conn, school, days).await?;
        let entry = Entry {
            establishment_id: school.0,
            operator_id: Some(actor.operator.0),
            station_id: actor.station.map(Uuid::from),
            action: "change_import_delay",
            student_id: None,
            device_id: None,
            loan_id: None,
            desk_at: None,
            details: json!({ "days": days }),
        };
        Ok(journal::append(conn, &entry).await?)
    })
    .await
}
