//! Writes XML as software and people do: any encoding with its declaration, any spelling of a text, and
//! elements that no reader knows.

use crate::common::{latin9, utf16, windows};
use crate::whims::Whims;

#[derive(Debug, Clone)]
pub struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Element>,
}

/// An element with a text, perhaps an empty one.
pub fn leaf(name: &str, text: impl Into<String>) -> Element {
    Element { name: name.into(), attributes: Vec::new(), text: text.into(), children: Vec::new() }
}

/// An element of elements.
pub fn node(name: &str, children: Vec<Element>) -> Element {
    Element { children, ..leaf(name, "") }
}

impl Element {
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.attributes.push((name.into(), value.into()));
        self
    }
}

/// Adds an element; without a text it is empty or left out.
pub fn add(children: &mut Vec<Element>, name: &str, text: Option<&str>, whims: &mut Whims) {
    if text.is_some() || whims.one_in(3) {
        children.push(leaf(name, text.unwrap_or("")));
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Encoding {
    Utf8,
    Latin9,
    Latin1,
    /// What browsers and the programs of Windows call ISO-8859-1.
    Windows,
    Marked,
    Undeclared,
    /// Saved again as UTF-8, its declaration left as it was.
    SavedAgain,
    Utf16 {
        big_endian: bool,
    },
}

const ENCODINGS: [Encoding; 9] = [
    Encoding::Utf8,
    Encoding::Latin9,
    Encoding::Latin1,
    Encoding::Windows,
    Encoding::Marked,
    Encoding::Undeclared,
    Encoding::SavedAgain,
    Encoding::Utf16 { big_endian: false },
    Encoding::Utf16 { big_endian: true },
];

impl Encoding {
    fn declaration(self) -> String {
        let label = match self {
            Encoding::Undeclared => return String::new(),
            Encoding::Utf8 | Encoding::Marked => "UTF-8",
            Encoding::Latin9 | Encoding::SavedAgain => "ISO-8859-15",
            Encoding::Latin1 => "ISO-8859-1",
            Encoding::Windows => "windows-1252",
            Encoding::Utf16 { .. } => "UTF-16",
        };
        format!("<?xml version=\"1.0\" encoding=\"{label}\"?>\n")
    }

    /// Whether it has every character there is; others are written by their number.
    fn is_whole(self) -> bool {
        !matches!(self, Encoding::Latin9 | Encoding::Latin1 | Encoding::Windows)
    }

    fn bytes(self, text: &str) -> Vec<u8> {
        match self {
            Encoding::Utf8 | Encoding::Undeclared | Encoding::SavedAgain => text.as_bytes().to_vec(),
            Encoding::Marked => format!("\u{feff}{text}").into_bytes(),
            // A character that these have not becomes its number.
            Encoding::Latin9 => latin9(text),
            Encoding::Windows => windows(text),
            Encoding::Latin1 => text
                .chars()
                .flat_map(|c| match u8::try_from(c) {
                    Ok(byte) => vec![byte],
                    Err(_) => format!("&#{};", u32::from(c)).into_bytes(),
                })
                .collect(),
            Encoding::Utf16 { big_endian } => utf16(text, big_endian),
        }
    }
}

/// The file of a root.
pub fn file(root: &Element, whims: &mut Whims) -> Vec<u8> {
    prefixed(root, "", "", whims)
}

/// The file of a root whose elements have a prefix, such as `men:`, with a declaration of its type.
pub fn prefixed(root: &Element, prefix: &str, doctype: &str, whims: &mut Whims) -> Vec<u8> {
    let encoding = whims.pick(&ENCODINGS);
    let line_end = whims.pick(&["\n", "\r\n", ""]);
    let mut writer = Writer { text: encoding.declaration(), prefix, line_end, encoding, whims };
    writer.text.push_str(doctype);
    writer.element(root, 0);
    let Writer { text, .. } = writer;
    encoding.bytes(&text)
}

struct Writer<'a> {
    text: String,
    prefix: &'a str,
    line_end: &'a str,
    encoding: Encoding,
    whims: &'a mut Whims,
}

impl Writer<'_> {
    fn element(&mut self, element: &Element, depth: usize) {
        self.line(depth);
        let tag = format!("{}{}", self.prefix, element.name);
        self.text.push_str(&format!("<{tag}"));
        for (name, value) in &element.attributes {
            let quote = self.whims.pick(&['"', '\'']);
            let value = if self.whims.one_in(12) { format!(" {value} ") } else { value.clone() };
            let value = self.escaped(&value);
            self.text.push_str(&format!(" {name}={quote}{value}{quote}"));
        }
        if element.text.is_empty() && element.children.is_empty() && !self.whims.one_in(2) {
            self.text.push_str("/>");
            return;
        }
        self.text.push('>');
        let unknown = (!element.children.is_empty() && self.whims.one_in(8))
            .then(|| 1 + self.whims.below(element.children.len()));
        for (place, child) in (1..).zip(&element.children) {
            self.element(child, depth + 1);
            if unknown == Some(place) {
                self.element(&a_new_element(), depth + 1);
            }
        }
        if element.children.is_empty() {
            self.content(&element.text);
        } else {
            self.line(depth);
        }
        self.text.push_str(&format!("</{tag}>"));
    }

    fn line(&mut self, depth: usize) {
        if self.whims.one_in(40) {
            self.text.push_str("<!-- <NOM>personne</NOM> -->");
        }
        self.text.push_str(self.line_end);
        if !self.line_end.is_empty() {
            self.text.push_str(&"  ".repeat(depth));
        }
    }

    fn content(&mut self, text: &str) {
        let around = if self.whims.one_in(8) { self.whims.pick(&[" ", "\n\t"]) } else { "" };
        let readable = self.encoding.is_whole() || text.is_ascii();
        let content = if readable && !text.is_empty() && self.whims.one_in(12) {
            format!("<![CDATA[{text}]]>")
        } else {
            self.escaped(text)
        };
        self.text.push_str(&format!("{around}{content}{around}"));
    }

    fn escaped(&mut self, text: &str) -> String {
        text.chars()
            .map(|c| match c {
                '&' => "&amp;".to_owned(),
                '<' => "&lt;".to_owned(),
                '>' => "&gt;".to_owned(),
                '"' => "&quot;".to_owned(),
                '\'' => "&apos;".to_owned(),
                c if self.whims.one_in(60) => format!("&#{};", u32::from(c)),
                c if self.whims.one_in(60) => format!("&#x{:X};", u32::from(c)),
                c => c.to_string(),
            })
            .collect()
    }
}

/// Of the next version, with names that are known elsewhere.
fn a_new_element() -> Element {
    let inner = ["NOM", "PRENOM", "CODE_MEF", "CODE_STRUCTURE", "ELEVE_ID", "value"];
    node("ELEMENT_NEUF", inner.map(|name| leaf(name, "AUTRE")).to_vec())
}
