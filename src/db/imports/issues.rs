//! Faults of a file that waits for a decision.

use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Int4, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::EstablishmentId;
use domain::issues::ImportIssue;
use uuid::Uuid;

#[derive(QueryableByName)]
pub struct IssueRow {
    #[diesel(sql_type = Nullable<Int4>)]
    pub row_number: Option<i32>,
    #[diesel(sql_type = Nullable<Text>)]
    pub column_name: Option<String>,
    #[diesel(sql_type = Text)]
    pub code: String,
    #[diesel(sql_type = Text)]
    pub severity: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub read_value: Option<String>,
    #[diesel(sql_type = Text)]
    pub expected: String,
    #[diesel(sql_type = Text)]
    pub message: String,
    #[diesel(sql_type = Nullable<Bool>)]
    pub is_same: Option<bool>,
}

/// Writes the faults in their order.
pub async fn insert(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    import: Uuid,
    issues: &[ImportIssue],
) -> QueryResult<()> {
    let row = |issue: &ImportIssue| issue.row.map(|row| i32::try_from(row).unwrap_or(i32::MAX));
    diesel::sql_query(
        "INSERT INTO import_issues (import_id, establishment_id, position, row_number, column_name, code, severity,
                                    read_value, expected, message)
         SELECT $1, $2, place, r, c, k, s, v, e, m
         FROM unnest($3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
              WITH ORDINALITY AS n (r, c, k, s, v, e, m, place)",
    )
    .bind::<SqlUuid, _>(import)
    .bind::<SqlUuid, _>(school.0)
    .bind::<Array<Nullable<Int4>>, _>(issues.iter().map(row).collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(issues.iter().map(|i| i.column.as_deref()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(issues.iter().map(|i| i.code.as_str()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(issues.iter().map(|i| i.severity.as_str()).collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(issues.iter().map(|i| i.read.as_deref()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(issues.iter().map(|i| i.expected.as_str()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(issues.iter().map(|i| i.message.as_str()).collect::<Vec<_>>())
    .execute(conn)
    .await
    .map(drop)
}

/// The faults of an import, in their order.
pub async fn of_import(conn: &mut AsyncPgConnection, import: Uuid) -> QueryResult<Vec<IssueRow>> {
    diesel::sql_query(
        "SELECT i.row_number, i.column_name, i.code, i.severity, i.read_value, i.expected, i.message, s.is_same
         FROM import_issues i
         LEFT JOIN staged_students s ON s.import_id = $1 AND s.row_number = i.row_number AND i.code = 'confirm_match'
         WHERE i.import_id = $1 ORDER BY i.position",
    )
    .bind::<SqlUuid, _>(import)
    .load(conn)
    .await
}
