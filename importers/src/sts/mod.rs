//! STS-Web's `sts_emp_UAI_YYYY.xml` (root `STS_EDT`): who teaches and works there, of which divisions they
//! are the main teachers, and how many pupils each division expects. It has no pupils, and services that
//! may name unknown teachers, which are passed over.
//!
//! Sources of the elements: GEPI `init_dbf_sts/lecture_xml_sts_emp.php`, `init_xml2/professeurs.php`;
//! SACoche, which refuses what a private editor wrote.

use crate::class::{Divisions, mefs};
use crate::fields::{MOST_CODE, MOST_NAME, left_out, some, unfit, warning};
use crate::xml::{self, Record, Records, too_much};
use crate::{Head, Item, Refused, Sink, school};
use domain::identifiers::Uai;
use domain::rows::{Reference, ReferenceRow};
use std::collections::{BTreeMap, HashSet};
use std::io::{Read, Seek};

/// Persons of a file: the largest cité scolaire has some hundreds.
const MOST_TEACHERS: u32 = 20_000;
/// Pupils of a division.
const MOST_EXPECTED: u32 = 1_000;

const PARAMETERS: &str = "PARAMETRES";
const PERSON: &str = "DONNEES/INDIVIDUS/INDIVIDU";
const DIVISION: &str = "DONNEES/STRUCTURE/DIVISIONS/DIVISION";
const REMEDY: &str = "Corrigez dans STS-Web.";
const EXPORT: &str = "Exportez de nouveau, depuis STS-Web, le fichier nommé sts_emp_UAI_année.xml.";

/// Reads the teachers and divisions of school `uai`, from its first byte.
pub fn read(source: impl Read + Seek, uai: &Uai, sink: &mut Sink<'_>) -> Result<Head, Refused> {
    let mut sts = Sts {
        expected: uai,
        sink,
        uai: String::new(),
        school_year: String::new(),
        teachers: 0,
        divisions: Divisions::default(),
        known: HashSet::new(),
        main: BTreeMap::new(),
    };
    xml::records(source, &mut sts)?;
    sts.finish()
}

/// The timetable that goes back to STS is taken for what comes from it.
pub fn look_alike() -> Refused {
    Refused::new(
        "sts_look_alike",
        "Ce fichier (EDT_STS) est l'emploi du temps qui remonte vers STS-Web, pas l'export qui en vient.",
        EXPORT,
    )
}

struct Sts<'a, 'b> {
    expected: &'a Uai,
    sink: &'a mut Sink<'b>,
    uai: String,
    school_year: String,
    teachers: u32,
    divisions: Divisions,
    /// Type and id of the persons told.
    known: HashSet<(String, String)>,
    /// Divisions that have a main teacher, with the row of the first.
    main: BTreeMap<String, u32>,
}

impl Records for Sts<'_, '_> {
    fn root(&mut self, name: &str) -> Result<(), Refused> {
        match name {
            "STS_EDT" => Ok(()),
            "EDT_STS" => Err(look_alike()),
            name => Err(xml::wrong_root(name, "STS_EDT", EXPORT)),
        }
    }

    fn paths(&self) -> &'static [&'static str] {
        &[PERSON, DIVISION, PARAMETERS]
    }

    fn record(&mut self, path: &'static str, record: &Record) -> Result<(), Refused> {
        match path {
            PERSON => self.person(record),
            DIVISION => self.division(record),
            _ => self.parameters(record),
        }
    }
}

impl Sts<'_, '_> {
    fn parameters(&mut self, record: &Record) -> Result<(), Refused> {
        if record.told().any(|(path, _)| path.starts_with("APPLICATION_SOURCE")) {
            return Err(Refused::new(
                "sts_private_editor",
                "Ce fichier a été écrit par un logiciel d'emploi du temps (APPLICATION_SOURCE), pas par STS-Web.",
                EXPORT,
            ));
        }
        self.uai = record.text("UAJ/@CODE").to_owned();
        self.school_year = record.text("ANNEE_SCOLAIRE/@ANNEE").to_owned();
        school::check(&self.uai, self.expected, "UAJ")?.map_or(Ok(()), &mut *self.sink)
    }

    fn person(&mut self, record: &Record) -> Result<(), Refused> {
        self.teachers += 1;
        let row = self.teachers;
        if row > MOST_TEACHERS {
            return Err(too_much("enseignants"));
        }
        let (origin, id) = (record.text("@TYPE"), record.text("@ID"));
        // By which pupils and colleagues know them.
        let last_name = record.first(&["NOM_USAGE", "NOM_PATRONYMIQUE"]);
        let (first_name, function) = (record.text("PRENOM"), record.text("FONCTION"));
        let columns = [
            ("TYPE", origin, MOST_CODE, false),
            ("ID", id, MOST_CODE, false),
            ("NOM_USAGE", last_name, MOST_NAME, false),
            ("PRENOM", first_name, MOST_NAME, true),
            ("FONCTION", function, MOST_CODE, true),
        ];
        if let Some(fault) = unfit(row, &columns, REMEDY) {
            return (self.sink)(fault);
        }
        if !self.known.insert((origin.to_owned(), id.to_owned())) {
            let message =
                format!("Cette personne est déjà dans le fichier : elle est gardée une fois. {REMEDY}");
            let expected = "un TYPE et un ID par personne";
            return (self.sink)(left_out(row, "ID", "duplicate_teacher", id, expected, &message));
        }
        let main_of = self.main_of(row, record)?;
        (self.sink)(Item::Reference(ReferenceRow {
            row,
            reference: Reference::Teacher {
                origin: origin.to_owned(),
                id: id.to_owned(),
                last_name: last_name.to_owned(),
                first_name: first_name.to_owned(),
                function: some(function),
                main_of,
            },
        }))
    }

    /// Divisions of which the person is the main teacher, each once: a division may be told for several
    /// spans of the year.
    fn main_of(&mut self, row: u32, record: &Record) -> Result<Vec<String>, Refused> {
        let mut main_of: Vec<String> = Vec::new();
        for code in record.all("PROFS_PRINC/PROF_PRINC/CODE_STRUCTURE") {
            if let Some(fault) = unfit(row, &[("CODE_STRUCTURE", code, MOST_CODE, false)], REMEDY) {
                (self.sink)(fault)?;
            } else if !main_of.iter().any(|known| known == code) {
                self.main.entry(code.to_owned()).or_insert(row);
                main_of.push(code.to_owned());
            }
        }
        Ok(main_of)
    }

    fn division(&mut self, record: &Record) -> Result<(), Refused> {
        let Some(row) = self.divisions.row(record, "CODE", REMEDY, self.sink)? else { return Ok(()) };
        let read = record.text("EFFECTIF_PREVU");
        let expected = read.parse().ok().filter(|pupils| *pupils <= MOST_EXPECTED);
        if expected.is_none() && !read.is_empty() {
            let message = format!("Cet effectif prévu est laissé de côté. {REMEDY}");
            let (column, right) = ("EFFECTIF_PREVU", "un nombre d'élèves");
            (self.sink)(warning(Some(row), column, "malformed_headcount", read, right, &message))?;
        }
        let codes = record.all("MEFS_APPARTENANCE/MEF_APPARTENANCE/@CODE");
        let mefs = mefs(row, "MEF_APPARTENANCE", codes, REMEDY, self.sink)?;
        (self.sink)(Item::Reference(ReferenceRow {
            row,
            reference: Reference::Class {
                source: "sts".into(),
                code: record.text("@CODE").to_owned(),
                label: record.text("LIBELLE_LONG").to_owned(),
                mefs,
                expected,
            },
        }))
    }

    fn finish(self) -> Result<Head, Refused> {
        school::check(&self.uai, self.expected, "UAJ")?;
        let school_year = school::starting_year(&self.school_year).ok_or_else(|| {
            school::year_missing(&self.school_year, "Exportez de nouveau le fichier depuis STS-Web.")
        })?;
        for (code, row) in self.main.iter().filter(|(code, _)| !self.divisions.codes.contains(*code)) {
            let message = format!(
                "Cette classe dont la personne est professeur principal n'est pas dans le fichier. {REMEDY}"
            );
            let expected = "une division du fichier";
            (self.sink)(warning(Some(*row), "PROF_PRINC", "class_unknown", code, expected, &message))?;
        }
        let mut head = Head {
            establishment: Some(self.uai.trim().to_ascii_uppercase()),
            school_year: Some(school_year),
            complete: true,
            ..Head::default()
        };
        head.read.insert("teacher", self.teachers);
        head.read.insert("class", self.divisions.count);
        Ok(head)
    }
}

#[cfg(test)]
mod tests;
