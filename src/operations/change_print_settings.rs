//! What a school puts on its papers: its own words, its logo, the sheets and the paper it has.

use super::print_receipt::specimen;
use super::{Actor, Failure, Invalid};
use crate::db::journal::{self, Entry};
use crate::db::print_settings::{self, ChangedSettings, PaperSettings};
use crate::db::{Db, Fault, Scope};
use crate::printing::document::Size;
use crate::printing::grids::{GRIDS, Grid, Holds};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use diesel_async::AsyncPgConnection;
use image::{ImageFormat, ImageReader, Limits};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::io::Cursor;
use utoipa::ToSchema;
use uuid::Uuid;

/// A logo is drawn a few centimetres wide; the database holds no larger one.
pub const MOST_LOGO_BYTES: usize = 512 * 1024;
const MOST_LOGO_SIDE: u32 = 4_000;
/// A receipt on A6 holds so much beside what it must say.
const MOST_CHARS: usize = 400;

/// What a school may change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SettingsRequest {
    /// Below the school's name: address, telephone.
    #[serde(default)]
    pub header: String,
    #[serde(default)]
    pub footer: String,
    /// Above the signatures of a receipt.
    #[serde(default)]
    pub receipt_text: String,
    /// A code of the list; empty for plain A4.
    #[serde(default)]
    pub label_sheet: String,
    /// `A4` or `A6`.
    pub receipt_size: String,
}

/// The settings and what there is to choose.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PrintSettings {
    pub header: String,
    pub footer: String,
    pub receipt_text: String,
    pub label_sheet: String,
    pub receipt_size: String,
    /// As a `data:` address.
    pub logo: Option<String>,
    pub sheets: Vec<SheetChoice>,
}

/// A kind of sheet or roll.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SheetChoice {
    pub code: String,
    /// French.
    pub name: String,
    /// `labels` or `badges`.
    pub holds: String,
    pub per_page: usize,
}

pub async fn show_print_settings(db: &Db, actor: &Actor) -> Result<PrintSettings, Failure> {
    let school = actor.establishment;
    let read =
        async |conn: &mut AsyncPgConnection| Ok::<_, Failure>(print_settings::of_school(conn, school).await?);
    Ok(shown(&db.read(Scope::School(school), read).await?))
}

/// The same settings again change nothing and are not told in the journal.
pub async fn change_print_settings(
    db: &Db,
    actor: &Actor,
    asked: &SettingsRequest,
) -> Result<PrintSettings, Failure> {
    let asked = checked(asked)?;
    let school = actor.establishment;
    db.transaction(Scope::School(school), async |conn| {
        let before = request_of(&print_settings::of_school(conn, school).await?);
        if before != asked {
            let changed = ChangedSettings {
                header: &asked.header,
                footer: &asked.footer,
                receipt_text: &asked.receipt_text,
                label_sheet: &asked.label_sheet,
                receipt_size: &asked.receipt_size,
            };
            print_settings::change(conn, school, actor.operator.0, &changed).await?;
            let details = json!({ "label_sheet": asked.label_sheet, "receipt_size": asked.receipt_size });
            tell(conn, actor, details).await?;
        }
        Ok::<_, Failure>(shown(&print_settings::of_school(conn, school).await?))
    })
    .await
}

/// Puts a logo on the papers; with no bytes takes it away.
pub async fn change_logo(db: &Db, actor: &Actor, bytes: Option<Vec<u8>>) -> Result<PrintSettings, Failure> {
    let school = actor.establishment;
    let logo = match bytes {
        None => None,
        Some(bytes) => {
            let looked_at = tokio::task::spawn_blocking(move || media_type(&bytes).map(|kind| (bytes, kind)));
            let looked_at = looked_at.await.map_err(|e| Fault::Other(e.to_string()))?;
            Some(looked_at.map_err(Failure::Invalid)?)
        }
    };
    db.transaction(Scope::School(school), async |conn| {
        let given = logo.as_ref().map(|(bytes, kind)| (bytes.as_slice(), *kind));
        print_settings::change_logo(conn, school, actor.operator.0, given).await?;
        tell(conn, actor, json!({ "logo": given.is_some() })).await?;
        Ok::<_, Failure>(shown(&print_settings::of_school(conn, school).await?))
    })
    .await
}

/// A receipt as it would look with these settings, which are not kept.
pub async fn preview(db: &Db, actor: &Actor, asked: &SettingsRequest) -> Result<String, Failure> {
    let asked = checked(asked)?;
    let school = actor.establishment;
    let read =
        async |conn: &mut AsyncPgConnection| Ok::<_, Failure>(print_settings::of_school(conn, school).await?);
    let kept = db.read(Scope::School(school), read).await?;
    Ok(specimen(&PaperSettings {
        header: asked.header,
        footer: asked.footer,
        receipt_text: asked.receipt_text,
        receipt_size: asked.receipt_size,
        ..kept
    }))
}

async fn tell(conn: &mut AsyncPgConnection, actor: &Actor, details: Value) -> Result<(), Failure> {
    let entry = Entry {
        establishment_id: actor.establishment.0,
        operator_id: Some(actor.operator.0),
        station_id: actor.station.map(Uuid::from),
        action: "change_print_settings",
        student_id: None,
        device_id: None,
        loan_id: None,
        desk_at: None,
        details,
    };
    Ok(journal::append(conn, &entry).await?)
}

fn request_of(settings: &PaperSettings) -> SettingsRequest {
    SettingsRequest {
        header: settings.header.clone(),
        footer: settings.footer.clone(),
        receipt_text: settings.receipt_text.clone(),
        label_sheet: settings.label_sheet.clone(),
        receipt_size: settings.receipt_size.clone(),
    }
}

fn shown(settings: &PaperSettings) -> PrintSettings {
    let logo = settings.logo.as_ref().zip(settings.logo_type.as_ref());
    PrintSettings {
        header: settings.header.clone(),
        footer: settings.footer.clone(),
        receipt_text: settings.receipt_text.clone(),
        label_sheet: settings.label_sheet.clone(),
        receipt_size: settings.receipt_size.clone(),
        logo: logo.map(|(bytes, kind)| format!("data:{kind};base64,{}", STANDARD.encode(bytes))),
        sheets: GRIDS.iter().map(choice).collect(),
    }
}

fn choice(grid: &Grid) -> SheetChoice {
    SheetChoice {
        code: grid.code.to_owned(),
        name: grid.name.to_owned(),
        holds: if grid.holds == Holds::Labels { "labels" } else { "badges" }.to_owned(),
        per_page: grid.per_page(),
    }
}

fn checked(asked: &SettingsRequest) -> Result<SettingsRequest, Failure> {
    let mut kept = asked.clone();
    for text in [&mut kept.header, &mut kept.footer, &mut kept.receipt_text] {
        *text = text.replace('\r', "").trim().to_owned();
    }
    let long = [&kept.header, &kept.footer, &kept.receipt_text]
        .into_iter()
        .any(|text| text.chars().count() > MOST_CHARS || text.lines().count() > 6);
    let sheet = kept.label_sheet.is_empty() || Grid::parse(&kept.label_sheet, Holds::Labels).is_some();
    if long || !sheet || Size::parse(&kept.receipt_size).is_none() {
        return Err(Failure::Invalid(Invalid {
            code: "print_settings_implausible",
            title: "Réglages impossibles".into(),
            detail: format!(
                "Chaque texte a {MOST_CHARS} caractères et six lignes au plus, la planche est de la liste, et un reçu est en A4 ou en A6."
            ),
            remedy: "Raccourcissez le texte ou choisissez dans la liste.".into(),
        }));
    }
    Ok(kept)
}

/// What the picture is, after it was decoded whole: a paper must not come out without it.
fn media_type(bytes: &[u8]) -> Result<&'static str, Invalid> {
    let not_a_logo = || Invalid {
        code: "logo_unreadable",
        title: "Logo illisible".into(),
        detail: "Le fichier n'est pas une image PNG ou JPEG de 4 000 pixels de côté et 512 Kio au plus."
            .into(),
        remedy: "Enregistrez le logo en PNG, plus petit, puis recommencez.".into(),
    };
    if bytes.is_empty() || bytes.len() > MOST_LOGO_BYTES {
        return Err(not_a_logo());
    }
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| not_a_logo())?;
    let kind = match reader.format() {
        Some(ImageFormat::Png) => "image/png",
        Some(ImageFormat::Jpeg) => "image/jpeg",
        _ => return Err(not_a_logo()),
    };
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_LOGO_SIDE);
    limits.max_image_height = Some(MOST_LOGO_SIDE);
    limits.max_alloc = Some(128 * 1024 * 1024);
    reader.limits(limits);
    reader.decode().map_err(|_| not_a_logo())?;
    Ok(kind)
}
