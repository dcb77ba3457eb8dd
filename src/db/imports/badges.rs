//! Badges of a file: whose each is, then added.

use super::{ChangedRow, Difference, effects, placed, row_numbers};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Date, Int4, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::EstablishmentId;
use domain::names::search_key;
use domain::rows::BadgeRow;
use uuid::Uuid;

/// What a person reads of a badge, in the order of [`changes`].
pub const FIELDS: [&str; 2] = ["Élève", "Badge"];

pub async fn stage(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    import: Uuid,
    rows: &[BadgeRow],
) -> QueryResult<()> {
    diesel::sql_query(
        "INSERT INTO staged_badges (import_id, establishment_id, row_number, code, student, student_key, birth_date, class_code)
         SELECT $1, $2, * FROM unnest($3::int[], $4::text[], $5::text[], $6::text[], $7::date[], $8::text[])",
    )
    .bind::<SqlUuid, _>(import)
    .bind::<SqlUuid, _>(school.0)
    .bind::<Array<Int4>, _>(row_numbers(rows.iter().map(|r| r.row)))
    .bind::<Array<Text>, _>(rows.iter().map(|r| r.code.as_str()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(rows.iter().map(|r| r.student.as_str()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(rows.iter().map(|r| search_key(&r.student)).collect::<Vec<_>>())
    .bind::<Array<Nullable<Date>>, _>(rows.iter().map(|r| r.birth_date).collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(rows.iter().map(|r| r.class.as_deref()).collect::<Vec<_>>())
    .execute(conn)
    .await
    .map(drop)
}

/// Why a badge is nobody's.
#[derive(QueryableByName)]
pub struct Unclear {
    #[diesel(sql_type = Int4)]
    pub row_number: i32,
    #[diesel(sql_type = Text)]
    pub code: String,
    #[diesel(sql_type = Text)]
    pub student: String,
    /// `unknown_student`, `several_students` or `badge_taken`.
    #[diesel(sql_type = Text)]
    pub why: String,
    /// How many there are in all.
    #[diesel(sql_type = BigInt)]
    pub total: i64,
}

/// Says whose each badge is; drops those of nobody, of several or of somebody else, and tells the first.
pub async fn settle(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    import: Uuid,
    limit: i64,
) -> QueryResult<Vec<Unclear>> {
    diesel::sql_query(
        "WITH found AS (
             SELECT b.row_number, b.code, b.student, f.n, f.id, CASE
                 WHEN f.n = 0 THEN 'unknown_student'
                 WHEN f.n > 1 THEN 'several_students'
                 WHEN EXISTS (SELECT FROM badges o WHERE o.establishment_id = $1 AND o.code = b.code
                              AND o.forgotten_at IS NULL AND o.student_id <> f.id)
                   OR EXISTS (SELECT FROM staged_badges o WHERE o.import_id = $2 AND o.code = b.code
                              AND o.row_number < b.row_number) THEN 'badge_taken' END AS why
             FROM staged_badges b CROSS JOIN LATERAL (
                 SELECT count(*) AS n, (array_agg(s.id))[1] AS id FROM students s LEFT JOIN classes c ON c.id = s.class_id
                 WHERE s.establishment_id = $1
                   AND (s.eleve_id = b.student OR s.ine = b.student OR (s.search_key = b.student_key
                        AND (b.birth_date IS NULL OR s.birth_date = b.birth_date)
                        AND (b.class_code IS NULL OR c.code = b.class_code)))) f
             WHERE b.import_id = $2
         ), named AS (
             UPDATE staged_badges b SET student_id = f.id FROM found f
             WHERE b.import_id = $2 AND b.row_number = f.row_number AND f.why IS NULL
         ), dropped AS (
             DELETE FROM staged_badges b USING found f
             WHERE b.import_id = $2 AND b.row_number = f.row_number AND f.why IS NOT NULL
         )
         SELECT row_number, code, student, why, count(*) OVER () AS total FROM found
         WHERE why IS NOT NULL ORDER BY row_number LIMIT $3",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(import)
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await
}

const NEW: &str = "NOT EXISTS (SELECT FROM badges o WHERE o.establishment_id = $1 AND o.code = b.code AND o.forgotten_at IS NULL)";

pub async fn compare(
    conn: &mut AsyncPgConnection,
    (school, import): (EstablishmentId, Uuid),
) -> QueryResult<Difference> {
    placed(
        (school, import),
        format!(
            "SELECT count(*) FILTER (WHERE {NEW}) AS added, 0::bigint AS changed,
                count(*) FILTER (WHERE NOT {NEW}) AS unchanged, 0::bigint AS gone
         FROM staged_badges b WHERE b.import_id = $2"
        ),
    )
    .get_result(conn)
    .await
}

pub async fn changes(
    conn: &mut AsyncPgConnection,
    (school, import): (EstablishmentId, Uuid),
    limit: i64,
) -> QueryResult<Vec<ChangedRow>> {
    placed(
        (school, import),
        format!(
            "SELECT 'added' AS action, s.last_name AS label, s.first_name, ARRAY[NULL::text, NULL] AS before,
                ARRAY[NULL, b.code] AS after
         FROM staged_badges b JOIN students s ON s.id = b.student_id WHERE b.import_id = $2 AND {NEW}
         ORDER BY s.search_key LIMIT $3"
        ),
    )
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await
}

pub async fn apply(
    conn: &mut AsyncPgConnection,
    (school, import): (EstablishmentId, Uuid),
) -> QueryResult<()> {
    placed((school, import), format!(
        "CREATE TEMPORARY TABLE taken_badges ON COMMIT DROP AS
         SELECT gen_random_uuid() AS id, b.student_id, b.code FROM staged_badges b WHERE b.import_id = $2 AND {NEW}"
    ))
    .execute(conn)
    .await?;
    effects::keep_added(conn, (school, import), &effects::BADGES, "SELECT id FROM taken_badges").await?;
    diesel::sql_query(
        "INSERT INTO badges (id, establishment_id, student_id, code, source)
         SELECT id, $1, student_id, code, 'imported' FROM taken_badges",
    )
    .bind::<SqlUuid, _>(school.0)
    .execute(conn)
    .await
    .map(drop)
}
