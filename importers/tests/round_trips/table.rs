//! Writes tables as software, spreadsheets and people do: a CSV of any encoding and separator, or a workbook whose
//! cells are texts, numbers or dates; with lines above and between, and columns that no reader knows.

use crate::csv;
use crate::whims::Whims;
use crate::workbook;
use chrono::NaiveDate;
use std::collections::BTreeSet;

#[derive(Debug, Clone)]
pub enum Cell {
    Empty,
    /// A text that no spreadsheet takes for anything else.
    Text(String),
    /// A text that may have become a number, where that loses nothing.
    Code(String),
    Day(NaiveDate),
    /// Cents of a euro.
    Money(i64),
}

pub fn text(text: impl Into<String>) -> Cell {
    Some(text.into()).filter(|text| !text.is_empty()).map_or(Cell::Empty, Cell::Text)
}

pub fn code(text: Option<impl Into<String>>) -> Cell {
    text.map_or(Cell::Empty, |text| Cell::Code(text.into()))
}

pub fn day(day: Option<NaiveDate>) -> Cell {
    day.map_or(Cell::Empty, Cell::Day)
}

/// A column with a cell for each line.
#[derive(Debug, Clone)]
pub struct Column {
    pub title: String,
    pub cells: Vec<Cell>,
}

pub fn column<'a, T: 'a>(
    title: impl Into<String>,
    lines: impl IntoIterator<Item = &'a T>,
    cell: impl FnMut(&'a T) -> Cell,
) -> Column {
    Column { title: title.into(), cells: lines.into_iter().map(cell).collect() }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Csv,
    Xls,
    Xlsx,
    Ods,
}

pub const SHAPES: [Shape; 4] = [Shape::Csv, Shape::Xls, Shape::Xlsx, Shape::Ods];

/// A table before it is written.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// Lines above the titles.
    pub above: Vec<Vec<Cell>>,
    pub columns: Vec<Column>,
    /// A line below all others: titles of columns, and what stands there.
    pub below: Vec<(String, Cell)>,
    /// The lines alone stand in the file, the columns in their order.
    pub bare: bool,
    /// The separator of a CSV, where it is not free.
    pub separator: Option<char>,
}

/// A table that is written.
#[derive(Debug)]
pub struct Written {
    pub bytes: Vec<u8>,
    /// Empty for a CSV.
    pub sheet: String,
    /// As a person counts: of the titles, and of each line.
    pub header_row: u32,
    pub rows: Vec<u32>,
    /// The titles in the order in which they stand.
    pub titles: Vec<String>,
    /// Titles of columns of which a cell is a number.
    pub numbers: BTreeSet<String>,
}

impl Written {
    /// The place of the column of that title, from 0.
    pub fn place(&self, title: &str) -> usize {
        self.titles.iter().position(|known| known == title).unwrap()
    }
}

/// What a line of the file is.
pub enum Line {
    Blank,
    /// Above or below, or the titles again.
    Other(Vec<Cell>),
    Titles(Vec<Cell>),
    Row(Vec<Cell>),
}

impl Line {
    pub fn cells(&self) -> &[Cell] {
        match self {
            Line::Blank => &[],
            Line::Other(cells) | Line::Titles(cells) | Line::Row(cells) => cells,
        }
    }
}

pub fn write(mut table: Table, shape: Shape, whims: &mut Whims) -> Written {
    let count = table.columns.first().map_or(0, |column| column.cells.len());
    if !table.bare {
        let unknown = whims.below(4);
        table.columns.extend((0..unknown).map(|number| unknown_column(number, count, whims)));
        whims.shuffle(&mut table.columns);
    }
    let titles: Vec<String> = table.columns.iter().map(|column| column.title.clone()).collect();
    let lines = lines(&table, count, whims);
    let mut numbers = BTreeSet::new();
    let (bytes, sheet, places) = match shape {
        Shape::Csv => {
            let (bytes, places) = csv::write(&lines, table.separator, whims);
            (bytes, String::new(), places)
        }
        shape => {
            let sheet = whims.pick(&["Feuil1", "Elèves Complète", "Liste"]);
            let grid: Vec<Vec<workbook::Value>> = lines
                .iter()
                .map(|line| line.cells().iter().map(|cell| workbook::value(cell, whims)).collect())
                .collect();
            for (line, values) in lines.iter().zip(&grid).filter(|(line, _)| matches!(line, Line::Row(_))) {
                let number = |value: &workbook::Value| matches!(value, workbook::Value::Number(_));
                let of = |place: usize| titles[place].clone();
                numbers.extend((0..line.cells().len()).filter(|place| number(&values[*place])).map(of));
            }
            let places = (1..).take(lines.len()).collect();
            (workbook::write(shape, sheet, &grid, whims), sheet.to_owned(), places)
        }
    };
    let of = |wanted: fn(&Line) -> bool| -> Vec<u32> {
        lines.iter().zip(&places).filter(|(line, _)| wanted(line)).map(|(_, row)| *row).collect()
    };
    Written {
        bytes,
        sheet,
        header_row: of(|line| matches!(line, Line::Titles(_))).first().copied().unwrap_or(0),
        rows: of(|line| matches!(line, Line::Row(_))),
        titles,
        numbers,
    }
}

/// What a school has added, of which a text may have several lines.
fn unknown_column(number: usize, count: usize, whims: &mut Whims) -> Column {
    let cell = |row: usize| match whims.below(8) {
        0..5 => Cell::Empty,
        5 => Cell::Text(format!("note {row} ; « vue »")),
        6 => Cell::Text("1 RUE NEUVE\nMETZ".into()),
        _ => Cell::Code(row.to_string()),
    };
    Column { title: format!("Colonne neuve {number}"), cells: (0..count).map(cell).collect() }
}

fn lines(table: &Table, count: usize, whims: &mut Whims) -> Vec<Line> {
    let titles: Vec<Cell> = table.columns.iter().map(|column| text(&column.title)).collect();
    let row = |place: usize| table.columns.iter().map(|column| column.cells[place].clone()).collect();
    let mut lines = Vec::new();
    if !table.bare {
        for above in &table.above {
            lines.push(Line::Other(above.clone()));
            lines.extend(whims.one_in(3).then_some(Line::Blank));
        }
        let title = titles.iter().map(|cell| match cell {
            // As a school's own copy has them.
            Cell::Text(title) if whims.one_in(12) => text(format!("{title} ")),
            cell => cell.clone(),
        });
        lines.push(Line::Titles(title.collect()));
    }
    for place in 0..count {
        lines.extend(whims.one_in(12).then_some(Line::Blank));
        if !table.bare && whims.one_in(15) {
            lines.push(Line::Other(titles.clone()));
        }
        lines.push(Line::Row(row(place)));
    }
    if !table.below.is_empty() {
        let of = |column: &Column| table.below.iter().find(|(title, _)| *title == column.title);
        let cell = |column| of(column).map_or(Cell::Empty, |(_, cell)| cell.clone());
        lines.push(Line::Other(table.columns.iter().map(cell).collect()));
    }
    lines
}
