//! What a row of an imported file says, once it was found to be well formed.

use chrono::NaiveDate;

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
