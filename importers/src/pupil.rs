//! A pupil of any source: what the loan needs and nothing else, and every fault in it.

use crate::class::is_class;
use crate::fields::{self, MOST_CODE, MOST_NAME, is_text, some};
use crate::{Fault, Item, Refused, Sink};
use chrono::NaiveDate;
use domain::identifiers::{INE_LENGTH, Mef, PUPIL_AGES, ine_check, is_pupil_age};
use domain::issues::Severity;
use domain::rows::StudentRow;

/// What a source calls what it says of a pupil, so that a fault names the column as the file does.
pub struct Columns {
    pub eleve_id: &'static str,
    /// A pupil without `ELEVE_ID` is left out.
    pub needs_id: bool,
    pub ine: &'static str,
    pub last_name: &'static str,
    pub first_name: &'static str,
    pub birth_date: &'static str,
    pub left_on: &'static str,
    pub mef: &'static str,
    pub class: &'static str,
    /// French: where a fault is corrected.
    pub remedy: &'static str,
}

/// The texts of a pupil, trimmed; empty when the file says nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Texts<'a> {
    pub eleve_id: &'a str,
    pub ine: &'a str,
    pub last_name: &'a str,
    pub first_name: &'a str,
    pub birth_date: &'a str,
    pub left_on: &'a str,
    pub mef: &'a str,
    pub class: &'a str,
}

/// Tells the pupil, unless a fault keeps it out, and the faults. Ages are judged on the day `on`.
pub fn tell(
    row: u32,
    columns: &Columns,
    texts: &Texts<'_>,
    on: Option<NaiveDate>,
    sink: &mut Sink<'_>,
) -> Result<(), Refused> {
    match check(row, columns, texts, on, sink)? {
        Some(student) => sink(Item::Student(student)),
        None => Ok(()),
    }
}

/// The pupil, or `None` when a fault keeps it out; the faults go to the sink.
pub fn check(
    row: u32,
    columns: &Columns,
    texts: &Texts<'_>,
    on: Option<NaiveDate>,
    sink: &mut Sink<'_>,
) -> Result<Option<StudentRow>, Refused> {
    if let Some(fault) = keeps_out(row, columns, texts) {
        sink(fault)?;
        return Ok(None);
    }
    let checks = Checks { row, columns };
    let birth_date = checks.date(columns.birth_date, texts.birth_date, sink)?;
    if let (Some(born), Some(on)) = (birth_date, on) {
        checks.age(born, on, texts.birth_date, sink)?;
    }
    Ok(Some(StudentRow {
        row,
        eleve_id: some(texts.eleve_id),
        ine: checks.ine(texts.ine, sink)?,
        last_name: texts.last_name.to_owned(),
        first_name: texts.first_name.to_owned(),
        birth_date,
        class: some(texts.class).filter(|class| is_class(class)),
        mef: checks.mef(texts.mef, sink)?,
        left_on: checks.date(columns.left_on, texts.left_on, sink)?,
        removed: false,
    }))
}

/// The first fault that keeps the pupil out.
fn keeps_out(row: u32, columns: &Columns, texts: &Texts<'_>) -> Option<Item> {
    let needed = [
        (columns.eleve_id, texts.eleve_id, MOST_CODE),
        (columns.last_name, texts.last_name, MOST_NAME),
        (columns.first_name, texts.first_name, MOST_NAME),
    ];
    let needed_from = usize::from(!columns.needs_id);
    let remedy = columns.remedy;
    let error = |column, code, read, expected: &str, message: String| {
        let fault = Fault { severity: Severity::Error, row: Some(row), column, code, read, expected };
        Item::Issue(fault.told(message))
    };
    let missing = needed.iter().skip(needed_from).find(|(_, text, _)| text.is_empty());
    if let Some((column, ..)) = missing {
        let message = format!("{column} manque : l'élève est laissé de côté. {remedy}");
        return Some(error(column, "missing", "", "une valeur", message));
    }
    let optional = [
        (columns.ine, texts.ine, MOST_CODE),
        (columns.mef, texts.mef, MOST_CODE),
        (columns.class, texts.class, MOST_CODE),
    ];
    let (column, text, most) =
        needed.into_iter().chain(optional).find(|(_, text, most)| !is_text(text, *most))?;
    let message = format!("{column} est illisible : l'élève est laissé de côté. {remedy}");
    let expected = format!("un texte lisible de {most} caractères au plus");
    Some(error(column, "malformed_text", text, &expected, message))
}

/// Faults that are told and keep nobody out.
struct Checks<'a> {
    row: u32,
    columns: &'a Columns,
}

impl Checks<'_> {
    fn warn(
        &self,
        column: &str,
        code: &str,
        read: &str,
        expected: &str,
        message: &str,
        sink: &mut Sink<'_>,
    ) -> Result<(), Refused> {
        sink(fields::warning(Some(self.row), column, code, read, expected, message))
    }

    fn date(&self, column: &str, text: &str, sink: &mut Sink<'_>) -> Result<Option<NaiveDate>, Refused> {
        let date = fields::day(text);
        if date.is_none() && !text.is_empty() {
            let message = format!("{column} n'est pas une date : elle est laissée vide.");
            self.warn(column, "not_a_date", text, "jj/mm/aaaa", &message, sink)?;
        }
        Ok(date)
    }

    fn age(&self, born: NaiveDate, on: NaiveDate, read: &str, sink: &mut Sink<'_>) -> Result<(), Refused> {
        if is_pupil_age(born, on) {
            return Ok(());
        }
        let (least, most) = (PUPIL_AGES.start(), PUPIL_AGES.end());
        let message = format!(
            "Cet élève n'aurait pas entre {least} et {most} ans le {} ; la date est gardée. {}",
            on.format("%d/%m/%Y"),
            self.columns.remedy
        );
        let expected = format!("une date de naissance d'élève, de {least} à {most} ans");
        self.warn(self.columns.birth_date, "birth_date_implausible", read, &expected, &message, sink)
    }

    /// In capitals, without blanks. One of no known shape is kept: it is what the school has.
    fn ine(&self, text: &str, sink: &mut Sink<'_>) -> Result<Option<String>, Refused> {
        let ine: String =
            text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_uppercase();
        let column = self.columns.ine;
        match ine_check(&ine) {
            _ if ine.is_empty() => return Ok(None),
            None => {
                let message = "La forme de cet INE est inconnue ; il est gardé tel quel.";
                let expected = format!("un INE de {INE_LENGTH} caractères");
                self.warn(column, "ine_shape", text, &expected, message, sink)?;
            }
            Some(check) if check.letter_agrees == Some(false) => {
                let remedy = self.columns.remedy;
                let message =
                    format!("La lettre de cet INE ne correspond pas à ses chiffres ; il est gardé. {remedy}");
                let expected = "un INE dont la lettre est le reste des chiffres par 23";
                self.warn(column, "ine_letter", text, expected, &message, sink)?;
            }
            Some(_) => {}
        }
        Ok(Some(ine))
    }

    fn mef(&self, text: &str, sink: &mut Sink<'_>) -> Result<Option<String>, Refused> {
        if text.is_empty() {
            return Ok(None);
        }
        if let Ok(mef) = Mef::parse(text) {
            return Ok(Some(mef.into_string()));
        }
        let message =
            "La forme de ce code MEF est inconnue ; il est gardé tel quel et ne donne droit à rien.";
        self.warn(self.columns.mef, "malformed_mef", text, "11 caractères", message, sink)?;
        Ok(Some(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: Columns = Columns {
        eleve_id: "",
        needs_id: false,
        ine: "N_NATIONAL",
        last_name: "NOM",
        first_name: "PRENOM",
        birth_date: "NAISSANCE",
        left_on: "SORTIE",
        mef: "MEF",
        class: "CLASSE",
        remedy: "Corrigez.",
    };

    const ZOE: Texts<'_> = Texts {
        eleve_id: "",
        ine: "990000001AB",
        last_name: "VOLLMERANGE",
        first_name: "Zoé",
        birth_date: "14/03/2005",
        left_on: "",
        mef: "20010018110",
        class: "2 GT 1",
    };

    fn told(texts: &Texts<'_>) -> (Option<StudentRow>, Vec<(String, String, Severity)>) {
        let mut issues = Vec::new();
        let mut sink = |item| {
            if let Item::Issue(issue) = item {
                issues.push((issue.column.unwrap_or_default(), issue.code, issue.severity));
            }
            Ok(())
        };
        let on = NaiveDate::from_ymd_opt(2020, 9, 18);
        let row = check(3, &COLUMNS, texts, on, &mut sink).unwrap();
        (row, issues)
    }

    #[test]
    fn each_fault_has_its_code_and_keeps_out_only_who_cannot_be_known() {
        let (row, issues) = told(&ZOE);
        let row = row.unwrap();
        assert_eq!(
            (row.ine.as_deref(), row.class.as_deref(), issues.len()),
            (Some("990000001AB"), Some("2 GT 1"), 0)
        );
        let long = "x".repeat(41);
        let cases: [(Texts<'_>, &str, &str, Severity); 13] = [
            (Texts { last_name: "", ..ZOE }, "NOM", "missing", Severity::Error),
            (Texts { first_name: "", ..ZOE }, "PRENOM", "missing", Severity::Error),
            (Texts { first_name: "Zo\0é", ..ZOE }, "PRENOM", "malformed_text", Severity::Error),
            (Texts { class: &long, ..ZOE }, "CLASSE", "malformed_text", Severity::Error),
            (Texts { ine: &long, ..ZOE }, "N_NATIONAL", "malformed_text", Severity::Error),
            (Texts { ine: "12345", ..ZOE }, "N_NATIONAL", "ine_shape", Severity::Warning),
            (Texts { ine: "1999000019J", ..ZOE }, "N_NATIONAL", "ine_letter", Severity::Warning),
            (Texts { mef: "2001001811", ..ZOE }, "MEF", "malformed_mef", Severity::Warning),
            (Texts { birth_date: "31/02/2005", ..ZOE }, "NAISSANCE", "not_a_date", Severity::Warning),
            (
                Texts { birth_date: "14/03/2015", ..ZOE },
                "NAISSANCE",
                "birth_date_implausible",
                Severity::Warning,
            ),
            (
                Texts { birth_date: "14/03/2025", ..ZOE },
                "NAISSANCE",
                "birth_date_implausible",
                Severity::Warning,
            ),
            (
                Texts { birth_date: "14/03/1955", ..ZOE },
                "NAISSANCE",
                "birth_date_implausible",
                Severity::Warning,
            ),
            (Texts { left_on: "bientôt", ..ZOE }, "SORTIE", "not_a_date", Severity::Warning),
        ];
        for (texts, column, code, severity) in cases {
            let (row, issues) = told(&texts);
            assert_eq!(issues, [(column.to_owned(), code.to_owned(), severity)]);
            assert_eq!(row.is_none(), severity == Severity::Error, "{code}");
        }
    }

    #[test]
    fn an_ine_is_written_one_way_and_inactive_is_no_class() {
        let (row, issues) = told(&Texts { ine: "990000001 ab", class: "INACTIFS", mef: "", ..ZOE });
        let row = row.unwrap();
        assert_eq!((row.ine.as_deref(), row.class, row.mef), (Some("990000001AB"), None, None));
        assert!(issues.is_empty(), "{issues:?}");
    }
}
