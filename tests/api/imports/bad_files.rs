//! Bad input gets a sentence: never a 500, never half a change.

use super::{document, list};
use crate::harness::App;
use domain::roles::Role;
use serde_json::{Value, json};
use std::io::{Cursor, Write};

fn zipped(name: &str, content: &[u8]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
    writer.write_all(content).unwrap();
    writer.finish().unwrap().into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_cannot_be_taken_are_refused_in_words() {
    let app = App::start().await;
    let desk = app.desk("Bureau", Role::Manager).await;
    let whole =
        list("01/09/2026 08:00:00", &[("1", "Mercier", "Lina", "2GT1"), ("2", "Petit", "Noé", "2GT1")]);
    let many: Vec<String> = (0..5_000).map(|id| id.to_string()).collect();
    let many: Vec<_> = many.iter().map(|id| (id.as_str(), "Mercier", "Lina", "2GT1")).collect();
    let many = list("01/09/2026 08:00:00", &many);
    let entities =
        "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><BEE_ELEVES>&b;</BEE_ELEVES>";
    let dense = format!("<BEE_ELEVES>{}", "<A></A>".repeat(3_000_000));
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("nothing", vec![], "empty_file"),
        ("truncated", whole.as_bytes()[..whole.len() / 2].to_vec(), "xml_broken"),
        ("truncated after many pupils", many.as_bytes()[..many.len() - 20].to_vec(), "xml_broken"),
        ("forged", whole.replace("</ELEVES>", "</ELEVE>").into_bytes(), "xml_broken"),
        ("another school", whole.replace("0579999J", "0570001S").into_bytes(), "wrong_school"),
        ("another root", b"<BEE_BOURSES><DONNEES/></BEE_BOURSES>".to_vec(), "wrong_root"),
        ("a page", b"<!DOCTYPE html><html></html>".to_vec(), "wrong_root"),
        ("entities", entities.as_bytes().to_vec(), "entities"),
        ("a bomb", zipped("a.xml", dense.as_bytes()), "zip_too_large"),
        ("a bomb in a workbook", zipped("xl/workbook.xml", &vec![b' '; 80_000_000]), "not_a_table"),
        ("a workbook that is none", zipped("xl/workbook.xml", b"<workbook/>"), "no_columns"),
        ("half a zip", zipped("a.xml", whole.as_bytes())[..100].to_vec(), "zip_broken"),
        ("a picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "unknown_file"),
        ("100 MB of zeros", vec![0; 100_000_000], "unknown_file"),
        ("100 MB of letters", vec![b'x'; 100_000_000], "no_columns"),
        (
            "100 MB in an element",
            [b"<BEE_ELEVES>".as_slice(), &vec![b'x'; 100_000_000]].concat(),
            "xml_too_long",
        ),
        ("words", b"Bonjour, voici le bon de livraison.".to_vec(), "columns_unknown"),
        ("a note for others", b"BL;P/N;S/N;UAI\nB;20ZZ;PF0FAKE1;0570001S\n".to_vec(), "wrong_school"),
    ];
    let mut otherwise = Vec::new();
    for (what, bytes, code) in cases {
        let import = desk.import("fichier", bytes).await;
        if (&import["state"], &import["refusal"]["code"]) != (&json!("refused"), &json!(code)) {
            otherwise.push(format!("{what}: {} {}", import["state"], import["refusal"]["code"]));
        }
        for word in ["title", "detail", "remedy"] {
            assert!(import["refusal"][word].as_str().is_some_and(|text| !text.is_empty()), "{what}: {word}");
        }
        assert_eq!(import["report"], Value::Null, "{what}");
        assert_eq!(desk.decide(&import, "apply").await.0, 409, "{what}");
    }
    assert_eq!(otherwise, Vec::<String>::new());
    for table in ["students", "devices", "classes", "staged_students", "staged_structures", "staged_devices"]
    {
        assert_eq!(app.count("every", table).await, 0, "{table}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_database_holds_is_a_fault_of_its_row() {
    let app = App::start().await;
    let desk = app.desk("Bureau", Role::Manager).await;
    let pupil = |id: &str, name: &str, date: &str| {
        format!(
            "<ELEVE ELEVE_ID=\"{id}\"><NOM>{name}</NOM><PRENOM>P</PRENOM><DATE_NAISS>{date}</DATE_NAISS></ELEVE>"
        )
    };
    let data = [
        pupil("1", "A&#0;", "01/01/2010"),
        pupil("2", "A", "01/01/-9999"),
        pupil("3", "A", "01/01/262000"),
        pupil(&"9".repeat(5_000), "A", "01/01/2010"),
        pupil("5", &"A".repeat(60_000), "01/01/2010"),
    ];
    let file = document("01/09/2026 08:00:00", &format!("<ELEVES>{}</ELEVES>", data.concat()));
    let import = desk.import("a.xml", file).await;
    assert_eq!(super::counts(&import), [5, 2, 0, 0, 0, 3, 2], "{import}");
    let note = format!(
        "BL;P/N;S/N;Lot;Garantie\nB;20ZZ;PF0FAKE1;{};01/01/9999\nB;20ZZ;PF0FAKE2;\u{1};\n",
        "x".repeat(9_000)
    );
    let import = desk.import("BL1.csv", note).await;
    assert_eq!(super::counts(&import), [2, 0, 0, 0, 0, 2, 0], "{import}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_too_large_is_told_so_and_kept_nowhere() {
    let app = App::start().await;
    let desk = app.desk("Bureau", Role::Manager).await;
    let piece = vec![b'<'; 1024 * 1024];
    let pieces = move || {
        let piece = piece.clone();
        futures_util::stream::iter((0..513).map(move |_| Ok::<_, std::io::Error>(piece.clone())))
    };
    let (status, problem) = desk.send_file("a.xml", reqwest::Body::wrap_stream(pieces())).await;
    assert_eq!((status, &problem["code"]), (413, &json!("too_large")));
    assert_eq!(app.count("every", "imports").await, 0);
    app.stop().await;
}
