//! Badges of the canteen or the gate: a code and whose it is, by `ELEVE_ID`, INE or name. Lists of two
//! columns often have no titles. What a badge says is opaque text, which a spreadsheet may have spoiled.

use crate::mapping::Headers;
use crate::table::lines::{self, Begin, Line, Lines, is_readable};
use crate::table::{CellType, Row, value};
use crate::xml::too_much;
use crate::{Asked, Fault, Head, Item, Refused, Sink};
use domain::identifiers::BadgeCode;
use domain::issues::{ImportIssue, Severity};
use domain::names::search_key;
use domain::rows::{BadgeRow, FileKind};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{Read, Seek};

/// Badges of a file.
const MOST_BADGES: usize = 500_000;
/// Characters of whose badge it is.
const MOST_NAME: usize = 200;

/// Reads the badges of a table, from its first byte.
pub fn read(mut source: impl Read + Seek, asked: Asked<'_>, sink: &mut Sink<'_>) -> Result<Head, Refused> {
    let headers = Headers::of(&mut source, FileKind::Badges, asked.layout)?;
    let mut list = List { headers, sink, head: Head::default(), seen: HashMap::new(), numbers: 0 };
    if lines::read(source, &mut list)? == 0 {
        return Err(Refused::new(
            "no_header",
            "Aucune ligne de badge n'a été trouvée.",
            "Vérifiez que ce fichier est bien une liste de badges.",
        ));
    }
    if list.numbers > 0 {
        let message = format!(
            "{} codes sont des nombres dans le tableur : des zéros au début ont pu disparaître. Scannez un de ces badges pour le vérifier.",
            list.numbers
        );
        let fault = Fault {
            severity: Severity::Warning,
            row: None,
            column: "Code du badge",
            code: "codes_are_numbers",
            read: "",
            expected: "des codes en texte",
        };
        (list.sink)(Item::Issue(fault.told(message)))?;
    }
    list.head.read.entry("badges").or_default();
    Ok(list.head)
}

struct List<'a, 'b> {
    headers: Headers,
    sink: &'a mut Sink<'b>,
    head: Head,
    /// By the hash of the code: the line that told it first, and the hash of whose it is.
    seen: HashMap<u64, (u32, u64)>,
    /// Codes that are numbers for the file.
    numbers: u32,
}

impl Lines for List<'_, '_> {
    fn begin(&mut self, sheet: &str, row: &Row) -> Begin {
        self.headers.begin(sheet, row)
    }

    fn line(&mut self, line: &Line<'_>) -> Result<(), Refused> {
        let student = student(line);
        if line.get("code").is_empty() && student.is_empty() && line.row.open_quote.is_none() {
            return Ok(());
        }
        self.head.count("badges");
        let mut issues = Vec::new();
        let badge = self.badge(line, student, &mut issues)?;
        for issue in issues {
            (self.sink)(Item::Issue(issue))?;
        }
        badge.map_or(Ok(()), |badge| (self.sink)(Item::Badge(badge)))
    }
}

impl List<'_, '_> {
    fn badge(
        &mut self,
        line: &Line<'_>,
        student: String,
        issues: &mut Vec<ImportIssue>,
    ) -> Result<Option<BadgeRow>, Refused> {
        let Some(code) = code(line, issues) else { return Ok(None) };
        if student.is_empty() || !is_readable(&student, MOST_NAME) {
            let message = "Rien de lisible ne dit à qui est ce badge : il est laissé de côté.";
            let column = ["eleve_id", "ine", "full_name"].into_iter().find(|column| line.columns.has(column));
            let column = column.unwrap_or("last_name");
            issues.push(line.error(column, "Élève", "missing", "un nom, un INE ou un ELEVE_ID", message));
            return Ok(None);
        }
        let key = (hash(&code), hash(search_key(&student)));
        if let Some((row, whose)) = self.seen.get(&key.0) {
            if *whose != key.1 {
                let message = format!(
                    "Ce code est déjà celui d'un autre élève, ligne {row}, qui est gardée : vérifiez lequel l'a."
                );
                issues.push(line.error(
                    "code",
                    "Code du badge",
                    "duplicate_badge",
                    "un code par élève",
                    &message,
                ));
            }
            return Ok(None);
        }
        if self.seen.len() >= MOST_BADGES {
            return Err(too_much("badges"));
        }
        self.seen.insert(key.0, (line.number(), key.1));
        self.numbers += u32::from(line.is("code", CellType::Number));
        let birth_date = line.date("birth_date");
        if birth_date.is_none() && !line.get("birth_date").is_empty() {
            let message = "La date de naissance est illisible : elle est laissée de côté.";
            issues.push(line.warning("birth_date", "Date de naissance", "not_a_date", "jj/mm/aaaa", message));
        }
        let class = line.optional("class").filter(|class| is_readable(class, 40));
        Ok(Some(BadgeRow { row: line.number(), code, student, birth_date, class }))
    }
}

fn code(line: &Line<'_>, issues: &mut Vec<ImportIssue>) -> Option<String> {
    if let Some(issue) = line.open_quote() {
        issues.push(issue);
        return None;
    }
    let text = line.get("code");
    let spoiled = line.is("code", CellType::Date) || line.is("code", CellType::Error);
    let (code, expected, message) = if spoiled || value::is_scientific(text) {
        let message = "Un tableur a changé ce code : demandez le fichier d'origine, colonne en texte.";
        ("scientific_notation", "le code du badge", message)
    } else if text.is_empty() {
        ("missing", "un code", "Le code manque : cet élève est laissé sans badge.")
    } else {
        match BadgeCode::parse(text).map(BadgeCode::into_string) {
            Ok(code) if is_readable(&code, MOST_NAME) => return Some(code),
            _ => {
                let message = "Ce code ne peut pas être celui d'un badge : il est laissé de côté.";
                ("malformed_badge", "un code de 3 à 128 caractères", message)
            }
        }
    };
    issues.push(line.error("code", "Code du badge", code, expected, message));
    None
}

/// Whose badge it is: the surest of what the line says, a whole name as written.
fn student(line: &Line<'_>) -> String {
    let sure = ["eleve_id", "ine", "full_name"].into_iter().map(|column| line.get(column));
    let name = || format!("{} {}", line.get("last_name"), line.get("first_name")).trim().to_owned();
    sure.into_iter().find(|text| !text.is_empty()).map_or_else(name, str::to_owned)
}

fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
