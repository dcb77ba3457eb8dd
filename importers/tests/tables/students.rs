//! Tables of pupils: SIECLE's, EDT's and those whose columns somebody has named.

use crate::common::xls::{self, Options, Sheet, Value};
use crate::common::{Told, kind_of, latin9, read, read_as, utf16, windows};
use domain::rows::FileKind;
use importers::recognise::Recognised;
use proptest::prelude::*;

fn brief(told: &Told) -> Vec<String> {
    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".into());
    told.students
        .iter()
        .map(|s| {
            let birth = s.birth_date.map_or_else(|| "-".into(), |date| date.to_string());
            format!(
                "{} {} {} {birth} {} {} {}",
                s.row,
                s.last_name,
                s.first_name,
                text(&s.ine),
                text(&s.class),
                text(&s.mef)
            )
        })
        .collect()
}

#[test]
fn eleves_complete_of_before_2016_with_a_line_for_each_class_and_group() {
    let (kind, told) = read(include_bytes!("../fixtures/eleves_complete_2015.csv"));
    assert_eq!(kind, FileKind::StudentsTable);
    assert_eq!(
        brief(&told),
        [
            "2 ŒUVRARD Léonie 2005-03-14 990000101AB 2GT1 20010018110",
            "4 TALBOT Idris 2005-11-02 990000102CD 1CAPB 24122135210",
            "6 VANNIER Rose 2004-12-12 990000103EF 1 G 1 20110019110",
        ]
    );
    assert_eq!(told.count("students"), 4);
    assert_eq!(
        told.codes(),
        [
            (Some(7), "student_in_two_classes"),
            (Some(8), "missing"),
            (None, "guardians_left_out"),
            (None, "groups_left_out"),
        ]
    );
    assert!(told.students[2].left_on.is_some());
    assert!(told.students.iter().all(|student| student.eleve_id.is_none()));
    assert!(!told.head.complete, "a table may be a part");
}

#[test]
fn eleves_complete_of_today_as_an_xls() {
    // The titles of guardians end in a space or an unbreakable one; numbers are floats.
    let titles: &[&'static str] = &[
        "Num. Elève Etab",
        "Nom de famille",
        "Prénom",
        "Date Naissance",
        "Id National",
        "Code MEF",
        "Code Structure",
        "Type Structure",
        "Nom de famille Repr. Lég. ",
        "Nom de famille Autre Repr. Lég.\u{a0}",
    ];
    let mut sheet = Sheet::of_texts("Elèves Complète", &[titles]);
    let row = [
        Value::Number(5001579999.0),
        Value::Shared("ŒUVRARD"),
        Value::Shared("Léonie"),
        Value::Number(38425.0),
        Value::Shared("990000101AB"),
        Value::Number(20010018110.0),
        Value::Number(406.0),
        Value::Shared("D"),
        Value::Shared("ŒUVRARD"),
    ];
    sheet.cells.extend((0..).zip(row).map(|(column, value)| (1, column, value)));
    let (kind, told) = read(&xls::file(&[sheet], &Options::default()));
    assert_eq!(kind, FileKind::StudentsTable);
    assert_eq!(brief(&told), ["2 ŒUVRARD Léonie 2005-03-14 990000101AB 406 20010018110"]);
    assert_eq!(told.codes(), [(None, "guardians_left_out")]);
}

#[test]
fn the_extraction_has_a_line_for_each_guardian() {
    let header = "Nom;Prenom 1;Date de naissance;N° Interne;INE;MEF;Division;Groupe;Legal;Nom resp.";
    let lines = [
        "ŒUVRARD;Léonie;14/03/2005;5001;990000101AB;20010018110;2GT1;2ANG1;1;ŒUVRARD",
        "ŒUVRARD;Léonie;14/03/2005;5001;990000101AB;20010018110;2GT1;2ANG1;2;TALBOT",
        "TESSIER;Awa;01/01/2004;5013;;24731211310;2MRC;UPE2A;0;TESSIER",
        "TESSIER;Awa;01/01/2004;5013;;24731211310;2MRC;UPE2A;2;ASE",
        "TESSIER;Awa;19/09/2004;5014;;24731211310;2MRC;;1;TESSIER",
    ];
    let (kind, told) = read(&latin9(&format!("{header}\r\n{}\r\n", lines.join("\r\n"))));
    assert_eq!(kind, FileKind::StudentsTable);
    assert_eq!(
        brief(&told),
        [
            "2 ŒUVRARD Léonie 2005-03-14 990000101AB 2GT1 20010018110",
            "4 TESSIER Awa 2004-01-01 - 2MRC 24731211310",
            "6 TESSIER Awa 2004-09-19 - 2MRC 24731211310",
        ]
    );
    assert_eq!(told.codes(), [(None, "guardians_left_out"), (None, "groups_left_out")]);
    assert!(
        told.issues[1].message.contains(" : 1."),
        "pupils are counted, not lines: {}",
        told.issues[1].message
    );
}

#[test]
fn the_list_by_division_keeps_its_classes_from_spreadsheets() {
    let (kind, told) = read(include_bytes!("../fixtures/liste_par_division.csv"));
    assert_eq!(kind, FileKind::StudentsTable);
    // The MEF there is a label, which is no code.
    assert_eq!(brief(&told), ["2 ŒUVRARD Léonie 2005-03-14 - 2E1 -", "3 TALBOT Idris 2005-11-02 - 1CAPB -"]);
    assert_eq!(told.codes(), []);
}

#[test]
fn edt_names_a_division_before_the_parts_of_it() {
    let text = "NUMERO\tNOM\tPRENOM\tDATE_NAISS\tN_NATIONAL\tCLASSE\tGROUPES\r\n\
                1\tŒUVRARD\tLéonie\t14/03/2005\t990000101AB\t3D, <3D> <LATIN> LAT\t\r\n\
                2\tTALBOT\tIdris\t02/11/2005\t\t<2 GT 2> ANG\tULIS\r\n\
                3\tVANNIER\tRose\t12/12/2004\t\t\t\r\n";
    let (kind, told) = read(&windows(text));
    assert_eq!(kind, FileKind::EdtStudents);
    assert_eq!(
        brief(&told),
        [
            "2 ŒUVRARD Léonie 2005-03-14 990000101AB 3D -",
            "3 TALBOT Idris 2005-11-02 - 2 GT 2 -",
            "4 VANNIER Rose 2004-12-12 - - -"
        ]
    );
    let keys: Vec<String> = told.references.iter().map(domain::rows::Reference::key).collect();
    assert_eq!((keys, told.count("class")), (vec!["edt 3D".into(), "edt 2 GT 2".into()], 2));
}

#[test]
fn every_fault_of_a_pupil_has_its_row_and_column() {
    let long = "X".repeat(101);
    let lines = [
        "Nom;Prénom;Né(e) le;N° national;Classe;MEF",
        ";Zoé;14/03/2005;990000101AB;2GT1;",
        "ŒUVRARD;;14/03/2005;990000102CD;2GT1;",
        &format!("{long};Zoé;14/03/2005;990000103EF;2GT1;"),
        "D\u{fffd}TRANGE;Zoé;14/03/2005;990000104GH;2GT1;",
        "ŒUVRARD;Zoé;30/02/2005;12345;2,00E+01;2,00E+10",
        "TALBOT;Idris;14/03/2005;9,9E+08;2GT1;20010018110",
        "TALBOT;\"Rose;14/03/2005;990000105JK;2GT1;",
        "VANNIER;Rose;14/03/2005; 990000106ac ;2GT1;2NDE GT",
        "VANNIER;Rose;14/03/2005;990000106AC;2GT1;",
        "VANNIER;Rose;14/03/2005;990000106AC;2GT2;",
        ";;;;;",
        "Total;;;;;3",
    ];
    let (kind, told) = read(lines.join("\n").as_bytes());
    assert_eq!(kind, FileKind::MappedStudents);
    assert_eq!(
        told.codes(),
        [
            (Some(2), "missing"),
            (Some(3), "missing"),
            (Some(4), "malformed_text"),
            (Some(5), "malformed_text"),
            (Some(6), "malformed_class"),
            (Some(6), "ine_shape"),
            (Some(6), "not_a_date"),
            (Some(6), "scientific_notation"),
            (Some(7), "malformed_ine"),
            (Some(8), "unclosed_quote"),
            (Some(10), "duplicate_student"),
            (Some(11), "student_in_two_classes"),
            (Some(13), "missing"),
        ]
    );
    let columns: Vec<_> = told.issues.iter().map(|issue| issue.column.as_deref().unwrap()).collect();
    assert_eq!(columns[..5], ["Nom", "Prénom", "Nom", "Nom", "Classe"]);
    assert_eq!(
        brief(&told),
        [
            "6 ŒUVRARD Zoé - 12345 - -",
            "7 TALBOT Idris 2005-03-14 - 2GT1 20010018110",
            "9 VANNIER Rose 2005-03-14 990000106AC 2GT1 -"
        ]
    );
    for issue in &told.issues {
        assert!(issue.message.ends_with('.') && !issue.expected.is_empty(), "{issue:?}");
    }
}

#[test]
fn a_spreadsheet_that_made_dates_of_texts_is_found_out() {
    let titles: &[&'static str] = &["Nom", "Prénom", "Date de naissance", "INE", "Classe"];
    let mut sheet = Sheet::of_texts("S", &[titles]);
    let rows = [
        [
            Value::Date(38425.0),
            Value::Shared("Zoé"),
            Value::Date(38425.0),
            Value::Shared("990000101AB"),
            Value::Shared("2GT1"),
        ],
        [
            Value::Shared("TALBOT"),
            Value::Error(0x17),
            Value::Date(38425.0),
            Value::Shared("990000102CD"),
            Value::Shared("2GT1"),
        ],
        [
            Value::Shared("VANNIER"),
            Value::Shared("Rose"),
            Value::Number(38425.0),
            Value::Date(38425.0),
            Value::Date(44000.0),
        ],
    ];
    for (row, values) in (1..).zip(rows) {
        sheet.cells.extend((0..).zip(values).map(|(column, value)| (row, column, value)));
    }
    let (kind, told) = read(&xls::file(&[sheet], &Options::default()));
    assert_eq!(kind, FileKind::MappedStudents);
    assert_eq!(
        told.codes(),
        [
            (Some(2), "not_a_text"),
            (Some(3), "not_a_text"),
            (Some(4), "malformed_class"),
            (Some(4), "malformed_ine")
        ]
    );
    assert_eq!(told.issues[0].column.as_deref(), Some("S · Nom"));
    assert_eq!(brief(&told), ["4 VANNIER Rose 2005-03-14 - - -"]);
}

#[test]
fn pupils_of_another_school_are_told_or_refused() {
    let header = "UAI;Nom;Prénom;Date de naissance;Classe";
    let ours = "0579999J;ŒUVRARD;Léonie;14/03/2005;2GT1";
    let other = "0570991T;TALBOT;Idris;14/03/2005;2GT1";
    let told = read(format!("{header}\n{ours}\n{other}\n").as_bytes()).1;
    assert_eq!((told.students.len(), told.codes()), (1, vec![(Some(3), "other_school")]));
    assert_eq!(told.head.establishment.as_deref(), Some("0579999J"));
    let refused =
        read_as(FileKind::MappedStudents, format!("{header}\n{other}\n").as_bytes(), None).unwrap_err();
    assert_eq!(refused.code, "wrong_school");
}

#[test]
fn a_repeated_header_and_a_sheet_for_each_class_are_one_list() {
    let header = "Nom;Prénom;Né(e) le;Classe;N° national";
    let text =
        format!("{header}\nŒUVRARD;Léonie;14/03/2005;2GT1;\n{header}\nTALBOT;Idris;02/11/2005;2GT1;\n");
    assert_eq!(read(text.as_bytes()).1.students.len(), 2);
    let mut book = rust_xlsxwriter::Workbook::new();
    for (class, name) in [("2GT1", "ŒUVRARD"), ("2GT2", "TALBOT")] {
        let sheet = book.add_worksheet().set_name(class).unwrap();
        sheet.write(0, 0, "Liste de la classe").unwrap();
        sheet.write_row(2, 0, ["Nom", "Prénom", "Né(e) le", "Classe"]).unwrap();
        sheet.write_row(3, 0, [name, "Zoé", "14/03/2005", class]).unwrap();
    }
    let told = read(&book.save_to_buffer().unwrap()).1;
    assert_eq!(brief(&told), ["4 ŒUVRARD Zoé 2005-03-14 - 2GT1 -", "4 TALBOT Zoé 2005-03-14 - 2GT2 -"]);
}

#[test]
fn names_alone_are_a_question() {
    assert_eq!(kind_of(b"Nom;Pr\xE9nom;Mati\xE8re\nBRUN;Jo;EPS\n"), Ok(Recognised::Table));
}

fn name() -> impl Strategy<Value = String> {
    // Characters that CP1252 and ISO-8859-15 both have, in words: an Œ alone may as well be a ¼.
    "[A-ZÉÈÀÇÏÔŒŸ][a-zéèàçïôœ]{1,8}([ '-][A-ZÉŒ][a-zéœ][a-zé;,|\"]{0,8})?"
        .prop_map(|name| name.trim().to_owned())
}

prop_compose! {
    fn pupil()(last in name(), first in name(), day in 36_000_u32..40_000, number in 0_u32..999_999_999, class in "[1-3T][A-Z]{1,3} ?[0-9]", has_ine in any::<bool>()) -> (String, String, chrono::NaiveDate, Option<String>, String) {
        let date = chrono::NaiveDate::from_ymd_opt(1899, 12, 30).unwrap() + chrono::Days::new(day.into());
        (last, first, date, has_ine.then(|| format!("{number:09}AB")), class)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn pupils_come_back_from_every_encoding_and_separator(
        pupils in proptest::collection::vec(pupil(), 1..40),
        separator in prop::sample::select(vec![';', '\t', ',', '|']),
        line_end in prop::sample::select(vec!["\r\n", "\n", "\r"]),
        iso in any::<bool>(),
    ) {
        let quoted = |text: &str| {
            if text.contains([separator, '"']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
        };
        let titles = ["Nom", "Prénom", "Date de naissance", "INE", "Classe"].map(str::to_owned);
        let mut lines = vec![titles.join(&separator.to_string())];
        let mut expected: Vec<_> = Vec::new();
        for (last, first, date, ine, class) in &pupils {
            let date_text = date.format(if iso { "%Y-%m-%d" } else { "%d/%m/%Y" }).to_string();
            let cells = [last, first, &date_text, ine.as_deref().unwrap_or(""), class].map(quoted);
            lines.push(cells.join(&separator.to_string()));
            expected.push((last.clone(), first.clone(), Some(*date), ine.clone(), Some(class.clone())));
        }
        let text = lines.join(line_end) + line_end;
        let encoded = [
            text.clone().into_bytes(),
            format!("\u{feff}{text}").into_bytes(),
            utf16(&text, false),
            utf16(&text, true),
            windows(&text),
            latin9(&text),
        ];
        for (number, bytes) in encoded.iter().enumerate() {
            let (kind, told) = read(bytes);
            prop_assert_eq!(kind, FileKind::MappedStudents);
            // The same pupil twice is one, and told.
            if told.issues.iter().all(|issue| issue.code != "duplicate_student" && issue.code != "student_in_two_classes") {
                let got: Vec<_> = told.students.into_iter().map(|s| (s.last_name, s.first_name, s.birth_date, s.ine, s.class)).collect();
                prop_assert_eq!(&got, &expected, "encoding {}", number);
            }
        }
    }
}
