//! One line of a delivery note: the laptop it tells of, or the first fault that keeps it out.

use super::columns::{Columns, label};
use super::issue;
use crate::table::lines::is_readable;
use crate::table::{Cell, CellType, Row, value};
use chrono::{Datelike, NaiveDate};
use domain::identifiers::{MacAddress, SerialNumber, Uai};
use domain::issues::{ImportIssue, Severity};
use domain::rows::DeviceRow;

/// Characters of our longest value.
const MOST_CHARACTERS: usize = 200;

pub struct Line<'a> {
    pub row: &'a Row,
    pub columns: &'a Columns,
    /// The number that the note says above its lines.
    pub note: Option<&'a str>,
}

/// Why a line is left out.
#[derive(Debug)]
pub struct Fault {
    pub code: &'static str,
    column: String,
    pub read: String,
    expected: String,
    message: String,
}

impl Fault {
    pub fn into_issue(self, row: u32, severity: Severity) -> ImportIssue {
        issue(severity, Some(row), &self.column, self.code, &self.read, &self.expected, self.message)
    }
}

impl Line<'_> {
    fn cell(&self, column: &str) -> Option<&Cell> {
        self.row.cells.get(self.columns.place(column)?)
    }

    pub fn get(&self, column: &str) -> &str {
        match self.note {
            Some(note) if column == "note_number" && self.columns.place(column).is_none() => note,
            _ => self.cell(column).map_or("", |cell| cell.text.as_str()),
        }
    }

    fn optional(&self, column: &str) -> Option<String> {
        Some(self.get(column)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// Neither a serial number nor the beginning of a laptop.
    pub fn is_blank(&self) -> bool {
        self.get("serial_number").is_empty()
            && (self.get("part_number").is_empty() || self.get("note_number").is_empty())
            && self.row.open_quote.is_none()
    }

    pub fn fault(
        &self,
        column: &str,
        code: &'static str,
        expected: &str,
        message: impl Into<String>,
    ) -> Fault {
        let read = self.cell(column).map(|cell| match cell.cell_type {
            CellType::Text => short(&cell.text),
            CellType::Number => format!("{} (nombre)", cell.text),
            CellType::Date => format!("{} (date)", cell.text),
            CellType::Error => format!("{} (erreur)", cell.text),
        });
        Fault {
            code,
            column: label(column).to_owned(),
            read: read.unwrap_or_default(),
            expected: expected.to_owned(),
            message: message.into(),
        }
    }

    pub fn device(&self, uai: &Uai, warnings: &mut Vec<ImportIssue>) -> Result<DeviceRow, Fault> {
        self.well_formed()?;
        self.for_us(uai)?;
        let serial_number = self.serial()?;
        for column in ["part_number", "note_number"] {
            if self.get(column).is_empty() {
                let message = "La case est vide : demandez un bon corrigé.";
                return Err(self.fault(column, "missing", "une valeur", message));
            }
        }
        let designation = self.get("designation");
        Ok(DeviceRow {
            row: self.row.number,
            serial_number,
            part_number: self.get("part_number").to_ascii_uppercase(),
            manufacturer: designation.split_whitespace().next().unwrap_or("").to_owned(),
            designation: designation.to_owned(),
            mac_address: self.mac_address(warnings),
            asset_tag: self.optional("asset_tag"),
            lot: self.optional("lot"),
            pallet: self.optional("pallet"),
            parcel: self.optional("parcel"),
            order_number: self.optional("order_number"),
            note_number: self.get("note_number").to_owned(),
            delivered_on: self.date("delivered_on", warnings),
            warranty_end: self.date("warranty_end", warnings),
        })
    }

    /// Every cell we take is a short text, and the separators of the line are to be trusted.
    fn well_formed(&self) -> Result<(), Fault> {
        if let Some(place) = self.row.open_quote {
            let column = self
                .columns
                .at(place)
                .map_or_else(|| format!("colonne {}", place + 1), |column| label(column).to_owned());
            let read = self.row.cells.get(place).map(|cell| short(&cell.text)).unwrap_or_default();
            return Err(Fault {
                code: "unclosed_quote",
                column,
                read,
                expected: "un guillemet fermant".into(),
                message: "Un guillemet ouvert rend cette ligne illisible : demandez un bon corrigé.".into(),
            });
        }
        for column in Columns::all() {
            let text = self.get(column);
            if text.chars().nth(MOST_CHARACTERS).is_some() {
                let message = "Ce texte est trop long pour cette colonne : demandez un bon corrigé.";
                return Err(self.fault(column, "too_long", "200 caractères au plus", message));
            }
            if !is_readable(text, MOST_CHARACTERS) {
                let message = "Cette case contient des caractères illisibles : demandez un bon corrigé.";
                return Err(self.fault(column, "malformed_text", "un texte lisible", message));
            }
        }
        Ok(())
    }

    fn for_us(&self, uai: &Uai) -> Result<(), Fault> {
        let addressee = self.get("uai");
        if addressee.is_empty() || addressee.eq_ignore_ascii_case(uai.as_str()) {
            return Ok(());
        }
        if Uai::parse(addressee).is_err() {
            let message = "Ceci n'est pas un UAI : demandez un bon corrigé.";
            return Err(self.fault("uai", "malformed_uai", uai.as_str(), message));
        }
        let message = "Cet ordinateur est destiné à un autre établissement : signalez-le au fournisseur.";
        Err(self.fault("uai", "other_school", uai.as_str(), message))
    }

    /// What a spreadsheet has made a number or a date of is never guessed back.
    fn serial(&self) -> Result<String, Fault> {
        let text = self.get("serial_number");
        let key = text.to_ascii_uppercase();
        let cell_type = self.cell("serial_number").map_or(CellType::Text, |cell| cell.cell_type);
        if cell_type == CellType::Error {
            let message = "Une formule du tableur a échoué ici : demandez le fichier d'origine.";
            return Err(self.fault("serial_number", "formula_error", "le numéro de l'étiquette", message));
        }
        let exponent = key.contains("E+") && key.starts_with(|c: char| c.is_ascii_digit());
        if cell_type != CellType::Text || exponent || value::is_scientific(&key) {
            let message = "Un tableur a changé ce numéro en nombre ou en date : demandez le fichier d'origine, colonne en texte.";
            return Err(self.fault(
                "serial_number",
                "scientific_notation",
                "le numéro de l'étiquette",
                message,
            ));
        }
        let reread = "Relisez l'étiquette de l'ordinateur.";
        let serial = SerialNumber::parse(text).map_err(|_| {
            self.fault("serial_number", "malformed_serial", "5 à 30 lettres et chiffres", reread)
        })?;
        if self.is_hp() && !hp_shaped(serial.as_str()) {
            let expected = "10 caractères, les 4 derniers sans voyelle (HP)";
            return Err(self.fault("serial_number", "malformed_serial", expected, reread));
        }
        Ok(serial.into_string())
    }

    fn is_hp(&self) -> bool {
        self.get("part_number").contains('#')
            || self.get("designation").to_ascii_uppercase().starts_with("HP ")
    }

    /// Six bytes, written with colons; anything else is left out and told.
    fn mac_address(&self, warnings: &mut Vec<ImportIssue>) -> Option<String> {
        let text = self.optional("mac_address")?;
        let typed = self.cell("mac_address").is_some_and(|cell| cell.cell_type != CellType::Text);
        let address = MacAddress::parse(&text).ok().filter(|_| !typed);
        if address.is_none() {
            let message = "L'adresse MAC est laissée de côté.";
            let fault = self.fault("mac_address", "malformed_mac", "12 chiffres hexadécimaux", message);
            warnings.push(fault.into_issue(self.row.number, Severity::Warning));
        }
        address.map(MacAddress::into_string)
    }

    fn date(&self, column: &str, warnings: &mut Vec<ImportIssue>) -> Option<NaiveDate> {
        let text = self.get(column);
        let place = self.columns.place(column)?;
        let date = value::date(self.row, place).filter(|date| (2000..=2100).contains(&date.year()));
        if date.is_none() && !text.is_empty() {
            let fault = self.fault(column, "not_a_date", "jj/mm/aaaa", "La date est laissée de côté.");
            warnings.push(fault.into_issue(self.row.number, Severity::Warning));
        }
        date
    }
}

/// Enough of a text for a person to find it in the file.
fn short(text: &str) -> String {
    if text.chars().nth(MOST_CHARACTERS).is_none() {
        return text.to_owned();
    }
    text.chars().take(60).chain(['…']).collect()
}

/// HP serials: country 2, site 1, year and week 3, then four characters without vowels.
fn hp_shaped(serial: &str) -> bool {
    serial.len() == 10
        && serial.bytes().all(|b| b.is_ascii_alphanumeric())
        && !serial.get(6..).unwrap_or("").contains(['A', 'E', 'I', 'O', 'U'])
}
