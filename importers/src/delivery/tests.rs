use super::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use std::io::{Cursor, Write};

const HEADER: &str =
    "N° commande;N° BL;UAI;Référence produit (P/N);Désignation;N° de série (S/N);Fin de garantie";

/// What the file says.
#[derive(Debug, Default)]
struct File {
    read: u32,
    devices: Vec<DeviceRow>,
    issues: Vec<ImportIssue>,
}

fn read(bytes: &[u8], uai: &Uai) -> Result<File, Refused> {
    let mut file = File::default();
    let mut sink = |item| {
        match item {
            Item::Device(device) => file.devices.push(device),
            Item::Issue(issue) => file.issues.push(issue),
            other => panic!("not of a delivery: {other:?}"),
        }
        Ok(())
    };
    let head = super::read(Cursor::new(bytes), Asked { uai, layout: None }, &mut sink)?;
    file.read = head.read["devices"];
    Ok(file)
}

fn uai() -> Uai {
    Uai::parse("0579999J").unwrap()
}

fn note(lines: &[&str], total: usize) -> Vec<u8> {
    let text =
        format!("Bon de livraison\r\n\r\n{HEADER}\r\n{}\r\nTotal;;;;;;{total}\r\n", lines.join("\r\n"));
    encoding_rs::WINDOWS_1252.encode(&text).0.into_owned()
}

type Told = (u32, usize, Vec<(Option<u32>, String)>);

fn told(bytes: &[u8]) -> Told {
    let file = read(bytes, &uai()).unwrap();
    (file.read, file.devices.len(), file.issues.into_iter().map(|i| (i.row, i.code)).collect())
}

fn codes(expected: &[(u32, &str)]) -> Vec<(Option<u32>, String)> {
    expected.iter().map(|(row, code)| (Some(*row), (*code).to_owned())).collect()
}

#[test]
fn good_rows_are_taken_and_each_fault_has_its_row() {
    let lines = [
        "C1;BL1;0579999J;9ZZ99EA#ABF;HP ProBook;5CD030BC10;26/08/2029",
        "C1;BL1;0579999J;9ZZ99EA#ABF;HP ProBook;5CD030BC10;26/08/2029",
        "C1;BL1;0570001S;9ZZ99EA#ABF;HP ProBook;5CD030BD11;26/08/2029",
        "C1;BL1;0579999J;9ZZ99EA#ABF;HP ProBook;5CD030BO1;26/08/2029",
        "C1;BL1;0579999J;9ZZ99EA#ABF;HP ProBook;5,02E+09;26/08/2029",
        "C1;BL1;0579999J;20ZZS00100;Lenovo L13;PF0FAKE1;bientôt",
        "C1;BL1;0579999J;20ZZS00100;\"Lenovo L13;PF0FAKE2;26/08/2029",
        "C1;BL1;0579999J;20ZZS00100;Lenovo L13;PF0FAKE3;26/08/2029",
    ];
    let faults = [
        (5, "duplicate_serial"),
        (6, "other_school"),
        (7, "malformed_serial"),
        (8, "scientific_notation"),
        (9, "not_a_date"),
        (10, "unclosed_quote"),
    ];
    assert_eq!(told(&note(&lines, 8)), (8, 3, codes(&faults)));
}

#[test]
fn a_total_that_differs_is_told() {
    let lines = ["C1;BL1;0579999J;20ZZS00100;Lenovo L13;PF0FAKE1;26/08/2029"];
    assert_eq!(told(&note(&lines, 1)), (1, 1, vec![]));
    assert_eq!(told(&note(&lines, 2)), (1, 1, codes(&[(5, "total_differs")])));
}

#[test]
fn a_note_for_another_school_is_one_refusal() {
    let line = "C1;BL1;0570001S;9ZZ99EA#ABF;HP ProBook;5CD030BD11;26/08/2029";
    let refused = read(&note(&[line, line], 2), &uai()).unwrap_err();
    assert_eq!(refused.code, "wrong_school");
    assert!(refused.detail.contains("0570001S"));
}

#[test]
fn mac_addresses_are_written_one_way() {
    let text = "P/N;BL;S/N;MAC\n20ZZ;B1;PF0FAKE1;02-00-00-00-00-0a\n20ZZ;B1;PF0FAKE2;0200.0000.000A\n20ZZ;B1;PF0FAKE3;02\n";
    let file = read(text.as_bytes(), &uai()).unwrap();
    let macs: Vec<_> = file.devices.iter().map(|device| device.mac_address.as_deref()).collect();
    assert_eq!(macs, [Some("02:00:00:00:00:0A"), Some("02:00:00:00:00:0A"), None]);
    assert_eq!(file.issues[0].code, "malformed_mac");
}

/// A workbook: two sheets of laptops and a summary.
fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let date = Format::new().set_num_format("dd/mm/yyyy");
    for (name, serials) in [("Palette 1", ["PF0FAKE1", "PF0FAKE2"]), ("Palette 2", ["PF0FAKE3", "PF0FAKE1"])]
    {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        sheet.write_row(2, 0, ["N° BL", "P/N", "N° de série", "Fin de garantie"]).unwrap();
        for (row, serial) in (3..).zip(serials) {
            sheet.write_row(row, 0, ["BL1", "20ZZS00100", serial]).unwrap();
            let end = ExcelDateTime::from_ymd(2029, 8, 26).unwrap();
            sheet.write_datetime_with_format(row, 3, &end, &date).unwrap();
        }
    }
    let sheet = book.add_worksheet().set_name("Recap").unwrap();
    sheet.write_row(0, 0, ["Designation", "Qte"]).unwrap();
    sheet.write(1, 0, "Lenovo").unwrap();
    sheet.write(1, 1, 3).unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn every_sheet_with_a_header_is_read_and_the_summary_compared() {
    let file = read(&workbook(), &uai()).unwrap();
    let serials: Vec<_> = file.devices.iter().map(|device| device.serial_number.as_str()).collect();
    assert_eq!(serials, ["PF0FAKE1", "PF0FAKE2", "PF0FAKE3"]);
    assert_eq!(file.devices[0].warranty_end, chrono::NaiveDate::from_ymd_opt(2029, 8, 26));
    let issues: Vec<_> =
        file.issues.iter().map(|i| (i.column.as_deref().unwrap(), i.code.as_str())).collect();
    assert_eq!(issues, [("Palette 2 · S/N", "duplicate_serial"), ("Recap · Qte", "total_differs")]);
    assert!(file.issues[0].message.contains("ligne 4 de Palette 1"), "{}", file.issues[0].message);
}

#[test]
fn a_serial_kept_as_a_number_or_a_date_is_refused() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, ["BL", "P/N", "S/N"]).unwrap();
    sheet.write_row(1, 0, ["BL1", "20ZZS00100"]).unwrap();
    sheet.write(1, 2, 5.02E9).unwrap();
    sheet.write_row(2, 0, ["BL1", "20ZZS00100"]).unwrap();
    let day = ExcelDateTime::from_ymd(2020, 12, 3).unwrap();
    sheet.write_datetime_with_format(2, 2, &day, &Format::new().set_num_format("dd/mm/yyyy")).unwrap();
    sheet.write_row(3, 0, ["BL1", "20ZZS00100", "5020000000"]).unwrap();
    let file = read(&book.save_to_buffer().unwrap(), &uai()).unwrap();
    let issues: Vec<_> = file.issues.iter().map(|i| (i.row, i.code.as_str(), i.read.as_deref())).collect();
    assert_eq!(
        issues,
        [
            (Some(2), "scientific_notation", Some("5020000000 (nombre)")),
            (Some(3), "scientific_notation", Some("03/12/2020 (date)")),
        ]
    );
    assert_eq!(file.devices.len(), 1);
}

/// The workbook with that XML for its first sheet and those shared texts.
fn forged(sheet: &str, strings: &str) -> Vec<u8> {
    let mut whole = zip::ZipArchive::new(Cursor::new(workbook())).unwrap();
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..whole.len() {
        let mut entry = whole.by_index(index).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut content = String::new();
        entry.read_to_string(&mut content).unwrap();
        match name.as_str() {
            "xl/worksheets/sheet1.xml" => content = sheet.to_owned(),
            "xl/worksheets/sheet2.xml" | "xl/worksheets/sheet3.xml" => content = self::sheet(""),
            "xl/sharedStrings.xml" => content = strings.to_owned(),
            _ => {}
        }
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn sheet(cells: &str) -> String {
    format!("<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData>{cells}</sheetData></worksheet>")
}

#[test]
fn workbooks_made_to_do_harm_are_refused() {
    let none = "<sst uniqueCount=\"0\"></sst>";
    let code = |bytes: &[u8]| read(bytes, &uai()).map(|file| file.read).map_err(|why| why.code);
    let corners = "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>";
    assert_eq!(code(&forged(&sheet(corners), none)), Err("no_header"));
    let backwards = "<row r=\"9\"><c r=\"A9\"><v>1</v></c></row><row r=\"1\"><c r=\"A1\"><v>1</v></c></row>";
    assert_eq!(code(&forged(&sheet(backwards), none)), Err("not_a_table"));
    // No room is made for what is only announced.
    for many in ["99999999999", "18446744073709551615", "x"] {
        let announced = format!("<sst uniqueCount=\"{many}\"><si><t>a</t></si></sst>");
        assert_eq!(code(&forged(&sheet(""), &announced)), Err("no_header"), "{many}");
    }
    let rows: String =
        (0..500_001_u64).map(|n| format!("<row><c><v>{}</v></c></row>", n * 7919 % 100_003)).collect();
    assert_eq!(code(&forged(&sheet(&rows), none)), Err("too_many_rows"));
    assert_eq!(code(&forged(&sheet(&" ".repeat(20_000_000)), none)), Err("not_a_table"));
    assert_eq!(code(&forged(&sheet(&"<a/>".repeat(5_000_000)), none)), Err("zip_too_large"));
    // A sheet whose announced corners are the wrong way round is read by what is in it.
    let stray = format!("<worksheet><dimension ref=\"B9:A1\"/><sheetData>{corners}</sheetData></worksheet>");
    assert_eq!(code(&forged(&stray, none)), Err("no_header"));
    let whole = workbook();
    assert!(code(&whole[..whole.len() / 2]).is_err());
}

#[test]
fn what_is_no_note_is_refused() {
    for (bytes, code) in [
        (&b""[..], "empty_file"),
        (b"nom;prenom\r\nx;y", "no_header"),
        (b"PK\x03\x04 broken", "zip_broken"),
        (b"\x00\x01\x02", "not_a_table"),
    ] {
        assert_eq!(read(bytes, &uai()).map(|f| f.read).map_err(|why| why.code), Err(code));
    }
}
