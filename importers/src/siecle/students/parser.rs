//! Elements to pupils. They are known by their whole path, as `SCOLARITE_AN_DERNIER`
//! repeats the names of last year's class; unknown ones are passed over.

use super::fields::{COLUMNS, Field, Fields};
use crate::siecle::check_root;
use crate::siecle::parameters::Parameters;
use crate::xml::{Elements, MOST_TEXT, too_much, value};
use crate::{Head, Item, Refused, Sink, class, fields, pupil};
use chrono::NaiveDate;
use domain::entitlement::group_entitles;
use domain::identifiers::Uai;
use domain::rows::StructureRow;
use quick_xml::events::BytesStart;

/// Pupils of a file: a whole académie.
const MOST_PUPILS: u32 = 500_000;
/// `STRUCTURE` elements of a file.
const MOST_STRUCTURES: u32 = 5_000_000;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tag {
    Root,
    Parametres,
    Uaj,
    AnneeScolaire,
    Horodatage,
    DateExport,
    Donnees,
    Eleves,
    Eleve,
    Structures,
    StructuresEleve,
    Structure,
    CodeStructure,
    TypeStructure,
    Field(Field),
    Other,
}

impl Tag {
    fn of(name: &str) -> Self {
        match name {
            "PARAMETRES" => Tag::Parametres,
            "UAJ" => Tag::Uaj,
            "ANNEE_SCOLAIRE" => Tag::AnneeScolaire,
            "HORODATAGE" => Tag::Horodatage,
            "DATE_EXPORT" => Tag::DateExport,
            "DONNEES" => Tag::Donnees,
            "ELEVES" => Tag::Eleves,
            "ELEVE" => Tag::Eleve,
            "STRUCTURES" => Tag::Structures,
            "STRUCTURES_ELEVE" => Tag::StructuresEleve,
            "STRUCTURE" => Tag::Structure,
            "CODE_STRUCTURE" => Tag::CodeStructure,
            "TYPE_STRUCTURE" => Tag::TypeStructure,
            name => Field::of(name).map_or(Tag::Other, Tag::Field),
        }
    }
}

pub struct Parser<'a, 'b> {
    expected: &'a Uai,
    sink: &'a mut Sink<'b>,
    path: Vec<Tag>,
    /// The text of the innermost element is wanted.
    wanted: bool,
    text: String,
    parameters: Parameters,
    /// The day on which ages are judged.
    on: Option<NaiveDate>,
    read: u32,
    structures: u32,
    pupil: Fields,
    structure_student: String,
    structure_code: String,
    structure_kind: String,
}

impl<'a, 'b> Parser<'a, 'b> {
    pub fn new(expected: &'a Uai, sink: &'a mut Sink<'b>) -> Self {
        Self {
            expected,
            sink,
            path: Vec::new(),
            wanted: false,
            text: String::new(),
            parameters: Parameters::default(),
            on: None,
            read: 0,
            structures: 0,
            pupil: Fields::default(),
            structure_student: String::new(),
            structure_code: String::new(),
            structure_kind: String::new(),
        }
    }

    pub fn finish(self) -> Result<Head, Refused> {
        self.parameters.check_school(self.expected)?;
        let mut head = self.parameters.head()?;
        head.read.insert("students", self.read);
        Ok(head)
    }

    /// Where the text of the innermost element goes, when it is wanted.
    fn place(&mut self) -> Option<&mut String> {
        match self.path.as_slice() {
            [_, Tag::Donnees, Tag::Eleves, Tag::Eleve, Tag::Field(field)] => Some(self.pupil.at(*field)),
            [_, Tag::Donnees, Tag::Structures, Tag::StructuresEleve, Tag::Structure, Tag::CodeStructure] => {
                Some(&mut self.structure_code)
            }
            [_, Tag::Donnees, Tag::Structures, Tag::StructuresEleve, Tag::Structure, Tag::TypeStructure] => {
                Some(&mut self.structure_kind)
            }
            [_, Tag::Parametres, Tag::Uaj] => Some(&mut self.parameters.uai),
            [_, Tag::Parametres, Tag::AnneeScolaire] => Some(&mut self.parameters.school_year),
            [_, Tag::Parametres, Tag::Horodatage] => Some(&mut self.parameters.exported_at),
            [_, Tag::Parametres, Tag::DateExport] => Some(&mut self.parameters.exported_on),
            _ => None,
        }
    }

    fn tell_pupil(&mut self) -> Result<(), Refused> {
        pupil::tell(self.read, &COLUMNS, &self.pupil.texts(), self.on, self.sink)
    }

    /// A pupil may have several blocks of structures: they add up.
    fn tell_structure(&mut self) -> Result<(), Refused> {
        self.structures += 1;
        if self.structures > MOST_STRUCTURES {
            return Err(too_much("classes et groupes"));
        }
        let division = self.structure_kind == "D";
        let wanted = if division {
            class::is_class(&self.structure_code)
        } else {
            group_entitles(&self.structure_code)
        };
        let item = if !wanted || self.structure_student.is_empty() {
            None
        } else if !fields::is_code(&self.structure_code) || !fields::is_code(&self.structure_student) {
            let message = "Cette classe est laissée de côté : corrigez son code dans SIECLE.";
            let read = &self.structure_code;
            Some(fields::warning(
                None,
                "CODE_STRUCTURE",
                "malformed_class",
                read,
                "un code de classe",
                message,
            ))
        } else {
            Some(Item::Structure(StructureRow {
                position: self.structures,
                eleve_id: self.structure_student.clone(),
                code: self.structure_code.clone(),
                division,
            }))
        };
        self.structure_code.clear();
        self.structure_kind.clear();
        item.map_or(Ok(()), |item| (self.sink)(item))
    }
}

impl Elements for Parser<'_, '_> {
    fn open(&mut self, name: &str, element: &BytesStart<'_>) -> Result<(), Refused> {
        if self.path.is_empty() {
            check_root(name, "BEE_ELEVES", "Élèves sans adresses")?;
        }
        self.path.push(if self.path.is_empty() { Tag::Root } else { Tag::of(name) });
        self.text.clear();
        match self.path.as_slice() {
            [_, Tag::Donnees, Tag::Eleves, Tag::Eleve] => {
                self.read += 1;
                if self.read > MOST_PUPILS {
                    return Err(too_much("élèves"));
                }
                self.pupil.clear();
                eleve_id(element, &mut self.pupil.eleve_id)?;
            }
            [_, Tag::Donnees, Tag::Structures, Tag::StructuresEleve] => {
                eleve_id(element, &mut self.structure_student)?;
            }
            _ => {}
        }
        self.wanted = self.place().is_some();
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if self.wanted && self.text.len() < MOST_TEXT {
            self.text.push_str(text);
        }
    }

    fn close(&mut self) -> Result<(), Refused> {
        if self.wanted {
            let text = std::mem::take(&mut self.text);
            if let Some(place) = self.place()
                && !text.trim().is_empty()
            {
                place.clear();
                place.push_str(text.trim());
            }
            self.text = text;
        }
        self.text.clear();
        self.wanted = false;
        match self.path.as_slice() {
            [_, Tag::Parametres, Tag::Uaj] => {
                if let Some(issue) = self.parameters.check_school(self.expected)? {
                    (self.sink)(issue)?;
                }
            }
            [_, Tag::Parametres] => self.on = self.parameters.day(),
            [_, Tag::Donnees, Tag::Eleves, Tag::Eleve] => self.tell_pupil()?,
            [_, Tag::Donnees, Tag::Structures, Tag::StructuresEleve, Tag::Structure] => {
                self.tell_structure()?;
            }
            _ => {}
        }
        self.path.pop();
        Ok(())
    }
}

fn eleve_id(element: &BytesStart, into: &mut String) -> Result<(), Refused> {
    into.clear();
    let mut attributes = element.attributes();
    let found = attributes.with_checks(false).flatten().find(|a| a.key.as_ref() == "ELEVE_ID");
    if let Some(attribute) = found {
        into.extend(value(&attribute)?.trim().chars().take(MOST_TEXT));
    }
    Ok(())
}
