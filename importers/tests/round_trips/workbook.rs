//! Writes workbooks: XLSX by a library, XLS and ODS by what the tests of their readers are made with.

use crate::common::{ods, xls};
use crate::table::{Cell, Shape};
use crate::whims::Whims;
use chrono::NaiveDate;
use rust_xlsxwriter::{Format, Workbook};

/// A cell as a workbook has it.
#[derive(Debug, Clone)]
pub enum Value {
    Empty,
    Text(String),
    Number(f64),
    Day(NaiveDate),
    /// A day as a bare number.
    Serial(NaiveDate),
}

/// Days since 1899-12-30, as spreadsheets count.
pub fn serial(day: NaiveDate) -> i32 {
    i32::try_from((day - NaiveDate::from_ymd_opt(1899, 12, 30).unwrap()).num_days()).unwrap()
}

pub fn value(cell: &Cell, whims: &mut Whims) -> Value {
    match cell {
        Cell::Empty => Value::Empty,
        Cell::Text(text) if whims.one_in(15) => Value::Text(format!(" {text}  ")),
        Cell::Text(text) => Value::Text(text.clone()),
        Cell::Code(text) => {
            // Figures without zeros before them, few enough to be exact.
            let number =
                text.parse::<u64>().ok().filter(|number| number.to_string() == *text && text.len() < 15);
            match number.filter(|_| whims.one_in(2)) {
                Some(_) => Value::Number(text.parse().unwrap()),
                None => Value::Text(text.clone()),
            }
        }
        Cell::Day(day) => match whims.below(3) {
            0 => Value::Day(*day),
            1 => Value::Text(day.format("%d/%m/%Y").to_string()),
            _ => Value::Serial(*day),
        },
        Cell::Money(cents) => {
            let euros = format!("{}.{:02}", cents / 100, cents % 100);
            match whims.below(2) {
                0 => Value::Number(euros.parse().unwrap()),
                _ => Value::Text(euros.replace('.', ",")),
            }
        }
    }
}

/// Sheets that are not shown hold what nobody is to be told.
const HIDDEN: &str = "Cachée";

pub fn write(shape: Shape, name: &'static str, grid: &[Vec<Value>], whims: &mut Whims) -> Vec<u8> {
    let hides = whims.one_in(3);
    let bytes = match shape {
        Shape::Xlsx => xlsx(name, grid, hides),
        Shape::Xls => as_xls(name, grid, hides, whims),
        _ => as_ods(name, grid, hides, whims),
    };
    // ElevesComplete often comes in a zip.
    if whims.one_in(8) { ods::zip(&[("dossier/", b""), ("dossier/export", &bytes)]) } else { bytes }
}

fn xlsx(name: &str, grid: &[Vec<Value>], hides: bool) -> Vec<u8> {
    let mut book = Workbook::new();
    let mut sheets = vec![(name, false)];
    if hides {
        sheets.push((HIDDEN, true));
    }
    let date = Format::new().set_num_format("dd/mm/yyyy");
    for (name, hidden) in sheets {
        let sheet = book.add_worksheet().set_name(name).unwrap().set_hidden(hidden);
        for (row, values) in (0..).zip(grid) {
            for (column, value) in (0..).zip(values) {
                match value {
                    Value::Empty => continue,
                    Value::Text(text) => sheet.write_string(row, column, text),
                    Value::Number(number) => sheet.write_number(row, column, *number),
                    Value::Day(day) => sheet.write_datetime_with_format(row, column, day, &date),
                    Value::Serial(day) => sheet.write_number(row, column, serial(*day)),
                }
                .unwrap();
            }
        }
    }
    book.save_to_buffer().unwrap()
}

fn as_xls(name: &'static str, grid: &[Vec<Value>], hides: bool, whims: &mut Whims) -> Vec<u8> {
    let from_1904 = whims.one_in(3);
    let options =
        xls::Options { from_1904, part: whims.one_in(3).then(|| 40 + whims.below(200)), small: false };
    let mut cells = Vec::new();
    for (row, values) in (0..).zip(grid) {
        for (column, value) in (0..).zip(values) {
            let days = |day: &NaiveDate| f64::from(serial(*day) - if from_1904 { 1462 } else { 0 });
            let value = match value {
                Value::Empty => continue,
                // The texts live as long as the test.
                Value::Text(text) if whims.one_in(4) => xls::Value::Label(text.clone().leak()),
                Value::Text(text) => xls::Value::Shared(text.clone().leak()),
                Value::Number(number) => xls::Value::Number(*number),
                Value::Day(day) => xls::Value::Date(days(day)),
                Value::Serial(day) => xls::Value::Number(days(day)),
            };
            cells.push((row, column, value));
        }
    }
    let hidden = hides.then(|| xls::Sheet { name: HIDDEN, hidden: true, cells: cells.clone() });
    let shown = xls::Sheet { name, hidden: false, cells };
    xls::file(&hidden.into_iter().chain([shown]).collect::<Vec<_>>(), &options)
}

fn as_ods(name: &str, grid: &[Vec<Value>], hides: bool, whims: &mut Whims) -> Vec<u8> {
    let mut rows = String::new();
    for values in grid {
        let cells: String = values
            .iter()
            .map(|value| match value {
                Value::Empty => ods::cell(""),
                Value::Text(text) => ods::cell(&quick_xml::escape::escape(text.as_str())),
                Value::Number(number) => ods::number(&number.to_string()),
                Value::Day(day) => ods::date(&day.to_string(), &day.format("%d/%m/%y").to_string()),
                Value::Serial(day) => ods::number(&serial(*day).to_string()),
            })
            .collect();
        let rest = if cells.is_empty() || whims.one_in(3) {
            "<table:table-cell table:number-columns-repeated=\"900\"/>"
        } else {
            ""
        };
        rows.push_str(&format!("<table:table-row>{cells}{rest}</table:table-row>"));
    }
    let shown = ods::sheet(name, &rows);
    let hidden = shown.replace("\"ta1\"", "\"hidden\"").replace(name, HIDDEN);
    ods::file(&if hides { hidden + &shown } else { shown })
}
