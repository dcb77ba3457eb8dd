//! Tables: CSV in the encodings and separators that schools' software writes, XLSX, ODS and the XLS of
//! Excel 97. Read row by row, each cell with the type the file gives it: what a spreadsheet has turned
//! into a number is no longer what somebody typed.
//!
//! A workbook is never loaded whole, and no room is made for what a file only announces: a sheet of two
//! cells in opposite corners is two cells. That is why the workbooks have readers of our own here.
//!
//! - [`decode`]: which encoding a text is in
//! - [`csv`], [`xlsx`], [`ods`], [`biff`]: bytes to rows
//! - [`value`]: cells to dates, hours and amounts
//! - [`lines`]: rows to the lines below a header

mod biff;
mod budget;
mod compound;
mod csv;
mod decode;
pub mod lines;
mod ods;
mod packed;
mod serial;
mod strings;
pub mod value;
mod xlsx;

use super::{MOST_BYTES, Refused, archive};
use packed::Plain;
use std::io::{Cursor, Read, Seek, SeekFrom};

/// Cells further right are passed over.
pub const MOST_COLUMNS: usize = 256;
/// A text longer than this is none of our columns'; it is cut there, and so found too long.
const MOST_CHARACTERS: usize = 1_000;
/// Bytes of a workbook that is itself in a zip: it is unpacked into memory.
const MOST_INNER_BYTES: u64 = 16 * 1024 * 1024;
/// Bytes of a workbook.
const MOST_WORKBOOK_BYTES: u64 = 64 * 1024 * 1024;

/// What the file takes a cell for. A CSV has texts only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellType {
    Text,
    Number,
    Date,
    /// A formula that failed: `#REF!`.
    Error,
}

/// A cell: what a person sees, trimmed, and what the file takes it for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    pub text: String,
    pub cell_type: CellType,
}

impl Cell {
    fn text(text: &str) -> Self {
        Self { text: short(text), cell_type: CellType::Text }
    }

    fn empty() -> Self {
        Self { text: String::new(), cell_type: CellType::Text }
    }
}

/// Trimmed, and no longer than any of our texts may be and one more.
fn short(text: &str) -> String {
    let text = text.trim();
    let end = text.char_indices().nth(MOST_CHARACTERS).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or("").to_owned()
}

/// A row, numbered as a person sees it: the first of a file or sheet is 1.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    pub number: u32,
    pub cells: Vec<Cell>,
    /// The column, from 0, of a quotation mark that nothing closes: the cells are what
    /// stands between the separators of this one line.
    pub open_quote: Option<usize>,
    /// Days are counted from 1904, as old Macintoshes did: it tells what a bare number is the date of.
    pub from_1904: bool,
}

impl Row {
    fn put(&mut self, column: usize, cell: Cell) {
        if column >= MOST_COLUMNS || cell.text.is_empty() {
            return;
        }
        while self.cells.len() <= column {
            self.cells.push(Cell::empty());
        }
        if let Some(place) = self.cells.get_mut(column) {
            *place = cell;
        }
    }

    /// Nothing to see on it.
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.text.is_empty())
    }
}

/// Who is told what the table holds.
pub trait Rows {
    /// A sheet begins; a CSV has one without a name. Hidden sheets are passed over.
    fn sheet(&mut self, name: &str);
    /// Rows come in order; empty ones may be left out.
    fn row(&mut self, row: &Row) -> Result<(), Refused>;
}

/// How much of a table is wanted.
#[derive(Debug, Clone, Copy)]
struct Extent {
    /// Rows of each sheet.
    rows: u32,
    /// The first bytes alone.
    head: bool,
}

/// Bytes of a CSV that are looked at before it is read, and of each part of a workbook.
const HEAD_BYTES: u64 = 64 * 1024;
/// Sheets of a workbook that are looked at before it is read.
const HEAD_SHEETS: usize = 12;

/// Reads the table from its first byte to its last: a file of 512 MiB at most, a workbook of 64 MiB.
pub fn read<R: Read + Seek>(source: R, rows: &mut dyn Rows) -> Result<(), Refused> {
    open(source, rows, Extent { rows: u32::MAX, head: false })
}

/// Reads the first `most` rows of each sheet, and not all of them when they are long: what is told of a
/// file before it is read, whatever its size.
pub fn peek<R: Read + Seek>(source: R, most: u32, rows: &mut dyn Rows) -> Result<(), Refused> {
    open(source, rows, Extent { rows: most, head: true })
}

fn open<R: Read + Seek>(mut source: R, rows: &mut dyn Rows, extent: Extent) -> Result<(), Refused> {
    let size = source.seek(SeekFrom::End(0)).map_err(|_| not_a_table())?;
    if size == 0 {
        return Err(Refused::new(
            "empty_file",
            "Le fichier est vide.",
            "Demandez-le ou exportez-le de nouveau.",
        ));
    }
    if size > MOST_BYTES {
        return Err(too_large(size, MOST_BYTES));
    }
    let first = first_bytes(&mut source)?;
    let workbook = first.starts_with(archive::SIGNATURE) || first.starts_with(compound::SIGNATURE);
    if workbook && size > MOST_WORKBOOK_BYTES {
        return Err(too_large(size, MOST_WORKBOOK_BYTES));
    }
    if first.starts_with(archive::SIGNATURE) {
        return packed::read(source, rows, extent);
    }
    if first.starts_with(compound::SIGNATURE) {
        return biff::read(source, rows, extent);
    }
    csv::read(&mut Plain(source), rows, extent)
}

/// Reads a workbook that was in a zip.
fn open_inner(bytes: Vec<u8>, rows: &mut dyn Rows, extent: Extent) -> Result<(), Refused> {
    if bytes.starts_with(compound::SIGNATURE) {
        return biff::read(Cursor::new(bytes), rows, extent);
    }
    packed::read_workbook(Cursor::new(bytes), rows, extent)
}

fn first_bytes(source: &mut (impl Read + Seek)) -> Result<Vec<u8>, Refused> {
    let mut first = Vec::new();
    source
        .rewind()
        .and_then(|()| source.by_ref().take(8).read_to_end(&mut first))
        .and_then(|_| source.rewind())
        .map_err(|_| not_a_table())?;
    Ok(first)
}

fn too_large(size: u64, most: u64) -> Refused {
    let mib = 1024 * 1024;
    Refused::new(
        "table_too_large",
        format!("Le fichier fait {} Mio ; il en ferait au plus {}.", size.div_ceil(mib), most / mib),
        "Vérifiez que c'est bien le fichier voulu.",
    )
}

fn not_a_table() -> Refused {
    Refused::new(
        "not_a_table",
        "Ce fichier n'est ni un CSV ni un classeur XLSX, XLS ou ODS entier.",
        "Exportez-le ou demandez-le de nouveau, en CSV ou en XLSX.",
    )
}

fn protected() -> Refused {
    Refused::new(
        "protected_workbook",
        "Ce classeur est protégé par un mot de passe.",
        "Ouvrez-le, enregistrez-le sans mot de passe, puis déposez-le.",
    )
}

fn too_many_rows(most: u32) -> Refused {
    Refused::new(
        "too_many_rows",
        format!("Le fichier a plus de {most} lignes."),
        "Vérifiez que c'est bien le fichier voulu.",
    )
}
