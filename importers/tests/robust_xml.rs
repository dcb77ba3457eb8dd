//! Whatever the bytes are, a reader ends with rows, or with a refusal that is a French sentence: never a panic.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "a test says so by panicking"
)]

mod told;

use domain::rows::FileKind;
use importers::Refused;
use importers::recognise::{Recognised, recognise};
use std::io::{Cursor, Write};
use std::path::Path;
use told::{UAI, read};

/// Kinds that are read from XML.
const KINDS: [FileKind; 11] = [
    FileKind::Students,
    FileKind::Guardians,
    FileKind::Structures,
    FileKind::Nomenclature,
    FileKind::Sts,
    FileKind::EdtStudents,
    FileKind::EdtCourses,
    FileKind::UdtArchive,
    FileKind::Aaf,
    FileKind::Gar,
    FileKind::Subscription,
];

/// The fixtures, by name, and UDT's zipped together.
fn seeds() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap()))
        .filter(|(name, _)| name.ends_with(".xml"))
        .collect();
    files.sort();
    let (udt, mut seeds): (Vec<_>, Vec<_>) =
        files.into_iter().partition(|(name, _)| name.starts_with("udt_"));
    let entries: Vec<(&str, &[u8])> =
        udt.iter().map(|(name, bytes)| (name.trim_start_matches("udt_"), bytes.as_slice())).collect();
    seeds.push(("udt.zip".to_owned(), zipped(&entries)));
    assert_eq!(seeds.len(), 11);
    seeds
}

fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn is_sentence(text: &str) -> bool {
    text.chars().count() > 10 && text.ends_with(['.', '…']) && !text.contains(char::is_control)
}

fn check(refused: &Refused, what: &str) {
    assert!(!refused.code.is_empty(), "{what}");
    assert!(is_sentence(&refused.detail) && is_sentence(&refused.remedy), "{what}: {refused:?}");
}

/// Recognises the bytes and reads them as that kind, or as the one given.
fn holds(bytes: &[u8], as_kind: Option<FileKind>, what: &str) -> Result<FileKind, &'static str> {
    let kind = match recognise(&mut Cursor::new(bytes)) {
        Ok(Recognised::Kind(kind)) => Ok(kind),
        Ok(_) => Err("no_kind"),
        Err(refused) => {
            check(&refused, what);
            Err(refused.code)
        }
    };
    let xml = kind.ok().filter(|kind| KINDS.contains(kind));
    for kind in xml.into_iter().chain(as_kind.filter(|_| xml.is_none())) {
        match read(kind, bytes, UAI) {
            Ok(told) => {
                for issue in &told.issues {
                    assert!(is_sentence(&issue.message) && !issue.expected.is_empty(), "{what}: {issue:?}");
                    assert!(issue.read.as_ref().is_none_or(|read| read.chars().count() <= 60), "{what}");
                }
            }
            Err(refused) => {
                check(&refused, what);
                return Err(refused.code);
            }
        }
    }
    kind
}

/// Numbers that look random and are the same in every run (xorshift64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, most: usize) -> usize {
        (self.next() % most.max(1) as u64) as usize
    }
}

#[test]
fn files_cut_anywhere() {
    for (name, whole) in seeds() {
        let kind = holds(&whole, None, &name).unwrap();
        // The files are of a few kB: cut as often as a large one would be at every kB.
        for at in (0..whole.len()).step_by(61) {
            let told = holds(&whole[..at], Some(kind), &format!("{name} cut at {at}"));
            let only_blanks_are_missing = whole[at..].iter().all(u8::is_ascii_whitespace);
            assert!(told.is_err() || only_blanks_are_missing, "{name} cut at {at} is taken for whole");
        }
    }
    // And one of 300 kB, at every kB.
    let (_, whole) = seeds().into_iter().find(|(name, _)| name.starts_with("eleves")).unwrap();
    let text = String::from_utf8_lossy(&whole).into_owned();
    let (head, rest) = text.split_once("<ELEVES>").unwrap();
    let (pupils, tail) = rest.split_once("</ELEVES>").unwrap();
    let large = format!("{head}<ELEVES>{}</ELEVES>{tail}", pupils.repeat(400));
    assert!(large.len() > 300_000);
    for at in (1024..large.len() - 1024).step_by(1024) {
        let told = holds(&large.as_bytes()[..at], Some(FileKind::Students), &format!("cut at {at}"));
        assert_eq!(told, Err("xml_broken"), "cut at {at}");
    }
}

#[test]
fn files_that_were_changed() {
    const SPLICES: [&[u8]; 14] = [
        b"\0",
        b"<",
        b">",
        b"&",
        b"&#0;",
        b"&#xD800;",
        b"<![CDATA[",
        b"]]>",
        b"<!--",
        b"<?",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"</ELEVE>",
        b"&quot;",
    ];
    for (name, whole) in seeds() {
        let kind = holds(&whole, None, &name).unwrap();
        let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
        for round in 0..400 {
            let mut bytes = whole.clone();
            for _ in 0..=numbers.below(4) {
                let at = numbers.below(bytes.len());
                let to = (at + numbers.below(200)).min(bytes.len());
                match numbers.below(5) {
                    0 => bytes[at] = numbers.next() as u8,
                    1 => drop(bytes.drain(at..to)),
                    2 => {
                        let copy = bytes[at..to].to_vec();
                        bytes.splice(at..at, copy);
                    }
                    3 => bytes[at..to].reverse(),
                    _ => drop(bytes.splice(at..at, SPLICES[numbers.below(SPLICES.len())].iter().copied())),
                }
                if bytes.is_empty() {
                    break;
                }
            }
            let _ = holds(&bytes, Some(kind), &format!("{name}, round {round}"));
        }
    }
}

#[test]
fn bytes_of_no_file() {
    let mut numbers = Numbers(42);
    let roots: [&[u8]; 6] = [
        b"",
        b"<BEE_ELEVES>",
        b"<STS_EDT>",
        b"<TABLE><Eleves>",
        b"\xff\xfe<\0T\0A\0B\0L\0E\0>\0",
        b"PK\x03\x04",
    ];
    for round in 0..200 {
        let size = numbers.below(4096);
        let mut bytes = roots[numbers.below(roots.len())].to_vec();
        bytes.extend((0..size).map(|_| numbers.next() as u8));
        let told = holds(&bytes, Some(KINDS[round % KINDS.len()]), &format!("round {round}"));
        assert!(told.is_err(), "round {round} is taken for a file");
    }
}

#[test]
fn files_made_to_do_harm() {
    let entities = "<!ENTITY a \"aaaaaaaaaa\">".to_owned()
        + &(0..20).map(|n| format!("<!ENTITY a{n} \"{}\">", "&a;".repeat(10))).collect::<String>();
    let outside = "<!ENTITY x SYSTEM \"file:///etc/passwd\">";
    let million: String = (0..1_000_000).map(|n| format!(" a{n}=\"1\"")).collect();
    let cases = [
        (format!("<!DOCTYPE r [{entities}]><BEE_ELEVES>&a19;</BEE_ELEVES>"), "entities"),
        (format!("<!DOCTYPE r [{outside}]><BEE_ELEVES>&x;</BEE_ELEVES>"), "entities"),
        ("<BEE_ELEVES><PARAMETRES><UAJ>&x;</UAJ></PARAMETRES></BEE_ELEVES>".to_owned(), "entities"),
        (
            format!("<BEE_ELEVES><DONNEES><ELEVES><ELEVE {million}/></ELEVES></DONNEES></BEE_ELEVES>"),
            "xml_too_long",
        ),
        (format!("<BEE_ELEVES{million}>"), "xml_too_long"),
        (format!("<BEE_ELEVES>{}", "<A>".repeat(1_000_000)), "too_many_rows"),
        (format!("<BEE_ELEVES>{}</BEE_ELEVES>", "x".repeat(5_000_000)), "xml_too_long"),
        (format!("<BEE_ELEVES><!--{}--></BEE_ELEVES>", "x".repeat(5_000_000)), "xml_too_long"),
        (format!("<BEE_ELEVES><![CDATA[{}]]></BEE_ELEVES>", "x".repeat(5_000_000)), "xml_too_long"),
        (format!("<BEE_ELEVES><?pi {}?></BEE_ELEVES>", "x".repeat(5_000_000)), "xml_too_long"),
        (format!("<BEE_ELEVES><{}/></BEE_ELEVES>", "x".repeat(5_000_000)), "xml_too_long"),
        (format!("<!DOCTYPE {}", "x".repeat(5_000_000)), "xml_too_long"),
        (format!("<BEE_ELEVES><DONNEES>{}</DONNEES></BEE_ELEVES>", "<A/>".repeat(1_000_000)), "wrong_school"),
        ("<BEE_ELEVES>\0\0\0\0</BEE_ELEVES>".to_owned(), "wrong_school"),
        ("\0".repeat(10_000), "xml_broken"),
    ];
    for (text, code) in cases {
        let start: String = text.chars().take(60).collect();
        let told = read(FileKind::Students, text.as_bytes(), UAI).map_err(|refused| {
            check(&refused, &start);
            refused.code
        });
        assert_eq!(told.err(), Some(code), "{start}");
        let _ = holds(text.as_bytes(), None, &start);
    }
    // A record of more than any school writes.
    let parents = "<attr name=\"x\"><value>y</value></attr>".repeat(200_000);
    let aaf = format!("<ficAlimMENESR><addRequest>{parents}</addRequest></ficAlimMENESR>");
    assert_eq!(holds(aaf.as_bytes(), None, "aaf"), Err("xml_too_long"));
}

#[test]
fn archives_made_to_do_harm() {
    let blanks = format!("<BEE_ELEVES>{}</BEE_ELEVES>", " ".repeat(10_000_000));
    let dense = format!("<BEE_ELEVES>{}</BEE_ELEVES>", "<A></A>".repeat(2_000_000));
    let inner = zipped(&[("a.xml", dense.as_bytes())]);
    let many: Vec<String> = (0..600).map(|n| format!("{n}.xml")).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), b"<A/>".as_slice())).collect();
    let divisions = format!("<UDT>{}</UDT>", "<div></div>".repeat(1_000_000));
    let cases: [(Vec<u8>, &str); 7] = [
        (zipped(&[("a.xml", blanks.as_bytes())]), "xml_too_long"),
        (zipped(&[("a.xml", dense.as_bytes())]), "zip_too_large"),
        (zipped(&[("a.zip", &inner)]), "not_a_table"),
        (zipped(&many), "zip_entries"),
        (zipped(&[("UDCal_08.xml", divisions.as_bytes()), ("UDCal_10.xml", b"<UDT/>")]), "zip_too_large"),
        (zipped(&[("UDCal_08.xml", b"<UDT/>")]), "udt_entries"),
        (zipped(&[]), "zip_broken"),
    ];
    for (bytes, code) in cases {
        let told = holds(&bytes, None, code);
        assert!(told == Err(code) || code == "zip_broken" && told.is_err(), "{code}: {told:?}");
    }
}
