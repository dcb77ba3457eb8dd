//! The school's table of what is given in a laptop's place, and pictures of the damage.

use super::answers::{Request, once};
use super::doing::{About, Doer, json_of};
use super::{Actor, Failure, Invalid};
use crate::db::incidents;
use crate::db::{Db, Fault, Scope};
use diesel_async::AsyncPgConnection;
use domain::ids::{EstablishmentId, RequestId};
use domain::incidents::{Incident, Policy, Replacement, SYMPTOMS};
use domain::refusal::{Refusal, Thing};
use image::ImageEncoder;
use image::codecs::jpeg::JpegEncoder;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::io::Cursor;
use tokio_util::bytes::Bytes;
use utoipa::ToSchema;
use uuid::Uuid;

/// What a desk wants to know before it tells of an incident.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct IncidentRules {
    pub rules: Vec<IncidentRule>,
    pub symptoms: Vec<Symptom>,
}

/// A line of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IncidentRule {
    /// `breakdown`, `breakage`, `loss` or `theft`.
    pub incident: String,
    /// In French.
    pub label: String,
    /// `reserve`, `grant` or `none`.
    pub replacement: String,
    pub needs_complaint: bool,
    /// Whether it is the programme's own rule.
    pub is_programmes: bool,
}

/// A symptom that a desk offers by one touch.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Symptom {
    pub word: String,
    /// In French.
    pub label: String,
}

async fn rules(conn: &mut AsyncPgConnection, school: EstablishmentId) -> Result<IncidentRules, Failure> {
    let mut rules = Vec::with_capacity(Incident::ALL.len());
    for incident in Incident::ALL {
        let policy = incidents::policy(conn, school, incident).await?;
        rules.push(IncidentRule {
            incident: incident.as_str().into(),
            label: incident.label().into(),
            replacement: policy.replacement.as_str().into(),
            needs_complaint: policy.needs_complaint,
            is_programmes: policy == Policy::of_programme(incident),
        });
    }
    let symptoms = SYMPTOMS.map(|(word, label)| Symptom { word: word.into(), label: label.into() });
    Ok(IncidentRules { rules, symptoms: symptoms.to_vec() })
}

/// The table. Reads only.
pub async fn show_rules(db: &Db, actor: &Actor) -> Result<IncidentRules, Failure> {
    let school = actor.establishment;
    db.read(Scope::School(school), async |conn| rules(conn, school).await).await
}

/// A changed line.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RuleRequest {
    pub request_id: Uuid,
    pub incident: String,
    pub replacement: String,
    pub needs_complaint: bool,
}

/// Changes a line and answers the table. Idempotent by `request_id`.
pub async fn change_rule(db: &Db, actor: &Actor, asked: &RuleRequest) -> Result<Value, Failure> {
    let doer = Doer::new(actor, asked.request_id, None)?;
    doer.must_manage()?;
    let (Some(incident), Some(replacement)) =
        (Incident::parse(&asked.incident), Replacement::parse(&asked.replacement))
    else {
        return Err(Failure::Invalid(Invalid {
            code: "rule_unknown",
            title: "Règle inconnue".into(),
            detail: "Panne, casse, perte ou vol ; réserve, fonds d'urgence ou rien.".into(),
            remedy: "Choisissez dans la liste.".into(),
        }));
    };
    let policy = Policy { replacement, needs_complaint: asked.needs_complaint };
    let fingerprint = (incident.as_str(), replacement.as_str(), asked.needs_complaint);
    let request = Request::new(RequestId(asked.request_id), "change_rule", &fingerprint)?;
    once(db, actor, &request, async |conn| {
        incidents::set_policy(conn, doer.school, incident, policy, doer.operator).await?;
        let details = json!({ "incident": incident.as_str(), "replacement": replacement.as_str(),
                              "needs_complaint": asked.needs_complaint });
        doer.tell(conn, "change_incident_rule", About::SCHOOL, details).await?;
        json_of(&rules(conn, doer.school).await?)
    })
    .await
}

/// The longer side of a kept picture, in pixels: damage is seen, faces and papers beside it hardly.
const LONGEST_SIDE: u32 = 1280;
const QUALITY: u8 = 80;

/// Keeps a picture of the damage, made smaller and without what the camera wrote into it; its id.
pub async fn keep_photo(db: &Db, actor: &Actor, incident: Uuid, bytes: Bytes) -> Result<Uuid, Failure> {
    let doer = Doer::new(actor, Uuid::now_v7(), None)?;
    let jpeg = tokio::task::spawn_blocking(move || smaller(&bytes))
        .await
        .map_err(|e| Failure::Fault(Fault::Other(e.to_string())))?
        .ok_or_else(unreadable)?;
    db.transaction(Scope::School(doer.school), async |conn| {
        let known = incidents::one(conn, doer.school, incident).await?;
        let known = known.ok_or(Refusal::NotFound { what: Thing::Incident })?;
        let id = incidents::add_photo(conn, doer.school, incident, &jpeg).await?;
        let details = json!({ "incident_id": incident, "photo_id": id });
        doer.tell(conn, "add_incident_photo", About::device(Some(known.device_id)), details).await?;
        Ok(id)
    })
    .await
}

fn unreadable() -> Failure {
    Failure::Invalid(Invalid {
        code: "photo_unreadable",
        title: "Image illisible".into(),
        detail: "La photo n'est ni un JPEG, ni un PNG, ni un WebP lisible.".into(),
        remedy: "Reprenez la photo.".into(),
    })
}

fn smaller(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut reader = image::ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(12_000);
    limits.max_image_height = Some(12_000);
    limits.max_alloc = Some(256 * 1024 * 1024);
    reader.limits(limits);
    let picture = reader.decode().ok()?;
    let picture = picture.thumbnail(LONGEST_SIDE, LONGEST_SIDE).into_rgb8();
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY)
        .write_image(&picture, picture.width(), picture.height(), image::ExtendedColorType::Rgb8)
        .ok()?;
    Some(jpeg)
}
