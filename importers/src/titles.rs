//! Which kind a table is, from its titles: those of known software first, then those that need nobody to
//! name their columns. Looks at the first rows of each sheet, whatever the size of the file.

use crate::mapping::{self, first_rows};
use crate::recognise::Recognised;
use crate::table::Row;
use crate::table::lines::{Begin, PREAMBLE, title_keys};
use crate::{Refused, accounts, delivery, licences, students, timetable};
use domain::rows::FileKind;
use std::io::{Read, Seek};

/// What a table is.
pub fn recognise(source: &mut (impl Read + Seek)) -> Result<Recognised, Refused> {
    let sheets = first_rows(source)?;
    if let Some(kind) = known(&sheets) {
        return Ok(Recognised::Kind(kind));
    }
    let preview = mapping::of_rows(&sheets)?;
    for kind in [FileKind::Delivery, FileKind::Badges, FileKind::MappedStudents, FileKind::Quote] {
        if preview.certain(kind).is_some() {
            return Ok(Recognised::Kind(kind));
        }
    }
    if preview.sheets.is_empty() {
        return Err(Refused::new(
            "no_columns",
            "Ce fichier n'a pas de colonnes : ce n'est pas un tableau.",
            "Choisissez un fichier tel qu'il a été exporté ou reçu.",
        ));
    }
    Ok(Recognised::Table)
}

/// The kind that titles of known software tell.
fn known(sheets: &[(String, Vec<Row>)]) -> Option<FileKind> {
    let rows = || sheets.iter().flat_map(|(_, rows)| rows.iter().take_while(|row| row.number <= PREAMBLE));
    rows().find_map(of_row).or_else(|| delivery::is_note(rows()).then_some(FileKind::Delivery))
}

fn of_row(row: &Row) -> Option<FileKind> {
    let keys = title_keys(row);
    if accounts::of_titles(&keys).is_some() {
        return Some(FileKind::Accounts);
    }
    if licences::is_order_title(&keys) {
        return Some(FileKind::Orders);
    }
    let courses = |kind| !matches!(timetable::begin(kind, row), Begin::No);
    if courses(FileKind::EdtCourses) {
        return Some(FileKind::EdtCourses);
    }
    if courses(FileKind::UdtCourses) {
        return Some(FileKind::UdtCourses);
    }
    students::titles::Table::of_titles(&keys).map(|(table, _)| table.kind())
}
