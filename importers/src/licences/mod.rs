//! Licences of LDE: the feed of orders, of 23 columns with bars between them, and quotations whose
//! columns somebody has named. Prices have decimal commas; a date that is not known is `00/00/00`.

mod order;
mod quote;

pub use order::{STATES, is_order_title, state_label};

use crate::mapping::Headers;
use crate::table::Row;
use crate::table::lines::{self, Begin, Line, Lines, is_readable, title_keys};
use crate::xml::too_much;
use crate::{Asked, Head, Item, Refused, Sink};
use domain::identifiers::{Ean13, Uai};
use domain::issues::ImportIssue;
use domain::names::search_key;
use domain::rows::{FileKind, Reference, ReferenceRow};
use std::collections::HashMap;
use std::io::{Read, Seek};

/// Lines of an order or a quotation.
const MOST_LINES: usize = 100_000;
/// Characters of a title.
const MOST_TITLE: usize = 300;

/// Reads the licences of a table of that kind, from its first byte.
pub fn read(
    kind: FileKind,
    mut source: impl Read + Seek,
    asked: Asked<'_>,
    sink: &mut Sink<'_>,
) -> Result<Head, Refused> {
    let headers = match kind {
        FileKind::Quote => Some(Headers::of(&mut source, kind, asked.layout)?),
        _ => None,
    };
    let mut list = List {
        headers,
        uai: asked.uai,
        sink,
        head: Head::default(),
        ids: HashMap::new(),
        elsewhere: (0, String::new()),
        named_school: false,
    };
    if lines::read(source, &mut list)? == 0 {
        return Err(Refused::new(
            "no_header",
            "Aucune ligne d'en-tête avec titre, EAN et quantité n'a été trouvée.",
            "Vérifiez que ce fichier est bien une commande ou un devis de LDE.",
        ));
    }
    let List { mut head, elsewhere, named_school, .. } = list;
    let read = head.read.get("licence").copied().unwrap_or(0);
    if elsewhere.0 > 0 && elsewhere.0 == read {
        return Err(Refused::wrong_school(&elsewhere.1, asked.uai));
    }
    head.read.entry("licence").or_default();
    if named_school {
        head.establishment = Some(asked.uai.as_str().to_owned());
    }
    Ok(head)
}

struct List<'a, 'b> {
    /// Those of a quotation.
    headers: Option<Headers>,
    uai: &'a Uai,
    sink: &'a mut Sink<'b>,
    head: Head,
    /// How often each id was told.
    ids: HashMap<String, u32>,
    /// Lines for another school, and the first of those schools.
    elsewhere: (u32, String),
    named_school: bool,
}

impl Lines for List<'_, '_> {
    fn begin(&mut self, sheet: &str, row: &Row) -> Begin {
        match &self.headers {
            Some(headers) => headers.begin(sheet, row),
            None => order::of_titles(&title_keys(row)).map_or(Begin::No, Begin::Header),
        }
    }

    fn line(&mut self, line: &Line<'_>) -> Result<(), Refused> {
        let is_quote = self.headers.is_some();
        if line.row.open_quote.is_none() && (is_quote && quote::is_no_line(line)) {
            return Ok(());
        }
        self.head.count("licence");
        let mut issues = Vec::new();
        let licence = match self.refusal(line) {
            Some(issue) => {
                issues.push(issue);
                None
            }
            None if is_quote => quote::licence(line, &mut issues),
            None => order::licence(line, &mut issues),
        };
        for issue in issues {
            (self.sink)(Item::Issue(issue))?;
        }
        let Some(mut licence) = licence else { return Ok(()) };
        if let Reference::Licence { id, .. } = &mut licence {
            self.distinguish(id)?;
        }
        (self.sink)(Item::Reference(ReferenceRow { row: line.number(), reference: licence }))
    }
}

impl List<'_, '_> {
    /// What keeps any line out.
    fn refusal(&mut self, line: &Line<'_>) -> Option<ImportIssue> {
        if let Some(issue) = line.open_quote() {
            return Some(issue);
        }
        if self.headers.is_none()
            && let Some(issue) = order::shifted(line)
        {
            return Some(issue);
        }
        let school = line.get("uai");
        if !school.is_empty() {
            self.named_school = true;
            if !school.eq_ignore_ascii_case(self.uai.as_str()) {
                self.elsewhere.0 += 1;
                if self.elsewhere.1.is_empty() {
                    self.elsewhere.1 = lines::shown(school);
                }
                let message = match Uai::parse(school) {
                    Ok(_) => "Cette ligne est celle d'un autre établissement : elle est laissée de côté.",
                    Err(_) => "Ceci n'est pas un UAI : la ligne est laissée de côté.",
                };
                let code = if Uai::parse(school).is_ok() { "other_school" } else { "malformed_uai" };
                return Some(line.error("uai", "UAI", code, self.uai.as_str(), message));
            }
        }
        if line.get("title").is_empty() || !is_readable(line.get("title"), MOST_TITLE) {
            let message = "Le titre manque ou est illisible : la ligne est laissée de côté.";
            return Some(line.error("title", "Titre", "missing", "un titre", message));
        }
        None
    }

    /// A second line of the same id is another one.
    fn distinguish(&mut self, id: &mut String) -> Result<(), Refused> {
        if self.ids.len() >= MOST_LINES {
            return Err(too_much("lignes de licences"));
        }
        let seen = self.ids.entry(id.clone()).or_default();
        *seen += 1;
        if *seen > 1 {
            *id = format!("{id}/{seen}");
        }
        Ok(())
    }
}

/// An EAN-13 whose check digit is right; another is told and left out.
fn ean(line: &Line<'_>, issues: &mut Vec<ImportIssue>) -> Option<String> {
    let text = line.get("ean");
    if let Ok(ean) = Ean13::parse(text) {
        return Some(ean.into_string());
    }
    if text.chars().all(|c| c.is_whitespace() || c == '-') {
        return None;
    }
    let message =
        "Cet EAN est faux, ou changé par un tableur : la ligne est prise sans lui. Vérifiez-le sur le devis.";
    issues.push(line.warning("ean", "EAN", "malformed_ean", "13 chiffres, le dernier de contrôle", message));
    None
}

/// Whether a title says that its licences are for teachers.
fn is_for_teachers(title: &str) -> bool {
    let key = search_key(title);
    key.split(' ').any(|word| {
        matches!(
            word,
            "enseignant" | "enseignants" | "enseignante" | "enseignantes" | "professeur" | "professeurs"
        )
    })
}
