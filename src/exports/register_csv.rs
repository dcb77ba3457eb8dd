//! The register as CSV: UTF-8 with BOM, `;`, CRLF, French wall clock, and no cell that
//! a spreadsheet would take for a formula. Columns: what a Région's register wants.

use crate::db::register::RegisterRow;
use chrono::{DateTime, Utc};
use chrono_tz::Europe::Paris;
use domain::entitlement::Public;
use domain::words::day;

/// Bytes before the first row.
pub const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Headings, in order.
pub const COLUMNS: [&str; 25] = [
    "UAI",
    "Établissement",
    "Identifiant élève",
    "Nom",
    "Prénom",
    "Date de naissance",
    "Division",
    "MEF",
    "Public",
    "N° de série",
    "Référence",
    "Modèle",
    "N° BL",
    "Lot",
    "Date de remise",
    "Heure de remise",
    "Agent",
    "Poste",
    "Accessoires",
    "Charte signée",
    "Date de charte",
    "Nature",
    "État",
    "Date de fin",
    "Motif de dérogation",
];

/// The line of headings.
pub fn heading() -> Result<Vec<u8>, csv::Error> {
    line(COLUMNS.iter().copied().map(str::to_owned))
}

/// The line of a loan.
pub fn row(row: &RegisterRow) -> Result<Vec<u8>, csv::Error> {
    let handed = row.opened_at.with_timezone(&Paris);
    let date = |at: DateTime<Utc>| day(at.with_timezone(&Paris).date_naive());
    let optional = |text: &Option<String>| text.clone().unwrap_or_default();
    let state = match row.close_kind.as_deref() {
        None => "remis",
        Some("returned") => "rendu",
        Some("swapped") => "échangé",
        Some("transferred") => "cédé",
        Some("lost") => "perdu",
        Some("stolen") => "volé",
        Some(other) => other,
    };
    line(
        [
            row.uai.clone(),
            row.school.clone(),
            row.eleve_id.clone(),
            row.last_name.clone(),
            row.first_name.clone(),
            row.birth_date.map(day).unwrap_or_default(),
            optional(&row.class_code),
            optional(&row.mef),
            Public::of_mef(row.mef.as_deref().unwrap_or("")).label().to_owned(),
            row.serial.clone(),
            row.part_number.clone(),
            row.model.clone(),
            optional(&row.delivery_note),
            optional(&row.lot),
            day(handed.date_naive()),
            handed.format("%H:%M").to_string(),
            row.operator.clone(),
            row.station.clone(),
            row.kit.join(", "),
            row.copies_shown.map(|shown| format!("{shown} exemplaires")).unwrap_or_else(|| "non".to_owned()),
            row.charter_at.map(date).unwrap_or_default(),
            if row.kind == "allocation" { "dotation" } else { "prêt" }.to_owned(),
            state.to_owned(),
            row.closed_at.map(date).unwrap_or_default(),
            optional(&row.override_reason),
        ]
        .into_iter(),
    )
}

fn line(cells: impl Iterator<Item = String>) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::with_capacity(256));
    writer.write_record(cells.map(harmless))?;
    writer.into_inner().map_err(|e| e.into_error().into())
}

/// A leading apostrophe keeps a spreadsheet from running a cell as a formula
/// (OWASP, CSV injection).
fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_made_harmless_and_separators_quoted() {
        let cells = ["=1+1", "+33", "-2", "@x", "a;b", "dit \"non\"", "Zoé"].map(str::to_owned);
        let text = String::from_utf8(line(cells.into_iter()).unwrap()).unwrap();
        assert_eq!(text, "'=1+1;'+33;'-2;'@x;\"a;b\";\"dit \"\"non\"\"\";Zoé\r\n");
    }

    #[test]
    fn every_row_has_every_column() {
        let row = row(&RegisterRow {
            uai: "0579999J".into(),
            school: "Lycée".into(),
            eleve_id: "1".into(),
            last_name: "Mercier".into(),
            first_name: "Lina".into(),
            birth_date: None,
            class_code: Some("2GT1".into()),
            mef: Some("20010018110".into()),
            serial: "5CD030BC10".into(),
            part_number: "9ZZ99EA#ABF".into(),
            model: "HP".into(),
            delivery_note: None,
            lot: None,
            opened_at: DateTime::UNIX_EPOCH,
            operator: "accueil".into(),
            station: "Poste 1".into(),
            kit: vec!["Chargeur".into(), "Housse".into()],
            copies_shown: Some(2),
            charter_at: None,
            override_reason: None,
            kind: "allocation".into(),
            closed_at: None,
            close_kind: None,
        })
        .unwrap();
        let text = String::from_utf8(row).unwrap();
        assert_eq!(text.split(';').count(), COLUMNS.len());
        assert!(text.contains(";01/01/1970;01:00;accueil;"), "{text}");
    }
}
