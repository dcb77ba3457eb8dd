//! Taking acts back: what is to be known of one, whether it is as it was left, and putting back
//! what it changed.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::EstablishmentId;
use uuid::Uuid;

/// What an undo wants to know of an act.
#[derive(QueryableByName)]
pub struct UndoFacts {
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Timestamptz)]
    pub done_at: DateTime<Utc>,
    #[diesel(sql_type = SqlUuid)]
    pub station_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub student_id: Option<Uuid>,
    #[diesel(sql_type = Bool)]
    pub undone: bool,
    #[diesel(sql_type = Array<SqlUuid>)]
    pub devices: Vec<Uuid>,
    #[diesel(sql_type = Array<SqlUuid>)]
    pub students: Vec<Uuid>,
}

/// Reads an act and locks it; `None` when the school has none of that id.
pub async fn lock(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    act: Uuid,
) -> QueryResult<Option<UndoFacts>> {
    diesel::sql_query(
        "SELECT a.kind, a.done_at, a.station_id, a.student_id, a.undone_at IS NOT NULL AS undone,
                ARRAY(SELECT x.device_id FROM act_devices x WHERE x.act_id = a.id
                      UNION SELECT l.device_id FROM act_loans y JOIN loans l ON l.id = y.loan_id WHERE y.act_id = a.id
                      ORDER BY 1) AS devices,
                ARRAY(SELECT DISTINCT l.student_id FROM act_loans y JOIN loans l ON l.id = y.loan_id
                      WHERE y.act_id = a.id ORDER BY 1) AS students
         FROM acts a WHERE a.establishment_id = $1 AND a.id = $2 FOR NO KEY UPDATE",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(act)
    .get_result(conn)
    .await
    .optional()
}

#[derive(QueryableByName)]
struct Truth {
    #[diesel(sql_type = Bool)]
    holds: bool,
}

/// Whether laptops, loans, repairs and grants are still as the act left them, and nothing that
/// it ended has begun anew. Asked under the locks of laptops and pupils.
pub async fn is_untouched(conn: &mut AsyncPgConnection, act: Uuid) -> QueryResult<bool> {
    let truth: Truth = diesel::sql_query(
        "SELECT NOT EXISTS (
             SELECT FROM act_devices x JOIN devices d ON d.id = x.device_id
             WHERE x.act_id = $1 AND d.state <> x.state_after
         ) AND NOT EXISTS (
             SELECT FROM act_devices x JOIN act_devices y ON y.device_id = x.device_id AND y.act_id <> x.act_id
             JOIN acts a ON a.id = x.act_id JOIN acts b ON b.id = y.act_id
             WHERE x.act_id = $1 AND b.done_at > a.done_at AND b.undone_at IS NULL
         ) AND NOT EXISTS (
             -- One that would be lent again needs the loan that it was lent by: a return ends it
             -- while the laptop is in repair, and moves nothing.
             SELECT FROM act_devices x WHERE x.act_id = $1 AND x.state_before = 'lent' AND NOT EXISTS (
                 SELECT FROM loans l LEFT JOIN act_loans y ON y.act_id = $1 AND y.loan_id = l.id
                 WHERE l.device_id = x.device_id
                   AND CASE WHEN y.effect IS NULL THEN l.closed_at IS NULL ELSE y.effect = 'closed' END)
         ) AND NOT EXISTS (
             SELECT FROM act_loans y JOIN loans l ON l.id = y.loan_id
             WHERE y.act_id = $1 AND (y.effect = 'opened') <> (l.closed_at IS NULL)
         ) AND NOT EXISTS (
             SELECT FROM act_loans y JOIN loans l ON l.id = y.loan_id
             JOIN loans later ON later.closed_at IS NULL AND later.kind = l.kind AND later.student_id = l.student_id
             WHERE y.act_id = $1 AND y.effect = 'closed'
               AND NOT EXISTS (SELECT FROM act_loans own WHERE own.act_id = $1 AND own.loan_id = later.id)
         ) AND NOT EXISTS (
             SELECT FROM act_loans y JOIN loans l ON l.id = y.loan_id JOIN devices d ON d.id = l.device_id
             WHERE y.act_id = $1 AND y.effect = 'closed'
               AND (EXISTS (SELECT FROM loans other WHERE other.device_id = d.id AND other.closed_at IS NULL
                              AND NOT EXISTS (SELECT FROM act_loans own WHERE own.act_id = $1 AND own.loan_id = other.id))
                    OR (d.state NOT IN ('lent', 'awaiting_repair', 'in_repair', 'repaired')
                        AND NOT EXISTS (SELECT FROM act_devices x WHERE x.act_id = $1 AND x.device_id = d.id)))
         ) AND NOT EXISTS (
             SELECT FROM incidents i JOIN emergency_grants g ON g.incident_id = i.id AND g.decision IS DISTINCT FROM 'refused'
             WHERE i.act_id = $1
         ) AS holds",
    )
    .bind::<SqlUuid, _>(act)
    .get_result(conn)
    .await?;
    Ok(truth.holds)
}

/// Who takes an act back, and why.
pub struct Undoing<'a> {
    pub school: EstablishmentId,
    pub act: Uuid,
    pub operator: Uuid,
    pub station: Uuid,
    pub reason: &'a str,
    pub desk_at: Option<DateTime<Utc>>,
    pub request_id: Uuid,
}

/// Puts back what the act changed: loans, laptops, incidents, repairs, receptions, grants.
pub async fn undo(conn: &mut AsyncPgConnection, undoing: &Undoing<'_>) -> QueryResult<()> {
    allow_undo(conn).await?;
    for statement in PUT_BACK {
        diesel::sql_query(*statement)
            .bind::<SqlUuid, _>(undoing.act)
            .bind::<SqlUuid, _>(undoing.school.0)
            .bind::<SqlUuid, _>(undoing.operator)
            .bind::<Text, _>(undoing.reason)
            .execute(conn)
            .await?;
    }
    diesel::sql_query(
        "INSERT INTO journal (establishment_id, desk_at, operator_id, station_id, action, student_id, device_id, loan_id, details)
         SELECT $2, $5, $3, $6, 'undo_' || a.kind, a.student_id, lines.device, lines.loan,
                jsonb_build_object('act_id', a.id, 'reason', $4::text, 'request_id', $7::uuid)
                || CASE WHEN lines.back IS NULL THEN '{}' ELSE jsonb_build_object('from', lines.gone, 'to', lines.back) END
         FROM acts a
         JOIN (SELECT coalesce(x.device_id, t.device_id) AS device, t.loan_id AS loan, x.state_after AS gone, x.state_before AS back
               FROM (SELECT * FROM act_devices WHERE act_id = $1) x
               FULL JOIN (SELECT y.loan_id, l.device_id FROM act_loans y JOIN loans l ON l.id = y.loan_id WHERE y.act_id = $1) t
               ON t.device_id = x.device_id) lines ON true
         WHERE a.id = $1",
    )
    .bind::<SqlUuid, _>(undoing.act)
    .bind::<SqlUuid, _>(undoing.school.0)
    .bind::<SqlUuid, _>(undoing.operator)
    .bind::<Text, _>(undoing.reason)
    .bind::<Nullable<Timestamptz>, _>(undoing.desk_at)
    .bind::<SqlUuid, _>(undoing.station)
    .bind::<SqlUuid, _>(undoing.request_id)
    .execute(conn)
    .await
    .map(drop)
}

/// Lets laptops go against the arrows of their life until this transaction ends.
pub async fn allow_undo(conn: &mut AsyncPgConnection) -> QueryResult<()> {
    diesel::sql_query("SELECT set_config('remise.undo', 'on', true)").execute(conn).await.map(drop)
}

/// `$1` the act, `$2` the school, `$3` who, `$4` why. Each statement uses all four, so that all
/// are bound alike.
const PUT_BACK: &[&str] = &[
    // Opened loans end first: a laptop and a pupil have one open loan each.
    "UPDATE loans l SET closed_at = now(), close_kind = 'undone', close_reason = $4, closed_by = $3
     FROM act_loans y WHERE y.act_id = $1 AND y.establishment_id = $2 AND y.effect = 'opened' AND l.id = y.loan_id",
    "UPDATE loans l SET closed_at = NULL, close_kind = NULL, close_reason = NULL, closed_by = NULL, closed_at_station = NULL
     FROM act_loans y WHERE y.act_id = $1 AND y.establishment_id = $2 AND y.effect = 'closed' AND l.id = y.loan_id
       AND $3::uuid IS NOT NULL AND $4::text IS NOT NULL",
    "UPDATE devices d SET state = x.state_before, updated_at = now()
     FROM act_devices x WHERE x.act_id = $1 AND x.establishment_id = $2 AND d.id = x.device_id
       AND $3::uuid IS NOT NULL AND $4::text IS NOT NULL",
    // A repair that this incident began never was; one that this act sent or ended goes on as before.
    "UPDATE repairs r SET closed_at = now(), outcome = 'cancelled'
     FROM acts a WHERE a.id = $1 AND a.establishment_id = $2 AND r.closed_at IS NULL AND r.sent_at IS NULL
       AND a.kind IN ('swap', 'report_incident', 'await_repair', 'return_loan', 'receive')
       AND r.device_id IN (SELECT device_id FROM act_devices WHERE act_id = $1 AND state_after = 'awaiting_repair')
       AND $3::uuid IS NOT NULL AND $4::text IS NOT NULL",
    "UPDATE repairs r SET sent_at = NULL
     FROM acts a WHERE a.id = $1 AND a.establishment_id = $2 AND a.kind = 'send_to_repair' AND r.closed_at IS NULL
       AND r.device_id IN (SELECT device_id FROM act_devices WHERE act_id = $1)
       AND $3::uuid IS NOT NULL AND $4::text IS NOT NULL",
    "UPDATE repair_batches b SET sent_at = NULL, sent_by = NULL
     FROM acts a WHERE a.id = $1 AND a.establishment_id = $2 AND a.kind = 'send_to_repair'
       AND b.id = (a.details->>'batch_id')::uuid AND $3::uuid IS NOT NULL AND $4::text IS NOT NULL",
    "UPDATE repairs r SET closed_at = NULL, outcome = NULL
     FROM acts a WHERE a.id = $1 AND a.establishment_id = $2
       AND r.id = (a.details->>'repair_id')::uuid AND $3::uuid IS NOT NULL AND $4::text IS NOT NULL",
    "UPDATE incidents SET cancelled_at = now()
     WHERE act_id = $1 AND establishment_id = $2 AND $3::uuid IS NOT NULL AND $4::text IS NOT NULL",
    "UPDATE emergency_grants g SET used_by_loan = NULL
     FROM act_loans y WHERE y.act_id = $1 AND y.establishment_id = $2 AND y.effect = 'opened' AND g.used_by_loan = y.loan_id
       AND $3::uuid IS NOT NULL AND $4::text IS NOT NULL",
    "UPDATE reception_scans SET taken_back_at = now()
     WHERE act_id = $1 AND establishment_id = $2 AND $3::uuid IS NOT NULL AND $4::text IS NOT NULL",
    "UPDATE acts SET undone_at = clock_timestamp(), undone_by = $3, undo_reason = $4 WHERE id = $1 AND establishment_id = $2",
];
