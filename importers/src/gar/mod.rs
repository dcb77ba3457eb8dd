//! The gestionnaire d'accès aux ressources: the pupils that an ENT sends to it, to be compared with SIECLE's, and
//! the subscriptions that distributors declare to it.

pub mod pupils;
pub mod subscription;

use crate::Refused;

/// A file of an ENT to the GAR that has no pupils.
pub fn other_file(root: &str) -> Refused {
    let root: String = root.chars().filter(|c| !c.is_control()).take(40).collect();
    Refused::new(
        "gar_category",
        format!("Ce fichier de l'ENT vers le GAR ({root}) n'a pas d'élèves ; GAR-ENT-Eleve est attendu."),
        "Déposez le fichier dont le nom finit par _Eleve_0000.xml.",
    )
}
