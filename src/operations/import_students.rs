//! Takes in SIECLE's list of pupils. A dry run is the same transaction, rolled back:
//! what it tells is what applying does.

use super::{Actor, Failure, Invalid};
use crate::db::journal::{self, Entry};
use crate::db::{Db, Fault, Scope};
use crate::importers::Refused;
use crate::importers::siecle_students::{StudentFile, StudentRow};
use diesel::QueryableByName;
use diesel::sql_types::{Array, BigInt, Bool, Date, Int4, Nullable, Text, Timestamp, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::identifiers::crockford10;
use domain::ids::EstablishmentId;
use domain::issues::{ImportIssue, Severity};
use domain::names::search_key;
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Rows sent to the database at a time.
const BATCH: usize = 5_000;

/// What a file would change, or has changed.
#[derive(Debug, Clone, Serialize)]
pub struct ImportReport {
    pub file: String,
    pub kind: &'static str,
    pub establishment: String,
    /// Absent for a delivery.
    pub school_year: Option<i32>,
    /// False for a dry run.
    pub applied: bool,
    pub counts: Counts,
    pub issues: Vec<ImportIssue>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, QueryableByName)]
pub struct Counts {
    #[diesel(sql_type = BigInt)]
    pub read: i64,
    #[diesel(sql_type = BigInt)]
    pub added: i64,
    #[diesel(sql_type = BigInt)]
    pub changed: i64,
    #[diesel(sql_type = BigInt)]
    pub unchanged: i64,
    /// Known to the school, and no longer in the file: flagged, never deleted.
    #[diesel(sql_type = BigInt)]
    pub gone: i64,
}

/// A file and what was read in it.
pub struct Import<'a> {
    pub name: &'a str,
    pub bytes: &'a [u8],
    pub content: &'a StudentFile,
}

/// Ends a dry run: everything is rolled back, and the report told.
pub(super) enum Outcome {
    DryRun(Counts),
    Failure(Failure),
}

impl From<Fault> for Outcome {
    fn from(fault: Fault) -> Self {
        Self::Failure(fault.into())
    }
}

impl From<diesel::result::Error> for Outcome {
    fn from(error: diesel::result::Error) -> Self {
        Self::Failure(error.into())
    }
}

/// Compares and, unless `dry_run`, applies, in one transaction. The same file again changes nothing.
pub async fn import_students(
    db: &Db,
    school: EstablishmentId,
    actor: Option<&Actor>,
    import: &Import<'_>,
    dry_run: bool,
) -> Result<ImportReport, Failure> {
    let done = db
        .transaction(Scope::School(school), async |conn| {
            let counts = carry_out(conn, school, actor, import).await?;
            if dry_run { Err(Outcome::DryRun(counts)) } else { Ok(counts) }
        })
        .await;
    let counts = match done {
        Ok(counts) | Err(Outcome::DryRun(counts)) => counts,
        Err(Outcome::Failure(failure)) => return Err(failure),
    };
    Ok(ImportReport {
        file: import.name.to_owned(),
        kind: "students",
        establishment: import.content.uai.clone(),
        school_year: Some(import.content.school_year),
        applied: !dry_run,
        counts,
        issues: import.content.issues.clone(),
    })
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self::Invalid(Invalid {
            code: refused.code,
            title: "Fichier refusé".into(),
            detail: refused.detail,
            remedy: refused.remedy,
        })
    }
}

async fn carry_out(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    actor: Option<&Actor>,
    import: &Import<'_>,
) -> Result<Counts, Outcome> {
    // Two imports of one school never mix.
    diesel::sql_query("SELECT pg_advisory_xact_lock(hashtextextended('import ' || $1::text, 0))")
        .bind::<Text, _>(school.to_string())
        .execute(conn)
        .await?;
    refuse_older(conn, school, import.content).await?;
    let id = Uuid::now_v7();
    record(conn, school, actor, import, id).await?;
    for batch in import.content.students.chunks(BATCH) {
        stage(conn, school, id, batch).await?;
    }
    let mut counts = compare(conn, school, id).await?;
    counts.read = i64::from(import.content.read);
    apply(conn, school, id, import.content.school_year).await?;
    badges(conn, school).await?;
    diesel::sql_query("DELETE FROM staged_students WHERE import_id = $1")
        .bind::<SqlUuid, _>(id)
        .execute(conn)
        .await?;
    let entry = Entry {
        establishment_id: school.0,
        operator_id: actor.map(|actor| actor.operator.0),
        station_id: None,
        action: "import_students",
        student_id: None,
        device_id: None,
        loan_id: None,
        desk_at: None,
        details: json!({ "import_id": id, "counts": counts }),
    };
    journal::append(conn, &entry).await?;
    Ok(counts)
}

/// A file exported before the last one applied would bring back what has changed since.
async fn refuse_older(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    file: &StudentFile,
) -> Result<(), Outcome> {
    #[derive(QueryableByName)]
    struct Last {
        #[diesel(sql_type = Nullable<Timestamp>)]
        exported_at: Option<chrono::NaiveDateTime>,
    }
    let last: Last = diesel::sql_query(
        "SELECT max(exported_at) AS exported_at FROM imports
         WHERE establishment_id = $1 AND kind = 'students' AND state = 'applied'",
    )
    .bind::<SqlUuid, _>(school.0)
    .get_result(conn)
    .await?;
    match (file.exported_at, last.exported_at) {
        (Some(this), Some(last)) if this < last => Err(Outcome::Failure(
            Refused::new(
                "older_export",
                format!(
                    "Ce fichier a été exporté le {} ; le dernier appliqué l'a été le {}.",
                    this.format("%d/%m/%Y à %H:%M"),
                    last.format("%d/%m/%Y à %H:%M")
                ),
                "Exportez de nouveau la liste depuis SIECLE.",
            )
            .into(),
        )),
        _ => Ok(()),
    }
}

async fn record(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    actor: Option<&Actor>,
    import: &Import<'_>,
    id: Uuid,
) -> Result<(), Outcome> {
    use crate::db::schema::imports;
    use diesel::ExpressionMethods;
    diesel::insert_into(imports::table)
        .values((
            imports::id.eq(id),
            imports::establishment_id.eq(school.0),
            imports::kind.eq("students"),
            imports::file_name.eq(import.name),
            imports::file_sha256.eq(Sha256::digest(import.bytes).to_vec()),
            imports::school_year.eq(import.content.school_year),
            imports::exported_at.eq(import.content.exported_at),
            imports::state.eq("applied"),
            imports::created_by.eq(actor.map(|actor| actor.operator.0)),
            imports::applied_at.eq(chrono::Utc::now()),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

async fn stage(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    id: Uuid,
    rows: &[StudentRow],
) -> Result<(), Outcome> {
    let keys: Vec<String> =
        rows.iter().map(|row| search_key(&format!("{} {}", row.last_name, row.first_name))).collect();
    diesel::sql_query(
        "INSERT INTO staged_students (import_id, establishment_id, row_number, eleve_id, ine, last_name, first_name,
                                      birth_date, class_code, mef, entitled, left_on, search_key)
         SELECT $1, $2, * FROM unnest($3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::date[],
                                      $9::text[], $10::text[], $11::bool[], $12::date[], $13::text[])",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(school.0)
    .bind::<Array<Int4>, _>(rows.iter().map(|r| i32::try_from(r.row).unwrap_or(i32::MAX)).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(rows.iter().map(|r| r.eleve_id.as_str()).collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(rows.iter().map(|r| r.ine.as_deref()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(rows.iter().map(|r| r.last_name.as_str()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(rows.iter().map(|r| r.first_name.as_str()).collect::<Vec<_>>())
    .bind::<Array<Nullable<Date>>, _>(rows.iter().map(|r| r.birth_date).collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(rows.iter().map(|r| r.class_code.as_deref()).collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(rows.iter().map(|r| r.mef.as_deref()).collect::<Vec<_>>())
    .bind::<Array<Bool>, _>(rows.iter().map(|r| r.entitled).collect::<Vec<_>>())
    .bind::<Array<Nullable<Date>>, _>(rows.iter().map(|r| r.left_on).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(keys)
    .execute(conn)
    .await?;
    Ok(())
}

/// True when a staged pupil `f` says nothing new of the pupil `s` in class `c`.
const SAME: &str = "(s.ine, s.last_name, s.first_name, s.birth_date, c.code, s.mef, s.entitled, s.left_on)
    IS NOT DISTINCT FROM (f.ine, f.last_name, f.first_name, f.birth_date, f.class_code, f.mef, f.entitled, f.left_on)
    AND s.missing_since IS NULL";

async fn compare(conn: &mut AsyncPgConnection, school: EstablishmentId, id: Uuid) -> Result<Counts, Outcome> {
    Ok(diesel::sql_query(format!(
        "SELECT 0::bigint AS read,
                count(*) FILTER (WHERE f.eleve_id IS NOT NULL AND s.id IS NULL) AS added,
                count(*) FILTER (WHERE f.eleve_id IS NOT NULL AND s.id IS NOT NULL AND NOT ({SAME})) AS changed,
                count(*) FILTER (WHERE f.eleve_id IS NOT NULL AND s.id IS NOT NULL AND ({SAME})) AS unchanged,
                count(*) FILTER (WHERE f.eleve_id IS NULL AND s.missing_since IS NULL) AS gone
         FROM (SELECT * FROM staged_students WHERE import_id = $2) f
         FULL JOIN (SELECT * FROM students WHERE establishment_id = $1) s ON s.eleve_id = f.eleve_id
         LEFT JOIN classes c ON c.id = s.class_id"
    ))
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(id)
    .get_result(conn)
    .await?)
}

async fn apply(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    id: Uuid,
    year: i32,
) -> Result<(), Outcome> {
    diesel::sql_query(
        "INSERT INTO classes (id, establishment_id, school_year, code)
         SELECT gen_random_uuid(), $1, $3, class_code FROM staged_students
         WHERE import_id = $2 AND class_code IS NOT NULL GROUP BY class_code
         ON CONFLICT (establishment_id, school_year, code) DO NOTHING",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(id)
    .bind::<Int4, _>(year)
    .execute(conn)
    .await?;
    diesel::sql_query(
        "INSERT INTO students AS s (id, establishment_id, eleve_id, ine, last_name, first_name, birth_date, class_id,
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
            OR s.missing_since IS NOT NULL",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(id)
    .bind::<Int4, _>(year)
    .execute(conn)
    .await?;
    diesel::sql_query(
        "UPDATE students s SET missing_since = now(), updated_at = now()
         WHERE s.establishment_id = $1 AND s.missing_since IS NULL
           AND NOT EXISTS (SELECT 1 FROM staged_students f WHERE f.import_id = $2 AND f.eleve_id = s.eleve_id)",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(id)
    .execute(conn)
    .await?;
    Ok(())
}

/// A code to print on the badge of each pupil who has none.
async fn badges(conn: &mut AsyncPgConnection, school: EstablishmentId) -> Result<(), Outcome> {
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
        diesel::sql_query(
            "INSERT INTO badges (id, establishment_id, student_id, code, source)
             SELECT gen_random_uuid(), $1, student, code, 'printed' FROM unnest($2::uuid[], $3::text[]) AS n (student, code)",
        )
        .bind::<SqlUuid, _>(school.0)
        .bind::<Array<SqlUuid>, _>(batch.iter().map(|student| student.id).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(batch.iter().map(|_| format!("EL{}", crockford10(rand::random()))).collect::<Vec<_>>())
        .execute(conn)
        .await?;
    }
    Ok(())
}

impl ImportReport {
    /// Rows left out because of a fault.
    pub fn errors(&self) -> usize {
        self.issues.iter().filter(|issue| issue.severity == Severity::Error).count()
    }
}
