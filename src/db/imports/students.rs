//! Pupils of a file: staged, found among those the school knows, compared, then applied. The
//! comparison is one text, so that what is shown is what is done.

use super::{ChangedRow, Difference, Import, effects, row_numbers};
use crate::db::entitlement;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_types::{Array, BigInt, Bool, Date, Int4, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::entitlement::Rule;
use domain::identifiers::crockford10;
use domain::ids::EstablishmentId;
use domain::names::search_key;
use domain::rows::StudentRow;
use uuid::Uuid;

/// Badges made at a time.
const BATCH: usize = 5_000;

/// What a person reads of a pupil's changes, in the order of [`changes`].
pub const FIELDS: [&str; 11] = [
    "Nom",
    "Prénom",
    "Naissance",
    "Classe",
    "MEF",
    "INE",
    "Ayant droit",
    "Sortie",
    "Absent du fichier",
    "N° SIECLE",
    HELD,
];
/// Laptops in the hands of who leaves.
pub const HELD: &str = "Détient";

/// What a source may do to the school's pupils.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authority {
    /// SIECLE: what it leaves empty is empty.
    Whole,
    /// It knows some fields only: what it leaves empty stays as it is.
    Partial,
    /// It is only compared with what is there.
    Check,
}

pub async fn stage(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    import: Uuid,
    rows: &[StudentRow],
) -> QueryResult<()> {
    let keys = rows.iter().map(|row| search_key(&format!("{} {}", row.last_name, row.first_name)));
    diesel::sql_query(
        "INSERT INTO staged_students (import_id, establishment_id, row_number, eleve_id, ine, last_name, first_name,
                                      birth_date, class_code, mef, left_on, removed, search_key)
         SELECT $1, $2, * FROM unnest($3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::date[],
                                      $9::text[], $10::text[], $11::date[], $12::bool[], $13::text[])",
    )
    .bind::<SqlUuid, _>(import)
    .bind::<SqlUuid, _>(school.0)
    .bind::<Array<Int4>, _>(row_numbers(rows.iter().map(|r| r.row)))
    .bind::<Array<Nullable<Text>>, _>(rows.iter().map(|r| r.eleve_id.as_deref()).collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(rows.iter().map(|r| r.ine.as_deref()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(rows.iter().map(|r| r.last_name.as_str()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(rows.iter().map(|r| r.first_name.as_str()).collect::<Vec<_>>())
    .bind::<Array<Nullable<Date>>, _>(rows.iter().map(|r| r.birth_date).collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(rows.iter().map(|r| r.class.as_deref()).collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(rows.iter().map(|r| r.mef.as_deref()).collect::<Vec<_>>())
    .bind::<Array<Nullable<Date>>, _>(rows.iter().map(|r| r.left_on).collect::<Vec<_>>())
    .bind::<Array<Bool>, _>(rows.iter().map(|r| r.removed).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(keys.collect::<Vec<_>>())
    .execute(conn)
    .await
    .map(drop)
}

/// Says of each row which pupil of the school it is: by SIECLE's number; else by INE and birth date,
/// where both are one pupil's on either side; else by name and birth date, which somebody must confirm.
pub async fn find_in_school(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    import: Uuid,
) -> QueryResult<()> {
    const FREE: &str =
        "NOT EXISTS (SELECT FROM staged_students o WHERE o.import_id = $2 AND o.student_id = s.id)";
    let once = |columns: &str| {
        format!(
            "SELECT min(row_number) AS row_number, {columns} FROM staged_students
             WHERE import_id = $2 AND student_id IS NULL GROUP BY {columns} HAVING count(*) = 1"
        )
    };
    let by_ine = format!(
        "UPDATE staged_students f SET student_id = s.id, found_by = 'ine'
         FROM ({}) o JOIN (SELECT (array_agg(id))[1] AS id, ine, birth_date FROM students
                           WHERE establishment_id = $1 AND ine IS NOT NULL AND birth_date IS NOT NULL
                           GROUP BY ine, birth_date HAVING count(*) = 1) s USING (ine, birth_date)
         WHERE f.import_id = $2 AND f.row_number = o.row_number AND {FREE}",
        once("ine, birth_date")
    );
    let by_name = format!(
        "UPDATE staged_students f SET student_id = s.id, found_by = 'name'
         FROM ({}) o JOIN (SELECT (array_agg(id))[1] AS id, search_key, birth_date FROM students
                           WHERE establishment_id = $1 AND birth_date IS NOT NULL
                           GROUP BY search_key, birth_date HAVING count(*) = 1) s USING (search_key, birth_date)
         WHERE f.import_id = $2 AND f.row_number = o.row_number AND {FREE}",
        once("search_key, birth_date")
    );
    let by_number = "UPDATE staged_students f SET student_id = s.id, found_by = 'eleve_id' FROM students s
                     WHERE s.establishment_id = $1 AND f.import_id = $2 AND s.eleve_id = f.eleve_id";
    for statement in [by_number, &by_ine, &by_name] {
        diesel::sql_query(statement)
            .bind::<SqlUuid, _>(school.0)
            .bind::<SqlUuid, _>(import)
            .execute(conn)
            .await?;
    }
    Ok(())
}

/// What the comparison needs beside the rows.
pub struct Terms<'a> {
    pub school: EstablishmentId,
    pub import: Uuid,
    pub year: i32,
    pub authority: Authority,
    /// Who is absent is gone.
    pub complete: bool,
    pub rules: &'a [Rule],
}

impl<'a> Terms<'a> {
    /// `year` is that of the file, or of the campaign where the file does not say.
    pub fn new(
        (school, year): (EstablishmentId, i32),
        import: &Import,
        authority: Authority,
        rules: &'a [Rule],
    ) -> Self {
        Self { school, import: import.id, year, authority, complete: import.complete, rules }
    }

    /// `$1` the school, `$2` the import, `$3` the year, `$4` whether empty means empty, `$5` whether
    /// who is absent is gone, `$6` and `$7` the rules.
    fn query(&self, text: String) -> BoxedSqlQuery<'static, Pg, SqlQuery> {
        diesel::sql_query(text)
            .into_boxed::<Pg>()
            .bind::<SqlUuid, _>(self.school.0)
            .bind::<SqlUuid, _>(self.import)
            .bind::<Int4, _>(self.year)
            .bind::<Bool, _>(self.authority == Authority::Whole)
            .bind::<Bool, _>(self.complete)
            .bind::<Array<Text>, _>(self.rules.iter().map(|rule| rule.prefix.clone()).collect::<Vec<_>>())
            .bind::<Array<Bool>, _>(self.rules.iter().map(|rule| rule.entitled).collect::<Vec<_>>())
    }
}

/// Rows of the file beside the school's pupils, with what each will be. A row that waits for
/// somebody's word is left out; one that is said to be another pupil is a new one.
fn facts() -> String {
    let mefs = entitlement::mefs(
        "SELECT mef FROM staged_students WHERE import_id = $2 AND mef IS NOT NULL
         UNION SELECT mef FROM students WHERE establishment_id = $1 AND mef IS NOT NULL",
        6,
    );
    format!(
        "WITH {mefs}, rows AS (
             SELECT f.*, CASE WHEN f.found_by = 'name' AND NOT f.is_same THEN NULL ELSE f.student_id END AS is_of
             FROM staged_students f WHERE f.import_id = $2 AND (f.found_by IS DISTINCT FROM 'name' OR f.is_same IS NOT NULL)
         ), pairs AS (
             SELECT f.row_number, s.id, s AS old, c.code AS old_class, c.school_year AS old_year, f.removed,
                    f.row_number IS NOT NULL AS in_file,
                    coalesce(f.eleve_id, s.eleve_id) AS eleve_id,
                    CASE WHEN $4 THEN f.ine ELSE coalesce(f.ine, s.ine) END AS ine,
                    f.last_name, f.first_name, f.search_key,
                    CASE WHEN $4 THEN f.birth_date ELSE coalesce(f.birth_date, s.birth_date) END AS birth_date,
                    CASE WHEN $4 THEN f.class_code ELSE coalesce(f.class_code, c.code) END AS class_code,
                    CASE WHEN $4 THEN f.mef ELSE coalesce(f.mef, s.mef) END AS mef,
                    CASE WHEN $4 THEN f.entitled_by_group ELSE f.entitled_by_group OR coalesce(s.entitled_by_group, false) END
                        AS entitled_by_group,
                    CASE WHEN $4 THEN f.left_on ELSE coalesce(f.left_on, s.left_on) END AS left_on
             FROM rows f FULL JOIN (SELECT * FROM students WHERE establishment_id = $1) s ON s.id = f.is_of
             LEFT JOIN classes c ON c.id = s.class_id
         ), facts AS (
             SELECT p.*, p.entitled_by_group OR coalesce(m.entitled, false) AS entitled
             FROM pairs p LEFT JOIN mefs m ON m.mef = p.mef
         ), told AS (
             SELECT *, CASE
                 WHEN id IS NULL THEN CASE WHEN NOT removed THEN 'added' END
                 WHEN NOT in_file THEN CASE WHEN $5 AND (old).missing_since IS NULL THEN 'gone' END
                 WHEN removed THEN CASE WHEN (old).missing_since IS NULL THEN 'gone' END
                 WHEN (old).missing_since IS NOT NULL
                   OR ((old).eleve_id, (old).ine, (old).last_name, (old).first_name, (old).birth_date, old_class,
                       CASE WHEN old_class IS NOT NULL THEN old_year END, (old).mef, (old).entitled,
                       (old).entitled_by_group, (old).left_on)
                      IS DISTINCT FROM
                      (eleve_id, ine, last_name, first_name, birth_date, class_code,
                       CASE WHEN class_code IS NOT NULL THEN $3 END, mef, entitled, entitled_by_group, left_on)
                 THEN 'changed' END AS action
             FROM facts)"
    )
}

pub async fn compare(conn: &mut AsyncPgConnection, terms: &Terms<'_>) -> QueryResult<Difference> {
    if terms.authority == Authority::Check {
        return Ok(Difference { unchanged: known(conn, terms.import).await?, ..Difference::default() });
    }
    let text = format!(
        "{} SELECT count(*) FILTER (WHERE action = 'added') AS added,
                count(*) FILTER (WHERE action = 'changed') AS changed,
                count(*) FILTER (WHERE action IS NULL AND in_file) AS unchanged,
                count(*) FILTER (WHERE action = 'gone') AS gone
         FROM told",
        facts()
    );
    terms.query(text).get_result(conn).await
}

/// Rows that are somebody the school knows, without anybody's word.
async fn known(conn: &mut AsyncPgConnection, import: Uuid) -> QueryResult<i64> {
    let count: Count = diesel::sql_query(
        "SELECT count(*) AS n FROM staged_students WHERE import_id = $1 AND student_id IS NOT NULL",
    )
    .bind::<SqlUuid, _>(import)
    .get_result(conn)
    .await?;
    Ok(count.n)
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// The first changes by name: those gone, then those changed, then those added, so that
/// many of one kind hide none of another. Who leaves is told with the laptops they hold.
pub async fn changes(
    conn: &mut AsyncPgConnection,
    terms: &Terms<'_>,
    limit: i64,
) -> QueryResult<Vec<ChangedRow>> {
    if terms.authority == Authority::Check {
        return Ok(Vec::new());
    }
    let yes = |what: &str| format!("CASE WHEN {what} THEN 'oui' ELSE 'non' END");
    let (was, is) = (yes("(old).entitled"), yes("entitled"));
    // Nobody who leaves with a laptop is hidden by others.
    let leaves = "(held IS NOT NULL AND (action = 'gone' OR left_on IS NOT NULL))";
    let text = format!(
        "{} SELECT action, coalesce(last_name, (old).last_name) AS label, coalesce(first_name, (old).first_name) AS first_name,
                CASE WHEN id IS NULL THEN array_fill(NULL::text, ARRAY[11]) ELSE
                ARRAY[(old).last_name, (old).first_name, to_char((old).birth_date, 'DD/MM/YYYY'), old_class, (old).mef,
                      (old).ine, {was}, to_char((old).left_on, 'DD/MM/YYYY'),
                      CASE WHEN (old).missing_since IS NOT NULL THEN 'oui' END, (old).eleve_id, NULL] END AS before,
                CASE WHEN action = 'gone' THEN
                ARRAY[(old).last_name, (old).first_name, to_char((old).birth_date, 'DD/MM/YYYY'), old_class, (old).mef,
                      (old).ine, {was}, to_char((old).left_on, 'DD/MM/YYYY'), 'oui', (old).eleve_id, held] ELSE
                ARRAY[last_name, first_name, to_char(birth_date, 'DD/MM/YYYY'), class_code, mef, ine, {is},
                      to_char(left_on, 'DD/MM/YYYY'), NULL, eleve_id, CASE WHEN left_on IS NOT NULL THEN held END] END AS after
         FROM (SELECT *, coalesce(search_key, (old).search_key) AS sorted FROM told WHERE action IS NOT NULL) t
         LEFT JOIN LATERAL (
             SELECT string_agg(d.serial_number, ', ') AS held FROM loans l JOIN devices d ON d.id = l.device_id
             WHERE l.student_id = t.id AND l.closed_at IS NULL) l ON true
         ORDER BY row_number() OVER (PARTITION BY action ORDER BY {leaves} DESC, sorted) > $8 / 3, action DESC, {leaves} DESC, sorted
         LIMIT $8",
        facts()
    );
    terms.query(text).bind::<BigInt, _>(limit).load(conn).await
}

/// Classes, pupils, those no longer named, badges; what each was before is kept.
pub async fn apply(conn: &mut AsyncPgConnection, terms: &Terms<'_>) -> QueryResult<()> {
    if terms.authority == Authority::Check {
        return Ok(());
    }
    diesel::sql_query(
        "INSERT INTO classes (id, establishment_id, school_year, code)
         SELECT gen_random_uuid(), $1, $3, class_code FROM staged_students
         WHERE import_id = $2 AND class_code IS NOT NULL GROUP BY class_code
         ON CONFLICT (establishment_id, school_year, code) DO NOTHING",
    )
    .bind::<SqlUuid, _>(terms.school.0)
    .bind::<SqlUuid, _>(terms.import)
    .bind::<Int4, _>(terms.year)
    .execute(conn)
    .await?;
    // What is shown is gathered once: the statements after it see the pupils as they become.
    terms
        .query(format!(
            "CREATE TEMPORARY TABLE taken ON COMMIT DROP AS {}
             SELECT action, coalesce(t.id, gen_random_uuid()) AS id, eleve_id, ine, last_name, first_name, birth_date,
                    c.id AS class_id, mef, entitled, entitled_by_group, left_on, search_key
             FROM told t LEFT JOIN classes c ON c.establishment_id = $1 AND c.school_year = $3 AND c.code = t.class_code
             WHERE action IS NOT NULL",
            facts()
        ))
        .execute(conn)
        .await?;
    let place = (terms.school, terms.import);
    effects::keep(conn, place, &effects::STUDENTS, "changed", "SELECT id FROM taken WHERE action <> 'added'")
        .await?;
    effects::keep_added(conn, place, &effects::STUDENTS, "SELECT id FROM taken WHERE action = 'added'")
        .await?;
    for statement in [
        "UPDATE students s SET missing_since = now() FROM taken t WHERE t.action = 'gone' AND s.id = t.id",
        // Two pupils may have changed places under one number: it is free before it is given.
        "UPDATE students s SET eleve_id = NULL FROM taken t
         WHERE t.action = 'changed' AND s.id = t.id AND s.eleve_id IS DISTINCT FROM t.eleve_id",
        "UPDATE students s SET eleve_id = t.eleve_id, ine = t.ine, last_name = t.last_name, first_name = t.first_name,
                birth_date = t.birth_date, class_id = t.class_id, mef = t.mef, entitled = t.entitled,
                entitled_by_group = t.entitled_by_group, left_on = t.left_on, search_key = t.search_key, missing_since = NULL
         FROM taken t WHERE t.action = 'changed' AND s.id = t.id",
    ] {
        diesel::sql_query(statement).execute(conn).await?;
    }
    diesel::sql_query(
        "INSERT INTO students (id, establishment_id, eleve_id, ine, last_name, first_name, birth_date, class_id, mef,
                               entitled, entitled_by_group, left_on, search_key)
         SELECT id, $1, eleve_id, ine, last_name, first_name, birth_date, class_id, mef, entitled, entitled_by_group,
                left_on, search_key FROM taken WHERE action = 'added'",
    )
    .bind::<SqlUuid, _>(terms.school.0)
    .execute(conn)
    .await?;
    badges(conn, terms.school).await
}

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
