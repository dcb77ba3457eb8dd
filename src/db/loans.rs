//! Loans of every kind: read under the locks of laptops and pupil, opened and closed by acts.

use super::custody::LockedDevice;
use super::named::NamedPupil;
use super::prepared::KeepPlan;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Date, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::custody::{LoanKind, Purpose};
use domain::devices::DeviceState;
use domain::hand_over::{DeviceFacts, StudentFacts};
use domain::ids::{DeviceId, EstablishmentId, LoanId, StudentId};
use domain::names::display_name;
use domain::refusal::Holder;
use uuid::Uuid;

/// Whose loan it is, before anything is locked.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub struct LoanParties {
    #[diesel(sql_type = SqlUuid)]
    pub device_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub student_id: Uuid,
}

/// Laptop and pupil of a loan of the school, open or not.
pub async fn parties(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    loan: Uuid,
) -> QueryResult<Option<LoanParties>> {
    diesel::sql_query("SELECT device_id, student_id FROM loans WHERE establishment_id = $1 AND id = $2")
        .bind::<SqlUuid, _>(school.0)
        .bind::<SqlUuid, _>(loan)
        .keep_plan()
        .get_result(conn)
        .await
        .optional()
}

/// Locks laptops in the order of their ids, so that two desks never wait for each other. Those
/// that the school does not have are left out.
pub async fn lock_devices(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    devices: &[Uuid],
) -> QueryResult<Vec<LockedDevice>> {
    diesel::sql_query(
        "SELECT d.id, d.serial_number AS serial, d.state, m.designation AS model
         FROM devices d JOIN device_models m ON m.id = d.model_id
         WHERE d.establishment_id = $1 AND d.id = ANY ($2) ORDER BY d.id FOR NO KEY UPDATE OF d",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<Array<SqlUuid>, _>(devices)
    .keep_plan()
    .load(conn)
    .await
}

/// An open loan, with what the rules and a loan in its place want to know.
#[derive(Debug, Clone, QueryableByName)]
pub struct OpenLoan {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub device_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub student_id: Uuid,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Timestamptz)]
    pub opened_at: DateTime<Utc>,
    #[diesel(sql_type = SqlUuid)]
    pub campaign_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub receipt_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    pub override_reason: Option<String>,
    #[diesel(sql_type = Array<Text>)]
    pub kit: Vec<String>,
    #[diesel(sql_type = Nullable<Date>)]
    pub due_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Text>)]
    purpose: Option<String>,
    #[diesel(sql_type = Text)]
    pub serial: String,
    #[diesel(sql_type = Text)]
    device_state: String,
    #[diesel(embed)]
    pupil: NamedPupil,
}

impl OpenLoan {
    pub fn kind(&self) -> LoanKind {
        LoanKind::parse(&self.kind).unwrap_or(LoanKind::Allocation)
    }

    pub fn purpose(&self) -> Option<Purpose> {
        self.purpose.as_deref().and_then(Purpose::parse)
    }

    pub fn device_state(&self) -> DeviceState {
        state(&self.device_state)
    }

    fn holder(&self) -> Holder {
        Holder {
            student: StudentId(self.student_id),
            name: self.pupil.name(),
            class: self.pupil.class_code.clone(),
            since: self.opened_at,
            loan: LoanId(self.id),
        }
    }
}

/// A state this version does not know is one nothing may be done from.
fn state(text: &str) -> DeviceState {
    DeviceState::parse(text).unwrap_or(DeviceState::Scrapped)
}

/// Open loans of any of the laptops and of the pupil; read after they are locked, hence current.
pub async fn open_of(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    devices: &[Uuid],
    student: Option<Uuid>,
) -> QueryResult<Vec<OpenLoan>> {
    diesel::sql_query(
        "SELECT l.id, l.device_id, l.student_id, l.kind, l.opened_at, l.campaign_id, l.charter_receipt_id AS receipt_id,
                l.charter_override_reason AS override_reason, l.kit, l.due_on, l.purpose,
                d.serial_number AS serial, d.state AS device_state, s.last_name, s.first_name, c.code AS class_code
         FROM (SELECT * FROM loans WHERE device_id = ANY ($2) AND closed_at IS NULL
               UNION SELECT * FROM loans WHERE student_id = $3 AND closed_at IS NULL) l
         JOIN devices d ON d.id = l.device_id
         JOIN students s ON s.id = l.student_id
         LEFT JOIN classes c ON c.id = s.class_id
         WHERE d.establishment_id = $1",
    )
    .bind::<SqlUuid, _>(school.0)
    .bind::<Array<SqlUuid>, _>(devices)
    .bind::<Nullable<SqlUuid>, _>(student)
    .keep_plan()
    .load(conn)
    .await
}

/// The facts of a laptop as the rules want them.
pub fn device_facts(device: &LockedDevice, open: &[OpenLoan]) -> DeviceFacts {
    DeviceFacts {
        id: DeviceId(device.id),
        serial: device.serial.clone(),
        state: state(&device.state),
        holder: open.iter().find(|loan| loan.device_id == device.id).map(OpenLoan::holder),
    }
}

/// The facts of a pupil as the rules want them.
pub fn student_facts(student: &super::custody::LockedStudent, open: &[OpenLoan]) -> StudentFacts {
    StudentFacts {
        id: StudentId(student.id),
        name: display_name(&student.first_name, &student.last_name),
        entitled: student.may_receive,
        left_on: student.left_on,
        allocation: of_kind(student.id, LoanKind::Allocation, open)
            .map(|loan| (loan.serial.clone(), loan.opened_at)),
    }
}

/// The pupil's open loan of that kind.
pub fn of_kind(student: Uuid, kind: LoanKind, open: &[OpenLoan]) -> Option<&OpenLoan> {
    open.iter().find(|loan| loan.student_id == student && loan.kind() == kind)
}

/// How a loan ends.
pub struct Ending<'a> {
    /// `returned`, `swapped`, `transferred`, `lost`, `stolen`, `scrapped` or `kept`.
    pub kind: &'a str,
    pub reason: Option<&'a str>,
    pub operator: Uuid,
    pub station: Uuid,
}

pub async fn close(conn: &mut AsyncPgConnection, loan: Uuid, ending: &Ending<'_>) -> QueryResult<()> {
    diesel::sql_query(
        "UPDATE loans SET closed_at = clock_timestamp(), close_kind = $2, close_reason = $3, closed_by = $4,
                          closed_at_station = $5
         WHERE id = $1",
    )
    .bind::<SqlUuid, _>(loan)
    .bind::<Text, _>(ending.kind)
    .bind::<Nullable<Text>, _>(ending.reason)
    .bind::<SqlUuid, _>(ending.operator)
    .bind::<SqlUuid, _>(ending.station)
    .keep_plan()
    .execute(conn)
    .await
    .map(drop)
}

/// A loan that an act opens.
pub struct OpenedLoan<'a> {
    pub id: Uuid,
    pub school: EstablishmentId,
    pub campaign: Uuid,
    pub student: Uuid,
    pub device: Uuid,
    pub kind: LoanKind,
    pub operator: Uuid,
    pub station: Uuid,
    /// The charter an own laptop goes by: a receipt, or the reason it went without.
    pub receipt: Option<Uuid>,
    pub override_reason: Option<&'a str>,
    pub state_before: DeviceState,
    pub kit: &'a [String],
    /// For a temporary loan, until when and why.
    pub due_on: Option<NaiveDate>,
    pub purpose: Option<Purpose>,
    pub replaces: Option<Uuid>,
    pub incident: Option<Uuid>,
    pub grant: Option<Uuid>,
}

pub async fn open(conn: &mut AsyncPgConnection, loan: &OpenedLoan<'_>) -> QueryResult<()> {
    diesel::sql_query(
        "INSERT INTO loans (id, establishment_id, campaign_id, student_id, device_id, kind, opened_at, opened_by,
                            opened_at_station, charter_receipt_id, charter_override_reason, device_state_before, kit,
                            due_on, purpose, replaces, incident_id, grant_id)
         VALUES ($1, $2, $3, $4, $5, $6, clock_timestamp(), $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
    )
    .bind::<SqlUuid, _>(loan.id)
    .bind::<SqlUuid, _>(loan.school.0)
    .bind::<SqlUuid, _>(loan.campaign)
    .bind::<SqlUuid, _>(loan.student)
    .bind::<SqlUuid, _>(loan.device)
    .bind::<Text, _>(loan.kind.as_str())
    .bind::<SqlUuid, _>(loan.operator)
    .bind::<SqlUuid, _>(loan.station)
    .bind::<Nullable<SqlUuid>, _>(loan.receipt)
    .bind::<Nullable<Text>, _>(loan.override_reason)
    .bind::<Text, _>(loan.state_before.as_str())
    .bind::<Array<Text>, _>(loan.kit)
    .bind::<Nullable<Date>, _>(loan.due_on)
    .bind::<Nullable<Text>, _>(loan.purpose.map(Purpose::as_str))
    .bind::<Nullable<SqlUuid>, _>(loan.replaces)
    .bind::<Nullable<SqlUuid>, _>(loan.incident)
    .bind::<Nullable<SqlUuid>, _>(loan.grant)
    .keep_plan()
    .execute(conn)
    .await
    .map(drop)
}
