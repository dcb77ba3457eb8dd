//! What a row of an imported file says, once it was found to be well formed.

use chrono::NaiveDate;

/// What a file is, by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// SIECLE's list of pupils.
    Students,
    /// The contractor's delivery note.
    Delivery,
}

impl FileKind {
    pub fn as_str(self) -> &'static str {
        match self {
            FileKind::Students => "students",
            FileKind::Delivery => "delivery",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [FileKind::Students, FileKind::Delivery].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// A pupil of SIECLE's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StudentRow {
    /// Place among the pupils of the file, from 1.
    pub row: u32,
    pub eleve_id: String,
    pub ine: Option<String>,
    pub last_name: String,
    pub first_name: String,
    pub birth_date: Option<NaiveDate>,
    pub mef: Option<String>,
    /// By the MEF; a group may entitle as well.
    pub entitled: bool,
    pub left_on: Option<NaiveDate>,
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
