//! Rows that name a pupil or a laptop, embedded in those of many queries.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use domain::names::display_name;

/// A pupil: `s.last_name, s.first_name, c.code AS class_code`.
#[derive(Debug, Clone, QueryableByName)]
pub struct NamedPupil {
    #[diesel(sql_type = Text)]
    pub last_name: String,
    #[diesel(sql_type = Text)]
    pub first_name: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub class_code: Option<String>,
}

impl NamedPupil {
    pub fn name(&self) -> String {
        display_name(&self.first_name, &self.last_name)
    }
}

/// The same where there may be no pupil.
#[derive(Debug, Clone, QueryableByName)]
pub struct PerhapsNamedPupil {
    #[diesel(sql_type = Nullable<Text>)]
    last_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    first_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    class_code: Option<String>,
}

impl PerhapsNamedPupil {
    pub fn get(self) -> Option<NamedPupil> {
        let (last_name, first_name) = (self.last_name?, self.first_name?);
        Some(NamedPupil { last_name, first_name, class_code: self.class_code })
    }
}

/// A laptop: `d.serial_number AS serial, m.designation AS model`.
#[derive(Debug, Clone, QueryableByName)]
pub struct NamedLaptop {
    #[diesel(sql_type = Text)]
    pub serial: String,
    #[diesel(sql_type = Text)]
    pub model: String,
}
