//! A division of any source: whether it is a class, and the MEFs that it leads to.

use crate::fields::{MOST_CODE, MOST_NAME, left_out, unfit, warning};
use crate::xml::{Record, too_much};
use crate::{Item, Refused, Sink};
use domain::identifiers::Mef;
use std::collections::HashSet;

/// Divisions of a file: a large cité scolaire has a hundred.
const MOST_DIVISIONS: u32 = 10_000;

/// The divisions of an XML file that are classes, each once.
#[derive(Default)]
pub struct Divisions {
    /// Those read so far, whatever they were worth.
    pub count: u32,
    pub codes: HashSet<String>,
}

impl Divisions {
    /// The row of a class that is to be kept; what keeps another one out is told. Its code is in attribute
    /// `column`.
    pub fn row(
        &mut self,
        record: &Record,
        column: &str,
        remedy: &str,
        sink: &mut Sink<'_>,
    ) -> Result<Option<u32>, Refused> {
        let code = record.text(&format!("@{column}"));
        if !code.is_empty() && !is_class(code) {
            return Ok(None);
        }
        self.count += 1;
        let row = self.count;
        if row > MOST_DIVISIONS {
            return Err(too_much("divisions"));
        }
        let label = record.text("LIBELLE_LONG");
        let columns = [(column, code, MOST_CODE, false), ("LIBELLE_LONG", label, MOST_NAME, true)];
        let fault = match unfit(row, &columns, remedy) {
            None if !self.codes.insert(code.to_owned()) => Some(twice(row, column, code, remedy)),
            fault => fault,
        };
        fault.map_or(Ok(Some(row)), |fault| sink(fault).map(|()| None))
    }
}

/// Whether a division is a class: SIECLE puts pupils who do not attend in one named « Inactifs ».
pub fn is_class(code: &str) -> bool {
    !code.is_empty() && !code.trim().eq_ignore_ascii_case("inactifs")
}

/// A class that the file names twice is taken once.
pub fn twice(row: u32, column: &str, code: &str, remedy: &str) -> Item {
    let message = format!("Cette classe est déjà dans le fichier : elle est gardée une fois. {remedy}");
    left_out(row, column, "duplicate_class", code, "une classe, une fois", &message)
}

/// The MEFs of a class, each once; a malformed one is told and left out, and so is that there is none.
pub fn mefs<'a>(
    row: u32,
    column: &str,
    codes: impl Iterator<Item = &'a str>,
    remedy: &str,
    sink: &mut Sink<'_>,
) -> Result<Vec<String>, Refused> {
    let mut mefs: Vec<String> = Vec::new();
    let mut none = true;
    for code in codes {
        none = false;
        match Mef::parse(code) {
            Ok(mef) if mefs.iter().any(|known| known == mef.as_str()) => {}
            Ok(mef) => mefs.push(mef.into_string()),
            Err(_) => {
                let message = format!("Ce code MEF est laissé de côté. {remedy}");
                sink(warning(Some(row), column, "malformed_mef", code, "11 caractères", &message))?;
            }
        }
    }
    if none {
        let message = format!("Cette classe n'a pas de MEF : elle ne donne droit à rien. {remedy}");
        sink(warning(Some(row), column, "class_without_mef", "", "au moins un MEF", &message))?;
    }
    Ok(mefs)
}
