//! Files as schools send them: SIECLE's pupils and guardians, with every field that it gives, in
//! ISO-8859-15; and the same pupils as tables.

use crate::place::UAI;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const LAST: [&str; 8] =
    ["MERCIER", "PETIT", "D'\u{0152}TRANGE", "KIRSCHWILLER", "ROUX", "N'DIAYE", "LEFÈVRE", "SCHMITT"];
const FIRST: [&str; 7] = ["Lina", "Noé", "Zoé", "Maël", "Aurèle", "Camille", "Inès"];
const TITLES: [&str; 8] = [
    "Num. Elève Etab",
    "Nom de famille",
    "Prénom",
    "Date Naissance",
    "Id National",
    "Code MEF",
    "Code Structure",
    "Type Structure",
];

pub struct Lists {
    _folder: TempDir,
    pub pupils: u32,
    pub students: PathBuf,
    pub guardians: PathBuf,
    pub table: PathBuf,
    pub workbook: PathBuf,
}

impl Lists {
    pub fn write(pupils: u32) -> Self {
        let folder = tempfile::Builder::new().prefix("remise-lists-").tempdir_in("/var/tmp").unwrap();
        let file = |name: &str| folder.path().join(name);
        let lists = Self {
            pupils,
            students: file("ElevesSansAdresses.xml"),
            guardians: file("ResponsablesAvecAdresses.xml"),
            table: file("exportCSVExtraction.csv"),
            workbook: file("ElevesComplete.xlsx"),
            _folder: folder,
        };
        write_students(&lists.students, pupils).unwrap();
        write_guardians(&lists.guardians, pupils).unwrap();
        write_table(&lists.table, pupils).unwrap();
        write_workbook(&lists.workbook, pupils);
        lists
    }

    /// In the order in which they are taken in: guardians are found by their pupils.
    pub fn in_order(&self) -> [&Path; 2] {
        [&self.students, &self.guardians]
    }

    /// Every other pupil has two.
    pub fn guardians(&self) -> u32 {
        self.pupils + self.pupils / 2
    }
}

/// Writes texts in the encoding that SIECLE's files declare.
struct Latin<W>(W);

impl<W: Write> Latin<W> {
    fn put(&mut self, text: &str) -> io::Result<()> {
        self.0.write_all(&encoding_rs::ISO_8859_15.encode(text).0)
    }

    fn open(&mut self, root: &str) -> io::Result<()> {
        self.put(&format!(
            "<?xml version=\"1.0\" encoding=\"ISO-8859-15\"?>\n<{root}><PARAMETRES><UAJ>{UAI}</UAJ>\
             <ANNEE_SCOLAIRE>2026</ANNEE_SCOLAIRE><DATE_EXPORT>01/09/2026</DATE_EXPORT>\
             <HORODATAGE>01/09/2026 07:42:10</HORODATAGE></PARAMETRES><DONNEES>\n"
        ))
    }
}

fn last(id: u32) -> String {
    format!("{} {id}", LAST[id as usize % LAST.len()])
}

fn first(id: u32) -> &'static str {
    FIRST[id as usize % FIRST.len()]
}

fn born(id: u32) -> String {
    format!("{:02}/{:02}/{}", id % 28 + 1, id % 12 + 1, 2008 + id % 4)
}

/// About 1 KiB a pupil.
fn write_students(path: &Path, pupils: u32) -> io::Result<()> {
    let mut out = Latin(BufWriter::new(File::create(path)?));
    out.open("BEE_ELEVES VERSION=\"3.0\"")?;
    out.put("<ELEVES>\n")?;
    for id in 0..pupils {
        let (last, first, born) = (last(id), first(id), born(id));
        out.put(&format!(
            "<ELEVE ELEVE_ID=\"{id}\" ELENOET=\"{id}\"><ID_NATIONAL>{id:09}AB</ID_NATIONAL><INE_RNIE>{id:09}AB</INE_RNIE>\
             <ELENOET>{id}</ELENOET><ID_ELEVE_ETAB>{id:011}</ID_ELEVE_ETAB><NOM_DE_FAMILLE>{last}</NOM_DE_FAMILLE>\
             <PRENOM>{first}</PRENOM><PRENOM2>Lise</PRENOM2><DATE_NAISS>{born}</DATE_NAISS>\
             <DOUBLEMENT>0</DOUBLEMENT><CODE_PAYS>100</CODE_PAYS><ACCEPTE_SMS>0</ACCEPTE_SMS>\
             <DATE_MODIFICATION>10/09/2026</DATE_MODIFICATION><CODE_REGIME>0</CODE_REGIME><DATE_ENTREE>01/09/2026</DATE_ENTREE>\
             <VILLE_NAISS></VILLE_NAISS><CODE_SEXE>2</CODE_SEXE><CODE_PAYS_NAT>100</CODE_PAYS_NAT><CODE_STATUT>ST</CODE_STATUT>\
             <CODE_MEF>20010018110</CODE_MEF><CODE_DEPARTEMENT_NAISS>057</CODE_DEPARTEMENT_NAISS>\
             <CODE_COMMUNE_INSEE_NAISS>57463</CODE_COMMUNE_INSEE_NAISS><ADHESION_TRANSPORT>0</ADHESION_TRANSPORT>\
             <SCOLARITE_AN_DERNIER><CODE_MEF>10310019110</CODE_MEF><CODE_STRUCTURE>3A</CODE_STRUCTURE>\
             <CODE_RNE>0570991T</CODE_RNE><DENOM_PRINC>COLLEGE</DENOM_PRINC></SCOLARITE_AN_DERNIER></ELEVE>\n"
        ))?;
    }
    out.put("</ELEVES><STRUCTURES>\n")?;
    for id in 0..pupils {
        let class = id / 30;
        out.put(&format!(
            "<STRUCTURES_ELEVE ELEVE_ID=\"{id}\"><STRUCTURE><CODE_STRUCTURE>2GT{class}</CODE_STRUCTURE>\
             <TYPE_STRUCTURE>D</TYPE_STRUCTURE></STRUCTURE><STRUCTURE><CODE_STRUCTURE>2GT{class}G1</CODE_STRUCTURE>\
             <TYPE_STRUCTURE>G</TYPE_STRUCTURE></STRUCTURE></STRUCTURES_ELEVE>\n"
        ))?;
    }
    out.put("</STRUCTURES></DONNEES></BEE_ELEVES>\n")?;
    out.0.flush()
}

fn write_guardians(path: &Path, pupils: u32) -> io::Result<()> {
    let mut out = Latin(BufWriter::new(File::create(path)?));
    out.open("BEE_RESPONSABLES VERSION=\"2.1\"")?;
    out.put("<PERSONNES>\n")?;
    let persons = |id: u32| if id.is_multiple_of(2) { 2 } else { 1 };
    for id in 0..pupils {
        for person in 0..persons(id) {
            let (last, first) = (last(id), first(id + person));
            out.put(&format!(
                "<PERSONNE PERSONNE_ID=\"{id}{person}\"><LC_CIVILITE>MME</LC_CIVILITE><LL_CIVILITE>MADAME</LL_CIVILITE>\
                 <NOM_DE_FAMILLE>{last}</NOM_DE_FAMILLE><PRENOM>{first}</PRENOM><TEL_PERSONNEL>+333{id:08}</TEL_PERSONNEL>\
                 <TEL_PORTABLE>+336{id:08}</TEL_PORTABLE><MEL>personne.{id}.{person}@exemple.invalid</MEL>\
                 <ADRESSE_ID>{id}</ADRESSE_ID><CODE_PROFESSION>52</CODE_PROFESSION><ACCEPTE_SMS>1</ACCEPTE_SMS></PERSONNE>\n"
            ))?;
        }
    }
    out.put("</PERSONNES><RESPONSABLES>\n")?;
    for id in 0..pupils {
        for person in 0..persons(id) {
            out.put(&format!(
                "<RESPONSABLE_ELEVE><ELEVE_ID>{id}</ELEVE_ID><PERSONNE_ID>{id}{person}</PERSONNE_ID>\
                 <NIVEAU_RESPONSABILITE>1</NIVEAU_RESPONSABILITE><CODE_PARENTE>{}</CODE_PARENTE>\
                 <PAIE_FRAIS_SCOLAIRES>1</PAIE_FRAIS_SCOLAIRES><HEBERGE_ELEVE>true</HEBERGE_ELEVE></RESPONSABLE_ELEVE>\n",
                if person == 0 { 10 } else { 20 }
            ))?;
        }
    }
    out.put("</RESPONSABLES><ADRESSES>\n")?;
    for id in 0..pupils {
        out.put(&format!(
            "<ADRESSE ADRESSE_ID=\"{id}\"><LIGNE1_ADRESSE>{id} RUE HAUTE</LIGNE1_ADRESSE><CODE_POSTAL>57000</CODE_POSTAL>\
             <LIBELLE_POSTAL>METZ</LIBELLE_POSTAL><CODE_PAYS>100</CODE_PAYS></ADRESSE>\n"
        ))?;
    }
    out.put("</ADRESSES></DONNEES></BEE_RESPONSABLES>\n")?;
    out.0.flush()
}

fn cells(id: u32) -> [String; 8] {
    [
        format!("{id:010}"),
        last(id),
        first(id).to_owned(),
        born(id),
        format!("{id:09}AB"),
        "20010018110".to_owned(),
        format!("2GT{}", id / 30),
        "D".to_owned(),
    ]
}

fn write_table(path: &Path, pupils: u32) -> io::Result<()> {
    let mut out = Latin(BufWriter::new(File::create(path)?));
    out.put(&format!("{}\r\n", TITLES.join(";")))?;
    for id in 0..pupils {
        out.put(&format!("{}\r\n", cells(id).join(";")))?;
    }
    out.0.flush()
}

fn write_workbook(path: &Path, pupils: u32) {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet_with_constant_memory().unwrap();
    sheet.write_row(0, 0, TITLES).unwrap();
    for id in 0..pupils {
        sheet.write_row(id + 1, 0, cells(id)).unwrap();
    }
    workbook.save(path).unwrap();
}
