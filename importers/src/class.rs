//! A division of any source: whether it is a class, and the MEFs that it leads to.

use crate::fields::{left_out, warning};
use crate::{Item, Refused, Sink};
use domain::identifiers::Mef;

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
