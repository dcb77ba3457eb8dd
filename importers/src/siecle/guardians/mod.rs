//! `ResponsablesAvecAdresses.xml` and `ResponsablesSansAdresses.xml` (root `BEE_RESPONSABLES`): persons,
//! then whom each answers for. Of a person only what reaches them is kept.
//!
//! Sources of the elements: GEPI `init_xml2/responsables.php`, SACoche, dossiersco's fixtures.

mod known;

use super::parameters::Parameters;
use crate::fields::{self, MOST_CODE, MOST_NAME, left_out, unfit, warning};
use crate::xml::{self, Record, Records, too_much};
use crate::{Head, Item, Refused, Sink};
use domain::identifiers::Uai;
use domain::rows::{GuardianLinkRow, GuardianRow};
use known::Known;
use std::io::{Read, Seek};

/// Persons of a file: those of an académie.
const MOST_PERSONS: u32 = 1_000_000;
/// Links of a file.
const MOST_LINKS: u32 = 2_000_000;

const PARAMETERS: &str = "PARAMETRES";
const PERSON: &str = "DONNEES/PERSONNES/PERSONNE";
const LINK: &str = "DONNEES/RESPONSABLES/RESPONSABLE_ELEVE";
const REMEDY: &str = "Corrigez la fiche dans SIECLE.";

/// SIECLE's `CODE_PARENTE` and its French word (table of SACoche).
pub const RELATIONSHIPS: [(&str, &str); 11] = [
    ("10", "mère"),
    ("20", "père"),
    ("37", "fratrie"),
    ("38", "ascendant"),
    ("39", "autre famille"),
    ("41", "éducateur"),
    ("42", "assistant familial"),
    ("50", "tuteur"),
    ("51", "ASE"),
    ("70", "l'élève lui-même"),
    ("90", "autre"),
];

/// Levels of responsibility.
const LEGAL: u8 = 1;
const CONTACT: u8 = 3;

/// Reads the persons and links of school `uai`, from its first byte.
pub fn read(source: impl Read + Seek, uai: &Uai, sink: &mut Sink<'_>) -> Result<Head, Refused> {
    let mut guardians = Guardians {
        expected: uai,
        sink,
        parameters: Parameters::default(),
        persons: 0,
        links: 0,
        known: Known::default(),
    };
    xml::records(source, &mut guardians)?;
    guardians.finish()
}

struct Guardians<'a, 'b> {
    expected: &'a Uai,
    sink: &'a mut Sink<'b>,
    parameters: Parameters,
    persons: u32,
    links: u32,
    known: Known,
}

impl Records for Guardians<'_, '_> {
    fn root(&mut self, name: &str) -> Result<(), Refused> {
        super::check_root(name, "BEE_RESPONSABLES", "Responsables sans adresses")
    }

    fn paths(&self) -> &'static [&'static str] {
        &[PERSON, LINK, PARAMETERS]
    }

    fn record(&mut self, path: &'static str, record: &Record) -> Result<(), Refused> {
        match path {
            PERSON => self.person(record),
            LINK => self.link(record),
            _ => {
                self.parameters = Parameters::of(record);
                self.parameters.check_school(self.expected)?.map_or(Ok(()), &mut *self.sink)
            }
        }
    }
}

impl Guardians<'_, '_> {
    fn person(&mut self, record: &Record) -> Result<(), Refused> {
        // Which links name nobody is known while they stream by only when persons come first, as they do.
        if self.links > 0 {
            let detail = "Ce fichier donne les liens avant les personnes, ce que SIECLE ne fait pas.";
            return Err(Refused::new(
                "wrong_order",
                detail,
                "Déposez le fichier tel que SIECLE l'a exporté.",
            ));
        }
        self.persons += 1;
        if self.persons > MOST_PERSONS {
            return Err(too_much("responsables"));
        }
        let row = self.persons;
        let person_id = record.text("@PERSONNE_ID");
        // Whom the school calls and who signs goes by the usual name; nobody is found again by it.
        let last_name = record.first(&["NOM_USAGE", "NOM_DE_FAMILLE", "NOM"]);
        let first_name = record.text("PRENOM");
        let columns = [
            ("PERSONNE_ID", person_id, MOST_CODE, false),
            ("NOM_DE_FAMILLE", last_name, MOST_NAME, false),
            // A service such as the ASE has none.
            ("PRENOM", first_name, MOST_NAME, true),
        ];
        if let Some(fault) = unfit(row, &columns, REMEDY) {
            return (self.sink)(fault);
        }
        if !self.known.add(person_id, row) {
            let message =
                format!("Cette personne est déjà dans le fichier : elle est gardée une fois. {REMEDY}");
            let expected = "une fiche pour une personne";
            return (self.sink)(left_out(
                row,
                "PERSONNE_ID",
                "duplicate_guardian",
                person_id,
                expected,
                &message,
            ));
        }
        let phone = self.phone(row, record)?;
        let email = record.text("MEL");
        let known = fields::email(email);
        if known.is_none() && !email.is_empty() {
            let message = format!("Cette adresse électronique est laissée de côté. {REMEDY}");
            let expected = "une adresse comme nom@domaine.fr";
            (self.sink)(warning(Some(row), "MEL", "malformed_email", email, expected, &message))?;
        }
        (self.sink)(Item::Guardian(GuardianRow {
            row,
            person_id: person_id.to_owned(),
            last_name: last_name.to_owned(),
            first_name: first_name.to_owned(),
            phone,
            email: known,
        }))
    }

    /// The mobile one, to which EduConnect sends its codes; else the one at home.
    fn phone(&mut self, row: u32, record: &Record) -> Result<Option<String>, Refused> {
        for column in ["TEL_PORTABLE", "TEL_PERSONNEL"] {
            let text = record.text(column);
            if text.is_empty() {
                continue;
            }
            if let Some(phone) = fields::phone(text) {
                return Ok(Some(phone));
            }
            let message = format!("Ce numéro de téléphone est laissé de côté. {REMEDY}");
            let expected = "un numéro de 6 à 15 chiffres";
            (self.sink)(warning(Some(row), column, "malformed_phone", text, expected, &message))?;
        }
        Ok(None)
    }

    fn link(&mut self, record: &Record) -> Result<(), Refused> {
        self.links += 1;
        if self.links > MOST_LINKS {
            return Err(too_much("liens de responsables"));
        }
        let row = self.links;
        let (eleve_id, person_id) = (record.text("ELEVE_ID"), record.text("PERSONNE_ID"));
        let columns =
            [("ELEVE_ID", eleve_id, MOST_CODE, false), ("PERSONNE_ID", person_id, MOST_CODE, false)];
        if let Some(fault) = unfit(row, &columns, REMEDY) {
            return (self.sink)(fault);
        }
        if !self.known.link(person_id) {
            let message = format!(
                "Ce lien nomme une personne qui n'est pas dans le fichier : il est laissé de côté. {REMEDY}"
            );
            let expected = "une personne du fichier";
            return (self.sink)(left_out(
                row,
                "PERSONNE_ID",
                "guardian_unknown",
                person_id,
                expected,
                &message,
            ));
        }
        let level = self.level(row, record)?;
        let relationship = self.relationship(row, record.text("CODE_PARENTE"))?;
        (self.sink)(Item::GuardianLink(GuardianLinkRow {
            row,
            eleve_id: eleve_id.to_owned(),
            person_id: person_id.to_owned(),
            level,
            relationship: relationship.to_owned(),
        }))
    }

    /// `NIVEAU_RESPONSABILITE` since 30/03/2018, before it `RESP_LEGAL`: 1 and 2 were the two legal
    /// guardians, 0 all others.
    fn level(&mut self, row: u32, record: &Record) -> Result<u8, Refused> {
        let (level, old) = (record.text("NIVEAU_RESPONSABILITE"), record.text("RESP_LEGAL"));
        let (column, read) = if level.is_empty() && !old.is_empty() {
            ("RESP_LEGAL", old)
        } else {
            ("NIVEAU_RESPONSABILITE", level)
        };
        match (column, read) {
            ("NIVEAU_RESPONSABILITE", "1") | ("RESP_LEGAL", "1" | "2") => Ok(LEGAL),
            ("NIVEAU_RESPONSABILITE", "2") => Ok(2),
            ("NIVEAU_RESPONSABILITE", "3") | ("RESP_LEGAL", "0") => Ok(CONTACT),
            _ => {
                // Who is taken for less than they are signs nothing by mistake.
                let message = format!("Cette personne est prise pour un simple contact. {REMEDY}");
                (self.sink)(warning(Some(row), column, "level_unknown", read, "1, 2 ou 3", &message))?;
                Ok(CONTACT)
            }
        }
    }

    fn relationship(&mut self, row: u32, code: &str) -> Result<&'static str, Refused> {
        let known = RELATIONSHIPS.iter().find(|(known, _)| *known == code).map(|(_, word)| *word);
        if known.is_none() && !code.is_empty() {
            let message = "Ce code de parenté est inconnu ; le lien est pris comme « autre ».";
            let expected = "un code de SIECLE : 10 mère, 20 père, 50 tuteur…";
            (self.sink)(warning(Some(row), "CODE_PARENTE", "relationship_unknown", code, expected, message))?;
        }
        Ok(known.unwrap_or("autre"))
    }

    fn finish(self) -> Result<Head, Refused> {
        self.parameters.check_school(self.expected)?;
        let mut head = self.parameters.head()?;
        head.read.insert("guardians", self.persons);
        head.read.insert("links", self.links);
        let message = format!("Cette personne ne répond d'aucun élève du fichier. {REMEDY}");
        for (row, person_id) in self.known.alone() {
            let (code, expected) = ("guardian_without_student", "un lien avec un élève");
            (self.sink)(warning(Some(row), "PERSONNE_ID", code, &person_id, expected, &message))?;
        }
        Ok(head)
    }
}

#[cfg(test)]
mod tests;
