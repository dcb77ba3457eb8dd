//! Pupils of a file: staged, then compared with those the school knows, then applied. The
//! comparison is one text, so that what is shown is what is done.

use super::{ChangedRow, Difference};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Date, Int4, Nullable, Text, Timestamp, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::identifiers::crockford10;
use domain::ids::EstablishmentId;
use domain::names::search_key;
use domain::rows::StudentRow;
use uuid::Uuid;

/// Badges made at a time.
const BATCH: usize = 5_000;

/// What a person reads of a pupil's changes, in the order of [`changes`].
pub const FIELDS: [&str; 9] =
    ["Nom", "Prénom", "Naissance", "Classe", "MEF", "INE", "Ayant droit", "Sortie", "Absent du fichier"];

pub async fn stage(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    import: Uuid,
    rows: &[StudentRow],
) -> QueryResult<()> {
    let keys = rows.iter().map(|row| search_key(&format!("{} {}", row.last_name, row.first_name)));
    diesel::sql_query(
        "INSERT INTO staged_students (import_id, establishment_id, row_number, eleve_id, ine, last_name, first_name,
                                      birth_date, mef, entitled, left_on, search_key)
         SELECT $1, $2, * FROM unnest($3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::date[],
                                      $9::text[], $10::bool[], $11::date[], $12::text[])",
    )
    .bind::<SqlUuid, _>(import)
    .bind::<SqlUuid, _>(school.0)
    .bind::<Array<Int4>, _>(rows.iter().map(|r| i32::try_from(r.row).unwrap_or(i32::MAX)).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(rows.iter().map(|r| r.eleve_id.as_str()).collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(rows.iter().map(|r| r.ine.as_deref()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(rows.iter().map(|r| r.last_name.as_str()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(rows.iter().map(|r| r.first_name.as_str()).collect::<Vec<_>>())
    .bind::<Array<Nullable<Date>>, _>(rows.iter().map(|r| r.birth_date).collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(rows.iter().map(|r| r.mef.as_deref()).collect::<Vec<_>>())
    .bind::<Array<Bool>, _>(rows.iter().map(|r| r.entitled).collect::<Vec<_>>())
    .bind::<Array<Nullable<Date>>, _>(rows.iter().map(|r| r.left_on).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(keys.collect::<Vec<_>>())
    .execute(conn)
    .await
    .map(drop)
}

/// When the last list applied was exported.
pub async fn last_exported(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
) -> QueryResult<Option<NaiveDateTime>> {
    #[derive(QueryableByName)]
    struct Last {
        #[diesel(sql_type = Nullable<Timestamp>)]
        exported_at: Option<NaiveDateTime>,
    }
    let last: Last = diesel::sql_query(
        "SELECT max(exported_at) AS exported_at FROM imports
         WHERE establishment_id = $1 AND kind = 'students' AND state = 'applied'",
    )
    .bind::<SqlUuid, _>(school.0)
    .get_result(conn)
    .await?;
    Ok(last.exported_at)
}

/// Pupils of the file beside those of the school. `$1` is the school, `$2` the import,
/// `$3` the school year.
const BESIDE: &str = "
    FROM (SELECT * FROM staged_students WHERE import_id = $2) f
    FULL JOIN (SELECT * FROM students WHERE establishment_id = $1) s ON s.eleve_id = f.eleve_id
    LEFT JOIN classes c ON c.id = s.class_id";

/// What changes for the pair of [`BESIDE`]; null when nothing does.
const ACTION: &str = "
    CASE WHEN s.id IS NULL THEN 'added'
         WHEN f.eleve_id IS NULL THEN CASE WHEN s.missing_since IS NULL THEN 'gone' END
         WHEN s.missing_since IS NOT NULL
           OR (s.ine, s.last_name, s.first_name, s.birth_date, c.code, c.school_year, s.mef, s.entitled, s.left_on)
              IS DISTINCT FROM
              (f.ine, f.last_name, f.first_name, f.birth_date, f.class_code,
               CASE WHEN f.class_code IS NOT NULL THEN $3 END, f.mef, f.entitled, f.left_on)
         THEN 'changed' END";

pub async fn compare(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    import: Uuid,
    year: i32,
) -> QueryResult<Difference> {
    diesel::sql_query(format!(
        "SELECT count(*) FILTER (WHERE action = 'added') AS added,
                count(*) FILTER (WHERE action = 'changed') AS changed,
                count(*) FILTER (WHERE action IS NULL AND in_file) AS unchanged,
                count(*) FILTER (WHERE action = 'gone') AS gone
         FROM (SELECT {ACTION} AS action, f.eleve_id IS NOT NULL AS in_file {BESIDE}) pairs"
    ))
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(import)
    .bind::<Int4, _>(year)
    .get_result(conn)
    .await
}

/// The first changes by name: those gone, then those changed, then those added, so that
/// many of one kind hide none of another.
pub async fn changes(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    import: Uuid,
    year: i32,
    limit: i64,
) -> QueryResult<Vec<ChangedRow>> {
    let fields = |row: &str, class: &str, missing: &str| {
        format!(
            "ARRAY[({row}).last_name, ({row}).first_name, to_char(({row}).birth_date, 'DD/MM/YYYY'), {class},
                   ({row}).mef, ({row}).ine, CASE ({row}).entitled WHEN true THEN 'oui' WHEN false THEN 'non' END,
                   to_char(({row}).left_on, 'DD/MM/YYYY'), {missing}]"
        )
    };
    let before = fields("old", "old_class", "CASE WHEN (old).missing_since IS NOT NULL THEN 'oui' END");
    let after = fields("new", "(new).class_code", "NULL");
    diesel::sql_query(format!(
        "SELECT action, label, first_name, {before} AS before, {after} AS after
         FROM (SELECT {ACTION} AS action, coalesce(f.last_name, s.last_name) AS label,
                      coalesce(f.first_name, s.first_name) AS first_name, s AS old, f AS new, c.code AS old_class,
                      coalesce(f.search_key, s.search_key) AS key {BESIDE}) pairs
         WHERE action IS NOT NULL
         ORDER BY row_number() OVER (PARTITION BY action ORDER BY key) > $4 / 3, action DESC, key LIMIT $4"
    ))
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(import)
    .bind::<Int4, _>(year)
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await
}

/// Classes, pupils, those no longer named, badges.
pub async fn apply(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    import: Uuid,
    year: i32,
) -> QueryResult<()> {
    for statement in [CLASSES, PUPILS] {
        diesel::sql_query(statement)
            .bind::<SqlUuid, _>(school.0)
            .bind::<SqlUuid, _>(import)
            .bind::<Int4, _>(year)
            .execute(conn)
            .await?;
    }
    diesel::sql_query(
        "UPDATE students s SET missing_since = now(), updated_at = now()
         WHERE s.establishment_id = $1 AND s.missing_since IS NULL
           AND NOT EXISTS (SELECT 1 FROM staged_students f WHERE f.import_id = $2 AND f.eleve_id = s.eleve_id)",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(import)
    .execute(conn)
    .await?;
    badges(conn, school).await
}

const CLASSES: &str = "INSERT INTO classes (id, establishment_id, school_year, code)
    SELECT gen_random_uuid(), $1, $3, class_code FROM staged_students
    WHERE import_id = $2 AND class_code IS NOT NULL GROUP BY class_code
    ON CONFLICT (establishment_id, school_year, code) DO NOTHING";

const PUPILS: &str = "
    INSERT INTO students AS s (id, establishment_id, eleve_id, ine, last_name, first_name, birth_date, class_id,
                               mef, entitled, left_on, search_key)
    SELECT gen_random_uuid(), $1, f.eleve_id, f.ine, f.last_name, f.first_name, f.birth_date, c.id,
           f.mef, f.entitled, f.left_on, f.search_key
    FROM staged_students f
    LEFT JOIN classes c ON c.establishment_id = $1 AND c.school_year = $3 AND c.code = f.class_code
    WHERE f.import_id = $2
    ON CONFLICT (establishment_id, eleve_id) DO UPDATE
    SET ine = excluded.ine, last_name = excluded.last_name, first_name = excluded.first_name,
        birth_date = excluded.birth_date, class_id = excluded.class_id, mef = excluded.mef,
        entitled = excluded.entitled, left_on = excluded.left_on, search_key = excluded.search_key,
        missing_since = NULL, updated_at = now()
    WHERE (s.ine, s.last_name, s.first_name, s.birth_date, s.class_id, s.mef, s.entitled, s.left_on)
          IS DISTINCT FROM (excluded.ine, excluded.last_name, excluded.first_name, excluded.birth_date,
                            excluded.class_id, excluded.mef, excluded.entitled, excluded.left_on)
       OR s.missing_since IS NOT NULL";

/// A code to print on the badge of each pupil who has none.
async fn badges(conn: &mut AsyncPgConnection, school: EstablishmentId) -> QueryResult<()> {
    #[derive(QueryableByName)]
    struct Bare {
        #[diesel(sql_type = SqlUuid)]
        id: Uuid,
    }
    let bare: Vec<Bare> = diesel::sql_query(
        "SELECT s.id FROM students s WHERE s.establishment_id = $1
           AND NOT EXISTS (SELECT 1 FROM badges b WHERE b.student_id = s.id AND b.source = 'printed')",
    )
    .bind::<SqlUuid, _>(school.0)
    .load(conn)
    .await?;
    for batch in bare.chunks(BATCH) {
        let codes = batch.iter().map(|_| format!("EL{}", crockford10(rand::random())));
        diesel::sql_query(
            "INSERT INTO badges (id, establishment_id, student_id, code, source)
             SELECT gen_random_uuid(), $1, student, code, 'printed' FROM unnest($2::uuid[], $3::text[]) AS n (student, code)",
        )
        .bind::<SqlUuid, _>(school.0)
        .bind::<Array<SqlUuid>, _>(batch.iter().map(|student| student.id).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(codes.collect::<Vec<_>>())
        .execute(conn)
        .await?;
    }
    Ok(())
}
