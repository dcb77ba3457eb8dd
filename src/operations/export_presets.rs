//! Columns of the register, chosen, ordered and worded by a school, kept under a name.

use super::{Actor, Failure, Invalid};
use crate::db::export_presets::{self, Preset, Saved};
use crate::db::journal::{self, Entry};
use crate::db::{Db, Scope};
use crate::exports::register::{COLUMNS, GESMAT, Layout};
use domain::ids::EstablishmentId;
use domain::refusal::{Refusal, Thing};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

const MOST_CHARS: usize = 80;

/// A column under a heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChosenColumn {
    pub key: String,
    pub heading: String,
}

/// A preset about to be written.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct PresetRequest {
    pub name: String,
    pub layout: Vec<ChosenColumn>,
    /// Offered first from now on.
    #[serde(default)]
    pub is_default: bool,
}

/// A preset, as the page offers it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PresetCard {
    /// Absent of a proposal: it is saved under a name of its own first.
    pub id: Option<Uuid>,
    pub name: String,
    pub layout: Vec<ChosenColumn>,
    pub is_default: bool,
}

/// Presets of the school, proposals, and every column there is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Presets {
    pub presets: Vec<PresetCard>,
    pub proposals: Vec<PresetCard>,
    pub columns: Vec<ChosenColumn>,
}

pub async fn list_presets(db: &Db, school: EstablishmentId) -> Result<Presets, Failure> {
    let presets = db
        .read(Scope::School(school), async |conn| Ok::<_, Failure>(export_presets::list(conn, school).await?))
        .await?;
    let chosen = |key: &str, heading: &str| ChosenColumn { key: key.into(), heading: heading.into() };
    Ok(Presets {
        presets: presets.iter().map(card).collect(),
        proposals: vec![PresetCard {
            id: None,
            name: "Gesmat (à adapter)".into(),
            layout: GESMAT.iter().map(|(key, heading)| chosen(key, heading)).collect(),
            is_default: false,
        }],
        columns: COLUMNS.iter().map(|column| chosen(column.key, column.heading)).collect(),
    })
}

/// Writes a preset: a new one, or the one of `id`.
pub async fn save_preset(
    db: &Db,
    actor: &Actor,
    id: Option<Uuid>,
    asked: &PresetRequest,
) -> Result<PresetCard, Failure> {
    let name = asked.name.trim();
    check(name, asked)?;
    let school = actor.establishment;
    let layout = serde_json::to_value(&asked.layout).map_err(super::export_register::fault)?;
    let saved = Saved {
        id: id.unwrap_or_else(Uuid::now_v7),
        name,
        layout: &layout,
        is_default: asked.is_default,
        by: actor.operator.0,
    };
    db.transaction(Scope::School(school), async |conn| {
        if let Some(id) = id {
            let known = export_presets::list(conn, school).await?;
            known.iter().find(|preset| preset.id == id).ok_or(Refusal::NotFound { what: Thing::Preset })?;
        }
        if !export_presets::save(conn, school, &saved).await? {
            return Err(Failure::Refusal(Refusal::PresetNameTaken { name: name.to_owned() }));
        }
        journal::append(conn, &entry(actor, "save_preset", saved.id)).await?;
        Ok::<_, Failure>(())
    })
    .await?;
    let layout = asked.layout.clone();
    Ok(PresetCard { id: Some(saved.id), name: name.to_owned(), layout, is_default: asked.is_default })
}

pub async fn remove_preset(db: &Db, actor: &Actor, id: Uuid) -> Result<(), Failure> {
    let school = actor.establishment;
    db.transaction(Scope::School(school), async |conn| {
        if !export_presets::remove(conn, school, id).await? {
            return Err(Failure::Refusal(Refusal::NotFound { what: Thing::Preset }));
        }
        journal::append(conn, &entry(actor, "remove_preset", id)).await?;
        Ok(())
    })
    .await
}

/// The columns of a preset of the school; every column without one.
pub async fn layout(db: &Db, school: EstablishmentId, preset: Option<Uuid>) -> Result<Layout, Failure> {
    let Some(id) = preset else { return Ok(Layout::default()) };
    let presets = db
        .read(Scope::School(school), async |conn| Ok::<_, Failure>(export_presets::list(conn, school).await?))
        .await?;
    let preset = presets.iter().find(|preset| preset.id == id);
    let preset = preset.ok_or(Refusal::NotFound { what: Thing::Preset })?;
    layout_of(&columns(preset))
}

fn layout_of(columns: &[ChosenColumn]) -> Result<Layout, Failure> {
    let chosen: Vec<_> = columns.iter().map(|column| (column.key.clone(), column.heading.clone())).collect();
    Layout::of(&chosen).map_err(|key| {
        invalid(format!("La colonne « {key} » n'existe pas."), "Reprenez le choix des colonnes.")
    })
}

fn check(name: &str, asked: &PresetRequest) -> Result<(), Failure> {
    let long = |text: &str| text.chars().count() > MOST_CHARS;
    if name.is_empty() || long(name) {
        return Err(invalid(
            "Le nom du modèle est vide ou trop long.".into(),
            "Donnez un nom de 80 caractères au plus.",
        ));
    }
    if asked.layout.is_empty() || asked.layout.len() > 2 * COLUMNS.len() {
        return Err(invalid("Aucune colonne n'est choisie.".into(), "Choisissez au moins une colonne."));
    }
    if asked.layout.iter().any(|column| column.heading.trim().is_empty() || long(&column.heading)) {
        return Err(invalid(
            "Un titre de colonne est vide ou trop long.".into(),
            "Donnez un titre de 80 caractères au plus à chaque colonne.",
        ));
    }
    layout_of(&asked.layout).map(drop)
}

fn invalid(detail: String, remedy: &str) -> Failure {
    Failure::Invalid(Invalid {
        code: "preset_implausible",
        title: "Modèle d'export refusé".into(),
        detail,
        remedy: remedy.into(),
    })
}

fn entry(actor: &Actor, action: &'static str, preset: Uuid) -> Entry<'static> {
    Entry {
        establishment_id: actor.establishment.0,
        operator_id: Some(actor.operator.0),
        station_id: actor.station.map(|station| station.0),
        action,
        student_id: None,
        device_id: None,
        loan_id: None,
        desk_at: None,
        details: json!({ "preset_id": preset }),
    }
}

fn card(preset: &Preset) -> PresetCard {
    PresetCard {
        id: Some(preset.id),
        name: preset.name.clone(),
        layout: columns(preset),
        is_default: preset.is_default,
    }
}

fn columns(preset: &Preset) -> Vec<ChosenColumn> {
    let value: Value = preset.layout.clone();
    serde_json::from_value(value).unwrap_or_default()
}
