//! The contractor's delivery note: a table with a header somewhere in its first rows,
//! recognised by its words, whatever their case, accents and order.

use super::{Refused, issue, table};
use chrono::NaiveDate;
use domain::identifiers::{SerialNumber, Uai};
use domain::issues::{ImportIssue, Severity};
use domain::names::search_key;
use std::collections::HashMap;

/// A laptop of the note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRow {
    pub row: u32,
    pub serial_number: String,
    pub part_number: String,
    pub designation: String,
    /// First word of the designation.
    pub manufacturer: String,
    pub mac_address: Option<String>,
    pub lot: Option<String>,
    pub pallet: Option<String>,
    pub parcel: Option<String>,
    pub order_number: Option<String>,
    pub note_number: String,
    pub delivered_on: Option<NaiveDate>,
    pub warranty_end: Option<NaiveDate>,
}

/// What the file says.
#[derive(Debug, Clone, Default)]
pub struct DeliveryFile {
    /// Lines of laptops seen, faulty ones included.
    pub read: u32,
    pub devices: Vec<DeliveryRow>,
    pub issues: Vec<ImportIssue>,
}

/// Our columns and the words, as [`search_key`] leaves them, that name them.
const COLUMNS: [(&str, &[&str]); 12] = [
    ("S/N", &["n de serie s n", "numero de serie", "n de serie", "s n", "serial number", "serial"]),
    ("P/N", &["reference produit p n", "reference produit", "p n", "part number", "reference"]),
    ("Désignation", &["designation", "modele", "libelle"]),
    ("BL", &["n bl", "bl", "bon de livraison", "numero bl"]),
    ("UAI", &["uai", "rne", "code uai"]),
    ("Commande", &["n commande", "commande", "numero de commande"]),
    ("Livraison", &["date livraison prevue", "date de livraison", "date livraison"]),
    ("MAC", &["adresse mac wi fi", "adresse mac", "mac"]),
    ("Palette", &["n palette", "palette"]),
    ("Colis", &["n colis", "colis"]),
    ("Lot", &["lot"]),
    ("Garantie", &["fin de garantie", "garantie"]),
];

/// Rows that may stand above the header.
const PREAMBLE: usize = 30;

/// Reads the note for school `uai`. The first sheet with a header counts.
pub fn read(bytes: &[u8], uai: &Uai) -> Result<DeliveryFile, Refused> {
    let sheets = table::read(bytes)?;
    let found = sheets.iter().find_map(|sheet| header(sheet).map(|(at, columns)| (sheet, at, columns)));
    let Some((sheet, at, columns)) = found else {
        return Err(Refused::new(
            "no_header",
            "Aucune ligne d'en-tête avec n° de série, référence et n° de BL n'a été trouvée.",
            "Vérifiez que ce fichier est bien un bon de livraison.",
        ));
    };
    let mut file = DeliveryFile::default();
    let mut seen: HashMap<String, u32> = HashMap::new();
    for (index, cells) in sheet.iter().enumerate().skip(at + 1) {
        let row = u32::try_from(index + 1).unwrap_or(u32::MAX);
        let line = Line { row, cells, columns: &columns };
        if line.get("S/N").is_empty() && (line.get("P/N").is_empty() || line.get("BL").is_empty()) {
            continue;
        }
        file.read += 1;
        match line.device(uai, &mut seen) {
            Ok((device, warnings)) => {
                file.devices.push(device);
                file.issues.extend(warnings);
            }
            Err(fault) => file.issues.push(*fault),
        }
    }
    Ok(file)
}

type Columns = HashMap<&'static str, usize>;

/// The first row that names serial number, part number and delivery note.
fn header(sheet: &table::Table) -> Option<(usize, Columns)> {
    sheet.iter().take(PREAMBLE).enumerate().find_map(|(at, cells)| {
        let keys: Vec<String> = cells.iter().map(|cell| search_key(cell)).collect();
        let columns: Columns = COLUMNS
            .iter()
            .filter_map(|(column, words)| {
                let place = words.iter().find_map(|word| keys.iter().position(|key| key == word))?;
                Some((*column, place))
            })
            .collect();
        ["S/N", "P/N", "BL"].iter().all(|column| columns.contains_key(column)).then_some((at, columns))
    })
}

struct Line<'a> {
    row: u32,
    cells: &'a [String],
    columns: &'a Columns,
}

impl Line<'_> {
    fn get(&self, column: &str) -> &str {
        self.columns.get(column).and_then(|place| self.cells.get(*place)).map_or("", String::as_str)
    }

    fn optional(&self, column: &str) -> Option<String> {
        Some(self.get(column)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    fn fault(&self, column: &str, code: &str, expected: &str, message: &str) -> Box<ImportIssue> {
        Box::new(issue(
            Severity::Error,
            self.row,
            column,
            code,
            self.get(column),
            expected,
            message.to_owned(),
        ))
    }

    fn device(
        &self,
        uai: &Uai,
        seen: &mut HashMap<String, u32>,
    ) -> Result<(DeliveryRow, Vec<ImportIssue>), Box<ImportIssue>> {
        let addressee = self.get("UAI").to_ascii_uppercase();
        if !addressee.is_empty() && addressee != uai.as_str() {
            return Err(self.fault(
                "UAI",
                "other_school",
                uai.as_str(),
                "Cet ordinateur est destiné à un autre établissement : signalez-le au fournisseur.",
            ));
        }
        let serial = self.serial()?;
        for column in ["P/N", "BL"] {
            if self.get(column).is_empty() {
                return Err(self.fault(
                    column,
                    "missing",
                    "une valeur",
                    "La case est vide : demandez un bon corrigé.",
                ));
            }
        }
        if let Some(first) = seen.insert(serial.clone(), self.row) {
            return Err(self.fault(
                "S/N",
                "duplicate_serial",
                "un numéro par ligne",
                &format!("Ce numéro est déjà à la ligne {first}, qui est gardée."),
            ));
        }
        let designation = self.optional("Désignation").unwrap_or_else(|| self.get("P/N").to_owned());
        let mut warnings = Vec::new();
        let device = DeliveryRow {
            row: self.row,
            serial_number: serial,
            part_number: self.get("P/N").to_ascii_uppercase(),
            manufacturer: designation.split_whitespace().next().unwrap_or("").to_owned(),
            designation,
            mac_address: self.optional("MAC").map(|mac| mac.to_ascii_uppercase().replace('-', ":")),
            lot: self.optional("Lot"),
            pallet: self.optional("Palette"),
            parcel: self.optional("Colis"),
            order_number: self.optional("Commande"),
            note_number: self.get("BL").to_owned(),
            delivered_on: self.date("Livraison", &mut warnings),
            warranty_end: self.date("Garantie", &mut warnings),
        };
        Ok((device, warnings))
    }

    fn serial(&self) -> Result<String, Box<ImportIssue>> {
        let text = self.get("S/N");
        let key = text.to_ascii_uppercase();
        if key.contains("E+") && key.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(self.fault(
                "S/N",
                "scientific_notation",
                "le numéro de l'étiquette",
                "Un tableur a changé ce numéro en nombre : demandez le fichier d'origine, colonne en texte.",
            ));
        }
        let serial = SerialNumber::parse(text).map_err(|_| {
            self.fault(
                "S/N",
                "malformed_serial",
                "5 à 30 lettres et chiffres",
                "Relisez l'étiquette de l'ordinateur.",
            )
        })?;
        if self.is_hp() && !hp_shaped(serial.as_str()) {
            return Err(self.fault(
                "S/N",
                "malformed_serial",
                "10 caractères, les 4 derniers sans voyelle (HP)",
                "Relisez l'étiquette de l'ordinateur.",
            ));
        }
        Ok(serial.into_string())
    }

    fn is_hp(&self) -> bool {
        self.get("P/N").contains('#') || self.get("Désignation").to_ascii_uppercase().starts_with("HP ")
    }

    fn date(&self, column: &str, warnings: &mut Vec<ImportIssue>) -> Option<NaiveDate> {
        let text = self.get(column);
        let date = NaiveDate::parse_from_str(text, "%d/%m/%Y")
            .or_else(|_| NaiveDate::parse_from_str(text, "%Y-%m-%d"));
        if date.is_err() && !text.is_empty() {
            warnings.push(issue(
                Severity::Warning,
                self.row,
                column,
                "not_a_date",
                text,
                "jj/mm/aaaa",
                "La date est laissée vide.".into(),
            ));
        }
        date.ok()
    }
}

/// HP serials: country 2, site 1, year and week 3, then four characters without vowels.
fn hp_shaped(serial: &str) -> bool {
    serial.len() == 10
        && serial.bytes().all(|b| b.is_ascii_alphanumeric())
        && !serial.get(6..).unwrap_or("").contains(['A', 'E', 'I', 'O', 'U'])
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str =
        "N° commande;N° BL;UAI;Référence produit (P/N);Désignation;N° de série (S/N);Fin de garantie";

    fn note(lines: &[&str]) -> Vec<u8> {
        let text = format!(
            "Bon de livraison\r\n\r\n{HEADER}\r\n{}\r\nTotal;;;;;;{}\r\n",
            lines.join("\r\n"),
            lines.len()
        );
        encoding_rs::WINDOWS_1252.encode(&text).0.into_owned()
    }

    fn told(lines: &[&str]) -> (u32, usize, Vec<(Option<u32>, String)>) {
        let file = read(&note(lines), &Uai::parse("0579999J").unwrap()).unwrap();
        (file.read, file.devices.len(), file.issues.into_iter().map(|i| (i.row, i.code)).collect())
    }

    #[test]
    fn good_rows_are_taken_and_each_fault_has_its_row() {
        let lines = [
            "C1;BL1;0579999J;9ZZ99EA#ABF;HP ProBook;5CD030BC10;26/08/2029",
            "C1;BL1;0579999J;9ZZ99EA#ABF;HP ProBook;5CD030BC10;26/08/2029",
            "C1;BL1;0570001S;9ZZ99EA#ABF;HP ProBook;5CD030BD11;26/08/2029",
            "C1;BL1;0579999J;9ZZ99EA#ABF;HP ProBook;5CD030BO1;26/08/2029",
            "C1;BL1;0579999J;9ZZ99EA#ABF;HP ProBook;5,02E+09;26/08/2029",
            "C1;BL1;0579999J;20ZZS00100;Lenovo L13;PF0FAKE1;bientôt",
        ];
        let code = |row, code: &str| (Some(row), code.to_owned());
        assert_eq!(
            told(&lines),
            (
                6,
                2,
                vec![
                    code(5, "duplicate_serial"),
                    code(6, "other_school"),
                    code(7, "malformed_serial"),
                    code(8, "scientific_notation"),
                    code(9, "not_a_date")
                ]
            )
        );
    }

    #[test]
    fn what_is_no_note_is_refused() {
        let uai = Uai::parse("0579999J").unwrap();
        for (bytes, code) in [
            (&b""[..], "empty_file"),
            (b"nom;prenom\r\nx;y", "no_header"),
            (b"PK\x03\x04 broken", "not_a_table"),
            (b"\x00\x01\x02", "not_a_table"),
        ] {
            assert_eq!(read(bytes, &uai).map(|f| f.read).map_err(|why| why.code), Err(code));
        }
    }
}
