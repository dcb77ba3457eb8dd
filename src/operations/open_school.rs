//! Opens a school: its establishment, its first charter and campaign, its operators.

use super::Failure;
use super::sessions::hash_password;
use crate::db::journal::{self, Entry};
use crate::db::schema::{campaigns, charters, establishments, operators};
use crate::db::{Db, Fault, Scope};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::identifiers::Uai;
use domain::ids::EstablishmentId;
use domain::roles::Role;
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// A school to open.
pub struct NewSchool {
    pub uai: Uai,
    pub name: String,
    /// The starting year.
    pub school_year: i32,
    /// Accessories handed over with the laptop.
    pub kit: Vec<String>,
    pub charter_version: String,
    pub charter_title: String,
    pub charter_body: String,
}

/// The school of that UAI, if it is open.
pub async fn find_school(db: &Db, uai: &Uai) -> Result<Option<EstablishmentId>, Failure> {
    db.read(Scope::Every, async |conn| {
        let id: Option<Uuid> = establishments::table
            .filter(establishments::uai.eq(uai.as_str()))
            .select(establishments::id)
            .first(conn)
            .await
            .optional()?;
        Ok(id.map(EstablishmentId))
    })
    .await
}

/// Every school that is open.
pub async fn schools(db: &Db) -> Result<Vec<(EstablishmentId, Uai)>, Failure> {
    let open: Vec<(Uuid, String)> = db
        .read(Scope::Every, async |conn| {
            let rows = establishments::table.select((establishments::id, establishments::uai));
            Ok::<_, Failure>(rows.order(establishments::uai).load(conn).await?)
        })
        .await?;
    let named = |(id, uai): (Uuid, String)| {
        let uai = Uai::parse(&uai).map_err(|error| crate::db::Fault::Other(error.to_string()))?;
        Ok((EstablishmentId(id), uai))
    };
    open.into_iter().map(named).collect()
}

/// Opens the school with its charter and current campaign; an open one is left as it is.
pub async fn open_school(db: &Db, school: &NewSchool) -> Result<EstablishmentId, Failure> {
    if let Some(open) = find_school(db, &school.uai).await? {
        return Ok(open);
    }
    let id = Uuid::now_v7();
    db.transaction(Scope::School(EstablishmentId(id)), async |conn| {
        diesel::insert_into(establishments::table)
            .values((
                establishments::id.eq(id),
                establishments::uai.eq(school.uai.as_str()),
                establishments::name.eq(&school.name),
            ))
            .execute(conn)
            .await?;
        let charter = Uuid::now_v7();
        diesel::insert_into(charters::table)
            .values((
                charters::id.eq(charter),
                charters::establishment_id.eq(id),
                charters::version.eq(&school.charter_version),
                charters::title.eq(&school.charter_title),
                charters::body.eq(&school.charter_body),
                charters::content_hash.eq(Sha256::digest(school.charter_body.as_bytes()).to_vec()),
            ))
            .execute(conn)
            .await?;
        diesel::insert_into(campaigns::table)
            .values((
                campaigns::id.eq(Uuid::now_v7()),
                campaigns::establishment_id.eq(id),
                campaigns::school_year.eq(school.school_year),
                campaigns::name.eq(format!("Rentrée {}", school.school_year)),
                campaigns::charter_id.eq(charter),
                campaigns::kit.eq(&school.kit),
            ))
            .execute(conn)
            .await?;
        Ok(EstablishmentId(id))
    })
    .await
}

/// Adds an operator, or gives an existing one of that name a new role and password.
/// `school` is absent for the Région, whose officers stand in no school's journal.
pub async fn add_operator(
    db: &Db,
    school: Option<EstablishmentId>,
    name: &str,
    role: Role,
    password: &str,
) -> Result<(), Failure> {
    let hash = hash_password(password)?;
    if (role == Role::Region) != school.is_none() {
        return Err(Failure::Fault(Fault::Other("only the Région has no school".into())));
    }
    db.transaction(Scope::Every, async |conn| {
        let id: Uuid = diesel::insert_into(operators::table)
            .values((
                operators::id.eq(Uuid::now_v7()),
                operators::establishment_id.eq(school.map(Uuid::from)),
                operators::name.eq(name.trim()),
                operators::role.eq(role.as_str()),
                operators::password_hash.eq(&hash),
            ))
            .on_conflict((operators::establishment_id, operators::name))
            .do_update()
            .set((operators::role.eq(role.as_str()), operators::password_hash.eq(&hash)))
            .returning(operators::id)
            .get_result(conn)
            .await?;
        match school {
            Some(school) => Ok(journal::append(conn, &added(school, id, role)).await?),
            None => Ok(()),
        }
    })
    .await
}

/// Nobody is logged in at the command line: what is told is who was added, and as what.
fn added<'a>(school: EstablishmentId, operator: Uuid, role: Role) -> Entry<'a> {
    Entry {
        establishment_id: school.0,
        operator_id: None,
        station_id: None,
        action: "add_operator",
        student_id: None,
        device_id: None,
        loan_id: None,
        desk_at: None,
        details: json!({ "operator_id": operator, "role": role.as_str() }),
    }
}
