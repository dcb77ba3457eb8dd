//! The ministry's `ficAlimMENESR` of pupils, which rectorats hand to those who run an ENT: a complete list of
//! `addRequest`s, or a delta in which pupils are changed and taken out too. It names its school by a number
//! of the directory only, not by its UAI. Source of the elements: `ficAlimMENESR.dtd`, entcore's feeder.

use crate::fields::left_out;
use crate::pupil::{self, Columns, Texts};
use crate::xml::{self, Record, Records, too_much};
use crate::{Head, Item, Refused, Sink, fields};
use domain::entitlement::group_entitles;
use domain::rows::{StructureRow, StudentRow};
use std::io::{Read, Seek};

/// Requests of a file: pupils of an académie.
const MOST_REQUESTS: u32 = 500_000;

const ADD: &str = "addRequest";
const MODIFY: &str = "modifyRequest";
const DELETE: &str = "deleteRequest";

const COLUMNS: Columns = Columns {
    // SIECLE's ELEVE_ID, by what entcore makes of it.
    eleve_id: "ENTEleveStructRattachId",
    needs_id: false,
    ine: "ENTEleveINE",
    last_name: "sn",
    first_name: "givenName",
    birth_date: "ENTPersonDateNaissance",
    left_on: "",
    mef: "ENTEleveMEF",
    class: "ENTEleveClasses",
    remedy: "Corrigez la fiche dans SIECLE.",
};

/// Reads the pupils, from the first byte. [`Head::complete`] is never true: a part of a list, and a delta of
/// newcomers alone, look like a whole one.
pub fn read(source: impl Read + Seek, sink: &mut Sink<'_>) -> Result<Head, Refused> {
    let mut requests = Requests { sink, requests: 0, structures: 0, delta: false, school: String::new() };
    xml::records(source, &mut requests)?;
    let mut head = Head::default();
    head.read.insert("students", requests.requests);
    Ok(head)
}

struct Requests<'a, 'b> {
    sink: &'a mut Sink<'b>,
    requests: u32,
    structures: u32,
    /// There is a change or a removal.
    delta: bool,
    /// `ENTPersonStructRattach` of the pupils; empty until one is told.
    school: String,
}

impl Records for Requests<'_, '_> {
    fn root(&mut self, name: &str) -> Result<(), Refused> {
        if name == "ficAlimMENESR" {
            return Ok(());
        }
        let remedy = "Demandez le fichier AAF des élèves à votre rectorat, ou utilisez SIECLE.";
        Err(xml::wrong_root(name, "ficAlimMENESR", remedy))
    }

    fn paths(&self) -> &'static [&'static str] {
        &[ADD, MODIFY, DELETE]
    }

    fn record(&mut self, path: &'static str, record: &Record) -> Result<(), Refused> {
        self.requests += 1;
        if self.requests > MOST_REQUESTS {
            return Err(too_much("élèves"));
        }
        check_category(record)?;
        self.check_one_school(record)?;
        self.delta |= path != ADD;
        match path {
            DELETE => self.removal(record),
            path => self.pupil(path, record),
        }
    }
}

impl Requests<'_, '_> {
    /// The classes of other schools would be taken for those of this one.
    fn check_one_school(&mut self, record: &Record) -> Result<(), Refused> {
        let school = attribute(record, "ENTPersonStructRattach");
        if self.school.is_empty() {
            school.clone_into(&mut self.school);
        }
        if school.is_empty() || school == self.school {
            return Ok(());
        }
        Err(Refused::new(
            "several_schools",
            "Ce fichier AAF contient les élèves de plusieurs établissements, et ne dit pas lesquels par leur UAI.",
            "Demandez à votre rectorat le fichier AAF de votre seul établissement, ou utilisez SIECLE.",
        ))
    }

    fn pupil(&mut self, path: &str, record: &Record) -> Result<(), Refused> {
        let row = self.requests;
        let texts = texts(record, &self.school);
        if path == MODIFY && (texts.last_name.is_empty() || texts.first_name.is_empty()) {
            // A change tells what changes only, by the number of a directory that we do not have.
            let message = "Cette modification ne dit pas le nom de l'élève : elle est laissée de côté. \
                           Déposez le fichier complet, ou celui de SIECLE.";
            let id = record.text("identifier/id");
            return (self.sink)(left_out(
                row,
                "identifier",
                "aaf_partial",
                id,
                "le nom et le prénom",
                message,
            ));
        }
        let Some(student) = pupil::check(row, &COLUMNS, &texts, None, self.sink)? else { return Ok(()) };
        let eleve_id = student.eleve_id.clone();
        (self.sink)(Item::Student(student))?;
        let Some(eleve_id) = eleve_id else { return Ok(()) };
        for code in attributes(record, "ENTEleveGroupes").map(last_part) {
            if !group_entitles(code) || !fields::is_code(code) {
                continue;
            }
            self.structures += 1;
            (self.sink)(Item::Structure(StructureRow {
                position: self.structures,
                eleve_id: eleve_id.clone(),
                code: code.to_owned(),
                division: false,
            }))?;
        }
        Ok(())
    }

    /// By its DTD a removal bears the number of the directory alone; some tell more.
    fn removal(&mut self, record: &Record) -> Result<(), Refused> {
        let row = self.requests;
        let texts = texts(record, &self.school);
        let named = !texts.last_name.is_empty() && !texts.first_name.is_empty();
        if texts.eleve_id.is_empty() && !named {
            let message = "Cette suppression ne dit que le numéro de l'élève dans l'annuaire, que Remise n'a pas : \
                           elle est laissée de côté. Le départ se verra dans la prochaine liste de SIECLE.";
            let id = record.text("identifier/id");
            let expected = "ENTEleveStructRattachId, ou le nom et le prénom";
            return (self.sink)(left_out(row, "identifier", "removal_unmatched", id, expected, message));
        }
        let student = if named {
            pupil::check(row, &COLUMNS, &texts, None, self.sink)?
        } else if fields::is_code(texts.eleve_id) {
            Some(StudentRow {
                row,
                eleve_id: Some(texts.eleve_id.to_owned()),
                ine: None,
                last_name: String::new(),
                first_name: String::new(),
                birth_date: None,
                class: None,
                mef: None,
                left_on: None,
                removed: true,
            })
        } else {
            None
        };
        student.map_or(Ok(()), |student| (self.sink)(Item::Student(StudentRow { removed: true, ..student })))
    }
}

fn check_category(record: &Record) -> Result<(), Refused> {
    let category = record.text("operationalAttributes/attr/value");
    if category.eq_ignore_ascii_case("Eleve") {
        return Ok(());
    }
    let category: String = category.chars().filter(|c| !c.is_control()).take(40).collect();
    let remedy = if category == "PersRelEleve" {
        "Les responsables viennent de SIECLE : Exportation en XML, « Responsables sans adresses »."
    } else {
        "Déposez le fichier AAF des élèves, dont le nom finit par _Eleve_0000.xml."
    };
    Err(Refused::new(
        "aaf_category",
        format!("Ce fichier AAF décrit « {category} » ; des élèves (« Eleve ») sont attendus."),
        remedy,
    ))
}

fn texts<'a>(record: &'a Record, school: &str) -> Texts<'a> {
    // As SIECLE's name of the civil register; `sn` is the one in use.
    let civil = attribute(record, "ENTPersonNomPatro");
    Texts {
        eleve_id: attribute(record, "ENTEleveStructRattachId"),
        ine: attribute(record, "ENTEleveINE"),
        last_name: if civil.is_empty() { attribute(record, "sn") } else { civil },
        first_name: attribute(record, "givenName"),
        birth_date: attribute(record, "ENTPersonDateNaissance"),
        mef: attribute(record, "ENTEleveMEF"),
        class: class(record, school),
        ..Texts::default()
    }
}

/// Of `4900001$2GT1` what follows the number of the school, preferably of the one that the pupil is in.
fn class<'a>(record: &'a Record, school: &str) -> &'a str {
    let ours = |value: &&str| value.split_once('$').is_some_and(|(of, _)| of == school);
    let mut classes = attributes(record, "ENTEleveClasses");
    let first = attribute(record, "ENTEleveClasses");
    last_part(classes.find(ours).unwrap_or(first))
}

fn last_part(value: &str) -> &str {
    value.split_once('$').map_or(value, |(_, code)| code).trim()
}

/// The first value of an attribute; empty when there is none.
fn attribute<'a>(record: &'a Record, name: &'a str) -> &'a str {
    attributes(record, name).next().unwrap_or("")
}

/// Values of an attribute, whether it is told or changed.
fn attributes<'a>(record: &'a Record, name: &'a str) -> impl Iterator<Item = &'a str> {
    let mut current = "";
    record.told().filter_map(move |(path, text)| {
        match path {
            "attributes/attr/@name" | "modifications/modification/@name" => current = text,
            "attributes/attr/value" | "modifications/modification/value" if current == name => {
                return Some(text);
            }
            _ => {}
        }
        None
    })
}

#[cfg(test)]
mod tests;
