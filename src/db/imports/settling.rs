//! What only the end of a list of pupils tells: classes and groups, which it names after
//! them, and who is in it twice.

use super::row_numbers;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Int4, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::EstablishmentId;
use domain::rows::StructureRow;
use uuid::Uuid;

pub async fn stage_structures(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    import: Uuid,
    rows: &[StructureRow],
) -> QueryResult<()> {
    diesel::sql_query(
        "INSERT INTO staged_structures (import_id, establishment_id, position, eleve_id, code, division)
         SELECT $1, $2, * FROM unnest($3::int[], $4::text[], $5::text[], $6::bool[])",
    )
    .bind::<SqlUuid, _>(import)
    .bind::<SqlUuid, _>(school.0)
    .bind::<Array<Int4>, _>(row_numbers(rows.iter().map(|r| r.position)))
    .bind::<Array<Text>, _>(rows.iter().map(|r| r.eleve_id.as_str()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(rows.iter().map(|r| r.code.as_str()).collect::<Vec<_>>())
    .bind::<Array<Bool>, _>(rows.iter().map(|r| r.division).collect::<Vec<_>>())
    .execute(conn)
    .await
    .map(drop)
}

/// Two rows of the file that say the same.
#[derive(QueryableByName)]
pub struct Twice {
    #[diesel(sql_type = Int4)]
    pub row_number: i32,
    #[diesel(sql_type = Int4)]
    pub first_row: i32,
    #[diesel(sql_type = Text)]
    pub value: String,
    /// How many there are in all.
    #[diesel(sql_type = BigInt)]
    pub total: i64,
}

/// Leaves the first of each pupil; tells the first `limit` of the others.
pub async fn drop_repeated(
    conn: &mut AsyncPgConnection,
    import: Uuid,
    limit: i64,
) -> QueryResult<Vec<Twice>> {
    diesel::sql_query(
        "WITH ranked AS (
             SELECT row_number, coalesce(eleve_id, ine, search_key) AS value, min(row_number) OVER (
                        PARTITION BY coalesce(eleve_id, ine || ' ' || coalesce(birth_date::text, ''),
                                              search_key || ' ' || coalesce(birth_date::text, '') || ' ' || coalesce(class_code, ''))
                    ) AS first_row
             FROM staged_students WHERE import_id = $1
         ), twice AS (SELECT * FROM ranked WHERE row_number <> first_row
         ), dropped AS (
             DELETE FROM staged_students f USING twice t WHERE f.import_id = $1 AND f.row_number = t.row_number
         )
         SELECT row_number, first_row, value, count(*) OVER () AS total FROM twice ORDER BY row_number LIMIT $2",
    )
    .bind::<SqlUuid, _>(import)
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await
}

/// Pupils whose INE another row has as well, the first `limit`; their records stay apart.
pub async fn shared_ines(conn: &mut AsyncPgConnection, import: Uuid, limit: i64) -> QueryResult<Vec<Twice>> {
    diesel::sql_query(
        "SELECT row_number, first_row, value, count(*) OVER () AS total
         FROM (SELECT row_number, ine AS value, min(row_number) OVER (PARTITION BY ine) AS first_row
               FROM staged_students WHERE import_id = $1 AND ine IS NOT NULL) ranked
         WHERE row_number <> first_row ORDER BY row_number LIMIT $2",
    )
    .bind::<SqlUuid, _>(import)
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await
}

/// Gives each staged pupil the last division the file names, and whether a group entitles.
pub async fn fold_structures(conn: &mut AsyncPgConnection, import: Uuid) -> QueryResult<()> {
    diesel::sql_query(
        "UPDATE staged_students f SET class_code = coalesce(g.class_code, f.class_code), entitled_by_group = g.entitles
         FROM (SELECT eleve_id, (array_agg(code ORDER BY position DESC) FILTER (WHERE division))[1] AS class_code,
                      bool_or(NOT division) AS entitles
               FROM staged_structures WHERE import_id = $1 GROUP BY eleve_id) g
         WHERE f.import_id = $1 AND f.eleve_id = g.eleve_id",
    )
    .bind::<SqlUuid, _>(import)
    .execute(conn)
    .await?;
    diesel::sql_query("DELETE FROM staged_structures WHERE import_id = $1")
        .bind::<SqlUuid, _>(import)
        .execute(conn)
        .await
        .map(drop)
}

/// A row that somebody must decide about, or that a cross-check found to differ.
#[derive(QueryableByName)]
pub struct Told {
    #[diesel(sql_type = Int4)]
    pub row_number: i32,
    #[diesel(sql_type = Text)]
    pub name: String,
    /// What the file says.
    #[diesel(sql_type = Text)]
    pub said: String,
    /// What the school has.
    #[diesel(sql_type = Text)]
    pub has: String,
    /// How many there are in all.
    #[diesel(sql_type = BigInt)]
    pub total: i64,
}

/// Which rows [`told`] looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looking {
    /// Found by name and birth date, and nobody has said whether it is the same pupil.
    Unconfirmed,
    /// Of a cross-check: nobody the school knows.
    Unknown,
    /// Of a cross-check: in another class.
    OtherClass,
}

pub async fn told(
    conn: &mut AsyncPgConnection,
    import: Uuid,
    looking: Looking,
    limit: i64,
) -> QueryResult<Vec<Told>> {
    let (said, has, condition) = match looking {
        Looking::Unconfirmed => (
            "coalesce(f.eleve_id, f.ine, '')",
            "coalesce(s.eleve_id, s.ine, '')",
            "f.found_by = 'name' AND f.is_same IS NULL",
        ),
        Looking::Unknown => ("coalesce(f.ine, '')", "''", "f.student_id IS NULL"),
        Looking::OtherClass => {
            ("f.class_code", "coalesce(c.code, '')", "f.class_code <> coalesce(c.code, '')")
        }
    };
    diesel::sql_query(format!(
        "SELECT f.row_number, f.last_name || ' ' || f.first_name AS name, {said} AS said, {has} AS has, count(*) OVER () AS total
         FROM staged_students f LEFT JOIN students s ON s.id = f.student_id LEFT JOIN classes c ON c.id = s.class_id
         WHERE f.import_id = $1 AND {condition} ORDER BY f.row_number LIMIT $2"
    ))
    .bind::<SqlUuid, _>(import)
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await
}

/// Says whether a row found by name and birth date is that pupil; all such rows without one. How many it was said of.
pub async fn confirm(
    conn: &mut AsyncPgConnection,
    import: Uuid,
    row: Option<i32>,
    is_same: bool,
) -> QueryResult<usize> {
    diesel::sql_query(
        "UPDATE staged_students SET is_same = $3
         WHERE import_id = $1 AND found_by = 'name' AND ($2 IS NULL AND is_same IS NULL OR row_number = $2)",
    )
    .bind::<SqlUuid, _>(import)
    .bind::<diesel::sql_types::Nullable<Int4>, _>(row)
    .bind::<Bool, _>(is_same)
    .execute(conn)
    .await
}

/// Pupils of the file who have left by that day.
pub async fn left_by(conn: &mut AsyncPgConnection, import: Uuid, day: chrono::NaiveDate) -> QueryResult<i64> {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        n: i64,
    }
    let count: Count =
        diesel::sql_query("SELECT count(*) AS n FROM staged_students WHERE import_id = $1 AND left_on <= $2")
            .bind::<SqlUuid, _>(import)
            .bind::<diesel::sql_types::Date, _>(day)
            .get_result(conn)
            .await?;
    Ok(count.n)
}
