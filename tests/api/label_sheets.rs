//! Labels and badges by the sheet: on every grid each lies at its place, nothing overhangs, and
//! our own reader reads each code of the paper as it is printed.

use crate::harness::{App, Desk};
use crate::printing::{printed_code, sheet};
use domain::roles::Role;
use scanning::{Luma, Reader};
use scraper::{ElementRef, Html, Selector};
use serde_json::Value;
use std::collections::BTreeSet;

/// An office printer has twice as many dots; a camera sees about as many.
const DOTS_PER_MM: f32 = 12.0;

/// Serial numbers of several makers' lengths, one longer than any.
const SERIALS: [&str; 9] = [
    "5CD030BC10",
    "5CD627HHP9",
    "PF52WT0D",
    "FAKE123",
    "NXHPZEF0011234567890AB",
    "ABCDEFGHIJKLMNOPQRSTUVWX",
    "0123456789",
    "CND1234XYZ",
    "MP1ABCDE",
];

struct Placed {
    left: f32,
    top: f32,
    width: f32,
    height: f32,
    /// Grey pixels of the label alone.
    pixels: Vec<u8>,
    columns: usize,
    codes: BTreeSet<(String, String)>,
}

fn millimetres(text: &str) -> f32 {
    text.trim().trim_end_matches("mm").parse().unwrap()
}

/// Every label of every page, as the browser places and paints it.
fn pages(html: &str) -> Vec<Vec<Placed>> {
    let document = Html::parse_document(html);
    let svg = Selector::parse("svg").unwrap();
    let sections = Selector::parse("section").unwrap();
    document.select(&sections).map(|section| section.select(&svg).map(placed).collect()).collect()
}

fn placed(svg: ElementRef) -> Placed {
    let style = svg.attr("style").unwrap();
    let side = |name: &str| {
        let (_, rest) = style.split_once(name).unwrap();
        millimetres(rest.split(';').next().unwrap())
    };
    let (width, height) = (millimetres(svg.attr("width").unwrap()), millimetres(svg.attr("height").unwrap()));
    let view: Vec<f32> =
        svg.attr("viewbox").or(svg.attr("viewBox")).unwrap().split(' ').map(|n| n.parse().unwrap()).collect();
    let scale = width / view[2] * DOTS_PER_MM;
    let (columns, rows) = ((width * DOTS_PER_MM).ceil() as usize, (height * DOTS_PER_MM).ceil() as usize);
    let mut pixels = vec![255; columns * rows];
    let mut codes = BTreeSet::new();
    for group in svg.select(&Selector::parse("g[data-code]").unwrap()) {
        let numbers: Vec<f32> = group
            .attr("transform")
            .unwrap()
            .split(|c: char| !c.is_ascii_digit() && c != '.')
            .filter_map(|n| n.parse().ok())
            .collect();
        let [x, y, across, down] = numbers[..] else { panic!("{numbers:?}") };
        assert!(across * width / view[2] >= 0.249, "a module of {across}");
        let code = printed_code(group);
        for &(column, row, length) in &code.boxes {
            let at = |start: f32, step: f32, n: usize| ((start + step * n as f32) * scale).round() as usize;
            for line in at(y, down, row)..at(y, down, row + 1) {
                pixels
                    [line * columns + at(x, across, column)..line * columns + at(x, across, column + length)]
                    .fill(0);
            }
        }
        codes.insert((code.text, code.kind));
    }
    Placed { left: side("left:"), top: side("top:"), width, height, pixels, columns, codes }
}

fn read(label: &Placed) -> BTreeSet<(String, String)> {
    // A camera sees the next labels' paper, too: white around it.
    let border = 40;
    let rows = label.pixels.len() / label.columns;
    let (width, height) = (label.columns + 2 * border, rows + 2 * border);
    let mut pixels = vec![255; width * height];
    for (row, line) in label.pixels.chunks(label.columns).enumerate() {
        let from = (row + border) * width + border;
        pixels[from..from + line.len()].copy_from_slice(line);
    }
    let readings = Reader::default().read(&Luma::new(&pixels, width, height).unwrap());
    readings.into_iter().map(|r| (r.text, r.symbology.as_str().to_owned())).collect()
}

fn page_size(html: &str) -> (f32, f32) {
    let (_, rest) = html.split_once("@page { size: ").unwrap();
    let (size, _) = rest.split_once(';').unwrap();
    let (width, height) = size.split_once(' ').unwrap();
    (millimetres(width), millimetres(height))
}

fn check_pages(pages: &[Vec<Placed>], (width, height): (f32, f32), per_page: usize, sheet: &str) {
    for labels in pages {
        assert!(labels.len() <= per_page, "{sheet}");
        for (i, a) in labels.iter().enumerate() {
            assert!(a.left >= -0.01 && a.top >= -0.01, "{sheet}");
            assert!(a.left + a.width <= width + 0.01 && a.top + a.height <= height + 0.01, "{sheet}");
            for b in &labels[i + 1..] {
                let apart = a.left + a.width <= b.left + 0.01
                    || b.left + b.width <= a.left + 0.01
                    || a.top + a.height <= b.top + 0.01
                    || b.top + b.height <= a.top + 0.01;
                assert!(apart, "{sheet}");
            }
        }
    }
}

async fn sheets(manager: &Desk, holds: &str) -> Vec<(String, usize)> {
    let (_, settings) = manager.get("/api/print-settings").await;
    let all: Vec<Value> = settings["sheets"].as_array().unwrap().clone();
    all.into_iter()
        .filter(|one| one["holds"] == holds)
        .map(|one| (one["code"].as_str().unwrap().to_owned(), one["per_page"].as_u64().unwrap() as usize))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_label_of_every_sheet_lies_at_its_place_and_reads_back() {
    let app = App::start().await;
    let manager = app.desk("Bureau", Role::Manager).await;
    for serial in SERIALS {
        app.device(serial).await;
    }
    let school = app.school.to_string();
    app.sql(&school, "UPDATE devices SET asset_tag = 'GE-2026-00417' WHERE serial_number LIKE '5CD%'")
        .await
        .unwrap();
    let kinds = sheets(&manager, "labels").await;
    assert!(kinds.len() >= 10);
    for (code, per_page) in kinds {
        let html = sheet(&manager, &format!("/print/labels?sheet={code}&skip=3")).await;
        let pages = pages(&html);
        check_pages(&pages, page_size(&html), per_page, &code);
        assert_eq!(pages.iter().map(Vec::len).sum::<usize>(), SERIALS.len(), "{code}");
        if per_page > 12 {
            let fresh = self::pages(&sheet(&manager, &format!("/print/labels?sheet={code}")).await);
            let at = |label: &Placed| ((label.left * 100.0).round(), (label.top * 100.0).round());
            assert_eq!(at(&pages[0][0]), at(&fresh[0][3]), "{code} begins at the fourth label");
        }
        for label in pages.iter().flatten() {
            assert!(!label.codes.is_empty(), "{code}");
            assert_eq!(read(label), label.codes, "{code}");
        }
        let serials: BTreeSet<String> =
            pages.iter().flatten().flat_map(|label| label.codes.iter().map(|c| c.0.clone())).collect();
        assert_eq!(serials, SERIALS.iter().map(|s| (*s).to_owned()).collect(), "{code}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn badges_go_on_sheets_of_cards_and_unknown_sheets_are_refused() {
    let app = App::start().await;
    let manager = app.desk("Bureau", Role::Manager).await;
    for (first_name, last_name) in
        [("Lina", "Mercier"), ("Noé", "Petit"), ("Anne-Charlotte-Élisabeth", "De La Tour Du Pin-Gouvernet")]
    {
        app.student(first_name, last_name).await;
    }
    let school = app.school.to_string();
    app.sql(&school, "UPDATE badges SET code = 'EL' || upper(left(md5(code), 10))").await.unwrap();
    for (code, per_page) in sheets(&manager, "badges").await {
        let html = sheet(&manager, &format!("/print/badges?sheet={code}&skip={}", per_page - 1)).await;
        let pages = pages(&html);
        check_pages(&pages, page_size(&html), per_page, &code);
        assert_eq!(pages.len(), if per_page == 1 { 3 } else { 2 }, "{code}");
        for badge in pages.iter().flatten() {
            assert_eq!(badge.codes.len(), 1);
            assert_eq!(read(badge), badge.codes, "{code}");
        }
    }
    for path in ["/print/labels?sheet=X", "/print/labels?sheet=CR80", "/print/badges?sheet=L7160"] {
        let (status, said) = manager.get(path).await;
        assert_eq!((status, &said["code"]), (422, &Value::from("sheet_unknown")), "{path}");
    }
    let empty = sheet(&manager, "/print/labels?sheet=L7160&skip=-5").await;
    assert!(empty.contains("Rien à imprimer"));
    app.device("5CD030BC10").await;
    let own = sheet(&manager, "/print/labels?style=own").await;
    assert!(own.contains("S/N 5CD030BC10") && own.contains("Lycée Jeanne-des-Bois"));
    app.stop().await;
}
