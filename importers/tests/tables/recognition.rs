//! What a table is, and that knowing it takes no more than its beginning.

use crate::common::{kind_of, ods, windows};
use domain::rows::FileKind;
use importers::recognise::{Recognised, recognise};
use std::io::{Cursor, Read, Seek, SeekFrom};

#[test]
fn by_titles_whatever_their_case_accents_and_place() {
    for (text, kind) in [
        ("SERIAL NUMBER,part number,Delivery Note\nPF0FAKE1,20ZZ,B1\n", FileKind::Delivery),
        ("Bon de livraison n° BL2020-1\n\nN° de série;Référence\nPF0FAKE1;20ZZ\n", FileKind::Delivery),
        (
            "nom ;PRÉNOM\u{a0};date de naissance;I.N.E.;classe\nA;B;14/03/2005;;2GT1\n",
            FileKind::MappedStudents,
        ),
        ("I.N.E\tN° de badge\n990000101AB\t0412\n", FileKind::Badges),
        ("Titre de la ressource;EAN;Quantité\nAnglais;9780000000019;3\n", FileKind::Quote),
        ("Login;Nom;Prénom;Mot de passe\na.b;B;A;x\n", FileKind::Accounts),
    ] {
        let expected = Ok(Recognised::Kind(kind));
        assert_eq!(kind_of(text.as_bytes()), expected, "{text}");
        assert_eq!(kind_of(&windows(text)), expected, "{text}");
        assert_eq!(kind_of(&ods::zip(&[("x.csv", text.as_bytes())])), expected, "{text}");
        let rows: String =
            text.lines().map(|line| ods::row(&line.split([';', '\t', ',']).collect::<Vec<_>>())).collect();
        assert_eq!(kind_of(&ods::file(&ods::sheet("S", &rows))), expected, "{text}");
    }
}

#[test]
fn the_sheet_with_the_table_may_be_any() {
    let cover = ods::sheet("Couverture", &ods::row(&["Bienvenue"]));
    let list = ods::sheet("Liste", &ods::row(&["S/N", "P/N", "BL"]));
    assert_eq!(kind_of(&ods::file(&(cover + &list))), Ok(Recognised::Kind(FileKind::Delivery)));
}

#[test]
fn others_are_a_question_or_no_table() {
    assert_eq!(kind_of(b"Fruit;Couleur\npomme;rouge\n"), Ok(Recognised::Table));
    assert_eq!(
        kind_of(b"Bonjour.\nCeci est une lettre.\n").map_err(|refused| refused.code),
        Err("no_columns")
    );
    assert_eq!(kind_of(b"\xFF\xFE").map_err(|refused| refused.code), Err("no_columns"));
}

/// Counts what is read of a source.
struct Counted<R> {
    inner: R,
    read: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(into)?;
        self.read += u64::try_from(count).unwrap();
        Ok(count)
    }
}

impl<R: Seek> Seek for Counted<R> {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.inner.seek(to)
    }
}

#[test]
fn a_large_file_is_recognised_from_its_beginning() {
    let line = "VANNIER;Rose;14/03/2005;990000106AC;2GT1\n";
    let csv = format!("Nom;Prénom;Né(e) le;N° national;Classe\n{}", line.repeat(500_000));
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, ["Nom", "Prénom", "Né(e) le", "Classe"]).unwrap();
    for row in 1..30_000 {
        sheet
            .write_row(row, 0, [&format!("NOM{row}"), "Rose", "14/03/2005", "2GT1"].map(String::from))
            .unwrap();
    }
    for (bytes, most) in [(csv.into_bytes(), 512 * 1024), (book.save_to_buffer().unwrap(), 1536 * 1024)] {
        let size = bytes.len();
        let mut source = Counted { inner: Cursor::new(bytes), read: 0 };
        assert_eq!(recognise(&mut source), Ok(Recognised::Kind(FileKind::MappedStudents)));
        assert!(source.read < most, "{} bytes of {size} were read", source.read);
    }
}
