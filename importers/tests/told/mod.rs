//! What a file tells, for the tests that read whole files.

use domain::identifiers::Uai;
use domain::issues::ImportIssue;
use domain::rows::{FileKind, GuardianLinkRow, GuardianRow, ReferenceRow, StructureRow, StudentRow};
use importers::recognise::{Recognised, recognise};
use importers::{Asked, Head, Item, Refused};
use std::io::Cursor;

/// The school of the samples and fixtures.
pub const UAI: &str = "0579999J";

#[derive(Debug, Default)]
pub struct Told {
    pub head: Head,
    pub students: Vec<StudentRow>,
    pub structures: Vec<StructureRow>,
    pub guardians: Vec<GuardianRow>,
    pub links: Vec<GuardianLinkRow>,
    pub references: Vec<ReferenceRow>,
    pub issues: Vec<ImportIssue>,
    /// Badges and laptops.
    pub others: usize,
}

impl Told {
    /// Codes of the issues with their rows.
    #[allow(dead_code, reason = "not every test looks at them")]
    pub fn codes(&self) -> Vec<(Option<u32>, &str)> {
        self.issues.iter().map(|issue| (issue.row, issue.code.as_str())).collect()
    }
}

/// What a file of that kind tells the school.
pub fn read(kind: FileKind, bytes: &[u8], uai: &str) -> Result<Told, Refused> {
    let mut told = Told::default();
    let mut sink = |item| {
        match item {
            Item::Student(row) => told.students.push(row),
            Item::Structure(row) => told.structures.push(row),
            Item::Guardian(row) => told.guardians.push(row),
            Item::GuardianLink(row) => told.links.push(row),
            Item::Reference(row) => told.references.push(row),
            Item::Issue(issue) => told.issues.push(issue),
            _ => told.others += 1,
        }
        Ok(())
    };
    let uai = Uai::parse(uai).unwrap();
    let head = importers::read(kind, Cursor::new(bytes), Asked { uai: &uai, layout: None }, &mut sink)?;
    told.head = head;
    Ok(told)
}

/// What kind a file is by its content, and what it tells the school of the samples.
#[allow(dead_code, reason = "not every test recognises")]
pub fn recognised(bytes: &[u8]) -> Result<(FileKind, Told), Refused> {
    match recognise(&mut Cursor::new(bytes))? {
        Recognised::Kind(kind) => Ok((kind, read(kind, bytes, UAI)?)),
        other => panic!("no kind: {other:?}"),
    }
}
