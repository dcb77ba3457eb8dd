//! XLS of Excel 97 and 95: records one behind the other (MS-XLS, BIFF8; BIFF5 differs in its texts).
//! The texts that cells share are the one part that is kept.

pub use super::compound::SIGNATURE;

use super::budget::Budget;
use super::compound::{Stream, u16_at, u32_at};
use super::strings::Strings;
use super::{Cell, CellType, Extent, HEAD_SHEETS, Row, Rows, not_a_table, protected, serial, short};
use crate::Refused;
use encoding_rs::{Encoding, MACINTOSH, WINDOWS_1250, WINDOWS_1252};
use std::collections::BTreeMap;
use std::io::{Read, Seek};

/// Sheets of a workbook.
const MOST_SHEETS: usize = 500;

mod record {
    pub const BOF: u16 = 0x0809;
    pub const EOF: u16 = 0x000A;
    pub const CONTINUE: u16 = 0x003C;
    pub const FILE_PASS: u16 = 0x002F;
    pub const CODE_PAGE: u16 = 0x0042;
    pub const DATE_MODE: u16 = 0x0022;
    pub const BOUND_SHEET: u16 = 0x0085;
    pub const FORMAT: u16 = 0x041E;
    pub const XF: u16 = 0x00E0;
    pub const SST: u16 = 0x00FC;
    pub const NUMBER: u16 = 0x0203;
    pub const RK: u16 = 0x027E;
    pub const MUL_RK: u16 = 0x00BD;
    pub const LABEL_SST: u16 = 0x00FD;
    pub const LABEL: u16 = 0x0204;
    pub const RICH_LABEL: u16 = 0x00D6;
    pub const BOOL_ERROR: u16 = 0x0205;
    pub const FORMULA: u16 = 0x0006;
    pub const STRING: u16 = 0x0207;
}

pub fn read<R: Read + Seek>(source: R, rows: &mut dyn Rows, extent: Extent) -> Result<(), Refused> {
    let mut records = Records { stream: Stream::workbook(source)?, kind: 0, data: Vec::new() };
    let book = Book::read(&mut records)?;
    let mut budget = Budget::new(rows, extent);
    let most = if extent.head { HEAD_SHEETS } else { MOST_SHEETS };
    for (name, place) in book.visible.iter().take(most) {
        budget.sheet(name);
        records.stream.go_to(*place);
        SheetReader::new(&book, &mut budget).read(&mut records)?;
    }
    Ok(())
}

/// The records of the stream, one at a time.
struct Records<R> {
    stream: Stream<R>,
    kind: u16,
    data: Vec<u8>,
}

impl<R: Read + Seek> Records<R> {
    /// Goes to the next record; whether there is one.
    fn next(&mut self) -> Result<bool, Refused> {
        let mut head = [0; 4];
        let mut seen = 0;
        while let Some(rest) = head.get_mut(seen..).filter(|rest| !rest.is_empty()) {
            let count = self.stream.read(rest).map_err(|_| not_a_table())?;
            if count == 0 {
                return if seen == 0 { Ok(false) } else { Err(not_a_table()) };
            }
            seen += count;
        }
        let [k0, k1, l0, l1] = head;
        self.kind = u16::from_le_bytes([k0, k1]);
        self.data.resize(u16::from_le_bytes([l0, l1]).into(), 0);
        self.stream.read_exact(&mut self.data).map_err(|_| not_a_table())?;
        Ok(true)
    }

    /// Goes to the record that continues this one; whether there is one.
    fn next_part(&mut self) -> Result<bool, Refused> {
        let place = self.stream.place();
        if self.next()? && self.kind == record::CONTINUE {
            return Ok(true);
        }
        self.stream.go_to(place);
        Ok(false)
    }
}

/// What the records before the sheets say.
struct Book {
    /// Texts are bytes of a code page: BIFF5.
    is_old: bool,
    encoding: &'static Encoding,
    from_1904: bool,
    /// Name and place of each visible sheet.
    visible: Vec<(String, u64)>,
    /// Which formats of cells show dates.
    is_date: Vec<bool>,
    strings: Strings,
}

impl Book {
    fn read<R: Read + Seek>(records: &mut Records<R>) -> Result<Self, Refused> {
        let mut book = Self {
            is_old: false,
            encoding: WINDOWS_1252,
            from_1904: false,
            visible: Vec::new(),
            is_date: Vec::new(),
            strings: Strings::all(),
        };
        let mut formats = BTreeMap::new();
        let mut xfs = Vec::new();
        while records.next()? && records.kind != record::EOF {
            let data = &records.data;
            match records.kind {
                record::BOF => book.is_old = u16_at(data, 0).is_some_and(|version| version < 0x0600),
                record::FILE_PASS => return Err(protected()),
                record::CODE_PAGE => {
                    book.encoding = match u16_at(data, 0) {
                        Some(10_000) => MACINTOSH,
                        Some(1250) => WINDOWS_1250,
                        _ => WINDOWS_1252,
                    }
                }
                record::DATE_MODE => book.from_1904 = u16_at(data, 0) == Some(1),
                record::BOUND_SHEET => book.sheet(data)?,
                record::FORMAT => {
                    if let (Some(id), Some(text)) = (u16_at(data, 0), data.get(2..)) {
                        let format = if book.is_old { book.short_text(text) } else { book.long_text(text) };
                        formats.insert(id, serial::is_date_format(&format));
                    }
                }
                record::XF => xfs.push(u16_at(data, 2).unwrap_or(0)),
                record::SST => shared_strings(records, &mut book.strings)?,
                _ => {}
            }
        }
        let is_date = |id: u16| formats.get(&id).copied().unwrap_or(serial::is_date_builtin(id));
        book.is_date = xfs.into_iter().map(is_date).collect();
        Ok(book)
    }

    fn sheet(&mut self, data: &[u8]) -> Result<(), Refused> {
        let (Some(place), Some([state, kind]), Some(name)) = (u32_at(data, 0), data.get(4..6), data.get(6..))
        else {
            return Err(not_a_table());
        };
        // Kind 0 has cells; the others are charts and macros.
        if *kind == 0 && state & 3 == 0 && self.visible.len() < MOST_SHEETS {
            self.visible.push((short(&self.short_text(name)), place.into()));
        }
        Ok(())
    }

    /// A text behind its length in one byte.
    fn short_text(&self, data: &[u8]) -> String {
        let Some((count, rest)) = data.split_first() else { return String::new() };
        self.characters((*count).into(), rest)
    }

    /// A text behind its length in two bytes.
    fn long_text(&self, data: &[u8]) -> String {
        let (Some(count), Some(rest)) = (u16_at(data, 0), data.get(2..)) else { return String::new() };
        self.characters(count.into(), rest)
    }

    fn characters(&self, count: usize, data: &[u8]) -> String {
        if self.is_old {
            let bytes = data.get(..count.min(data.len())).unwrap_or(&[]);
            return self.encoding.decode_without_bom_handling(bytes).0.into_owned();
        }
        let Some((flags, rest)) = data.split_first() else { return String::new() };
        let mut text = String::new();
        decode(rest, count, flags & 1 != 0, &mut text);
        text
    }
}

/// Adds at most `count` characters, of two bytes each or of the lower one alone; how many there were,
/// and of how many bytes.
fn decode(data: &[u8], count: usize, wide: bool, text: &mut String) -> (usize, usize) {
    if wide {
        let units: Vec<u16> = data.chunks_exact(2).take(count).filter_map(|b| u16_at(b, 0)).collect();
        text.push_str(&String::from_utf16_lossy(&units));
        (units.len(), units.len() * 2)
    } else {
        let bytes = data.get(..count.min(data.len())).unwrap_or(&[]);
        text.extend(bytes.iter().copied().map(char::from));
        (bytes.len(), bytes.len())
    }
}

/// The shared texts: a record that others continue. A text that is cut goes on behind a byte that says
/// anew how wide its characters are.
fn shared_strings<R: Read + Seek>(records: &mut Records<R>, strings: &mut Strings) -> Result<(), Refused> {
    let mut parts = Parts { records, at: 8 };
    let mut text = String::new();
    while parts.is_more()? {
        let count = usize::from(parts.u16()?);
        let flags = parts.byte()?;
        let runs = if flags & 8 != 0 { u64::from(parts.u16()?) } else { 0 };
        let phonetic =
            if flags & 4 != 0 { u64::from(parts.u16()?) | u64::from(parts.u16()?) << 16 } else { 0 };
        text.clear();
        parts.text(count, flags & 1 != 0, &mut text)?;
        parts.skip(runs * 4 + phonetic)?;
        strings.push(&text)?;
    }
    Ok(())
}

struct Parts<'a, R> {
    records: &'a mut Records<R>,
    at: usize,
}

impl<R: Read + Seek> Parts<'_, R> {
    fn rest(&self) -> &[u8] {
        self.records.data.get(self.at..).unwrap_or(&[])
    }

    fn is_more(&mut self) -> Result<bool, Refused> {
        while self.rest().is_empty() {
            if !self.records.next_part()? {
                return Ok(false);
            }
            self.at = 0;
        }
        Ok(true)
    }

    fn byte(&mut self) -> Result<u8, Refused> {
        if !self.is_more()? {
            return Err(not_a_table());
        }
        let byte = self.rest().first().copied().ok_or_else(not_a_table)?;
        self.at += 1;
        Ok(byte)
    }

    fn u16(&mut self) -> Result<u16, Refused> {
        Ok(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    fn text(&mut self, mut count: usize, mut wide: bool, text: &mut String) -> Result<(), Refused> {
        loop {
            let (taken, bytes) = decode(self.rest(), count, wide, text);
            self.at += bytes;
            count -= taken;
            if count == 0 {
                return Ok(());
            }
            // Half a character would be left behind.
            self.at = self.records.data.len();
            wide = self.byte()? & 1 != 0;
        }
    }

    fn skip(&mut self, mut count: u64) -> Result<(), Refused> {
        while count > 0 {
            if !self.is_more()? {
                return Err(not_a_table());
            }
            let here = self.rest().len().min(usize::try_from(count).unwrap_or(usize::MAX));
            self.at += here;
            count -= u64::try_from(here).unwrap_or(count);
        }
        Ok(())
    }
}

struct SheetReader<'a, 'b> {
    book: &'a Book,
    budget: &'a mut Budget<'b>,
    row: Row,
    /// Where the text that a formula gives belongs.
    formula: Option<(u16, u16)>,
}

impl<'a, 'b> SheetReader<'a, 'b> {
    fn new(book: &'a Book, budget: &'a mut Budget<'b>) -> Self {
        let row = Row { from_1904: book.from_1904, ..Row::default() };
        Self { book, budget, row, formula: None }
    }

    fn read<R: Read + Seek>(mut self, records: &mut Records<R>) -> Result<(), Refused> {
        // Charts within a sheet have cells of their own, between their own beginning and end.
        let mut depth = 0_u32;
        while !self.budget.is_full() && records.next()? {
            match records.kind {
                record::BOF => depth += 1,
                record::EOF if depth <= 1 => break,
                record::EOF => depth -= 1,
                kind if depth == 1 => self.record(kind, &records.data)?,
                _ => {}
            }
        }
        self.budget.row(&self.row)
    }

    fn record(&mut self, kind: u16, data: &[u8]) -> Result<(), Refused> {
        let place = u16_at(data, 0).zip(u16_at(data, 2));
        let format = u16_at(data, 4).unwrap_or(0);
        let value = data.get(6..).unwrap_or(&[]);
        match (kind, place) {
            (record::STRING, _) => {
                if let Some(place) = self.formula.take() {
                    self.put(place, Cell::text(&self.book.long_text(data)))?;
                }
                Ok(())
            }
            (record::NUMBER, Some(place)) => match value.first_chunk() {
                Some(bytes) => self.number(place, format, f64::from_le_bytes(*bytes)),
                None => Err(not_a_table()),
            },
            (record::RK, Some(place)) => self.number(place, format, rk(u32_at(value, 0).unwrap_or(0))),
            (record::MUL_RK, Some((row, column))) => {
                // Format and number of each column, then the number of the last.
                let cells = data.get(4..data.len().saturating_sub(2)).unwrap_or(&[]);
                for (cell, column) in cells.chunks_exact(6).zip(column..) {
                    let (format, number) = (u16_at(cell, 0).unwrap_or(0), u32_at(cell, 2).unwrap_or(0));
                    self.number((row, column), format, rk(number))?;
                }
                Ok(())
            }
            (record::LABEL_SST, Some(place)) => {
                let text = u32_at(value, 0).and_then(|index| self.book.strings.get(index)).unwrap_or("");
                self.put(place, Cell::text(text))
            }
            (record::LABEL | record::RICH_LABEL, Some(place)) => {
                self.put(place, Cell::text(&self.book.long_text(value)))
            }
            (record::BOOL_ERROR, Some(place)) => match value {
                [value, 0, ..] => self.put(place, serial::boolean(*value != 0)),
                [code, ..] => self.put(place, serial::error(error(*code))),
                [] => Err(not_a_table()),
            },
            (record::FORMULA, Some(place)) => self.formula(place, format, value),
            _ => Ok(()),
        }
    }

    /// The value a formula had when the file was written.
    fn formula(&mut self, place: (u16, u16), format: u16, value: &[u8]) -> Result<(), Refused> {
        self.formula = None;
        match value {
            // Its text is in the next record.
            [0, _, _, _, _, _, 0xFF, 0xFF, ..] => {
                self.formula = Some(place);
                Ok(())
            }
            [1, _, value, _, _, _, 0xFF, 0xFF, ..] => self.put(place, serial::boolean(*value != 0)),
            [2, _, code, _, _, _, 0xFF, 0xFF, ..] => self.put(place, serial::error(error(*code))),
            [_, _, _, _, _, _, 0xFF, 0xFF, ..] => Ok(()),
            value => match value.first_chunk() {
                Some(bytes) => self.number(place, format, f64::from_le_bytes(*bytes)),
                None => Err(not_a_table()),
            },
        }
    }

    fn number(&mut self, place: (u16, u16), format: u16, number: f64) -> Result<(), Refused> {
        let is_date = self.book.is_date.get(usize::from(format)).copied().unwrap_or(false);
        let cell = if number.is_finite() {
            serial::cell(number, is_date, self.book.from_1904)
        } else {
            Cell { text: String::new(), cell_type: CellType::Text }
        };
        self.put(place, cell)
    }

    fn put(&mut self, (row, column): (u16, u16), cell: Cell) -> Result<(), Refused> {
        self.budget.cell()?;
        let number = u32::from(row) + 1;
        if number < self.row.number {
            return Err(not_a_table());
        }
        if number > self.row.number {
            self.budget.row(&self.row)?;
            self.row.cells.clear();
            self.row.number = number;
        }
        self.row.put(column.into(), cell);
        Ok(())
    }
}

/// A number of 30 bits: whole or the upper half of a double, divided by 100 or not (MS-XLS 2.5.217).
fn rk(bits: u32) -> f64 {
    let number = if bits & 2 != 0 {
        let [a, b, c, d] = bits.to_le_bytes();
        f64::from(i32::from_le_bytes([a, b, c, d]) >> 2)
    } else {
        f64::from_bits(u64::from(bits & !3) << 32)
    };
    if bits & 1 != 0 { number / 100.0 } else { number }
}

fn error(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        _ => "#N/A",
    }
}
