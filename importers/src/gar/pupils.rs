//! `GAR-ENT-Eleve`: pupils, then the MEF of each by its number in the GAR, so that pupils are held until the
//! end. They have no INE nor class, and those of other schools of the ENT may be among them.
//! Source of the elements: `GAR-ENT.xsd` 1.7, which allows 10,000 nodes.

use super::other_file;
use crate::fields::{self, warning};
use crate::pupil::{self, Columns, Texts};
use crate::xml::{self, Record, Records, too_much};
use crate::{Head, Item, Refused, Sink};
use domain::identifiers::{Mef, Uai};
use domain::rows::StudentRow;
use std::collections::HashMap;
use std::io::{Read, Seek};

/// Pupils of a file: as many as two may have.
const MOST_PUPILS: u32 = 20_000;
/// Characters of a `GARPersonIdentifiant`.
const MOST_ID: usize = 64;

const PUPIL: &str = "GAREleve";
const MEF: &str = "GARPersonMEF";

const COLUMNS: Columns = Columns {
    eleve_id: "",
    needs_id: false,
    ine: "",
    last_name: "GARPersonNom",
    first_name: "GARPersonPrenom",
    birth_date: "GARPersonDateNaissance",
    left_on: "",
    mef: "GARMEFCode",
    class: "",
    remedy: "Corrigez la fiche dans SIECLE.",
};

/// Reads the pupils of school `uai`, from the first byte of the file.
pub fn read(source: impl Read + Seek, uai: &Uai, sink: &mut Sink<'_>) -> Result<Head, Refused> {
    let mut pupils = Pupils {
        expected: uai,
        sink,
        pupils: 0,
        others: 0,
        another: String::new(),
        held: Vec::new(),
        places: HashMap::new(),
    };
    xml::records(source, &mut pupils)?;
    pupils.finish()
}

struct Pupils<'a, 'b> {
    expected: &'a Uai,
    sink: &'a mut Sink<'b>,
    pupils: u32,
    /// Pupils of other schools.
    others: u32,
    /// One of these schools.
    another: String,
    held: Vec<StudentRow>,
    /// Where the pupil of a `GARPersonIdentifiant` is held.
    places: HashMap<String, usize>,
}

impl Records for Pupils<'_, '_> {
    fn root(&mut self, name: &str) -> Result<(), Refused> {
        match name {
            "GAR-ENT-Eleve" => Ok(()),
            name if name.starts_with("GAR-ENT-") => Err(other_file(name)),
            name => {
                let remedy = "Demandez ce fichier à qui exploite votre ENT.";
                Err(xml::wrong_root(name, "GAR-ENT-Eleve", remedy))
            }
        }
    }

    fn paths(&self) -> &'static [&'static str] {
        &[PUPIL, MEF]
    }

    fn record(&mut self, path: &'static str, record: &Record) -> Result<(), Refused> {
        if path == PUPIL { self.pupil(record) } else { self.mef(record) }
    }
}

impl Pupils<'_, '_> {
    fn pupil(&mut self, record: &Record) -> Result<(), Refused> {
        self.pupils += 1;
        let row = self.pupils;
        if row > MOST_PUPILS {
            return Err(too_much("élèves"));
        }
        if !self.is_ours(record) {
            self.others += 1;
            return Ok(());
        }
        let texts = Texts {
            // As SIECLE's name of the civil register.
            last_name: record.first(&["GARPersonNomPatro", "GARPersonNom"]),
            first_name: record.text("GARPersonPrenom"),
            birth_date: record.text("GARPersonDateNaissance"),
            ..Texts::default()
        };
        let Some(student) = pupil::check(row, &COLUMNS, &texts, None, self.sink)? else { return Ok(()) };
        let id = record.text("GARPersonIdentifiant");
        if !id.is_empty() && fields::is_text(id, MOST_ID) {
            self.places.insert(id.to_owned(), self.held.len());
        }
        self.held.push(student);
        Ok(())
    }

    /// A pupil may have profiles in several schools.
    fn is_ours(&mut self, record: &Record) -> bool {
        let schools = record
            .all("GARPersonProfils/GARStructureUAI")
            .chain(record.all("GARPersonEtab"))
            .chain(record.all("GARPersonStructRattach"));
        for school in schools {
            if same(school, self.expected) {
                return true;
            }
            if self.another.is_empty() {
                school.clone_into(&mut self.another);
            }
        }
        false
    }

    /// The first MEF of a pupil is kept.
    fn mef(&mut self, record: &Record) -> Result<(), Refused> {
        let code = record.text("GARMEFCode");
        let place = self.places.get(record.text("GARPersonIdentifiant"));
        let Some(student) = place.and_then(|place| self.held.get_mut(*place)) else { return Ok(()) };
        if student.mef.is_some() || code.is_empty() || !same(record.text("GARStructureUAI"), self.expected) {
            return Ok(());
        }
        if let Ok(mef) = Mef::parse(code) {
            student.mef = Some(mef.into_string());
            return Ok(());
        }
        let message = "Ce code MEF est laissé de côté. Corrigez la fiche dans SIECLE.";
        let row = Some(student.row);
        (self.sink)(warning(row, COLUMNS.mef, "malformed_mef", code, "11 caractères", message))
    }

    fn finish(self) -> Result<Head, Refused> {
        if self.pupils > 0 && self.others == self.pupils {
            return Err(Refused::wrong_school(&self.another, self.expected));
        }
        if self.others > 0 {
            let message = format!(
                "{} élèves d'autres établissements de l'ENT sont dans ce fichier : ils sont laissés de côté.",
                self.others
            );
            let (column, code) = ("GARStructureUAI", "other_schools");
            (self.sink)(warning(None, column, code, &self.another, self.expected.as_str(), &message))?;
        }
        let ours = self.pupils > 0;
        for student in self.held {
            (self.sink)(Item::Student(student))?;
        }
        let establishment = ours.then(|| self.expected.as_str().to_owned());
        let mut head = Head { establishment, ..Head::default() };
        head.read.insert("students", self.pupils);
        Ok(head)
    }
}

fn same(read: &str, expected: &Uai) -> bool {
    Uai::parse(read).is_ok_and(|uai| uai.digits() == expected.digits())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::told::{Told, told};

    fn pupil(id: &str, uai: &str, inner: &str) -> String {
        format!(
            "<men:GAREleve><men:GARPersonIdentifiant>{id}</men:GARPersonIdentifiant><men:GARPersonProfils>\
             <men:GARStructureUAI>{uai}</men:GARStructureUAI><men:GARPersonProfil>National_elv</men:GARPersonProfil>\
             </men:GARPersonProfils>{inner}</men:GAREleve>"
        )
    }

    fn mef(id: &str, uai: &str, code: &str) -> String {
        format!(
            "<men:GARPersonMEF><men:GARStructureUAI>{uai}</men:GARStructureUAI><men:GARPersonIdentifiant>{id}\
             </men:GARPersonIdentifiant><men:GARMEFCode>{code}</men:GARMEFCode></men:GARPersonMEF>"
        )
    }

    fn collect(items: &[String]) -> Result<Told, &'static str> {
        let file = format!(
            "<men:GAR-ENT-Eleve xmlns:men=\"http://data.education.fr/ns/gar\" Version=\"1.0\">{}</men:GAR-ENT-Eleve>",
            items.concat()
        );
        told(file.as_bytes(), read)
    }

    const CAMILLE: &str = "<men:GARPersonNomPatro>VOLLMERANGE</men:GARPersonNomPatro><men:GARPersonNom>USAGE</men:GARPersonNom>\
        <men:GARPersonPrenom>Camille</men:GARPersonPrenom><men:GARPersonDateNaissance>2005-03-14</men:GARPersonDateNaissance>";
    const OURS: &str = "0579999J";

    #[test]
    fn pupils_of_the_school_with_their_mef() {
        let told = collect(&[
            pupil("a", OURS, CAMILLE),
            pupil("b", "0570001S", CAMILLE),
            pupil(
                "c",
                OURS,
                "<men:GARPersonNom>MARTIN</men:GARPersonNom><men:GARPersonPrenom>Lucas</men:GARPersonPrenom>",
            ),
            pupil("d", OURS, "<men:GARPersonNom>SANS</men:GARPersonNom>"),
            mef("a", "0570001S", "20110019110"),
            mef("a", OURS, "20010018110"),
            mef("a", OURS, "20210019110"),
            mef("b", OURS, "20010018110"),
            mef("c", OURS, "2001"),
        ])
        .unwrap();
        let pupils: Vec<_> = told
            .students
            .iter()
            .map(|s| (s.row, s.last_name.as_str(), s.mef.as_deref(), s.ine.as_deref()))
            .collect();
        assert_eq!(pupils, [(1, "VOLLMERANGE", Some("20010018110"), None), (3, "MARTIN", None, None)]);
        assert_eq!(told.students[0].birth_date.unwrap().to_string(), "2005-03-14");
        assert_eq!(
            told.issues(),
            [
                (Some(4), "GARPersonPrenom", "missing"),
                (Some(3), "GARMEFCode", "malformed_mef"),
                (None, "GARStructureUAI", "other_schools"),
            ]
        );
        assert_eq!((told.head.read["students"], told.head.complete), (4, false));
        assert_eq!(told.head.establishment.as_deref(), Some(OURS));
    }

    #[test]
    fn others_are_refused() {
        assert_eq!(collect(&[pupil("b", "0570001S", CAMILLE)]).err(), Some("wrong_school"));
        for (text, code) in [("<men:GAR-ENT-Etab/>", "gar_category"), ("<BEE_ELEVES/>", "wrong_root")] {
            assert_eq!(told(text.as_bytes(), read).err(), Some(code));
        }
        assert_eq!(collect(&[]).unwrap().head.establishment, None);
    }
}
