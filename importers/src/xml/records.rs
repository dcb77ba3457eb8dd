//! Elements that repeat, each gathered with all that is within it.

use super::{Elements, MOST_TEXT, read, read_entry, too_long, value};
use crate::Refused;
use quick_xml::events::BytesStart;
use std::io::{Read, Seek};
use zip::ZipArchive;

/// Bytes of the paths and texts of one record: a division of STS with all its services has a tenth.
const MOST_RECORD_BYTES: usize = 1024 * 1024;
/// Characters of a name that are kept.
const MOST_NAME: usize = 100;

/// One element of a file with the texts and attributes of all that is within it.
#[derive(Debug, Default)]
pub struct Record {
    /// Path below the record (`SCOLARITE_AN_DERNIER/CODE_MEF`, `@ELEVE_ID`, `PROF_PRINC/@CODE`) and text,
    /// one after the other, in the order of the file. Texts that are empty are left out.
    told: String,
    /// Where each path and each text end.
    ends: Vec<(usize, usize)>,
}

impl Record {
    /// The first text of that path; empty when there is none.
    pub fn text(&self, path: &str) -> &str {
        self.told().find(|(known, _)| *known == path).map_or("", |(_, text)| text)
    }

    /// The first text of the first of these paths that has one; empty when none has.
    pub fn first(&self, paths: &[&str]) -> &str {
        paths.iter().map(|path| self.text(path)).find(|text| !text.is_empty()).unwrap_or("")
    }

    /// Every text of that path, in order.
    pub fn all<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a str> {
        self.told().filter(move |(known, _)| *known == path).map(|(_, text)| text)
    }

    /// Paths and texts in the order of the file.
    pub fn told(&self) -> impl Iterator<Item = (&str, &str)> {
        let mut from = 0;
        self.ends.iter().map(move |&(path, text)| {
            let told = (self.told.get(from..path).unwrap_or(""), self.told.get(path..text).unwrap_or(""));
            from = text;
            told
        })
    }

    fn clear(&mut self) {
        self.told.clear();
        self.ends.clear();
    }

    fn add(&mut self, path: &str, text: &str) -> Result<(), Refused> {
        let text = start(text.trim(), MOST_TEXT);
        if text.is_empty() {
            return Ok(());
        }
        self.told.push_str(path.trim_start_matches('/'));
        let path_end = self.told.len();
        self.told.push_str(text);
        self.ends.push((path_end, self.told.len()));
        if self.told.len() > MOST_RECORD_BYTES { Err(too_long()) } else { Ok(()) }
    }
}

/// The first characters of a text.
fn start(text: &str, most: usize) -> &str {
    if text.len() <= most {
        return text;
    }
    text.char_indices().nth(most).and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

/// Who is told records.
pub trait Records {
    /// Whether the root is the one that is read.
    fn root(&mut self, name: &str) -> Result<(), Refused>;
    /// Which elements are records: paths below the root, such as `DONNEES/ELEVES/ELEVE`; `*/div` is any
    /// `div`, `""` the root itself. Records do not hold others.
    fn paths(&self) -> &'static [&'static str];
    /// A record; `path` is one of [`Records::paths`].
    fn record(&mut self, path: &'static str, record: &Record) -> Result<(), Refused>;
}

/// Reads a file of records.
pub fn records(source: impl Read + Seek, told: &mut dyn Records) -> Result<(), Refused> {
    read(source, &mut Gatherer::new(told))
}

/// Reads one file of an archive, of which at most `most` bytes may come out.
pub fn records_of_entry<R: Read + Seek>(
    packed: &mut ZipArchive<R>,
    index: usize,
    most: u64,
    told: &mut dyn Records,
) -> Result<(), Refused> {
    read_entry(packed, index, most, &mut Gatherer::new(told))
}

struct Gatherer<'a> {
    told: &'a mut dyn Records,
    /// Names below the root, each after a slash.
    path: String,
    /// Lengths of `path` before each open element.
    ends: Vec<usize>,
    /// The record that is open and the length of its path.
    inside: Option<(&'static str, usize)>,
    record: Record,
    text: String,
}

impl<'a> Gatherer<'a> {
    fn new(told: &'a mut dyn Records) -> Self {
        Self {
            told,
            path: String::new(),
            ends: Vec::new(),
            inside: None,
            record: Record::default(),
            text: String::new(),
        }
    }

    /// Adds the attributes of the innermost element to the record that is open.
    fn add_attributes(&mut self, from: usize, element: &BytesStart<'_>) -> Result<(), Refused> {
        let end = self.path.len();
        for attribute in element.attributes().with_checks(false).flatten() {
            self.path.push_str("/@");
            self.path.push_str(start(attribute.key.local_name().as_ref(), MOST_NAME));
            let value = value(&attribute)?;
            self.record.add(self.path.get(from..).unwrap_or(""), &value)?;
            self.path.truncate(end);
        }
        Ok(())
    }
}

impl Elements for Gatherer<'_> {
    fn open(&mut self, name: &str, element: &BytesStart<'_>) -> Result<(), Refused> {
        self.text.clear();
        let is_root = self.ends.is_empty();
        self.ends.push(self.path.len());
        if is_root {
            self.told.root(name)?;
        } else {
            self.path.push('/');
            self.path.push_str(start(name, MOST_NAME));
        }
        if self.inside.is_none() {
            let within = self.path.get(1..).unwrap_or("");
            let known = self.told.paths().iter().find(|known| match known.strip_prefix("*/") {
                Some(anywhere) => !is_root && anywhere == name,
                None => **known == within,
            });
            if let Some(known) = known {
                self.inside = Some((known, self.path.len()));
                self.record.clear();
            }
        }
        match self.inside {
            Some((_, from)) => self.add_attributes(from, element),
            None => Ok(()),
        }
    }

    fn text(&mut self, text: &str) {
        if self.inside.is_some() && self.text.len() < MOST_TEXT * 4 {
            self.text.push_str(text);
        }
    }

    fn close(&mut self) -> Result<(), Refused> {
        if let Some((known, from)) = self.inside {
            self.record.add(self.path.get(from..).unwrap_or(""), &self.text)?;
            if self.path.len() == from {
                self.inside = None;
                self.told.record(known, &self.record)?;
            }
        }
        self.text.clear();
        if let Some(end) = self.ends.pop() {
            self.path.truncate(end);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    struct Told {
        paths: &'static [&'static str],
        records: Vec<String>,
    }

    impl Records for Told {
        fn root(&mut self, name: &str) -> Result<(), Refused> {
            if name == "R" { Ok(()) } else { Err(Refused::new("wrong_root", name, "")) }
        }

        fn paths(&self) -> &'static [&'static str] {
            self.paths
        }

        fn record(&mut self, path: &'static str, record: &Record) -> Result<(), Refused> {
            let told: Vec<_> = record.told().map(|(path, text)| format!("{path}={text}")).collect();
            self.records.push(format!("{path}: {}", told.join(" ")));
            Ok(())
        }
    }

    fn told(paths: &'static [&'static str], text: &str) -> Result<Vec<String>, &'static str> {
        let mut told = Told { paths, records: Vec::new() };
        records(Cursor::new(text), &mut told).map_err(|refused| refused.code)?;
        Ok(told.records)
    }

    #[test]
    fn a_record_has_what_is_within_it_by_path() {
        let text = "<x:R V='1'><P><A i='1'> a &amp; <![CDATA[<b>]]> </A><N><A>n</A><A/></N></P>\
                    <A>no</A><P j='&lt;2&#233;'><A> </A></P><Q><P><A>deep</A></P></Q></x:R>";
        assert_eq!(
            told(&["P", "Q/P"], text).unwrap(),
            ["P: A/@i=1 A=a & <b> N/A=n", "P: @j=<2é", "Q/P: A=deep"]
        );
        assert_eq!(told(&[""], "<R V='1'><A>a</A></R>").unwrap(), [": @V=1 A=a"]);
        let anywhere = told(&["*/A"], "<R><A>a</A><B><C><x:A i='1'/></C><A/></B></R>").unwrap();
        assert_eq!(anywhere, ["*/A: =a", "*/A: @i=1", "*/A: "]);
        assert_eq!(told(&["P"], "<S/>"), Err("wrong_root"));
        assert_eq!(told(&["P"], "<R><P a='&x;'/></R>"), Err("entities"));
        assert_eq!(told(&["P"], "<R><P a='&lt;&unknown;'/></R>"), Err("entities"));
    }

    #[test]
    fn a_record_is_bounded() {
        let long = format!("<R><P><A>{}</A></P></R>", "é".repeat(MOST_TEXT * 2));
        assert_eq!(told(&["P"], &long).unwrap()[0].matches(['é']).count(), MOST_TEXT);
        let fields = |count: usize| format!("<R><P>{}</P></R>", "<FIELD>value</FIELD>".repeat(count));
        assert_eq!(told(&["P"], &fields(50_000)).unwrap()[0].matches("value").count(), 50_000);
        assert_eq!(told(&["P"], &fields(200_000)), Err("xml_too_long"));
    }
}
