//! Guardians of a pupil: who may sign, and who is called when a charter is missing.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Date, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::EstablishmentId;
use domain::names::display_name;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A guardian, with what the office calls them by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, QueryableByName)]
pub struct Guardian {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub student_id: Uuid,
    #[diesel(sql_type = Text)]
    pub last_name: String,
    #[diesel(sql_type = Text)]
    pub first_name: String,
    #[diesel(sql_type = Text)]
    pub relationship: String,
    /// May sign.
    #[diesel(sql_type = Bool)]
    pub is_legal: bool,
    #[diesel(sql_type = Nullable<Text>)]
    pub phone: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub email: Option<String>,
}

impl Guardian {
    pub fn name(&self) -> String {
        display_name(&self.first_name, &self.last_name)
    }
}

const COLUMNS: &str =
    "g.id, g.student_id, g.last_name, g.first_name, g.relationship, g.is_legal, g.phone, g.email";

/// Guardians of these pupils, legal ones first.
pub async fn of_students(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    students: &[Uuid],
) -> QueryResult<Vec<Guardian>> {
    diesel::sql_query(format!(
        "SELECT {COLUMNS} FROM guardians g WHERE g.establishment_id = $1 AND g.student_id = ANY ($2)
         ORDER BY g.student_id, NOT g.is_legal, g.created_at, g.id"
    ))
    .bind::<SqlUuid, _>(school.0)
    .bind::<Array<SqlUuid>, _>(students)
    .load(conn)
    .await
}

pub async fn one(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    guardian: Uuid,
) -> QueryResult<Option<Guardian>> {
    diesel::sql_query(format!(
        "SELECT {COLUMNS} FROM guardians g WHERE g.establishment_id = $1 AND g.id = $2"
    ))
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(guardian)
    .get_result(conn)
    .await
    .optional()
}

/// Adds the guardian, or changes the one of that id.
pub async fn put(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    guardian: &Guardian,
) -> QueryResult<()> {
    diesel::sql_query(
        "INSERT INTO guardians (id, establishment_id, student_id, last_name, first_name, relationship, is_legal, phone, email)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (id) DO UPDATE SET last_name = $4, first_name = $5, relationship = $6, is_legal = $7,
             phone = $8, email = $9",
    )
    .bind::<SqlUuid, _>(guardian.id)
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(guardian.student_id)
    .bind::<Text, _>(&guardian.last_name)
    .bind::<Text, _>(&guardian.first_name)
    .bind::<Text, _>(&guardian.relationship)
    .bind::<Bool, _>(guardian.is_legal)
    .bind::<Nullable<Text>, _>(guardian.phone.as_deref())
    .bind::<Nullable<Text>, _>(guardian.email.as_deref())
    .execute(conn)
    .await
    .map(drop)
}

/// A guardian is no record of what happened: who is none leaves no row.
pub async fn remove(conn: &mut AsyncPgConnection, guardian: Uuid) -> QueryResult<()> {
    diesel::sql_query("DELETE FROM guardians WHERE id = $1")
        .bind::<SqlUuid, _>(guardian)
        .execute(conn)
        .await
        .map(drop)
}

/// A pupil as far as signing goes.
#[derive(Debug, Clone, QueryableByName)]
pub struct Signer {
    #[diesel(sql_type = Text)]
    pub last_name: String,
    #[diesel(sql_type = Text)]
    pub first_name: String,
    #[diesel(sql_type = Nullable<Date>)]
    pub birth_date: Option<NaiveDate>,
}

pub async fn signer(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    student: Uuid,
) -> QueryResult<Option<Signer>> {
    diesel::sql_query(
        "SELECT last_name, first_name, birth_date FROM students WHERE establishment_id = $1 AND id = $2",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(student)
    .get_result(conn)
    .await
    .optional()
}

/// Forgets the guardians of pupils who have left and hold no laptop any more; answers how many.
pub async fn forget(conn: &mut AsyncPgConnection) -> QueryResult<usize> {
    diesel::sql_query(
        "DELETE FROM guardians g USING students s
         WHERE s.id = g.student_id AND s.left_on <= current_date
           AND NOT EXISTS (SELECT FROM loans l WHERE l.student_id = s.id AND l.closed_at IS NULL)",
    )
    .execute(conn)
    .await
}
