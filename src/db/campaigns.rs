//! The current campaign: its settings, which slot is called, staff and guest accounts.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Date, Int2, Int4, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::EstablishmentId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// The current campaign, as the page prepares it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, QueryableByName)]
pub struct Campaign {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// The starting year.
    #[diesel(sql_type = Int4)]
    pub school_year: i32,
    #[diesel(sql_type = Text)]
    pub name: String,
    /// Accessories handed over with the laptop.
    #[diesel(sql_type = Array<Text>)]
    pub kit: Vec<String>,
    #[diesel(sql_type = Nullable<Date>)]
    pub starts_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Date>)]
    pub ends_on: Option<NaiveDate>,
    #[diesel(sql_type = Text)]
    pub room: String,
    /// `wifi` or `cable`.
    #[diesel(sql_type = Nullable<Text>)]
    pub connection: Option<String>,
    /// Until when Région and contractor want the contact sheet.
    #[diesel(sql_type = Nullable<Date>)]
    pub sheet_due_on: Option<NaiveDate>,
    #[diesel(sql_type = Text)]
    pub referent_name: String,
    #[diesel(sql_type = Text)]
    pub referent_phone: String,
    #[diesel(sql_type = Text)]
    pub referent_email: String,
    #[diesel(sql_type = Text)]
    pub notes: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub called_slot_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub called_at: Option<DateTime<Utc>>,
}

const CAMPAIGN_SQL: &str = "
SELECT id, school_year, name, kit, starts_on, ends_on, room, connection, sheet_due_on, referent_name, referent_phone,
       referent_email, notes, called_slot_id, called_at
FROM campaigns WHERE establishment_id = $1 AND is_current";

pub async fn current(conn: &mut AsyncPgConnection, school: EstablishmentId) -> QueryResult<Option<Campaign>> {
    diesel::sql_query(CAMPAIGN_SQL).bind::<SqlUuid, _>(school.0).get_result(conn).await.optional()
}

/// The same, locked: one person at a time changes what is prepared.
pub async fn lock(conn: &mut AsyncPgConnection, school: EstablishmentId) -> QueryResult<Option<Campaign>> {
    diesel::sql_query(format!("{CAMPAIGN_SQL} FOR NO KEY UPDATE"))
        .bind::<SqlUuid, _>(school.0)
        .get_result(conn)
        .await
        .optional()
}

/// Writes what a person sets of the campaign; which slot is called is another's business.
pub async fn save(conn: &mut AsyncPgConnection, campaign: &Campaign) -> QueryResult<()> {
    diesel::sql_query(
        "UPDATE campaigns SET name = $2, kit = $3, starts_on = $4, ends_on = $5, room = $6, connection = $7,
                sheet_due_on = $8, referent_name = $9, referent_phone = $10, referent_email = $11, notes = $12
         WHERE id = $1",
    )
    .bind::<SqlUuid, _>(campaign.id)
    .bind::<Text, _>(&campaign.name)
    .bind::<Array<Text>, _>(&campaign.kit)
    .bind::<Nullable<Date>, _>(campaign.starts_on)
    .bind::<Nullable<Date>, _>(campaign.ends_on)
    .bind::<Text, _>(&campaign.room)
    .bind::<Nullable<Text>, _>(campaign.connection.as_deref())
    .bind::<Nullable<Date>, _>(campaign.sheet_due_on)
    .bind::<Text, _>(&campaign.referent_name)
    .bind::<Text, _>(&campaign.referent_phone)
    .bind::<Text, _>(&campaign.referent_email)
    .bind::<Text, _>(&campaign.notes)
    .execute(conn)
    .await
    .map(drop)
}

/// Says which slot is called, or that none is.
pub async fn call(conn: &mut AsyncPgConnection, campaign: Uuid, slot: Option<Uuid>) -> QueryResult<()> {
    diesel::sql_query(
        "UPDATE campaigns SET called_slot_id = $2, called_at = CASE WHEN $2 IS NULL THEN NULL ELSE now() END
         WHERE id = $1",
    )
    .bind::<SqlUuid, _>(campaign)
    .bind::<Nullable<SqlUuid>, _>(slot)
    .execute(conn)
    .await
    .map(drop)
}

/// Somebody who helps on the day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, QueryableByName)]
pub struct Helper {
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    pub duty: String,
}

pub async fn staff(conn: &mut AsyncPgConnection, campaign: Uuid) -> QueryResult<Vec<Helper>> {
    diesel::sql_query("SELECT name, duty FROM campaign_staff WHERE campaign_id = $1 ORDER BY id")
        .bind::<SqlUuid, _>(campaign)
        .load(conn)
        .await
}

/// Puts these in the place of all there were.
pub async fn set_staff(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    campaign: Uuid,
    staff: &[Helper],
) -> QueryResult<()> {
    diesel::sql_query("DELETE FROM campaign_staff WHERE campaign_id = $1")
        .bind::<SqlUuid, _>(campaign)
        .execute(conn)
        .await?;
    for helper in staff {
        diesel::sql_query(
            "INSERT INTO campaign_staff (id, establishment_id, campaign_id, name, duty) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind::<SqlUuid, _>(Uuid::now_v7())
        .bind::<SqlUuid, _>(school.0)
        .bind::<SqlUuid, _>(campaign)
        .bind::<Text, _>(&helper.name)
        .bind::<Text, _>(&helper.duty)
        .execute(conn)
        .await?;
    }
    Ok(())
}

/// A guest account; its password is nowhere but on paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, QueryableByName)]
pub struct GuestAccount {
    /// 1 to 8.
    #[diesel(sql_type = Int2)]
    pub position: i16,
    #[diesel(sql_type = Text)]
    pub login: String,
    #[diesel(sql_type = Text)]
    pub holder: String,
}

/// All eight, empty ones too.
pub async fn guest_accounts(conn: &mut AsyncPgConnection, campaign: Uuid) -> QueryResult<Vec<GuestAccount>> {
    diesel::sql_query(
        "SELECT n::smallint AS position, coalesce(g.login, '') AS login, coalesce(g.holder, '') AS holder
         FROM generate_series(1, 8) AS n
         LEFT JOIN guest_accounts g ON g.campaign_id = $1 AND g.position = n ORDER BY n",
    )
    .bind::<SqlUuid, _>(campaign)
    .load(conn)
    .await
}

pub async fn set_guest_account(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    campaign: Uuid,
    account: &GuestAccount,
) -> QueryResult<()> {
    diesel::sql_query(
        "INSERT INTO guest_accounts (establishment_id, campaign_id, position, login, holder)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (campaign_id, position) DO UPDATE SET login = $4, holder = $5",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(campaign)
    .bind::<Int2, _>(account.position)
    .bind::<Text, _>(&account.login)
    .bind::<Text, _>(&account.holder)
    .execute(conn)
    .await
    .map(drop)
}
