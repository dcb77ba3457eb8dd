//! Sheets on paper: what they show, and that each of their codes scans.

use crate::harness::{App, Desk};
use domain::roles::Role;
use remise::demo;
use reqwest::Method;
use scanning::{Luma, Reader};
use scraper::{ElementRef, Html, Selector};
use serde_json::json;
use std::collections::BTreeSet;

/// A code of a sheet: its text and kind, and its dark boxes in modules.
pub struct PrintedCode {
    pub text: String,
    pub kind: String,
    pub boxes: Vec<(usize, usize, usize)>,
}

pub async fn sheet(desk: &Desk, path: &str) -> String {
    let answer = desk.send(Method::GET, path, None).await;
    assert_eq!(answer.status().as_u16(), 200, "{path}");
    assert_eq!(answer.headers()["content-type"], "text/html; charset=utf-8");
    answer.text().await.unwrap()
}

pub fn codes(html: &str) -> Vec<PrintedCode> {
    let groups = Selector::parse("g[data-code]").unwrap();
    Html::parse_document(html).select(&groups).map(printed_code).collect()
}

/// From the path `M3 0h2v1h-2z…`: what a browser would paint.
pub fn printed_code(group: ElementRef) -> PrintedCode {
    let path = group.select(&Selector::parse("path").unwrap()).next().unwrap();
    let boxes = path.attr("d").unwrap().split('M').skip(1).map(|run| {
        let (x, rest) = run.split_once(' ').unwrap();
        let (y, rest) = rest.split_once('h').unwrap();
        let (length, rest) = rest.split_once('v').unwrap();
        assert_eq!(rest, format!("1h-{length}z"));
        (x.parse().unwrap(), y.parse().unwrap(), length.parse().unwrap())
    });
    PrintedCode {
        text: group.attr("data-code").unwrap().to_owned(),
        kind: group.attr("data-kind").unwrap().to_owned(),
        boxes: boxes.collect(),
    }
}

/// What the project's own reader reads when the code is painted `module` pixels a module.
pub fn read_back(code: &PrintedCode, module: usize) -> Vec<(String, String)> {
    const QUIET: usize = 12;
    let columns = code.boxes.iter().map(|b| b.0 + b.2).max().unwrap();
    let rows = code.boxes.iter().map(|b| b.1 + 1).max().unwrap();
    let (down, rows) = if rows == 1 { (60, 1) } else { (module, rows) };
    let (width, height) = ((columns + 2 * QUIET) * module, rows * down + 2 * QUIET * module);
    let mut pixels = vec![255; width * height];
    for &(x, y, length) in &code.boxes {
        for py in y * down..(y + 1) * down {
            let from = (py + QUIET * module) * width + (x + QUIET) * module;
            pixels[from..from + length * module].fill(0);
        }
    }
    let readings = Reader::default().read(&Luma::new(&pixels, width, height).unwrap());
    readings.into_iter().map(|r| (r.text, r.symbology.as_str().to_owned())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_printed_code_reads_back_with_its_text() {
    let app = App::start().await;
    let seeded = demo::seed(&app.db).await.unwrap();
    let manager = app.desk("Bureau", Role::Manager).await;
    let mut read = 0;
    let badges = sheet(&manager, "/print/badges?class=2GT1").await;
    let charters = sheet(&manager, "/print/charters?class=2GT2").await;
    let mut printed = codes(&badges);
    printed.extend(codes(&charters));
    for note in &seeded.school.notes {
        // Encoding does not depend on the laptop: thirty of each maker hold every layout and many texts.
        let labels = sheet(&manager, &format!("/print/labels?delivery={}", note.number)).await;
        let mut of_maker = codes(&labels);
        assert!(of_maker.len() >= note.laptops.len().min(200) * 4, "{}: {}", note.number, of_maker.len());
        of_maker.truncate(120);
        printed.append(&mut of_maker);
    }
    for code in &printed {
        let module = if code.kind == "CODE_128" { 2 } else { 6 };
        assert_eq!(read_back(code, module), [(code.text.clone(), code.kind.clone())]);
        read += 1;
    }
    assert!(read > 400, "{read}");
    let kinds: BTreeSet<&str> = printed.iter().map(|code| code.kind.as_str()).collect();
    assert_eq!(kinds, BTreeSet::from(["CODE_128", "DATA_MATRIX", "QR_CODE"]));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sheets_show_whom_they_are_asked_for() {
    let app = App::start().await;
    let cases = demo::seed(&app.db).await.unwrap().school.cases();
    let head = app.desk("Direction", Role::Head).await;
    let texts = |html: &str| codes(html).into_iter().map(|code| code.text).collect::<Vec<_>>();

    let badges = sheet(&head, "/print/badges?class=2GT2").await;
    // 31 pupils, of whom one has left and one has lost the badge.
    assert_eq!(texts(&badges).len(), 29);
    assert!(badges.contains("absents de ces feuilles : 1."), "{badges}");
    let ready = &cases.ready[0].pupil;
    assert!(texts(&badges).contains(ready.badge.as_ref().unwrap()));
    assert!(!badges.contains(cases.left[0].badge.as_ref().unwrap()));
    let all = sheet(&head, "/print/badges").await;
    assert_eq!(texts(&all).len(), 200);
    assert!(all.contains("Partie 1 sur 4"));
    assert_eq!(texts(&sheet(&head, "/print/badges?page=4").await).len(), 13);

    let charters = sheet(&head, "/print/charters?class=2GT2").await;
    assert_eq!(texts(&charters).len(), 60);
    for copy in ready.charter.as_ref().unwrap() {
        assert_eq!(texts(&charters).iter().filter(|text| *text == copy).count(), 1);
    }
    assert!(
        charters.contains("Je prends soin de l'ordinateur.")
            && charters.contains("Accessoires remis : Chargeur, Housse.")
    );
    for empty in ["/print/charters?class=BTS1", "/print/labels?delivery=BL0", "/print/badges?class=%3Cb%3E"] {
        let html = sheet(&head, empty).await;
        assert!(html.contains("Rien à imprimer") && !html.contains("<b>"), "{html}");
    }
    assert_eq!(texts(&sheet(&head, "/print/badges?page=-3").await).len(), 200);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_charter_keeps_its_code_from_the_first_print_on() {
    let app = App::start().await;
    let manager = app.desk("Bureau", Role::Manager).await;
    app.student("Lina", "Mercier").await;
    let first = sheet(&manager, "/print/charters").await;
    let codes_of = |html: &str| codes(html).into_iter().map(|code| code.text).collect::<Vec<_>>();
    let printed = codes_of(&first);
    assert_eq!(printed.len(), 2);
    assert_eq!(codes_of(&sheet(&manager, "/print/charters").await), printed);
    assert_eq!(app.count("every", "journal WHERE action = 'print_charters'").await, 1);
    let (_, scans) = manager.post("/api/scans/resolve", &json!({ "codes": printed })).await;
    let copies: Vec<_> =
        scans["resolutions"].as_array().unwrap().iter().map(|r| &r["charter"]["copy"]).collect();
    assert_eq!(copies, [&json!(1), &json!(2)]);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_managers_print() {
    let app = App::start().await;
    let operator = app.desk("Poste 1", Role::Operator).await;
    let region = app.desk("Région", Role::Region).await;
    for path in ["/print/badges", "/print/labels", "/print/charters"] {
        assert_eq!(operator.get(path).await.0, 403, "{path}");
        assert_eq!(region.get(path).await.0, 403, "{path}");
    }
    app.stop().await;
}
