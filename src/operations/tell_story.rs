//! The whole story of a pupil or a laptop, newest first, a page at a time: each entry of the
//! journal as a sentence, with who, where and why beside it.

use super::{Actor, Failure};
use crate::db::cards::{self, DeviceCard, StudentCard};
use crate::db::story::{self, Of, Origin, StoryRow};
use crate::db::{Db, Scope};
use chrono::{DateTime, NaiveDate, Utc};
use domain::devices::DeviceState;
use domain::incidents::Incident;
use domain::moves::Move;
use domain::names::display_name;
use domain::refusal::Refusal;
use domain::story::{Entry, Side, repair_end, sentence, symptoms};
use domain::words::Language;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Entries of a page.
const PAGE: i64 = 50;

/// A pupil's page.
#[derive(Debug, Serialize, ToSchema)]
pub struct StudentStory {
    pub student: StudentCard,
    pub entries: Vec<StoryEntry>,
    /// What to ask the next page by; absent on the last.
    pub before: Option<i64>,
}

/// A laptop's page.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeviceStory {
    pub device: DeviceCard,
    pub origin: DeviceOrigin,
    pub entries: Vec<StoryEntry>,
    /// What to ask the next page by; absent on the last.
    pub before: Option<i64>,
}

/// Where a laptop came from.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeviceOrigin {
    pub known_since: DateTime<Utc>,
    pub delivery_note: Option<String>,
    pub delivered_on: Option<NaiveDate>,
    pub lot: Option<String>,
    pub mac_address: Option<String>,
    pub warranty_end: Option<NaiveDate>,
}

/// One thing that happened.
#[derive(Debug, Serialize, ToSchema)]
pub struct StoryEntry {
    pub id: i64,
    pub at: DateTime<Utc>,
    /// Stable, for machines.
    pub action: String,
    /// In French.
    pub sentence: String,
    pub sentence_english: String,
    pub operator: Option<String>,
    pub station: Option<String>,
    pub reason: Option<String>,
    /// Taken back since.
    pub undone: bool,
    /// Of a laptop's story, the pupil.
    pub student: Option<StoryStudent>,
    /// Of a pupil's story, the laptop.
    pub device: Option<StoryDevice>,
    pub loan: Option<StoryLoan>,
    pub incident: Option<StoryIncident>,
    pub check: Option<StoryCheck>,
    /// How the repair ended, in French: outcome, who paid, how much; and what was found.
    pub repair: Option<StoryRepair>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct StoryStudent {
    pub id: Uuid,
    pub name: String,
    pub class: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct StoryDevice {
    pub id: Uuid,
    pub serial: String,
}

/// The loan as it was opened.
#[derive(Debug, Serialize, ToSchema)]
pub struct StoryLoan {
    pub id: Uuid,
    pub kit: Vec<String>,
    /// The version of the charter that was signed.
    pub charter: Option<String>,
    /// Why it went without.
    pub override_reason: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct StoryIncident {
    pub id: Uuid,
    /// In French.
    pub label: String,
    /// In French.
    pub symptoms: Vec<String>,
    pub description: String,
    pub complaint_number: Option<String>,
    /// Ids for `/api/incidents/photos/{id}`.
    pub photos: Vec<Uuid>,
}

/// How a laptop came back.
#[derive(Debug, Serialize, ToSchema)]
pub struct StoryCheck {
    pub damaged: Vec<String>,
    pub missing: Vec<String>,
    pub note: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct StoryRepair {
    pub end: String,
    pub diagnosis: String,
}

pub async fn tell_student(
    db: &Db,
    actor: &Actor,
    student: Uuid,
    before: Option<i64>,
) -> Result<StudentStory, Failure> {
    let school = actor.establishment;
    db.read(Scope::School(school), async |conn| {
        let card = cards::student(conn, school, student).await?.ok_or(Refusal::UnknownStudent)?;
        let rows = story::page(conn, school, Of::Student(student), before, PAGE + 1).await?;
        let (entries, before) = page(rows, Side::Student);
        Ok(StudentStory { student: card, entries, before })
    })
    .await
}

pub async fn tell_device(
    db: &Db,
    actor: &Actor,
    device: Uuid,
    before: Option<i64>,
) -> Result<DeviceStory, Failure> {
    let school = actor.establishment;
    db.read(Scope::School(school), async |conn| {
        let card = cards::devices_of(conn, school, &[device]).await?.pop().ok_or(Refusal::UnknownDevice)?;
        let origin = story::origin(conn, school, device).await?.ok_or(Refusal::UnknownDevice)?;
        let rows = story::page(conn, school, Of::Device(device), before, PAGE + 1).await?;
        let (entries, before) = page(rows, Side::Device);
        Ok(DeviceStory { device: card, origin: origin.into(), entries, before })
    })
    .await
}

impl From<Origin> for DeviceOrigin {
    fn from(origin: Origin) -> Self {
        Self {
            known_since: origin.created_at,
            delivery_note: origin.delivery_note,
            delivered_on: origin.delivered_on,
            lot: origin.lot,
            mac_address: origin.mac_address,
            warranty_end: origin.warranty_end,
        }
    }
}

/// One more row than a page has says that another page follows.
fn page(mut rows: Vec<StoryRow>, side: Side) -> (Vec<StoryEntry>, Option<i64>) {
    let size = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = rows.len() > size;
    rows.truncate(size);
    let before = rows.last().filter(|_| more).map(|row| row.id);
    (rows.into_iter().map(|row| entry(row, side)).collect(), before)
}

fn entry(row: StoryRow, side: Side) -> StoryEntry {
    let word = |key: &str| row.details.get(key).and_then(|value| value.as_str());
    let name =
        row.last_name.as_deref().map(|last| display_name(row.first_name.as_deref().unwrap_or(""), last));
    let extended =
        (row.action == "extend_loan").then(|| word("to").and_then(|day| day.parse().ok())).flatten();
    let told = Entry {
        action: &row.action,
        student: name.as_deref(),
        serial: row.serial.as_deref(),
        by: word("move").and_then(|by| Move::ALL.into_iter().find(|one| one.as_str() == by)),
        to: word("to").and_then(DeviceState::parse),
        loan: word("loan"),
        temporary: row.loan_kind.as_deref() == Some("temporary"),
        due_on: extended.or(row.due_on),
        incident: row.incident_kind.as_deref().or(word("incident")).and_then(Incident::parse),
        granted: row.details.get("granted").and_then(serde_json::Value::as_bool),
        cents: row.details.get("amount_cents").and_then(serde_json::Value::as_i64),
    };
    let (french, english) =
        (sentence(&told, side, Language::French), sentence(&told, side, Language::English));
    let reason = word("reason").map(str::to_owned);
    let opened = row.action == "hand_over" || word("loan") == Some("opened");
    let student = match (side, row.student_id, name) {
        (Side::Device, Some(id), Some(name)) => Some(StoryStudent { id, name, class: row.class_code }),
        _ => None,
    };
    let device = match (side, row.device_id, row.serial) {
        (Side::Student, Some(id), Some(serial)) => Some(StoryDevice { id, serial }),
        _ => None,
    };
    StoryEntry {
        id: row.id,
        at: row.at,
        sentence: french,
        sentence_english: english,
        operator: row.operator,
        station: row.station,
        reason,
        undone: row.undone && !row.action.starts_with("undo_"),
        student,
        device,
        loan: row.loan_id.filter(|_| opened).map(|id| StoryLoan {
            id,
            kit: row.kit.unwrap_or_default(),
            charter: row.charter_version,
            override_reason: row.override_reason,
        }),
        incident: row.incident_id.zip(row.incident_kind).map(|(id, kind)| StoryIncident {
            id,
            label: Incident::parse(&kind).map_or(kind, |incident| incident.label().to_owned()),
            symptoms: symptoms(&row.symptoms.unwrap_or_default()),
            description: row.description.unwrap_or_default(),
            complaint_number: row.complaint_number,
            photos: row.photos,
        }),
        check: row.damaged.zip(row.missing).map(|(damaged, missing)| StoryCheck {
            damaged,
            missing,
            note: row.check_note.unwrap_or_default(),
        }),
        repair: row.outcome.map(|outcome| StoryRepair {
            end: repair_end(&outcome, row.under_warranty, row.cost_cents),
            diagnosis: row.diagnosis.unwrap_or_default(),
        }),
        action: row.action,
    }
}
