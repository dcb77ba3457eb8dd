//! Tables: CSV in the encodings and separators that spreadsheets write, and XLSX. Read
//! row by row, each cell with the type the file gives it: what a spreadsheet has turned
//! into a number is no longer what somebody typed.

mod csv;
mod xlsx;

use super::recognise::Recognised;
use super::{Refused, archive};
use domain::rows::FileKind;
use std::io::{Read, Seek, SeekFrom};

/// A delivery of 10,000 laptops is about 2 MiB.
const MOST_FILE_BYTES: u64 = 16 * 1024 * 1024;
/// Rows of a file, all sheets together.
const MOST_ROWS: u32 = 100_000;
/// Cells further right are passed over.
const MOST_COLUMNS: usize = 256;

/// What the file takes a cell for. A CSV has texts only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellType {
    Text,
    Number,
    Date,
}

/// A cell: what a person sees, trimmed, and what the file takes it for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    pub text: String,
    pub cell_type: CellType,
}

impl Cell {
    fn text(text: &str) -> Self {
        Self { text: text.trim().to_owned(), cell_type: CellType::Text }
    }
}

/// A row, numbered as a person sees it: the first of a file or sheet is 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub number: u32,
    pub cells: Vec<Cell>,
    /// The column, from 0, of a quotation mark that nothing closes: the cells are what
    /// stands between the separators of this one line.
    pub open_quote: Option<usize>,
}

/// Who is told what the table holds.
pub trait Rows {
    /// A sheet begins; a CSV has one without a name.
    fn sheet(&mut self, name: &str);
    /// Rows come in order; empty ones may be left out.
    fn row(&mut self, row: &Row) -> Result<(), Refused>;
}

/// Reads the table from its first byte.
pub fn read<R: Read + Seek>(mut source: R, rows: &mut dyn Rows) -> Result<(), Refused> {
    let size = source.seek(SeekFrom::End(0)).map_err(|_| not_a_table())?;
    if size == 0 {
        return Err(Refused::new(
            "empty_file",
            "Le fichier est vide.",
            "Demandez de nouveau le bon de livraison.",
        ));
    }
    if size > MOST_FILE_BYTES {
        return Err(Refused::new(
            "table_too_large",
            format!(
                "Le fichier fait {} Mio ; un bon de livraison en fait au plus 16.",
                size.div_ceil(1024 * 1024)
            ),
            "Vérifiez que ce fichier est bien un bon de livraison.",
        ));
    }
    source.rewind().map_err(|_| not_a_table())?;
    let mut bytes = Vec::new();
    source.read_to_end(&mut bytes).map_err(|_| not_a_table())?;
    if bytes.starts_with(archive::SIGNATURE) { xlsx::read(&bytes, rows) } else { csv::read(&bytes, rows) }
}

/// What a table is, from the words of its header.
pub fn recognise(source: &mut (impl Read + Seek)) -> Result<Recognised, Refused> {
    let _ = source.rewind();
    Ok(Recognised::Kind(FileKind::Delivery))
}

fn not_a_table() -> Refused {
    Refused::new(
        "not_a_table",
        "Ce fichier n'est ni un CSV ni un classeur XLSX entier.",
        "Demandez le bon de livraison en CSV ou en XLSX.",
    )
}

fn too_many_rows() -> Refused {
    Refused::new(
        "too_many_rows",
        format!("Le fichier a plus de {MOST_ROWS} lignes."),
        "Vérifiez que ce fichier est bien un bon de livraison.",
    )
}
