//! Takes the school in by the doors any school uses: its files are imported, its first
//! laptops handed over. What no operation does yet (charters taken in ahead of the day,
//! laptops put aside) is written beside them.

use super::{CHARTER, KIT, LOGINS, NAME, SCHOOL_YEAR, School, UAI, files};
use crate::db::demo::{self as rows, Receipt};
use crate::db::{Db, Fault, Scope};
use crate::operations::hand_over::{HandOverRequest, hand_over};
use crate::operations::imports::take_in;
use crate::operations::imports::upload::Upload;
use crate::operations::open_school::{NewSchool, add_operator, open_school};
use crate::operations::{Actor, Failure, Invalid, sessions};
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
    hand_out(db, establishment, school).await?;
    db.transaction(Scope::School(establishment), async |conn| {
        put_away(conn, establishment, school).await?;
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

/// Badges, sheets and receipts. The import has drawn badge codes at random; the demo's
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
    let (desk, ids) = db
        .transaction(Scope::School(establishment), async |conn| {
            let desk = rows::desk(conn, establishment, "accueil", "Poste 1").await?;
            let ids = rows::student_and_device_ids(conn, establishment, &badges, &serials).await?;
            Ok::<_, Failure>((desk, ids))
        })
        .await?;
    let actor = Actor {
        establishment,
        operator: OperatorId(desk.operator),
        role: Role::Operator,
        station: Some(StationId(desk.station)),
    };
    for (number, (student_id, device_id)) in (1..).zip(ids) {
        let asked = HandOverRequest {
            // The same at each seeding, so that one that was cut short hands nothing out twice.
            request_id: Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0000 + number),
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

async fn put_away(
    conn: &mut diesel_async::AsyncPgConnection,
    establishment: EstablishmentId,
    school: &School,
) -> Result<(), Failure> {
    for state in DeviceState::ALL.into_iter().filter(|state| *state != DeviceState::InStock) {
        let laptops = school.notes.iter().flat_map(|note| &note.laptops);
        let serials: Vec<&str> =
            laptops.filter(|laptop| laptop.state == state).map(|laptop| laptop.serial.as_str()).collect();
        if state == DeviceState::InRepair {
            rows::set_state(conn, establishment, &serials, DeviceState::AwaitingRepair).await?;
        }
        rows::set_state(conn, establishment, &serials, state).await?;
    }
    Ok(())
}
