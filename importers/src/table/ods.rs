//! ODS (OpenDocument 1.2, part 1): one part with all sheets, read element by element. Cells and rows
//! that repeat are said once and counted.

use super::budget::Budget;
use super::packed::Package;
use super::{Cell, CellType, Extent, MOST_COLUMNS, Row, Rows, not_a_table, serial, short};
use crate::Refused;
use crate::xml::Elements;
use quick_xml::events::BytesStart;
use std::collections::BTreeSet;
use std::io::{Read, Seek};

/// Styles of hidden sheets.
const MOST_STYLES: usize = 10_000;
/// Bytes of the text of a cell that are kept while it is read.
const MOST_TEXT: usize = 8 * 1024;

pub fn read<R: Read + Seek>(
    mut package: Package<R>,
    rows: &mut dyn Rows,
    extent: Extent,
) -> Result<(), Refused> {
    package.refuse_protected()?;
    let mut budget = Budget::new(rows, extent);
    let mut content = Content {
        budget: &mut budget,
        path: Vec::new(),
        style: String::new(),
        hidden: BTreeSet::new(),
        is_hidden: false,
        row: Row::default(),
        row_repeats: 1,
        column: 0,
        cell_repeats: 1,
        value: Value::default(),
    };
    if package.part("content.xml", &mut content)? { Ok(()) } else { Err(not_a_table()) }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tag {
    Style,
    Table,
    Row,
    Cell,
    Paragraph,
    Annotation,
    Other,
}

/// What the attributes of a cell say, and its text.
#[derive(Default)]
struct Value {
    kind: String,
    value: String,
    is_error: bool,
    text: String,
}

struct Content<'a, 'b> {
    budget: &'a mut Budget<'b>,
    path: Vec<Tag>,
    /// The style that is being defined.
    style: String,
    hidden: BTreeSet<String>,
    is_hidden: bool,
    row: Row,
    row_repeats: u32,
    column: usize,
    cell_repeats: usize,
    value: Value,
}

impl Content<'_, '_> {
    fn begin_sheet(&mut self, element: &BytesStart<'_>) {
        self.is_hidden =
            attribute(element, "table:style-name").is_some_and(|style| self.hidden.contains(&style));
        self.row = Row::default();
        if !self.is_hidden {
            let name = attribute(element, "table:name").unwrap_or_default();
            self.budget.sheet(&short(&name));
        }
    }

    fn begin_row(&mut self, element: &BytesStart<'_>) {
        self.row.cells.clear();
        self.row.number = self.row.number.saturating_add(1);
        self.row_repeats = repeats(element, "table:number-rows-repeated");
        self.column = 0;
    }

    fn begin_cell(&mut self, element: &BytesStart<'_>) -> Result<(), Refused> {
        self.budget.cell()?;
        self.cell_repeats =
            usize::try_from(repeats(element, "table:number-columns-repeated")).unwrap_or(usize::MAX);
        self.value = Value::default();
        for attribute in element.attributes().with_checks(false).flatten() {
            let place = match attribute.key.as_ref() {
                "office:value-type" => &mut self.value.kind,
                "office:value" | "office:date-value" | "office:time-value" | "office:boolean-value" => {
                    &mut self.value.value
                }
                "calcext:value-type" => {
                    self.value.is_error = &*attribute.value == "error";
                    continue;
                }
                _ => continue,
            };
            place.clear();
            place.push_str(attribute.value.get(..100).unwrap_or(&attribute.value));
        }
        Ok(())
    }

    fn end_cell(&mut self) {
        let Value { kind, value, is_error, text } = &self.value;
        let cell = match kind.as_str() {
            _ if *is_error => serial::error(text),
            "float" | "percentage" | "currency" => match value.parse::<f64>() {
                Ok(number) if number.is_finite() => serial::cell(number, false, false),
                _ => Cell::text(text),
            },
            "date" => serial::iso_date(value),
            "time" => Cell { text: hours(value).unwrap_or_else(|| short(text)), cell_type: CellType::Date },
            "boolean" => serial::boolean(value == "true"),
            _ => Cell::text(text),
        };
        if cell.text.is_empty() {
            self.column = self.column.saturating_add(self.cell_repeats);
            return;
        }
        for _ in 0..self.cell_repeats.min(MOST_COLUMNS) {
            self.row.put(self.column, cell.clone());
            self.column = self.column.saturating_add(1);
        }
    }

    fn end_row(&mut self) -> Result<(), Refused> {
        if self.row.cells.is_empty() || self.is_hidden || self.budget.is_full() {
            self.row.number = self.row.number.saturating_add(self.row_repeats - 1);
            return Ok(());
        }
        for repeat in 0..self.row_repeats {
            self.row.number = self.row.number.saturating_add(repeat.min(1));
            self.budget.row(&self.row)?;
        }
        Ok(())
    }
}

impl Elements for Content<'_, '_> {
    fn open(&mut self, name: &str, element: &BytesStart<'_>) -> Result<(), Refused> {
        let tag = match name {
            "style" => Tag::Style,
            "table" => Tag::Table,
            "table-row" => Tag::Row,
            "table-cell" | "covered-table-cell" => Tag::Cell,
            "p" => Tag::Paragraph,
            "annotation" => Tag::Annotation,
            _ => Tag::Other,
        };
        self.path.push(tag);
        match tag {
            Tag::Style => self.style = attribute(element, "style:name").unwrap_or_default(),
            Tag::Table => self.begin_sheet(element),
            Tag::Row => self.begin_row(element),
            Tag::Cell => self.begin_cell(element)?,
            Tag::Paragraph if !self.value.text.is_empty() => self.text("\n"),
            Tag::Other => match name {
                "table-properties" if attribute(element, "table:display").as_deref() == Some("false") => {
                    if self.hidden.len() >= MOST_STYLES {
                        return Err(not_a_table());
                    }
                    self.hidden.insert(self.style.clone());
                }
                "s" | "tab" | "line-break" => self.text(" "),
                _ => {}
            },
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        let written = self.path.contains(&Tag::Paragraph) && !self.path.contains(&Tag::Annotation);
        if written && self.value.text.len() < MOST_TEXT {
            self.value.text.push_str(text);
        }
    }

    fn close(&mut self) -> Result<(), Refused> {
        match self.path.pop() {
            Some(Tag::Cell) => {
                self.end_cell();
                Ok(())
            }
            Some(Tag::Row) => self.end_row(),
            _ => Ok(()),
        }
    }
}

/// By its name with the prefix that every writer uses: two attributes may differ by it alone.
fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    let found = attributes.with_checks(false).flatten().find(|a| a.key.as_ref() == name)?;
    let text = quick_xml::escape::unescape(&found.value).map_or_else(|_| found.value.to_string(), Into::into);
    Some(text.chars().take(200).collect())
}

fn repeats(element: &BytesStart<'_>, name: &str) -> u32 {
    attribute(element, name).and_then(|text| text.parse().ok()).filter(|count| *count > 0).unwrap_or(1)
}

/// `PT08H30M00S` as `08:30`.
fn hours(duration: &str) -> Option<String> {
    let (hours, rest) = duration.strip_prefix("PT")?.split_once('H')?;
    let (minutes, _) = rest.split_once('M')?;
    Some(format!("{:02}:{:02}", hours.parse::<u32>().ok()?, minutes.parse::<u32>().ok()?))
}
