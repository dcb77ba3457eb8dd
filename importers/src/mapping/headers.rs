//! Where the columns of a mapped table are: on the sheet and row that its layout names, and on every
//! other sheet with the same titles, as a workbook may have one for each class.

use super::preview::{first_rows, of_rows};
use super::{Layout, fields};
use crate::Refused;
use crate::table::Row;
use crate::table::lines::{Begin, Columns, title_keys};
use domain::rows::FileKind;
use std::io::{Read, Seek};

/// Finds the columns of a layout.
pub struct Headers {
    columns: Columns,
    sheet: String,
    header_row: u32,
    /// The titles there; empty without a header.
    titles: Vec<String>,
}

impl Headers {
    /// By the layout somebody chose, else by the one that needs no choice. Looks at the first rows.
    pub fn of(
        source: &mut (impl Read + Seek),
        kind: FileKind,
        layout: Option<&Layout>,
    ) -> Result<Self, Refused> {
        let sheets = first_rows(source)?;
        let layout = match layout {
            Some(layout) if layout.kind != kind => return Err(differs()),
            Some(layout) => layout.clone(),
            None => of_rows(&sheets)?.certain(kind).ok_or_else(|| unmapped(kind))?,
        };
        let missing = layout.missing();
        // A delivery note may say its number above its lines.
        let said_above = kind == FileKind::Delivery && missing == ["note_number"];
        if !missing.is_empty() && !said_above {
            return Err(incomplete(kind, &missing));
        }
        let rows = sheets.iter().find(|(name, _)| *name == layout.sheet).map(|(_, rows)| rows);
        let rows = rows.ok_or_else(differs)?;
        let titles = if layout.header_row == 0 {
            Vec::new()
        } else {
            let row = rows.iter().find(|row| row.number == layout.header_row).ok_or_else(differs)?;
            title_keys(row)
        };
        let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
        let mut columns = Columns::default();
        for field in fields(kind) {
            if let Some(place) = layout.columns.get(field.key) {
                if *place >= width {
                    return Err(differs());
                }
                columns.put(field.key, *place);
            }
        }
        Ok(Self { columns, sheet: layout.sheet, header_row: layout.header_row, titles })
    }

    /// Whether it is the sheet whose columns were named.
    pub fn is_on(&self, sheet: &str) -> bool {
        sheet == self.sheet
    }

    /// What a row is as long as no line was found on its sheet.
    pub fn begin(&self, sheet: &str, row: &Row) -> Begin {
        if self.titles.is_empty() {
            let named = sheet == self.sheet && self.header_row == 0 && !row.is_blank();
            return if named { Begin::Line(self.columns.clone()) } else { Begin::No };
        }
        let here = sheet == self.sheet && row.number == self.header_row;
        if here || sheet != self.sheet && title_keys(row) == self.titles {
            Begin::Header(self.columns.clone())
        } else {
            Begin::No
        }
    }
}

fn differs() -> Refused {
    Refused::new(
        "layout_differs",
        "Ce fichier n'a pas la feuille, l'en-tête ou les colonnes choisies.",
        "Refaites la correspondance des colonnes pour ce fichier.",
    )
}

fn unmapped(kind: FileKind) -> Refused {
    Refused::new(
        "columns_unmapped",
        format!("Les colonnes de ce tableau ne suffisent pas à reconnaître : {}.", kind.label()),
        "Indiquez quelle colonne contient quoi, puis relancez la lecture.",
    )
}

fn incomplete(kind: FileKind, missing: &[&str]) -> Refused {
    let names: Vec<&str> = missing.iter().map(|key| super::label(kind, key)).collect();
    Refused::new(
        "layout_incomplete",
        format!("La correspondance n'indique aucune colonne pour : {}.", names.join(", ")),
        "Choisissez ces colonnes, puis relancez la lecture.",
    )
}
