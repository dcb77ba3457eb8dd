//! What scanned texts mean to this school: the list of what it knows is the arbiter (rule 3).

use super::{Actor, Failure};
use crate::db::cards::{self, DeviceCard, StudentCard};
use crate::db::schema::{badges, charter_sheets, device_models, devices};
use crate::db::{Db, Scope};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::identifiers::CharterCode;
use domain::ids::EstablishmentId;
use scanning::labels::{Label, classify};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What one text means.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Resolution {
    pub text: String,
    /// `known`, `unknown`, `not_ours` or `ambiguous`.
    pub standing: &'static str,
    /// `student`, `device`, `charter`, `part_number`, `mac` or `other`.
    pub meaning: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub student: Option<StudentCard>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceCard>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charter: Option<CharterScan>,
}

/// A signed copy, as its barcode names it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CharterScan {
    pub student_id: Uuid,
    /// 1 or 2.
    pub copy: u8,
    pub student: StudentCard,
    /// Whether it is the current campaign's version.
    pub current: bool,
}

impl Resolution {
    fn plain(text: &str, standing: &'static str, meaning: &'static str) -> Self {
        Self { text: text.to_owned(), standing, meaning, student: None, device: None, charter: None }
    }
}

/// More texts than this are no camera frame.
pub const MOST_CODES: usize = 64;

/// Resolves texts in their order. Reads only.
pub async fn resolve_scans(db: &Db, actor: &Actor, texts: &[String]) -> Result<Vec<Resolution>, Failure> {
    let school = actor.establishment;
    db.read(Scope::School(school), async |conn| {
        let mut resolutions = Vec::with_capacity(texts.len().min(MOST_CODES));
        for text in texts.iter().take(MOST_CODES) {
            resolutions.push(one(conn, school, text).await?);
        }
        Ok(resolutions)
    })
    .await
}

async fn one(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    text: &str,
) -> Result<Resolution, Failure> {
    let text = text.trim();
    if let Some(code) = CharterCode::parse(text) {
        return charter(conn, school, text, &code).await;
    }
    let label = classify(text);
    let student = badge_holder(conn, school, text).await?;
    let mut found = cards::devices_by_serial(conn, school, &label.serials).await?;
    let device = found.pop();
    Ok(match (student, device) {
        // The same text as badge and as serial, or one text that reads as two laptops: a question, never a guess.
        (Some(_), Some(_)) => Resolution::plain(text, "ambiguous", "other"),
        (None, Some(_)) if !found.is_empty() => Resolution::plain(text, "ambiguous", "device"),
        (Some(student), None) => {
            Resolution { student: Some(student), ..Resolution::plain(text, "known", "student") }
        }
        (None, Some(device)) => {
            Resolution { device: Some(device), ..Resolution::plain(text, "known", "device") }
        }
        (None, None) => unknown(conn, school, text, &label).await?,
    })
}

async fn charter(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    text: &str,
    code: &CharterCode,
) -> Result<Resolution, Failure> {
    let row: Option<(Uuid, bool)> = charter_sheets::table
        .filter(charter_sheets::establishment_id.eq(school.0))
        .filter(charter_sheets::code.eq(&code.sheet))
        .select((
            charter_sheets::student_id,
            diesel::dsl::sql::<diesel::sql_types::Bool>(
                "EXISTS (SELECT 1 FROM campaigns k WHERE k.is_current AND k.charter_id = charter_sheets.charter_id)",
            ),
        ))
        .first(conn)
        .await
        .optional()?;
    let Some((student_id, current)) = row else { return Ok(Resolution::plain(text, "unknown", "charter")) };
    let Some(student) = cards::student(conn, school, student_id).await? else {
        return Ok(Resolution::plain(text, "unknown", "charter"));
    };
    Ok(Resolution {
        charter: Some(CharterScan { student_id, copy: code.copy, student, current }),
        ..Resolution::plain(text, "known", "charter")
    })
}

async fn badge_holder(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    text: &str,
) -> Result<Option<StudentCard>, Failure> {
    let holder: Option<Uuid> = badges::table
        .filter(badges::establishment_id.eq(school.0))
        .filter(badges::code.eq(text))
        .filter(badges::forgotten_at.is_null())
        .select(badges::student_id)
        .first(conn)
        .await
        .optional()?;
    match holder {
        Some(student) => Ok(cards::student(conn, school, student).await?),
        None => Ok(None),
    }
}

/// A part number, an address or a product code stands beside the serial number on
/// every label: it is not ours to know. The rest could be a badge or a laptop nobody told us of.
async fn unknown(
    conn: &mut AsyncPgConnection,
    school: EstablishmentId,
    text: &str,
    label: &Label,
) -> Result<Resolution, Failure> {
    let upper = text.to_ascii_uppercase();
    let part = device_models::table
        .filter(device_models::establishment_id.eq(school.0))
        .filter(device_models::part_number.eq(&upper));
    if label.is_part_number || diesel::select(diesel::dsl::exists(part)).get_result(conn).await? {
        return Ok(Resolution::plain(text, "not_ours", "part_number"));
    }
    let address: String = upper.chars().filter(char::is_ascii_hexdigit).collect();
    let mac = devices::table
        .filter(devices::establishment_id.eq(school.0))
        .filter(devices::mac_address.eq_any([upper.clone(), colons(&address)]));
    if label.is_mac || diesel::select(diesel::dsl::exists(mac)).get_result(conn).await? {
        return Ok(Resolution::plain(text, "not_ours", "mac"));
    }
    let elsewhere = text.contains("://") || text.chars().any(char::is_control);
    Ok(Resolution::plain(text, if elsewhere { "not_ours" } else { "unknown" }, "other"))
}

/// `0200000000AB` as `02:00:00:00:00:AB`.
fn colons(digits: &str) -> String {
    digits
        .as_bytes()
        .chunks(2)
        .map(|pair| String::from_utf8_lossy(pair).into_owned())
        .collect::<Vec<_>>()
        .join(":")
}
