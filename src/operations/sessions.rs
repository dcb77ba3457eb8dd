//! Logging in, logging out, naming the desk, and who a session token belongs to.

use super::{Actor, Failure, Invalid};
use crate::db::journal::{self, Entry};
use crate::db::schema::{establishments, operators, sessions, stations};
use crate::db::{Db, Fault, Scope, logins};
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::ids::{EstablishmentId, OperatorId, StationId};
use domain::roles::Role;
use domain::throttle::wait_after;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::net::IpAddr;
use tokio::sync::Semaphore;
use utoipa::ToSchema;
use uuid::Uuid;

/// Passwords hashed at a time: each takes 19 MiB, and who waits here has not been counted yet.
static HASHING: Semaphore = Semaphore::const_new(2);

/// A day in the room is shorter than this; nobody logs in twice in it.
const SESSION_LIFE: Duration = Duration::hours(12);

/// What the page knows of who is logged in.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Session {
    pub operator: SessionOperator,
    /// Absent for the Région.
    pub establishment: Option<SessionEstablishment>,
    /// Absent until the desk has a name.
    pub station: Option<SessionStation>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SessionOperator {
    pub name: String,
    /// `operator`, `manager`, `head` or `region`.
    pub role: String,
}

#[derive(Debug, Clone, Serialize, ToSchema, Queryable)]
pub struct SessionEstablishment {
    pub id: Uuid,
    pub uai: String,
    pub name: String,
}

#[derive(Debug, Clone, Serialize, ToSchema, Queryable)]
pub struct SessionStation {
    pub id: Uuid,
    pub name: String,
}

/// Who asks to come in.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct Credentials {
    /// Absent for the Région.
    pub establishment_id: Option<Uuid>,
    pub operator: String,
    /// Password or PIN.
    pub password: String,
}

/// A live session: what the page shows and who acts.
#[derive(Debug, Clone)]
pub struct Authenticated {
    pub session: Session,
    pub operator: OperatorId,
    pub role: Role,
    pub establishment: Option<EstablishmentId>,
}

impl Authenticated {
    /// The person at a school's desk; `None` for the Région.
    pub fn actor(&self) -> Option<Actor> {
        Some(Actor {
            establishment: self.establishment?,
            operator: self.operator,
            role: self.role,
            station: self.session.station.as_ref().map(|station| StationId(station.id)),
        })
    }
}

/// Schools for the login page, by name.
pub async fn establishments(db: &Db) -> Result<Vec<SessionEstablishment>, Failure> {
    db.read(Scope::Every, async |conn| {
        Ok(establishments::table
            .select((establishments::id, establishments::uai, establishments::name))
            .order(establishments::name)
            .load(conn)
            .await?)
    })
    .await
}

/// Checks the password and opens a session. Answers the token for the cookie; the
/// table keeps its SHA-256 only. Wrong passwords in a row for one name from one
/// address make the next one wait.
pub async fn log_in(
    db: &Db,
    credentials: &Credentials,
    address: Option<IpAddr>,
) -> Result<(String, Session), Failure> {
    let key = attempt_key(credentials, address);
    let operator = recognise(db, credentials, &key).await?;
    let token = hex::encode(rand::random::<[u8; 32]>());
    db.transaction(Scope::Every, async |conn| {
        diesel::insert_into(sessions::table)
            .values((
                sessions::token_hash.eq(token_hash(&token)),
                sessions::operator_id.eq(operator),
                sessions::establishment_id.eq(credentials.establishment_id),
                sessions::expires_at.eq(Utc::now() + SESSION_LIFE),
            ))
            .execute(conn)
            .await?;
        Ok::<_, Failure>(logins::clear(conn, &key).await?)
    })
    .await?;
    let authenticated = authenticate(db, &token).await?.ok_or_else(wrong_credentials)?;
    Ok((token, authenticated.session))
}

/// The operator whose name and password these are.
async fn recognise(db: &Db, credentials: &Credentials, key: &[u8]) -> Result<Uuid, Failure> {
    let _turn = HASHING.acquire().await.map_err(|e| Fault::Other(e.to_string()))?;
    refuse_while_waiting(db, key).await?;
    let row: Option<(Uuid, String)> = db
        .read(Scope::Every, async |conn| {
            Ok::<_, Failure>(
                operators::table
                    .filter(operators::establishment_id.is_not_distinct_from(credentials.establishment_id))
                    .filter(operators::name.eq(credentials.operator.trim()))
                    .filter(operators::disabled_at.is_null())
                    .select((operators::id, operators::password_hash))
                    .first(conn)
                    .await
                    .optional()?,
            )
        })
        .await?;
    // Hashing an unknown name's password too: the time of the answer tells nothing.
    let (operator, hash) = row.unzip();
    let password = credentials.password.clone();
    let agrees = tokio::task::spawn_blocking(move || password_agrees(&password, hash.as_deref()))
        .await
        .map_err(|e| Failure::Fault(Fault::Other(e.to_string())))?;
    match operator {
        Some(operator) if agrees => Ok(operator),
        _ => {
            db.transaction(Scope::Every, async |conn| Ok::<_, Failure>(logins::count(conn, key).await?))
                .await?;
            Err(wrong_credentials())
        }
    }
}

async fn refuse_while_waiting(db: &Db, key: &[u8]) -> Result<(), Failure> {
    let counted =
        db.read(Scope::Every, async |conn| Ok::<_, Failure>(logins::failures(conn, key).await?)).await?;
    let Some((failures, last_at)) = counted else { return Ok(()) };
    let left = last_at + wait_after(u32::try_from(failures).unwrap_or(0)) - Utc::now();
    if left <= Duration::zero() {
        return Ok(());
    }
    Err(Failure::Invalid(Invalid {
        code: "too_many_attempts",
        title: "Trop d'essais".into(),
        detail: format!("{failures} mots de passe faux de suite pour ce nom, depuis ce poste."),
        remedy: format!("Attendez {} secondes, puis recommencez.", left.num_seconds() + 1),
    }))
}

/// One count for a school, a name and an address; the table learns none of the three.
fn attempt_key(credentials: &Credentials, address: Option<IpAddr>) -> Vec<u8> {
    let school = credentials.establishment_id.unwrap_or_default();
    let name = credentials.operator.trim().to_lowercase();
    Sha256::digest(format!("{school}\n{address:?}\n{name}")).to_vec()
}

/// Ends a session; ending one that is gone is no error.
pub async fn log_out(db: &Db, token: &str) -> Result<(), Failure> {
    db.transaction(Scope::Every, async |conn| {
        diesel::delete(sessions::table.find(token_hash(token))).execute(conn).await?;
        Ok(())
    })
    .await
}

type SessionRow = (Uuid, String, String, Option<SessionEstablishment>, Option<SessionStation>);

/// Who a token belongs to, or `None` when it is unknown, expired or its operator is disabled.
pub async fn authenticate(db: &Db, token: &str) -> Result<Option<Authenticated>, Failure> {
    let row: Option<SessionRow> = db.read(Scope::Every, async |conn| session_row(conn, token).await).await?;
    Ok(row.and_then(|(operator, name, role, establishment, station)| {
        Some(Authenticated {
            role: Role::parse(&role)?,
            operator: OperatorId(operator),
            establishment: establishment.as_ref().map(|school| EstablishmentId(school.id)),
            session: Session { operator: SessionOperator { name, role }, establishment, station },
        })
    }))
}

async fn session_row(conn: &mut AsyncPgConnection, token: &str) -> Result<Option<SessionRow>, Failure> {
    let now: DateTime<Utc> = Utc::now();
    Ok(sessions::table
        .inner_join(operators::table)
        .left_join(establishments::table.on(sessions::establishment_id.eq(establishments::id.nullable())))
        .left_join(stations::table.on(sessions::station_id.eq(stations::id.nullable())))
        .filter(sessions::token_hash.eq(token_hash(token)))
        .filter(sessions::expires_at.gt(now))
        .filter(operators::disabled_at.is_null())
        .select((
            operators::id,
            operators::name,
            operators::role,
            (establishments::id, establishments::uai, establishments::name).nullable(),
            (stations::id, stations::name).nullable(),
        ))
        .first(conn)
        .await
        .optional()?)
}

/// Gives the session's desk a name, making the station when the school has none of that name.
pub async fn name_station(db: &Db, token: &str, actor: &Actor, name: &str) -> Result<(), Failure> {
    let establishment = actor.establishment;
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 60 {
        return Err(Failure::Invalid(Invalid {
            code: "station_name_missing",
            title: "Nom de poste incorrect".into(),
            detail: "Le nom du poste doit avoir de 1 à 60 caractères.".into(),
            remedy: "Donnez au poste un nom court, par exemple « Poste 1 ».".into(),
        }));
    }
    db.transaction(Scope::School(establishment), async |conn| {
        let station: Uuid = diesel::insert_into(stations::table)
            .values((
                stations::id.eq(Uuid::now_v7()),
                stations::establishment_id.eq(establishment.0),
                stations::name.eq(name),
            ))
            .on_conflict((stations::establishment_id, stations::name))
            .do_update()
            .set(stations::name.eq(name))
            .returning(stations::id)
            .get_result(conn)
            .await?;
        diesel::update(sessions::table.find(token_hash(token)))
            .set(sessions::station_id.eq(station))
            .execute(conn)
            .await?;
        let entry = Entry {
            establishment_id: establishment.0,
            operator_id: Some(actor.operator.0),
            station_id: Some(station),
            action: "name_station",
            student_id: None,
            device_id: None,
            loan_id: None,
            desk_at: None,
            details: json!({ "station_before": actor.station.map(Uuid::from) }),
        };
        Ok(journal::append(conn, &entry).await?)
    })
    .await
}

/// Argon2id hash of a password or PIN, in PHC form.
pub fn hash_password(password: &str) -> Result<String, Fault> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|e| Fault::Other(format!("password hash: {e}")))
}

fn password_agrees(password: &str, hash: Option<&str>) -> bool {
    let Some(hash) = hash else {
        let _ = hash_password(password);
        return false;
    };
    PasswordHash::new(hash)
        .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

fn wrong_credentials() -> Failure {
    Failure::Invalid(Invalid {
        code: "wrong_credentials",
        title: "Connexion refusée".into(),
        detail: "Le nom ou le mot de passe ne correspond pas.".into(),
        remedy: "Vérifiez l'établissement, le nom et le mot de passe.".into(),
    })
}
