//! Takes the school in by the doors any school uses: its files are imported, its deliveries
//! received, its first laptops handed over, its reserve put aside, broken ones sent to repair.
//! Codes and receipts that frames and tests show are written beside them.

use super::{CHARTER, KIT, LOGINS, NAME, SCHOOL_YEAR, School, UAI, day, files, guardians};
use crate::db::demo::{self as rows, Receipt};
use crate::db::{Db, Fault, Scope};
use crate::operations::hand_over::{HandOverRequest, hand_over};
use crate::operations::imports::take_in;
use crate::operations::imports::upload::Upload;
use crate::operations::move_devices::{MoveRequest, move_devices};
use crate::operations::open_school::{NewSchool, add_operator, open_school};
use crate::operations::receive_device::{ReceiveRequest, receive_device};
use crate::operations::receive_rest::{RestRequest, receive_rest};
use crate::operations::repair_devices::{
    BatchDevice, BatchRequest, SendRequest, fill_batch, open_batch, send_batch,
};
use crate::operations::report_incident::{IncidentRequest, report_incident};
use crate::operations::{Actor, Failure, Invalid, sessions};
use chrono::{Days, NaiveDate};
use domain::devices::DeviceState;
use domain::identifiers::Uai;
use domain::ids::{EstablishmentId, OperatorId, StationId};
use domain::roles::Role;
use uuid::Uuid;

/// The demo school in a database.
#[derive(Debug, Clone)]
pub struct Seeded {
    pub establishment: EstablishmentId,
    /// False when it was there already; nothing was changed then.
    pub fresh: bool,
    /// As invented: what desks have done since is in the database.
    pub school: School,
}

/// Makes the demo school, once: a school that is there whole is left as it is, one
/// that a kill left half-made is finished. Refused where another school lives.
pub async fn seed(db: &Db) -> Result<Seeded, Failure> {
    let db = &db.patient();
    let school = School::invent();
    if sessions::establishments(db).await?.iter().any(|open| open.uai != UAI) {
        return Err(Failure::Invalid(other_school()));
    }
    // Instances that start together wait for the first; operations use connections of their own.
    db.transaction(Scope::Every, async |conn| {
        rows::lock(conn).await?;
        let (establishment, fresh) = fill(db, &school).await?;
        Ok(Seeded { establishment, fresh, school })
    })
    .await
}

fn other_school() -> Invalid {
    Invalid {
        code: "school_present",
        title: "Une école est déjà ouverte".into(),
        detail: "Cette base contient déjà un établissement : la démonstration n'y est pas installée.".into(),
        remedy: "Choisissez un autre dossier avec --data pour l'essayer.".into(),
    }
}

async fn fill(db: &Db, school: &School) -> Result<(EstablishmentId, bool), Failure> {
    let uai = Uai::parse(UAI).map_err(|e| Fault::Other(e.to_string()))?;
    let establishment = open_school(db, &new_school(&uai)).await?;
    if db.read(Scope::School(establishment), async |conn| seeded(conn, establishment).await).await? {
        return Ok((establishment, false));
    }
    for (name, password, role) in LOGINS {
        let own = (role != Role::Region).then_some(establishment);
        add_operator(db, own, name, role, password).await?;
    }
    import(db, (establishment, &uai), school).await?;
    db.transaction(Scope::School(establishment), async |conn| codes(conn, establishment, school).await)
        .await?;
    let opened =
        rows_of(db, establishment, async |conn| Ok(rows::opened_on(conn, establishment).await?)).await?;
    put_away(db, establishment, school, opened).await?;
    hand_out(db, establishment, school).await?;
    day::prepare(db, establishment, &school.pupils, opened).await?;
    db.transaction(Scope::School(establishment), async |conn| {
        Ok::<_, Failure>(rows::mark_seeded(conn, establishment).await?)
    })
    .await?;
    Ok((establishment, true))
}

async fn seeded(
    conn: &mut diesel_async::AsyncPgConnection,
    establishment: EstablishmentId,
) -> Result<bool, Failure> {
    Ok(rows::is_seeded(conn, establishment).await?)
}

fn new_school(uai: &Uai) -> NewSchool {
    NewSchool {
        uai: uai.clone(),
        name: NAME.into(),
        school_year: SCHOOL_YEAR,
        kit: KIT.map(str::to_owned).to_vec(),
        charter_version: format!("{SCHOOL_YEAR}-1"),
        charter_title: "Charte d'engagement".into(),
        charter_body: CHARTER.into(),
    }
}

async fn import(
    db: &Db,
    (establishment, uai): (EstablishmentId, &Uai),
    school: &School,
) -> Result<(), Failure> {
    let students = Upload::of_bytes("ElevesSansAdresses.xml", files::students(&school.pupils));
    let notes = school
        .notes
        .iter()
        .map(|note| Upload::of_bytes(&format!("{}.csv", note.number), files::delivery(note)));
    for upload in std::iter::once(students).chain(notes) {
        let taken = take_in(db, (establishment, uai), None, upload, false).await?;
        if let Some(refusal) = taken.refusal {
            return Err(Fault::Other(format!("a file of the demo is refused: {}", refusal.code)).into());
        }
    }
    Ok(())
}

/// Badges, sheets, receipts and guardians. The import has drawn badge codes at random; the demo's
/// are those that its frames and tests show.
async fn codes(
    conn: &mut diesel_async::AsyncPgConnection,
    establishment: EstablishmentId,
    school: &School,
) -> Result<(), Failure> {
    let pairs = |get: fn(&super::people::Pupil) -> Option<&String>| -> Vec<(&str, &str)> {
        let pupils = school.pupils.iter();
        pupils.filter_map(|p| Some((p.eleve_id.as_str(), get(p)?.as_str()))).collect()
    };
    rows::replace_badges(conn, establishment, &pairs(|pupil| pupil.badge.as_ref())).await?;
    rows::add_sheets(conn, establishment, &pairs(|pupil| pupil.sheet.as_ref())).await?;
    let guardians = guardians::invent(&school.pupils);
    let guardians: Vec<_> = guardians.iter().map(guardians::Guardian::row).collect();
    rows::replace_guardians(conn, establishment, &guardians).await?;
    let receipts: Vec<Receipt> = school
        .pupils
        .iter()
        .filter_map(|pupil| {
            let (shown, kept) = pupil.receipt?;
            Some(Receipt { eleve_id: &pupil.eleve_id, shown, kept })
        })
        .collect();
    Ok(rows::add_receipts(conn, establishment, &receipts).await?)
}

async fn hand_out(db: &Db, establishment: EstablishmentId, school: &School) -> Result<(), Failure> {
    let pairs = school.equipped();
    let badges: Vec<&str> = pairs.iter().filter_map(|pair| pair.pupil.badge.as_deref()).collect();
    let serials: Vec<&str> = pairs.iter().map(|pair| pair.laptop.serial.as_str()).collect();
    let actor = actor(db, establishment, ("accueil", Role::Operator), "Poste 1").await?;
    let ids = db
        .transaction(Scope::School(establishment), async |conn| {
            Ok::<_, Failure>(rows::student_and_device_ids(conn, establishment, &badges, &serials).await?)
        })
        .await?;
    for (number, (student_id, device_id)) in (1..).zip(ids) {
        let asked = HandOverRequest {
            request_id: request(number),
            student_id,
            device_id,
            charter: None,
            override_reason: None,
            accessories: None,
            desk_at: None,
        };
        hand_over(db, &actor, &asked).await?;
    }
    Ok(())
}

/// The same at each seeding, so that one that was cut short does nothing twice.
pub(super) fn request(number: u128) -> Uuid {
    Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0000 + number)
}

pub(super) async fn actor(
    db: &Db,
    establishment: EstablishmentId,
    (operator, role): (&str, Role),
    station: &str,
) -> Result<Actor, Failure> {
    let desk = db
        .transaction(Scope::School(establishment), async |conn| {
            Ok::<_, Failure>(rows::desk(conn, establishment, operator, station).await?)
        })
        .await?;
    Ok(Actor {
        establishment,
        operator: OperatorId(desk.operator),
        role,
        station: Some(StationId(desk.station)),
    })
}

/// Receives the deliveries but for the last boxes, puts the reserve aside, and sends what is
/// broken to repair.
async fn put_away(
    db: &Db,
    establishment: EstablishmentId,
    school: &School,
    opened: NaiveDate,
) -> Result<(), Failure> {
    let referent = actor(db, establishment, ("referent", Role::Manager), "Réserve").await?;
    let in_state = |state| {
        let laptops = school.notes.iter().flat_map(|note| &note.laptops);
        laptops.filter(move |laptop| laptop.state == state).map(|laptop| laptop.serial.as_str())
    };
    receive(db, &referent, school).await?;
    let ids = async |serials: Vec<&str>| {
        rows_of(db, establishment, async |conn| Ok(rows::device_ids(conn, establishment, &serials).await?))
            .await
    };
    let moving = |number, device_ids, by: &str, reason: &str| MoveRequest {
        request_id: request(number),
        device_ids,
        by: by.into(),
        reason: reason.into(),
        desk_at: None,
    };
    let reserve = ids(in_state(DeviceState::Reserve).collect()).await?;
    move_devices(db, &referent, &moving(2000, reserve, "set_aside", "")).await?;
    let sent = ids(in_state(DeviceState::InRepair).collect()).await?;
    let waiting = ids(in_state(DeviceState::AwaitingRepair).collect()).await?;
    let broken = sent.iter().chain(&waiting).copied().collect();
    move_devices(db, &referent, &moving(2001, broken, "await_repair", "Ne s'allume pas")).await?;
    repair(db, &referent, &sent, opened + Days::new(21)).await?;
    for (number, device) in (3000..).zip(ids(in_state(DeviceState::Lost).collect()).await?) {
        let asked = IncidentRequest {
            request_id: request(number),
            loan_id: None,
            device_id: Some(device),
            incident: "loss".into(),
            symptoms: Vec::new(),
            description: "Introuvable après les cartons".into(),
            complaint_number: None,
            spare: None,
            desk_at: None,
        };
        report_incident(db, &referent, &asked).await?;
    }
    Ok(())
}

/// All deliveries but the last, of which only the spares are unpacked: a reception to go on with.
async fn receive(db: &Db, referent: &Actor, school: &School) -> Result<(), Failure> {
    let establishment = referent.establishment;
    for (number, note) in (1000..).zip(&school.notes) {
        let id = rows_of(db, establishment, async |conn| {
            Ok(rows::delivery_id(conn, establishment, note.number).await?)
        })
        .await?;
        let is_last = school.notes.last().is_some_and(|last| last.number == note.number);
        if !is_last {
            let asked =
                RestRequest { request_id: request(number), reason: "Cartons comptés".into(), desk_at: None };
            receive_rest(db, referent, id, &asked).await?;
            continue;
        }
        let spares = note.laptops.iter().filter(|laptop| laptop.state == DeviceState::Reserve);
        for (number, laptop) in (1100..).zip(spares) {
            let asked = ReceiveRequest {
                request_id: request(number),
                code: laptop.serial.clone(),
                damaged: false,
                note: String::new(),
                desk_at: None,
            };
            receive_device(db, referent, id, &asked).await?;
        }
    }
    Ok(())
}

async fn repair(db: &Db, referent: &Actor, devices: &[Uuid], back: NaiveDate) -> Result<(), Failure> {
    let asked =
        BatchRequest { request_id: request(4000), contractor: "Econocom".into(), note: String::new() };
    let opened = open_batch(db, referent, &asked).await?;
    let batch = opened.pointer("/batch/id").and_then(|id| id.as_str()).and_then(|id| id.parse().ok());
    let batch: Uuid = batch.ok_or_else(|| Fault::Other("a batch without an id".into()))?;
    for (number, device_id) in (4001..).zip(devices) {
        let asked = BatchDevice { request_id: request(number), device_id: *device_id, remove: false };
        fill_batch(db, referent, batch, &asked).await?;
    }
    send_batch(
        db,
        referent,
        batch,
        &SendRequest { request_id: request(4100), expected_back_on: back, desk_at: None },
    )
    .await
    .map(drop)
}

pub(super) async fn rows_of<T>(
    db: &Db,
    establishment: EstablishmentId,
    read: impl AsyncFnOnce(&mut diesel_async::AsyncPgConnection) -> Result<T, Failure>,
) -> Result<T, Failure> {
    db.transaction(Scope::School(establishment), read).await
}
