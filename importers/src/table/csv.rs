//! CSV, as it streams by. Quotation marks follow RFC 4180; one that nothing closes spoils its own line
//! only, instead of swallowing the rows below.

use super::decode::Sniffer;
use super::{Cell, Extent, HEAD_BYTES, MOST_COLUMNS, Row, Rows, not_a_table, too_many_rows};
use crate::{Refused, archive};
use encoding_rs::{Decoder, Encoding};
use std::io::{self, Read};

/// Rows of a file.
const MOST_ROWS: u32 = 2_000_000;
/// Lines that one quoted cell may span: an address, not half of the file.
const MOST_LINES_OF_A_CELL: u32 = 8;
/// A line longer than this is no line of a table.
const MOST_LINE_BYTES: usize = 64 * 1024;
/// Text that lies ahead while a row is read: more than a row may have.
const AHEAD: usize = 2 * MOST_LINE_BYTES;
/// Bytes that are decoded at a time.
const PIECE: usize = 64 * 1024;

/// A text that can be read from its start more than once.
pub trait Text {
    fn pass(&mut self, take: &mut dyn FnMut(&mut dyn Read) -> Result<(), Refused>) -> Result<(), Refused>;
}

/// Reads the text twice: for its encoding, then for its rows.
pub fn read(text: &mut dyn Text, rows: &mut dyn Rows, extent: Extent) -> Result<(), Refused> {
    let most = if extent.head { HEAD_BYTES } else { u64::MAX };
    let mut sniffer = Sniffer::default();
    let mut seen = 0_u64;
    text.pass(&mut |input| {
        let mut piece = vec![0; PIECE];
        let mut input = input.take(most);
        loop {
            let count = input.read(&mut piece).map_err(|error| unreadable(&error))?;
            if count == 0 {
                return Ok(());
            }
            seen += u64::try_from(count).unwrap_or(u64::MAX);
            sniffer.feed(piece.get(..count).unwrap_or(&[]));
        }
    })?;
    let encoding = sniffer.told()?;
    // The last line of what was looked at may be cut.
    let is_cut = extent.head && seen >= most;
    text.pass(&mut |input| {
        let mut input = input.take(most);
        tell(&mut Window::new(&mut input, encoding), rows, extent, is_cut)
    })
}

fn unreadable(error: &io::Error) -> Refused {
    archive::refusal(error).unwrap_or_else(not_a_table)
}

/// The decoded text from where the reading is.
struct Window<'a> {
    input: &'a mut dyn Read,
    decoder: Decoder,
    bytes: Vec<u8>,
    text: String,
    at: usize,
    ended: bool,
}

impl<'a> Window<'a> {
    fn new(input: &'a mut dyn Read, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_with_bom_removal();
        Self { input, decoder, bytes: vec![0; PIECE], text: String::new(), at: 0, ended: false }
    }

    /// Decodes until enough lies ahead.
    fn fill(&mut self) -> Result<(), Refused> {
        while !self.ended && self.text.len() - self.at < AHEAD {
            self.text.drain(..self.at);
            self.at = 0;
            let count = self.input.read(&mut self.bytes).map_err(|error| unreadable(&error))?;
            self.ended = count == 0;
            let room = self.decoder.max_utf8_buffer_length(count).unwrap_or(PIECE * 3);
            self.text.reserve(room);
            let from = self.text.len();
            let piece = self.bytes.get(..count).unwrap_or(&[]);
            let _ = self.decoder.decode_to_string(piece, &mut self.text, self.ended);
            if self.text.get(from..).is_some_and(|new| new.contains('\0')) {
                return Err(not_a_table());
            }
        }
        Ok(())
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }
}

fn tell(window: &mut Window<'_>, rows: &mut dyn Rows, extent: Extent, is_cut: bool) -> Result<(), Refused> {
    window.fill()?;
    let mut number = 1;
    let separator = if let Some((separator, length)) = announced(window.rest()) {
        window.at += length;
        number = 2;
        separator
    } else {
        separator(window.rest())
    };
    rows.sheet("");
    let mut told = 0;
    loop {
        window.fill()?;
        let rest = window.rest();
        if rest.is_empty() || told >= extent.rows {
            return Ok(());
        }
        if number > MOST_ROWS {
            return Err(too_many_rows(MOST_ROWS));
        }
        let (row, lines, taken) = next(rest, separator, number);
        if taken > MOST_LINE_BYTES {
            return Err(not_a_table());
        }
        if is_cut && window.ended && taken == rest.len() {
            return Ok(());
        }
        window.at += taken;
        number += lines;
        if !row.is_blank() {
            told += 1;
            rows.row(&row)?;
        }
    }
}

/// The row at the start of `rest`, how many lines it spans and how many bytes.
fn next(rest: &str, separator: char, number: u32) -> (Row, u32, usize) {
    let (cells, open_quote, lines, after) = match record(rest, separator) {
        Ok((cells, lines, after)) => (cells, None, lines, after),
        Err(column) => {
            let (line, after) = line(rest);
            let cells = line.split(separator).take(MOST_COLUMNS).map(Cell::text).collect();
            (cells, Some(column), 1, after)
        }
    };
    (Row { number, cells, open_quote, from_1904: false }, lines, rest.len() - after.len())
}

const SEPARATORS: [char; 4] = [';', '\t', '|', ','];

/// `sep=;` on the first line tells a spreadsheet which separator follows.
fn announced(text: &str) -> Option<(char, usize)> {
    let (first, after) = line(text);
    let separator = first.strip_prefix("sep=").or_else(|| first.strip_prefix("SEP="))?.chars().next()?;
    SEPARATORS.contains(&separator).then(|| (separator, text.len() - after.len()))
}

/// The candidate that stands equally often in the most rows, then the one that stands there most.
fn separator(text: &str) -> char {
    let mut rest = text.get(..text.floor_char_boundary(AHEAD / 4)).unwrap_or(text);
    let mut rows = Vec::new();
    while !rest.is_empty() && rows.len() < 40 {
        let (row, after) = lines_of_a_row(rest);
        rows.extend((!row.trim().is_empty()).then_some(row));
        rest = after;
    }
    let agreement = |separator: char| {
        let counts: Vec<usize> = rows.iter().map(|row| outside_quotes(row, separator)).collect();
        counts
            .iter()
            .filter(|count| **count > 0)
            .map(|count| (counts.iter().filter(|other| *other == count).count(), *count))
            .max()
            .unwrap_or((0, 0))
    };
    // Of equals the last is taken.
    SEPARATORS.into_iter().rev().max_by_key(|separator| agreement(*separator)).unwrap_or(';')
}

/// The row at the start of `rest`, whatever its separator, and what follows. Lines within quotation marks are of
/// one row: with an address of two lines here and there, no separator stands equally often on each line.
fn lines_of_a_row(rest: &str) -> (&str, &str) {
    let (mut marks, mut lines) = (Marks::default(), 1);
    for (at, c) in rest.char_indices() {
        let enclosed = marks.enclose(c);
        if !enclosed && matches!(c, '\r' | '\n') {
            return (rest.get(..at).unwrap_or(""), after_line_end(rest.get(at..).unwrap_or("")));
        }
        lines += u32::from(c == '\n');
        if lines > MOST_LINES_OF_A_CELL {
            break;
        }
    }
    if marks.quoted || lines > MOST_LINES_OF_A_CELL { line(rest) } else { (rest, "") }
}

fn outside_quotes(row: &str, separator: char) -> usize {
    let mut marks = Marks::default();
    row.chars().filter(|c| !marks.enclose(*c) && *c == separator).count()
}

/// Whether quotation marks enclose what is read, sign by sign from the start of a row.
#[derive(Default)]
struct Marks {
    quoted: bool,
    before: Option<char>,
}

impl Marks {
    fn enclose(&mut self, c: char) -> bool {
        // One opens where a cell begins, whatever the separator, or as the second of a pair.
        let opens = self.before.is_none_or(|before| before == '"' || SEPARATORS.contains(&before));
        self.quoted ^= c == '"' && (self.quoted || opens);
        self.before = Some(c);
        self.quoted
    }
}

/// The line at the start of `rest`, without its end, and what follows.
fn line(rest: &str) -> (&str, &str) {
    match rest.find(['\r', '\n']) {
        Some(end) => (rest.get(..end).unwrap_or(""), after_line_end(rest.get(end..).unwrap_or(""))),
        None => (rest, ""),
    }
}

/// What follows `\r\n`, `\n` or `\r`.
fn after_line_end(rest: &str) -> &str {
    let rest = rest.strip_prefix('\r').unwrap_or(rest);
    // A lone \r ends a line too; \r\n is one end, not two.
    rest.strip_prefix('\n').unwrap_or(rest)
}

/// The record at the start of `rest`, how many lines it spans and what follows; or the
/// column whose quotation mark is not closed.
fn record(rest: &str, separator: char) -> Result<(Vec<Cell>, u32, &str), usize> {
    let (mut cells, mut lines, mut rest) = (Vec::new(), 1, rest);
    loop {
        let column = cells.len();
        let (cell, after) = if rest.starts_with('"') {
            quoted(rest, separator, &mut lines).ok_or(column)?
        } else {
            let end = rest.find([separator, '\r', '\n']).unwrap_or(rest.len());
            (unprotected(rest.get(..end).unwrap_or("")), rest.get(end..).unwrap_or(""))
        };
        if cells.len() < MOST_COLUMNS {
            cells.push(cell);
        }
        match after.strip_prefix(separator) {
            Some(next) => rest = next,
            None => return Ok((cells, lines, after_line_end(after))),
        }
    }
}

/// The quoted cell at the start of `rest` and what follows it: a separator, a line end or nothing.
fn quoted<'a>(rest: &'a str, separator: char, lines: &mut u32) -> Option<(Cell, &'a str)> {
    let mut text = String::new();
    let mut inside = rest.strip_prefix('"')?;
    loop {
        let end = inside.find('"').filter(|end| *end <= MOST_LINE_BYTES)?;
        let piece = inside.get(..end)?;
        *lines += u32::try_from(piece.matches('\n').count()).unwrap_or(u32::MAX);
        if *lines > MOST_LINES_OF_A_CELL {
            return None;
        }
        text.push_str(piece);
        let after = inside.get(end + 1..)?;
        match after.strip_prefix('"') {
            Some(next) => {
                text.push('"');
                inside = next;
            }
            None => {
                let after = after.trim_start_matches([' ', '\u{a0}']);
                let ends = after.is_empty() || after.starts_with([separator, '\r', '\n']);
                return ends.then(|| (unprotected(&text), after));
            }
        }
    }
}

/// `="5CD030BC10"` is how a text is kept from a spreadsheet that would make it a number.
fn unprotected(text: &str) -> Cell {
    let trimmed = text.trim();
    Cell::text(trimmed.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).unwrap_or(trimmed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::packed::Plain;
    use std::io::Cursor;

    struct Told(Vec<String>);

    impl Rows for Told {
        fn sheet(&mut self, _: &str) {}

        fn row(&mut self, row: &Row) -> Result<(), Refused> {
            let cells: Vec<_> = row.cells.iter().map(|cell| cell.text.as_str()).collect();
            let open = row.open_quote.map(|column| format!(" !{column}")).unwrap_or_default();
            self.0.push(format!("{} {}{open}", row.number, cells.join("|")));
            Ok(())
        }
    }

    const WHOLE: Extent = Extent { rows: u32::MAX, head: false };

    fn read_bytes(bytes: &[u8], rows: &mut dyn Rows, extent: Extent) -> Result<(), Refused> {
        read(&mut Plain(Cursor::new(bytes)), rows, extent)
    }

    fn told(bytes: &[u8]) -> Vec<String> {
        let mut told = Told(Vec::new());
        read_bytes(bytes, &mut told, WHOLE).unwrap();
        told.0
    }

    #[test]
    fn separators_encodings_and_line_ends() {
        assert_eq!(told(b"a;b\r\n\r\n c ;=\"00,1\""), ["1 a|b", "3 c|00,1"]);
        assert_eq!(told(b"a\tb\rc\td\r"), ["1 a|b", "2 c|d"]);
        assert_eq!(told(b"\xEF\xBB\xBFN\xC2\xB0;x\n"), ["1 N°|x"]);
        assert_eq!(told(b"N\xB0;x\n"), ["1 N°|x"]);
        assert_eq!(told(b"\xFF\xFEN\0\xB0\0\t\0x\0"), ["1 N°|x"]);
        assert_eq!(told(b"\xFE\xFF\0N\0\xB0\0\t\0x"), ["1 N°|x"]);
        assert_eq!(told(b"LES\xBCUR;x\n"), ["1 LESŒUR|x"]);
        assert_eq!(told(b"LES\x8CUR;x\n"), ["1 LESŒUR|x"]);
    }

    #[test]
    fn the_separator_is_the_one_that_lines_agree_on() {
        assert_eq!(told(b"T|P\nx|6,50\n"), ["1 T|P", "2 x|6,50"]);
        let addresses = b"Nom;Adresse\nx;1, rue, Metz\ny;2, b, c, d\nz;3, e\n";
        assert_eq!(told(addresses)[1], "2 x|1, rue, Metz");
        assert_eq!(told(b"Nom,Prix\nx,\"6;50\"\n"), ["1 Nom|Prix", "2 x|6;50"]);
        assert_eq!(told(b"sep=|\na|b;c;d\n"), ["2 a|b;c;d"]);
        assert_eq!(told(b"seul\n"), ["1 seul"]);
        // A text of several lines is of one row, unless a mark is left open.
        let lines = b"Prix|Note|Titre\n6,50|\"1 rue\nMetz\"|a\n7,50|\"2 rue\nMetz\"|b\n8,50||c\n";
        assert_eq!(told(lines)[1..], ["2 6,50|1 rue\nMetz|a", "4 7,50|2 rue\nMetz|b", "6 8,50||c"]);
        assert_eq!(told(b"a;b\n\"c;1,5\nd;2,5\ne;3,5\n")[3], "4 e|3,5");
        assert_eq!(told(b"15\" TFT;1,5\n17\" TFT;2,5\n")[1], "2 17\" TFT|2,5");
    }

    #[test]
    fn quotation_marks() {
        assert_eq!(
            told(b"\"a;\"\"b\"\"\";c\n\"1\n2\";d\ne;f"),
            ["1 a;\"b\"|c", "2 1\n2|d", "4 e;f".replace(';', "|").as_str()]
        );
        assert_eq!(told(b"15.6\" TFT;c\n"), ["1 15.6\" TFT|c"]);
        assert_eq!(told(b"\"=\"\"2E1\"\"\";c\n"), ["1 2E1|c"]);
    }

    #[test]
    fn a_quotation_mark_left_open_spoils_its_own_line_only() {
        assert_eq!(told(b"a;\"b\nc;d\n"), ["1 a|\"b !1", "2 c|d"]);
        assert_eq!(told(b"\"a;b\nc;\"d\ne;f\n"), ["1 \"a|b !0", "2 c|\"d !1", "3 e|f"]);
        let far = format!("\"a;b\n{}c\";d\n", "x;y\n".repeat(20));
        assert_eq!(told(far.as_bytes()).len(), 22);
    }

    #[test]
    fn rows_are_whole_wherever_the_pieces_end() {
        let lines: Vec<String> = (1..=30_000).map(|n| format!("é{n};\"ligne\n{n}\"")).collect();
        let told = told(lines.join("\r\n").as_bytes());
        assert_eq!(told.len(), 30_000);
        assert!(
            told.iter().zip(0..).all(|(row, n)| *row == format!("{} é{}|ligne\n{}", 2 * n + 1, n + 1, n + 1))
        );
    }

    #[test]
    fn the_head_ends_with_a_whole_row() {
        let mut rows = Told(Vec::new());
        read_bytes("12345;789\n".repeat(10_000).as_bytes(), &mut rows, Extent { rows: 20_000, head: true })
            .unwrap();
        assert_eq!(rows.0.len(), 6553);
        assert!(rows.0.iter().all(|row| row.ends_with(" 12345|789")));
    }

    #[test]
    fn what_is_no_table() {
        let mut rows = Told(Vec::new());
        let code =
            |bytes: &[u8], rows: &mut Told| read_bytes(bytes, rows, WHOLE).map_err(|refused| refused.code);
        assert_eq!(code(b"a\0b", &mut rows), Err("not_a_table"));
        assert_eq!(code(b"\xFF\xFEa\0\0\0", &mut rows), Err("not_a_table"));
        assert_eq!(code(&vec![b'a'; MOST_LINE_BYTES + 2], &mut rows), Err("not_a_table"));
        assert_eq!(code(&b"a\n".repeat(2_000_001), &mut rows), Err("too_many_rows"));
    }
}
