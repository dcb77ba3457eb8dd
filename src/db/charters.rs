//! Versions of the charter: listed, read, published; which one the campaign has signed.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::EstablishmentId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A version of the charter, as the list shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, QueryableByName)]
pub struct CharterVersion {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub version: String,
    #[diesel(sql_type = Text)]
    pub title: String,
    /// Of the text, or of the PDF when it was given as one; hexadecimal.
    #[diesel(sql_type = Text)]
    pub sha256: String,
    #[diesel(sql_type = Bool)]
    pub pdf: bool,
    #[diesel(sql_type = Timestamptz)]
    pub published_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Text>)]
    pub published_by: Option<String>,
    /// Whether it is what the current campaign has signed.
    #[diesel(sql_type = Bool)]
    pub current: bool,
    /// Complete receipts of it that stand.
    #[diesel(sql_type = BigInt)]
    pub complete: i64,
}

const SQL: &str = "
SELECT h.id, h.version, h.title, encode(h.content_hash, 'hex') AS sha256, h.pdf IS NOT NULL AS pdf, h.published_at,
       o.name AS published_by, coalesce(k.charter_id = h.id, false) AS current,
       (SELECT count(*) FROM charter_receipts r WHERE r.charter_id = h.id AND r.withdrawn_at IS NULL
          AND r.copies_shown = 2 AND r.copies_kept = 1) AS complete
FROM charters h
LEFT JOIN operators o ON o.id = h.published_by
LEFT JOIN campaigns k ON k.establishment_id = h.establishment_id AND k.is_current
WHERE h.establishment_id = $1";

/// The newest first.
pub async fn list(conn: &mut AsyncPgConnection, school: EstablishmentId) -> QueryResult<Vec<CharterVersion>> {
    diesel::sql_query(format!("{SQL} ORDER BY h.published_at DESC, h.id"))
        .bind::<SqlUuid, _>(school.0)
        .load(conn)
        .await
}

pub async fn one(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    charter: Uuid,
) -> QueryResult<Option<CharterVersion>> {
    diesel::sql_query(format!("{SQL} AND h.id = $2"))
        .bind::<SqlUuid, _>(school.0)
        .bind::<SqlUuid, _>(charter)
        .get_result(conn)
        .await
        .optional()
}

pub async fn of_version(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    version: &str,
) -> QueryResult<Option<CharterVersion>> {
    diesel::sql_query(format!("{SQL} AND h.version = $2"))
        .bind::<SqlUuid, _>(school.0)
        .bind::<Text, _>(version)
        .get_result(conn)
        .await
        .optional()
}

/// What a version says: its text, and its file when it was given as one.
#[derive(QueryableByName)]
pub struct Content {
    #[diesel(sql_type = Text)]
    pub version: String,
    #[diesel(sql_type = Text)]
    pub body: String,
    #[diesel(sql_type = Nullable<Binary>)]
    pub pdf: Option<Vec<u8>>,
}

pub async fn content(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    charter: Uuid,
) -> QueryResult<Option<Content>> {
    diesel::sql_query("SELECT version, body, pdf FROM charters WHERE establishment_id = $1 AND id = $2")
        .bind::<SqlUuid, _>(school.0)
        .bind::<SqlUuid, _>(charter)
        .get_result(conn)
        .await
        .optional()
}

/// A version about to be published.
pub struct NewVersion<'a> {
    pub id: Uuid,
    pub version: &'a str,
    pub title: &'a str,
    /// Empty when the charter is a PDF.
    pub body: &'a str,
    pub pdf: Option<&'a [u8]>,
    pub sha256: &'a [u8],
    pub by: Uuid,
}

pub async fn add(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    charter: &NewVersion<'_>,
) -> QueryResult<()> {
    diesel::sql_query(
        "INSERT INTO charters (id, establishment_id, version, title, body, pdf, content_hash, published_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind::<SqlUuid, _>(charter.id)
    .bind::<SqlUuid, _>(school.0)
    .bind::<Text, _>(charter.version)
    .bind::<Text, _>(charter.title)
    .bind::<Text, _>(charter.body)
    .bind::<Nullable<Binary>, _>(charter.pdf)
    .bind::<Binary, _>(charter.sha256)
    .bind::<SqlUuid, _>(charter.by)
    .execute(conn)
    .await
    .map(drop)
}

/// Locks the current campaign, so that one person at a time publishes; `None` when there is none.
pub async fn lock_campaign(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
) -> QueryResult<Option<Uuid>> {
    #[derive(QueryableByName)]
    struct Campaign {
        #[diesel(sql_type = SqlUuid)]
        id: Uuid,
    }
    let campaign: Option<Campaign> = diesel::sql_query(
        "SELECT id FROM campaigns WHERE establishment_id = $1 AND is_current FOR NO KEY UPDATE",
    )
    .bind::<SqlUuid, _>(school.0)
    .get_result(conn)
    .await
    .optional()?;
    Ok(campaign.map(|campaign| campaign.id))
}

pub async fn make_current(conn: &mut AsyncPgConnection, campaign: Uuid, charter: Uuid) -> QueryResult<()> {
    diesel::sql_query("UPDATE campaigns SET charter_id = $2 WHERE id = $1")
        .bind::<SqlUuid, _>(campaign)
        .bind::<SqlUuid, _>(charter)
        .execute(conn)
        .await
        .map(drop)
}

/// Whose sheet a code is on, and of which charter.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub struct Sheet {
    #[diesel(sql_type = SqlUuid)]
    pub student_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub charter_id: Uuid,
}

pub async fn sheet(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    code: &str,
) -> QueryResult<Option<Sheet>> {
    diesel::sql_query(
        "SELECT student_id, charter_id FROM charter_sheets WHERE establishment_id = $1 AND code = $2",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<Text, _>(code)
    .get_result(conn)
    .await
    .optional()
}
