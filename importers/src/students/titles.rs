//! Which table of pupils it is, by its titles.

use crate::table::lines::Columns;
use domain::rows::FileKind;

/// The tables of pupils.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// `ElevesComplete`: 136 columns, a line for each class or group of a pupil. Names are `Nom` before
    /// 2016; guardians are `Repr. Lég. 1` and `2`, later `Repr. Lég.` and `Autre Repr. Lég.`.
    Complete,
    /// `exportCSVExtraction`: the columns that somebody chose in SIECLE, a line for each guardian.
    Extraction,
    /// `EXP_Liste_des_eleves_par_division`: `NOM;PRENOM;SEXE;NE(E) LE;MEF;DIV.;REG.;OPT1…`, the sex and
    /// the MEF left out in older ones.
    ByDivision,
    /// EDT's `EXP_ELEVE`, as text.
    Edt,
    /// Columns that somebody named.
    Mapped,
}

type Words = [(&'static str, &'static [&'static str])];

const COMPLETE: &Words = &[
    ("last_name", &["nom de famille", "nom"]),
    ("first_name", &["prenom", "prenom 1"]),
    ("birth_date", &["date naissance", "date de naissance"]),
    ("ine", &["id national", "ine"]),
    ("left_on", &["date sortie", "date de sortie"]),
    ("mef", &["code mef"]),
    ("structure", &["code structure"]),
    ("structure_type", &["type structure"]),
    ("school_number", &["num eleve etab"]),
    ("internal_number", &["eleve no etab"]),
    ("eleve_id", &["eleve id"]),
];

const EXTRACTION: &Words = &[
    ("last_name", &["nom", "nom de famille"]),
    ("first_name", &["prenom 1"]),
    ("birth_date", &["date de naissance"]),
    ("ine", &["ine", "id national"]),
    ("left_on", &["date de sortie", "date sortie"]),
    ("mef", &["mef", "code mef"]),
    ("class", &["division"]),
    ("groups", &["groupe", "groupes"]),
    ("internal_number", &["n interne"]),
];

const BY_DIVISION: &Words = &[
    ("last_name", &["nom"]),
    ("first_name", &["prenom"]),
    ("birth_date", &["ne e le", "date de naissance"]),
    ("ine", &["ine", "id national"]),
    ("left_on", &["date sortie"]),
    ("mef", &["mef", "code mef"]),
    ("class", &["div", "division"]),
];

const EDT: &Words = &[
    ("last_name", &["nom"]),
    ("first_name", &["prenom"]),
    ("birth_date", &["date naiss"]),
    ("ine", &["n national"]),
    ("class", &["classe"]),
    ("groups", &["groupes"]),
];

impl Table {
    /// The table that has those titles, and where its columns are.
    pub fn of_titles(keys: &[String]) -> Option<(Self, Columns)> {
        let named = |table: Self, words| {
            let columns = Columns::named(keys, words);
            table.is_told_by(&columns).then_some((table, columns))
        };
        named(Table::Complete, COMPLETE)
            .or_else(|| named(Table::Extraction, EXTRACTION))
            .or_else(|| named(Table::Edt, EDT))
            .or_else(|| named(Table::ByDivision, BY_DIVISION))
    }

    fn is_told_by(self, columns: &Columns) -> bool {
        let all = |wanted: &[&str]| wanted.iter().all(|column| columns.has(column));
        let count = |wanted: &[&str]| wanted.iter().filter(|column| columns.has(column)).count();
        all(&["last_name", "first_name"])
            && match self {
                Table::Complete => {
                    all(&["structure"]) && count(&["structure_type", "school_number", "internal_number"]) > 0
                }
                Table::Extraction => count(&["class", "internal_number", "birth_date", "ine"]) >= 2,
                Table::Edt => all(&["birth_date", "ine", "class"]),
                Table::ByDivision => all(&["class", "birth_date"]),
                Table::Mapped => false,
            }
    }

    pub fn kind(self) -> FileKind {
        match self {
            Table::Complete | Table::Extraction | Table::ByDivision => FileKind::StudentsTable,
            Table::Edt => FileKind::EdtStudents,
            Table::Mapped => FileKind::MappedStudents,
        }
    }

    /// A second line about a pupil is a fault.
    pub fn tells_pupils_once(self) -> bool {
        !matches!(self, Table::Complete | Table::Extraction)
    }
}
