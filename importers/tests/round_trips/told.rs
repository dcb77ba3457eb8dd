//! What a file tells, whole, and that it is what was written.

use crate::common::uai;
use domain::rows::{
    BadgeRow, DeviceRow, FileKind, GuardianLinkRow, GuardianRow, Reference, ReferenceRow, StructureRow,
    StudentRow,
};
use importers::mapping::Layout;
use importers::recognise::{Recognised, recognise};
use importers::{Asked, Head, Item};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::io::Cursor;

/// The school whose files they are.
pub const UAI: &str = "0579999J";

#[derive(Debug, Default, PartialEq)]
pub struct Told {
    pub head: Head,
    pub students: Vec<StudentRow>,
    pub structures: Vec<StructureRow>,
    pub guardians: Vec<GuardianRow>,
    pub links: Vec<GuardianLinkRow>,
    pub references: Vec<ReferenceRow>,
    pub badges: Vec<BadgeRow>,
    pub devices: Vec<DeviceRow>,
    /// Row and code of each issue.
    pub issues: Vec<(Option<u32>, String)>,
}

impl Told {
    /// Adds a reference on that row.
    pub fn refer(&mut self, row: u32, reference: Reference) {
        self.references.push(ReferenceRow { row, reference });
    }

    /// Adds an issue that the file deserves.
    pub fn fault(&mut self, row: Option<u32>, code: &str) {
        self.issues.push((row, code.to_owned()));
    }

    /// Sets how many of each thing the head counts.
    pub fn counting(mut self, things: &[(&'static str, usize)]) -> Self {
        self.head.read = counts(things);
        self
    }
}

pub fn counts(things: &[(&'static str, usize)]) -> BTreeMap<&'static str, u32> {
    things.iter().map(|(thing, count)| (*thing, number(*count))).collect()
}

/// A count as rows are numbered.
pub fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap()
}

/// The kind that the content tells.
pub fn check_kind(kind: &Recognised, bytes: &[u8]) -> Result<(), TestCaseError> {
    let told = recognise(&mut Cursor::new(bytes));
    prop_assert_eq!(told.as_ref(), Ok(kind), "{}", String::from_utf8_lossy(bytes));
    Ok(())
}

/// What a file of that kind tells.
pub fn read(kind: FileKind, bytes: &[u8], layout: Option<&Layout>) -> Result<Told, TestCaseError> {
    let mut told = Told::default();
    let uai = uai();
    let mut sink = |item| {
        match item {
            Item::Student(row) => told.students.push(row),
            Item::Structure(row) => told.structures.push(row),
            Item::Guardian(row) => told.guardians.push(row),
            Item::GuardianLink(row) => told.links.push(row),
            Item::Reference(row) => told.references.push(row),
            Item::Badge(row) => told.badges.push(row),
            Item::Device(row) => told.devices.push(row),
            Item::Issue(issue) => told.issues.push((issue.row, issue.code)),
        }
        Ok(())
    };
    let head = importers::read(kind, Cursor::new(bytes), Asked { uai: &uai, layout }, &mut sink);
    told.head = head
        .map_err(|refused| TestCaseError::fail(format!("{refused}\n{}", String::from_utf8_lossy(bytes))))?;
    Ok(told)
}

/// The file is recognised by its content, and tells that and nothing else.
pub fn check(kind: FileKind, bytes: &[u8], expected: &Told) -> Result<(), TestCaseError> {
    check_kind(&Recognised::Kind(kind), bytes)?;
    let told = read(kind, bytes, None)?;
    prop_assert_eq!(&told, expected, "{}", String::from_utf8_lossy(bytes));
    Ok(())
}
