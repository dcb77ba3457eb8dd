//! What every export of SIECLE says of itself first.

use crate::{Head, Refused};
use chrono::{Datelike, NaiveDateTime};
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
}

impl Parameters {
    pub fn check_school(&self, expected: &Uai) -> Result<(), Refused> {
        if self.uai == expected.as_str() { Ok(()) } else { Err(Refused::wrong_school(&self.uai, expected)) }
    }

    /// What they say, once the file is read; its rows are counted elsewhere.
    pub fn head(&self) -> Result<Head, Refused> {
        let year = self.school_year.parse().ok().filter(|year| (2000..=2100).contains(year));
        let school_year = year.ok_or_else(|| {
            let read: String = self.school_year.chars().take(20).collect();
            Refused::new(
                "school_year_missing",
                format!("L'année scolaire lue est « {read} » ; une année comme 2026 est attendue."),
                "Exportez de nouveau le fichier depuis SIECLE.",
            )
        })?;
        let exported_at = NaiveDateTime::parse_from_str(&self.exported_at, "%d/%m/%Y %H:%M:%S").ok();
        Ok(Head {
            establishment: Some(self.uai.clone()),
            school_year: Some(school_year),
            exported_at: exported_at.filter(|at| (2000..=2100).contains(&at.year())),
            complete: true,
            ..Head::default()
        })
    }
}
