//! The columns of the register, in order: one table for every format.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Europe::Paris;
use domain::entitlement::Public;
use domain::register::RegisterRow;
use std::borrow::Cow;

/// What a cell holds. Dates and times are those of the French wall clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell<'a> {
    Empty,
    Text(Cow<'a, str>),
    Date(NaiveDate),
    Time(NaiveTime),
}

/// A column: its heading, its width in characters, and its cell of a loan.
pub struct Column {
    pub heading: &'static str,
    pub width: f64,
    pub cell: for<'a> fn(&'a RegisterRow) -> Cell<'a>,
}

const fn column(heading: &'static str, width: f64, cell: for<'a> fn(&'a RegisterRow) -> Cell<'a>) -> Column {
    Column { heading, width, cell }
}

/// What the Région's register wants to know of a loan.
pub const COLUMNS: [Column; 29] = [
    column("UAI", 10.0, |row| text(&row.uai)),
    column("Établissement", 28.0, |row| text(&row.school)),
    column("Identifiant élève", 16.0, |row| text(&row.eleve_id)),
    column("Nom", 20.0, |row| text(&row.last_name)),
    column("Prénom", 16.0, |row| text(&row.first_name)),
    column("Date de naissance", 12.0, |row| row.birth_date.map_or(Cell::Empty, Cell::Date)),
    column("Division", 10.0, |row| optional(row.class_code.as_deref())),
    column("MEF", 13.0, |row| optional(row.mef.as_deref())),
    column("Public", 14.0, |row| text(Public::of_mef(row.mef.as_deref().unwrap_or("")).label())),
    column("N° de série", 18.0, |row| text(&row.serial)),
    column("Référence", 16.0, |row| text(&row.part_number)),
    column("Modèle", 28.0, |row| text(&row.model)),
    column("N° BL", 14.0, |row| optional(row.delivery_note.as_deref())),
    column("Lot", 10.0, |row| optional(row.lot.as_deref())),
    column("Date de remise", 12.0, |row| day(row.opened_at)),
    column("Heure de remise", 9.0, |row| Cell::Time(row.opened_at.with_timezone(&Paris).time())),
    column("Agent", 18.0, |row| text(&row.operator)),
    column("Poste", 14.0, |row| text(&row.station)),
    column("Accessoires", 24.0, |row| Cell::Text(Cow::Owned(row.kit.join(", ")))),
    column("Charte signée", 14.0, charter),
    column("Date de charte", 12.0, |row| row.charter_at.map_or(Cell::Empty, day)),
    column("Signataire", 20.0, |row| optional(row.signatory.as_deref())),
    column("Motif de dérogation", 24.0, |row| optional(row.override_reason.as_deref())),
    column("Nature", 10.0, |row| text(row.kind_word())),
    column("État", 10.0, |row| text(row.state_word())),
    column("Incident", 10.0, |row| optional(row.incident_word())),
    column("Date d'incident", 12.0, |row| match row.incident_word() {
        Some(_) => row.closed_at.map_or(Cell::Empty, day),
        None => Cell::Empty,
    }),
    column("Date de fin", 12.0, |row| row.closed_at.map_or(Cell::Empty, day)),
    column("Motif de fin ou n° de plainte", 28.0, |row| optional(row.close_reason.as_deref())),
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
