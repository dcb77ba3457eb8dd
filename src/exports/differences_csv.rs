//! What a delivery and its note disagree on, as CSV for the contractor.

use super::csv_line::{BOM, line};

/// A difference: what it is, in French, and where the laptop stood on the note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub what: &'static str,
    pub serial: String,
    pub model: String,
    pub pallet: String,
    pub parcel: String,
    /// The other note or school, or what is wrong.
    pub remark: String,
    /// When and where it was scanned.
    pub seen: String,
}

const HEADINGS: [&str; 8] =
    ["N° BL", "Écart", "N° de série", "Modèle", "Palette", "Colis", "Remarque", "Constaté"];

/// The whole file.
pub fn differences(note: &str, rows: &[Difference]) -> String {
    let mut text = String::from(BOM);
    line(&mut text, &HEADINGS);
    for row in rows {
        let cells: [&str; 8] =
            [note, row.what, &row.serial, &row.model, &row.pallet, &row.parcel, &row.remark, &row.seen];
        line(&mut text, &cells);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_difference_is_a_line() {
        let row = Difference {
            what: "manquant",
            serial: "5CD030BC10".into(),
            model: "HP; x360".into(),
            pallet: "P1".into(),
            parcel: "=C3".into(),
            remark: String::new(),
            seen: String::new(),
        };
        let text = differences("BL1", &[row]);
        assert_eq!(text.lines().nth(1), Some("BL1;manquant;5CD030BC10;\"HP; x360\";P1;'=C3;;"));
    }
}
