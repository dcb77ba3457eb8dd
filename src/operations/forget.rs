//! Forgets what has had its time: stored answers, which name pupils in their refusals,
//! ended sessions, counts of wrong passwords, files that nobody has decided about, the guardians
//! of pupils who have left, and teachers of schools that took in no file of them for a year.

use super::Failure;
use crate::db::{Db, Scope, answers, guardians, imports, logins};
use chrono::Duration;

/// The longest wait of a login is a quarter of this.
const ATTEMPTS_KEPT: Duration = Duration::hours(1);

/// What was forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forgotten {
    pub answers: usize,
    pub sessions: usize,
    pub login_attempts: usize,
    pub imports: usize,
    pub guardians: usize,
    /// Teachers and their courses.
    pub references: usize,
}

/// Forgets, for every school, each with its own delay.
pub async fn forget(db: &Db) -> Result<Forgotten, Failure> {
    let db = &db.patient();
    db.transaction(Scope::Every, async |conn| {
        Ok(Forgotten {
            answers: answers::forget(conn).await?,
            sessions: logins::forget_sessions(conn).await?,
            login_attempts: logins::forget(conn, ATTEMPTS_KEPT).await?,
            imports: imports::forget(conn).await?,
            guardians: guardians::forget(conn).await?,
            references: imports::references::forget(conn).await?,
        })
    })
    .await
}
