//! SIECLE's exports ("BEE"): each has `PARAMETRES` and `DONNEES`. Versions are not looked at: elements are
//! read by their names, and unknown ones passed over.

pub mod guardians;
pub mod nomenclature;
mod parameters;
pub mod structures;
pub mod students;

use crate::{Refused, xml};

/// Refuses an export of SIECLE that is not the one; `menu` is what SIECLE calls the one that is.
fn check_root(name: &str, expected: &str, menu: &str) -> Result<(), Refused> {
    if name == expected {
        return Ok(());
    }
    Err(xml::wrong_root(name, expected, &format!("Dans SIECLE : Exportation en XML, « {menu} ».")))
}
