//! What a school puts on its papers. A school that has set nothing has the defaults.

use diesel::prelude::*;
use diesel::sql_types::{Bytea, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::EstablishmentId;
use uuid::Uuid;

/// The school and its settings.
#[derive(Debug, Clone, QueryableByName)]
pub struct PaperSettings {
    #[diesel(sql_type = Text)]
    pub school: String,
    #[diesel(sql_type = Text)]
    pub uai: String,
    #[diesel(sql_type = Text)]
    pub header: String,
    #[diesel(sql_type = Text)]
    pub footer: String,
    #[diesel(sql_type = Text)]
    pub receipt_text: String,
    #[diesel(sql_type = Nullable<Bytea>)]
    pub logo: Option<Vec<u8>>,
    #[diesel(sql_type = Nullable<Text>)]
    pub logo_type: Option<String>,
    /// Empty until one is chosen.
    #[diesel(sql_type = Text)]
    pub label_sheet: String,
    /// `A4` or `A6`.
    #[diesel(sql_type = Text)]
    pub receipt_size: String,
}

pub async fn of_school(conn: &mut AsyncPgConnection, school: EstablishmentId) -> QueryResult<PaperSettings> {
    diesel::sql_query(
        "SELECT e.name AS school, e.uai, coalesce(p.header, '') AS header, coalesce(p.footer, '') AS footer,
                coalesce(p.receipt_text, '') AS receipt_text, p.logo, p.logo_type,
                coalesce(p.label_sheet, '') AS label_sheet, coalesce(p.receipt_size, 'A6') AS receipt_size
         FROM establishments e LEFT JOIN print_settings p ON p.establishment_id = e.id WHERE e.id = $1",
    )
    .bind::<SqlUuid, _>(school.0)
    .get_result(conn)
    .await
}

/// Words and sizes that a school changes; the logo is another's.
pub struct ChangedSettings<'a> {
    pub header: &'a str,
    pub footer: &'a str,
    pub receipt_text: &'a str,
    pub label_sheet: &'a str,
    pub receipt_size: &'a str,
}

pub async fn change(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    operator: Uuid,
    changed: &ChangedSettings<'_>,
) -> QueryResult<()> {
    diesel::sql_query(
        "INSERT INTO print_settings (establishment_id, header, footer, receipt_text, label_sheet, receipt_size, changed_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (establishment_id) DO UPDATE SET header = $2, footer = $3, receipt_text = $4, label_sheet = $5,
             receipt_size = $6, changed_by = $7, changed_at = now()",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<Text, _>(changed.header)
    .bind::<Text, _>(changed.footer)
    .bind::<Text, _>(changed.receipt_text)
    .bind::<Text, _>(changed.label_sheet)
    .bind::<Text, _>(changed.receipt_size)
    .bind::<SqlUuid, _>(operator)
    .execute(conn)
    .await
    .map(drop)
}

/// Puts a logo on the papers, or takes it away: bytes and media type.
pub async fn change_logo(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    operator: Uuid,
    logo: Option<(&[u8], &str)>,
) -> QueryResult<()> {
    diesel::sql_query(
        "INSERT INTO print_settings (establishment_id, logo, logo_type, changed_by) VALUES ($1, $2, $3, $4)
         ON CONFLICT (establishment_id) DO UPDATE SET logo = $2, logo_type = $3, changed_by = $4, changed_at = now()",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<Nullable<Bytea>, _>(logo.map(|(bytes, _)| bytes))
    .bind::<Nullable<Text>, _>(logo.map(|(_, kind)| kind))
    .bind::<SqlUuid, _>(operator)
    .execute(conn)
    .await
    .map(drop)
}
