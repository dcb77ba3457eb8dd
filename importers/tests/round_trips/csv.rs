//! Writes a CSV in any encoding that has its characters, with any separator, line end and quotation.

use crate::common::utf16;
use crate::table::{Cell, Line};
use crate::whims::Whims;
use chrono::NaiveDate;
use encoding_rs::{Encoding, ISO_8859_15, WINDOWS_1252};

const DATES: [&str; 8] =
    ["%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d", "%d/%m/%y", "%d/%m/%Y 00:00:00", "serial"];

/// The bytes, and the row of each line.
pub fn write(lines: &[Line], separator: Option<char>, whims: &mut Whims) -> (Vec<u8>, Vec<u32>) {
    let mut style = Style {
        separator: separator.unwrap_or_else(|| whims.pick(&[';', '\t', ',', '|'])),
        line_end: whims.pick(&["\r\n", "\n", "\r"]),
        date: whims.pick(&DATES),
        quotes_all: whims.one_in(4),
        whims,
    };
    let (mut text, mut row, mut rows) = (String::new(), 1, Vec::new());
    if style.whims.one_in(8) {
        text.push_str(&format!("sep={}{}", style.separator, style.line_end));
        row += 1;
    }
    for line in lines {
        rows.push(row);
        let cells: Vec<String> = line.cells().iter().map(|cell| style.cell(cell)).collect();
        let line = cells.join(&style.separator.to_string());
        row += 1 + u32::try_from(line.matches('\n').count()).unwrap();
        text.push_str(&line);
        text.push_str(style.line_end);
    }
    if style.whims.one_in(4) {
        text.truncate(text.trim_end_matches(['\r', '\n']).len());
    }
    (encoded(&text, style.whims), rows)
}

struct Style<'a> {
    separator: char,
    line_end: &'static str,
    date: &'static str,
    quotes_all: bool,
    whims: &'a mut Whims,
}

impl Style<'_> {
    fn cell(&mut self, cell: &Cell) -> String {
        let text = match cell {
            Cell::Empty => return String::new(),
            // A lone \r ends lines: a text of several would say where they end in another way.
            Cell::Text(text) if self.line_end == "\r" => text.replace('\n', " "),
            Cell::Text(text) => text.clone(),
            // How a text is kept from a spreadsheet.
            Cell::Code(text) if self.whims.one_in(15) => return self.protected(text),
            Cell::Code(text) => text.clone(),
            Cell::Day(day) => self.day(*day),
            Cell::Money(cents) => {
                let sign = self.whims.pick(&["", "", " €"]);
                format!("{},{:02}{sign}", cents / 100, cents % 100)
            }
        };
        if self.quotes_all || text.contains([self.separator, '"', '\n']) {
            return quoted(&text);
        }
        if self.whims.one_in(15) { format!(" {text} ") } else { text }
    }

    fn protected(&mut self, text: &str) -> String {
        let protected = format!("=\"{text}\"");
        if self.whims.one_in(2) { quoted(&protected) } else { protected }
    }

    fn day(&self, day: NaiveDate) -> String {
        match self.date {
            "serial" => crate::workbook::serial(day).to_string(),
            format => day.format(format).to_string(),
        }
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// In one of the encodings that have all of its characters and can be told from its bytes: of a text without an Œ,
/// nothing tells in which of the two its Š is.
fn encoded(text: &str, whims: &mut Whims) -> Vec<u8> {
    let plain = text.as_bytes().to_vec();
    let mut all = vec![plain, format!("\u{feff}{text}").into_bytes(), utf16(text, false), utf16(text, true)];
    let mut add = |encoding: &'static Encoding| {
        let (bytes, _, lossy) = encoding.encode(text);
        all.extend((!lossy).then(|| bytes.into_owned()));
    };
    add(WINDOWS_1252);
    if !text.contains(['Š', 'š', 'Ž', 'ž']) {
        add(ISO_8859_15);
    }
    whims.pick(&all)
}
