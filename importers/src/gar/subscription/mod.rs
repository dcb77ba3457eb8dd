//! `abonnement`, by which a distributor declares to the GAR what a school has subscribed to: licences of one
//! resource. A school cannot send it; its fields are the model for licences.
//! Source of the fields: github Ludicat/api-gar, edumedia-sciences/GarApiBundle.

use crate::fields::{self, MOST_NAME, left_out, some, unfit, warning};
use crate::xml::{self, Record, Records, too_much};
use crate::{Head, Item, Refused, Sink, school};
use chrono::NaiveDate;
use domain::identifiers::Uai;
use domain::rows::{Reference, ReferenceRow, UNLIMITED};
use std::io::{Read, Seek};

/// Subscriptions of a file.
const MOST_SUBSCRIPTIONS: u32 = 10_000;
/// Characters of an `idAbonnement`.
const MOST_ID: usize = 45;
/// Characters of an ark and of the name of a resource.
const MOST_TEXT: usize = 255;

const REMEDY: &str = "Demandez au distributeur de corriger l'abonnement.";
const BY_PUBLIC: [&str; 4] =
    ["nbLicenceEleve", "nbLicenceEnseignant", "nbLicenceProfDoc", "nbLicenceAutrePersonnel"];
const GLOBAL: &str = "nbLicenceGlobale";

/// Reads the subscriptions of school `uai`, from the first byte: one, or several in `abonnements`.
pub fn read(source: impl Read + Seek, uai: &Uai, sink: &mut Sink<'_>) -> Result<Head, Refused> {
    let mut told =
        Subscriptions { expected: uai, sink, alone: false, read: 0, others: 0, another: String::new() };
    xml::records(source, &mut told)?;
    if told.others > 0 && told.others == told.read {
        return Err(Refused::wrong_school(&told.another, uai));
    }
    let mut head = Head { establishment: Some(uai.as_str().to_owned()), ..Head::default() };
    head.read.insert("licence", told.read);
    Ok(head)
}

struct Subscriptions<'a, 'b> {
    expected: &'a Uai,
    sink: &'a mut Sink<'b>,
    /// The root is the subscription.
    alone: bool,
    read: u32,
    /// Of other schools.
    others: u32,
    /// One of these schools.
    another: String,
}

impl Records for Subscriptions<'_, '_> {
    fn root(&mut self, name: &str) -> Result<(), Refused> {
        self.alone = name == "abonnement";
        if self.alone || name == "abonnements" {
            return Ok(());
        }
        let remedy = "Demandez au distributeur l'abonnement qu'il a déclaré au GAR.";
        Err(xml::wrong_root(name, "abonnement", remedy))
    }

    fn paths(&self) -> &'static [&'static str] {
        if self.alone { &[""] } else { &["abonnement"] }
    }

    fn record(&mut self, _: &'static str, record: &Record) -> Result<(), Refused> {
        self.read += 1;
        if self.read > MOST_SUBSCRIPTIONS {
            return Err(too_much("abonnements"));
        }
        let ours = |uai: &str| school::check(uai, self.expected, "uaiEtab").is_ok();
        if record.all("uaiEtab").any(ours) {
            return self.subscription(self.read, record);
        }
        self.others += 1;
        record.text("uaiEtab").clone_into(&mut self.another);
        let message =
            format!("Cet abonnement est celui d'un autre établissement : il est laissé de côté. {REMEDY}");
        let (read, expected) = (record.text("uaiEtab"), self.expected.as_str());
        (self.sink)(left_out(self.read, "uaiEtab", "other_school", read, expected, &message))
    }
}

impl Subscriptions<'_, '_> {
    fn subscription(&mut self, row: u32, record: &Record) -> Result<(), Refused> {
        let (id, resource) = (record.text("idAbonnement"), record.text("idRessource"));
        let title = record.text("libelleRessource");
        let columns = [
            ("idAbonnement", id, MOST_ID, false),
            ("idRessource", resource, MOST_TEXT, false),
            ("libelleRessource", title, MOST_TEXT.max(MOST_NAME), true),
        ];
        if let Some(fault) = unfit(row, &columns, REMEDY) {
            return (self.sink)(fault);
        }
        let (students, teachers) = match counts(record) {
            Ok(counts) => counts,
            Err(Wrong { column, code, read, expected, what }) => {
                let message = format!("{what} : l'abonnement est laissé de côté. {REMEDY}");
                return (self.sink)(left_out(row, column, code, read, expected, &message));
            }
        };
        let valid_from = self.day(row, "debutValidite", record.text("debutValidite"))?;
        let valid_to = self.valid_to(row, record)?;
        let is_ark =
            record.text("typeIdRessource").eq_ignore_ascii_case("ark") || resource.starts_with("ark:");
        (self.sink)(Item::Reference(ReferenceRow {
            row,
            reference: Reference::Licence {
                source: "gar".into(),
                id: id.to_owned(),
                title: if title.is_empty() { resource.to_owned() } else { title.to_owned() },
                publisher: None,
                ean: None,
                ark: some(resource).filter(|_| is_ark),
                students,
                teachers,
                unit_price: None,
                state: None,
                free: false,
                valid_from,
                valid_to,
            },
        }))
    }

    /// `finValidite`, or the end of the school year `anneeFinValidite`: one of them.
    fn valid_to(&mut self, row: u32, record: &Record) -> Result<Option<NaiveDate>, Refused> {
        let (day, year) = (record.text("finValidite"), record.text("anneeFinValidite"));
        if day.is_empty() == year.is_empty() {
            let message = format!("La fin de l'abonnement est dite deux fois, ou pas du tout. {REMEDY}");
            let expected = "finValidite ou anneeFinValidite";
            (self.sink)(warning(Some(row), "finValidite", "validity_end", year, expected, &message))?;
        }
        if !day.is_empty() {
            return self.day(row, "finValidite", day);
        }
        let end = school::starting_year(year).and_then(|start| NaiveDate::from_ymd_opt(start + 1, 8, 31));
        if end.is_none() && !year.is_empty() {
            let message = "Cette année est laissée de côté.";
            let (column, expected) = ("anneeFinValidite", "une année scolaire comme 2020-2021");
            (self.sink)(warning(Some(row), column, "not_a_year", year, expected, message))?;
        }
        Ok(end)
    }

    fn day(&mut self, row: u32, column: &str, text: &str) -> Result<Option<NaiveDate>, Refused> {
        let day = fields::day(text);
        if day.is_none() && !text.is_empty() {
            let message = format!("{column} n'est pas une date : elle est laissée vide.");
            (self.sink)(warning(Some(row), column, "not_a_date", text, "aaaa-mm-jj", &message))?;
        }
        Ok(day)
    }
}

/// Why a subscription has no number of licences that can be taken.
struct Wrong<'a> {
    column: &'static str,
    code: &'static str,
    read: &'a str,
    expected: &'static str,
    /// French, without its full stop.
    what: &'static str,
}

/// Licences of pupils and of teachers; librarians and other staff have licences of their own and count
/// with the teachers. `ETABL` grants a number to the whole school, which stands with the pupils when they
/// are a public of it: it is one number and counts once.
fn counts(record: &Record) -> Result<(u32, u32), Wrong<'_>> {
    let by_public = BY_PUBLIC.into_iter().find(|column| !record.text(column).is_empty());
    let whole = record.text("typeAffectation").eq_ignore_ascii_case("ETABL");
    let twice = |column, expected, what| {
        Err(Wrong { column, code: "licence_counts", read: record.text(column), expected, what })
    };
    match (record.text(GLOBAL), by_public) {
        ("", None) => Err(Wrong {
            column: GLOBAL,
            code: "missing",
            read: "",
            expected: "nbLicenceGlobale, ou nbLicenceEleve, nbLicenceEnseignant…",
            what: "Aucun nombre de licences",
        }),
        ("", Some(column)) if whole => {
            let what = "Un abonnement d'établissement (ETABL) a un seul nombre de licences";
            twice(column, "nbLicenceGlobale seul", what)
        }
        ("", Some(_)) => by_public_counts(record),
        (_, Some(column)) => {
            twice(column, "l'un ou l'autre", "Les licences sont dites pour tous et par public")
        }
        (_, None) => {
            let count = licences(record, GLOBAL)?;
            let publics: Vec<&str> = record.all("publicCible").collect();
            let are_pupils = |public: &&str| public.eq_ignore_ascii_case("ELEVE");
            let pupils = publics.is_empty() || publics.iter().any(are_pupils);
            let staff = publics.is_empty() || !publics.iter().all(are_pupils);
            Ok(match (pupils, staff) {
                (true, true) if count == UNLIMITED => (UNLIMITED, UNLIMITED),
                (true, _) => (count, 0),
                (false, _) => (0, count),
            })
        }
    }
}

fn by_public_counts(record: &Record) -> Result<(u32, u32), Wrong<'_>> {
    let [students, staff @ ..] = BY_PUBLIC;
    let mut teachers = 0_u32;
    for column in staff {
        teachers = teachers.saturating_add(licences(record, column)?).min(UNLIMITED);
    }
    Ok((licences(record, students)?, teachers))
}

/// A number of licences; a column that says nothing grants none.
fn licences<'a>(record: &'a Record, column: &'static str) -> Result<u32, Wrong<'a>> {
    let read = record.text(column);
    let is_number = read.bytes().all(|b| b.is_ascii_digit());
    let count = match read {
        "" => Some(0),
        read if read.eq_ignore_ascii_case("ILLIMITE") => Some(UNLIMITED),
        read => read.parse().ok().filter(|count| is_number && *count < UNLIMITED),
    };
    count.ok_or(Wrong {
        column,
        code: "not_a_number",
        read,
        expected: "un nombre ou ILLIMITE",
        what: "Ce nombre de licences est illisible",
    })
}

#[cfg(test)]
mod tests;
