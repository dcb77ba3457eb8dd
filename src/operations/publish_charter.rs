//! Publishes a version of the charter, given as text or as a PDF, and makes one the campaign's.
//! What was published is frozen: another wording is another version.

use super::office::{change_once, entry, invalid, typed};
use super::{Actor, Failure};
use crate::db::charters::{self, CharterVersion, NewVersion};
use crate::db::{Db, journal};
use diesel_async::AsyncPgConnection;
use domain::refusal::{Refusal, Thing};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// The most bytes of a PDF.
pub const MOST_PDF_BYTES: usize = 10 * 1024 * 1024;

/// A version as text.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PublishRequest {
    pub request_id: Uuid,
    pub version: String,
    pub title: String,
    /// Paragraphs are parted by an empty line.
    pub body: String,
    /// The current campaign is signed by it from now on.
    #[serde(default)]
    pub make_current: bool,
}

/// A version whose text is the PDF in the body.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
pub struct PublishPdf {
    pub request_id: Uuid,
    pub version: String,
    pub title: String,
    #[serde(default)]
    pub make_current: bool,
}

/// Publishes a text. The same version with the same text again is the same version.
pub async fn publish_text(db: &Db, actor: &Actor, asked: &PublishRequest) -> Result<Value, Failure> {
    let body = asked.body.trim();
    if body.is_empty() {
        return Err(invalid(
            "charter_empty",
            "Texte absent",
            "La charte n'a pas de texte.",
            "Collez le texte de la charte, ou envoyez-la en PDF.",
        ));
    }
    let (version, title) = names(&asked.version, &asked.title)?;
    publish(db, actor, asked.request_id, asked.make_current, (version, title), body, None).await
}

/// Publishes a PDF.
pub async fn publish_pdf(db: &Db, actor: &Actor, asked: &PublishPdf, pdf: &[u8]) -> Result<Value, Failure> {
    if !pdf.starts_with(b"%PDF-") {
        return Err(invalid(
            "pdf_expected",
            "Ce n'est pas un PDF",
            "Le fichier envoyé ne commence pas comme un PDF.",
            "Enregistrez la charte en PDF, puis envoyez ce fichier.",
        ));
    }
    let (version, title) = names(&asked.version, &asked.title)?;
    publish(db, actor, asked.request_id, asked.make_current, (version, title), "", Some(pdf)).await
}

fn names<'a>(version: &'a str, title: &'a str) -> Result<(&'a str, &'a str), Failure> {
    let (version, title) = (typed(version, 40)?, typed(title, 120)?);
    if version.is_empty() || title.is_empty() {
        return Err(invalid(
            "charter_unnamed",
            "Charte sans nom",
            "Une version a un nom et un titre.",
            "Donnez par exemple « 2026-2 » et « Charte d'engagement ».",
        ));
    }
    Ok((version, title))
}

async fn publish(
    db: &Db,
    actor: &Actor,
    request_id: Uuid,
    make_current: bool,
    (version, title): (&str, &str),
    body: &str,
    pdf: Option<&[u8]>,
) -> Result<Value, Failure> {
    let sha256 = Sha256::digest(pdf.unwrap_or(body.as_bytes())).to_vec();
    let asked = (version, title, hex::encode(&sha256), pdf.is_some(), make_current);
    change_once(db, actor, request_id, "publish_charter", &asked, async |conn| {
        let school = actor.establishment;
        let campaign = charters::lock_campaign(conn, school).await?.ok_or(Refusal::NoCampaign)?;
        let id = match charters::of_version(conn, school, version).await? {
            Some(there) if there.sha256 == hex::encode(&sha256) => there.id,
            Some(_) => return Err(Refusal::CharterVersionTaken { version: version.to_owned() }.into()),
            None => {
                let id = Uuid::now_v7();
                let by = actor.operator.0;
                let charter = NewVersion { id, version, title, body, pdf, sha256: &sha256, by };
                charters::add(conn, school, &charter).await?;
                let told = json!({ "charter_id": id, "sha256": hex::encode(&sha256) });
                journal::append(conn, &entry(actor, "publish_charter", None, told)).await?;
                id
            }
        };
        if make_current {
            take(conn, actor, campaign, id).await?;
        }
        read(conn, actor, id).await
    })
    .await
}

/// A version that the current campaign takes.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MakeCurrentRequest {
    pub request_id: Uuid,
}

/// Makes a version the current campaign's. Receipts of another one stand no longer for it.
pub async fn make_charter_current(
    db: &Db,
    actor: &Actor,
    charter: Uuid,
    asked: &MakeCurrentRequest,
) -> Result<Value, Failure> {
    change_once(db, actor, asked.request_id, "make_charter_current", &charter, async |conn| {
        let school = actor.establishment;
        let campaign = charters::lock_campaign(conn, school).await?.ok_or(Refusal::NoCampaign)?;
        read(conn, actor, charter).await?;
        take(conn, actor, campaign, charter).await?;
        read(conn, actor, charter).await
    })
    .await
}

async fn take(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    campaign: Uuid,
    charter: Uuid,
) -> Result<(), Failure> {
    charters::make_current(conn, campaign, charter).await?;
    let told = json!({ "campaign_id": campaign, "charter_id": charter });
    Ok(journal::append(conn, &entry(actor, "make_charter_current", None, told)).await?)
}

async fn read(conn: &mut AsyncPgConnection, actor: &Actor, charter: Uuid) -> Result<CharterVersion, Failure> {
    let version = charters::one(conn, actor.establishment, charter).await?;
    version.ok_or(Refusal::NotFound { what: Thing::Charter }.into())
}
