//! Bytes to rows: what a school's files say, and every fault in them. No database here, and nothing
//! of what the loan does not need.
//!
//! - [`recognise`]: which of them a file is, by its content
//! - [`archive`]: what may be unpacked, and how much of it
//! - [`xml`], [`table`]: the two shapes that files have, streaming and bounded
//! - [`fields`], [`class`], [`pupil`], [`school`]: what a text, a class… may be, and how a fault is told
//! - [`siecle`]: pupils, guardians, structures and nomenclature of SIECLE, and its tables of pupils
//! - [`mapping`]: tables whose columns somebody names
//! - [`students`], [`timetable`], [`badges`], [`licences`], [`accounts`]: tables of pupils, courses, badges,
//!   licences and accounts
//! - [`sts`]: teachers and divisions of STS-Web
//! - [`edt`], [`udt`]: pupils, courses and divisions of timetables
//! - [`aaf`], [`gar`]: pupils of the ministry's directories, subscriptions of the GAR
//! - [`delivery`]: the contractor's delivery note
//! - [`titles`]: which of them a table is

pub mod aaf;
pub mod accounts;
pub mod archive;
pub mod badges;
pub mod class;
pub mod delivery;
pub mod edt;
pub mod fields;
pub mod gar;
mod letters;
pub mod licences;
pub mod mapping;
pub mod pupil;
pub mod recognise;
mod roots;
pub mod school;
pub mod siecle;
pub mod sts;
pub mod students;
pub mod table;
pub mod timetable;
pub mod titles;
#[cfg(test)]
mod told;
pub mod udt;
pub mod xml;

use chrono::NaiveDateTime;
use domain::identifiers::Uai;
use domain::issues::{ImportIssue, Severity};
use domain::rows::{
    BadgeRow, DeviceRow, FileKind, GuardianLinkRow, GuardianRow, ReferenceRow, StructureRow, StudentRow,
};
use std::collections::BTreeMap;
use std::io::{Read, Seek};

/// One thing that a file says.
#[derive(Debug)]
pub enum Item {
    Student(StudentRow),
    Structure(StructureRow),
    Guardian(GuardianRow),
    GuardianLink(GuardianLinkRow),
    Reference(ReferenceRow),
    Badge(BadgeRow),
    Device(DeviceRow),
    Issue(ImportIssue),
}

/// Takes what is read as it is read; an error ends the reading.
pub type Sink<'a> = dyn FnMut(Item) -> Result<(), Refused> + 'a;

/// What is known before a file is read.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Whose file it must be.
    pub uai: &'a Uai,
    /// Which column is which field, where somebody has said so; else they are found by their titles.
    pub layout: Option<&'a mapping::Layout>,
}

/// What a file says of itself, known once it is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    /// The UAI it bears; not every file bears one.
    pub establishment: Option<String>,
    /// The starting year; a delivery has none.
    pub school_year: Option<i32>,
    /// On the clock of who exported it.
    pub exported_at: Option<NaiveDateTime>,
    /// It names everybody, so that who is absent is gone: not so of a delta or of a part.
    pub complete: bool,
    /// How many of each thing were seen, faulty ones included: `students`, `guardians`, `links`,
    /// `devices`, `badges`, and the words of [`domain::rows::Reference::THINGS`].
    pub read: BTreeMap<&'static str, u32>,
}

impl Head {
    /// One more of a thing.
    pub fn count(&mut self, thing: &'static str) -> u32 {
        let seen = self.read.entry(thing).or_default();
        *seen += 1;
        *seen
    }
}

/// Reads a file of that kind, from its first byte.
pub fn read(
    kind: FileKind,
    mut source: impl Read + Seek,
    asked: Asked<'_>,
    sink: &mut Sink<'_>,
) -> Result<Head, Refused> {
    match kind {
        FileKind::Students => siecle::students::read(source, asked.uai, sink),
        FileKind::Guardians => siecle::guardians::read(source, asked.uai, sink),
        FileKind::Structures => siecle::structures::read(source, asked.uai, sink),
        FileKind::Nomenclature => siecle::nomenclature::read(source, asked.uai, sink),
        FileKind::Sts => sts::read(source, asked.uai, sink),
        FileKind::EdtStudents if xml::is_xml(&mut source)? => edt::students::read(source, sink),
        FileKind::EdtCourses if xml::is_xml(&mut source)? => edt::courses::read(source, sink),
        FileKind::StudentsTable | FileKind::EdtStudents | FileKind::MappedStudents => {
            students::read(kind, source, asked, sink)
        }
        FileKind::EdtCourses | FileKind::UdtCourses => timetable::read(kind, source, sink),
        FileKind::UdtArchive => udt::read(source, asked.uai, sink),
        FileKind::Aaf => aaf::read(source, sink),
        FileKind::Gar => gar::pupils::read(source, asked.uai, sink),
        FileKind::Subscription => gar::subscription::read(source, asked.uai, sink),
        FileKind::Badges => badges::read(source, asked, sink),
        FileKind::Orders | FileKind::Quote => licences::read(kind, source, asked, sink),
        FileKind::Delivery => delivery::read(source, asked, sink),
        FileKind::Accounts => Err(accounts::printed()),
    }
}

/// A file that cannot be taken at all: a stable code, what was found, what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail} {remedy}")]
pub struct Refused {
    pub code: &'static str,
    /// French.
    pub detail: String,
    /// French.
    pub remedy: String,
}

impl Refused {
    pub fn new(code: &'static str, detail: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), remedy: remedy.into() }
    }

    /// The file is another school's.
    pub fn wrong_school(read: &str, expected: &Uai) -> Self {
        let read: String = read.chars().filter(|c| !c.is_control()).take(20).collect();
        let of = match Uai::parse(&read) {
            _ if read.is_empty() => "n'a pas d'UAI".to_owned(),
            Ok(told) if !told.check_letter_agrees() => {
                let letter = told.expected_letter().unwrap_or_default();
                format!("est celui de l'établissement {read}, dont la lettre devrait être « {letter} »")
            }
            _ => format!("est celui de l'établissement {read}"),
        };
        Self::new(
            "wrong_school",
            format!("Ce fichier {of} ; {expected} est attendu."),
            "Exportez le fichier de votre établissement.",
        )
    }
}

/// Files larger than this, once unzipped, are no school's.
pub const MOST_BYTES: u64 = 512 * 1024 * 1024;

/// What a fault is, where, and what was read instead of what.
pub struct Fault<'a> {
    pub severity: Severity,
    /// The row it is on, when it is on one.
    pub row: Option<u32>,
    pub column: &'a str,
    /// Stable, for machines.
    pub code: &'a str,
    pub read: &'a str,
    pub expected: &'a str,
}

impl Fault<'_> {
    /// The issue, with a French sentence: what, and what to do. What was read is cut to what is readable.
    pub fn told(self, message: impl Into<String>) -> ImportIssue {
        let read: String = self.read.chars().filter(|c| !c.is_control()).take(60).collect();
        ImportIssue {
            row: self.row,
            column: (!self.column.is_empty()).then(|| self.column.to_owned()),
            code: self.code.to_owned(),
            severity: self.severity,
            read: (!read.is_empty()).then_some(read),
            expected: self.expected.to_owned(),
            message: message.into(),
        }
    }
}

/// A fault, with or without the row it is on.
fn note(
    severity: Severity,
    row: Option<u32>,
    column: &str,
    code: &str,
    read: &str,
    expected: &str,
    message: String,
) -> ImportIssue {
    Fault { severity, row, column, code, read, expected }.told(message)
}
