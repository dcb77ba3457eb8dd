//! The register that the Région gets.

use crate::harness::{App, data_folder, remise};
use calamine::{Data, Reader, Xlsx};
use domain::roles::Role;
use reqwest::Method;
use serde_json::json;
use std::io::Cursor;
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread")]
async fn the_register_tells_who_holds_what() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let (lina, _) = app.student("Lina", "=Mercier").await;
    let (noe, _) = app.student("Noé", "Petit").await;
    let (first, second) = (app.device("5CD030BC10").await, app.device("5CD030BD11").await);
    assert_eq!(desk.hands(lina, first).await.0, 201);
    let (_, wrong) = desk.hands(noe, second).await;
    let undo = format!("/api/hand-overs/{}/undo", wrong["loan_id"].as_str().unwrap());
    assert_eq!(desk.post(&undo, &json!({ "request_id": Uuid::now_v7(), "reason": "erreur" })).await.0, 200);

    let manager = app.desk("Bureau", Role::Manager).await;
    let region = app.desk("Région", Role::Region).await;
    for (reader, path) in
        [(&manager, "/api/register.csv"), (&region, "/api/register.csv?establishment=0579999J")]
    {
        let answer = reader.send(Method::GET, path, None).await;
        assert_eq!(answer.headers()["content-type"], "text/csv; charset=utf-8");
        let text = String::from_utf8(answer.bytes().await.unwrap().to_vec()).unwrap();
        let lines: Vec<_> = text.strip_prefix('\u{feff}').unwrap().split_terminator("\r\n").collect();
        assert_eq!(lines.len(), 2, "{text}");
        assert!(lines[1].starts_with("0579999J;Lycée Jeanne-des-Bois;"), "{text}");
        assert!(
            lines[1].contains(";'=Mercier;Lina;;2GT1;20010018110;lycée;5CD030BC10;9ZZ99EA#ABF;"),
            "{text}"
        );
        assert!(
            lines[1].contains(";\"Chargeur, Housse\";2 exemplaires;")
                || lines[1].contains(";Chargeur, Housse;2 exemplaires;"),
            "{text}"
        );
    }
    let rows = async |query: &str| {
        let answer = manager.send(Method::GET, &format!("/api/register.csv?{query}"), None).await;
        answer.text().await.unwrap().lines().count() - 1
    };
    assert_eq!(rows("state=open").await, 1);
    assert_eq!(rows("state=closed").await, 0);
    assert_eq!(rows("class=2GT1").await, 1);
    assert_eq!(rows("class=TG9").await, 0);
    assert_eq!(rows("from=2020-01-01&to=2020-12-31").await, 0);
    assert_eq!(manager.get("/api/register.csv?state=odd").await.0, 400);
    assert_eq!(manager.get("/api/register.csv?from=hier").await.0, 400);
    assert_eq!(region.get("/api/register.csv").await.0, 400);
    for path in ["/api/register.csv", "/api/register.xlsx", "/api/register/summary"] {
        assert_eq!(desk.get(path).await.0, 403, "{path}");
    }
    app.stop().await;
}

type Book = Xlsx<Cursor<Vec<u8>>>;

fn cell(sheet: &calamine::Range<Data>, row: u32, heading: &str) -> Data {
    let column = (0..).find(|c| sheet.get_value((0, *c)).is_some_and(|cell| *cell == *heading));
    sheet.get_value((row, column.unwrap())).cloned().unwrap_or(Data::Empty)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_workbook_has_dates_that_are_dates_and_text_that_stays_text() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let (lina, _) = app.student("Lina", "=1+1").await;
    let device = app.device("5020000000").await;
    app.device("5CD030BD11").await;
    assert_eq!(desk.hands(lina, device).await.0, 201);
    app.sql("every", "UPDATE devices SET state = 'reserve' WHERE state = 'in_stock'").await.unwrap();

    let manager = app.desk("Bureau", Role::Manager).await;
    let answer = manager.send(Method::GET, "/api/register.xlsx?class=2GT1", None).await;
    assert_eq!(answer.headers()["content-disposition"], "attachment; filename=\"registre.xlsx\"");
    let bytes = answer.bytes().await.unwrap().to_vec();
    assert!(archived(&bytes, "xl/worksheets/sheet1.xml").contains("<autoFilter ref=\"A1:AO2\"/>"));
    assert!(archived(&bytes, "xl/worksheets/sheet1.xml").contains("state=\"frozen\""));
    let mut book: Book = Xlsx::new(Cursor::new(bytes)).unwrap();
    let loans = book.worksheet_range("Registre").unwrap();
    assert_eq!(loans.height(), 2);
    assert_eq!(cell(&loans, 1, "Nom"), Data::String("=1+1".into()));
    assert_eq!(cell(&loans, 1, "N° de série"), Data::String("5020000000".into()));
    assert!(book.worksheet_formula("Registre").unwrap().is_empty());
    let Data::DateTime(handed) = cell(&loans, 1, "Date de remise") else { panic!("not a date") };
    let today = chrono::Utc::now().with_timezone(&chrono_tz::Europe::Paris).date_naive();
    let (year, month, day, ..) = handed.to_ymd_hms_milli();
    assert_eq!(format!("{year}-{month:02}-{day:02}"), today.to_string());
    assert!(matches!(cell(&loans, 1, "Heure de remise"), Data::DateTime(_)));
    assert_eq!(cell(&loans, 1, "Date de fin"), Data::Empty);

    let totals = book.worksheet_range("Synthèse").unwrap();
    let total = |label: &str| {
        let row = totals.rows().find(|row| row[0] == label).unwrap();
        row[1].to_string()
    };
    let (_, summary) = manager.get("/api/register/summary").await;
    for (label, key, count) in [
        ("Effectif", "headcount", "1"),
        ("Dont élèves à équiper", "entitled", "1"),
        ("Ordinateurs livrés", "delivered", "2"),
        ("Ordinateurs remis", "handed_out", "1"),
        ("Réserve", "reserve", "1"),
        ("Chez des élèves partis", "held_by_leavers", "0"),
        ("Remis sans charte signée", "without_charter", "0"),
    ] {
        assert_eq!((total(label), summary[key].to_string()), (count.into(), count.into()), "{label}");
    }
    assert_eq!(total("Réserve, en % des élèves à équiper"), "100");
    assert_eq!((&summary["reserve_percent"], &summary["reserve_standing"]), (&json!(100.0), &json!("above")));
    let filtered = manager.send(Method::GET, "/api/register.xlsx?class=TG9", None).await;
    let mut book: Book = Xlsx::new(Cursor::new(filtered.bytes().await.unwrap().to_vec())).unwrap();
    assert_eq!(book.worksheet_range("Registre").unwrap().height(), 1);
    app.stop().await;
}

fn archived(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    std::io::read_to_string(archive.by_name(name).unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_thousand_loans_take_no_more_memory_than_a_few() {
    let app = App::start().await;
    app.desk("Poste 1", Role::Operator).await;
    let folder = data_folder();
    let path = folder.path().join("registre");
    let mut peaks = Vec::new();
    for count in [10, 20_000] {
        app.seed_loans(count).await;
        for format in ["csv", "xlsx"] {
            let out = path.with_extension(format);
            let run = remise(&[
                "export",
                "register",
                "--database-url",
                &app.url,
                "--format",
                format,
                "--state",
                "open",
                "--out",
                out.to_str().unwrap(),
            ]);
            let peak = tokio::task::block_in_place(|| run.peak_memory());
            peaks.push(peak);
        }
    }
    let text = std::fs::read_to_string(path.with_extension("csv")).unwrap();
    assert_eq!(text.lines().count(), 20_001);
    let mut book: Xlsx<_> = calamine::open_workbook(path.with_extension("xlsx")).unwrap();
    assert_eq!(book.worksheet_range("Registre").unwrap().height(), 20_001);
    // In KiB. A row is about 1 KiB in memory: kept ones would make 20 MiB.
    assert!(peaks[2] < peaks[0] + 8 * 1024 && peaks[3] < peaks[1] + 8 * 1024, "{peaks:?}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_writes_the_same_file() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let manager = app.desk("Bureau", Role::Manager).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    let device = app.device("5CD030BC10").await;
    assert_eq!(desk.hands(lina, device).await.0, 201);
    let export = |more: &[&str]| {
        let mut asked = vec!["export", "register", "--database-url", &app.url];
        asked.extend(more);
        remise(&asked).output()
    };
    let served = manager.send(Method::GET, "/api/register.csv", None).await.bytes().await.unwrap();
    assert_eq!(export(&[]).stdout, served.to_vec());
    assert_eq!(
        export(&["--establishment", "0579999J", "--class", "TG9"]).stdout.split(|b| *b == b'\n').count(),
        2
    );
    for bad in [&["--state", "odd"][..], &["--format", "pdf"], &["--from", "hier"]] {
        assert_eq!(export(bad).status.code(), Some(2), "{bad:?}");
    }
    let unknown = export(&["--establishment", "0570001S"]);
    assert_eq!((unknown.status.code(), unknown.stdout.len()), (Some(1), 0));
    app.stop().await;
}
