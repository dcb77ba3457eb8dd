//! The reserve: what is in it, what went out and why, and how it changed.

use super::conditions::{is_entitled, is_there, may_have_laptop};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::EstablishmentId;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The counts the gauge is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct Counts {
    #[diesel(sql_type = BigInt)]
    pub entitled: i64,
    #[diesel(sql_type = BigInt)]
    pub reserve: i64,
    #[diesel(sql_type = BigInt)]
    pub in_stock: i64,
    #[diesel(sql_type = BigInt)]
    pub lent: i64,
    #[diesel(sql_type = BigInt)]
    pub in_repair: i64,
    /// Incidents of the last 56 days that were not cancelled.
    #[diesel(sql_type = BigInt)]
    pub incidents: i64,
    /// Days since the first incident, 56 at most.
    #[diesel(sql_type = BigInt)]
    pub days: i64,
}

pub async fn counts(conn: &mut AsyncPgConnection, school: EstablishmentId) -> QueryResult<Counts> {
    diesel::sql_query(
        concat!(
        "SELECT p.entitled, d.reserve, d.in_stock, l.lent, d.in_repair, i.incidents, i.days
         FROM (SELECT count(*) FILTER (WHERE ",
        is_entitled!("s"),
        ") AS entitled
               FROM students s WHERE s.establishment_id = $1 AND ",
        is_there!("s"),
        ") p,
              (SELECT count(*) FILTER (WHERE state = 'reserve') AS reserve,
                      count(*) FILTER (WHERE state IN ('in_stock', 'announced')) AS in_stock,
                      count(*) FILTER (WHERE state IN ('awaiting_repair', 'in_repair', 'repaired')) AS in_repair
               FROM devices WHERE establishment_id = $1) d,
              (SELECT count(*) AS lent FROM loans
               WHERE establishment_id = $1 AND closed_at IS NULL AND kind = 'temporary') l,
              (SELECT count(*) AS incidents,
                      coalesce(least(56, extract(day FROM now() - min(reported_at))), 0)::bigint AS days
               FROM incidents WHERE establishment_id = $1 AND cancelled_at IS NULL
                 AND reported_at > now() - interval '56 days') i"
    ),
    )
    .bind::<SqlUuid, _>(school.0)
    .get_result(conn)
    .await
}

/// A laptop of the reserve.
#[derive(Debug, Clone, Serialize, ToSchema, QueryableByName)]
pub struct ReserveDevice {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub serial: String,
    #[diesel(sql_type = Text)]
    pub maker: String,
    #[diesel(sql_type = Text)]
    pub model: String,
    #[diesel(sql_type = Nullable<Date>)]
    pub warranty_end: Option<NaiveDate>,
    /// When it was last put there, as far as acts tell.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub since: Option<DateTime<Utc>>,
}

/// What is in the reserve, by model and serial number; 500 at most.
pub async fn devices(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
) -> QueryResult<Vec<ReserveDevice>> {
    diesel::sql_query(
        "SELECT d.id, d.serial_number AS serial, m.manufacturer AS maker, m.designation AS model, d.warranty_end,
                (SELECT max(a.done_at) FROM act_devices x JOIN acts a ON a.id = x.act_id
                 WHERE x.device_id = d.id AND x.state_after = 'reserve' AND a.undone_at IS NULL) AS since
         FROM devices d JOIN device_models m ON m.id = d.model_id
         WHERE d.establishment_id = $1 AND d.state = 'reserve'
         ORDER BY m.designation, d.serial_number LIMIT 500",
    )
    .bind::<SqlUuid, _>(school.0)
    .load(conn)
    .await
}

/// How many spares there were at the end of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, QueryableByName)]
pub struct ReserveDay {
    #[diesel(sql_type = Date)]
    pub on: NaiveDate,
    #[diesel(sql_type = BigInt)]
    pub reserve: i64,
}

/// The last `days` days, oldest first: counted back from what is there now by what acts moved.
pub async fn history(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    days: i64,
) -> QueryResult<Vec<ReserveDay>> {
    diesel::sql_query(
        "WITH moved AS (
             SELECT (a.done_at AT TIME ZONE 'Europe/Paris')::date AS on_day,
                    sum((x.state_after = 'reserve')::int - (x.state_before = 'reserve')::int) AS change
             FROM acts a JOIN act_devices x ON x.act_id = a.id
             WHERE a.establishment_id = $1 AND a.undone_at IS NULL AND a.done_at > now() - make_interval(days => $2::int + 1)
               AND 'reserve' IN (x.state_before, x.state_after)
             GROUP BY 1
         ), days AS (
             SELECT generate_series((now() AT TIME ZONE 'Europe/Paris')::date - ($2::int - 1),
                                    (now() AT TIME ZONE 'Europe/Paris')::date, '1 day')::date AS on_day
         )
         SELECT days.on_day AS on,
                (SELECT count(*) FROM devices WHERE establishment_id = $1 AND state = 'reserve')
                - coalesce((SELECT sum(m.change) FROM moved m WHERE m.on_day > days.on_day), 0)::bigint AS reserve
         FROM days ORDER BY days.on_day",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<BigInt, _>(days)
    .load(conn)
    .await
}

/// A class whose pupils would need more laptops than are in stock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, QueryableByName)]
pub struct ShortClass {
    #[diesel(sql_type = Text)]
    pub class: String,
    /// Entitled pupils present without a laptop of their own.
    #[diesel(sql_type = BigInt)]
    pub needed: i64,
}

/// Pupils still to be equipped, by class.
pub async fn needed(conn: &mut AsyncPgConnection, school: EstablishmentId) -> QueryResult<Vec<ShortClass>> {
    diesel::sql_query(
        concat!(
        "SELECT coalesce(c.code, '') AS class, count(*) AS needed
         FROM students s LEFT JOIN classes c ON c.id = s.class_id
         WHERE s.establishment_id = $1 AND ",
        may_have_laptop!("s"),
        "
           AND NOT EXISTS (SELECT FROM loans l WHERE l.student_id = s.id AND l.closed_at IS NULL AND l.kind = 'allocation')
         GROUP BY 1 ORDER BY 1"
    ),
    )
    .bind::<SqlUuid, _>(school.0)
    .load(conn)
    .await
}

/// Laptops in stock for the reserve, drawn evenly from the models that are there; those that a
/// desk is handing out this moment are left to it.
pub async fn draw(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    delivery: Option<Uuid>,
    count: i64,
) -> QueryResult<Vec<Uuid>> {
    #[derive(QueryableByName)]
    struct Drawn {
        #[diesel(sql_type = SqlUuid)]
        id: Uuid,
    }
    let drawn: Vec<Drawn> = diesel::sql_query(
        "SELECT d.id FROM devices d
         JOIN (SELECT id, row_number() OVER (PARTITION BY model_id ORDER BY serial_number DESC) AS turn FROM devices
               WHERE establishment_id = $1 AND state = 'in_stock' AND ($2::uuid IS NULL OR delivery_id = $2)) t ON t.id = d.id
         WHERE d.state = 'in_stock' ORDER BY t.turn, d.id LIMIT $3 FOR NO KEY UPDATE OF d SKIP LOCKED",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<Nullable<SqlUuid>, _>(delivery)
    .bind::<BigInt, _>(count)
    .load(conn)
    .await?;
    Ok(drawn.into_iter().map(|one| one.id).collect())
}

/// The last acts that took from the reserve or added to it, newest first.
pub async fn last_acts(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    limit: i64,
) -> QueryResult<Vec<Uuid>> {
    #[derive(QueryableByName)]
    struct Act {
        #[diesel(sql_type = SqlUuid)]
        id: Uuid,
    }
    let acts: Vec<Act> = diesel::sql_query(
        "SELECT a.id FROM acts a
         WHERE a.establishment_id = $1 AND a.undone_at IS NULL
           AND EXISTS (SELECT FROM act_devices x WHERE x.act_id = a.id AND 'reserve' IN (x.state_before, x.state_after))
         ORDER BY a.done_at DESC LIMIT $2",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await?;
    Ok(acts.into_iter().map(|act| act.id).collect())
}
