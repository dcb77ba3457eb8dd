//! What the board of the room shows: the class called now, who is done and who is missing, what
//! comes next. A whole room reads it: first names and initials only.

use super::conditions::may_have_laptop;
use super::prepared::KeepPlan;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Int4, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::EstablishmentId;
use domain::names::public_name;
use uuid::Uuid;

/// Entries looked at for [`stamp`]: more than the desks of a school commit in one poll.
const WINDOW: i64 = 64;

/// A value that changes whenever something was journalled for the school, whatever it is.
///
/// The sum of the last ids, not the last id: ids come before commits, and an entry whose
/// transaction was slow appears below one that was seen. A sum over the last ones grows then too.
/// An index scan of a few entries.
pub async fn stamp(conn: &mut AsyncPgConnection, school: EstablishmentId) -> QueryResult<i64> {
    #[derive(QueryableByName)]
    struct Stamp {
        #[diesel(sql_type = BigInt)]
        stamp: i64,
    }
    let stamp: Stamp = diesel::sql_query(
        "SELECT coalesce(sum(id), 0)::bigint AS stamp
         FROM (SELECT id FROM journal WHERE establishment_id = $1 ORDER BY id DESC LIMIT $2) last",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<BigInt, _>(WINDOW)
    .keep_plan()
    .get_result(conn)
    .await?;
    Ok(stamp.stamp)
}

/// The head of the board.
#[derive(Debug, Clone, QueryableByName)]
pub struct Head {
    #[diesel(sql_type = Text)]
    pub school: String,
    #[diesel(sql_type = Text)]
    pub campaign: String,
    #[diesel(sql_type = Text)]
    pub room: String,
    #[diesel(sql_type = SqlUuid)]
    pub campaign_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub slot_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub called_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = BigInt)]
    pub entitled: i64,
    #[diesel(sql_type = BigInt)]
    pub equipped: i64,
}

/// School, campaign and progress of all; `None` when the school has no campaign.
pub async fn head(conn: &mut AsyncPgConnection, school: EstablishmentId) -> QueryResult<Option<Head>> {
    diesel::sql_query(
        concat!(
        "SELECT e.name AS school, k.name AS campaign, k.room, k.id AS campaign_id, k.called_slot_id AS slot_id, k.called_at,
                p.entitled, p.equipped
         FROM establishments e
         JOIN campaigns k ON k.establishment_id = e.id AND k.is_current
         CROSS JOIN LATERAL (
             SELECT count(*) AS entitled, count(l.id) AS equipped FROM students s
             LEFT JOIN loans l ON l.student_id = s.id AND l.closed_at IS NULL AND l.kind = 'allocation'
             WHERE s.establishment_id = e.id AND ",
        may_have_laptop!("s"),
        ") p
         WHERE e.id = $1"
    ),
    )
    .bind::<SqlUuid, _>(school.0)
    .keep_plan()
    .get_result(conn)
    .await
    .optional()
}

/// A slot of the plan as a room reads it.
#[derive(Debug, Clone, QueryableByName)]
pub struct PublicSlot {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Nullable<Text>)]
    code: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    last_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    first_name: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    pub starts_at: DateTime<Utc>,
    #[diesel(sql_type = Int4)]
    pub minutes: i32,
    #[diesel(sql_type = Text)]
    pub room: String,
}

impl PublicSlot {
    pub fn label(&self) -> String {
        match &self.code {
            Some(code) => code.clone(),
            None => public_name(
                self.first_name.as_deref().unwrap_or_default(),
                self.last_name.as_deref().unwrap_or_default(),
            ),
        }
    }
}

const SLOT_SQL: &str = "
SELECT t.id, c.code, s.last_name, s.first_name, t.starts_at, t.minutes, t.room
FROM campaign_slots t
LEFT JOIN classes c ON c.id = t.class_id
LEFT JOIN students s ON s.id = t.student_id
WHERE t.establishment_id = $1 AND t.campaign_id = $2";

pub async fn slot(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    campaign: Uuid,
    slot: Uuid,
) -> QueryResult<Option<PublicSlot>> {
    diesel::sql_query(format!("{SLOT_SQL} AND t.id = $3"))
        .bind::<SqlUuid, _>(school.0)
        .bind::<SqlUuid, _>(campaign)
        .bind::<SqlUuid, _>(slot)
        .keep_plan()
        .get_result(conn)
        .await
        .optional()
}

/// What comes after the called slot, or from now on when none is called.
pub async fn next(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    campaign: Uuid,
    called: Option<Uuid>,
    limit: i64,
) -> QueryResult<Vec<PublicSlot>> {
    diesel::sql_query(format!(
        "{SLOT_SQL} AND t.id IS DISTINCT FROM $3
           AND t.starts_at >= coalesce((SELECT starts_at FROM campaign_slots WHERE id = $3), now() - interval '10 minutes')
         ORDER BY t.starts_at, c.code, s.search_key, t.id LIMIT $4"
    ))
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(campaign)
    .bind::<Nullable<SqlUuid>, _>(called)
    .bind::<BigInt, _>(limit)
    .keep_plan()
    .load(conn)
    .await
}

/// A pupil of the called slot.
#[derive(Debug, Clone, QueryableByName)]
pub struct Called {
    #[diesel(sql_type = Text)]
    last_name: String,
    #[diesel(sql_type = Text)]
    first_name: String,
    #[diesel(sql_type = Bool)]
    pub equipped: bool,
    #[diesel(sql_type = Bool)]
    pub charter: bool,
}

impl Called {
    pub fn name(&self) -> String {
        public_name(&self.first_name, &self.last_name)
    }
}

/// Pupils of the slot who may have a laptop.
pub async fn called(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    slot: Uuid,
) -> QueryResult<Vec<Called>> {
    diesel::sql_query(
        concat!(
        "SELECT s.last_name, s.first_name, l.id IS NOT NULL AS equipped,
                r.id IS NOT NULL OR q.id IS NOT NULL AS charter
         FROM campaign_slots t
         JOIN campaigns k ON k.id = t.campaign_id
         JOIN students s ON s.class_id = t.class_id OR s.id = t.student_id
         LEFT JOIN loans l ON l.student_id = s.id AND l.closed_at IS NULL AND l.kind = 'allocation'
         LEFT JOIN charter_receipts r ON r.student_id = s.id AND r.charter_id = k.charter_id AND r.withdrawn_at IS NULL
              AND r.copies_shown = 2 AND r.copies_kept = 1
         LEFT JOIN charter_receipts q ON q.id = l.charter_receipt_id AND q.withdrawn_at IS NULL
              AND q.copies_shown = 2 AND q.copies_kept = 1
         WHERE t.establishment_id = $1 AND t.id = $2 AND ",
        may_have_laptop!("s")
    ),
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(slot)
    .keep_plan()
    .load(conn)
    .await
}
