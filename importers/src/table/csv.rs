//! CSV. Quotation marks follow RFC 4180; one that nothing closes spoils its own line
//! only, instead of swallowing the rows below.

use super::{Cell, MOST_COLUMNS, MOST_ROWS, Row, Rows, not_a_table, too_many_rows};
use crate::Refused;
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;

/// Lines that one quoted cell may span: an address, not half of the file.
const MOST_LINES_OF_A_CELL: u32 = 8;
/// A line longer than this is no line of a table.
const MOST_LINE_BYTES: usize = 64 * 1024;

pub fn read(bytes: &[u8], rows: &mut dyn Rows) -> Result<(), Refused> {
    let text = decode(bytes)?;
    let separator = separator(&text);
    rows.sheet("");
    let mut rest = &*text;
    let mut number = 1;
    while !rest.is_empty() {
        if number > MOST_ROWS {
            return Err(too_many_rows());
        }
        let (row, lines, after) = match record(rest, separator) {
            Ok((cells, lines, after)) => (Row { number, cells, open_quote: None }, lines, after),
            Err(column) => {
                let (line, after) = line(rest);
                let cells = line.split(separator).take(MOST_COLUMNS).map(Cell::text).collect();
                (Row { number, cells, open_quote: Some(column) }, 1, after)
            }
        };
        if rest.len() - after.len() > MOST_LINE_BYTES {
            return Err(not_a_table());
        }
        if row.cells.iter().any(|cell| !cell.text.is_empty()) {
            rows.row(&row)?;
        }
        number += lines;
        rest = after;
    }
    Ok(())
}

/// UTF-16 with its mark; UTF-8, with or without, when it is valid; else CP1252, which every byte is.
fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Refused> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes).filter(|(e, _)| [UTF_16LE, UTF_16BE].contains(e)) {
        let text = encoding.decode(bytes).0;
        return if text.contains('\0') { Err(not_a_table()) } else { Ok(text) };
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if bytes.contains(&0) {
        return Err(not_a_table());
    }
    Ok(match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
    })
}

/// The candidate that the first lines hold most of.
fn separator(text: &str) -> char {
    let count = |separator: u8| text.bytes().take(4096).filter(|b| *b == separator).count();
    let most = [b';', b'\t', b','].into_iter().max_by_key(|s| (count(*s), *s == b';'));
    char::from(most.unwrap_or(b';'))
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
                return ends.then(|| (Cell::text(&text), after));
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

    fn told(bytes: &[u8]) -> Vec<String> {
        let mut told = Told(Vec::new());
        read(bytes, &mut told).unwrap();
        told.0
    }

    #[test]
    fn separators_encodings_and_line_ends() {
        assert_eq!(told(b"a;b\r\n\r\n c ;=\"00,1\""), ["1 a|b", "3 c|00,1"]);
        assert_eq!(told(b"a\tb\rc\td\r"), ["1 a|b", "2 c|d"]);
        assert_eq!(told(b"\xEF\xBB\xBFN\xC2\xB0;x\n"), ["1 N°|x"]);
        assert_eq!(told(b"N\xB0;x\n"), ["1 N°|x"]);
        assert_eq!(told(b"\xFF\xFEN\0\xB0\0\t\0x\0"), ["1 N°|x"]);
    }

    #[test]
    fn quotation_marks() {
        assert_eq!(
            told(b"\"a;\"\"b\"\"\";c\n\"1\n2\";d\ne;f"),
            ["1 a;\"b\"|c", "2 1\n2|d", "4 e;f".replace(';', "|").as_str()]
        );
        assert_eq!(told(b"15.6\" TFT;c\n"), ["1 15.6\" TFT|c"]);
    }

    #[test]
    fn a_quotation_mark_left_open_spoils_its_own_line_only() {
        assert_eq!(told(b"a;\"b\nc;d\n"), ["1 a|\"b !1", "2 c|d"]);
        assert_eq!(told(b"\"a;b\nc;\"d\ne;f\n"), ["1 \"a|b !0", "2 c|\"d !1", "3 e|f"]);
        let far = format!("\"a;b\n{}c\";d\n", "x;y\n".repeat(20));
        assert_eq!(told(far.as_bytes()).len(), 22);
    }

    #[test]
    fn what_is_no_table() {
        let mut rows = Told(Vec::new());
        let code = |bytes: &[u8], rows: &mut Told| read(bytes, rows).map_err(|refused| refused.code);
        assert_eq!(code(b"a\0b", &mut rows), Err("not_a_table"));
        assert_eq!(code(&vec![b'a'; MOST_LINE_BYTES + 2], &mut rows), Err("not_a_table"));
        assert_eq!(code(&b"a\n".repeat(100_001), &mut rows), Err("too_many_rows"));
    }
}
