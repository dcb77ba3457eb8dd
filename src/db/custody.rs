//! Who holds what: the facts a hand-over is decided on, read under lock, and what it writes.

use super::prepared::KeepPlan;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Date, Int2, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::charter::Copies;
use domain::devices::DeviceState;
use domain::hand_over::{DeviceFacts, StudentFacts};
use domain::ids::{DeviceId, EstablishmentId, LoanId, StudentId};
use domain::names::display_name;
use domain::refusal::Holder;
use futures_util::future::try_join4;
use serde_json::Value;
use uuid::Uuid;

/// A laptop under lock.
#[derive(QueryableByName)]
pub struct LockedDevice {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub serial: String,
    #[diesel(sql_type = Text)]
    pub state: String,
    #[diesel(sql_type = Text)]
    pub model: String,
}

/// A pupil under lock.
#[derive(QueryableByName)]
pub struct LockedStudent {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub last_name: String,
    #[diesel(sql_type = Text)]
    pub first_name: String,
    #[diesel(sql_type = Bool)]
    pub may_receive: bool,
    #[diesel(sql_type = Nullable<Date>)]
    pub left_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Text>)]
    pub class_code: Option<String>,
}

/// An open loan of the laptop, or the pupil's own.
#[derive(QueryableByName)]
pub struct OpenLoan {
    #[diesel(sql_type = SqlUuid)]
    loan_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    device_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    student_id: Uuid,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Timestamptz)]
    opened_at: DateTime<Utc>,
    #[diesel(sql_type = Text)]
    serial: String,
    #[diesel(sql_type = Text)]
    last_name: String,
    #[diesel(sql_type = Text)]
    first_name: String,
    #[diesel(sql_type = Nullable<Text>)]
    class_code: Option<String>,
}

/// The current campaign and what the pupil has signed for it.
#[derive(QueryableByName)]
pub struct CampaignFacts {
    #[diesel(sql_type = SqlUuid)]
    pub campaign_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub charter_id: Uuid,
    #[diesel(sql_type = Array<Text>)]
    pub kit: Vec<String>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub receipt_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Int2>)]
    shown: Option<i16>,
    #[diesel(sql_type = Nullable<Int2>)]
    kept: Option<i16>,
}

impl CampaignFacts {
    pub fn copies_on_file(&self) -> Option<Copies> {
        Copies::new(u8::try_from(self.shown?).ok()?, u8::try_from(self.kept?).ok()?)
    }
}

/// Locks the laptop. Always before the pupil, so that two desks never wait for each other.
pub async fn lock_device(
    mut conn: &AsyncPgConnection,
    school: EstablishmentId,
    device: DeviceId,
) -> QueryResult<Option<LockedDevice>> {
    diesel::sql_query(
        "SELECT d.id, d.serial_number AS serial, d.state, m.designation AS model
         FROM devices d JOIN device_models m ON m.id = d.model_id
         WHERE d.establishment_id = $1 AND d.id = $2 FOR NO KEY UPDATE OF d",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(device.0)
    .keep_plan()
    .get_result(&mut conn)
    .await
    .optional()
}

/// Locks the pupil. Always after the laptop.
pub async fn lock_student(
    mut conn: &AsyncPgConnection,
    school: EstablishmentId,
    student: StudentId,
) -> QueryResult<Option<LockedStudent>> {
    diesel::sql_query(
        "SELECT s.id, s.last_name, s.first_name, coalesce(s.entitlement_override, s.entitled) AS may_receive,
                s.left_on, c.code AS class_code
         FROM students s LEFT JOIN classes c ON c.id = s.class_id
         WHERE s.establishment_id = $1 AND s.id = $2 FOR NO KEY UPDATE OF s",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(student.0)
    .keep_plan()
    .get_result(&mut conn)
    .await
    .optional()
}

/// Open loans that concern either of the two; read after both are locked, hence current.
/// Two look-ups, not one with OR: on the day of a distribution the table grows faster than its
/// statistics, and a plan made while it was empty would walk through every open loan; so would
/// one that finds them by school, which is why the school is asked of the laptop.
pub async fn open_loans(
    mut conn: &AsyncPgConnection,
    school: EstablishmentId,
    device: DeviceId,
    student: StudentId,
) -> QueryResult<Vec<OpenLoan>> {
    diesel::sql_query(
        "SELECT l.id AS loan_id, l.device_id, l.student_id, l.kind, l.opened_at,
                d.serial_number AS serial, s.last_name, s.first_name, c.code AS class_code
         FROM (SELECT id, device_id, student_id, kind, opened_at FROM loans
               WHERE device_id = $2 AND closed_at IS NULL
               UNION SELECT id, device_id, student_id, kind, opened_at FROM loans
               WHERE student_id = $3 AND closed_at IS NULL) l
         JOIN devices d ON d.id = l.device_id
         JOIN students s ON s.id = l.student_id
         LEFT JOIN classes c ON c.id = s.class_id
         WHERE d.establishment_id = $1",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(device.0)
    .bind::<SqlUuid, _>(student.0)
    .keep_plan()
    .load(&mut conn)
    .await
}

/// The current campaign, or `None` when the school has none.
pub async fn campaign(
    mut conn: &AsyncPgConnection,
    school: EstablishmentId,
    student: StudentId,
) -> QueryResult<Option<CampaignFacts>> {
    diesel::sql_query(
        "SELECT k.id AS campaign_id, k.charter_id, k.kit, r.id AS receipt_id,
                r.copies_shown AS shown, r.copies_kept AS kept
         FROM campaigns k
         LEFT JOIN charter_receipts r
           ON r.charter_id = k.charter_id AND r.student_id = $2 AND r.withdrawn_at IS NULL
         WHERE k.establishment_id = $1 AND k.is_current",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<SqlUuid, _>(student.0)
    .keep_plan()
    .get_result(&mut conn)
    .await
    .optional()
}

/// What a hand-over is decided on.
pub struct UnderLock {
    pub device: Option<LockedDevice>,
    pub student: Option<LockedStudent>,
    pub open: Vec<OpenLoan>,
    pub campaign: Option<CampaignFacts>,
}

/// Locks laptop, then pupil, and reads what the rules want. The four statements are sent
/// together, so that a desk waits once; PostgreSQL runs them in this order, each on what is
/// committed when its turn comes.
pub async fn under_lock(
    conn: &AsyncPgConnection,
    school: EstablishmentId,
    device: DeviceId,
    student: StudentId,
) -> QueryResult<UnderLock> {
    let (device, student, open, campaign) = try_join4(
        lock_device(conn, school, device),
        lock_student(conn, school, student),
        open_loans(conn, school, device, student),
        campaign(conn, school, student),
    )
    .await?;
    Ok(UnderLock { device, student, open, campaign })
}

/// The facts as the rules want them.
pub fn facts(
    device: &LockedDevice,
    student: &LockedStudent,
    open: &[OpenLoan],
) -> (DeviceFacts, StudentFacts) {
    let holder = open.iter().find(|loan| loan.device_id == device.id).map(|loan| Holder {
        student: StudentId(loan.student_id),
        name: display_name(&loan.first_name, &loan.last_name),
        class: loan.class_code.clone(),
        since: loan.opened_at,
        loan: LoanId(loan.loan_id),
    });
    let allocation = open
        .iter()
        .find(|loan| loan.student_id == student.id && loan.kind == "allocation")
        .map(|loan| (loan.serial.clone(), loan.opened_at));
    (
        DeviceFacts {
            id: DeviceId(device.id),
            serial: device.serial.clone(),
            // A state this version does not know is one nothing may be handed out from.
            state: DeviceState::parse(&device.state).unwrap_or(DeviceState::Scrapped),
            holder,
        },
        StudentFacts {
            id: StudentId(student.id),
            name: display_name(&student.first_name, &student.last_name),
            entitled: student.may_receive,
            left_on: student.left_on,
            allocation,
        },
    )
}

/// A loan about to be written.
pub struct NewLoan<'a> {
    pub id: Uuid,
    pub school: EstablishmentId,
    pub campaign: Uuid,
    pub student: StudentId,
    pub device: DeviceId,
    pub operator: Uuid,
    pub station: Uuid,
    pub receipt: Option<Uuid>,
    pub override_reason: Option<&'a str>,
    pub state_before: DeviceState,
    pub kit: &'a [String],
    pub desk_at: Option<DateTime<Utc>>,
    pub details: Value,
}

/// Opens the loan, moves the laptop and writes the journal in one statement: one
/// round trip while both rows are locked. Answers when the loan was opened.
pub async fn open_loan(conn: &mut AsyncPgConnection, loan: &NewLoan<'_>) -> QueryResult<DateTime<Utc>> {
    #[derive(QueryableByName)]
    struct Opened {
        #[diesel(sql_type = Timestamptz)]
        opened_at: DateTime<Utc>,
    }
    let opened: Opened = diesel::sql_query(
        "WITH opened AS (
             INSERT INTO loans (id, establishment_id, campaign_id, student_id, device_id, kind, opened_at,
                                opened_by, opened_at_station, charter_receipt_id, charter_override_reason,
                                device_state_before, kit)
             VALUES ($1, $2, $3, $4, $5, 'allocation', clock_timestamp(), $6, $7, $8, $9, $10, $11)
             RETURNING opened_at
         ), moved AS (
             UPDATE devices SET state = 'lent', updated_at = now() WHERE establishment_id = $2 AND id = $5
         ), written AS (
             INSERT INTO journal (establishment_id, desk_at, operator_id, station_id, action,
                                  student_id, device_id, loan_id, details)
             VALUES ($2, $12, $6, $7, 'hand_over', $4, $5, $1, $13)
         )
         SELECT opened_at FROM opened",
    )
    .bind::<SqlUuid, _>(loan.id)
    .bind::<SqlUuid, _>(loan.school.0)
    .bind::<SqlUuid, _>(loan.campaign)
    .bind::<SqlUuid, _>(loan.student.0)
    .bind::<SqlUuid, _>(loan.device.0)
    .bind::<SqlUuid, _>(loan.operator)
    .bind::<SqlUuid, _>(loan.station)
    .bind::<Nullable<SqlUuid>, _>(loan.receipt)
    .bind::<Nullable<Text>, _>(loan.override_reason)
    .bind::<Text, _>(loan.state_before.as_str())
    .bind::<Array<Text>, _>(loan.kit)
    .bind::<Nullable<Timestamptz>, _>(loan.desk_at)
    .bind::<Jsonb, _>(&loan.details)
    .keep_plan()
    .get_result(conn)
    .await?;
    Ok(opened.opened_at)
}
