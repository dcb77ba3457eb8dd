//! Tables of text: CSV in the encodings and separators that spreadsheets write, and XLSX.

use super::Refused;
use calamine::{Data, Reader, Xlsx};
use std::io::Cursor;

/// Rows of cells, trimmed. The first row of a file is row 1.
pub type Table = Vec<Vec<String>>;

/// The sheets of a file, one for a CSV.
pub fn read(bytes: &[u8]) -> Result<Vec<Table>, Refused> {
    if bytes.is_empty() {
        return Err(Refused::new(
            "empty_file",
            "Le fichier est vide.",
            "Demandez de nouveau le bon de livraison.",
        ));
    }
    if bytes.starts_with(b"PK\x03\x04") { xlsx(bytes) } else { Ok(vec![csv(bytes)?]) }
}

fn csv(bytes: &[u8]) -> Result<Table, Refused> {
    let text = decode(bytes)?;
    let separator = separator(&text);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let mut table = Vec::new();
    // Line ends seen before the record, and how far they were counted.
    let (mut line, mut counted) = (0, 0);
    for record in reader.records() {
        let record = record.map_err(|_| not_a_table())?;
        // The reader skips blank lines; rows keep the numbers that a person sees.
        let from = record.position().and_then(|at| usize::try_from(at.byte()).ok()).unwrap_or(counted);
        let blank =
            text.get(from..).map_or(0, |rest| rest.len() - rest.trim_start_matches(['\r', '\n']).len());
        let between = text.get(counted..from + blank).unwrap_or("");
        line += between.bytes().filter(|b| *b == b'\n').count();
        counted = from + blank;
        while table.len() < line {
            table.push(Vec::new());
        }
        table.push(record.iter().map(|cell| cell.trim().to_owned()).collect());
    }
    Ok(table)
}

/// UTF-8, with or without BOM, when it is valid; CP1252 otherwise, which every byte is.
fn decode(bytes: &[u8]) -> Result<String, Refused> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if bytes.contains(&0) {
        return Err(not_a_table());
    }
    Ok(match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode(bytes).0.into_owned(),
    })
}

/// The candidate that the first lines hold most of.
fn separator(text: &str) -> u8 {
    let count = |separator: u8| text.bytes().take(4096).filter(|b| *b == separator).count();
    [b';', b'\t', b','].into_iter().max_by_key(|s| (count(*s), *s == b';')).unwrap_or(b';')
}

fn xlsx(bytes: &[u8]) -> Result<Vec<Table>, Refused> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| not_a_table())?;
    let sheets = book.worksheets();
    Ok(sheets
        .into_iter()
        .map(|(_, range)| {
            let above = range.start().map_or(0, |(row, _)| usize::try_from(row).unwrap_or(0));
            let mut table: Table = vec![Vec::new(); above];
            table.extend(range.rows().map(|row| row.iter().map(cell).collect()));
            table
        })
        .collect())
}

/// A date as `jj/mm/aaaa`; a number as a spreadsheet shows it, so that a serial
/// number it destroyed is seen as what it has become.
fn cell(data: &Data) -> String {
    match data {
        Data::DateTime(date) => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            format!("{day:02}/{month:02}/{year}")
        }
        Data::Empty => String::new(),
        other => other.to_string().trim().to_owned(),
    }
}

fn not_a_table() -> Refused {
    Refused::new(
        "not_a_table",
        "Ce fichier n'est ni un CSV ni un classeur XLSX entier.",
        "Demandez le bon de livraison en CSV ou en XLSX.",
    )
}
