//! One pupil of a table: what the loan needs and nothing else, and every fault in it.

use crate::table::lines::{Line, is_readable};
use crate::table::{CellType, value};
use domain::identifiers::ine_shape;
use domain::issues::ImportIssue;
use domain::rows::StudentRow;

/// Characters of a name.
const MOST_NAME: usize = 100;
/// Characters of a code: `ELEVE_ID`, INE, MEF, class.
pub const MOST_CODE: usize = 40;

/// The pupil, or `None` when a fault keeps it out; the faults go to `issues`.
pub fn student(line: &Line<'_>, class: Option<String>, issues: &mut Vec<ImportIssue>) -> Option<StudentRow> {
    let faults = [("last_name", "Nom"), ("first_name", "Prénom")]
        .map(|(column, label)| name_fault(line, column, label));
    let fault = faults.into_iter().flatten().next().or_else(|| {
        let message = "ELEVE_ID est illisible : l'élève est laissé de côté. Exportez de nouveau la liste.";
        let id = line.get("eleve_id");
        let spoiled =
            !is_readable(id, MOST_CODE) || value::is_scientific(id) || line.is("eleve_id", CellType::Date);
        spoiled.then(|| line.error("eleve_id", "ELEVE_ID", "malformed_text", "un identifiant", message))
    });
    if let Some(fault) = fault {
        issues.push(fault);
        return None;
    }
    Some(StudentRow {
        row: line.number(),
        eleve_id: line.optional("eleve_id"),
        ine: ine(line, issues),
        last_name: line.get("last_name").to_owned(),
        first_name: line.get("first_name").to_owned(),
        birth_date: date(line, "birth_date", "Date de naissance", issues),
        class,
        mef: mef(line, issues),
        left_on: date(line, "left_on", "Date de sortie", issues),
        removed: false,
    })
}

fn name_fault(line: &Line<'_>, column: &str, label: &str) -> Option<ImportIssue> {
    let text = line.get(column);
    if text.is_empty() {
        let message = format!("{label} manque : l'élève est laissé de côté. Complétez la liste.");
        return Some(line.error(column, label, "missing", "une valeur", &message));
    }
    if line.cell(column).is_some_and(|cell| cell.cell_type != CellType::Text) {
        let message = format!(
            "{label} n'est plus un texte, un tableur l'a changé : l'élève est laissé de côté. Exportez de nouveau la liste."
        );
        return Some(line.error(column, label, "not_a_text", "un nom", &message));
    }
    if !is_readable(text, MOST_NAME) {
        let message =
            format!("{label} est illisible : l'élève est laissé de côté. Exportez de nouveau la liste.");
        return Some(line.error(
            column,
            label,
            "malformed_text",
            "un texte lisible de 100 caractères au plus",
            &message,
        ));
    }
    None
}

/// In upper case and without spaces.
pub fn ine_of(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase()
}

/// One whose shape is unknown is kept as it is; one that a spreadsheet
/// has shortened is not.
fn ine(line: &Line<'_>, issues: &mut Vec<ImportIssue>) -> Option<String> {
    let text = line.get("ine");
    let ine = ine_of(text);
    let expected = "un INE de 11 caractères";
    let lost =
        value::is_scientific(text) || line.is("ine", CellType::Date) || line.is("ine", CellType::Error);
    if lost || !is_readable(&ine, MOST_CODE) {
        let message = "Cet INE est illisible, ou changé par un tableur : l'élève est pris sans lui. Exportez de nouveau la liste.";
        issues.push(line.warning("ine", "INE", "malformed_ine", expected, message));
        return None;
    }
    if ine.is_empty() {
        return None;
    }
    if ine_shape(&ine).is_none() {
        let message = "La forme de cet INE est inconnue ; il est gardé tel quel.";
        issues.push(line.warning("ine", "INE", "ine_shape", expected, message));
    }
    Some(ine)
}

/// A code: three figures first, ten or eleven characters. Lists by division give its label instead,
/// which is no use here.
fn mef(line: &Line<'_>, issues: &mut Vec<ImportIssue>) -> Option<String> {
    let text = line.get("mef");
    if value::is_scientific(text) {
        let message =
            "Un tableur a raccourci ce code MEF : l'élève est pris sans lui. Exportez de nouveau la liste.";
        issues.push(line.warning("mef", "MEF", "scientific_notation", "un code de 11 caractères", message));
        return None;
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let is_code =
        matches!(text.len(), 10 | 11) && digits >= 3 && text.bytes().all(|b| b.is_ascii_alphanumeric());
    is_code.then(|| text.to_owned())
}

fn date(
    line: &Line<'_>,
    column: &str,
    label: &str,
    issues: &mut Vec<ImportIssue>,
) -> Option<chrono::NaiveDate> {
    let date = line.date(column);
    if date.is_none() && !line.get(column).is_empty() {
        let message = format!("{label} n'est pas une date : elle est laissée vide.");
        issues.push(line.warning(column, label, "not_a_date", "jj/mm/aaaa", &message));
    }
    date
}
