//! The list of charters to chase as CSV: a line for each guardian of each pupil.

use super::csv_line::{BOM, line};
use chrono::NaiveDate;

/// A pupil and one of those to call.
#[derive(Debug, Clone, Default)]
pub struct ChaseRow<'a> {
    pub class: &'a str,
    pub name: &'a str,
    /// Signed copies that are in.
    pub copies: u8,
    pub serial: &'a str,
    pub since: Option<NaiveDate>,
    pub reason: &'a str,
    pub guardian: String,
    pub relationship: String,
    pub phone: String,
    pub email: String,
}

const HEADINGS: [&str; 10] = [
    "Classe",
    "Élève",
    "Exemplaires reçus",
    "Ordinateur déjà remis",
    "Remis le",
    "Motif de dérogation",
    "Responsable",
    "Lien",
    "Téléphone",
    "Courriel",
];

/// UTF-8 with BOM, `;`, CRLF, no cell that a spreadsheet would take for a formula.
pub fn file(rows: &[ChaseRow<'_>]) -> String {
    let mut out = String::from(BOM);
    line(&mut out, &HEADINGS);
    for row in rows {
        let copies = format!("{} sur 2", row.copies);
        let since = row.since.map(|day| day.format("%d/%m/%Y").to_string()).unwrap_or_default();
        line(
            &mut out,
            &[
                row.class,
                row.name,
                &copies,
                row.serial,
                &since,
                row.reason,
                &row.guardian,
                &row.relationship,
                &row.phone,
                &row.email,
            ],
        );
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_every_column_and_runs_no_formula() {
        let row = ChaseRow { name: "=Lina", phone: "+33 6 00".into(), copies: 1, ..ChaseRow::default() };
        let text = file(&[row]);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(|line| line.split(';').count() == HEADINGS.len()), "{text}");
        assert_eq!(lines[1], ";'=Lina;1 sur 2;;;;;;'+33 6 00;");
    }
}
