//! Lines of CSV that spreadsheets open without harm: `;`, CRLF, RFC 4180 quotes, no formulas.

use super::cells::Cell;
use chrono::{Datelike, Timelike};
use std::fmt::Write;

/// Spreadsheets take a file that begins so for UTF-8.
pub const BOM: &str = "\u{feff}";

/// Appends a line of texts.
pub fn line(out: &mut String, cells: &[&str]) {
    for (i, cell) in cells.iter().enumerate() {
        if i > 0 {
            out.push(';');
        }
        field(out, cell);
    }
    out.push_str("\r\n");
}

/// Appends a line of cells.
pub fn cells<'a>(out: &mut String, cells: impl Iterator<Item = Cell<'a>>) {
    for (i, cell) in cells.enumerate() {
        if i > 0 {
            out.push(';');
        }
        // Writing to a string cannot fail.
        let _ = match cell {
            Cell::Empty => Ok(()),
            Cell::Text(text) => {
                field(out, &text);
                Ok(())
            }
            Cell::Date(date) => write!(out, "{:02}/{:02}/{:04}", date.day(), date.month(), date.year()),
            Cell::Time(time) => write!(out, "{:02}:{:02}", time.hour(), time.minute()),
            Cell::Count(count) => write!(out, "{count}"),
            Cell::Cents(cents) => {
                let sign = if cents < 0 { "-" } else { "" };
                write!(out, "{sign}{},{:02}", cents.abs() / 100, cents.abs() % 100)
            }
        };
    }
    out.push_str("\r\n");
}

/// A leading apostrophe keeps a spreadsheet from running a cell as a formula (OWASP,
/// CSV injection); quotes as RFC 4180 has them.
pub fn field(out: &mut String, text: &str) {
    let quoted = text.contains([';', '"', '\r', '\n']);
    if quoted {
        out.push('"');
    }
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        out.push('\'');
    }
    for (i, part) in text.split('"').enumerate() {
        if i > 0 {
            out.push_str("\"\"");
        }
        out.push_str(part);
    }
    if quoted {
        out.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_made_harmless_and_separators_quoted() {
        let cases = [
            ("=1+1", "'=1+1"),
            ("+33", "'+33"),
            ("-2", "'-2"),
            ("@x", "'@x"),
            ("\t=1", "'\t=1"),
            ("a;b", "\"a;b\""),
            ("=a;b", "\"'=a;b\""),
            ("dit \"non\"", "\"dit \"\"non\"\"\""),
            ("deux\r\nlignes", "\"deux\r\nlignes\""),
            ("Zoé", "Zoé"),
            ("", ""),
        ];
        for (read, written) in cases {
            let mut out = String::new();
            field(&mut out, read);
            assert_eq!(out, written);
        }
    }
}
