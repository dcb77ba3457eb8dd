//! What stands above the titles of a table: `N° BL : BL2020-118842`, or the label in one cell and the
//! value in the next.

use crate::table::Row;
use crate::table::lines::title_key;
use domain::identifiers::Uai;

const NOTE: [&str; 7] = [
    "n bl",
    "bl",
    "bl n",
    "bon de livraison",
    "bon de livraison n",
    "n bon de livraison",
    "numero de bon de livraison",
];
const SCHOOL: [&str; 5] = ["uai", "rne", "code uai", "etablissement uai", "uai etablissement"];

/// The number of the delivery note.
pub fn note_number(row: &Row) -> Option<String> {
    let number = |text: &str| {
        let shaped = (2..=60).contains(&text.len()) && text.bytes().any(|b| b.is_ascii_digit());
        (shaped && !text.contains(char::is_whitespace)).then(|| text.to_owned())
    };
    behind(row, &NOTE).and_then(|text| number(&text))
}

/// The school it is for.
pub fn school(row: &Row) -> Option<Uai> {
    behind(row, &SCHOOL).and_then(|text| Uai::parse(&text).ok())
}

/// The text behind one of those labels: in the same cell behind a colon or a space, or in the next that
/// is not empty.
fn behind(row: &Row, labels: &[&str]) -> Option<String> {
    let mut cells =
        row.cells.iter().map(|cell| cell.text.as_str()).filter(|text| !text.is_empty()).peekable();
    while let Some(text) = cells.next() {
        let is_label = |text: &str| labels.contains(&title_key(text).as_str());
        if is_label(text) {
            return cells.peek().map(|next| (*next).to_owned());
        }
        let parts = text.split_once(':').or_else(|| text.rsplit_once(' '));
        if let Some((label, value)) = parts
            && is_label(label)
        {
            return Some(value.trim().to_owned()).filter(|value| !value.is_empty());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Cell, CellType};

    fn row(cells: &[&str]) -> Row {
        let cell = |text: &&str| Cell { text: (*text).to_owned(), cell_type: CellType::Text };
        Row { number: 1, cells: cells.iter().map(cell).collect(), ..Row::default() }
    }

    #[test]
    fn labels_and_values() {
        for (cells, expected) in [
            (&["Bon de livraison n° BL2020-1"][..], Some("BL2020-1")),
            (&["N° BL : BL2020-1"], Some("BL2020-1")),
            (&["", "N° BL", "", "BL2020-1"], Some("BL2020-1")),
            (&["Bon de livraison"], None),
            (&["Bon de livraison", "du 3 mai"], None),
            (&["Bon de livraison du 03/05/2020"], None),
            (&["Client", "BL2020-1"], None),
        ] {
            assert_eq!(note_number(&row(cells)).as_deref(), expected, "{cells:?}");
        }
        assert_eq!(school(&row(&["UAI : 0579999j"])), Uai::parse("0579999J").ok());
        assert_eq!(school(&row(&["UAI", "Metz"])), None);
    }
}
