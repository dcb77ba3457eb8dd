//! Everything that one box finds, and the tables of words behind it.

use crate::custody::in_days;
use crate::harness::App;
use crate::printing::{codes, read_back, sheet};
use domain::identifiers::receipt_code;
use domain::roles::Role;
use serde_json::{Value, json};

fn serials(answer: &Value) -> Vec<&str> {
    answer["devices"].as_array().unwrap().iter().map(|device| device["serial"].as_str().unwrap()).collect()
}

fn names(answer: &Value) -> Vec<&str> {
    answer["students"].as_array().unwrap().iter().map(|student| student["name"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_box_finds_pupils_laptops_charters_and_classes() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let (lina, badge) = app.student("Lina", "Mercier").await;
    app.student("Maël", "D''Œtrange-Lesœur").await;
    app.student("Linda", "Martin").await;
    let device = app.device("5CD030BC10").await;
    app.device("5CD030BD11").await;
    app.device("PF3BC10A").await;
    let find = async |text: &str| desk.post("/api/search", &json!({ "query": text })).await.1;

    assert_eq!(names(&find("lin").await), ["Linda MARTIN", "Lina MERCIER"]);
    assert_eq!(names(&find("lina").await), ["Lina MERCIER"]);
    assert_eq!(names(&find("mer lin").await), ["Lina MERCIER"]);
    assert_eq!(names(&find("OETRANGE mael").await), ["Maël D'ŒTRANGE-LESŒUR"]);
    assert_eq!(names(&find("lesœur").await).len(), 1);
    assert_eq!(names(&find("ercier").await), [] as [&str; 0]);
    // A class alone, and a class with a name.
    let class = find("2gt1").await;
    assert_eq!((class["class"].as_str(), names(&class).len()), (Some("2GT1"), 3));
    assert_eq!(names(&find("2GT1 lina").await), ["Lina MERCIER"]);
    // The start, the end and the middle of a serial number.
    assert_eq!(serials(&find("5cd0").await), ["5CD030BC10", "5CD030BD11"]);
    assert_eq!(serials(&find("bc10").await), ["5CD030BC10"]);
    assert_eq!(serials(&find("030BD").await), ["5CD030BD11"]);
    // Exactly: a badge, a serial number with O for 0, a sheet.
    let (_, done) = desk.hands(lina, device).await;
    let by_badge = find(&badge).await;
    assert_eq!((by_badge["exact"].as_bool(), names(&by_badge)), (Some(true), vec!["Lina MERCIER"]));
    assert_eq!(by_badge["loans"][0]["loan_id"], done["loan_id"]);
    let whole = find("5CDO3OBC1O").await;
    assert_eq!((whole["exact"].as_bool(), serials(&whole)), (Some(true), vec!["5CD030BC10"]));
    assert_eq!(whole["loans"][0]["name"], "Lina MERCIER");
    let school = app.school;
    app.sql(
        &school.to_string(),
        &format!(
            "INSERT INTO charter_sheets (id, establishment_id, student_id, charter_id, code)
             SELECT gen_random_uuid(), '{school}', '{lina}', id, 'CH0123456789' FROM charters"
        ),
    )
    .await
    .unwrap();
    for code in ["CH0123456789", "CH0123456789-2"] {
        let sheet = find(code).await;
        assert_eq!(sheet["charters"][0]["student"]["name"], "Lina MERCIER", "{sheet}");
    }
    for nothing in ["", "x", "**", "zzz"] {
        let answer = find(nothing).await;
        assert_eq!((names(&answer).len(), serials(&answer).len()), (0, 0), "{nothing}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_box_finds_receipts_and_every_open_loan() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let (lina, badge) = app.student("Lina", "Mercier").await;
    let (own, spare) = (app.device("5CD030BC10").await, app.spare("5CD030BD11").await);
    let allocation = desk.loan(lina, own).await;
    let lent = json!({ "student_id": lina, "device_id": spare, "until": in_days(3), "purpose": "forgotten" });
    let (status, done) = desk.acts("/api/loans", lent).await;
    assert_eq!(status, 201, "{done}");
    let find = async |text: &str| desk.post("/api/search", &json!({ "query": text })).await.1;

    // Both loans, whichever of pupil and laptops is named.
    let open = async |text: &str| {
        let loans = find(text).await["loans"].as_array().unwrap().clone();
        loans.iter().map(|loan| loan["serial"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(open(&badge).await, ["5CD030BC10", "5CD030BD11"]);
    assert_eq!((open("5CD030BC10").await, open("5cd030bd11").await.len()), (vec!["5CD030BC10".into()], 1));

    // The hand-over's receipt, its code as printed, typed and as a scanner hands it on.
    let path = format!("/print/hand-overs/{allocation}");
    let printed = codes(&sheet(&desk, &path).await);
    let code = &printed.iter().find(|code| code.text.starts_with("RM")).unwrap().text;
    let spaced = format!(" {} {}", &code[..4].to_lowercase(), &code[4..]);
    for typed in [code.clone(), spaced, format!("]C0{code}\r")] {
        let found = find(&typed).await;
        let receipt = &found["receipts"][0];
        assert_eq!((&receipt["path"], &receipt["code"]), (&json!(path), &json!(code)), "{typed}: {found}");
        assert_eq!((&receipt["title"], &found["exact"]), (&json!("Reçu de remise"), &json!(true)));
        assert_eq!(
            (receipt["student"]["name"].as_str(), names(&found)),
            (Some("Lina MERCIER"), vec!["Lina MERCIER"])
        );
        assert_eq!(found["loans"].as_array().unwrap().len(), 2);
    }
    // A return's, by what the camera reads of its QR code.
    let (_, back) = desk.acts("/api/returns", json!({ "loan_id": allocation })).await;
    let path = format!("/print/acts/{}", back["act"]["act_id"].as_str().unwrap());
    let printed = codes(&sheet(&desk, &path).await);
    let read = read_back(printed.iter().find(|code| code.kind == "QR_CODE").unwrap(), 6);
    let found = find(&read[0].0).await;
    assert_eq!(
        (&found["receipts"][0]["path"], &found["receipts"][0]["title"]),
        (&json!(path), &json!("Reçu de retour"))
    );
    // A contractor's slip is the office's; a code that is no receipt's finds nothing.
    let manager = app.desk("Bureau", Role::Manager).await;
    let (_, batch) = manager.acts("/api/repair-batches", json!({ "contractor": "Atelier du Nord" })).await;
    let slip = receipt_code(batch["batch"]["id"].as_str().unwrap().parse().unwrap());
    let (_, office) = manager.post("/api/search", &json!({ "query": slip })).await;
    assert_eq!(office["receipts"][0]["title"], "Bon de SAV", "{office}");
    for nothing in [slip.as_str(), "RM0000000000"] {
        assert_eq!(find(nothing).await["receipts"], json!([]), "{nothing}");
    }
    let next_door = crate::harness::open(&app.db, "0570001S", "Lycée voisin").await;
    let other = app.desk_of(next_door, "Poste 1", Role::Manager).await;
    let (_, elsewhere) = other.post("/api/search", &json!({ "query": code })).await;
    assert_eq!((names(&elsewhere).len(), &elsewhere["receipts"]), (0, &json!([])));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn words_follow_every_change_of_names_and_numbers() {
    let app = App::start().await;
    let (school, scope) = (app.school, app.school.to_string());
    app.student("Lina", "Mercier").await;
    app.student("Noé", "Petit").await;
    app.device("5CD030BC10").await;
    let words = async |word: &str| app.count(&scope, &format!("student_words WHERE word = '{word}'")).await;
    assert_eq!((words("mercier").await, words("petit").await), (1, 1));
    app.sql(&scope, "UPDATE students SET search_key = 'durand lina' WHERE last_name = 'Mercier'")
        .await
        .unwrap();
    assert_eq!((words("mercier").await, words("durand").await, words("lina").await), (0, 1, 1));
    app.sql(&scope, "UPDATE devices SET serial_number = '5CD030BD11'").await.unwrap();
    assert_eq!(app.count(&scope, "device_words WHERE word IN ('5CD030BD11', '<11DB030DC5')").await, 2);
    app.sql(&scope, "UPDATE devices SET state = 'reserve'").await.unwrap();
    app.sql(&scope, "DELETE FROM badges; DELETE FROM students; DELETE FROM devices").await.unwrap();
    assert_eq!(app.count(&scope, "student_words").await + app.count(&scope, "device_words").await, 0);
    // A whole list in one statement.
    app.sql(&scope, &crate::harness::seed_desk(school, 500)).await.unwrap();
    assert_eq!(
        (app.count(&scope, "student_words").await, app.count(&scope, "device_words").await),
        (1000, 1000)
    );
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_school_finds_lists_and_reads_nothing() {
    let app = App::start().await;
    let own = app.desk("Poste 1", Role::Operator).await;
    let (lina, badge) = app.student("Lina", "Mercier").await;
    let device = app.device("5CD030BC10").await;
    assert_eq!(own.hands(lina, device).await.0, 201);
    let next_door = crate::harness::open(&app.db, "0570001S", "Lycée voisin").await;
    let desk = app.desk_of(next_door, "Poste 1", Role::Manager).await;
    for text in ["lina", "mercier", "2GT1", "5CD0", "BC10", "030B", "5CD030BC10", badge.as_str()] {
        let (_, found) = desk.post("/api/search", &json!({ "query": text })).await;
        assert_eq!((names(&found).len(), serials(&found).len()), (0, 0), "{text}: {found}");
    }
    for (path, group) in [("/api/students/list", "students"), ("/api/devices/list", "devices")] {
        // Not even after a row of the other's.
        for asked in [json!({}), json!({ "after": lina }), json!({ "after": device })] {
            let (status, page) = desk.post(path, &asked).await;
            assert_eq!((status, &page[group]), (200, &json!([])), "{path} {asked}");
        }
    }
    for path in [format!("/api/students/{lina}/story"), format!("/api/devices/{device}/story")] {
        assert_eq!(desk.get(&path).await.0, 404, "{path}");
    }
    assert_eq!(desk.get("/api/devices/choices").await.1, json!({ "models": [], "deliveries": [] }));
    assert_eq!(desk.get("/api/register/exports?establishment=0579999J").await.1, json!([]));
    app.stop().await;
}
