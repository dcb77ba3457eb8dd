//! Children of `ELEVE` that the loan needs, and no other.

use crate::pupil::{Columns, Texts};

pub const COLUMNS: Columns = Columns {
    eleve_id: "ELEVE_ID",
    needs_id: true,
    ine: "INE",
    last_name: "NOM_DE_FAMILLE",
    first_name: "PRENOM",
    birth_date: "DATE_NAISS",
    left_on: "DATE_SORTIE",
    mef: "CODE_MEF",
    class: "CODE_STRUCTURE",
    remedy: "Corrigez la fiche dans SIECLE.",
};

/// A child of `ELEVE` that the loan needs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Field {
    IdNational,
    IneRnie,
    IneBea,
    LastName,
    /// `NOM_USAGE`, since 2016.
    UsualName,
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
            "NOM_USAGE" => Field::UsualName,
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
    usual_name: String,
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
            Field::UsualName => &mut self.usual_name,
            Field::OldLastName => &mut self.old_last_name,
            Field::FirstName => &mut self.first_name,
            Field::BirthDate => &mut self.birth_date,
            Field::LeftOn => &mut self.left_on,
            Field::Mef => &mut self.mef,
        }
    }

    pub fn clear(&mut self) {
        let ids = [&mut self.eleve_id, &mut self.id_national, &mut self.ine_rnie, &mut self.ine_bea];
        let names =
            [&mut self.last_name, &mut self.usual_name, &mut self.old_last_name, &mut self.first_name];
        let others = [&mut self.birth_date, &mut self.left_on, &mut self.mef];
        ids.into_iter().chain(names).chain(others).for_each(String::clear);
    }

    pub fn texts(&self) -> Texts<'_> {
        Texts {
            eleve_id: &self.eleve_id,
            ine: first(&[&self.ine_rnie, &self.id_national, &self.ine_bea]),
            // The name of the civil register, by which EDT, the ENT and the GAR know a pupil too: it is
            // what finds the same pupil again. The usual one stands in only where it is alone.
            last_name: first(&[&self.last_name, &self.old_last_name, &self.usual_name]),
            first_name: &self.first_name,
            birth_date: &self.birth_date,
            left_on: &self.left_on,
            mef: &self.mef,
            class: "",
        }
    }
}

fn first<'a>(texts: &[&'a String]) -> &'a str {
    texts.iter().find(|text| !text.is_empty()).map_or("", |text| text.as_str())
}
