//! The sheet that goes with an export, by another way: number, totals, hash, and how to check.

use chrono::{DateTime, Utc};
use chrono_tz::Europe::Paris;
use domain::register::Control;
use domain::words::{day, euros};
use std::fmt::Write;

/// What the sheet tells of an export.
pub struct Sheet<'a> {
    pub uai: &'a str,
    pub school: &'a str,
    pub number: i32,
    /// The number of the export that a delta follows.
    pub after: Option<i32>,
    pub file: &'a str,
    pub made_at: DateTime<Utc>,
    pub made_by: Option<&'a str>,
    pub control: &'a Control,
    /// Hexadecimal.
    pub sha256: &'a str,
}

/// Plain text, for an e-mail or a printer.
pub fn text(sheet: &Sheet<'_>) -> String {
    let local = sheet.made_at.with_timezone(&Paris);
    let kind = match sheet.after {
        Some(number) => format!("changements depuis l'export n° {number}"),
        None => "registre complet".to_owned(),
    };
    let by = sheet.made_by.unwrap_or("ligne de commande");
    let control = sheet.control;
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write!(
        out,
        "Feuille de contrôle du registre des remises\n\
         \n\
         Établissement          {} ({})\n\
         Export n°              {}\n\
         Contenu                {kind}\n\
         Fait le                {} à {} par {by}\n\
         Fichier                {}\n\
         \n\
         Lignes                 {}\n\
         Prêts en cours         {}\n\
         Prêts terminés         {}\n\
         Dotations              {}\n\
         Prêts temporaires      {}\n\
         Avec un sinistre       {}\n\
         Accordé sur le FUP     {}\n\
         Coût des réparations   {}\n\
         \n\
         SHA-256                {}\n\
         \n\
         Pour vérifier que le fichier reçu est bien celui-ci :\n\
         sous Linux             sha256sum {}\n\
         sous Windows           certutil -hashfile {} SHA256\n\
         dans Remise            remise export verify {}\n",
        sheet.school,
        sheet.uai,
        sheet.number,
        day(local.date_naive()),
        local.format("%H:%M"),
        sheet.file,
        control.rows,
        control.open,
        control.closed,
        control.allocations,
        control.temporary,
        control.incidents,
        euros(control.granted_cents),
        euros(control.repair_cents),
        sheet.sha256,
        sheet.file,
        sheet.file,
        sheet.file,
    );
    out
}
