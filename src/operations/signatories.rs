//! Who signed the charter beside the pupil (rule 12): a legal guardian, the adult pupil alone, or
//! somebody else by name.

use super::doing::today;
use super::office::{invalid, typed};
use super::{Actor, Failure};
use crate::db::charter_receipts::Signatory;
use crate::db::guardians::{self, Guardian, Signer};
use crate::db::{Db, Scope};
use diesel_async::AsyncPgConnection;
use domain::charter::{SignatoryKind, is_adult};
use domain::ids::EstablishmentId;
use domain::names::display_name;
use domain::refusal::{Refusal, Thing};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// One of the three.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignatoryChoice {
    /// A legal guardian of the pupil.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guardian_id: Option<Uuid>,
    /// The adult pupil alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub adult: bool,
    /// Somebody else, by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// Who may sign for a pupil: names only, as a desk shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Signatories {
    /// Of age today: may sign alone.
    pub adult: bool,
    pub guardians: Vec<GuardianName>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct GuardianName {
    pub id: Uuid,
    pub name: String,
    pub relationship: String,
}

/// Who may sign for that pupil. Reads only.
pub async fn signatories(db: &Db, actor: &Actor, student: Uuid) -> Result<Signatories, Failure> {
    let school = actor.establishment;
    let (signer, guardians) = db
        .read(Scope::School(school), async |conn| {
            let signer = guardians::signer(conn, school, student).await?.ok_or(Refusal::UnknownStudent)?;
            Ok::<_, Failure>((signer, guardians::of_students(conn, school, &[student]).await?))
        })
        .await?;
    let legal = guardians.into_iter().filter(|guardian| guardian.is_legal);
    Ok(Signatories {
        adult: is_adult(signer.birth_date, today()),
        guardians: legal.map(|guardian| name_of(&guardian)).collect(),
    })
}

fn name_of(guardian: &Guardian) -> GuardianName {
    GuardianName { id: guardian.id, name: guardian.name(), relationship: guardian.relationship.clone() }
}

/// The name and the kind of who is chosen; none when nobody is.
pub async fn resolve(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    student: Uuid,
    choice: Option<&SignatoryChoice>,
) -> Result<Option<Signatory>, Failure> {
    let Some(choice) = choice else { return Ok(None) };
    let signatory = match (choice.guardian_id, choice.adult, &choice.name) {
        (Some(id), false, None) => {
            let guardian = guardians::one(conn, school, id).await?;
            let guardian = guardian.filter(|one| one.student_id == student && one.is_legal);
            let guardian = guardian.ok_or(Refusal::NotFound { what: Thing::Guardian })?;
            Signatory { kind: SignatoryKind::Guardian, name: guardian.name() }
        }
        (None, true, None) => {
            let signer = guardians::signer(conn, school, student).await?.ok_or(Refusal::UnknownStudent)?;
            alone(&signer)?
        }
        (None, false, Some(name)) if !name.trim().is_empty() => {
            Signatory { kind: SignatoryKind::Other, name: typed(name, 120)?.to_owned() }
        }
        (None, false, None) => return Ok(None),
        _ => {
            return Err(invalid(
                "signatory_unclear",
                "Signataire imprécis",
                "Un signataire est un responsable légal, l'élève majeur, ou un nom.",
                "Choisissez-en un seul.",
            ));
        }
    };
    Ok(Some(signatory))
}

fn alone(signer: &Signer) -> Result<Signatory, Refusal> {
    let name = display_name(&signer.first_name, &signer.last_name);
    if is_adult(signer.birth_date, today()) {
        Ok(Signatory { kind: SignatoryKind::Student, name })
    } else {
        Err(Refusal::NotAdult { name })
    }
}
