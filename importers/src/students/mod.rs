//! Pupils of tables: those of SIECLE (`ElevesComplete`, `exportCSVExtraction`, the list by division),
//! EDT's text, and tables whose columns somebody has named. Several lines may tell of one pupil: one for
//! each class and group, or one for each person who answers for them.

mod check;
mod gather;
pub mod titles;

use crate::mapping::Headers;
use crate::table::CellType;
use crate::table::lines::{self, Begin, Line, Lines, title_keys};
use crate::table::{Row, value};
use crate::timetable::{Classes, edt};
use crate::{Asked, Fault, Head, Item, Refused, Sink};
use domain::entitlement::group_entitles;
use domain::identifiers::Uai;
use domain::issues::Severity;
use domain::rows::{FileKind, StructureRow, StudentRow};
use gather::{Gather, Seen};
use std::io::{Read, Seek};
use titles::Table;

/// Reads the pupils of a table of that kind, from its first byte.
pub fn read(
    kind: FileKind,
    mut source: impl Read + Seek,
    asked: Asked<'_>,
    sink: &mut Sink<'_>,
) -> Result<Head, Refused> {
    let headers = match kind {
        FileKind::MappedStudents => Some(Headers::of(&mut source, kind, asked.layout)?),
        _ => None,
    };
    let mut list = List {
        kind,
        uai: asked.uai,
        sink,
        headers,
        table: Table::Mapped,
        names_guardians: false,
        gather: Gather::default(),
        head: Head::default(),
        elsewhere: (0, String::new()),
        named_school: false,
        groups_without_key: 0,
        structures: 0,
        classes: Classes::of(edt::SOURCE),
    };
    if lines::read(source, &mut list)? == 0 {
        return Err(Refused::new(
            "no_header",
            "Aucune ligne d'en-tête avec nom, prénom et classe n'a été trouvée.",
            "Exportez de nouveau la liste, avec ses titres de colonnes.",
        ));
    }
    list.finish()
}

struct List<'a, 'b> {
    kind: FileKind,
    uai: &'a Uai,
    sink: &'a mut Sink<'b>,
    headers: Option<Headers>,
    table: Table,
    /// There are columns of persons who answer for pupils.
    names_guardians: bool,
    gather: Gather,
    head: Head,
    /// Lines for another school, and the first of those schools.
    elsewhere: (u32, String),
    named_school: bool,
    /// Pupils in a group that entitles, of whom nothing says who they are in SIECLE.
    groups_without_key: u32,
    structures: u32,
    /// Those that EDT names.
    classes: Classes,
}

impl Lines for List<'_, '_> {
    fn begin(&mut self, sheet: &str, row: &Row) -> Begin {
        if let Some(headers) = &self.headers {
            return headers.begin(sheet, row);
        }
        let keys = title_keys(row);
        match Table::of_titles(&keys) {
            Some((table, columns)) if table.kind() == self.kind => {
                self.table = table;
                self.gather.hold(columns.has("structure_type"));
                self.names_guardians |= keys.iter().any(|key| key.contains("repr leg") || key == "nom resp");
                Begin::Header(columns)
            }
            _ => Begin::No,
        }
    }

    fn line(&mut self, line: &Line<'_>) -> Result<(), Refused> {
        if let Some(issue) = line.open_quote() {
            self.head.count("students");
            return (self.sink)(Item::Issue(issue));
        }
        // What stands below a list, such as a sum or a signature, names nobody.
        if line.get("last_name").is_empty() && line.get("first_name").is_empty() && line.get("ine").is_empty()
        {
            return Ok(());
        }
        if !self.is_ours(line)? {
            return Ok(());
        }
        let class = self.class(line)?;
        match self.gather.see(line, class.as_deref()) {
            Seen::New => {
                self.head.count("students");
                let mut issues = Vec::new();
                let student = check::student(line, class.clone(), &mut issues);
                for issue in issues {
                    (self.sink)(Item::Issue(issue))?;
                }
                let key = student.as_ref().and_then(|student| student.eleve_id.clone());
                if let Some(student) = self.gather.keep(student)? {
                    self.tell(student)?;
                }
                self.groups(line, key)
            }
            Seen::Again { row, other_class } => self.again(line, row, other_class),
        }
    }
}

impl List<'_, '_> {
    /// Whether the line is for this school, or for none by name.
    fn is_ours(&mut self, line: &Line<'_>) -> Result<bool, Refused> {
        let read = line.get("uai");
        self.named_school |= !read.is_empty();
        if read.is_empty() || read.eq_ignore_ascii_case(self.uai.as_str()) {
            return Ok(true);
        }
        self.head.count("students");
        self.elsewhere.0 += 1;
        if self.elsewhere.1.is_empty() {
            self.elsewhere.1 = lines::shown(read);
        }
        let message = "Cet élève est d'un autre établissement : il est laissé de côté.";
        (self.sink)(Item::Issue(line.error("uai", "UAI", "other_school", self.uai.as_str(), message)))?;
        Ok(false)
    }

    /// The division that the line tells of; a line of `ElevesComplete` may tell of a group.
    fn class(&mut self, line: &Line<'_>) -> Result<Option<String>, Refused> {
        let (column, text) = if line.columns.has("structure") {
            let is_division = !line.get("structure_type").to_ascii_uppercase().starts_with('G');
            ("structure", if is_division { line.get("structure") } else { "" })
        } else {
            ("class", line.get("class"))
        };
        let text = if self.table == Table::Edt { edt::class(text) } else { text };
        if text.is_empty() {
            return Ok(None);
        }
        let spoiled =
            line.is(column, CellType::Date) || line.is(column, CellType::Error) || value::is_scientific(text);
        if spoiled || !lines::is_readable(text, check::MOST_CODE) {
            let message = "Cette classe est illisible, ou changée par un tableur : l'élève est pris sans elle. Exportez de nouveau la liste.";
            (self.sink)(Item::Issue(line.warning(
                column,
                "Classe",
                "malformed_class",
                "un code de classe",
                message,
            )))?;
            return Ok(None);
        }
        if self.table == Table::Edt {
            self.classes.tell(line.number(), text, &mut self.head, self.sink)?;
        }
        Ok(Some(text.to_owned()))
    }

    /// A line about a pupil who was told of before.
    fn again(&mut self, line: &Line<'_>, first: u32, other_class: bool) -> Result<(), Refused> {
        let column = if line.columns.has("structure") { "structure" } else { "class" };
        let issue = if other_class {
            let message = format!(
                "Cet élève est dans une autre classe à la ligne {first}, qui est gardée. Vérifiez sa classe."
            );
            line.warning(column, "Classe", "student_in_two_classes", "une classe", &message)
        } else if self.table.tells_pupils_once() {
            let message = format!("Cet élève est déjà à la ligne {first}, qui est gardée.");
            line.warning("last_name", "Nom", "duplicate_student", "une ligne par élève", &message)
        } else {
            return self.groups(line, line.optional("eleve_id"));
        };
        (self.sink)(Item::Issue(issue))
    }

    /// Groups that entitle: with the key of SIECLE they are told, else counted.
    fn groups(&mut self, line: &Line<'_>, eleve_id: Option<String>) -> Result<(), Refused> {
        let of_structure = line.get("structure_type").to_ascii_uppercase().starts_with('G');
        let text = if of_structure { line.get("structure") } else { line.get("groups") };
        for group in text.split(',').map(str::trim).filter(|group| group_entitles(group)) {
            let Some(eleve_id) = &eleve_id else {
                self.groups_without_key += u32::from(self.gather.entitle(line));
                continue;
            };
            self.structures += 1;
            let (position, code) = (self.structures, group.chars().take(check::MOST_CODE).collect());
            let structure = StructureRow { position, eleve_id: eleve_id.clone(), code, division: false };
            (self.sink)(Item::Structure(structure))?;
        }
        Ok(())
    }

    fn tell(&mut self, student: StudentRow) -> Result<(), Refused> {
        (self.sink)(Item::Student(student))
    }

    fn finish(mut self) -> Result<Head, Refused> {
        let read = self.head.read.get("students").copied().unwrap_or(0);
        if self.elsewhere.0 > 0 && self.elsewhere.0 == read {
            return Err(Refused::wrong_school(&self.elsewhere.1, self.uai));
        }
        for student in self.gather.held() {
            self.tell(student)?;
        }
        self.head.read.entry("students").or_default();
        if self.names_guardians {
            let message = "Ce tableau nomme les responsables sans l'identifiant ELEVE_ID qui les rattache aux élèves : ils sont laissés de côté. Déposez ResponsablesAvecAdresses.xml.";
            self.note("Responsables", "guardians_left_out", "ELEVE_ID", message)?;
        }
        if self.groups_without_key > 0 {
            let message = format!(
                "Élèves d'ULIS ou d'UPE2A qui ne sont pas marqués, faute d'ELEVE_ID dans ce tableau : {}. Déposez ElevesSansAdresses.xml, ou marquez-les à la main.",
                self.groups_without_key
            );
            self.note("Groupe", "groups_left_out", "ELEVE_ID", &message)?;
        }
        if self.named_school {
            self.head.establishment = Some(self.uai.as_str().to_owned());
        }
        Ok(self.head)
    }

    /// A warning about the whole file.
    fn note(&mut self, column: &str, code: &str, expected: &str, message: &str) -> Result<(), Refused> {
        let fault = Fault { severity: Severity::Warning, row: None, column, code, read: "", expected };
        (self.sink)(Item::Issue(fault.told(message)))
    }
}
