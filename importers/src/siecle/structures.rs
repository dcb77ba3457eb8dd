//! `Structures.xml` (root `BEE_STRUCTURES`): divisions with their MEFs. Groups are not classes and are
//! passed over. Source of the elements: GEPI, pyKol.

use super::parameters::Parameters;
use crate::class::{Divisions, mefs};
use crate::xml::{self, Record, Records};
use crate::{Head, Item, Refused, Sink};
use domain::identifiers::Uai;
use domain::rows::{Reference, ReferenceRow};
use std::io::{Read, Seek};

const PARAMETERS: &str = "PARAMETRES";
const DIVISION: &str = "DONNEES/DIVISIONS/DIVISION";
const REMEDY: &str = "Corrigez la structure dans SIECLE.";

/// Reads the divisions of school `uai`, from its first byte.
pub fn read(source: impl Read + Seek, uai: &Uai, sink: &mut Sink<'_>) -> Result<Head, Refused> {
    let mut structures = Structures {
        expected: uai,
        sink,
        parameters: Parameters::default(),
        divisions: Divisions::default(),
    };
    xml::records(source, &mut structures)?;
    structures.parameters.check_school(uai)?;
    let mut head = structures.parameters.head()?;
    head.read.insert("class", structures.divisions.count);
    Ok(head)
}

struct Structures<'a, 'b> {
    expected: &'a Uai,
    sink: &'a mut Sink<'b>,
    parameters: Parameters,
    divisions: Divisions,
}

impl Records for Structures<'_, '_> {
    fn root(&mut self, name: &str) -> Result<(), Refused> {
        super::check_root(name, "BEE_STRUCTURES", "Structures")
    }

    fn paths(&self) -> &'static [&'static str] {
        &[DIVISION, PARAMETERS]
    }

    fn record(&mut self, path: &'static str, record: &Record) -> Result<(), Refused> {
        if path == DIVISION {
            return self.division(record);
        }
        self.parameters = Parameters::of(record);
        self.parameters.check_school(self.expected)?.map_or(Ok(()), &mut *self.sink)
    }
}

impl Structures<'_, '_> {
    fn division(&mut self, record: &Record) -> Result<(), Refused> {
        let Some(row) = self.divisions.row(record, "CODE_STRUCTURE", REMEDY, self.sink)? else {
            return Ok(());
        };
        let codes = record.all("MEFS_APPARTENANCE/MEF_APPARTENANCE/CODE_MEF");
        let mefs = mefs(row, "CODE_MEF", codes, REMEDY, self.sink)?;
        (self.sink)(Item::Reference(ReferenceRow {
            row,
            reference: Reference::Class {
                source: "siecle".into(),
                code: record.text("@CODE_STRUCTURE").to_owned(),
                label: record.text("LIBELLE_LONG").to_owned(),
                mefs,
                expected: None,
            },
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::told::{siecle as file, told as collect};

    #[test]
    fn a_division_has_its_mefs_and_each_fault_its_row() {
        let long = "x".repeat(101);
        let mefs = |codes: &[&str]| {
            let codes: String = codes
                .iter()
                .map(|code| format!("<MEF_APPARTENANCE><CODE_MEF>{code}</CODE_MEF></MEF_APPARTENANCE>"))
                .collect();
            format!("<MEFS_APPARTENANCE>{codes}</MEFS_APPARTENANCE>")
        };
        let both = mefs(&["20010018110", "2001001811A", "20010018110"]);
        let (odd, usual) = (mefs(&["2001"]), mefs(&["20010018110"]));
        let body = format!(
            "<DIVISIONS><DIVISION CODE_STRUCTURE=\"2 GT 1\"><LIBELLE_LONG>Seconde &amp; 1</LIBELLE_LONG>{both}</DIVISION>\
             <DIVISION CODE_STRUCTURE=\"INACTIFS\"></DIVISION>\
             <DIVISION CODE_STRUCTURE=\"&quot;406&quot;\">{odd}</DIVISION>\
             <DIVISION CODE_STRUCTURE=\"2 GT 1\">{usual}</DIVISION>\
             <DIVISION>{usual}</DIVISION>\
             <DIVISION CODE_STRUCTURE=\"3PM\"><LIBELLE_LONG>{long}</LIBELLE_LONG></DIVISION>\
             <DIVISION CODE_STRUCTURE=\"_301P1\"></DIVISION></DIVISIONS>\
             <GROUPES><GROUPE CODE_STRUCTURE=\"2ANG1\"><DIVISIONS_APPARTENANCE><DIVISION_APPARTENANCE>\
             <CODE_STRUCTURE>2 GT 1</CODE_STRUCTURE></DIVISION_APPARTENANCE></DIVISIONS_APPARTENANCE></GROUPE></GROUPES>"
        );
        let told = collect(&file("BEE_STRUCTURES", &body), read).unwrap();
        let classes: Vec<_> = told
            .references
            .iter()
            .map(|row| match &row.reference {
                Reference::Class { code, label, mefs, .. } => {
                    (row.row, code.as_str(), label.as_str(), mefs.len())
                }
                other => unreachable!("{other:?}"),
            })
            .collect();
        assert_eq!(classes, [(1, "2 GT 1", "Seconde & 1", 2), (2, "\"406\"", "", 0), (6, "_301P1", "", 0)]);
        assert_eq!(
            told.issues(),
            [
                (Some(2), "CODE_MEF", "malformed_mef"),
                (Some(3), "CODE_STRUCTURE", "duplicate_class"),
                (Some(4), "CODE_STRUCTURE", "missing"),
                (Some(5), "LIBELLE_LONG", "malformed_text"),
                (Some(6), "CODE_MEF", "class_without_mef"),
            ]
        );
        assert_eq!((told.head.read["class"], told.head.complete), (6, true));
    }

    #[test]
    fn another_export_or_school_is_refused() {
        assert_eq!(collect(&file("BEE_ELEVES", ""), read).err(), Some("wrong_root"));
        let other = String::from_utf8(file("BEE_STRUCTURES", "")).unwrap().replace("0579999J", "0570001S");
        assert_eq!(collect(other.as_bytes(), read).err(), Some("wrong_school"));
        assert_eq!(collect(b"<BEE_STRUCTURES/>", read).err(), Some("wrong_school"));
    }
}
