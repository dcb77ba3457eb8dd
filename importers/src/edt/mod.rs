//! Index Éducation's EDT, by its manual exports in XML (Imports/Exports > TXT/CSV/XML/SQL): root `TABLE`,
//! its items `Eleves`, `Cours` or `Cours_annuels`. They name no school, year or day.
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

/// Where pupils and courses take place.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Divisions, each once.
    pub classes: Vec<String>,
    /// The first group or part of a division.
    pub group: Option<String>,
}

/// What `CLASSE` says: divisions, groups in brackets (`[2ANG1]`) and parts of a division with their division
/// and partition (`<3D> <LATIN> LAT`), comma-separated.
pub fn place(text: &str) -> Place {
    let mut place = Place::default();
    for item in text.split(',').map(str::trim).filter(|item| !item.is_empty()) {
        let (class, group) = match item.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            Some(group) => (None, Some(group)),
            None => match item.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
                Some((class, part)) => (Some(class), part.rsplit('>').next()),
                None => (Some(item), None),
            },
        };
        let class = class.map(str::trim).filter(|class| !class.is_empty());
        let known = |class: &&str| !place.classes.iter().any(|known| known == class);
        place.classes.extend(class.filter(known).map(str::to_owned));
        let group = group.map(str::trim).filter(|group| !group.is_empty());
        place.group = place.group.or(group.map(str::to_owned));
    }
    place
}

/// The division of a pupil: the text before the first comma.
pub fn class(text: &str) -> String {
    place(text.split(',').next().unwrap_or("")).classes.into_iter().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn divisions_groups_and_parts() {
        for (text, classes, group, division) in [
            ("2GT1", &["2GT1"][..], None, "2GT1"),
            (" 2 GT 2 ", &["2 GT 2"], None, "2 GT 2"),
            ("2GT1, <2GT1> _2GT1P1", &["2GT1"], Some("_2GT1P1"), "2GT1"),
            ("<3D> <LATIN> LAT", &["3D"], Some("LAT"), "3D"),
            ("3D, <3D> <LATIN> LAT, [3LAT]", &["3D"], Some("LAT"), "3D"),
            ("[2ANG1]", &[], Some("2ANG1"), ""),
            ("2GT1, 2 GT 2", &["2GT1", "2 GT 2"], None, "2GT1"),
            ("<>", &[], None, ""),
            ("< x", &["< x"], None, "< x"),
            (", ,", &[], None, ""),
            ("", &[], None, ""),
        ] {
            let told = place(text);
            assert_eq!(
                (told.classes.as_slice(), told.group.as_deref()),
                (classes.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>().as_slice(), group),
                "{text}"
            );
            assert_eq!(class(text), division, "{text}");
        }
    }
}
