//! What the head of the desk shows: the school, the campaign and how far each class is.

use super::conditions::{is_entitled, is_there};
use super::prepared::KeepPlan;
use super::schema::establishments;
use diesel::prelude::*;
use diesel::sql_types::{Array, Int4, Int8, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::EstablishmentId;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The school.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable)]
pub struct DeskEstablishment {
    pub uai: String,
    pub name: String,
}

/// The current campaign.
#[derive(Debug, Clone, Serialize, ToSchema, QueryableByName)]
pub struct CampaignCard {
    /// The starting year.
    #[diesel(sql_type = Int4)]
    pub school_year: i32,
    #[diesel(sql_type = Text)]
    pub name: String,
    /// Accessories handed over with the laptop.
    #[diesel(sql_type = Array<Text>)]
    pub kit: Vec<String>,
    #[diesel(sql_type = Text)]
    pub charter_version: String,
    #[diesel(sql_type = Text)]
    pub charter_title: String,
}

/// How far a class is.
#[derive(Debug, Clone, Serialize, ToSchema, QueryableByName)]
pub struct ClassProgress {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub code: String,
    /// Pupils present.
    #[diesel(sql_type = Int8)]
    pub students: i64,
    /// Of them, entitled to a laptop.
    #[diesel(sql_type = Int8)]
    pub entitled: i64,
    /// Of those, holding their own.
    #[diesel(sql_type = Int8)]
    pub equipped: i64,
    /// Of those, with a complete charter.
    #[diesel(sql_type = Int8)]
    pub charters: i64,
}

pub async fn establishment(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
) -> QueryResult<DeskEstablishment> {
    establishments::table.find(school.0).select((establishments::uai, establishments::name)).first(conn).await
}

pub async fn campaign(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
) -> QueryResult<Option<CampaignCard>> {
    diesel::sql_query(
        "SELECT k.school_year, k.name, k.kit, h.version AS charter_version, h.title AS charter_title
         FROM campaigns k JOIN charters h ON h.id = k.charter_id
         WHERE k.establishment_id = $1 AND k.is_current",
    )
    .bind::<SqlUuid, _>(school.0)
    .keep_plan()
    .get_result(conn)
    .await
    .optional()
}

/// The classes of the latest school year, by code. Leavers and pupils gone from the
/// file are not counted.
pub async fn classes(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
) -> QueryResult<Vec<ClassProgress>> {
    diesel::sql_query(concat!(
        "SELECT c.id, c.code, count(s.id) AS students,
                count(s.id) FILTER (WHERE p.entitled) AS entitled,
                count(s.id) FILTER (WHERE p.entitled AND l.id IS NOT NULL) AS equipped,
                count(s.id) FILTER (WHERE p.entitled AND r.id IS NOT NULL) AS charters
         FROM classes c
         LEFT JOIN students s ON s.class_id = c.id AND ",
        is_there!("s"),
        "
         LEFT JOIN LATERAL (SELECT ",
        is_entitled!("s"),
        " AS entitled) p ON true
         LEFT JOIN loans l ON l.student_id = s.id AND l.closed_at IS NULL AND l.kind = 'allocation'
         LEFT JOIN campaigns k ON k.establishment_id = c.establishment_id AND k.is_current
         LEFT JOIN charter_receipts r ON r.student_id = s.id AND r.charter_id = k.charter_id
              AND r.withdrawn_at IS NULL AND r.copies_shown = 2 AND r.copies_kept = 1
         WHERE c.establishment_id = $1
           AND c.school_year = (SELECT max(school_year) FROM classes WHERE establishment_id = $1)
         GROUP BY c.id, c.code ORDER BY c.code"
    ))
    .bind::<SqlUuid, _>(school.0)
    .keep_plan()
    .load(conn)
    .await
}

/// The codes of the school's classes, of any year.
pub async fn class_codes(conn: &mut AsyncPgConnection, school: EstablishmentId) -> QueryResult<Vec<String>> {
    use super::schema::classes;
    classes::table
        .filter(classes::establishment_id.eq(school.0))
        .select(classes::code)
        .distinct()
        .load(conn)
        .await
}
