//! Which column holds what, from the words of the header.

use crate::table::Row;
use domain::names::search_key;

/// Our columns and the words, as [`search_key`] leaves them, that name them.
const WORDS: [(&str, &[&str]); 13] = [
    ("S/N", &["n de serie s n", "numero de serie", "n de serie", "s n", "serial number", "serial"]),
    ("P/N", &["reference produit p n", "reference produit", "p n", "part number", "reference"]),
    ("Désignation", &["designation", "modele", "libelle"]),
    ("BL", &["n bl", "bl", "bon de livraison", "numero bl"]),
    ("UAI", &["uai", "rne", "code uai"]),
    ("Commande", &["n commande", "commande", "numero de commande"]),
    ("Livraison", &["date livraison prevue", "date de livraison", "date livraison"]),
    ("MAC", &["adresse mac wi fi", "adresse mac", "mac"]),
    ("Parc", &["n asset parc", "asset", "n asset", "n de parc"]),
    ("Palette", &["n palette", "palette"]),
    ("Colis", &["n colis", "colis"]),
    ("Lot", &["lot"]),
    ("Garantie", &["fin de garantie", "garantie"]),
];

/// Those without which a table is no delivery note.
const NEEDED: [&str; 3] = ["S/N", "P/N", "BL"];

/// Places of our columns, from 0.
pub struct Columns(Vec<(&'static str, usize)>);

impl Columns {
    /// `None` when the row does not name serial number, part number and delivery note.
    pub fn of_header(row: &Row) -> Option<Self> {
        let keys: Vec<String> = row.cells.iter().map(|cell| search_key(&cell.text)).collect();
        let columns: Vec<_> = WORDS
            .iter()
            .filter_map(|(column, words)| {
                let place = words.iter().find_map(|word| keys.iter().position(|key| key == word))?;
                Some((*column, place))
            })
            .collect();
        let has = |needed: &str| columns.iter().any(|(column, _)| *column == needed);
        NEEDED.iter().all(|needed| has(needed)).then_some(Self(columns))
    }

    pub fn place(&self, column: &str) -> Option<usize> {
        self.0.iter().find(|(known, _)| *known == column).map(|(_, place)| *place)
    }

    /// Our column at that place.
    pub fn at(&self, place: usize) -> Option<&'static str> {
        self.0.iter().find(|(_, known)| *known == place).map(|(column, _)| *column)
    }

    pub fn all(&self) -> impl Iterator<Item = (&'static str, usize)> {
        self.0.iter().copied()
    }

    /// A header again, as on each page of a printed list.
    pub fn is_header(&self, row: &Row) -> bool {
        Self::of_header(row).is_some()
    }
}
