//! UnDeuxTEMPS' zip for the ENT: `UDCal_08.xml` divisions, `_10` pupils, `_19` groups, `_21` who is in which
//! group, `_00` the year. Pupils have a name and a birth date, no INE; their division is that of their groups.
//! Entries are read one after the other. Source of the elements: entcore's `UDTHandler` and `UDTImporter`,
//! whose attributes these are; children of the same names are taken too.

use crate::class::{is_class, twice};
use crate::fields::{MOST_CODE, MOST_NAME, is_code, unfit, warning};
use crate::pupil::{self, Columns, Texts};
use crate::xml::{self, Record, Records, too_much};
use crate::{Head, Item, Refused, Sink, archive, school};
use domain::identifiers::Uai;
use domain::rows::{Reference, ReferenceRow};
use std::collections::{BTreeSet, HashMap};
use std::io::{Read, Seek};
use zip::ZipArchive;

/// Bytes that may come out of one entry: a lycée's largest has a few million.
const MOST_ENTRY_BYTES: u64 = 64 * 1024 * 1024;
/// Divisions and groups of a file, each.
const MOST_DIVISIONS: usize = 20_000;
/// Pupils of a file.
const MOST_PUPILS: usize = 50_000;
/// Rows of one entry.
const MOST_ROWS: u32 = 2_000_000;

const REMEDY: &str = "Corrigez dans UnDeuxTEMPS.";
const COLUMNS: Columns = Columns {
    eleve_id: "",
    needs_id: false,
    ine: "",
    last_name: "nom",
    first_name: "prenom",
    birth_date: "naissance",
    left_on: "",
    mef: "",
    class: "code_div",
    remedy: REMEDY,
};

/// Whether the name of an entry is one of the archive's.
pub fn is_entry(name: &str) -> bool {
    number(name).is_some()
}

/// Of `UDCal_08.xml`, in whatever case and folder, `08`.
fn number(name: &str) -> Option<&str> {
    let name = name.rsplit(['/', '\\']).next()?;
    let (start, rest) = name.split_at_checked(6)?;
    let (number, end) = rest.split_at_checked(2)?;
    let shaped = start.eq_ignore_ascii_case("udcal_")
        && end.eq_ignore_ascii_case(".xml")
        && number.bytes().all(|b| b.is_ascii_digit());
    shaped.then_some(number)
}

/// Reads the divisions, then the pupils.
pub fn read(source: impl Read + Seek, uai: &Uai, sink: &mut Sink<'_>) -> Result<Head, Refused> {
    let mut packed = archive::open(source)?;
    for told in folders(&packed) {
        if let Some(issue) = school::check(&told, uai, "dossier")? {
            sink(issue)?;
        }
    }
    let entries = entries(&packed);
    for needed in ["08", "10"] {
        if !entries.contains_key(needed) {
            return Err(Refused::new(
                "udt_entries",
                format!("L'archive n'a pas UDCal_{needed}.xml."),
                "Dans UnDeuxTEMPS, refaites l'export pour l'ENT et déposez l'archive entière.",
            ));
        }
    }
    let mut told = Told {
        sink,
        year: None,
        divisions: HashMap::new(),
        classes: 0,
        groups: HashMap::new(),
        links: 0,
        places: HashMap::new(),
        pupils: 0,
    };
    // What is needed to understand the next one comes first.
    for number in ["00", "08", "19", "21", "10"] {
        if let Some(index) = entries.get(number) {
            xml::records_of_entry(&mut packed, *index, MOST_ENTRY_BYTES, &mut told)?;
        }
    }
    let mut head = Head { school_year: told.year, ..Head::default() };
    head.read.insert("class", told.classes);
    head.read.insert("students", told.pupils);
    Ok(head)
}

/// The schools whose folders the entries lie in, when they lie in such: no entry names any.
fn folders<R: Read + Seek>(packed: &ZipArchive<R>) -> BTreeSet<String> {
    let names = archive::useful(packed).into_iter().filter_map(|index| packed.name_for_index(index)?.ok());
    let entries = names.filter(|name| is_entry(name));
    let told = entries.flat_map(|name| {
        let folders = name.split(['/', '\\']).filter(|folder| Uai::parse(folder).is_ok());
        folders.map(str::to_owned).collect::<Vec<_>>()
    });
    told.collect()
}

fn entries<R: Read + Seek>(packed: &ZipArchive<R>) -> HashMap<String, usize> {
    let useful = archive::useful(packed);
    let numbered = useful.into_iter().filter_map(|index| {
        let name = packed.name_for_index(index)?.ok()?;
        Some((number(&name)?.to_owned(), index))
    });
    numbered.collect()
}

/// The division that the groups of a pupil are of.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    /// By a link to the division itself.
    Whole(String),
    /// By a group of it.
    Part(String),
    /// By groups of several.
    Several,
}

struct Told<'a, 'b> {
    sink: &'a mut Sink<'b>,
    year: Option<i32>,
    /// Code of the class, which SIECLE and STS know, by UDT's own.
    divisions: HashMap<String, String>,
    classes: u32,
    /// UDT's code of the division by that of the group; none when it is a group's of several divisions.
    groups: HashMap<String, Option<String>>,
    links: u32,
    /// By UDT's number of the pupil.
    places: HashMap<String, Place>,
    pupils: u32,
}

impl Records for Told<'_, '_> {
    fn root(&mut self, _: &str) -> Result<(), Refused> {
        // Entries are known by their names: their roots are not told anywhere.
        Ok(())
    }

    fn paths(&self) -> &'static [&'static str] {
        &["*/annee", "*/div", "*/gpe", "*/ele_gpe", "*/eleve"]
    }

    fn record(&mut self, path: &'static str, record: &Record) -> Result<(), Refused> {
        match path {
            "*/annee" => {
                self.year = self.year.or_else(|| school::starting_year(record.text("")));
                Ok(())
            }
            "*/div" => self.division(record),
            "*/gpe" => self.group(record),
            "*/ele_gpe" => self.link(record),
            _ => self.pupil(record),
        }
    }
}

impl Told<'_, '_> {
    fn division(&mut self, record: &Record) -> Result<(), Refused> {
        self.classes += 1;
        let row = self.classes;
        if self.divisions.len() >= MOST_DIVISIONS {
            return Err(too_much("divisions"));
        }
        let own = record.first(&["@code", "code"]);
        let code = match record.first(&["@code_sts", "code_sts", "@code_gep", "code_gep"]) {
            "" => own,
            code => code,
        };
        let label = record.first(&["@libelle", "libelle"]);
        let columns = [
            ("code", own, MOST_CODE, false),
            ("code_sts", code, MOST_CODE, false),
            ("libelle", label, MOST_NAME, true),
        ];
        if let Some(fault) = unfit(row, &columns, REMEDY) {
            return (self.sink)(fault);
        }
        if !is_class(code) {
            return Ok(());
        }
        if self.divisions.contains_key(own) {
            return (self.sink)(twice(row, "code", own, REMEDY));
        }
        self.divisions.insert(own.to_owned(), code.to_owned());
        (self.sink)(Item::Reference(ReferenceRow {
            row,
            reference: Reference::Class {
                source: "udt".into(),
                code: code.to_owned(),
                label: label.to_owned(),
                mefs: Vec::new(),
                expected: None,
            },
        }))
    }

    fn group(&mut self, record: &Record) -> Result<(), Refused> {
        if self.groups.len() >= MOST_DIVISIONS * 2 {
            return Err(too_much("groupes"));
        }
        let division = record.first(&["@code_div", "code_div"]);
        for code in [record.first(&["@code", "code"]), record.first(&["@id", "id"])] {
            if code.is_empty() || division.is_empty() || !is_code(code) || !is_code(division) {
                continue;
            }
            // Codes of groups are each division's own; only one that is everybody's tells a division.
            self.groups
                .entry(code.to_owned())
                .and_modify(|known| *known = known.take().filter(|known| known == division))
                .or_insert_with(|| Some(division.to_owned()));
        }
        Ok(())
    }

    fn link(&mut self, record: &Record) -> Result<(), Refused> {
        self.links += 1;
        if self.links > MOST_ROWS {
            return Err(too_much("liens d'élèves"));
        }
        let (pupil, group) = (record.first(&["@ele", "ele"]), record.first(&["@gpe", "gpe"]));
        // `theorique="0"` is a link that is not in force.
        if pupil.is_empty() || !is_code(pupil) || record.first(&["@theorique", "theorique"]) == "0" {
            return Ok(());
        }
        let told = record.first(&["@code_div", "code_div"]);
        let division = if told.is_empty() {
            self.groups.get(group).and_then(Option::as_deref).unwrap_or("")
        } else {
            told
        };
        let Some(class) = self.divisions.get(division) else { return Ok(()) };
        let place = if group.is_empty() { Place::Whole(class.clone()) } else { Place::Part(class.clone()) };
        if let Some(known) = self.places.get_mut(pupil) {
            *known = known.clone().with(place);
            return Ok(());
        }
        if self.places.len() >= MOST_PUPILS {
            return Err(too_much("élèves"));
        }
        self.places.insert(pupil.to_owned(), place);
        Ok(())
    }

    fn pupil(&mut self, record: &Record) -> Result<(), Refused> {
        self.pupils += 1;
        let row = self.pupils;
        if row > MOST_ROWS {
            return Err(too_much("élèves"));
        }
        let class = match self.places.remove(record.first(&["@code", "code"])) {
            Some(Place::Whole(class) | Place::Part(class)) => class,
            Some(Place::Several) => {
                let message = format!(
                    "Les groupes de cet élève sont de plusieurs divisions : sa classe est laissée vide. {REMEDY}"
                );
                let expected = "des groupes d'une seule division";
                (self.sink)(warning(Some(row), "code_div", "several_classes", "", expected, &message))?;
                String::new()
            }
            None => String::new(),
        };
        let texts = Texts {
            last_name: record.first(&["@nom", "nom"]),
            first_name: record.first(&["@prenom", "prenom"]),
            birth_date: record.first(&["@naissance", "naissance"]),
            class: &class,
            ..Texts::default()
        };
        pupil::tell(row, &COLUMNS, &texts, None, self.sink)
    }
}

impl Place {
    /// What two links say together: a division itself says more than a group of one.
    fn with(self, other: Self) -> Self {
        match (self, other) {
            (Place::Whole(a), Place::Whole(b)) | (Place::Part(a), Place::Part(b)) if a != b => Place::Several,
            (Place::Whole(class), _) | (_, Place::Whole(class)) => Place::Whole(class),
            (Place::Part(class), Place::Part(_)) => Place::Part(class),
            _ => Place::Several,
        }
    }
}

#[cfg(test)]
mod tests;
