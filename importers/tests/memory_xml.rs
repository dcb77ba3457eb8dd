//! A file of a whole académie takes no more memory than that of a lycée, but for the numbers of its persons; a
//! file made to do harm takes little too; and what a file is, is told from its first bytes.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::print_stderr,
    reason = "a test says so by panicking"
)]

use cap::Cap;
use domain::identifiers::Uai;
use domain::rows::FileKind;
use importers::recognise::{Recognised, recognise};
use importers::{Asked, Item};
use std::alloc::System;
use std::io::{self, Read, Seek, SeekFrom};

/// Counts what is held; no limit.
#[global_allocator]
static HELD: Cap<System> = Cap::new(System, usize::MAX);

/// Stands for the number of a row.
const NUMBER: &str = "########";

/// A file that is nowhere: a head, so many rows of one length, a middle, so many others, a tail.
struct Made {
    parts: Vec<(String, u64)>,
    /// The row that is read.
    row: String,
    at: u64,
    /// Bytes that were read.
    read: u64,
}

impl Made {
    /// Parts, each so many times.
    fn new(parts: &[(&str, u64)]) -> Self {
        let parts = parts.iter().map(|(text, times)| ((*text).to_owned(), *times)).collect();
        Self { parts, row: String::new(), at: 0, read: 0 }
    }

    fn size(&self) -> u64 {
        self.parts.iter().map(|(text, times)| text.len() as u64 * times).sum()
    }
}

impl Read for Made {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < buffer.len() {
            let mut from = self.at;
            let part = self.parts.iter().find(|(text, times)| {
                let size = text.len() as u64 * times;
                let is_here = from < size;
                from -= if is_here { 0 } else { size };
                is_here
            });
            let Some((text, _)) = part else { break };
            let length = text.len() as u64;
            self.row.clear();
            self.row.push_str(text);
            if text.contains(NUMBER) {
                self.row = text.replace(NUMBER, &format!("{:08}", 10_000_000 + from / length));
            }
            let rest = &self.row.as_bytes()[(from % length) as usize..];
            let count = rest.len().min(buffer.len() - filled);
            buffer[filled..filled + count].copy_from_slice(&rest[..count]);
            filled += count;
            self.at += count as u64;
            self.read += count as u64;
        }
        Ok(filled)
    }
}

impl Seek for Made {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::End(by) => self.size().saturating_add_signed(by),
            SeekFrom::Current(by) => self.at.saturating_add_signed(by),
        };
        Ok(self.at)
    }
}

const PARAMETERS: &str =
    "<PARAMETRES><UAJ>0579999J</UAJ><ANNEE_SCOLAIRE>2020</ANNEE_SCOLAIRE></PARAMETRES><DONNEES>";
const PUPIL: &str = "<ELEVE ELEVE_ID=\"########\"><NOM_DE_FAMILLE>VOLLMERANGE ########</NOM_DE_FAMILLE><PRENOM>Camille</PRENOM>\
    <DATE_NAISS>14/03/2005</DATE_NAISS><CODE_MEF>20010018110</CODE_MEF></ELEVE>\n";
const STRUCTURE: &str = "<STRUCTURES_ELEVE ELEVE_ID=\"########\"><STRUCTURE><CODE_STRUCTURE>2GT1</CODE_STRUCTURE>\
    <TYPE_STRUCTURE>D</TYPE_STRUCTURE></STRUCTURE></STRUCTURES_ELEVE>\n";
const PERSON: &str = "<PERSONNE PERSONNE_ID=\"########\"><NOM_DE_FAMILLE>VOLLMERANGE ########</NOM_DE_FAMILLE><PRENOM>Sylvie</PRENOM>\
    <TEL_PORTABLE>+33600000001</TEL_PORTABLE><MEL>s.########@exemple.invalid</MEL></PERSONNE>\n";
const LINK: &str = "<RESPONSABLE_ELEVE><ELEVE_ID>########</ELEVE_ID><PERSONNE_ID>########</PERSONNE_ID>\
    <NIVEAU_RESPONSABILITE>1</NIVEAU_RESPONSABILITE><CODE_PARENTE>10</CODE_PARENTE></RESPONSABLE_ELEVE>\n";

fn pupils(count: u64) -> Made {
    let head = format!("<BEE_ELEVES>{PARAMETERS}<ELEVES>");
    Made::new(&[
        (&head, 1),
        (PUPIL, count),
        ("</ELEVES><STRUCTURES>", 1),
        (STRUCTURE, count),
        ("</STRUCTURES></DONNEES></BEE_ELEVES>", 1),
    ])
}

fn guardians(count: u64) -> Made {
    let head = format!("<BEE_RESPONSABLES>{PARAMETERS}<PERSONNES>");
    Made::new(&[
        (&head, 1),
        (PERSON, count),
        ("</PERSONNES><RESPONSABLES>", 1),
        (LINK, count),
        ("</RESPONSABLES></DONNEES></BEE_RESPONSABLES>", 1),
    ])
}

/// Rows and issues of a file, and the most bytes that were held while it was read.
fn held(kind: FileKind, mut file: Made) -> (Result<(u64, u64), &'static str>, usize) {
    let (mut rows, mut issues) = (0, 0);
    let uai = Uai::parse("0579999J").unwrap();
    let (before, earlier) = (HELD.allocated(), HELD.max_allocated());
    let mut most = before;
    let mut sink = |item| {
        match item {
            Item::Issue(_) => issues += 1,
            _ => rows += 1,
        }
        most = most.max(HELD.allocated());
        Ok(())
    };
    let told = importers::read(kind, &mut file, Asked { uai: &uai, layout: None }, &mut sink);
    let told = told.map(|_| ()).map_err(|refused| refused.code);
    // Between two rows a table may grow, and hold itself twice.
    if HELD.max_allocated() > earlier {
        most = most.max(HELD.max_allocated());
    }
    (told.map(|()| (rows, issues)), most - before)
}

const MIB: usize = 1024 * 1024;

// One test alone: others would allocate beside it.
#[test]
fn memory_does_not_grow_with_the_file() {
    let (told, few) = held(FileKind::Students, pupils(2_000));
    assert_eq!(told, Ok((4_000, 0)));
    let (told, many) = held(FileKind::Students, pupils(200_000));
    assert_eq!(told, Ok((400_000, 0)));
    eprintln!("pupils: {few} bytes for 2,000 and {many} for 200,000");
    assert!(many < few + MIB / 4 && many < 2 * MIB, "{few} bytes for 2,000 and {many} for 200,000");

    let (told, few) = held(FileKind::Guardians, guardians(3_000));
    assert_eq!(told, Ok((6_000, 0)));
    let (told, many) = held(FileKind::Guardians, guardians(300_000));
    assert_eq!(told, Ok((600_000, 0)));
    eprintln!("guardians: {few} bytes for 3,000 and {many} for 300,000");
    // 17 bytes for each place of a table that is half full, and that of half the size while it grows.
    assert!(many < few + 16 * MIB, "{few} bytes for 3,000 and {many} for 300,000");

    // Harm is refused before it is held: the most of all that was ever held tells.
    let before = HELD.allocated();
    let head = format!("<BEE_ELEVES>{PARAMETERS}<ELEVES><ELEVE ELEVE_ID=\"1\">");
    for (kind, file, code) in [
        (FileKind::Students, Made::new(&[("<BEE_ELEVES>", 1), ("x", 10_000_000)]), "xml_too_long"),
        (
            FileKind::Students,
            Made::new(&[("<BEE_ELEVES", 1), (" a########=\"1\"", 1_000_000)]),
            "xml_too_long",
        ),
        (FileKind::Students, Made::new(&[("<A>", 3_000_000)]), "wrong_root"),
        (FileKind::Students, Made::new(&[("<BEE_ELEVES>", 3_000_000)]), "too_many_rows"),
        (FileKind::Students, Made::new(&[(&head, 1), ("<NOM>x</NOM>", 1_000_000)]), "xml_broken"),
        (FileKind::Guardians, Made::new(&[("<BEE_RESPONSABLES>", 1), ("<!-- -->", 2_000_000)]), "xml_broken"),
        (
            FileKind::Aaf,
            Made::new(&[("<ficAlimMENESR><addRequest>", 1), ("<a>x</a>", 2_000_000)]),
            "xml_too_long",
        ),
        (FileKind::Students, Made::new(&[("<BEE_ELEVES>", 1), (" ", 600_000_000)]), "file_too_large"),
    ] {
        assert_eq!(held(kind, file).0, Err(code));
    }
    let most = HELD.max_allocated() - before;
    assert!(most < 24 * MIB, "{most} bytes for files that are refused");

    // Recognition reads the first bytes only, however large the file.
    let mut large = pupils(2_000_000);
    assert!(large.size() > 300_000_000);
    assert_eq!(recognise(&mut large), Ok(Recognised::Kind(FileKind::Students)));
    assert!(large.read <= 64 * 1024, "{} bytes read", large.read);
}
