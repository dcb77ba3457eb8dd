//! The register owed to the Région: one row a loan, streamed.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, Date, Int2, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::EstablishmentId;
use futures_util::TryStreamExt;

/// A loan as the register tells it.
#[derive(Debug, Clone, QueryableByName)]
pub struct RegisterRow {
    #[diesel(sql_type = Text)]
    pub uai: String,
    #[diesel(sql_type = Text)]
    pub school: String,
    #[diesel(sql_type = Text)]
    pub eleve_id: String,
    #[diesel(sql_type = Text)]
    pub last_name: String,
    #[diesel(sql_type = Text)]
    pub first_name: String,
    #[diesel(sql_type = Nullable<Date>)]
    pub birth_date: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Text>)]
    pub class_code: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub mef: Option<String>,
    #[diesel(sql_type = Text)]
    pub serial: String,
    #[diesel(sql_type = Text)]
    pub part_number: String,
    #[diesel(sql_type = Text)]
    pub model: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub delivery_note: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub lot: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    pub opened_at: DateTime<Utc>,
    #[diesel(sql_type = Text)]
    pub operator: String,
    #[diesel(sql_type = Text)]
    pub station: String,
    #[diesel(sql_type = Array<Text>)]
    pub kit: Vec<String>,
    #[diesel(sql_type = Nullable<Int2>)]
    pub copies_shown: Option<i16>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub charter_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    pub override_reason: Option<String>,
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub closed_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    pub close_kind: Option<String>,
}

/// Which loans. Hand-overs that were undone never happened for the Région: they are in no register.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RegisterFilter {
    pub class: Option<String>,
    /// First and last day of handing over.
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    /// Only loans that are open (`true`) or closed (`false`).
    pub open: Option<bool>,
}

/// Calls `each` with every row, by time of handing over; one row is in memory at a time.
pub async fn for_each<E, F>(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    filter: &RegisterFilter,
    mut each: F,
) -> Result<(), E>
where
    E: From<diesel::result::Error>,
    F: AsyncFnMut(RegisterRow) -> Result<(), E>,
{
    let mut rows = diesel::sql_query(
        "SELECT e.uai, e.name AS school, s.eleve_id, s.last_name, s.first_name, s.birth_date, c.code AS class_code,
                s.mef, d.serial_number AS serial, m.part_number, m.designation AS model,
                n.note_number AS delivery_note, d.lot, l.opened_at, o.name AS operator, t.name AS station, l.kit,
                r.copies_shown, r.received_at AS charter_at, l.charter_override_reason AS override_reason,
                l.kind, l.closed_at, l.close_kind
         FROM loans l
         JOIN establishments e ON e.id = l.establishment_id
         JOIN students s ON s.id = l.student_id
         LEFT JOIN classes c ON c.id = s.class_id
         JOIN devices d ON d.id = l.device_id
         JOIN device_models m ON m.id = d.model_id
         LEFT JOIN deliveries n ON n.id = d.delivery_id
         JOIN operators o ON o.id = l.opened_by
         JOIN stations t ON t.id = l.opened_at_station
         LEFT JOIN charter_receipts r ON r.id = l.charter_receipt_id
         WHERE l.establishment_id = $1 AND l.close_kind IS DISTINCT FROM 'undone'
           AND ($2::text IS NULL OR c.code = $2)
           AND ($3::date IS NULL OR (l.opened_at AT TIME ZONE 'Europe/Paris')::date >= $3)
           AND ($4::date IS NULL OR (l.opened_at AT TIME ZONE 'Europe/Paris')::date <= $4)
           AND ($5::bool IS NULL OR (l.closed_at IS NULL) = $5)
         ORDER BY l.opened_at, l.id",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<Nullable<Text>, _>(filter.class.as_deref())
    .bind::<Nullable<Date>, _>(filter.from)
    .bind::<Nullable<Date>, _>(filter.to)
    .bind::<Nullable<diesel::sql_types::Bool>, _>(filter.open)
    .load_stream::<RegisterRow>(conn)
    .await?;
    while let Some(row) = rows.try_next().await? {
        each(row).await?;
    }
    Ok(())
}
