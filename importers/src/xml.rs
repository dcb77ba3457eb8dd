//! XML as schools' software writes it, streaming and bounded: decoded by mark, declaration or
//! content; plain or the one file of a zip; elements told by their whole path, or gathered into
//! records. No element or text may be larger than any of theirs, and no entity may be defined.

use super::{MOST_BYTES, Refused, archive};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use encoding_rs_io::DecodeReaderBytesBuilder;
use quick_xml::Reader;
use quick_xml::errors::Error;
use quick_xml::events::{BytesStart, Event};
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom};

/// Bytes that a zip of XML may have.
const MOST_ZIP_BYTES: u64 = 64 * 1024 * 1024;
/// Bytes that the declaration and the root are within.
const HEAD: u64 = 4096;
/// Bytes of one element or text.
const MOST_EVENT_BYTES: usize = 256 * 1024;
/// Elements within elements; SIECLE has six.
const MOST_DEPTH: usize = 32;
/// Bytes of a text that are kept: more than any of ours may have, so that it is found too long.
pub const MOST_TEXT: usize = 4096;
/// Texts of one record that are kept.
const MOST_FIELDS: usize = 512;

/// Who is told what a file holds, element by element. Names are without their namespace's prefix.
pub trait Elements {
    fn open(&mut self, name: &str, element: &BytesStart<'_>) -> Result<(), Refused>;
    /// Text of the innermost element; one text may come in pieces.
    fn text(&mut self, text: &str);
    fn close(&mut self) -> Result<(), Refused>;
}

/// Reads the file from its first byte to its end, which must be that of its root.
pub fn read(mut source: impl Read + Seek, elements: &mut dyn Elements) -> Result<(), Refused> {
    let size = source.seek(SeekFrom::End(0)).map_err(|_| unreadable())?;
    if size == 0 {
        return Err(Refused::new("empty_file", "Le fichier est vide.", "Exportez de nouveau le fichier."));
    }
    source.rewind().map_err(|_| unreadable())?;
    let head = peek(&mut source).map_err(|_| unreadable())?;
    source.rewind().map_err(|_| unreadable())?;
    if size > MOST_BYTES {
        return Err(Refused::new(
            "file_too_large",
            format!("Le fichier fait {} Mio ; il en ferait au plus 512.", size / 1024 / 1024),
            "Déposez le fichier tel qu'il a été exporté.",
        ));
    }
    if !head.starts_with(archive::SIGNATURE) {
        return parse(source, &head, elements);
    }
    if size > MOST_ZIP_BYTES {
        return Err(archive::too_large());
    }
    let mut packed = archive::open(source)?;
    let index = archive::only_entry(&mut packed)?;
    let entry = packed.by_index(index).map_err(|_| archive::broken())?;
    let compressed = entry.compressed_size();
    let mut entry = archive::Bounded::new(entry, compressed, MOST_BYTES);
    let head = peek(&mut entry).map_err(|error| archive::refusal(&error).unwrap_or_else(archive::broken))?;
    let rest = Cursor::new(head.clone()).chain(entry);
    parse(rest, &head, elements)
}

/// Reads XML that is a part of a file.
pub fn stream(mut input: impl Read, elements: &mut dyn Elements) -> Result<(), Refused> {
    let head = peek(&mut input).map_err(|error| archive::refusal(&error).unwrap_or_else(unreadable))?;
    parse(Cursor::new(head.clone()).chain(input), &head, elements)
}

fn peek(source: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    source.by_ref().take(HEAD).read_to_end(&mut head)?;
    Ok(head)
}

fn parse(input: impl Read, head: &[u8], elements: &mut dyn Elements) -> Result<(), Refused> {
    let decoded = DecodeReaderBytesBuilder::new()
        .encoding(Some(encoding(head)))
        // A file saved again as UTF-8 keeps its old declaration and gains a mark.
        .bom_override(true)
        .strip_bom(true)
        .build(BufReader::with_capacity(64 * 1024, input));
    run(BufReader::with_capacity(64 * 1024, decoded), elements)
}

/// From the XML declaration; without one UTF-8, or what Windows writes when the first bytes are not UTF-8.
pub fn encoding(head: &[u8]) -> &'static Encoding {
    let told = String::from_utf8_lossy(head.get(..200).unwrap_or(head));
    let declaration = told.split_once("<?xml").and_then(|(_, rest)| rest.split_once("?>")).map(|(d, _)| d);
    let label = declaration.and_then(|text| text.split_once("encoding=")).and_then(|(_, rest)| {
        let quote = rest.chars().next()?;
        rest.get(quote.len_utf8()..)?.split(quote).next()
    });
    match label.and_then(|label| Encoding::for_label(label.as_bytes())) {
        Some(encoding) => encoding,
        // The last character may be cut.
        None => match std::str::from_utf8(head) {
            Err(error) if error.error_len().is_some() => WINDOWS_1252,
            _ => UTF_8,
        },
    }
}

/// The local name of the root and its attributes' texts, from the first bytes of a file; none
/// when they are not XML's.
pub fn root(head: &[u8]) -> Option<String> {
    let (text, ..) = encoding(head).decode(head);
    let mut reader = Reader::from_reader(text.as_bytes());
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer).ok()? {
            Event::Start(element) | Event::Empty(element) => {
                return Some(element.local_name().as_ref().chars().take(60).collect());
            }
            Event::Eof => return None,
            Event::Text(text) if !text.as_ref().trim().is_empty() => return None,
            _ => {}
        }
    }
}

fn run(input: impl BufRead, elements: &mut dyn Elements) -> Result<(), Refused> {
    let mut reader = Reader::from_reader(OneEvent { input, taken: 0 });
    let mut buffer = Vec::new();
    let (mut depth, mut begun) = (0_usize, false);
    loop {
        reader.get_mut().taken = 0;
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(element)) => {
                if depth >= MOST_DEPTH {
                    return Err(too_much("éléments imbriqués"));
                }
                (depth, begun) = (depth + 1, true);
                elements.open(element.local_name().as_ref(), &element)?;
            }
            Ok(Event::Empty(element)) => {
                begun = true;
                elements.open(element.local_name().as_ref(), &element)?;
                elements.close()?;
            }
            Ok(Event::End(_)) => {
                depth = depth.saturating_sub(1);
                elements.close()?;
            }
            Ok(Event::Text(text)) => elements.text(text.as_ref()),
            Ok(Event::CData(text)) => elements.text(text.as_ref()),
            Ok(Event::GeneralRef(name)) => {
                let character = character(name.as_ref()).ok_or_else(entities)?;
                elements.text(character.encode_utf8(&mut [0; 4]));
            }
            // AAF names its DTD; one that is written out defines things.
            Ok(Event::DocType(text)) if text.as_ref().contains('[') => return Err(entities()),
            Ok(Event::Eof) if begun && depth == 0 => return Ok(()),
            Ok(Event::Eof) => return Err(broken(reader.buffer_position())),
            Ok(_) => {}
            Err(Error::Io(error)) => {
                return Err(archive::refusal(&error).unwrap_or_else(|| broken(reader.buffer_position())));
            }
            Err(_) => return Err(broken(reader.buffer_position())),
        }
        buffer.clear();
    }
}

/// The five entities of XML and characters by number; a file with others is no school's.
fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let digits = name.strip_prefix('#')?;
            let number = match digits.strip_prefix('x') {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok(),
                None => digits.parse().ok(),
            };
            char::from_u32(number?)
        }
    }
}

/// The input of one event: an error once it has become too large.
struct OneEvent<R> {
    input: R,
    taken: usize,
}

impl<R: BufRead> Read for OneEvent<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for OneEvent<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.taken > MOST_EVENT_BYTES {
            return Err(io::Error::other(too_long()));
        }
        self.input.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.taken += count;
        self.input.consume(count);
    }
}

/// One element of a file with the texts and attributes of all that is within it.
#[derive(Debug, Default)]
pub struct Record {
    /// Path below the record (`SCOLARITE_AN_DERNIER/CODE_MEF`, `@ELEVE_ID`, `PROF_PRINC/@CODE`) and text,
    /// in the order of the file. Texts that are empty are left out.
    fields: Vec<(String, String)>,
    used: usize,
}

impl Record {
    /// The first text of that path; empty when there is none.
    pub fn text(&self, path: &str) -> &str {
        self.told().find(|(known, _)| *known == path).map_or("", |(_, text)| text)
    }

    /// Every text of that path, in order.
    pub fn all<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a str> {
        self.told().filter(move |(known, _)| *known == path).map(|(_, text)| text)
    }

    /// Paths and texts in the order of the file.
    pub fn told(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().take(self.used).map(|(path, text)| (path.as_str(), text.as_str()))
    }

    fn clear(&mut self) {
        self.used = 0;
    }

    fn add(&mut self, path: &str, text: &str) {
        let text = text.trim();
        if text.is_empty() || self.used >= MOST_FIELDS {
            return;
        }
        if self.used == self.fields.len() {
            self.fields.push((String::new(), String::new()));
        }
        if let Some((known, value)) = self.fields.get_mut(self.used) {
            known.clear();
            known.push_str(path);
            value.clear();
            let cut = text.char_indices().nth(MOST_TEXT).map_or(text.len(), |(at, _)| at);
            value.push_str(text.get(..cut).unwrap_or(""));
            self.used += 1;
        }
    }
}

/// Who is told records.
pub trait Records {
    /// Whether the root is the one that is read.
    fn root(&mut self, name: &str) -> Result<(), Refused>;
    /// Which elements are records: paths below the root, such as `DONNEES/ELEVES/ELEVE`. Records do not
    /// hold others.
    fn paths(&self) -> &'static [&'static str];
    /// A record; `path` is one of [`Records::paths`].
    fn record(&mut self, path: &'static str, record: &Record) -> Result<(), Refused>;
}

/// Reads a file of records.
pub fn records(source: impl Read + Seek, told: &mut dyn Records) -> Result<(), Refused> {
    let mut gatherer = Gatherer {
        told,
        path: String::new(),
        ends: Vec::new(),
        rooted: false,
        inside: None,
        record: Record::default(),
        text: String::new(),
    };
    read(source, &mut gatherer)
}

struct Gatherer<'a> {
    told: &'a mut dyn Records,
    /// Names below the root, with slashes.
    path: String,
    /// Lengths of `path` before each open element below the root.
    ends: Vec<usize>,
    rooted: bool,
    /// The record that is open and the length of its path.
    inside: Option<(&'static str, usize)>,
    record: Record,
    text: String,
}

impl Gatherer<'_> {
    /// The path within the record that is open.
    fn within(&self, from: usize) -> &str {
        self.path.get(from..).unwrap_or("").trim_start_matches('/')
    }
}

impl Elements for Gatherer<'_> {
    fn open(&mut self, name: &str, element: &BytesStart<'_>) -> Result<(), Refused> {
        self.text.clear();
        if !self.rooted {
            self.rooted = true;
            self.told.root(name)?;
            self.ends.push(0);
            return Ok(());
        }
        self.ends.push(self.path.len());
        if !self.path.is_empty() {
            self.path.push('/');
        }
        self.path.extend(name.chars().take(100));
        if self.inside.is_none()
            && let Some(known) = self.told.paths().iter().find(|known| **known == self.path)
        {
            self.inside = Some((known, self.path.len()));
            self.record.clear();
        }
        if let Some((_, from)) = self.inside {
            for attribute in element.attributes().with_checks(false).flatten() {
                let inner = self.path.get(from..).unwrap_or("").trim_start_matches('/');
                let slash = if inner.is_empty() { "" } else { "/" };
                let path = format!("{inner}{slash}@{}", attribute.key.local_name().as_ref());
                self.record.add(&path, &attribute.value);
            }
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if self.inside.is_some() && self.text.len() < MOST_TEXT * 4 {
            self.text.push_str(text);
        }
    }

    fn close(&mut self) -> Result<(), Refused> {
        if let Some((known, from)) = self.inside {
            let text = std::mem::take(&mut self.text);
            if !text.trim().is_empty() {
                let path = self.within(from).to_owned();
                self.record.add(&path, &text);
            }
            self.text = text;
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

pub fn too_much(what: &str) -> Refused {
    Refused::new(
        "too_many_rows",
        format!("Ce fichier a bien plus de {what} qu'un établissement."),
        "Déposez le fichier tel qu'il a été exporté.",
    )
}

fn entities() -> Refused {
    Refused::new(
        "entities",
        "Ce fichier XML définit des entités, ce qu'aucun logiciel d'établissement ne fait.",
        "Déposez le fichier tel qu'il a été exporté.",
    )
}

fn too_long() -> Refused {
    Refused::new(
        "xml_too_long",
        "Ce fichier XML contient un texte bien plus long que ceux d'un établissement.",
        "Déposez le fichier tel qu'il a été exporté.",
    )
}

fn broken(position: u64) -> Refused {
    Refused::new(
        "xml_broken",
        format!("Le fichier XML est tronqué ou abîmé vers l'octet {position}."),
        "Exportez de nouveau le fichier.",
    )
}

fn unreadable() -> Refused {
    Refused::new("unreadable", "Le fichier ne peut pas être lu.", "Déposez-le de nouveau.")
}
