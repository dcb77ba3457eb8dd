//! Entries of the journal. Written in the transaction that changed something; ids only, never names.

use super::schema::journal;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde_json::Value;
use uuid::Uuid;

/// One thing that happened.
#[derive(Insertable)]
#[diesel(table_name = journal)]
pub struct Entry<'a> {
    pub establishment_id: Uuid,
    pub operator_id: Option<Uuid>,
    pub station_id: Option<Uuid>,
    /// Verb and object, e.g. `undo_hand_over`.
    pub action: &'a str,
    pub student_id: Option<Uuid>,
    pub device_id: Option<Uuid>,
    pub loan_id: Option<Uuid>,
    /// The desk's own clock, which may be wrong.
    pub desk_at: Option<DateTime<Utc>>,
    pub details: Value,
}

pub async fn append(conn: &mut AsyncPgConnection, entry: &Entry<'_>) -> QueryResult<()> {
    diesel::insert_into(journal::table).values(entry).execute(conn).await.map(drop)
}
