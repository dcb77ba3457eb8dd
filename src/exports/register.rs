//! The columns of the register: one table for every format, and the choices a school makes of it.

use super::cells::Cell;
use chrono::{DateTime, Utc};
use chrono_tz::Europe::Paris;
use domain::entitlement::Public;
use domain::register::RegisterRow;
use std::borrow::Cow;

/// A column: its heading, its width in characters, and its cell of a loan.
pub struct Column {
    /// Stable: presets name columns by it.
    pub key: &'static str,
    pub heading: &'static str,
    pub width: f64,
    pub cell: for<'a> fn(&'a RegisterRow) -> Cell<'a>,
}

const fn column(
    key: &'static str,
    heading: &'static str,
    width: f64,
    cell: for<'a> fn(&'a RegisterRow) -> Cell<'a>,
) -> Column {
    Column { key, heading, width, cell }
}

/// What the Région's register wants to know of a loan.
pub const COLUMNS: [Column; 41] = [
    column("uai", "UAI", 10.0, |row| text(&row.uai)),
    column("school", "Établissement", 28.0, |row| text(&row.school)),
    column("eleve_id", "Identifiant élève", 16.0, |row| text(&row.eleve_id)),
    column("last_name", "Nom", 20.0, |row| text(&row.last_name)),
    column("first_name", "Prénom", 16.0, |row| text(&row.first_name)),
    column("birth_date", "Date de naissance", 12.0, |row| row.birth_date.map_or(Cell::Empty, Cell::Date)),
    column("class", "Division", 10.0, |row| optional(row.class_code.as_deref())),
    column("mef", "MEF", 13.0, |row| optional(row.mef.as_deref())),
    column("public", "Public", 14.0, |row| text(Public::of_mef(row.mef.as_deref().unwrap_or("")).label())),
    column("serial", "N° de série", 18.0, |row| text(&row.serial)),
    column("part_number", "Référence", 16.0, |row| text(&row.part_number)),
    column("model", "Modèle", 28.0, |row| text(&row.model)),
    column("delivery_note", "N° BL", 14.0, |row| optional(row.delivery_note.as_deref())),
    column("lot", "Lot", 10.0, |row| optional(row.lot.as_deref())),
    column("handed_on", "Date de remise", 12.0, |row| day(row.opened_at)),
    column("handed_at", "Heure de remise", 9.0, |row| Cell::Time(row.opened_at.with_timezone(&Paris).time())),
    column("operator", "Agent", 18.0, |row| text(&row.operator)),
    column("station", "Poste", 14.0, |row| text(&row.station)),
    column("kit", "Accessoires", 24.0, |row| Cell::Text(Cow::Owned(row.kit.join(", ")))),
    column("charter", "Charte signée", 14.0, charter),
    column("charter_on", "Date de charte", 12.0, |row| row.charter_at.map_or(Cell::Empty, day)),
    column("signatory", "Signataire", 20.0, |row| optional(row.signatory.as_deref())),
    column("override_reason", "Motif de dérogation", 24.0, |row| optional(row.override_reason.as_deref())),
    column("kind", "Nature", 10.0, |row| text(row.kind_word())),
    column("state", "État", 10.0, |row| text(row.state_word())),
    column("incident", "Incident", 10.0, |row| optional(row.incident_word())),
    column("incident_on", "Date d'incident", 12.0, |row| row.incident_moment().map_or(Cell::Empty, day)),
    column("closed_on", "Date de fin", 12.0, |row| row.closed_at.map_or(Cell::Empty, day)),
    column("close_reason", "Motif de fin ou n° de plainte", 28.0, |row| {
        optional(row.close_reason.as_deref())
    }),
    column("purpose", "Motif du prêt", 14.0, |row| optional(row.purpose_word())),
    column("due_on", "Échéance", 12.0, |row| row.due_on.map_or(Cell::Empty, Cell::Date)),
    column("replaces", "Remplace", 18.0, |row| optional(row.replaces.as_deref())),
    column("complaint", "N° de plainte", 16.0, |row| optional(row.complaint_number.as_deref())),
    column("incident_what", "Description du sinistre", 30.0, |row| {
        optional(row.incident_description.as_deref())
    }),
    column("grant", "FUP", 10.0, |row| optional(row.grant_word())),
    column("grant_year", "Année FUP", 8.0, |row| {
        row.grant
            .as_ref()
            .and_then(|grant| grant.budget_year)
            .map_or(Cell::Empty, |year| Cell::Count(year.into()))
    }),
    column("grant_amount", "Montant FUP", 10.0, |row| {
        row.grant.as_ref().and_then(|grant| grant.amount).map_or(Cell::Empty, Cell::Cents)
    }),
    column("repairs", "Réparations", 8.0, |row| row.repairs.map_or(Cell::Empty, Cell::Count)),
    column("repair_outcome", "Issue de réparation", 14.0, |row| optional(row.repair_word())),
    column("repair_cost", "Coût des réparations", 10.0, |row| {
        row.repair_cost.map_or(Cell::Empty, Cell::Cents)
    }),
    column("transferred_on", "Date de cession", 12.0, |row| row.transferred_at().map_or(Cell::Empty, day)),
];

/// Columns in an order, under headings of somebody's choice.
pub struct Layout(Vec<(&'static Column, String)>);

impl Default for Layout {
    /// Every column, as the programme words them.
    fn default() -> Self {
        Self(COLUMNS.iter().map(|column| (column, column.heading.to_owned())).collect())
    }
}

impl Layout {
    /// The columns of those keys; the first key that names none is answered instead.
    pub fn of(chosen: &[(String, String)]) -> Result<Self, String> {
        chosen
            .iter()
            .map(|(key, heading)| {
                let column = COLUMNS.iter().find(|column| column.key == *key).ok_or_else(|| key.clone())?;
                Ok((column, heading.clone()))
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Headings and their widths.
    pub fn headings(&self) -> impl Iterator<Item = (&str, f64)> {
        self.0.iter().map(|(column, heading)| (heading.as_str(), column.width))
    }

    pub fn cells<'a>(&'a self, row: &'a RegisterRow) -> impl Iterator<Item = Cell<'a>> {
        self.0.iter().map(|(column, _)| (column.cell)(row))
    }
}

/// A proposal for the ENT's module Gesmat, whose layout is not public: the school compares it with
/// what its module shows, and changes words and order.
pub const GESMAT: [(&str, &str); 16] = [
    ("uai", "RNE"),
    ("last_name", "Nom"),
    ("first_name", "Prénom"),
    ("birth_date", "Date de naissance"),
    ("class", "Classe"),
    ("serial", "Numéro de série"),
    ("part_number", "Référence constructeur"),
    ("model", "Modèle"),
    ("kind", "Type de mise à disposition"),
    ("state", "Statut"),
    ("handed_on", "Date de début"),
    ("due_on", "Date de fin prévue"),
    ("closed_on", "Date de fin"),
    ("charter", "Charte"),
    ("incident", "Sinistre"),
    ("replaces", "Matériel remplacé"),
];

fn text(text: &str) -> Cell<'_> {
    Cell::Text(Cow::Borrowed(text))
}

fn optional(text: Option<&str>) -> Cell<'_> {
    text.map_or(Cell::Empty, |text| Cell::Text(Cow::Borrowed(text)))
}

fn day<'a>(at: DateTime<Utc>) -> Cell<'a> {
    Cell::Date(at.with_timezone(&Paris).date_naive())
}

fn charter(row: &RegisterRow) -> Cell<'_> {
    Cell::Text(match row.copies_shown {
        Some(2) => Cow::Borrowed("2 exemplaires"),
        Some(shown) => Cow::Owned(format!("{shown} exemplaire")),
        None => Cow::Borrowed("non"),
    })
}
