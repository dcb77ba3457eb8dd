//! One pupil of the list: what the loan needs and nothing else, and every fault in it.

use crate::note;
use chrono::{Datelike, NaiveDate};
use domain::identifiers::ine_shape;
use domain::issues::{ImportIssue, Severity};
use domain::rows::StudentRow;

/// Characters of a name.
const MOST_NAME: usize = 100;
/// Characters of a code: `ELEVE_ID`, INE, MEF, class.
const MOST_CODE: usize = 40;

/// A child of `ELEVE` that the loan needs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Field {
    IdNational,
    IneRnie,
    IneBea,
    LastName,
    /// `NOM`, before 2016.
    OldLastName,
    FirstName,
    BirthDate,
    LeftOn,
    Mef,
}

impl Field {
    pub fn of(name: &str) -> Option<Self> {
        Some(match name {
            "ID_NATIONAL" => Field::IdNational,
            "INE_RNIE" => Field::IneRnie,
            "INE_BEA" => Field::IneBea,
            "NOM_DE_FAMILLE" => Field::LastName,
            "NOM" => Field::OldLastName,
            "PRENOM" => Field::FirstName,
            "DATE_NAISS" => Field::BirthDate,
            "DATE_SORTIE" => Field::LeftOn,
            "CODE_MEF" => Field::Mef,
            _ => return None,
        })
    }
}

/// The texts of a pupil, empty when the file says nothing.
#[derive(Default)]
pub struct Fields {
    pub eleve_id: String,
    id_national: String,
    ine_rnie: String,
    ine_bea: String,
    last_name: String,
    old_last_name: String,
    first_name: String,
    birth_date: String,
    left_on: String,
    mef: String,
}

impl Fields {
    pub fn at(&mut self, field: Field) -> &mut String {
        match field {
            Field::IdNational => &mut self.id_national,
            Field::IneRnie => &mut self.ine_rnie,
            Field::IneBea => &mut self.ine_bea,
            Field::LastName => &mut self.last_name,
            Field::OldLastName => &mut self.old_last_name,
            Field::FirstName => &mut self.first_name,
            Field::BirthDate => &mut self.birth_date,
            Field::LeftOn => &mut self.left_on,
            Field::Mef => &mut self.mef,
        }
    }

    pub fn clear(&mut self) {
        self.eleve_id.clear();
        for text in [&mut self.id_national, &mut self.ine_rnie, &mut self.ine_bea, &mut self.last_name] {
            text.clear();
        }
        for text in [&mut self.old_last_name, &mut self.first_name, &mut self.birth_date, &mut self.left_on] {
            text.clear();
        }
        self.mef.clear();
    }

    fn last_name(&self) -> &str {
        if self.last_name.is_empty() { &self.old_last_name } else { &self.last_name }
    }

    fn ine(&self) -> Option<&str> {
        [&self.ine_rnie, &self.id_national, &self.ine_bea]
            .into_iter()
            .find(|ine| !ine.is_empty())
            .map(String::as_str)
    }
}

/// A code of SIECLE: short, without control characters.
pub fn is_code(text: &str) -> bool {
    is_text(text, MOST_CODE)
}

fn is_text(text: &str, most: usize) -> bool {
    text.chars().nth(most).is_none() && !text.contains(char::is_control)
}

/// The pupil, or `None` when a fault keeps it out; the faults go to `issues`.
pub fn check(row: u32, fields: &Fields, issues: &mut Vec<ImportIssue>) -> Option<StudentRow> {
    if let Some(fault) = fault(row, fields) {
        issues.push(fault);
        return None;
    }
    let ine = fields.ine().map(str::to_owned);
    if let Some(ine) = ine.as_deref()
        && ine_shape(ine).is_none()
    {
        let message = "La forme de cet INE est inconnue ; il est gardé tel quel.";
        issues.push(note(
            Severity::Warning,
            Some(row),
            "INE",
            "ine_shape",
            ine,
            "un INE de 11 caractères",
            message.into(),
        ));
    }
    let mef = Some(fields.mef.clone()).filter(|mef| !mef.is_empty());
    Some(StudentRow {
        row,
        eleve_id: Some(fields.eleve_id.clone()),
        ine,
        last_name: fields.last_name().to_owned(),
        first_name: fields.first_name.clone(),
        birth_date: date(row, "DATE_NAISS", &fields.birth_date, issues),
        class: None,
        mef,
        left_on: date(row, "DATE_SORTIE", &fields.left_on, issues),
        removed: false,
    })
}

/// The first fault that keeps the pupil out.
fn fault(row: u32, fields: &Fields) -> Option<ImportIssue> {
    let needed = [
        ("ELEVE_ID", fields.eleve_id.as_str(), MOST_CODE),
        ("NOM_DE_FAMILLE", fields.last_name(), MOST_NAME),
        ("PRENOM", &fields.first_name, MOST_NAME),
    ];
    let missing = needed.iter().find(|(_, text, _)| text.is_empty()).map(|(column, ..)| {
        let message = format!("{column} manque : l'élève est laissé de côté. Corrigez la fiche dans SIECLE.");
        note(Severity::Error, Some(row), column, "missing", "", "une valeur", message)
    });
    let optional =
        [("INE", fields.ine().unwrap_or(""), MOST_CODE), ("CODE_MEF", fields.mef.as_str(), MOST_CODE)];
    missing.or_else(|| {
        let (column, text, most) =
            needed.into_iter().chain(optional).find(|(_, text, most)| !is_text(text, *most))?;
        let read: String = text.chars().filter(|c| !c.is_control()).take(60).collect();
        let message =
            format!("{column} est illisible : l'élève est laissé de côté. Corrigez la fiche dans SIECLE.");
        let expected = format!("un texte lisible de {most} caractères au plus");
        Some(note(Severity::Error, Some(row), column, "malformed_text", &read, &expected, message))
    })
}

fn date(row: u32, column: &str, text: &str, issues: &mut Vec<ImportIssue>) -> Option<NaiveDate> {
    if text.is_empty() {
        return None;
    }
    let date = NaiveDate::parse_from_str(text, "%d/%m/%Y").ok().filter(|d| (1900..=2100).contains(&d.year()));
    if date.is_none() {
        let read: String = text.chars().filter(|c| !c.is_control()).take(60).collect();
        let message = format!("{column} n'est pas une date : elle est laissée vide.");
        issues.push(note(Severity::Warning, Some(row), column, "not_a_date", &read, "jj/mm/aaaa", message));
    }
    date
}
