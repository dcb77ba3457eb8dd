//! The school's files as SIECLE and the contractor would write them: the demo goes in by
//! the same door as any school.

use super::laptops::Note;
use super::people::Pupil;
use super::{SCHOOL_YEAR, UAI};
use encoding_rs::{ISO_8859_15, WINDOWS_1252};

/// `ElevesSansAdresses.xml`, ISO-8859-15.
pub fn students(pupils: &[Pupil]) -> Vec<u8> {
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"ISO-8859-15\"?>\n<BEE_ELEVES VERSION=\"3.0\">\n<PARAMETRES><UAJ>{UAI}</UAJ>\
         <ANNEE_SCOLAIRE>{SCHOOL_YEAR}</ANNEE_SCOLAIRE><DATE_EXPORT>28/08/2026</DATE_EXPORT>\
         <HORODATAGE>28/08/2026 07:42:10</HORODATAGE></PARAMETRES>\n<DONNEES><ELEVES>\n"
    );
    for pupil in pupils {
        let ine = pupil.ine.as_ref().map(|ine| format!("<INE_RNIE>{ine}</INE_RNIE>")).unwrap_or_default();
        let left = pupil.left_on.map(|day| format!("<DATE_SORTIE>{}</DATE_SORTIE>", day.format("%d/%m/%Y")));
        xml += &format!(
            "<ELEVE ELEVE_ID=\"{}\">{ine}<NOM_DE_FAMILLE>{}</NOM_DE_FAMILLE><PRENOM>{}</PRENOM>\
             <DATE_NAISS>{}</DATE_NAISS>{}<CODE_STATUT>ST</CODE_STATUT><CODE_MEF>{}</CODE_MEF></ELEVE>\n",
            pupil.eleve_id,
            pupil.last_name.to_uppercase(),
            pupil.first_name,
            pupil.birth_date.format("%d/%m/%Y"),
            left.unwrap_or_default(),
            pupil.mef,
        );
    }
    xml += "</ELEVES>\n<STRUCTURES>\n";
    for pupil in pupils {
        xml += &format!("<STRUCTURES_ELEVE ELEVE_ID=\"{}\">{}", pupil.eleve_id, structure(pupil.class, 'D'));
        xml += &pupil.group.map(|group| structure(group, 'G')).unwrap_or_default();
        xml += "</STRUCTURES_ELEVE>\n";
    }
    xml += "</STRUCTURES></DONNEES></BEE_ELEVES>\n";
    ISO_8859_15.encode(&xml).0.into_owned()
}

fn structure(code: &str, kind: char) -> String {
    format!(
        "<STRUCTURE><CODE_STRUCTURE>{code}</CODE_STRUCTURE><TYPE_STRUCTURE>{kind}</TYPE_STRUCTURE></STRUCTURE>"
    )
}

/// The delivery note, CSV, Windows-1252, ten laptops a parcel and forty a pallet.
pub fn delivery(note: &Note) -> Vec<u8> {
    let mut csv = String::from(
        "N° commande;N° BL;Date livraison prévue;UAI;N° palette;N° colis;Référence produit (P/N);Désignation;\
         N° de série (S/N);Adresse MAC Wi-Fi;Lot;Fin de garantie\r\n",
    );
    for (place, laptop) in note.laptops.iter().enumerate() {
        csv += &format!(
            "{};{};{};{UAI};P{:02};C{:03};{};{};{};{};{SCHOOL_YEAR}-VAGUE1;31/08/2030\r\n",
            note.order,
            note.number,
            note.delivered_on.format("%d/%m/%Y"),
            place / 40 + 1,
            place / 10 + 1,
            note.part_number,
            note.designation,
            laptop.serial,
            laptop.mac,
        );
    }
    WINDOWS_1252.encode(&csv).0.into_owned()
}
