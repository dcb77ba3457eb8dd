//! The register as CSV.

use super::cells::Cell;
use super::csv_line::{BOM, cells};
use super::register::Layout;
use domain::register::RegisterRow;

/// Appends the BOM and the line of headings.
pub fn heading(out: &mut String, layout: &Layout) {
    out.push_str(BOM);
    cells(out, layout.headings().map(|(heading, _)| Cell::text(heading)));
}

/// Appends the line of a loan.
pub fn row(out: &mut String, layout: &Layout, row: &RegisterRow) {
    cells(out, layout.cells(row));
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    #[test]
    fn every_row_has_every_column() {
        let mut text = String::new();
        let loan = RegisterRow {
            last_name: "Mercier".into(),
            opened_at: DateTime::UNIX_EPOCH,
            operator: "accueil".into(),
            kit: vec!["Chargeur".into(), "Housse".into()],
            close_kind: Some("stolen".into()),
            closed_at: Some(DateTime::UNIX_EPOCH),
            close_reason: Some("plainte 2026/118".into()),
            ..RegisterRow::default()
        };
        let layout = Layout::default();
        row(&mut text, &layout, &loan);
        assert_eq!(text.split(';').count(), layout.len());
        // The wall clock of Paris.
        assert!(text.contains(";01/01/1970;01:00;accueil;;Chargeur, Housse;non;"), "{text}");
        assert!(text.contains(";prêt;volé;vol;01/01/1970;01/01/1970;plainte 2026/118;;;"), "{text}");
    }
}
