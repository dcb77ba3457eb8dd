//! Pupils whose signed charter is still missing, with whom to call.

use super::conditions::{is_entitled, is_there};
use super::guardians::{self, Guardian};
use super::named::NamedPupil;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Int2, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::EstablishmentId;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// A pupil without a complete charter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ToChase {
    pub student_id: Uuid,
    pub name: String,
    pub class: Option<String>,
    /// Copies that are in.
    pub shown: u8,
    pub kept: u8,
    /// The laptop handed out all the same.
    pub serial: Option<String>,
    pub since: Option<DateTime<Utc>>,
    /// Why it was handed out without.
    pub override_reason: Option<String>,
    pub guardians: Vec<Guardian>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(embed)]
    pupil: NamedPupil,
    #[diesel(sql_type = Int2)]
    shown: i16,
    #[diesel(sql_type = Int2)]
    kept: i16,
    #[diesel(sql_type = Nullable<Text>)]
    serial: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    since: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    override_reason: Option<String>,
}

/// Those who are there and may have a laptop, or have one, and whose charter is not complete: not
/// the campaign's, and not the one their laptop was handed over by. By class and name.
pub async fn list(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    class: Option<&str>,
) -> QueryResult<Vec<ToChase>> {
    let rows: Vec<Row> = diesel::sql_query(
        concat!(
        "SELECT s.id, s.last_name, s.first_name, c.code AS class_code,
                coalesce(r.copies_shown, 0::smallint) AS shown, coalesce(r.copies_kept, 0::smallint) AS kept,
                d.serial_number AS serial, l.opened_at AS since, l.charter_override_reason AS override_reason
         FROM students s
         LEFT JOIN classes c ON c.id = s.class_id
         LEFT JOIN campaigns k ON k.establishment_id = s.establishment_id AND k.is_current
         LEFT JOIN charter_receipts r ON r.student_id = s.id AND r.charter_id = k.charter_id AND r.withdrawn_at IS NULL
         LEFT JOIN loans l ON l.student_id = s.id AND l.closed_at IS NULL AND l.kind = 'allocation'
         LEFT JOIN devices d ON d.id = l.device_id
         LEFT JOIN charter_receipts q ON q.id = l.charter_receipt_id AND q.withdrawn_at IS NULL
              AND q.copies_shown = 2 AND q.copies_kept = 1
         WHERE s.establishment_id = $1 AND ($2::text IS NULL OR c.code = $2)
           AND ",
        is_there!("s"),
        "
           AND (",
        is_entitled!("s"),
        " OR l.id IS NOT NULL)
           AND q.id IS NULL AND (r.id IS NULL OR r.copies_shown < 2 OR r.copies_kept < 1)
         ORDER BY c.code, s.search_key, s.id"
    ),
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<Nullable<Text>, _>(class)
    .load(conn)
    .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut of_pupil: HashMap<Uuid, Vec<Guardian>> = HashMap::new();
    for guardian in guardians::of_students(conn, school, &ids).await? {
        of_pupil.entry(guardian.student_id).or_default().push(guardian);
    }
    let small = |count: i16| u8::try_from(count).unwrap_or(0);
    let pupil = |row: Row| ToChase {
        student_id: row.id,
        name: row.pupil.name(),
        class: row.pupil.class_code,
        shown: small(row.shown),
        kept: small(row.kept),
        serial: row.serial,
        since: row.since,
        override_reason: row.override_reason,
        guardians: of_pupil.remove(&row.id).unwrap_or_default(),
    };
    Ok(rows.into_iter().map(pupil).collect())
}
