//! Which kind a file of XML is, by its root and what is first in it: SIECLE, STS, EDT, AAF and the GAR name
//! theirs each in its way. Those that are known and of no use are told as what they are.

use crate::xml::Beginning;
use crate::{Refused, edt, gar, sts};
use domain::rows::FileKind;

/// The kind, or why the file is not taken.
pub fn kind(beginning: &Beginning) -> Result<FileKind, Refused> {
    let root = beginning.root.as_str();
    match (root, beginning.first.as_deref()) {
        ("BEE_ELEVES", _) => Ok(FileKind::Students),
        ("BEE_RESPONSABLES", _) => Ok(FileKind::Guardians),
        ("BEE_STRUCTURES", _) => Ok(FileKind::Structures),
        ("BEE_NOMENCLATURES", _) => Ok(FileKind::Nomenclature),
        ("STS_EDT", _) => Ok(FileKind::Sts),
        ("TABLE", Some("Eleves")) => Ok(FileKind::EdtStudents),
        ("TABLE", Some("Cours" | "Cours_annuels")) => Ok(FileKind::EdtCourses),
        ("ficAlimMENESR", _) => Ok(FileKind::Aaf),
        ("GAR-ENT-Eleve", _) => Ok(FileKind::Gar),
        ("abonnement" | "abonnements", _) => Ok(FileKind::Subscription),
        ("TABLE", _) => Err(edt::other_table()),
        ("EXPORT_INDEX_EDUCATION", _) => Err(edt::encrypted()),
        ("EDT_STS", _) => Err(sts::look_alike()),
        ("BEE_COMMUN", _) => Err(not_needed("Communs", "les paramètres de l'établissement")),
        ("BEE_GEOGRAPHIQUE", _) => Err(not_needed("Geographique", "la liste des communes et des pays")),
        ("BEE_ETABLISSEMENTS", _) => Err(not_needed("Etablissements", "la liste des établissements")),
        ("BEE_EPHC_ELEVES", _) => Err(unpublished(root, "Élèves sans adresses")),
        ("BEE_EPHC_RESPONSABLES", _) => Err(unpublished(root, "Responsables sans adresses")),
        _ if root.starts_with("GAR-ENT-") => Err(gar::other_file(root)),
        _ => Err(Refused::new(
            "wrong_root",
            format!("Ce fichier XML commence par {root} ; ce n'est aucun de ceux qu'un lycée reçoit."),
            "Dans SIECLE : Exportation en XML, « Élèves sans adresses ».",
        )),
    }
}

fn not_needed(name: &str, what: &str) -> Refused {
    Refused::new(
        "not_needed",
        format!("Ce fichier est « {name} » de SIECLE, {what} : Remise n'en a pas besoin."),
        "Il n'y a rien à faire : les élèves, les responsables et les structures suffisent.",
    )
}

/// It looks like the list, and what it leaves out or adds is told nowhere: whoever is not in it would be
/// taken for gone.
fn unpublished(root: &str, menu: &str) -> Refused {
    Refused::new(
        "siecle_other_export",
        format!(
            "Ce fichier est l'export {root} de SIECLE, qui n'est pas la liste complète de l'établissement."
        ),
        format!("Dans SIECLE : Consultation et export > Exportation en XML, « {menu} »."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_root_of_the_field() {
        let cases: [(&str, Option<&str>, Result<FileKind, &str>); 25] = [
            ("BEE_ELEVES", Some("PARAMETRES"), Ok(FileKind::Students)),
            ("BEE_RESPONSABLES", Some("PARAMETRES"), Ok(FileKind::Guardians)),
            ("BEE_STRUCTURES", None, Ok(FileKind::Structures)),
            ("BEE_NOMENCLATURES", None, Ok(FileKind::Nomenclature)),
            ("STS_EDT", None, Ok(FileKind::Sts)),
            ("TABLE", Some("Eleves"), Ok(FileKind::EdtStudents)),
            ("TABLE", Some("Cours"), Ok(FileKind::EdtCourses)),
            ("TABLE", Some("Cours_annuels"), Ok(FileKind::EdtCourses)),
            ("ficAlimMENESR", None, Ok(FileKind::Aaf)),
            ("GAR-ENT-Eleve", None, Ok(FileKind::Gar)),
            ("abonnement", None, Ok(FileKind::Subscription)),
            ("abonnements", None, Ok(FileKind::Subscription)),
            ("TABLE", Some("Salles"), Err("edt_other_table")),
            ("TABLE", None, Err("edt_other_table")),
            ("EXPORT_INDEX_EDUCATION", Some("CLES"), Err("edt_encrypted")),
            ("EDT_STS", None, Err("sts_look_alike")),
            ("BEE_COMMUN", None, Err("not_needed")),
            ("BEE_GEOGRAPHIQUE", None, Err("not_needed")),
            ("BEE_ETABLISSEMENTS", None, Err("not_needed")),
            ("BEE_EPHC_ELEVES", None, Err("siecle_other_export")),
            ("BEE_EPHC_RESPONSABLES", None, Err("siecle_other_export")),
            ("GAR-ENT-Enseignant", None, Err("gar_category")),
            ("GAR-ENT-RespAff", None, Err("gar_category")),
            ("html", Some("head"), Err("wrong_root")),
            ("bee_eleves", None, Err("wrong_root")),
        ];
        for (root, first, expected) in cases {
            let told = kind(&Beginning { root: root.into(), first: first.map(str::to_owned) });
            if let Err(refused) = &told {
                assert!(refused.detail.ends_with('.') && refused.remedy.ends_with('.'), "{refused}");
            }
            assert_eq!(told.map_err(|refused| refused.code), expected, "{root}");
        }
    }
}
