//! What every export of SIECLE says of itself first.

use crate::xml::Record;
use crate::{Head, Item, Refused, fields, school};
use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};
use domain::identifiers::Uai;

/// `PARAMETRES`, as texts.
#[derive(Debug, Default)]
pub struct Parameters {
    /// `UAJ`.
    pub uai: String,
    /// `ANNEE_SCOLAIRE`, the starting year.
    pub school_year: String,
    /// `HORODATAGE`, `dd/mm/yyyy HH:MM:SS`.
    pub exported_at: String,
    /// `DATE_EXPORT`, `dd/mm/yyyy`.
    pub exported_on: String,
}

impl Parameters {
    /// Of the record `PARAMETRES`.
    pub fn of(record: &Record) -> Self {
        Self {
            uai: record.text("UAJ").to_owned(),
            school_year: record.text("ANNEE_SCOLAIRE").to_owned(),
            exported_at: record.text("HORODATAGE").to_owned(),
            exported_on: record.text("DATE_EXPORT").to_owned(),
        }
    }

    /// Refuses another school's file; a wrong letter of the UAI is an issue.
    pub fn check_school(&self, expected: &Uai) -> Result<Option<Item>, Refused> {
        school::check(&self.uai, expected, "UAJ")
    }

    /// The day on which ages are judged: that of the export, else the first of the school year.
    pub fn day(&self) -> Option<NaiveDate> {
        let exported_on = self.exported_at().map(|at| at.date());
        exported_on.or_else(|| NaiveDate::from_ymd_opt(school::starting_year(&self.school_year)?, 9, 1))
    }

    /// What they say, once the file is read; its rows are counted elsewhere.
    pub fn head(&self) -> Result<Head, Refused> {
        let school_year = school::starting_year(&self.school_year).ok_or_else(|| {
            school::year_missing(&self.school_year, "Exportez de nouveau le fichier depuis SIECLE.")
        })?;
        Ok(Head {
            establishment: Some(self.uai.trim().to_ascii_uppercase()),
            school_year: Some(school_year),
            exported_at: self.exported_at(),
            complete: true,
            ..Head::default()
        })
    }

    fn exported_at(&self) -> Option<NaiveDateTime> {
        let at = NaiveDateTime::parse_from_str(&self.exported_at, "%d/%m/%Y %H:%M:%S").ok();
        at.filter(|at| (2000..=2100).contains(&at.year()))
            .or_else(|| Some(fields::day(&self.exported_on)?.and_time(NaiveTime::MIN)))
    }
}
