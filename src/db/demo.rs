//! Rows of the demo school that no operation writes.

use super::journal::{self, Entry};
use super::schema::{operators, stations};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Array, Date, Int2, Jsonb, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::EstablishmentId;
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

/// What the journal calls a seeding that went through.
const SEEDED: &str = "seed_demo";

/// Held until the transaction ends.
pub async fn lock(conn: &mut AsyncPgConnection) -> QueryResult<()> {
    diesel::sql_query("SELECT pg_advisory_xact_lock(hashtextextended('seed demo', 0))")
        .execute(conn)
        .await
        .map(drop)
}

/// Whether the school was seeded to the end.
pub async fn is_seeded(conn: &mut AsyncPgConnection, school: EstablishmentId) -> QueryResult<bool> {
    use super::schema::journal;
    let entry =
        journal::table.filter(journal::establishment_id.eq(school.0)).filter(journal::action.eq(SEEDED));
    diesel::select(diesel::dsl::exists(entry)).get_result(conn).await
}

pub async fn mark_seeded(conn: &mut AsyncPgConnection, school: EstablishmentId) -> QueryResult<()> {
    let entry = Entry {
        establishment_id: school.0,
        operator_id: None,
        station_id: None,
        action: SEEDED,
        student_id: None,
        device_id: None,
        loan_id: None,
        desk_at: None,
        details: json!({}),
    };
    journal::append(conn, &entry).await
}

/// Puts `(eleve_id, code)` in the place of the badges the school has.
pub async fn replace_badges(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    badges: &[(&str, &str)],
) -> QueryResult<()> {
    diesel::sql_query("DELETE FROM badges WHERE establishment_id = $1")
        .bind::<SqlUuid, _>(school.0)
        .execute(conn)
        .await?;
    of_students(
        conn,
        school,
        badges,
        "INSERT INTO badges (id, establishment_id, student_id, code, source)
         SELECT gen_random_uuid(), $1, s.id, n.code, 'printed'
         FROM unnest($2::text[], $3::text[]) AS n (eleve_id, code)
         JOIN students s ON s.establishment_id = $1 AND s.eleve_id = n.eleve_id",
    )
    .await
}

/// Sheets `(eleve_id, code)` of the current campaign's charter; those there already stay.
pub async fn add_sheets(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    sheets: &[(&str, &str)],
) -> QueryResult<()> {
    of_students(
        conn,
        school,
        sheets,
        "INSERT INTO charter_sheets (id, establishment_id, student_id, charter_id, code)
         SELECT gen_random_uuid(), $1, s.id, k.charter_id, n.code
         FROM unnest($2::text[], $3::text[]) AS n (eleve_id, code)
         JOIN students s ON s.establishment_id = $1 AND s.eleve_id = n.eleve_id
         JOIN campaigns k ON k.establishment_id = $1 AND k.is_current
         ON CONFLICT DO NOTHING",
    )
    .await
}

async fn of_students(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    codes: &[(&str, &str)],
    statement: &str,
) -> QueryResult<()> {
    let (eleve_ids, codes): (Vec<&str>, Vec<&str>) = codes.iter().copied().unzip();
    diesel::sql_query(statement)
        .bind::<SqlUuid, _>(school.0)
        .bind::<Array<Text>, _>(eleve_ids)
        .bind::<Array<Text>, _>(codes)
        .execute(conn)
        .await
        .map(drop)
}

/// Signed copies taken in before the day.
pub struct Receipt<'a> {
    pub eleve_id: &'a str,
    pub shown: i16,
    pub kept: i16,
}

/// Receipts for the current campaign's charter; one that stands already stays.
pub async fn add_receipts(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    receipts: &[Receipt<'_>],
) -> QueryResult<()> {
    diesel::sql_query(
        "INSERT INTO charter_receipts (id, establishment_id, student_id, charter_id, copies_shown, copies_kept, method)
         SELECT gen_random_uuid(), $1, s.id, k.charter_id, n.shown, n.kept, 'intake'
         FROM unnest($2::text[], $3::int2[], $4::int2[]) AS n (eleve_id, shown, kept)
         JOIN students s ON s.establishment_id = $1 AND s.eleve_id = n.eleve_id
         JOIN campaigns k ON k.establishment_id = $1 AND k.is_current
         ON CONFLICT DO NOTHING",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<Array<Text>, _>(receipts.iter().map(|r| r.eleve_id).collect::<Vec<_>>())
    .bind::<Array<Int2>, _>(receipts.iter().map(|r| r.shown).collect::<Vec<_>>())
    .bind::<Array<Int2>, _>(receipts.iter().map(|r| r.kept).collect::<Vec<_>>())
    .execute(conn)
    .await
    .map(drop)
}

/// A guardian of the pupil of that number.
#[derive(Serialize)]
pub struct Guardian<'a> {
    pub eleve_id: &'a str,
    pub last_name: &'a str,
    pub first_name: &'a str,
    pub relationship: &'a str,
    pub is_legal: bool,
    pub phone: Option<&'a str>,
    pub email: Option<&'a str>,
}

/// Puts these in the place of the guardians the school has, in their order.
pub async fn replace_guardians(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    guardians: &[Guardian<'_>],
) -> QueryResult<()> {
    diesel::sql_query("DELETE FROM guardians WHERE establishment_id = $1")
        .bind::<SqlUuid, _>(school.0)
        .execute(conn)
        .await?;
    // By the time of adding: each a microsecond after the one before.
    diesel::sql_query(
        "INSERT INTO guardians (id, establishment_id, student_id, last_name, first_name, relationship, is_legal,
                                phone, email, created_at)
         SELECT gen_random_uuid(), $1, s.id, n.one->>'last_name', n.one->>'first_name', n.one->>'relationship',
                (n.one->>'is_legal')::boolean, n.one->>'phone', n.one->>'email', now() + n.place * interval '1 microsecond'
         FROM jsonb_array_elements($2) WITH ORDINALITY AS n (one, place)
         JOIN students s ON s.establishment_id = $1 AND s.eleve_id = n.one->>'eleve_id'",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<Jsonb, _>(json!(guardians))
    .execute(conn)
    .await
    .map(drop)
}

/// The day on which the school was opened, on the French wall clock.
pub async fn opened_on(conn: &mut AsyncPgConnection, school: EstablishmentId) -> QueryResult<NaiveDate> {
    #[derive(QueryableByName)]
    struct Opened {
        #[diesel(sql_type = Date)]
        day: NaiveDate,
    }
    let opened: Opened = diesel::sql_query(
        "SELECT (created_at AT TIME ZONE 'Europe/Paris')::date AS day FROM establishments WHERE id = $1",
    )
    .bind::<SqlUuid, _>(school.0)
    .get_result(conn)
    .await?;
    Ok(opened.day)
}

/// Classes of those codes, in the order of the codes.
pub async fn class_ids(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    codes: &[&str],
) -> QueryResult<Vec<Uuid>> {
    use super::schema::classes;
    let found: Vec<(String, Uuid)> = classes::table
        .filter(classes::establishment_id.eq(school.0))
        .filter(classes::code.eq_any(codes))
        .select((classes::code, classes::id))
        .load(conn)
        .await?;
    let of = |code: &&str| found.iter().find(|(known, _)| known == code).map(|(_, id)| *id);
    Ok(codes.iter().filter_map(of).collect())
}

/// Pupils of those numbers, by number.
pub async fn student_ids(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    eleve_ids: &[&str],
) -> QueryResult<Vec<Uuid>> {
    use super::schema::students;
    students::table
        .filter(students::establishment_id.eq(school.0))
        .filter(students::eleve_id.eq_any(eleve_ids))
        .order(students::eleve_id)
        .select(students::id)
        .load(conn)
        .await
}

/// Laptops of those serial numbers, in their order.
pub async fn device_ids(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    serials: &[&str],
) -> QueryResult<Vec<Uuid>> {
    use super::schema::devices;
    devices::table
        .filter(devices::establishment_id.eq(school.0))
        .filter(devices::serial_number.eq_any(serials))
        .order(devices::serial_number)
        .select(devices::id)
        .load(conn)
        .await
}

/// The delivery of that note.
pub async fn delivery_id(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    note: &str,
) -> QueryResult<Uuid> {
    use super::schema::deliveries;
    deliveries::table
        .filter(deliveries::establishment_id.eq(school.0))
        .filter(deliveries::note_number.eq(note))
        .select(deliveries::id)
        .first(conn)
        .await
}

/// Somebody at a desk.
pub struct Desk {
    pub operator: Uuid,
    pub station: Uuid,
}

/// The operator of that name at the station of that name, which is made when there is none.
pub async fn desk(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    operator: &str,
    station: &str,
) -> QueryResult<Desk> {
    let operator = operators::table
        .filter(operators::establishment_id.eq(school.0))
        .filter(operators::name.eq(operator))
        .select(operators::id)
        .first(conn)
        .await?;
    let station = diesel::insert_into(stations::table)
        .values((
            stations::id.eq(Uuid::now_v7()),
            stations::establishment_id.eq(school.0),
            stations::name.eq(station),
        ))
        .on_conflict((stations::establishment_id, stations::name))
        .do_update()
        .set(stations::name.eq(station))
        .returning(stations::id)
        .get_result(conn)
        .await?;
    Ok(Desk { operator, station })
}

/// `(student, device)` for each badge and the serial number at its place.
pub async fn student_and_device_ids(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    badges: &[&str],
    serials: &[&str],
) -> QueryResult<Vec<(Uuid, Uuid)>> {
    #[derive(QueryableByName)]
    struct Ids {
        #[diesel(sql_type = SqlUuid)]
        student: Uuid,
        #[diesel(sql_type = SqlUuid)]
        device: Uuid,
    }
    let ids: Vec<Ids> = diesel::sql_query(
        "SELECT b.student_id AS student, d.id AS device
         FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS n (badge, serial, place)
         JOIN badges b ON b.establishment_id = $1 AND b.code = n.badge
         JOIN devices d ON d.establishment_id = $1 AND d.serial_number = n.serial
         ORDER BY n.place",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<Array<Text>, _>(badges)
    .bind::<Array<Text>, _>(serials)
    .load(conn)
    .await?;
    Ok(ids.into_iter().map(|row| (row.student, row.device)).collect())
}
