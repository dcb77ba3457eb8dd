//! What a row of an imported file says, once it was found to be well formed. Fields that the loan
//! does not need are not here: they never leave the reader.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

/// What a file is, by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// SIECLE's `ElevesSansAdresses` and `ElevesAvecAdresses`.
    Students,
    /// SIECLE's tables: `ElevesComplete`, `exportCSVExtraction`, lists by division.
    StudentsTable,
    /// SIECLE's `ResponsablesAvecAdresses` and `ResponsablesSansAdresses`.
    Guardians,
    /// SIECLE's `Structures`.
    Structures,
    /// SIECLE's `Nomenclature`.
    Nomenclature,
    /// STS-Web's `sts_emp_UAI_YYYY.xml`.
    Sts,
    /// EDT's pupils, text or XML.
    EdtStudents,
    /// EDT's courses, text or XML.
    EdtCourses,
    /// UDT's courses.
    UdtCourses,
    /// UDT's zip for the ENT: divisions, groups, pupils.
    UdtArchive,
    /// Pupils of a table whose columns somebody has mapped, such as Pronote's.
    MappedStudents,
    /// The ministry's `ficAlimMENESR` of pupils, complete or delta.
    Aaf,
    /// The GAR's file of pupils from the ENT.
    Gar,
    /// Accounts of the ENT: printed on slips, never stored.
    Accounts,
    /// The contractor's delivery note.
    Delivery,
    /// Badges of the canteen or the gate.
    Badges,
    /// LDE's feed of orders.
    Orders,
    /// LDE's quotation.
    Quote,
    /// A subscription of the GAR.
    Subscription,
}

/// Every kind, its word for machines, and what a person calls it.
pub const FILE_KINDS: [(FileKind, &str, &str); 19] = [
    (FileKind::Students, "students", "liste d'élèves de SIECLE"),
    (FileKind::StudentsTable, "students_table", "tableau d'élèves de SIECLE"),
    (FileKind::Guardians, "guardians", "responsables de SIECLE"),
    (FileKind::Structures, "structures", "divisions et groupes de SIECLE"),
    (FileKind::Nomenclature, "nomenclature", "nomenclature de SIECLE"),
    (FileKind::Sts, "sts", "export de STS-Web"),
    (FileKind::EdtStudents, "edt_students", "élèves d'EDT"),
    (FileKind::EdtCourses, "edt_courses", "cours d'EDT"),
    (FileKind::UdtCourses, "udt_courses", "cours d'UnDeuxTEMPS"),
    (FileKind::UdtArchive, "udt_archive", "archive d'UnDeuxTEMPS pour l'ENT"),
    (FileKind::MappedStudents, "mapped_students", "tableau d'élèves"),
    (FileKind::Aaf, "aaf", "fichier AAF d'élèves"),
    (FileKind::Gar, "gar", "fichier GAR d'élèves"),
    (FileKind::Accounts, "accounts", "comptes de l'ENT"),
    (FileKind::Delivery, "delivery", "bon de livraison"),
    (FileKind::Badges, "badges", "liste de badges"),
    (FileKind::Orders, "orders", "commandes LDE"),
    (FileKind::Quote, "quote", "devis LDE"),
    (FileKind::Subscription, "subscription", "abonnement GAR"),
];

impl FileKind {
    pub fn as_str(self) -> &'static str {
        self.told().1
    }

    /// French, in lower case.
    pub fn label(self) -> &'static str {
        self.told().2
    }

    pub fn parse(text: &str) -> Option<Self> {
        FILE_KINDS.iter().find(|(_, word, _)| *word == text).map(|(kind, ..)| *kind)
    }

    fn told(self) -> &'static (FileKind, &'static str, &'static str) {
        FILE_KINDS.iter().find(|(kind, ..)| *kind == self).unwrap_or(&FILE_KINDS[0])
    }
}

/// A pupil of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StudentRow {
    /// As a person counts in the file, from 1: a pupil of an XML file, a line of a table.
    pub row: u32,
    /// Absent where the source does not know it; the pupil is then looked for by INE and birth date.
    pub eleve_id: Option<String>,
    pub ine: Option<String>,
    pub last_name: String,
    pub first_name: String,
    pub birth_date: Option<NaiveDate>,
    /// Absent when the file tells classes elsewhere, as [`StructureRow`]s.
    pub class: Option<String>,
    pub mef: Option<String>,
    pub left_on: Option<NaiveDate>,
    /// A delta says that the pupil is gone.
    pub removed: bool,
}

/// The division a pupil is in, or a group that entitles (ULIS, UPE2A).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StructureRow {
    /// Place among the structures of the file, from 1.
    pub position: u32,
    pub eleve_id: String,
    pub code: String,
    pub division: bool,
}

/// Somebody who answers for pupils.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuardianRow {
    /// Place among the persons of the file, from 1.
    pub row: u32,
    pub person_id: String,
    pub last_name: String,
    pub first_name: String,
    /// As the file writes it, without blanks.
    pub phone: Option<String>,
    pub email: Option<String>,
}

/// Whom somebody answers for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuardianLinkRow {
    /// Place among the links of the file, from 1.
    pub row: u32,
    pub eleve_id: String,
    pub person_id: String,
    /// 1 legal guardian, 2 in charge, 3 contact.
    pub level: u8,
    /// French: « mère », « père », « tuteur ».
    pub relationship: String,
}

/// Something the school is told of beside pupils and laptops: kept as it is told, and compared by its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "thing", rename_all = "snake_case")]
pub enum Reference {
    /// A division, as one of SIECLE, STS, EDT or UDT knows it.
    Class {
        /// `siecle`, `sts`, `edt` or `udt`.
        source: String,
        code: String,
        label: String,
        mefs: Vec<String>,
        /// Pupils foreseen, where the source says so.
        expected: Option<u32>,
    },
    Mef {
        code: String,
        label: String,
        /// `CODE_MEFSTAT`: what a local code belongs to.
        mefstat: Option<String>,
        /// The national code of a local one.
        national: Option<String>,
    },
    Teacher {
        /// `epp`, `local` or `dir`.
        origin: String,
        id: String,
        last_name: String,
        first_name: String,
        /// `ENS`, `DIR`, `EDU`, `DOC`…
        function: Option<String>,
        /// Divisions of which they are the main teacher.
        main_of: Vec<String>,
    },
    Course {
        /// `edt` or `udt`.
        source: String,
        /// What makes it another course: the file's number, or all it says.
        id: String,
        classes: Vec<String>,
        group: Option<String>,
        subject: String,
        teacher: Option<String>,
        /// 1 Monday … 7 Sunday.
        day: Option<u8>,
        starts_at: Option<NaiveTime>,
        minutes: Option<u32>,
        /// Every week without it; `A` or `B`.
        week: Option<String>,
        room: Option<String>,
    },
    /// A line of an order, a quotation or a subscription: so many licences of a resource.
    Licence {
        /// `lde_order`, `lde_quote` or `gar`.
        source: String,
        id: String,
        title: String,
        publisher: Option<String>,
        /// EAN-13, its check digit right; a resource of the GAR has an ark instead.
        ean: Option<String>,
        ark: Option<String>,
        /// [`UNLIMITED`] when there is no limit.
        students: u32,
        /// [`UNLIMITED`] when there is no limit.
        teachers: u32,
        /// In cents of a euro, taxes included, for one.
        unit_price: Option<i64>,
        /// LDE's state of the line.
        state: Option<u16>,
        /// Given with the pupils' licences: LDE's state 58.
        free: bool,
        valid_from: Option<NaiveDate>,
        valid_to: Option<NaiveDate>,
    },
}

/// Licences without limit, as a subscription of the GAR may grant them (`ILLIMITE`): the largest integer
/// of SQL.
pub const UNLIMITED: u32 = 2_147_483_647;

impl Reference {
    /// The kinds of it, as words.
    pub const THINGS: [&'static str; 5] = ["class", "mef", "teacher", "course", "licence"];

    pub fn thing(&self) -> &'static str {
        match self {
            Reference::Class { .. } => "class",
            Reference::Mef { .. } => "mef",
            Reference::Teacher { .. } => "teacher",
            Reference::Course { .. } => "course",
            Reference::Licence { .. } => "licence",
        }
    }

    /// What makes two of them the same.
    pub fn key(&self) -> String {
        match self {
            Reference::Class { source, code, .. } => format!("{source} {code}"),
            Reference::Mef { code, .. } => code.clone(),
            Reference::Teacher { origin, id, .. } => format!("{origin} {id}"),
            Reference::Course { source, id, .. } | Reference::Licence { source, id, .. } => {
                format!("{source} {id}")
            }
        }
    }

    /// The part of [`Reference::key`] within which a complete file speaks of every one.
    pub fn realm(&self) -> &str {
        match self {
            Reference::Class { source, .. }
            | Reference::Course { source, .. }
            | Reference::Licence { source, .. } => source,
            Reference::Mef { .. } | Reference::Teacher { .. } => "",
        }
    }

    /// What a person knows it by.
    pub fn label(&self) -> String {
        match self {
            Reference::Class { code, .. } => code.clone(),
            Reference::Mef { code, label, .. } => format!("{code} {label}"),
            Reference::Teacher { last_name, first_name, .. } => {
                crate::names::display_name(first_name, last_name)
            }
            Reference::Course { classes, subject, .. } => format!("{subject} {}", classes.join(", ")),
            Reference::Licence { title, .. } => title.clone(),
        }
    }
}

/// A [`Reference`] and where it stands in its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferenceRow {
    pub row: u32,
    pub reference: Reference,
}

/// The badge of a pupil, as the canteen or the gate knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadgeRow {
    pub row: u32,
    pub code: String,
    /// One of `ELEVE_ID`, INE, or a whole name as written; the school's pupils say which.
    pub student: String,
    pub birth_date: Option<NaiveDate>,
    pub class: Option<String>,
}

/// An account to be printed on a slip: never stored.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRow {
    pub row: u32,
    pub last_name: String,
    pub first_name: String,
    pub class: Option<String>,
    /// As the file calls it: « Elève », « Enseignant ».
    pub profile: String,
    pub login: String,
    pub password: Option<String>,
    /// The key of another directory, when the file has one: SIECLE's `ELEVE_ID` in practice.
    pub join_key: Option<String>,
}

impl std::fmt::Debug for AccountRow {
    /// Without what must stand in no log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccountRow").field("row", &self.row).finish_non_exhaustive()
    }
}

/// A laptop of a delivery note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceRow {
    /// As a person counts in the file or sheet, from 1.
    pub row: u32,
    pub serial_number: String,
    pub part_number: String,
    /// First word of the designation; empty when the note has none.
    pub manufacturer: String,
    /// Empty when the note has none.
    pub designation: String,
    /// Six bytes in upper case, with colons.
    pub mac_address: Option<String>,
    pub asset_tag: Option<String>,
    pub lot: Option<String>,
    pub pallet: Option<String>,
    pub parcel: Option<String>,
    pub order_number: Option<String>,
    pub note_number: String,
    pub delivered_on: Option<NaiveDate>,
    pub warranty_end: Option<NaiveDate>,
}
