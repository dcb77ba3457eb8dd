//! Reads a file into lists of what it says.

#![allow(dead_code, reason = "each test file takes what it needs")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test says so by panicking")]

pub mod ods;
pub mod xls;

use domain::identifiers::Uai;
use domain::issues::ImportIssue;
use domain::rows::{BadgeRow, DeviceRow, FileKind, Reference, StudentRow};
use importers::mapping::Layout;
use importers::recognise::{Recognised, recognise};
use importers::{Asked, Head, Item, Refused};
use std::io::Cursor;

/// What a file says.
#[derive(Debug, Default)]
pub struct Told {
    pub head: Head,
    pub students: Vec<StudentRow>,
    pub devices: Vec<DeviceRow>,
    pub badges: Vec<BadgeRow>,
    pub references: Vec<Reference>,
    pub issues: Vec<ImportIssue>,
}

impl Told {
    /// Row and code of each issue.
    pub fn codes(&self) -> Vec<(Option<u32>, &str)> {
        self.issues.iter().map(|issue| (issue.row, issue.code.as_str())).collect()
    }

    pub fn count(&self, thing: &str) -> u32 {
        self.head.read.get(thing).copied().unwrap_or(0)
    }
}

pub fn uai() -> Uai {
    Uai::parse("0579999J").unwrap()
}

pub fn read_as(kind: FileKind, bytes: &[u8], layout: Option<&Layout>) -> Result<Told, Refused> {
    let mut told = Told::default();
    let uai = uai();
    let mut sink = |item| {
        match item {
            Item::Student(row) => told.students.push(row),
            Item::Device(row) => told.devices.push(row),
            Item::Badge(row) => told.badges.push(row),
            Item::Reference(row) => told.references.push(row.reference),
            Item::Issue(issue) => told.issues.push(issue),
            Item::Structure(_) | Item::Guardian(_) | Item::GuardianLink(_) => {}
        }
        Ok(())
    };
    let head = importers::read(kind, Cursor::new(bytes), Asked { uai: &uai, layout }, &mut sink)?;
    told.head = head;
    Ok(told)
}

pub fn kind_of(bytes: &[u8]) -> Result<Recognised, Refused> {
    recognise(&mut Cursor::new(bytes))
}

/// Recognises the file, then reads it as what it is.
pub fn read(bytes: &[u8]) -> (FileKind, Told) {
    match kind_of(bytes) {
        Ok(Recognised::Kind(kind)) => (kind, read_as(kind, bytes, None).unwrap()),
        other => panic!("not recognised: {other:?}"),
    }
}

/// The text in CP1252.
pub fn windows(text: &str) -> Vec<u8> {
    encoding_rs::WINDOWS_1252.encode(text).0.into_owned()
}

/// The text in ISO-8859-15.
pub fn latin9(text: &str) -> Vec<u8> {
    encoding_rs::ISO_8859_15.encode(text).0.into_owned()
}

/// The text in UTF-16, with its mark.
pub fn utf16(text: &str, big_endian: bool) -> Vec<u8> {
    let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
    units.flat_map(|unit| if big_endian { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}
