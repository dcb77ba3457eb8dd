//! Pupils of EDT. They have an INE and no `ELEVE_ID`; who is not among them may well be a pupil.

use super::{check_root, other_table};
use crate::pupil::{self, Columns, Texts};
use crate::timetable::{Classes, edt};
use crate::xml::{self, Record, Records, too_much};
use crate::{Head, Refused, Sink};
use std::io::{Read, Seek};

/// Pupils of a file: those of a large cité scolaire have four figures.
const MOST_PUPILS: u32 = 50_000;

const COLUMNS: Columns = Columns {
    eleve_id: "",
    needs_id: false,
    ine: "N_NATIONAL",
    last_name: "NOM",
    first_name: "PRENOM",
    birth_date: "DATE_NAISS",
    left_on: "",
    mef: "",
    class: "CLASSE",
    remedy: "Corrigez la fiche dans EDT.",
};

/// Reads the pupils, from the first byte.
pub fn read(source: impl Read + Seek, sink: &mut Sink<'_>) -> Result<Head, Refused> {
    let classes = Classes::of(edt::SOURCE);
    let mut students = Students { sink, head: Head::default(), classes, others: false };
    xml::records(source, &mut students)?;
    let Students { mut head, others, .. } = students;
    if *head.read.entry("students").or_default() == 0 && others {
        return Err(other_table());
    }
    Ok(head)
}

struct Students<'a, 'b> {
    sink: &'a mut Sink<'b>,
    head: Head,
    classes: Classes,
    /// There are items of another table.
    others: bool,
}

impl Records for Students<'_, '_> {
    fn root(&mut self, name: &str) -> Result<(), Refused> {
        check_root(name)
    }

    fn paths(&self) -> &'static [&'static str] {
        &["Eleves", "Cours", "Cours_annuels"]
    }

    fn record(&mut self, path: &'static str, record: &Record) -> Result<(), Refused> {
        if path != "Eleves" {
            self.others = true;
            return Ok(());
        }
        let row = self.head.count("students");
        if row > MOST_PUPILS {
            return Err(too_much("élèves"));
        }
        let class = edt::class(record.text("CLASSE"));
        self.classes.tell(row, class, &mut self.head, self.sink)?;
        let texts = Texts {
            ine: record.text("N_NATIONAL"),
            last_name: record.text("NOM"),
            first_name: record.text("PRENOM"),
            birth_date: record.text("DATE_NAISS"),
            class,
            ..Texts::default()
        };
        pupil::tell(row, &COLUMNS, &texts, None, self.sink)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::told::told;

    #[test]
    fn pupils_with_their_division_and_faults() {
        let file = "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<TABLE nom=\"Elèves\">\r\n<Eleves numero=\"1\">\r\n\
            <NUMERO>1</NUMERO>\r\n<CIVILITE>Mlle</CIVILITE>\r\n<NOM>D'ŒTRANGE</NOM>\r\n<PRENOM>Maëlle</PRENOM>\r\n\
            <DATE_NAISS>02/11/2005</DATE_NAISS>\r\n<LIEU_NAISS>NANCY</LIEU_NAISS>\r\n<N_NATIONAL>990000002CD</N_NATIONAL>\r\n\
            <CLASSE>2GT1, &lt;2GT1&gt; _2GT1P1</CLASSE>\r\n<OPTION_1>ANGLAIS LV1</OPTION_1>\r\n</Eleves>\r\n\
            <Eleves numero=\"2\"><NOM>SANS</NOM></Eleves>\
            <Eleves numero=\"3\"><NOM>B</NOM><PRENOM>B</PRENOM><DATE_NAISS>?</DATE_NAISS><N_NATIONAL>1</N_NATIONAL></Eleves></TABLE>";
        let told = told(file.as_bytes(), |source, _, sink| read(source, sink)).unwrap();
        let first = &told.students[0];
        assert_eq!((first.last_name.as_str(), first.first_name.as_str()), ("D'ŒTRANGE", "Maëlle"));
        assert_eq!((first.ine.as_deref(), first.eleve_id.as_deref()), (Some("990000002CD"), None));
        assert_eq!(
            (first.class.as_deref(), first.birth_date.unwrap().to_string().as_str()),
            (Some("2GT1"), "2005-11-02")
        );
        assert_eq!(told.students.len(), 2);
        let classes: Vec<_> = told.references.iter().map(|told| (told.row, told.reference.key())).collect();
        assert_eq!((classes, told.head.read["class"]), (vec![(1, "edt 2GT1".to_owned())], 1));
        assert_eq!(
            told.issues(),
            [
                (Some(2), "PRENOM", "missing"),
                (Some(3), "DATE_NAISS", "not_a_date"),
                (Some(3), "N_NATIONAL", "ine_shape"),
            ]
        );
        assert_eq!(
            (told.head.read["students"], told.head.complete, told.head.establishment.clone()),
            (3, false, None)
        );
    }

    #[test]
    fn what_is_no_table_of_pupils_is_refused() {
        for (text, code) in [
            ("<EXPORT_INDEX_EDUCATION><CLES/></EXPORT_INDEX_EDUCATION>", "edt_encrypted"),
            ("<TABLE><Cours/></TABLE>", "edt_other_table"),
            ("<BEE_ELEVES/>", "wrong_root"),
        ] {
            assert_eq!(told(text.as_bytes(), |source, _, sink| read(source, sink)).err(), Some(code));
        }
    }
}
