//! What a check of the data found, as CSV: a line each, by class and name.

use super::csv_line::{BOM, line};

/// UTF-8 with BOM, `;`, CRLF, no cell that a spreadsheet would take for a formula.
pub fn file<'a>(rows: impl Iterator<Item = [&'a str; 3]>) -> String {
    let mut out = String::from(BOM);
    line(&mut out, &["Classe", "Nom", "Détail"]);
    for row in rows {
        line(&mut out, &row);
    }
    out
}
