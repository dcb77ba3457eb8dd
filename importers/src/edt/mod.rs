//! Index Éducation's EDT, by its manual exports in XML (Imports/Exports > TXT/CSV/XML/SQL): root `TABLE`,
//! its items `Eleves`, `Cours` or `Cours_annuels`. They name no school, year or day.
//! How it writes what they say is [`crate::timetable::edt`]'s.
//!
//! Sources of the elements: GEPI `init_xml2/traite_xml_edt.php`, `groupes/maj_inscript_ele_d_apres_edt.php`.

pub mod courses;
pub mod students;

use crate::{Refused, xml};

const EXPORT: &str = "Dans EDT : Imports/Exports > TXT/CSV/XML/SQL > Exporter un fichier texte, « EXP_ELEVE » ou \
                      « EXP_COURS ».";

/// The file for ENTs is encrypted for partners whom the editor knows: nobody else can read it.
pub fn encrypted() -> Refused {
    Refused::new(
        "edt_encrypted",
        "Ce fichier est l'export d'EDT pour les ENT (EXPORT_INDEX_EDUCATION) : il est chiffré et Remise ne peut \
         pas le lire.",
        EXPORT,
    )
}

/// A table of EDT that is neither pupils nor courses.
pub fn other_table() -> Refused {
    Refused::new(
        "edt_other_table",
        "Ce fichier est un export d'EDT, mais ni d'élèves (Eleves) ni de cours (Cours).",
        EXPORT,
    )
}

fn check_root(name: &str) -> Result<(), Refused> {
    match name {
        "TABLE" => Ok(()),
        "EXPORT_INDEX_EDUCATION" => Err(encrypted()),
        name => Err(xml::wrong_root(name, "TABLE", EXPORT)),
    }
}
