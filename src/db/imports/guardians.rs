//! Guardians of a file: persons and whom they answer for. One row a pupil and person; contacts that
//! may not sign are left out, as the loan does not need them.

use super::{ChangedRow, Difference, effects, placed, row_numbers};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Int2, Int4, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::EstablishmentId;
use domain::rows::{GuardianLinkRow, GuardianRow};
use uuid::Uuid;

/// What a person reads of a guardian's changes, in the order of [`changes`].
pub const FIELDS: [&str; 7] =
    ["Élève", "Nom", "Prénom", "Lien", "Responsable légal", "Téléphone", "Courriel"];

pub async fn stage(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    import: Uuid,
    rows: &[GuardianRow],
) -> QueryResult<()> {
    diesel::sql_query(
        "INSERT INTO staged_guardians (import_id, establishment_id, row_number, person_id, last_name, first_name, phone, email)
         SELECT $1, $2, * FROM unnest($3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])",
    )
    .bind::<SqlUuid, _>(import)
    .bind::<SqlUuid, _>(school.0)
    .bind::<Array<Int4>, _>(row_numbers(rows.iter().map(|r| r.row)))
    .bind::<Array<Text>, _>(rows.iter().map(|r| r.person_id.as_str()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(rows.iter().map(|r| r.last_name.as_str()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(rows.iter().map(|r| r.first_name.as_str()).collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(rows.iter().map(|r| r.phone.as_deref()).collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(rows.iter().map(|r| r.email.as_deref()).collect::<Vec<_>>())
    .execute(conn)
    .await
    .map(drop)
}

pub async fn stage_links(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    import: Uuid,
    rows: &[GuardianLinkRow],
) -> QueryResult<()> {
    diesel::sql_query(
        "INSERT INTO staged_guardian_links (import_id, establishment_id, row_number, eleve_id, person_id, level, relationship)
         SELECT $1, $2, * FROM unnest($3::int[], $4::text[], $5::text[], $6::smallint[], $7::text[])",
    )
    .bind::<SqlUuid, _>(import)
    .bind::<SqlUuid, _>(school.0)
    .bind::<Array<Int4>, _>(row_numbers(rows.iter().map(|r| r.row)))
    .bind::<Array<Text>, _>(rows.iter().map(|r| r.eleve_id.as_str()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(rows.iter().map(|r| r.person_id.as_str()).collect::<Vec<_>>())
    .bind::<Array<Int2>, _>(rows.iter().map(|r| i16::from(r.level)).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(rows.iter().map(|r| r.relationship.as_str()).collect::<Vec<_>>())
    .execute(conn)
    .await
    .map(drop)
}

/// A link whose pupil the school does not know.
#[derive(QueryableByName)]
pub struct Stray {
    #[diesel(sql_type = Int4)]
    pub row_number: i32,
    #[diesel(sql_type = Text)]
    pub eleve_id: String,
    /// How many there are in all.
    #[diesel(sql_type = BigInt)]
    pub total: i64,
}

/// The first links to pupils that the school does not know.
pub async fn strays(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    import: Uuid,
    limit: i64,
) -> QueryResult<Vec<Stray>> {
    placed(
        (school, import),
        "SELECT l.row_number, l.eleve_id, count(*) OVER () AS total FROM staged_guardian_links l
         LEFT JOIN (SELECT eleve_id FROM students WHERE establishment_id = $1) s ON s.eleve_id = l.eleve_id
         WHERE l.import_id = $2 AND s.eleve_id IS NULL ORDER BY l.row_number LIMIT $3",
    )
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await
}

/// Guardians of the file beside those that files told before. `$1` the school, `$2` the import, `$3`
/// whether who is absent is gone.
const FACTS: &str = "
    WITH said AS (
        SELECT DISTINCT ON (s.id, l.person_id) l.row_number, s.id AS student_id, s.last_name || ' ' || s.first_name AS student,
               l.person_id, l.level, l.relationship, p.last_name, p.first_name, p.phone, p.email
        FROM (SELECT * FROM staged_guardian_links WHERE import_id = $2 AND level < 3) l
        JOIN (SELECT * FROM staged_guardians WHERE import_id = $2) p ON p.person_id = l.person_id
        JOIN (SELECT * FROM students WHERE establishment_id = $1) s ON s.eleve_id = l.eleve_id
        ORDER BY s.id, l.person_id, l.level, l.row_number
    ), told AS (
        SELECT f.*, g AS old, g.id, CASE
            WHEN g.id IS NULL THEN 'added'
            WHEN f.person_id IS NULL THEN CASE WHEN $3 THEN 'gone' END
            WHEN (g.last_name, g.first_name, g.relationship, g.level, g.phone, g.email)
                 IS DISTINCT FROM (f.last_name, f.first_name, f.relationship, f.level, f.phone, f.email) THEN 'changed' END AS action
        FROM said f FULL JOIN (SELECT * FROM guardians WHERE establishment_id = $1 AND person_id IS NOT NULL) g
          ON g.student_id = f.student_id AND g.person_id = f.person_id)";

pub async fn compare(
    conn: &mut AsyncPgConnection,
    (school, import): (EstablishmentId, Uuid),
    complete: bool,
) -> QueryResult<Difference> {
    placed((school, import), format!(
        "{FACTS} SELECT count(*) FILTER (WHERE action = 'added') AS added, count(*) FILTER (WHERE action = 'changed') AS changed,
                count(*) FILTER (WHERE action IS NULL AND person_id IS NOT NULL) AS unchanged,
                count(*) FILTER (WHERE action = 'gone') AS gone FROM told"
    ))
    .bind::<Bool, _>(complete)
    .get_result(conn)
    .await
}

pub async fn changes(
    conn: &mut AsyncPgConnection,
    (school, import): (EstablishmentId, Uuid),
    complete: bool,
    limit: i64,
) -> QueryResult<Vec<ChangedRow>> {
    diesel::sql_query(format!(
        "{FACTS} SELECT action, coalesce(t.last_name, (old).last_name) AS label, coalesce(t.first_name, (old).first_name) AS first_name,
                CASE WHEN t.id IS NULL THEN array_fill(NULL::text, ARRAY[7]) ELSE
                ARRAY[s.last_name || ' ' || s.first_name, (old).last_name, (old).first_name, (old).relationship,
                      CASE WHEN (old).is_legal THEN 'oui' ELSE 'non' END, (old).phone, (old).email] END AS before,
                ARRAY[s.last_name || ' ' || s.first_name, t.last_name, t.first_name, t.relationship,
                      CASE WHEN t.level = 1 THEN 'oui' ELSE 'non' END, t.phone, t.email] AS after
         FROM told t JOIN students s ON s.id = coalesce(t.student_id, (old).student_id)
         WHERE action IS NOT NULL
         ORDER BY row_number() OVER (PARTITION BY action ORDER BY s.search_key) > $4 / 3, action DESC, s.search_key LIMIT $4"
    ))
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(import)
    .bind::<Bool, _>(complete)
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await
}

pub async fn apply(
    conn: &mut AsyncPgConnection,
    (school, import): (EstablishmentId, Uuid),
    complete: bool,
) -> QueryResult<()> {
    diesel::sql_query(format!(
        "CREATE TEMPORARY TABLE taken_guardians ON COMMIT DROP AS {FACTS}
         SELECT action, coalesce(id, gen_random_uuid()) AS id, student_id, person_id, level, relationship, last_name,
                first_name, phone, email FROM told WHERE action IS NOT NULL"
    ))
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(import)
    .bind::<Bool, _>(complete)
    .execute(conn)
    .await?;
    let place = (school, import);
    let of = |action: &str| format!("SELECT id FROM taken_guardians WHERE action = '{action}'");
    effects::keep(conn, place, &effects::GUARDIANS, "changed", &of("changed")).await?;
    effects::keep(conn, place, &effects::GUARDIANS, "removed", &of("gone")).await?;
    effects::keep_added(conn, place, &effects::GUARDIANS, &of("added")).await?;
    diesel::sql_query(
        "DELETE FROM guardians g USING taken_guardians t WHERE t.action = 'gone' AND g.id = t.id",
    )
    .execute(conn)
    .await?;
    diesel::sql_query(
        "UPDATE guardians g SET last_name = t.last_name, first_name = t.first_name, relationship = t.relationship,
                is_legal = t.level = 1, level = t.level, phone = t.phone, email = t.email
         FROM taken_guardians t WHERE t.action = 'changed' AND g.id = t.id",
    )
    .execute(conn)
    .await?;
    diesel::sql_query(
        "INSERT INTO guardians (id, establishment_id, student_id, last_name, first_name, relationship, is_legal, phone, email,
                                person_id, level)
         SELECT id, $1, student_id, last_name, first_name, relationship, level = 1, phone, email, person_id, level
         FROM taken_guardians WHERE action = 'added'",
    )
    .bind::<SqlUuid, _>(school.0)
    .execute(conn)
    .await
    .map(drop)
}
