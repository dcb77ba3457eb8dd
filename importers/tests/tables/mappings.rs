//! The mapping step: what is shown, what is guessed, what a choice is read as.

use crate::common::{ods, read_as};
use domain::rows::{FILE_KINDS, FileKind};
use importers::mapping::{Certainty, KINDS, Layout, Need, Preview, fields, preview};
use std::collections::BTreeMap;
use std::io::Cursor;

fn shown(text: &str) -> Preview {
    preview(&mut Cursor::new(text.as_bytes())).unwrap()
}

fn layout(kind: FileKind, header_row: u32, columns: &[(&str, usize)]) -> Layout {
    let columns = columns.iter().map(|(key, place)| ((*key).to_owned(), *place)).collect();
    Layout { kind, sheet: String::new(), header_row, columns }
}

#[test]
fn columns_have_titles_and_examples() {
    let preview = shown(
        "Parc de la Région\n\nFruit ;Série;N\u{a0}°\npomme;PF0FAKE1;1\npoire;PF0FAKE2;1\nprune;PF0FAKE3;1\n",
    );
    let [sheet] = preview.sheets.as_slice() else { panic!("{preview:?}") };
    assert_eq!((sheet.name.as_str(), sheet.header_row), ("", 3));
    let columns: Vec<_> =
        sheet.columns.iter().map(|column| (column.title.as_str(), column.examples.join(","))).collect();
    assert_eq!(
        columns,
        [
            ("Fruit", "pomme,poire,prune".into()),
            ("Série", "PF0FAKE1,PF0FAKE2,PF0FAKE3".into()),
            ("N\u{a0}°", "1".to_owned())
        ]
    );
    assert_eq!(sheet.fingerprint.len(), 32);
}

#[test]
fn a_layout_has_one_fingerprint_whatever_its_lines_and_spelling() {
    let print = |text: &str| shown(text).sheets[0].fingerprint.clone();
    let known = print("Fruit;Série;Lot\na;b;c\n");
    assert_eq!(known, print("Autre préambule\n\nFRUIT ;serie;lot\u{a0};;\nx;y;z\nx;y;z\n"));
    assert_eq!(
        known,
        preview(&mut Cursor::new(ods::file(&ods::sheet(
            "S",
            &(ods::row(&["Fruit", "Série", "Lot"]) + &ods::row(&["a", "b", "c"]))
        ))))
        .unwrap()
        .sheets[0]
            .fingerprint
    );
    assert_ne!(known, print("Série;Fruit;Lot\na;b;c\n"));
    assert_ne!(known, print("Fruit;Série\na;b\n"));
}

#[test]
fn guesses_are_by_title_then_by_content_and_say_how_sure_they_are() {
    let preview = shown("Patronyme;Prenoms;Code\nŒUVRARD;Léonie;990000101AB\nTALBOT;Idris;990000102CD\n");
    let guess =
        preview.sheets[0].guesses.iter().find(|guess| guess.kind == FileKind::MappedStudents).unwrap();
    assert_eq!(guess.certainty, Certainty::Likely);
    let expected = [("first_name", 1), ("ine", 2), ("last_name", 0)];
    assert_eq!(guess.columns, BTreeMap::from(expected.map(|(key, place)| (key.to_owned(), place))));
    let preview = shown("N° de série;Modèle\nPF0FAKE1;L13\n");
    let guess = &preview.sheets[0].guesses[0];
    assert_eq!((guess.kind, guess.certainty), (FileKind::Delivery, Certainty::Incomplete));
    assert_eq!(guess.missing, ["part_number", "note_number"]);
    // A title that stands twice is a question.
    let preview = shown("Nom;Prénom;Nom;Classe;INE\na;b;c;d;e\n");
    let guess =
        preview.sheets[0].guesses.iter().find(|guess| guess.kind == FileKind::MappedStudents).unwrap();
    assert_eq!(guess.certainty, Certainty::Likely);
}

#[test]
fn a_choice_is_read_as_it_says() {
    let text = "Liste\nPatronyme;Petit nom;Jour;Div\nŒUVRARD;Léonie;14/03/2005;2GT1\n";
    let chosen = layout(
        FileKind::MappedStudents,
        2,
        &[("last_name", 0), ("first_name", 1), ("birth_date", 2), ("class", 3)],
    );
    let told = read_as(FileKind::MappedStudents, text.as_bytes(), Some(&chosen)).unwrap();
    assert_eq!(told.students[0].class.as_deref(), Some("2GT1"));
    assert_eq!(told.students[0].birth_date.unwrap().to_string(), "2005-03-14");
    let json = serde_json::to_string(&chosen).unwrap();
    assert!(json.starts_with(r#"{"kind":"mapped_students","sheet":"","header_row":2,"#), "{json}");
    assert_eq!(serde_json::from_str::<Layout>(&json).unwrap(), chosen);
}

#[test]
fn a_choice_for_a_delivery_without_known_titles_or_any() {
    let text = "Bon de livraison n° BL7\nMachine;Article\nPF0FAKE1;20ZZS00100\n5,02E+09;20ZZS00100\n";
    let chosen = layout(FileKind::Delivery, 2, &[("serial_number", 0), ("part_number", 1)]);
    let told = read_as(FileKind::Delivery, text.as_bytes(), Some(&chosen)).unwrap();
    assert_eq!((told.devices.len(), told.devices[0].note_number.as_str()), (1, "BL7"));
    assert_eq!(told.codes(), [(Some(4), "scientific_notation")]);
    let bare = layout(FileKind::Delivery, 0, &[("serial_number", 0), ("part_number", 1), ("note_number", 2)]);
    let told = read_as(FileKind::Delivery, b"PF0FAKE1;20ZZ;B1\nPF0FAKE2;20ZZ;B1\n", Some(&bare)).unwrap();
    assert_eq!(told.devices.len(), 2);
}

#[test]
fn a_choice_without_titles_for_badges() {
    let chosen = layout(FileKind::Badges, 0, &[("code", 1), ("eleve_id", 0)]);
    let told = read_as(FileKind::Badges, b"9910001;00123\n9910002;00124\n", Some(&chosen)).unwrap();
    assert_eq!((told.badges[0].student.as_str(), told.badges[0].code.as_str()), ("9910001", "00123"));
    let preview = shown("9910001;00123\n9910002;00124\n");
    assert_eq!((preview.sheets[0].header_row, preview.sheets[0].columns[1].title.as_str()), (0, "Colonne 2"));
}

#[test]
fn a_choice_moves_to_the_next_file_of_its_layout() {
    let first = "Machine;Article;Bon\nPF0FAKE1;20ZZ;B1\n";
    let next = "Livraison de septembre\n\nMachine;Article;Bon\nPF0FAKE2;20ZZ;B2\n";
    let chosen =
        layout(FileKind::Delivery, 1, &[("serial_number", 0), ("part_number", 1), ("note_number", 2)]);
    let (before, after) = (shown(first), shown(next));
    assert_eq!(before.sheets[0].fingerprint, after.sheets[0].fingerprint);
    let told =
        read_as(FileKind::Delivery, next.as_bytes(), Some(&chosen.moved_to(&after.sheets[0]))).unwrap();
    assert_eq!(told.devices[0].serial_number, "PF0FAKE2");
}

#[test]
fn a_choice_that_does_not_fit_is_refused() {
    let text = b"Nom;Pr\xE9nom\nA;B\n";
    let code = |layout: &Layout| {
        read_as(FileKind::MappedStudents, text, Some(layout)).map(|_| ()).map_err(|r| r.code)
    };
    let fits = [("last_name", 0), ("first_name", 1)];
    assert_eq!(code(&layout(FileKind::MappedStudents, 1, &fits)), Ok(()));
    assert_eq!(code(&layout(FileKind::MappedStudents, 1, &fits[..1])), Err("layout_incomplete"));
    assert_eq!(code(&layout(FileKind::MappedStudents, 9, &fits)), Err("layout_differs"));
    assert_eq!(
        code(&layout(FileKind::MappedStudents, 1, &[("last_name", 0), ("first_name", 7)])),
        Err("layout_differs")
    );
    assert_eq!(code(&layout(FileKind::Badges, 1, &[("code", 0), ("last_name", 1)])), Err("layout_differs"));
    let elsewhere = Layout { sheet: "Feuil1".into(), ..layout(FileKind::MappedStudents, 1, &fits) };
    assert_eq!(code(&elsewhere), Err("layout_differs"));
    assert_eq!(
        read_as(FileKind::MappedStudents, b"Fruit;Prix\na;b\n", None).unwrap_err().code,
        "columns_unmapped"
    );
}

#[test]
fn passwords_are_masked_in_examples() {
    let preview = shown("Nom;Mot de passe provisoire;MDP ENT\nA;SECRET-1;SECRET-2\n");
    assert!(!format!("{preview:?}").contains("SECRET"));
}

#[test]
fn every_kind_has_needed_fields_with_french_names() {
    for kind in KINDS {
        assert!(fields(kind).iter().any(|field| field.need == Need::Yes), "{kind:?}");
        assert!(fields(kind).iter().all(|field| !field.label.is_empty()), "{kind:?}");
    }
    assert!(fields(FileKind::Sts).is_empty());
}

#[test]
fn a_kind_is_written_as_its_word() {
    for (kind, word, _) in FILE_KINDS {
        assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{word}\""));
    }
}
