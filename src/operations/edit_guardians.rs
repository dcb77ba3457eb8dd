//! Guardians by hand: added, changed, removed. The journal holds their ids, never what they are called.

use super::office::{change_once, entry, invalid, typed};
use super::{Actor, Failure};
use crate::db::guardians::{self, Guardian};
use crate::db::{Db, journal};
use domain::refusal::{Refusal, Thing};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

/// A guardian as typed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct GuardianRequest {
    pub request_id: Uuid,
    pub last_name: String,
    #[serde(default)]
    pub first_name: String,
    /// Such as « mère », « père », « tuteur ».
    #[serde(default)]
    pub relationship: String,
    /// May sign.
    pub is_legal: bool,
    #[serde(default)]
    pub phone: String,
    #[serde(default)]
    pub email: String,
}

impl GuardianRequest {
    fn guardian(&self, id: Uuid, student_id: Uuid) -> Result<Guardian, Failure> {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let last_name = typed(&self.last_name, 80)?.to_owned();
        if last_name.is_empty() {
            return Err(invalid(
                "guardian_unnamed",
                "Responsable sans nom",
                "Un responsable a au moins un nom de famille.",
                "Saisissez le nom, puis recommencez.",
            ));
        }
        Ok(Guardian {
            id,
            student_id,
            last_name,
            first_name: typed(&self.first_name, 80)?.to_owned(),
            relationship: typed(&self.relationship, 40)?.to_owned(),
            is_legal: self.is_legal,
            phone: some(typed(&self.phone, 30)?),
            email: some(typed(&self.email, 120)?),
        })
    }

    fn fingerprint(&self) -> GuardianRequest {
        Self { request_id: Uuid::nil(), ..self.clone() }
    }
}

/// Adds a guardian to a pupil. Idempotent by `request_id`.
pub async fn add_guardian(
    db: &Db,
    actor: &Actor,
    student: Uuid,
    asked: &GuardianRequest,
) -> Result<Value, Failure> {
    let guardian = asked.guardian(Uuid::now_v7(), student)?;
    let fingerprint = (student, asked.fingerprint());
    change_once(db, actor, asked.request_id, "add_guardian", &fingerprint, async |conn| {
        let school = actor.establishment;
        guardians::signer(conn, school, student).await?.ok_or(Refusal::UnknownStudent)?;
        guardians::put(conn, school, &guardian).await?;
        let told = json!({ "guardian_id": guardian.id });
        journal::append(conn, &entry(actor, "add_guardian", Some(student), told)).await?;
        Ok::<_, Failure>(guardian.clone())
    })
    .await
}

/// Changes a guardian. Idempotent by `request_id`.
pub async fn change_guardian(
    db: &Db,
    actor: &Actor,
    id: Uuid,
    asked: &GuardianRequest,
) -> Result<Value, Failure> {
    let fingerprint = (id, asked.fingerprint());
    change_once(db, actor, asked.request_id, "change_guardian", &fingerprint, async |conn| {
        let school = actor.establishment;
        let before = guardians::one(conn, school, id).await?;
        let before = before.ok_or(Refusal::NotFound { what: Thing::Guardian })?;
        let guardian = asked.guardian(id, before.student_id)?;
        guardians::put(conn, school, &guardian).await?;
        let told = json!({ "guardian_id": id });
        journal::append(conn, &entry(actor, "change_guardian", Some(before.student_id), told)).await?;
        Ok::<_, Failure>(guardian)
    })
    .await
}

/// Somebody who is no guardian of the pupil.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RemoveRequest {
    pub request_id: Uuid,
}

/// Removes a guardian; answers who it was. Idempotent by `request_id`.
pub async fn remove_guardian(
    db: &Db,
    actor: &Actor,
    id: Uuid,
    asked: &RemoveRequest,
) -> Result<Value, Failure> {
    change_once(db, actor, asked.request_id, "remove_guardian", &id, async |conn| {
        let gone = guardians::one(conn, actor.establishment, id).await?;
        let gone = gone.ok_or(Refusal::NotFound { what: Thing::Guardian })?;
        guardians::remove(conn, id).await?;
        let told = json!({ "guardian_id": id });
        journal::append(conn, &entry(actor, "remove_guardian", Some(gone.student_id), told)).await?;
        Ok::<_, Failure>(gone)
    })
    .await
}
