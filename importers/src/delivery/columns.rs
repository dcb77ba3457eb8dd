//! Which column holds what, from the words of the header.

use crate::mapping;
use crate::table::Row;
use crate::table::lines::{self, title_keys};
use domain::rows::FileKind;

/// What issues call our columns, as they stand on notes and labels.
const LABELS: [(&str, &str); 13] = [
    ("serial_number", "S/N"),
    ("part_number", "P/N"),
    ("designation", "Désignation"),
    ("note_number", "BL"),
    ("uai", "UAI"),
    ("order_number", "Commande"),
    ("delivered_on", "Livraison"),
    ("mac_address", "MAC"),
    ("asset_tag", "Parc"),
    ("pallet", "Palette"),
    ("parcel", "Colis"),
    ("lot", "Lot"),
    ("warranty_end", "Garantie"),
];

pub fn label(column: &str) -> &'static str {
    LABELS.iter().find(|(key, _)| *key == column).map_or("", |(_, label)| label)
}

/// Places of our columns, from 0, and the titles above them.
pub struct Columns {
    columns: lines::Columns,
    titles: Vec<String>,
}

impl Columns {
    /// `None` when the row does not name serial number, part number and delivery note; a note that says
    /// its number above need not say it on each line.
    pub fn of_header(row: &Row, has_note: bool) -> Option<Self> {
        let titles = title_keys(row);
        let words: Vec<_> =
            mapping::fields(FileKind::Delivery).iter().map(|field| (field.key, field.sure)).collect();
        let columns = lines::Columns::named(&titles, &words);
        let named = columns.has("serial_number") && columns.has("part_number");
        (named && (has_note || columns.has("note_number"))).then_some(Self { columns, titles })
    }

    /// Those that somebody has named.
    pub fn named(columns: lines::Columns, titles: Vec<String>) -> Self {
        Self { columns, titles }
    }

    pub fn place(&self, column: &str) -> Option<usize> {
        self.columns.place(column)
    }

    /// Our column at that place.
    pub fn at(&self, place: usize) -> Option<&'static str> {
        self.columns.at(place)
    }

    pub fn all() -> impl Iterator<Item = &'static str> {
        LABELS.iter().map(|(key, _)| *key)
    }

    /// A header again, as on each page of a printed list.
    pub fn is_header(&self, row: &Row) -> bool {
        !self.titles.is_empty() && title_keys(row) == self.titles
    }
}
