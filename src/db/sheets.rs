//! What is printed: badges, laptop labels, charters.

use super::conditions::{is_entitled, is_there};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Int4, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::EstablishmentId;

/// The school and its campaign, as the head of each sheet says them.
#[derive(Debug, Clone, QueryableByName)]
pub struct Heading {
    #[diesel(sql_type = Text)]
    pub school: String,
    #[diesel(sql_type = Int4)]
    pub school_year: i32,
    #[diesel(sql_type = Array<Text>)]
    pub kit: Vec<String>,
    #[diesel(sql_type = Text)]
    pub title: String,
    #[diesel(sql_type = Text)]
    pub version: String,
    #[diesel(sql_type = Text)]
    pub body: String,
    /// SHA-256 of the charter's file, when it was given as one; hexadecimal.
    #[diesel(sql_type = Nullable<Text>)]
    pub pdf_sha256: Option<String>,
}

/// A pupil with a code: a badge's or a charter's.
#[derive(Debug, Clone, QueryableByName)]
pub struct CodedStudent {
    #[diesel(sql_type = Text)]
    pub last_name: String,
    #[diesel(sql_type = Text)]
    pub first_name: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub class_code: Option<String>,
    #[diesel(sql_type = Text)]
    pub code: String,
}

/// A laptop, as its label tells it.
#[derive(Debug, Clone, QueryableByName)]
pub struct LabelRow {
    #[diesel(sql_type = Text)]
    pub maker: String,
    #[diesel(sql_type = Text)]
    pub model: String,
    #[diesel(sql_type = Text)]
    pub serial: String,
    #[diesel(sql_type = Text)]
    pub part_number: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub mac: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub asset_tag: Option<String>,
}

/// A part of a list, as rows to pass over and rows to take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    offset: i64,
    limit: i64,
}

/// No list of a school is as long as this many pages.
const LAST_PAGE: i64 = 100_000;

impl Window {
    /// `page` counts from 1; a page before the first is the first.
    pub fn of_page(page: i64, limit: i64) -> Self {
        Self { offset: (page.clamp(1, LAST_PAGE) - 1) * limit, limit }
    }

    /// Rows before it.
    pub fn before(self) -> i64 {
        self.offset
    }

    pub fn page(self) -> i64 {
        self.offset / self.limit + 1
    }

    /// Pages of a list of `total` rows, one at least.
    pub fn pages(self, total: i64) -> i64 {
        ((total + self.limit - 1) / self.limit).max(1)
    }
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// Pupils who are there today, `$1` the school and `$2` a class or null.
const PRESENT: &str = "students s LEFT JOIN classes c ON c.id = s.class_id";
const IS_PRESENT: &str =
    concat!("s.establishment_id = $1 AND ($2::text IS NULL OR c.code = $2) AND ", is_there!("s"));
const IS_ENTITLED: &str = is_entitled!("s");
const IN_ORDER: &str = "ORDER BY c.code, s.search_key, s.id OFFSET $3 LIMIT $4";

/// `None` when the school has no current campaign.
pub async fn heading(conn: &mut AsyncPgConnection, school: EstablishmentId) -> QueryResult<Option<Heading>> {
    diesel::sql_query(
        "SELECT e.name AS school, k.school_year, k.kit, h.title, h.version, h.body,
                CASE WHEN h.pdf IS NOT NULL THEN encode(h.content_hash, 'hex') END AS pdf_sha256
         FROM establishments e
         JOIN campaigns k ON k.establishment_id = e.id AND k.is_current
         JOIN charters h ON h.id = k.charter_id
         WHERE e.id = $1",
    )
    .bind::<SqlUuid, _>(school.0)
    .get_result(conn)
    .await
    .optional()
}

/// Printed badges of pupils who are there, by class and name, and how many there are.
pub async fn badges(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    class: Option<&str>,
    window: Window,
) -> QueryResult<(Vec<CodedStudent>, i64)> {
    let from = format!("{PRESENT} JOIN badges b ON b.student_id = s.id AND b.source = 'printed'");
    coded_students(conn, school, class, window, (&from, "b.code", IS_PRESENT)).await
}

/// How many pupils who are there have no printed badge.
pub async fn without_badge(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    class: Option<&str>,
) -> QueryResult<i64> {
    let count: Count = diesel::sql_query(format!(
        "SELECT count(*) AS n FROM {PRESENT} WHERE {IS_PRESENT}
           AND NOT EXISTS (SELECT 1 FROM badges b WHERE b.student_id = s.id AND b.source = 'printed')"
    ))
    .bind::<SqlUuid, _>(school.0)
    .bind::<Nullable<Text>, _>(class)
    .get_result(conn)
    .await?;
    Ok(count.n)
}

/// Charters of the current campaign, of pupils who are there and may have a laptop.
pub async fn charters(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    class: Option<&str>,
    window: Window,
) -> QueryResult<(Vec<CodedStudent>, i64)> {
    let from = format!(
        "{PRESENT} JOIN campaigns k ON k.establishment_id = s.establishment_id AND k.is_current
         JOIN charter_sheets h ON h.student_id = s.id AND h.charter_id = k.charter_id"
    );
    let wanted = format!("{IS_PRESENT} AND {IS_ENTITLED}");
    coded_students(conn, school, class, window, (&from, "h.code", &wanted)).await
}

async fn coded_students(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    class: Option<&str>,
    window: Window,
    (from, code, wanted): (&str, &str, &str),
) -> QueryResult<(Vec<CodedStudent>, i64)> {
    let count: Count = diesel::sql_query(format!("SELECT count(*) AS n FROM {from} WHERE {wanted}"))
        .bind::<SqlUuid, _>(school.0)
        .bind::<Nullable<Text>, _>(class)
        .get_result(conn)
        .await?;
    let rows = diesel::sql_query(format!(
        "SELECT s.last_name, s.first_name, c.code AS class_code, {code} AS code
         FROM {from} WHERE {wanted} {IN_ORDER}"
    ))
    .bind::<SqlUuid, _>(school.0)
    .bind::<Nullable<Text>, _>(class)
    .bind::<BigInt, _>(window.offset)
    .bind::<BigInt, _>(window.limit)
    .load(conn)
    .await?;
    Ok((rows, count.n))
}

/// Pupils who are to have a charter of the current campaign and have no sheet of it yet.
pub async fn without_sheet(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    class: Option<&str>,
) -> QueryResult<Vec<uuid::Uuid>> {
    #[derive(QueryableByName)]
    struct Bare {
        #[diesel(sql_type = SqlUuid)]
        id: uuid::Uuid,
    }
    let bare: Vec<Bare> = diesel::sql_query(format!(
        "SELECT s.id FROM {PRESENT}
         JOIN campaigns k ON k.establishment_id = s.establishment_id AND k.is_current
         WHERE {IS_PRESENT} AND {IS_ENTITLED}
           AND NOT EXISTS (SELECT 1 FROM charter_sheets h WHERE h.student_id = s.id AND h.charter_id = k.charter_id)"
    ))
    .bind::<SqlUuid, _>(school.0)
    .bind::<Nullable<Text>, _>(class)
    .load(conn)
    .await?;
    Ok(bare.into_iter().map(|row| row.id).collect())
}

/// Gives each pupil a sheet of the current campaign's charter; one that is there stays.
pub async fn add_sheets(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    students: &[uuid::Uuid],
    codes: &[String],
) -> QueryResult<usize> {
    diesel::sql_query(
        "INSERT INTO charter_sheets (id, establishment_id, student_id, charter_id, code)
         SELECT gen_random_uuid(), $1, n.student, k.charter_id, n.code
         FROM unnest($2::uuid[], $3::text[]) AS n (student, code)
         JOIN campaigns k ON k.establishment_id = $1 AND k.is_current
         ON CONFLICT ON CONSTRAINT one_sheet_per_student_and_charter DO NOTHING",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<Array<SqlUuid>, _>(students)
    .bind::<Array<Text>, _>(codes)
    .execute(conn)
    .await
}

/// Laptops by delivery note and serial number, and how many there are.
pub async fn labels(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    delivery: Option<&str>,
    window: Window,
) -> QueryResult<(Vec<LabelRow>, i64)> {
    const FROM: &str = "devices d JOIN device_models m ON m.id = d.model_id
        LEFT JOIN deliveries n ON n.id = d.delivery_id
        WHERE d.establishment_id = $1 AND ($2::text IS NULL OR n.note_number = $2)";
    let count: Count = diesel::sql_query(format!("SELECT count(*) AS n FROM {FROM}"))
        .bind::<SqlUuid, _>(school.0)
        .bind::<Nullable<Text>, _>(delivery)
        .get_result(conn)
        .await?;
    let rows = diesel::sql_query(format!(
        "SELECT m.manufacturer AS maker, m.designation AS model, d.serial_number AS serial, m.part_number,
                d.mac_address AS mac, d.asset_tag
         FROM {FROM} ORDER BY n.note_number, d.serial_number OFFSET $3 LIMIT $4"
    ))
    .bind::<SqlUuid, _>(school.0)
    .bind::<Nullable<Text>, _>(delivery)
    .bind::<BigInt, _>(window.offset)
    .bind::<BigInt, _>(window.limit)
    .load(conn)
    .await?;
    Ok((rows, count.n))
}
