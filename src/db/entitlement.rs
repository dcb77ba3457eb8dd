//! Which MEFs entitle to a laptop, as a school has set it for a year.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Int4, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::entitlement::{Public, Rule};
use domain::ids::EstablishmentId;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The school's own rules for that year; none when it goes by the programme's.
pub async fn rules(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    year: i32,
) -> QueryResult<Vec<Rule>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        prefix: String,
        #[diesel(sql_type = Text)]
        public: String,
        #[diesel(sql_type = Bool)]
        entitled: bool,
    }
    let rows: Vec<Row> = diesel::sql_query(
        "SELECT prefix, public, entitled FROM entitlement_rules WHERE establishment_id = $1 AND school_year = $2 ORDER BY prefix",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<Int4, _>(year)
    .load(conn)
    .await?;
    let rule = |Row { prefix, public, entitled }| Rule {
        prefix,
        public: Public::parse(&public).unwrap_or(Public::Other),
        entitled,
    };
    Ok(rows.into_iter().map(rule).collect())
}

/// A table `mefs` that says of each MEF of `of` (a query of one column, `mef`) whether it entitles. A local
/// one counts as the national one it belongs to; the longest rule that fits decides. `$1` is the school,
/// the rules' prefixes and words are bound at `rules` and after it.
pub fn mefs(of: &str, rules: usize) -> String {
    format!(
        "mefs AS MATERIALIZED (
            SELECT m.mef, coalesce((SELECT r.entitled FROM unnest(${rules}::text[], ${}::bool[]) AS r (prefix, entitled)
                                    WHERE starts_with(coalesce(n.fields->>'national', m.mef), r.prefix)
                                    ORDER BY length(r.prefix) DESC LIMIT 1), false) AS entitled
            FROM ({of}) m
            LEFT JOIN reference_rows n ON n.establishment_id = $1 AND n.thing = 'mef' AND n.key = m.mef)",
        rules + 1
    )
}

/// Puts rules in the place of those the school had for that year; without any it goes by the programme's.
pub async fn put(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    year: i32,
    rules: &[Rule],
) -> QueryResult<()> {
    diesel::sql_query("DELETE FROM entitlement_rules WHERE establishment_id = $1 AND school_year = $2")
        .bind::<SqlUuid, _>(school.0)
        .bind::<Int4, _>(year)
        .execute(conn)
        .await?;
    diesel::sql_query(
        "INSERT INTO entitlement_rules (establishment_id, school_year, prefix, public, entitled)
         SELECT $1, $2, * FROM unnest($3::text[], $4::text[], $5::bool[])",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<Int4, _>(year)
    .bind::<Array<Text>, _>(rules.iter().map(|rule| rule.prefix.as_str()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(rules.iter().map(|rule| rule.public.as_str()).collect::<Vec<_>>())
    .bind::<Array<Bool>, _>(rules.iter().map(|rule| rule.entitled).collect::<Vec<_>>())
    .execute(conn)
    .await
    .map(drop)
}

/// A pupil whose entitlement would be another.
#[derive(Debug, Clone, Serialize, ToSchema, QueryableByName)]
pub struct Affected {
    #[diesel(sql_type = SqlUuid)]
    pub student_id: Uuid,
    #[diesel(sql_type = Text)]
    pub last_name: String,
    #[diesel(sql_type = Text)]
    pub first_name: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub class: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub mef: Option<String>,
    /// Becomes entitled; is no longer otherwise.
    #[diesel(sql_type = Bool)]
    pub becomes: bool,
    /// Has a laptop of their own now.
    #[diesel(sql_type = Bool)]
    pub equipped: bool,
    /// How many become, or no longer are, in all.
    #[diesel(sql_type = BigInt)]
    #[serde(skip)]
    pub total: i64,
}

/// `$1` the school, `$2` and `$3` the rules: pupils with what the rules say of them; a group entitles all the same.
fn judged() -> String {
    let mefs = mefs("SELECT DISTINCT mef FROM students WHERE establishment_id = $1 AND mef IS NOT NULL", 2);
    format!(
        "WITH {mefs}, judged AS (
             SELECT s.id, s.entitled_by_group OR coalesce(m.entitled, false) AS entitled
             FROM students s LEFT JOIN mefs m ON m.mef = s.mef WHERE s.establishment_id = $1)"
    )
}

/// The first pupils present whose entitlement the rules would change, by class and name.
pub async fn preview(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    rules: &[Rule],
    limit: i64,
) -> QueryResult<Vec<Affected>> {
    diesel::sql_query(format!(
        "{} SELECT s.id AS student_id, s.last_name, s.first_name, c.code AS class, s.mef, j.entitled AS becomes,
                EXISTS (SELECT FROM loans l WHERE l.student_id = s.id AND l.closed_at IS NULL AND l.kind = 'allocation') AS equipped,
                count(*) OVER (PARTITION BY j.entitled) AS total
         FROM students s JOIN judged j ON j.id = s.id LEFT JOIN classes c ON c.id = s.class_id
         WHERE s.entitled <> j.entitled AND s.missing_since IS NULL AND (s.left_on IS NULL OR s.left_on > current_date)
         ORDER BY row_number() OVER (PARTITION BY j.entitled ORDER BY c.code, s.search_key), j.entitled LIMIT $4",
        judged()
    ))
    .bind::<SqlUuid, _>(school.0)
    .bind::<Array<Text>, _>(rules.iter().map(|rule| rule.prefix.as_str()).collect::<Vec<_>>())
    .bind::<Array<Bool>, _>(rules.iter().map(|rule| rule.entitled).collect::<Vec<_>>())
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await
}

/// Judges every pupil by the rules; how many are judged otherwise than before.
pub async fn judge(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    rules: &[Rule],
) -> QueryResult<usize> {
    diesel::sql_query(format!(
        "{} UPDATE students s SET entitled = j.entitled FROM judged j WHERE j.id = s.id AND s.entitled <> j.entitled",
        judged()
    ))
    .bind::<SqlUuid, _>(school.0)
    .bind::<Array<Text>, _>(rules.iter().map(|rule| rule.prefix.as_str()).collect::<Vec<_>>())
    .bind::<Array<Bool>, _>(rules.iter().map(|rule| rule.entitled).collect::<Vec<_>>())
    .execute(conn)
    .await
}
