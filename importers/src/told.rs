//! For the tests of readers: what a file has told.

use crate::{Head, Item, Refused, Sink};
use domain::identifiers::Uai;
use domain::issues::ImportIssue;
use domain::rows::{GuardianLinkRow, GuardianRow, ReferenceRow, StructureRow, StudentRow};
use std::io::{Cursor, Write};

#[derive(Debug, Default)]
pub struct Told {
    pub head: Head,
    pub students: Vec<StudentRow>,
    pub structures: Vec<StructureRow>,
    pub guardians: Vec<GuardianRow>,
    pub links: Vec<GuardianLinkRow>,
    pub references: Vec<ReferenceRow>,
    pub faults: Vec<ImportIssue>,
}

impl Told {
    /// Row, column and code of each issue.
    pub fn issues(&self) -> Vec<(Option<u32>, &str, &str)> {
        let told = |issue: &'_ ImportIssue| issue.message.ends_with(['.', '…']) && !issue.expected.is_empty();
        assert!(self.faults.iter().all(told), "no sentence: {:?}", self.faults);
        self.faults
            .iter()
            .map(|issue| (issue.row, issue.column.as_deref().unwrap_or(""), issue.code.as_str()))
            .collect()
    }
}

pub type Reading<'a> = fn(Cursor<&'a [u8]>, &Uai, &mut Sink<'_>) -> Result<Head, Refused>;

/// What the school of the samples is told by a file, or the code of the refusal.
pub fn told<'a>(bytes: &'a [u8], read: Reading<'a>) -> Result<Told, &'static str> {
    told_to("0579999J", bytes, read).map_err(|refused| {
        assert!(refused.detail.ends_with('.') && refused.remedy.ends_with('.'), "no sentence: {refused}");
        refused.code
    })
}

pub fn told_to<'a>(uai: &str, bytes: &'a [u8], read: Reading<'a>) -> Result<Told, Refused> {
    let mut told = Told::default();
    let mut sink = |item| {
        match item {
            Item::Student(row) => told.students.push(row),
            Item::Structure(row) => told.structures.push(row),
            Item::Guardian(row) => told.guardians.push(row),
            Item::GuardianLink(row) => told.links.push(row),
            Item::Reference(row) => told.references.push(row),
            Item::Issue(issue) => told.faults.push(issue),
            other @ (Item::Badge(_) | Item::Device(_)) => unreachable!("of no XML: {other:?}"),
        }
        Ok(())
    };
    let head = read(Cursor::new(bytes), &Uai::parse(uai).unwrap(), &mut sink)?;
    told.head = head;
    Ok(told)
}

/// An export of SIECLE with that root, in its encoding.
pub fn siecle(root: &str, body: &str) -> Vec<u8> {
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"ISO-8859-15\"?>\n<{root} VERSION=\"3.0\"><PARAMETRES><UAJ>0579999J</UAJ>\
         <ANNEE_SCOLAIRE>2020</ANNEE_SCOLAIRE><DATE_EXPORT>18/09/2020</DATE_EXPORT>\
         <HORODATAGE>18/09/2020 07:42:10</HORODATAGE></PARAMETRES><DONNEES>{body}</DONNEES></{root}>"
    );
    encoding_rs::ISO_8859_15.encode(&text).0.into_owned()
}

/// A zip of these files.
pub fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}
