//! What is missing or doubtful in the school's data, each with the people it concerns.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamp, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::EstablishmentId;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Somebody or something that a check found.
#[derive(Debug, Clone, Serialize, ToSchema, QueryableByName)]
pub struct Finding {
    /// Whose file it leads to.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub student_id: Option<Uuid>,
    /// A pupil's name, a class's code.
    #[diesel(sql_type = Text)]
    pub label: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub class: Option<String>,
    /// French.
    #[diesel(sql_type = Text)]
    pub detail: String,
    /// How many there are in all.
    #[diesel(sql_type = BigInt)]
    #[serde(skip)]
    pub total: i64,
}

/// Pupils who are there, named `s`, with their class `c`.
const PRESENT: &str = "FROM students s LEFT JOIN classes c ON c.id = s.class_id
    WHERE s.establishment_id = $1 AND s.missing_since IS NULL AND (s.left_on IS NULL OR s.left_on > current_date)";

fn pupils(detail: &str, condition: &str) -> String {
    format!(
        "SELECT s.id AS student_id, s.last_name || ' ' || s.first_name AS label, c.code AS class, {detail} AS detail,
                count(*) OVER () AS total, s.search_key AS sorted {PRESENT} AND {condition}"
    )
}

/// The text of a check, by its code.
fn text(code: &str) -> Option<String> {
    Some(match code {
        "student_without_class" => pupils("''", "s.class_id IS NULL"),
        "student_without_ine" => pupils("''", "s.ine IS NULL"),
        "student_without_guardian" => pupils(
            "''",
            "NOT EXISTS (SELECT FROM guardians g WHERE g.student_id = s.id AND g.is_legal)",
        ),
        "guardian_unreachable" => "
            SELECT s.id AS student_id, s.last_name || ' ' || s.first_name AS label, c.code AS class,
                    g.last_name || ' ' || g.first_name || ' : ' || CASE
                        WHEN g.phone IS NULL AND g.email IS NULL THEN 'ni mobile ni courriel'
                        WHEN g.phone IS NULL THEN 'pas de mobile' ELSE 'pas de courriel' END AS detail,
                    count(*) OVER () AS total, s.search_key AS sorted
             FROM guardians g JOIN students s ON s.id = g.student_id LEFT JOIN classes c ON c.id = s.class_id
             WHERE g.establishment_id = $1 AND g.is_legal AND (g.phone IS NULL OR g.email IS NULL)
               AND s.missing_since IS NULL AND (s.left_on IS NULL OR s.left_on > current_date)"
            .to_owned(),
        "badge_missing" => pupils(
            "''",
            "NOT EXISTS (SELECT FROM badges b WHERE b.student_id = s.id AND b.forgotten_at IS NULL)",
        ),
        "shared_ine" => pupils(
            "'INE ' || s.ine",
            "s.ine IN (SELECT o.ine FROM students o WHERE o.establishment_id = $1 AND o.missing_since IS NULL
                       AND o.ine IS NOT NULL GROUP BY o.ine HAVING count(*) > 1)",
        ),
        "namesake" => pupils(
            "'né(e) le ' || coalesce(to_char(s.birth_date, 'DD/MM/YYYY'), '?')",
            "(s.search_key, coalesce(s.birth_date, '-infinity')) IN (
                 SELECT o.search_key, coalesce(o.birth_date, '-infinity') FROM students o
                 WHERE o.establishment_id = $1 AND o.missing_since IS NULL GROUP BY 1, 2 HAVING count(*) > 1)",
        ),
        // Each source that knows any class of the year is asked for each class that another one knows.
        "class_mismatch" => "
            WITH known AS (
                SELECT 'SIECLE' AS source, c.code FROM classes c
                WHERE c.establishment_id = $1 AND EXISTS (SELECT FROM students s WHERE s.class_id = c.id AND s.missing_since IS NULL)
                UNION SELECT upper(r.realm), r.fields->>'code' FROM reference_rows r
                WHERE r.establishment_id = $1 AND r.thing = 'class' AND r.realm <> 'siecle'
            ), sources AS (SELECT DISTINCT source FROM known), codes AS (SELECT DISTINCT code FROM known)
            SELECT NULL::uuid AS student_id, k.code AS label, k.code AS class,
                   'connue de ' || (SELECT string_agg(o.source, ', ' ORDER BY o.source) FROM known o WHERE o.code = k.code)
                   || ', pas de ' || string_agg(t.source, ', ' ORDER BY t.source) AS detail,
                   count(*) OVER () AS total, k.code AS sorted
            FROM codes k CROSS JOIN sources t
            WHERE NOT EXISTS (SELECT FROM known o WHERE o.code = k.code AND o.source = t.source) GROUP BY k.code"
            .to_owned(),
        "headcount_differs" => "
            SELECT NULL::uuid AS student_id, c.code AS label, c.code AS class,
                   count(s.id) || ' élèves dans SIECLE, ' || (r.fields->>'expected') || ' prévus dans STS' AS detail,
                   count(*) OVER () AS total, c.code AS sorted
            FROM classes c JOIN reference_rows r ON r.establishment_id = $1 AND r.thing = 'class' AND r.realm = 'sts'
              AND r.fields->>'code' = c.code AND r.fields->>'expected' IS NOT NULL
            JOIN students s ON s.class_id = c.id AND s.missing_since IS NULL AND (s.left_on IS NULL OR s.left_on > current_date)
            WHERE c.establishment_id = $1 GROUP BY c.code, r.fields HAVING count(s.id) > (r.fields->>'expected')::int"
            .to_owned(),
        _ => return None,
    })
}

/// What a check finds, the first `limit` by name; none for a code that is no check's.
pub async fn findings(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    code: &str,
    limit: i64,
) -> QueryResult<Option<Vec<Finding>>> {
    let Some(text) = text(code) else { return Ok(None) };
    diesel::sql_query(format!(
        "SELECT student_id, label, class, detail, total FROM ({text}) found ORDER BY sorted COLLATE \"C\", detail LIMIT $2"
    ))
    .bind::<SqlUuid, _>(school.0)
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await
    .map(Some)
}

/// The last file of a kind that was applied and stands.
#[derive(Debug, Clone, QueryableByName)]
pub struct LastImport {
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Nullable<Timestamp>)]
    pub exported_at: Option<NaiveDateTime>,
    #[diesel(sql_type = Timestamptz)]
    pub applied_at: DateTime<Utc>,
}

pub async fn last_imports(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
) -> QueryResult<Vec<LastImport>> {
    diesel::sql_query(
        "SELECT DISTINCT ON (kind) kind, exported_at, applied_at FROM imports
         WHERE establishment_id = $1 AND state = 'applied' ORDER BY kind, applied_at DESC",
    )
    .bind::<SqlUuid, _>(school.0)
    .load(conn)
    .await
}
