//! Tables that are spoiled, cut, forged or enormous: never a panic, never much memory, always rows or a
//! refusal with a French sentence. One test at a time, as memory is counted for all.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test says so by panicking")]

mod common;

use cap::Cap;
use common::xls::{self, Options, Sheet, Value};
use common::{ods, uai, windows};
use domain::rows::FileKind;
use importers::mapping::{Layout, preview};
use importers::recognise::recognise;
use importers::{Asked, Refused, accounts};
use std::alloc::System;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::sync::{Mutex, MutexGuard, PoisonError};

#[global_allocator]
static HELD: Cap<System> = Cap::new(System, usize::MAX);

/// What reading any table may take.
const MOST_MEMORY: usize = 64 * 1024 * 1024;

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner)
}

const KINDS: [FileKind; 10] = [
    FileKind::Delivery,
    FileKind::StudentsTable,
    FileKind::EdtStudents,
    FileKind::MappedStudents,
    FileKind::EdtCourses,
    FileKind::UdtCourses,
    FileKind::Badges,
    FileKind::Orders,
    FileKind::Quote,
    FileKind::Accounts,
];

/// A refusal says what was found and what to do, in French sentences.
fn check(refused: &Refused) {
    for text in [&refused.detail, &refused.remedy] {
        let first = text.chars().next();
        assert!(
            first.is_some_and(char::is_uppercase) && text.ends_with('.') && text.contains(' '),
            "{refused:?}"
        );
        assert!(!text.contains(char::is_control), "{refused:?}");
    }
    assert!(!refused.code.is_empty() && refused.code != "enough", "{refused:?}");
}

/// Recognises a source and reads it as each kind; its issues must be sentences too. The refusals, or `ok`.
fn read_as(kinds: &[FileKind], source: &mut (impl Read + Seek)) -> Vec<&'static str> {
    let mut codes = Vec::new();
    let mut told = |result: Result<(), Refused>| {
        codes.push(result.map_or_else(
            |refused| {
                check(&refused);
                refused.code
            },
            |()| "ok",
        ));
    };
    told(recognise(source).map(|_| ()));
    told(preview(source).map(|_| ()));
    let uai = uai();
    for kind in kinds {
        let mut sink = |item| {
            if let importers::Item::Issue(issue) = item {
                assert!(issue.message.ends_with('.') && !issue.code.is_empty(), "{issue:?}");
            }
            Ok(())
        };
        told(importers::read(*kind, &mut *source, Asked { uai: &uai, layout: None }, &mut sink).map(|_| ()));
    }
    told(accounts::read(source, &uai, &mut |_| Ok(())).map(|_| ()));
    codes
}

fn read_all(source: &mut (impl Read + Seek)) -> Vec<&'static str> {
    read_as(&KINDS, source)
}

/// Fails every allocation beyond what reading a table may take, which ends the process: as long as it lives.
struct Little;

impl Little {
    fn memory() -> Self {
        HELD.set_limit(HELD.allocated() + MOST_MEMORY).unwrap();
        Self
    }
}

impl Drop for Little {
    fn drop(&mut self) {
        HELD.set_limit(usize::MAX).unwrap();
    }
}

/// A file of any size that is made as it is read: a beginning, then a piece again and again.
struct Made {
    head: Vec<u8>,
    piece: Vec<u8>,
    size: u64,
    at: u64,
}

impl Made {
    fn new(head: &[u8], piece: &[u8], size: u64) -> Self {
        // Pieces of some size are made faster.
        Self { head: head.to_vec(), piece: piece.repeat(4096), size, at: 0 }
    }
}

impl Read for Made {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let head = u64::try_from(self.head.len()).unwrap();
        let mut seen = 0;
        while seen < into.len() && self.at < self.size {
            let left = usize::try_from(self.size - self.at).unwrap();
            let from = if self.at < head {
                &self.head[usize::try_from(self.at).unwrap()..]
            } else {
                let within = (self.at - head) % u64::try_from(self.piece.len()).unwrap();
                &self.piece[usize::try_from(within).unwrap()..]
            };
            let count = from.len().min(into.len() - seen).min(left);
            into[seen..seen + count].copy_from_slice(&from[..count]);
            self.at += u64::try_from(count).unwrap();
            seen += count;
        }
        Ok(seen)
    }
}

impl Seek for Made {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::End(from) => self.size.checked_add_signed(from),
            SeekFrom::Current(from) => self.at.checked_add_signed(from),
        };
        self.at = place.ok_or(io::ErrorKind::InvalidInput)?.min(self.size);
        Ok(self.at)
    }
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.roll() % u64::try_from(most.max(1)).unwrap()).unwrap()
    }

    fn byte(&mut self) -> u8 {
        self.roll().to_le_bytes()[3]
    }
}

/// One small table of each shape, of some kilobytes.
fn tables() -> Vec<Vec<u8>> {
    let pupils: String = (0..120)
        .map(|n| {
            format!(
                "NOM{n};\"Zoé; {n}\";14/03/2005;990000{n:03}AB;2GT1;5CD030BC{n:02};20ZZ;B1;x.{n};secret\r\n"
            )
        })
        .collect();
    let header = "Nom;Prénom;Date de naissance;INE;Classe;S/N;P/N;BL;Identifiant;Badge\r\n";
    let courses: String =
        (0..80).map(|n| format!("Lundi;08H00;2GT{n};AGL1;PROF {n};B204;;;6;CG;sa;;\r\n")).collect();
    let accounts: String =
        (0..60).map(|n| format!("0579999J;u{n};2GT1;Élève;Zoé;NOM{n};zoe{n};secret{n};{n}\r\n")).collect();
    let orders: String = (0..30).map(|n| format!("T{n}|E|LDE|N|9780000000019|3|6,50|6,86|0|6,86|0|0579999J|L|R|N|E|u{n}|03/07/2020|00/00/00|D|B|10|5\r\n")).collect();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, ["Nom", "Prénom", "Né(e) le", "Classe", "S/N", "P/N", "BL"]).unwrap();
    for row in 1..150 {
        sheet
            .write_row(
                row,
                0,
                [&format!("NOM{row}"), "Zoé", "14/03/2005", "2GT1", "PF0FAKE1", "20ZZ", "B1"]
                    .map(String::from),
            )
            .unwrap();
    }
    let xlsx = book.save_to_buffer().unwrap();
    let texts: &[&[&'static str]] =
        &[&["Nom", "Prénom", "Code Structure", "Type Structure"], &["ŒUVRARD", "Zoé", "2GT1", "D"]];
    let mut old = Sheet::of_texts("Élèves", texts);
    old.cells.extend((2..120).flat_map(|row| {
        [(row, 0, Value::Label("X")), (row, 1, Value::Date(38425.0)), (row, 2, Value::Formula("é"))]
    }));
    let xls = xls::file(&[old], &Options::default());
    let rows: String = (0..150).map(|n| ods::row(&[&format!("PF0FAKE{n}"), "20ZZ", "B1"])).collect();
    let ods = ods::file(&ods::sheet("S", &(ods::row(&["S/N", "P/N", "BL"]) + &rows)));
    let csv = windows(&format!("{header}{pupils}"));
    vec![
        ods::zip(&[("liste.csv", &csv)]),
        ods::zip(&[("ElevesComplete.xls", &xls)]),
        common::utf16(&format!("{header}{pupils}"), false),
        csv,
        windows(&format!("Jour;Heure;Div;Matière;Professeur;Salle;Groupe;Regroup;Eff;Mo;Freq;Aire;\r\n{courses}")),
        format!("\u{feff}rne;uid;classe;profil;prenom;nom;login;mot de passe;cle de jointure\r\n{accounts}").into_bytes(),
        format!("TITRE|EDITEUR|DISTRIBUTEUR|TYPE|EAN|QTE|PRIX_HT|TVA5_5|TVA20|PRIX_TTC|REMISE|UAI|NOM_ETS|ADRESSE|REASSORT|TYPE_LDC|UUID_LIGNE_LDE|DATE_ACHAT|DATE_BL|REF_ACHAT|ID_BL|ETAT|ID_CGI\r\n{orders}").into_bytes(),
        xlsx,
        xls,
        ods,
    ]
}

#[test]
fn cut_at_every_kilobyte() {
    let _alone = alone();
    for table in tables() {
        for end in (0..table.len()).step_by(1024).chain([table.len() - 1, 1, 7, 21]) {
            read_all(&mut Cursor::new(&table[..end]));
        }
    }
}

#[test]
fn bytes_changed_added_and_taken_away() {
    let _alone = alone();
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    for table in tables() {
        for _ in 0..60 {
            let mut spoiled = table.clone();
            for _ in 0..=dice.below(8) {
                let at = dice.below(spoiled.len());
                match dice.below(4) {
                    0 => spoiled[at] = dice.byte(),
                    1 => spoiled[at] ^= 1 << dice.below(8),
                    2 => spoiled.insert(at, *b"\";\n\0\t|<=\xFF".get(dice.below(9)).unwrap()),
                    _ => drop(spoiled.drain(at..(at + dice.below(20)).min(spoiled.len()))),
                }
            }
            read_all(&mut Cursor::new(spoiled));
        }
    }
}

/// In a zip most changes are found by its checksums: what is inside is changed before it is packed.
#[test]
fn parts_of_workbooks_changed_before_they_are_packed() {
    let _alone = alone();
    let mut dice = Dice(0xD1B5_4A32_D192_ED03);
    let whole = tables();
    for table in [&whole[7], &whole[9]] {
        let mut archive = zip::ZipArchive::new(Cursor::new(table)).unwrap();
        let mut parts = Vec::new();
        for index in 0..archive.len() {
            let mut entry = archive.by_index(index).unwrap();
            let mut content = Vec::new();
            entry.read_to_end(&mut content).unwrap();
            parts.push((entry.name().unwrap().into_owned(), content));
        }
        for _ in 0..120 {
            let mut spoiled = parts.clone();
            let part = dice.below(spoiled.len());
            let content = &mut spoiled[part].1;
            for _ in 0..=dice.below(6) {
                let at = dice.below(content.len());
                match dice.below(3) {
                    0 => content[at] = *b"<>\"&;9 /".get(dice.below(8)).unwrap(),
                    1 => content.insert(at, b'9'),
                    _ => drop(content.drain(at..(at + dice.below(40)).min(content.len()))),
                }
            }
            let entries: Vec<(&str, &[u8])> =
                spoiled.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect();
            read_all(&mut Cursor::new(ods::zip(&entries)));
        }
    }
}

#[test]
fn bytes_at_random() {
    let _alone = alone();
    let mut dice = Dice(0xC2B2_AE3D_27D4_EB4F);
    let starts: [&[u8]; 7] = [
        b"",
        b"PK\x03\x04",
        b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
        b"\xFF\xFE",
        b"\xEF\xBB\xBF",
        b"Nom;Prenom;INE\n",
        b"sep=;\n",
    ];
    for start in starts {
        for size in [0, 1, 30, 600, 5_000, 20_000] {
            for text in [false, true] {
                let mut bytes = start.to_vec();
                bytes.extend((0..size).map(|_| {
                    if text {
                        *b"abcZ019;\t|,\"\n\r =\xE9\xBC".get(dice.below(19)).unwrap_or(&b'x')
                    } else {
                        dice.byte()
                    }
                }));
                read_all(&mut Cursor::new(bytes));
            }
        }
    }
}

/// Refused, and in little memory: as a table of unknown titles, and as one whose titles are looked for.
fn refused_lightly(name: &str, source: &mut (impl Read + Seek)) {
    let codes = {
        let _little = Little::memory();
        read_as(&[FileKind::Delivery, FileKind::Badges], source)
    };
    assert!(!codes[2..].contains(&"ok"), "{name}: {codes:?}");
}

#[test]
fn what_is_enormous_is_refused_in_little_memory() {
    let _alone = alone();
    refused_lightly("100 MB on a line", &mut Made::new(b"", b"abcdefgh;", 100_000_000));
    refused_lightly("a million columns", &mut Made::new(b"", b"a;", 2_000_000));
    refused_lightly(
        "a quotation mark that is never closed",
        &mut Made::new(b"Nom;Prenom;INE;Classe\n\"A", b"abcdefgh ", 100_000_000),
    );
    refused_lightly("zeros", &mut Made::new(b"Nom;Prenom;INE;Classe\n", b"\0", 50_000_000));
    refused_lightly("UTF-16 zeros", &mut Made::new(b"\xFF\xFEN\0o\0m\0;\0", b"\0\0", 50_000_000));
    refused_lightly("three million rows", &mut Made::new(b"", b"a;b\n", 12_000_000));
    refused_lightly(
        "more than a file may have",
        &mut Made::new(b"Nom;Prenom\n", b"a;b\n", 600 * 1024 * 1024),
    );
    refused_lightly("an archive of 100 MiB", &mut Made::new(b"PK\x03\x04", b"x", 100 * 1024 * 1024));
    refused_lightly(
        "an XLS of 60 MiB",
        &mut Made::new(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", b"\x09\0\x06\0", 60 * 1024 * 1024),
    );
}

fn packed(name: &str, head: &[u8], piece: &[u8], times: usize, tail: &[u8]) -> Vec<u8> {
    let mut content = head.to_vec();
    content.extend(piece.iter().cycle().take(piece.len() * times));
    content.extend(tail);
    if name == "content.xml" {
        return ods::zip(&[
            ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
            (name, &content),
        ]);
    }
    if name.starts_with("xl/") {
        let relations =
            b"<Relationships><Relationship Id=\"r1\" Type=\"t/worksheet\" Target=\"s.xml\"/></Relationships>";
        let book = b"<workbook><sheets><sheet name=\"S\" r:id=\"r1\"/></sheets></workbook>";
        let sheet: &[u8] = b"<worksheet><sheetData><row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c></row></sheetData></worksheet>";
        let mut entries: Vec<(&str, &[u8])> = vec![
            ("[Content_Types].xml", b"<Types/>"),
            ("xl/workbook.xml", book),
            ("xl/_rels/workbook.xml.rels", relations),
        ];
        if name != "xl/s.xml" {
            entries.push(("xl/s.xml", sheet));
        }
        entries.push((name, &content));
        return ods::zip(&entries);
    }
    ods::zip(&[(name, &content)])
}

#[test]
fn bombs_are_refused_in_little_memory() {
    let _alone = alone();
    let bombs = [
        ("a CSV", packed("x.csv", b"Nom;Prenom\n", b"a;b\n", 5_000_000, b"")),
        (
            "a workbook in an archive",
            packed("x.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", b"\0", 20_000_000, b""),
        ),
        (
            "a sheet",
            packed(
                "xl/s.xml",
                b"<worksheet><sheetData>",
                b"<row><c><v>1</v></c></row>",
                3_000_000,
                b"</sheetData></worksheet>",
            ),
        ),
        (
            "a text of a sheet",
            packed(
                "xl/s.xml",
                b"<worksheet><sheetData><row><c><v>",
                b"1",
                40_000_000,
                b"</v></c></row></sheetData></worksheet>",
            ),
        ),
        ("shared texts", packed("xl/sharedStrings.xml", b"<sst>", b"<si/>", 5_000_000, b"</sst>")),
        (
            "one shared text",
            packed(
                "xl/sharedStrings.xml",
                b"<sst><si>",
                b"<t>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</t>",
                1_500_000,
                b"</si></sst>",
            ),
        ),
        (
            "formats",
            packed(
                "xl/styles.xml",
                b"<styleSheet><cellXfs>",
                b"<xf/>",
                8_000_000,
                b"</cellXfs></styleSheet>",
            ),
        ),
        ("elements within elements", packed("xl/s.xml", b"", b"<a>", 1_000_000, b"")),
        (
            "an ODS",
            packed(
                "content.xml",
                b"<d><table:table table:name=\"S\"><table:table-row>",
                b"<table:table-cell office:value-type=\"string\"><text:p>x</text:p></table:table-cell>",
                600_000,
                b"</table:table-row></table:table></d>",
            ),
        ),
    ];
    for (name, bytes) in bombs {
        refused_lightly(name, &mut Cursor::new(bytes));
    }
}

#[test]
fn an_xls_whose_sheets_are_one_and_the_same_is_bounded() {
    let _alone = alone();
    // 500 sheets that all begin where the first does: its rows again and again.
    let cells =
        (0..3_000_u16).flat_map(|row| (0..4).map(move |column| (row, column, Value::Rk(1)))).collect();
    let mut stream = xls::stream(&[Sheet { name: "S", hidden: false, cells }], &Options::default());
    let bound = stream.windows(4).position(|w| w[..2] == [0x85, 0]).unwrap();
    let length = usize::from(u16::from_le_bytes([stream[bound + 2], stream[bound + 3]]));
    let mut record = stream[bound..bound + 4 + length].to_vec();
    let shift = u32::try_from(499 * record.len()).unwrap();
    let place = u32::from_le_bytes(record[4..8].try_into().unwrap()) + shift;
    record[4..8].copy_from_slice(&place.to_le_bytes());
    stream.splice(bound..bound + 4 + length, record.repeat(500));
    stream.resize(stream.len().next_multiple_of(512), 0);
    refused_lightly("sheets", &mut Cursor::new(xls::compound(&stream, false)));
}

#[test]
fn two_hundred_thousand_pupils_stream() {
    let _alone = alone();
    let mut text = "Nom;Prénom;Date de naissance;INE;Classe\r\n".to_owned();
    for number in 0..200_000 {
        text.push_str(&format!("NOM{number};Zoé;14/03/2005;{number:09}AB;2GT{}\r\n", number % 40));
    }
    let bytes = windows(&text);
    drop(text);
    let uai = uai();
    let mut students = 0;
    let mut sink = |item| {
        students += u32::from(matches!(item, importers::Item::Student(_)));
        Ok(())
    };
    let asked = Asked { uai: &uai, layout: None };
    let _little = Little::memory();
    let head = importers::read(FileKind::MappedStudents, Cursor::new(&bytes), asked, &mut sink).unwrap();
    assert_eq!((students, head.read["students"]), (200_000, 200_000));
}

#[test]
fn the_largest_workbook_that_is_read_takes_little_memory() {
    let _alone = alone();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, ["Nom", "Prénom", "Né(e) le", "INE", "Classe"]).unwrap();
    for row in 1..60_000_u32 {
        let texts = [
            format!("NOM-{row:090}"),
            "Zoé".into(),
            "14/03/2005".into(),
            format!("{row:09}AB"),
            "2GT1".into(),
        ];
        sheet.write_row(row, 0, texts).unwrap();
    }
    let bytes = ods::zip(&[("liste.xlsx", &book.save_to_buffer().unwrap())]);
    drop(book);
    let uai = uai();
    let _little = Little::memory();
    let asked = Asked { uai: &uai, layout: None };
    let head =
        importers::read(FileKind::MappedStudents, Cursor::new(&bytes), asked, &mut |_| Ok(())).unwrap();
    assert_eq!(head.read["students"], 59_999);
}

#[test]
fn a_layout_that_points_anywhere_is_bounded() {
    let _alone = alone();
    let uai = uai();
    for place in [0, 1, 255, 256, usize::MAX] {
        for header_row in [0, 1, 30, 31, u32::MAX] {
            let columns = ["last_name", "first_name"].map(|key| (key.to_owned(), place)).into();
            let layout = Layout { kind: FileKind::MappedStudents, sheet: String::new(), header_row, columns };
            let asked = Asked { uai: &uai, layout: Some(&layout) };
            let told = importers::read(
                FileKind::MappedStudents,
                Cursor::new(b"Nom;Prenom\nA;B\n"),
                asked,
                &mut |_| Ok(()),
            );
            if let Err(refused) = told {
                check(&refused);
            }
        }
    }
}
