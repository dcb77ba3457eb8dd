//! XLSX (ECMA-376): parts of XML, read element by element. Sheets stream by; the texts that cells share
//! are the one part that is kept.

use super::budget::{Budget, enough};
use super::packed::Package;
use super::strings::Strings;
use super::{Cell, CellType, Extent, HEAD_SHEETS, Row, Rows, not_a_table, serial, short};
use crate::Refused;
use crate::xml::Elements;
use quick_xml::events::BytesStart;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Seek};

/// Sheets of a workbook.
const MOST_SHEETS: usize = 500;
/// Formats of cells; Excel itself stops at 65,490.
const MOST_FORMATS: usize = 65_536;
/// Bytes of the text of a cell that are kept while it is read.
const MOST_TEXT: usize = 8 * 1024;

pub fn read<R: Read + Seek>(
    mut package: Package<R>,
    rows: &mut dyn Rows,
    extent: Extent,
) -> Result<(), Refused> {
    let book = book(&mut package)?;
    let mut styles = Styles::default();
    package.part(&book.part("styles"), &mut styles)?;
    let mut strings = Strings::all();
    let sheets = book.sheets();
    let sheets =
        if extent.head { sheets.get(..HEAD_SHEETS.min(sheets.len())).unwrap_or(&[]) } else { &sheets };
    if extent.head {
        strings = Strings::wanted(wanted(&mut package, &book, sheets, &styles, extent)?);
    }
    if !strings.is_complete() {
        package.part(&book.part("sharedStrings"), &mut SharedStrings::new(&mut strings))?;
    }
    let mut budget = Budget::new(rows, extent);
    for (name, part) in sheets {
        budget.sheet(name);
        let mut sheet = SheetReader::new(&mut budget, &strings, &styles.is_date, book.from_1904);
        package.part(part, &mut sheet)?;
        sheet.tell()?;
    }
    Ok(())
}

/// The numbers of the shared texts that the first rows name.
fn wanted<R: Read + Seek>(
    package: &mut Package<R>,
    book: &Book,
    sheets: &[(String, String)],
    styles: &Styles,
    extent: Extent,
) -> Result<BTreeSet<u32>, Refused> {
    struct Nobody;
    impl Rows for Nobody {
        fn sheet(&mut self, _: &str) {}

        fn row(&mut self, _: &Row) -> Result<(), Refused> {
            Ok(())
        }
    }
    let mut nobody = Nobody;
    let mut budget = Budget::new(&mut nobody, extent);
    let none = Strings::wanted(BTreeSet::new());
    let mut wanted = BTreeSet::new();
    for (name, part) in sheets {
        budget.sheet(name);
        let mut sheet = SheetReader::new(&mut budget, &none, &styles.is_date, book.from_1904);
        sheet.wanted = Some(wanted);
        package.part(part, &mut sheet)?;
        sheet.tell()?;
        wanted = sheet.wanted.take().unwrap_or_default();
    }
    Ok(wanted)
}

/// The workbook and where its parts are.
#[derive(Default)]
struct Book {
    /// The directory of the workbook's part.
    directory: String,
    /// Name and relationship of each visible sheet.
    visible: Vec<(String, String)>,
    from_1904: bool,
    /// Kind and target of each relationship.
    relationships: BTreeMap<String, (String, String)>,
}

fn book<R: Read + Seek>(package: &mut Package<R>) -> Result<Book, Refused> {
    let mut root = Relationships::default();
    package.part("_rels/.rels", &mut root)?;
    let main = root.0.values().find(|(kind, _)| kind == "officeDocument").map(|(_, target)| target.as_str());
    let main = main.unwrap_or("xl/workbook.xml").trim_start_matches('/').to_owned();
    let (directory, file) = main.rsplit_once('/').unwrap_or(("", &main));
    let mut book = Book { directory: directory.to_owned(), ..Book::default() };
    let mut relationships = Relationships::default();
    package.part(&format!("{directory}/_rels/{file}.rels"), &mut relationships)?;
    book.relationships = relationships.0;
    if !package.part(&main, &mut book)? {
        return Err(not_a_table());
    }
    Ok(book)
}

impl Book {
    /// The part of that kind.
    fn part(&self, kind: &str) -> String {
        let target = self.relationships.values().find(|(known, _)| known == kind).map(|(_, target)| target);
        target.map_or_else(|| self.path(&format!("{kind}.xml")), |target| self.path(target))
    }

    /// Targets are beside the workbook, or from the root of the archive.
    fn path(&self, target: &str) -> String {
        if let Some(target) = target.strip_prefix('/') {
            return target.to_owned();
        }
        let (mut directory, mut target) = (self.directory.as_str(), target);
        while let Some(rest) = target.strip_prefix("../") {
            directory = directory.rsplit_once('/').map_or("", |(above, _)| above);
            target = rest;
        }
        if directory.is_empty() { target.to_owned() } else { format!("{directory}/{target}") }
    }

    /// Names and parts of the visible sheets that have cells; charts have none.
    fn sheets(&self) -> Vec<(String, String)> {
        let part = |id: &String| self.relationships.get(id).filter(|(kind, _)| kind == "worksheet");
        self.visible.iter().filter_map(|(name, id)| Some((name.clone(), self.path(&part(id)?.1)))).collect()
    }
}

impl Elements for Book {
    fn open(&mut self, name: &str, element: &BytesStart<'_>) -> Result<(), Refused> {
        match name {
            "workbookPr" => {
                self.from_1904 =
                    attribute(element, "date1904").is_some_and(|value| value == "1" || value == "true");
            }
            "sheet" if attribute(element, "state").is_none_or(|state| state == "visible") => {
                let name = attribute(element, "name").unwrap_or_default();
                if self.visible.len() >= MOST_SHEETS {
                    return Err(not_a_table());
                }
                self.visible.push((short(&name), attribute(element, "id").unwrap_or_default()));
            }
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, _: &str) {}

    fn close(&mut self) -> Result<(), Refused> {
        Ok(())
    }
}

/// By id: the last word of the type, and the target.
#[derive(Default)]
struct Relationships(BTreeMap<String, (String, String)>);

impl Elements for Relationships {
    fn open(&mut self, name: &str, element: &BytesStart<'_>) -> Result<(), Refused> {
        if name == "Relationship"
            && let (Some(id), Some(kind), Some(target)) =
                (attribute(element, "Id"), attribute(element, "Type"), attribute(element, "Target"))
        {
            if self.0.len() > MOST_SHEETS * 4 {
                return Err(not_a_table());
            }
            let kind = kind.rsplit('/').next().unwrap_or("").to_owned();
            self.0.insert(short(&id), (short(&kind), short(&target)));
        }
        Ok(())
    }

    fn text(&mut self, _: &str) {}

    fn close(&mut self) -> Result<(), Refused> {
        Ok(())
    }
}

/// The text of an attribute, by its local name.
fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    let found = attributes.with_checks(false).flatten().find(|a| a.key.local_name().as_ref() == name)?;
    Some(
        quick_xml::escape::unescape(&found.value)
            .map_or_else(|_| found.value.to_string(), |text| text.into_owned()),
    )
}

/// Which formats of cells show dates.
#[derive(Default)]
struct Styles {
    custom: BTreeMap<u16, bool>,
    is_date: Vec<bool>,
    /// How many elements are open, and at how many the formats of cells are.
    depth: usize,
    formats: Option<usize>,
}

impl Elements for Styles {
    fn open(&mut self, name: &str, element: &BytesStart<'_>) -> Result<(), Refused> {
        self.depth += 1;
        let id = || attribute(element, "numFmtId").and_then(|id| id.parse::<u16>().ok());
        match name {
            "numFmt" => {
                if let (Some(id), Some(code)) = (id(), attribute(element, "formatCode")) {
                    self.custom.insert(id, serial::is_date_format(&code));
                }
            }
            "cellXfs" => self.formats = Some(self.depth),
            "xf" if self.formats.is_some() => {
                if self.is_date.len() >= MOST_FORMATS {
                    return Err(not_a_table());
                }
                let id = id().unwrap_or(0);
                self.is_date.push(self.custom.get(&id).copied().unwrap_or(serial::is_date_builtin(id)));
            }
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, _: &str) {}

    fn close(&mut self) -> Result<(), Refused> {
        if self.formats == Some(self.depth) {
            self.formats = None;
        }
        self.depth = self.depth.saturating_sub(1);
        Ok(())
    }
}

/// An element, as far as it matters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tag {
    Item,
    Row,
    Cell,
    Value,
    Text,
    /// How a text is pronounced.
    Phonetic,
    Other,
}

struct SharedStrings<'a> {
    strings: &'a mut Strings,
    path: Vec<Tag>,
    text: String,
}

impl<'a> SharedStrings<'a> {
    fn new(strings: &'a mut Strings) -> Self {
        Self { strings, path: Vec::new(), text: String::new() }
    }
}

impl Elements for SharedStrings<'_> {
    fn open(&mut self, name: &str, _: &BytesStart<'_>) -> Result<(), Refused> {
        self.path.push(match name {
            "si" => Tag::Item,
            "t" => Tag::Text,
            "rPh" => Tag::Phonetic,
            _ => Tag::Other,
        });
        Ok(())
    }

    fn text(&mut self, text: &str) {
        let wanted = self.path.last() == Some(&Tag::Text) && !self.path.contains(&Tag::Phonetic);
        if wanted && self.text.len() < MOST_TEXT {
            self.text.push_str(text);
        }
    }

    fn close(&mut self) -> Result<(), Refused> {
        if self.path.pop() == Some(Tag::Item) {
            self.strings.push(&self.text)?;
            self.text.clear();
            if self.strings.is_complete() {
                return Err(enough());
            }
        }
        Ok(())
    }
}

struct SheetReader<'a, 'b> {
    budget: &'a mut Budget<'b>,
    strings: &'a Strings,
    is_date: &'a [bool],
    /// The numbers of the shared texts that are named, when they are asked for.
    wanted: Option<BTreeSet<u32>>,
    path: Vec<Tag>,
    row: Row,
    /// Where the next cell is, unless it says so.
    column: usize,
    kind: String,
    format: usize,
    text: String,
}

impl<'a, 'b> SheetReader<'a, 'b> {
    fn new(budget: &'a mut Budget<'b>, strings: &'a Strings, is_date: &'a [bool], from_1904: bool) -> Self {
        Self {
            budget,
            strings,
            is_date,
            wanted: None,
            path: Vec::new(),
            row: Row { from_1904, ..Row::default() },
            column: 0,
            kind: String::new(),
            format: 0,
            text: String::new(),
        }
    }

    /// Passes on the row that is complete.
    fn tell(&mut self) -> Result<(), Refused> {
        self.budget.row(&self.row)?;
        self.row.cells.clear();
        Ok(())
    }

    fn begin_row(&mut self, element: &BytesStart<'_>) -> Result<(), Refused> {
        let number = attribute(element, "r").and_then(|number| number.parse().ok());
        let number = number.unwrap_or_else(|| self.row.number.saturating_add(1));
        if number < self.row.number {
            return Err(not_a_table());
        }
        if number > self.row.number {
            self.tell()?;
            if self.budget.is_full() {
                return Err(enough());
            }
            self.row.number = number;
        }
        self.column = 0;
        Ok(())
    }

    fn begin_cell(&mut self, element: &BytesStart<'_>) -> Result<(), Refused> {
        self.budget.cell()?;
        self.text.clear();
        self.kind.clear();
        self.format = 0;
        for attribute in element.attributes().with_checks(false).flatten() {
            match attribute.key.as_ref() {
                "r" => self.column = column(&attribute.value).unwrap_or(self.column),
                "t" => self.kind.push_str(&attribute.value),
                "s" => self.format = attribute.value.parse().unwrap_or(0),
                _ => {}
            }
        }
        Ok(())
    }

    fn end_cell(&mut self) {
        let text = self.text.trim();
        let cell = match self.kind.as_str() {
            "" | "n" => match text.parse::<f64>() {
                Ok(number) if number.is_finite() => {
                    let is_date = self.is_date.get(self.format).copied().unwrap_or(false);
                    serial::cell(number, is_date, self.row.from_1904)
                }
                _ => Cell::text(text),
            },
            "s" => {
                let index = text.parse().ok();
                if let (Some(wanted), Some(index)) = (&mut self.wanted, index) {
                    wanted.insert(index);
                    Cell::text("?")
                } else {
                    Cell::text(index.and_then(|index| self.strings.get(index)).unwrap_or(""))
                }
            }
            "b" => serial::boolean(text == "1"),
            "d" => serial::iso_date(text),
            "e" => serial::error(text),
            _ => Cell { text: short(text), cell_type: CellType::Text },
        };
        self.row.put(self.column, cell);
        self.column = self.column.saturating_add(1);
    }
}

impl Elements for SheetReader<'_, '_> {
    fn open(&mut self, name: &str, element: &BytesStart<'_>) -> Result<(), Refused> {
        let tag = match name {
            "row" => Tag::Row,
            "c" => Tag::Cell,
            "v" => Tag::Value,
            "t" => Tag::Text,
            "rPh" => Tag::Phonetic,
            _ => Tag::Other,
        };
        self.path.push(tag);
        match tag {
            Tag::Row => self.begin_row(element),
            Tag::Cell => self.begin_cell(element),
            _ => Ok(()),
        }
    }

    fn text(&mut self, text: &str) {
        let wanted = match self.path.last() {
            Some(Tag::Value) => true,
            Some(Tag::Text) => !self.path.contains(&Tag::Phonetic),
            _ => false,
        };
        if wanted && self.text.len() < MOST_TEXT {
            self.text.push_str(text);
        }
    }

    fn close(&mut self) -> Result<(), Refused> {
        if self.path.pop() == Some(Tag::Cell) {
            self.end_cell();
        }
        Ok(())
    }
}

/// The column of a place such as `AB12`, from 0.
fn column(place: &str) -> Option<usize> {
    let letters = place.bytes().take_while(u8::is_ascii_alphabetic).map(|letter| letter.to_ascii_uppercase());
    let number = letters.take(4).fold(0_usize, |number, letter| number * 26 + usize::from(letter - b'A') + 1);
    number.checked_sub(1)
}
