//! XLSX, XLS and ODS, also in a zip: cells, dates, hidden sheets, and what is no workbook.

use crate::common::ods::{self, zip};
use crate::common::xls::{self, Options, Sheet, Value};
use importers::Refused;
use importers::table::{self, CellType, Row, Rows};
use rust_xlsxwriter::{Format, Workbook};
use std::io::{Cursor, Read};

/// `sheet row: cell|cell`, numbers marked `#`, dates `@`, errors `!`.
struct Told(Vec<String>, String);

impl Rows for Told {
    fn sheet(&mut self, name: &str) {
        self.1 = name.to_owned();
    }

    fn row(&mut self, row: &Row) -> Result<(), Refused> {
        let cells: Vec<String> = row
            .cells
            .iter()
            .map(|cell| {
                let mark = match cell.cell_type {
                    CellType::Text => "",
                    CellType::Number => "#",
                    CellType::Date => "@",
                    CellType::Error => "!",
                };
                format!("{mark}{}", cell.text)
            })
            .collect();
        self.0.push(format!("{} {}: {}", self.1, row.number, cells.join("|")));
        Ok(())
    }
}

fn told(bytes: &[u8]) -> Result<Vec<String>, &'static str> {
    let mut told = Told(Vec::new(), String::new());
    table::read(Cursor::new(bytes), &mut told).map_err(|refused| refused.code)?;
    Ok(told.0)
}

fn mixed() -> Vec<Sheet> {
    let cells = vec![
        (0, 0, Value::Shared("Nom d'usage ")),
        (0, 2, Value::Label("D'ŒTRANGE")),
        (2, 0, Value::Rk(4101)),
        (2, 1, Value::Number(6.86)),
        (2, 2, Value::Date(38425.0)),
        (2, 3, Value::Error(0x2A)),
        (2, 4, Value::Bool(true)),
        (2, 5, Value::Formula("Maël")),
        (2, 6, Value::Number(5.02e20)),
    ];
    let hidden = Sheet { hidden: true, ..Sheet::of_texts("Cachée", &[&["secret"]]) };
    vec![Sheet { name: "Élèves", hidden: false, cells }, hidden, Sheet::of_texts("Vide", &[])]
}

const MIXED: [&str; 2] =
    ["Élèves 1: Nom d'usage||D'ŒTRANGE", "Élèves 3: #4101|#6.86|@14/03/2005|!#N/A|#VRAI|Maël|#5.02E20"];

#[test]
fn an_xls_has_typed_cells() {
    assert_eq!(told(&xls::file(&mixed(), &Options::default())).unwrap(), MIXED);
}

#[test]
fn the_xls_made_here_is_one_for_calamine_too() {
    use calamine::{Data, Reader, Xls};
    let mut book: Xls<_> = Xls::new(Cursor::new(xls::file(&mixed(), &Options::default()))).unwrap();
    let sheet = book.worksheet_range("Élèves").unwrap();
    assert_eq!(sheet.get_value((0, 2)), Some(&Data::String("D'ŒTRANGE".into())));
    assert_eq!(sheet.get_value((2, 1)), Some(&Data::Float(6.86)));
    assert_eq!(sheet.get_value((2, 5)), Some(&Data::String("Maël".into())));
}

#[test]
fn shared_texts_of_an_xls_may_be_cut_anywhere() {
    let texts: Vec<&'static str> =
        ["ÉLÉONORE-ŒUVRE", "b", "une ligne d'adresse assez longue", "Ÿ", "fin"].into();
    let sheet = || vec![Sheet::of_texts("S", &[&texts])];
    let whole = told(&xls::file(&sheet(), &Options::default())).unwrap();
    assert_eq!(whole, [format!("S 1: {}", texts.join("|"))]);
    for part in 8..60 {
        let options = Options { part: Some(part), ..Options::default() };
        assert_eq!(told(&xls::file(&sheet(), &options)).unwrap(), whole, "parts of {part} bytes");
    }
}

#[test]
fn an_xls_counts_days_from_1904_where_it_says_so() {
    let sheet = Sheet { name: "S", hidden: false, cells: vec![(0, 0, Value::Date(36963.0))] };
    let options = Options { from_1904: true, ..Options::default() };
    assert_eq!(told(&xls::file(&[sheet], &options)).unwrap(), ["S 1: @14/03/2005"]);
}

#[test]
fn a_short_xls_is_in_small_sectors() {
    let options = Options { small: true, ..Options::default() };
    assert_eq!(told(&xls::file(&mixed(), &options)).unwrap(), MIXED);
}

#[test]
fn an_xls_of_many_sectors_is_whole() {
    let cells = (0..5_000_u16)
        .flat_map(|row| [(row, 0, Value::Rk(row.into())), (row, 1, Value::Shared("x"))])
        .collect();
    let rows = told(&xls::file(&[Sheet { name: "S", hidden: false, cells }], &Options::default())).unwrap();
    assert_eq!((rows.len(), rows.last().map(String::as_str)), (5_000, Some("S 5000: #4999|x")));
}

#[test]
fn an_xls_that_is_forged_is_refused() {
    let whole = xls::file(&mixed(), &Options::default());
    // The first table of sectors: each sector follows itself.
    let mut endless = whole.clone();
    for sector in 0..128_u32 {
        let at = 512 + usize::try_from(sector).unwrap() * 4;
        endless[at..at + 4].copy_from_slice(&sector.to_le_bytes());
    }
    assert_eq!(told(&endless), Err("not_a_table"));
    // Two cells in opposite corners are two cells.
    let corners = vec![(0, 0, Value::Rk(1)), (65_535, 255, Value::Rk(2))];
    let rows =
        told(&xls::file(&[Sheet { name: "S", hidden: false, cells: corners }], &Options::default())).unwrap();
    assert_eq!(rows.len(), 2);
    let backwards = vec![(5, 0, Value::Rk(1)), (0, 0, Value::Rk(2))];
    assert_eq!(
        told(&xls::file(&[Sheet { name: "S", hidden: false, cells: backwards }], &Options::default())),
        Err("not_a_table")
    );
    let mut stream = xls::stream(&mixed(), &Options::default());
    stream.splice(20..20, [0x2F, 0, 2, 0, 1, 0]);
    stream.resize(4608, 0);
    assert_eq!(told(&xls::compound(&stream, false)), Err("protected_workbook"));
    assert_eq!(told(&whole[..600]), Err("not_a_table"));
}

fn ods_rows() -> String {
    let row = |cells: &str| format!("<table:table-row>{cells}</table:table-row>");
    let repeated = "<table:table-row table:number-rows-repeated=\"3\"><table:table-cell table:number-columns-repeated=\"1024\"/></table:table-row>";
    let typed = format!(
        "<table:table-cell table:number-columns-repeated=\"2\"/>{}{}{}<table:table-cell office:value-type=\"boolean\" office:boolean-value=\"true\"><text:p>VRAI</text:p></table:table-cell>\
         <table:table-cell office:value-type=\"time\" office:time-value=\"PT08H30M00S\"><text:p>08:30:00</text:p></table:table-cell>\
         <table:table-cell office:value-type=\"string\" office:string-value=\"\" calcext:value-type=\"error\"><text:p>#REF!</text:p></table:table-cell>",
        ods::number("4101"),
        ods::number("6.86"),
        ods::date("2005-03-14", "14/03/05"),
    );
    let noted = "<table:table-cell office:value-type=\"string\"><office:annotation><text:p>note</text:p></office:annotation><text:p>a<text:s text:c=\"2\"/>b</text:p><text:p>c</text:p></table:table-cell>";
    let twice = "<table:table-row table:number-rows-repeated=\"2\"><table:table-cell office:value-type=\"string\" table:number-columns-repeated=\"2\"><text:p>&amp;x</text:p></table:table-cell></table:table-row>";
    format!("{}{repeated}{}{}{twice}{repeated}", ods::row(&["Élève", "", "Œ"]), row(&typed), row(noted))
}

#[test]
fn an_ods_has_typed_cells_and_repeats() {
    let hidden = "<table:table table:name=\"Cachée\" table:style-name=\"hidden\"><table:table-row><table:table-cell office:value-type=\"string\"><text:p>secret</text:p></table:table-cell></table:table-row></table:table>";
    let bytes = ods::file(&format!("{hidden}{}", ods::sheet("A &amp; B", &ods_rows())));
    assert_eq!(
        told(&bytes).unwrap(),
        [
            "A & B 1: Élève||Œ",
            "A & B 5: ||#4101|#6.86|@14/03/2005|#VRAI|@08:30|!#REF!",
            "A & B 6: a b\nc",
            "A & B 7: &x|&x",
            "A & B 8: &x|&x",
        ]
    );
}

#[test]
fn the_ods_made_here_is_one_for_calamine_too() {
    use calamine::{Data, Ods, Reader};
    let mut book: Ods<_> = Ods::new(Cursor::new(ods::file(&ods::sheet("S", &ods_rows())))).unwrap();
    let sheet = book.worksheet_range("S").unwrap();
    assert_eq!(sheet.get_value((0, 0)), Some(&Data::String("Élève".into())));
    assert_eq!(sheet.get_value((4, 4)), Some(&Data::DateTimeIso("2005-03-14".into())));
    assert_eq!(sheet.get_value((7, 1)), Some(&Data::String("&x".into())));
}

#[test]
fn an_ods_that_repeats_for_ever_is_bounded() {
    let wide = "<table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell office:value-type=\"string\" table:number-columns-repeated=\"2\"><text:p>x</text:p></table:table-cell></table:table-row>";
    assert_eq!(told(&ods::file(&ods::sheet("S", wide))), Err("too_many_rows"));
}

#[test]
fn a_protected_ods_is_told_so() {
    let manifest = "<manifest:manifest xmlns:manifest=\"m\"><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>";
    let bytes = zip(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", b"\x01\x02\x03"),
        ("META-INF/manifest.xml", manifest.as_bytes()),
    ]);
    assert_eq!(told(&bytes), Err("protected_workbook"));
}

#[test]
fn an_xlsx_has_typed_cells() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Élèves").unwrap();
    sheet.write_row(0, 0, ["Nom d'usage\u{a0}", "", "D'ŒTRANGE"]).unwrap();
    sheet.write(2, 0, 4101).unwrap();
    sheet.write(2, 1, 6.86).unwrap();
    let day = rust_xlsxwriter::ExcelDateTime::from_ymd(2005, 3, 14).unwrap();
    sheet
        .write_datetime_with_format(2, 2, &day, &Format::new().set_num_format("[$-40C]d mmmm yyyy"))
        .unwrap();
    sheet.write(2, 3, true).unwrap();
    sheet.write_formula(2, 4, rust_xlsxwriter::Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    sheet.write_with_format(2, 5, 0.5, &Format::new().set_num_format("0%")).unwrap();
    book.add_worksheet().set_name("Cachée").unwrap().set_hidden(true).write(0, 0, "secret").unwrap();
    book.add_worksheet().set_name("Vide").unwrap();
    let rows = told(&book.save_to_buffer().unwrap()).unwrap();
    assert_eq!(rows[0], "Élèves 1: Nom d'usage||D'ŒTRANGE");
    assert_eq!(rows[1], "Élèves 3: #4101|#6.86|@14/03/2005|#VRAI|!#DIV/0!|#0.5");
    assert_eq!(rows.len(), 2, "{rows:?}");
}

/// A workbook of the parts that are needed, with a prefix on each element as strict writers have.
fn xlsx(book: &str, sheet: &str, strings: &str) -> Vec<u8> {
    let relations = "<Relationships><Relationship Id=\"r1\" Type=\"http://x/worksheet\" Target=\"/xl/feuille.xml\"/><Relationship Id=\"r2\" Type=\"http://x/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>";
    let book = format!(
        "<x:workbook xmlns:x=\"m\" xmlns:r=\"r\">{book}<x:sheets><x:sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></x:sheets></x:workbook>"
    );
    let sheet = format!("<x:worksheet xmlns:x=\"m\"><x:sheetData>{sheet}</x:sheetData></x:worksheet>");
    let strings = format!("<sst xmlns=\"m\">{strings}</sst>");
    zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/feuille.xml", sheet.as_bytes()),
        ("xl/sharedStrings.xml", strings.as_bytes()),
    ])
}

#[test]
fn an_xlsx_may_be_written_in_other_ways() {
    let strings = "<si><r><t>Ma</t></r><r><t xml:space=\"preserve\">ël </t></r><rPh><t>non</t></rPh></si>";
    let sheet = "<x:row><x:c t=\"s\"><x:v>0</x:v></x:c><x:c t=\"inlineStr\"><x:is><x:t>Noé &amp; Zoé</x:t></x:is></x:c><x:c t=\"d\"><x:v>2005-03-14T00:00:00Z</x:v></x:c><x:c t=\"s\"><x:v>99</x:v></x:c></x:row>\
                 <x:row r=\"4\"><x:c r=\"B4\" t=\"str\"><x:v>5CD</x:v></x:c></x:row>";
    let bytes = xlsx("<x:workbookPr date1904=\"1\"/>", sheet, strings);
    assert_eq!(told(&bytes).unwrap(), ["S 1: Maël|Noé & Zoé|@14/03/2005", "S 4: |5CD"]);
}

#[test]
fn tables_in_a_zip() {
    let xls = xls::file(&mixed(), &Options::default());
    assert_eq!(told(&zip(&[("ElevesComplete.xls", &xls), ("__MACOSX/x", b"y")])).unwrap(), MIXED);
    let mut book = Workbook::new();
    book.add_worksheet().write(0, 0, "a").unwrap();
    let xlsx = book.save_to_buffer().unwrap();
    assert_eq!(told(&zip(&[("l.xlsx", &xlsx)])).unwrap(), ["Sheet1 1: a"]);
    assert_eq!(told(&zip(&[("liste.csv", b"Zo\xE9;b\n")])).unwrap(), [" 1: Zoé|b"]);
    assert_eq!(told(&zip(&[("a.csv", b"a"), ("b.csv", b"b")])), Err("zip_entries"));
    let inner = zip(&[("liste.csv", b"a;b\n")]);
    assert_eq!(told(&zip(&[("l.zip", &inner)])), Err("not_a_table"));
}

#[test]
fn what_is_no_workbook_says_what_to_do() {
    let binary = zip(&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.bin", b"x")]);
    let text = zip(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<x/>")]);
    let encrypted = {
        let mut file = xls::file(&mixed(), &Options::default());
        let name: Vec<u8> = "Workbook".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let at = file.windows(name.len()).position(|window| window == name).unwrap();
        let other: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        file[at..at + other.len()].copy_from_slice(&other);
        file[at + 64..at + 66].copy_from_slice(&34_u16.to_le_bytes());
        file
    };
    for (bytes, code) in
        [(binary, "binary_workbook"), (text, "not_a_table"), (encrypted, "protected_workbook")]
    {
        assert_eq!(told(&bytes), Err(code));
    }
    let mut cut = Vec::new();
    Cursor::new(xls::file(&mixed(), &Options::default())).take(3000).read_to_end(&mut cut).unwrap();
    assert!(told(&cut).is_err());
}
