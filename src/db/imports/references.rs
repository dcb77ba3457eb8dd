//! Classes, MEFs, teachers, courses and licences of a file: kept as they are told, compared by their keys.

use super::{ChangedRow, Difference, effects, placed, row_numbers};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Int4, Jsonb, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::EstablishmentId;
use domain::rows::ReferenceRow;
use serde_json::Value;
use uuid::Uuid;

/// What a person reads of a change, in the order of [`changes`].
pub const FIELDS: [&str; 1] = ["Contenu"];

pub async fn stage(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    import: Uuid,
    rows: &[ReferenceRow],
) -> QueryResult<()> {
    let fields = rows.iter().map(|row| serde_json::to_value(&row.reference).unwrap_or(Value::Null));
    diesel::sql_query(
        "INSERT INTO staged_references (import_id, establishment_id, row_number, thing, key, realm, label, fields)
         SELECT $1, $2, * FROM unnest($3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::jsonb[])",
    )
    .bind::<SqlUuid, _>(import)
    .bind::<SqlUuid, _>(school.0)
    .bind::<Array<Int4>, _>(row_numbers(rows.iter().map(|r| r.row)))
    .bind::<Array<Text>, _>(rows.iter().map(|r| r.reference.thing()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(rows.iter().map(|r| r.reference.key()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(rows.iter().map(|r| r.reference.realm()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(rows.iter().map(|r| r.reference.label()).collect::<Vec<_>>())
    .bind::<Array<Jsonb>, _>(fields.collect::<Vec<_>>())
    .execute(conn)
    .await
    .map(drop)
}

/// The last that the file says of each, beside what is known; within a realm of a complete file, what
/// is absent is gone. `$1` the school, `$2` the import, `$3` whether the file is complete.
const FACTS: &str = "
    WITH said AS (
        SELECT DISTINCT ON (thing, key) thing, key, realm, label, fields FROM staged_references WHERE import_id = $2
        ORDER BY thing, key, position DESC
    ), realms AS (SELECT DISTINCT thing, realm FROM said
    ), told AS (
        SELECT coalesce(f.thing, r.thing) AS thing, coalesce(f.key, r.key) AS key, f.realm, f.label, f.fields,
               r.label AS old_label, r.fields AS old_fields, f.key IS NOT NULL AS in_file, CASE
            WHEN r.key IS NULL THEN 'added'
            WHEN f.key IS NULL THEN CASE WHEN $3 THEN 'gone' END
            WHEN r.fields <> f.fields THEN 'changed' END AS action
        FROM said f FULL JOIN (SELECT r.* FROM reference_rows r JOIN realms USING (thing, realm) WHERE r.establishment_id = $1) r
          ON r.thing = f.thing AND r.key = f.key)";

/// A difference of each thing.
#[derive(QueryableByName)]
pub struct ThingDifference {
    #[diesel(sql_type = Text)]
    pub thing: String,
    #[diesel(embed)]
    pub difference: Difference,
}

pub async fn compare(
    conn: &mut AsyncPgConnection,
    (school, import): (EstablishmentId, Uuid),
    complete: bool,
) -> QueryResult<Vec<ThingDifference>> {
    placed(
        (school, import),
        format!(
            "{FACTS} SELECT thing, count(*) FILTER (WHERE action = 'added') AS added,
                count(*) FILTER (WHERE action = 'changed') AS changed,
                count(*) FILTER (WHERE action IS NULL AND in_file) AS unchanged,
                count(*) FILTER (WHERE action = 'gone') AS gone FROM told GROUP BY thing"
        ),
    )
    .bind::<Bool, _>(complete)
    .load(conn)
    .await
}

pub async fn changes(
    conn: &mut AsyncPgConnection,
    (school, import): (EstablishmentId, Uuid),
    complete: bool,
    limit: i64,
) -> QueryResult<Vec<ChangedRow>> {
    // What is told of each, without what it is: « libellé : 2 GT 1, effectif : 34 » is for the page to word.
    placed(
        (school, import),
        format!(
            "{FACTS} SELECT action, coalesce(label, old_label) AS label, '' AS first_name,
                ARRAY[(old_fields - 'thing')::text] AS before, ARRAY[(fields - 'thing')::text] AS after
         FROM told WHERE action IS NOT NULL
         ORDER BY row_number() OVER (PARTITION BY action ORDER BY key) > $4 / 3, action DESC, key LIMIT $4"
        ),
    )
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
    placed(
        (school, import),
        format!(
            "CREATE TEMPORARY TABLE taken_references ON COMMIT DROP AS {FACTS}
         SELECT action, thing, key, realm, label, fields FROM told WHERE action IS NOT NULL"
        ),
    )
    .bind::<Bool, _>(complete)
    .execute(conn)
    .await?;
    let place = (school, import);
    let of =
        |action: &str| format!("SELECT thing || ' ' || key FROM taken_references WHERE action = '{action}'");
    effects::keep(conn, place, &effects::REFERENCES, "changed", &of("changed")).await?;
    effects::keep(conn, place, &effects::REFERENCES, "removed", &of("gone")).await?;
    effects::keep_added(conn, place, &effects::REFERENCES, &of("added")).await?;
    for statement in [
        "DELETE FROM reference_rows r USING taken_references t
         WHERE t.action = 'gone' AND r.establishment_id = $1 AND r.thing = t.thing AND r.key = t.key",
        "UPDATE reference_rows r SET realm = t.realm, label = t.label, fields = t.fields FROM taken_references t
         WHERE t.action = 'changed' AND r.establishment_id = $1 AND r.thing = t.thing AND r.key = t.key",
        "INSERT INTO reference_rows (establishment_id, thing, key, realm, label, fields)
         SELECT $1, thing, key, realm, label, fields FROM taken_references WHERE action = 'added'",
    ] {
        diesel::sql_query(statement).bind::<SqlUuid, _>(school.0).execute(conn).await?;
    }
    Ok(())
}

/// Forgets the teachers, and the courses of each timetable, of schools that took in no file of them for
/// longer than a school year lasts: nobody keeps names that nobody renews. Answers how many.
pub async fn forget(conn: &mut AsyncPgConnection) -> QueryResult<usize> {
    diesel::sql_query(
        "DELETE FROM reference_rows r WHERE r.thing IN ('teacher', 'course') AND NOT EXISTS (
             SELECT FROM imports i WHERE i.establishment_id = r.establishment_id AND i.state = 'applied'
                AND i.kind = CASE WHEN r.thing = 'teacher' THEN 'sts' ELSE r.realm || '_courses' END
                AND i.applied_at > now() - interval '13 months')",
    )
    .execute(conn)
    .await
}
