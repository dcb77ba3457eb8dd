//! SIECLE's `ElevesSansAdresses.xml` (root `BEE_ELEVES`), plain or zipped. Elements are
//! read by their whole path, as `SCOLARITE_AN_DERNIER` repeats the names of last year's
//! class; unknown ones are passed over. Only what the loan needs is kept.

use super::{MOST_BYTES, Refused, issue};
use chrono::{NaiveDate, NaiveDateTime};
use domain::entitlement::{Public, group_entitles};
use domain::identifiers::{Uai, ine_shape};
use domain::issues::{ImportIssue, Severity};
use encoding_rs_io::DecodeReaderBytesBuilder;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader, Cursor, Read};

/// A pupil of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StudentRow {
    /// Place among the pupils of the file, from 1.
    pub row: u32,
    pub eleve_id: String,
    pub ine: Option<String>,
    pub last_name: String,
    pub first_name: String,
    pub birth_date: Option<NaiveDate>,
    /// Division: the structure of type D.
    pub class_code: Option<String>,
    pub mef: Option<String>,
    /// By the MEF, or by a group of ULIS or UPE2A.
    pub entitled: bool,
    pub left_on: Option<NaiveDate>,
}

/// What the file says.
#[derive(Debug, Clone, Default)]
pub struct StudentFile {
    pub uai: String,
    /// The starting year.
    pub school_year: i32,
    pub exported_at: Option<NaiveDateTime>,
    /// `ELEVE` elements seen, faulty ones included.
    pub read: u32,
    pub students: Vec<StudentRow>,
    pub issues: Vec<ImportIssue>,
}

/// Reads the file of school `uai`.
pub fn read(bytes: &[u8], uai: &Uai) -> Result<StudentFile, Refused> {
    let unzipped;
    let xml = if bytes.starts_with(b"PK\x03\x04") {
        unzipped = unzip(bytes)?;
        &unzipped
    } else {
        bytes
    };
    let encoding = declared_encoding(xml);
    let decoded = DecodeReaderBytesBuilder::new().encoding(Some(encoding)).build(xml);
    let mut parser = Parser::default();
    parser.run(BufReader::with_capacity(64 * 1024, decoded))?;
    parser.finish(uai)
}

/// The one useful entry of a zip; hidden and system entries are none.
fn unzip(bytes: &[u8]) -> Result<Vec<u8>, Refused> {
    let broken = |_| {
        Refused::new(
            "zip_broken",
            "L'archive zip est abîmée.",
            "Exportez de nouveau le fichier depuis SIECLE.",
        )
    };
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let useful: Vec<usize> = (0..archive.len())
        .filter(|&i| {
            archive.name_for_index(i).and_then(Result::ok).is_some_and(|name| {
                let hidden = name.split('/').any(|part| part.starts_with('.') || part == "__MACOSX");
                !hidden && !name.ends_with('/')
            })
        })
        .collect();
    let &[index] = useful.as_slice() else {
        return Err(Refused::new(
            "zip_entries",
            format!("L'archive contient {} fichiers ; un seul est attendu.", useful.len()),
            "Déposez l'archive telle que SIECLE l'a produite.",
        ));
    };
    let entry = archive.by_index(index).map_err(broken)?;
    let mut out = Vec::new();
    entry.take(MOST_BYTES + 1).read_to_end(&mut out).map_err(|_| {
        Refused::new(
            "zip_broken",
            "L'archive zip est abîmée.",
            "Exportez de nouveau le fichier depuis SIECLE.",
        )
    })?;
    if u64::try_from(out.len()).unwrap_or(u64::MAX) > MOST_BYTES {
        return Err(Refused::new(
            "zip_too_large",
            "L'archive décompressée dépasse 512 Mio.",
            "Vérifiez que l'archive vient bien de SIECLE.",
        ));
    }
    Ok(out)
}

/// From the XML declaration in the first bytes; UTF-8 when it says nothing.
fn declared_encoding(xml: &[u8]) -> &'static encoding_rs::Encoding {
    let head = String::from_utf8_lossy(xml.get(..xml.len().min(200)).unwrap_or(&[])).into_owned();
    let label = head.split_once("encoding=").and_then(|(_, rest)| {
        let quote = rest.chars().next()?;
        rest.get(1..)?.split(quote).next().map(str::to_owned)
    });
    label.and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes())).unwrap_or(encoding_rs::UTF_8)
}

#[derive(Default)]
struct Parser {
    path: Vec<String>,
    text: String,
    root: String,
    uai: String,
    school_year: String,
    exported_at: String,
    read: u32,
    current: HashMap<String, String>,
    students: Vec<(u32, HashMap<String, String>)>,
    structure_student: String,
    structure_code: String,
    structure_kind: String,
    classes: HashMap<String, String>,
    in_entitling_group: HashSet<String>,
}

/// Fields of `ELEVE` that the loan needs.
const KEPT: [&str; 9] = [
    "ID_NATIONAL",
    "INE_RNIE",
    "INE_BEA",
    "NOM_DE_FAMILLE",
    "NOM",
    "PRENOM",
    "DATE_NAISS",
    "DATE_SORTIE",
    "CODE_MEF",
];

impl Parser {
    fn run(&mut self, input: impl BufRead) -> Result<(), Refused> {
        let mut reader = Reader::from_reader(input);
        let mut buffer = Vec::new();
        loop {
            match reader.read_event_into(&mut buffer) {
                Ok(Event::Start(element)) => self.open(&element)?,
                Ok(Event::Empty(element)) => {
                    self.open(&element)?;
                    self.close();
                }
                Ok(Event::End(_)) => self.close(),
                Ok(Event::Text(text)) => self.text.push_str(text.as_ref()),
                Ok(Event::CData(text)) => self.text.push_str(text.as_ref()),
                Ok(Event::GeneralRef(name)) => self.reference(name.as_ref())?,
                Ok(Event::DocType(_)) => return Err(doctype()),
                Ok(Event::Eof) => break,
                Ok(_) => {}
                Err(_) => return Err(broken(reader.buffer_position())),
            }
            buffer.clear();
        }
        if self.path.is_empty() && !self.root.is_empty() {
            Ok(())
        } else {
            Err(broken(reader.buffer_position()))
        }
    }

    fn open(&mut self, element: &BytesStart) -> Result<(), Refused> {
        let name = element.name().as_ref().to_owned();
        if self.path.is_empty() {
            if name != "BEE_ELEVES" {
                return Err(Refused::new(
                    "wrong_root",
                    format!("Ce fichier XML commence par {name} ; BEE_ELEVES est attendu."),
                    "Dans SIECLE : Exportation en XML, « Élèves sans adresses ».",
                ));
            }
            self.root.clone_from(&name);
        }
        self.path.push(name);
        self.text.clear();
        let attribute = |wanted: &str| {
            element
                .attributes()
                .flatten()
                .find(|a| a.key.as_ref() == wanted)
                .map(|a| a.value.trim().to_owned())
                .unwrap_or_default()
        };
        match self.place().as_slice() {
            ["DONNEES", "ELEVES", "ELEVE"] => {
                self.read += 1;
                self.current.clear();
                self.current.insert("ELEVE_ID".into(), attribute("ELEVE_ID"));
            }
            ["DONNEES", "STRUCTURES", "STRUCTURES_ELEVE"] => self.structure_student = attribute("ELEVE_ID"),
            _ => {}
        }
        Ok(())
    }

    /// The path below the root.
    fn place(&self) -> Vec<&str> {
        self.path.iter().skip(1).map(String::as_str).collect()
    }

    fn close(&mut self) {
        let text = self.text.trim().to_owned();
        self.text.clear();
        match self.place().as_slice() {
            ["PARAMETRES", "UAJ"] => self.uai = text,
            ["PARAMETRES", "ANNEE_SCOLAIRE"] => self.school_year = text,
            ["PARAMETRES", "HORODATAGE"] => self.exported_at = text,
            ["DONNEES", "ELEVES", "ELEVE", field] if KEPT.contains(field) && !text.is_empty() => {
                let field = (*field).to_owned();
                self.current.insert(field, text);
            }
            ["DONNEES", "ELEVES", "ELEVE"] => {
                self.students.push((self.read, std::mem::take(&mut self.current)))
            }
            ["DONNEES", "STRUCTURES", "STRUCTURES_ELEVE", "STRUCTURE", "CODE_STRUCTURE"] => {
                self.structure_code = text
            }
            ["DONNEES", "STRUCTURES", "STRUCTURES_ELEVE", "STRUCTURE", "TYPE_STRUCTURE"] => {
                self.structure_kind = text
            }
            ["DONNEES", "STRUCTURES", "STRUCTURES_ELEVE", "STRUCTURE"] => self.structure(),
            _ => {}
        }
        self.path.pop();
    }

    /// A pupil may have several blocks of structures: they add up.
    fn structure(&mut self) {
        let (code, kind) =
            (std::mem::take(&mut self.structure_code), std::mem::take(&mut self.structure_kind));
        if code.is_empty() || self.structure_student.is_empty() {
            return;
        }
        if kind == "D" {
            self.classes.insert(self.structure_student.clone(), code);
        } else if group_entitles(&code) {
            self.in_entitling_group.insert(self.structure_student.clone());
        }
    }

    /// The five entities of XML and characters by number; a file with others is not SIECLE's.
    fn reference(&mut self, name: &str) -> Result<(), Refused> {
        let number = name.strip_prefix('#').and_then(|digits| match digits.strip_prefix('x') {
            Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok(),
            None => digits.parse().ok(),
        });
        let character = match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => number.and_then(char::from_u32),
        };
        self.text.push(character.ok_or_else(doctype)?);
        Ok(())
    }

    fn finish(self, uai: &Uai) -> Result<StudentFile, Refused> {
        if self.uai != uai.as_str() {
            return Err(Refused::new(
                "wrong_school",
                format!("Ce fichier est celui de l'établissement {} ; {uai} est attendu.", self.uai),
                "Exportez le fichier de votre établissement.",
            ));
        }
        let school_year = self.school_year.parse().map_err(|_| {
            Refused::new(
                "school_year_missing",
                format!(
                    "L'année scolaire lue est « {} » ; une année comme 2026 est attendue.",
                    self.school_year
                ),
                "Exportez de nouveau le fichier depuis SIECLE.",
            )
        })?;
        let mut file = StudentFile {
            uai: self.uai,
            school_year,
            exported_at: NaiveDateTime::parse_from_str(&self.exported_at, "%d/%m/%Y %H:%M:%S").ok(),
            read: self.read,
            ..StudentFile::default()
        };
        let mut seen = HashSet::new();
        let mut ines: HashMap<String, u32> = HashMap::new();
        for (row, fields) in &self.students {
            let class = fields.get("ELEVE_ID").and_then(|id| self.classes.get(id)).cloned();
            let by_group = fields.get("ELEVE_ID").is_some_and(|id| self.in_entitling_group.contains(id));
            if let Some(student) = student(*row, fields, class, by_group, &mut file.issues) {
                if !seen.insert(student.eleve_id.clone()) {
                    file.issues.push(issue(
                        Severity::Error,
                        *row,
                        "ELEVE_ID",
                        "duplicate_student",
                        &student.eleve_id,
                        "un identifiant par élève",
                        "Cet élève figure deux fois ; la première ligne est gardée.".into(),
                    ));
                    continue;
                }
                if let Some(ine) = &student.ine
                    && let Some(first) = ines.insert(ine.clone(), *row)
                {
                    file.issues.push(issue(Severity::Warning, *row, "INE", "shared_ine", ine, "un INE par élève",
                        format!("Cet INE est aussi celui de l'élève n° {first} ; les deux fiches restent séparées.")));
                }
                file.students.push(student);
            }
        }
        Ok(file)
    }
}

fn student(
    row: u32,
    fields: &HashMap<String, String>,
    class_code: Option<String>,
    by_group: bool,
    issues: &mut Vec<ImportIssue>,
) -> Option<StudentRow> {
    let get = |name: &str| fields.get(name).filter(|value| !value.is_empty()).cloned();
    let mut missing = |column: &str| {
        issues.push(issue(
            Severity::Error,
            row,
            column,
            "missing",
            "",
            "une valeur",
            format!("{column} manque : l'élève est laissé de côté. Corrigez la fiche dans SIECLE."),
        ));
    };
    let Some(eleve_id) = get("ELEVE_ID") else {
        missing("ELEVE_ID");
        return None;
    };
    let Some(last_name) = get("NOM_DE_FAMILLE").or_else(|| get("NOM")) else {
        missing("NOM_DE_FAMILLE");
        return None;
    };
    let Some(first_name) = get("PRENOM") else {
        missing("PRENOM");
        return None;
    };
    let mut date = |column: &str| {
        let text = get(column)?;
        let date = NaiveDate::parse_from_str(&text, "%d/%m/%Y").ok();
        if date.is_none() {
            issues.push(issue(
                Severity::Warning,
                row,
                column,
                "not_a_date",
                &text,
                "jj/mm/aaaa",
                format!("{column} n'est pas une date : elle est laissée vide."),
            ));
        }
        date
    };
    let (birth_date, left_on) = (date("DATE_NAISS"), date("DATE_SORTIE"));
    let ine = get("INE_RNIE").or_else(|| get("ID_NATIONAL")).or_else(|| get("INE_BEA"));
    if let Some(ine) = &ine
        && ine_shape(ine).is_none()
    {
        issues.push(issue(
            Severity::Warning,
            row,
            "INE",
            "ine_shape",
            ine,
            "un INE de 11 caractères",
            "La forme de cet INE est inconnue ; il est gardé tel quel.".into(),
        ));
    }
    let mef = get("CODE_MEF");
    let entitled = by_group || mef.as_deref().is_some_and(|mef| Public::of_mef(mef).is_entitled());
    Some(StudentRow {
        row,
        eleve_id,
        ine,
        last_name,
        first_name,
        birth_date,
        class_code,
        mef,
        entitled,
        left_on,
    })
}

fn doctype() -> Refused {
    Refused::new(
        "entities",
        "Ce fichier XML définit des entités, ce que SIECLE ne fait jamais.",
        "Déposez le fichier tel que SIECLE l'a produit.",
    )
}

fn broken(position: u64) -> Refused {
    Refused::new(
        "xml_broken",
        format!("Le fichier XML est tronqué ou abîmé vers l'octet {position}."),
        "Exportez de nouveau le fichier depuis SIECLE.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uai() -> Uai {
        Uai::parse("0579999J").unwrap()
    }

    fn file(body: &str) -> Vec<u8> {
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"ISO-8859-15\"?><BEE_ELEVES VERSION=\"3.0\"><PARAMETRES><UAJ>0579999J</UAJ>\
             <ANNEE_SCOLAIRE>2026</ANNEE_SCOLAIRE><HORODATAGE>01/09/2026 07:42:10</HORODATAGE></PARAMETRES>\
             <DONNEES>{body}</DONNEES></BEE_ELEVES>"
        );
        text.chars().map(|c| if c == 'Œ' { 0xBC } else { u8::try_from(u32::from(c)).unwrap() }).collect()
    }

    const LINA: &str = "<ELEVES><ELEVE ELEVE_ID=\"1\"><INE_RNIE>990000001AB</INE_RNIE><NOM_DE_FAMILLE>D'ŒTRANGE &amp; FILS</NOM_DE_FAMILLE>\
        <PRENOM>Zoé</PRENOM><DATE_NAISS>14/03/2010</DATE_NAISS><VILLE_NAISS>NANCY</VILLE_NAISS><CODE_MEF>20010018110</CODE_MEF>\
        <SCOLARITE_AN_DERNIER><CODE_MEF>10310019110</CODE_MEF><CODE_STRUCTURE>3A</CODE_STRUCTURE></SCOLARITE_AN_DERNIER></ELEVE></ELEVES>";
    const BLOCKS: &str = "<STRUCTURES><STRUCTURES_ELEVE ELEVE_ID=\"1\"><STRUCTURE><CODE_STRUCTURE>2GT1G1</CODE_STRUCTURE><TYPE_STRUCTURE>G</TYPE_STRUCTURE></STRUCTURE></STRUCTURES_ELEVE>\
        <STRUCTURES_ELEVE ELEVE_ID=\"1\"><STRUCTURE><CODE_STRUCTURE>2 GT 1</CODE_STRUCTURE><TYPE_STRUCTURE>D</TYPE_STRUCTURE></STRUCTURE></STRUCTURES_ELEVE></STRUCTURES>";

    #[test]
    fn a_pupil_of_the_file() {
        let read = read(&file(&format!("{LINA}{BLOCKS}")), &uai()).unwrap();
        assert_eq!((read.read, read.school_year, read.issues.len()), (1, 2026, 0));
        let zoe = &read.students[0];
        assert_eq!((zoe.last_name.as_str(), zoe.first_name.as_str()), ("D'ŒTRANGE & FILS", "Zoé"));
        assert_eq!((zoe.class_code.as_deref(), zoe.mef.as_deref()), (Some("2 GT 1"), Some("20010018110")));
        assert!(zoe.entitled);
    }

    #[test]
    fn files_that_are_refused() {
        let whole = file(&format!("{LINA}{BLOCKS}"));
        let bomb = b"<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><BEE_ELEVES>&b;</BEE_ELEVES>";
        let cases: [(&[u8], &str); 8] = [
            (b"", "xml_broken"),
            (b"nonsense", "xml_broken"),
            (&whole[..whole.len() / 2], "xml_broken"),
            (b"<STS_EDT></STS_EDT>", "wrong_root"),
            (bomb, "entities"),
            (b"<BEE_ELEVES>&x;</BEE_ELEVES>", "entities"),
            (b"PK\x03\x04 not a zip", "zip_broken"),
            (b"<BEE_ELEVES><PARAMETRES><UAJ>0570001S</UAJ></PARAMETRES></BEE_ELEVES>", "wrong_school"),
        ];
        for (bytes, code) in cases {
            assert_eq!(read(bytes, &uai()).map(|f| f.read).map_err(|why| why.code), Err(code));
        }
    }

    #[test]
    fn faults_name_row_column_and_what_was_read() {
        let body = "<ELEVES><ELEVE ELEVE_ID=\"1\"><PRENOM>A</PRENOM></ELEVE>\
            <ELEVE ELEVE_ID=\"2\"><NOM>B</NOM><PRENOM>B</PRENOM><DATE_NAISS>hier</DATE_NAISS></ELEVE>\
            <ELEVE ELEVE_ID=\"2\"><NOM>B</NOM><PRENOM>B</PRENOM></ELEVE></ELEVES>";
        let read = read(&file(body), &uai()).unwrap();
        let told: Vec<_> =
            read.issues.iter().map(|i| (i.row, i.column.as_deref(), i.code.as_str())).collect();
        assert_eq!(
            told,
            [
                (Some(1), Some("NOM_DE_FAMILLE"), "missing"),
                (Some(2), Some("DATE_NAISS"), "not_a_date"),
                (Some(3), Some("ELEVE_ID"), "duplicate_student"),
            ]
        );
        assert_eq!((read.read, read.students.len()), (3, 1));
    }
}
