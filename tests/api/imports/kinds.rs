//! Every kind of file through the page's door: guardians, reference data, badges, tables that somebody
//! maps, accounts, folders; and taking an applied file back.

use super::{counts, document, issues, list, told};
use crate::harness::{App, Desk};
use domain::roles::Role;
use remise::operations::forget::forget;
use reqwest::Method;
use serde_json::{Value, json};
use std::io::{Cursor, Write};

const PUPILS: [super::Pupil; 3] =
    [("1", "Mercier", "Lina", "2GT1"), ("2", "Petit", "Noé", "2GT1"), ("3", "Roux", "Zoé", "2GT2")];

async fn school() -> (App, Desk) {
    let app = App::start().await;
    let desk = app.desk("Bureau", Role::Manager).await;
    let staged = desk.import("eleves.xml", list("01/09/2026 08:00:00", &PUPILS)).await;
    assert_eq!(desk.decide(&staged, "apply").await.0, 200);
    (app, desk)
}

fn guardians(exported: &str, body: &str) -> String {
    document(exported, body).replace("BEE_ELEVES", "BEE_RESPONSABLES")
}

fn person(id: &str, last: &str, phone: &str) -> String {
    format!(
        "<PERSONNE PERSONNE_ID=\"{id}\"><LC_CIVILITE>MME</LC_CIVILITE><NOM_DE_FAMILLE>{last}</NOM_DE_FAMILLE>\
         <PRENOM>Sylvie</PRENOM><TEL_PORTABLE>{phone}</TEL_PORTABLE><CODE_PROFESSION>MARQUEE</CODE_PROFESSION></PERSONNE>"
    )
}

fn link(pupil: &str, id: &str, level: u8) -> String {
    format!(
        "<RESPONSABLE_ELEVE><ELEVE_ID>{pupil}</ELEVE_ID><PERSONNE_ID>{id}</PERSONNE_ID>\
         <NIVEAU_RESPONSABILITE>{level}</NIVEAU_RESPONSABILITE><CODE_PARENTE>10</CODE_PARENTE></RESPONSABLE_ELEVE>"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn guardians_come_change_go_and_come_back_with_the_undoing() {
    let (app, desk) = school().await;
    let first = guardians(
        "01/09/2026 09:00:00",
        &format!(
            "<PERSONNES>{}{}</PERSONNES><RESPONSABLES>{}{}{}{}</RESPONSABLES>",
            person("880001", "Mercier", "+33600000001"),
            person("880002", "Petit", ""),
            link("1", "880001", 1),
            link("2", "880002", 1),
            link("2", "880001", 3),
            link("9", "880001", 1),
        ),
    );
    let staged = desk.import("resp.xml", first).await;
    assert_eq!(counts(&staged), [2, 2, 0, 0, 0, 0, 1]);
    assert_eq!(staged["report"]["counts"]["by_thing"]["links"]["read"], json!(4));
    assert_eq!(issues(&staged), [told(4, "ELEVE_ID", "unknown_student")]);
    assert_eq!(desk.decide(&staged, "apply").await.0, 200);
    let legal = "guardians WHERE is_legal AND relationship = 'mère'";
    assert_eq!((app.count("every", "guardians").await, app.count("every", legal).await), (2, 2));
    // Somebody typed by hand is nobody's file.
    app.sql(
        "every",
        "INSERT INTO guardians (id, establishment_id, student_id, last_name) SELECT gen_random_uuid(), establishment_id, id, 'Main'
         FROM students WHERE eleve_id = '3'",
    )
    .await
    .unwrap();
    let second = guardians(
        "02/09/2026 09:00:00",
        &format!(
            "<PERSONNES>{}</PERSONNES><RESPONSABLES>{}</RESPONSABLES>",
            person("880001", "Mercier", "+33600000009"),
            link("1", "880001", 1)
        ),
    );
    let staged = desk.import("resp.xml", second).await;
    assert_eq!(counts(&staged), [1, 0, 1, 0, 1, 0, 0]);
    assert_eq!(desk.decide(&staged, "apply").await.0, 200);
    assert_eq!(app.count("every", "guardians WHERE person_id IS NULL").await, 1);
    assert_eq!(app.count("every", "guardians").await, 2);
    let (status, undone) = undo(&desk, &staged).await;
    assert_eq!((status, &undone["state"]), (200, &json!("undone")));
    let phone = "guardians WHERE phone = '+33600000001' AND person_id = '880001'";
    assert_eq!((app.count("every", "guardians").await, app.count("every", phone).await), (3, 1));
    assert_eq!(undo(&desk, &staged).await.0, 409);
    app.stop().await;
}

async fn undo(desk: &Desk, import: &Value) -> (u16, Value) {
    let path = format!("/api/imports/{}/undo", import["id"].as_str().unwrap());
    desk.post(&path, &json!({ "reason": "mauvais fichier" })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_taken_back_as_a_whole_until_somebody_has_used_it() {
    let (app, desk) = school().await;
    let before: Vec<(String, i64)> = facts(&app).await;
    let second = list(
        "02/09/2026 08:00:00",
        &[("1", "Mercier", "Lina", "2GT2"), ("3", "Roux", "Zoé", "2GT2"), ("4", "Blanc", "Ali", "2GT1")],
    );
    let staged = desk.import("b.xml", second.clone()).await;
    assert_eq!(counts(&staged), [3, 1, 1, 1, 1, 0, 0]);
    assert_eq!(desk.decide(&staged, "apply").await.0, 200);
    assert_eq!(
        desk.post(
            &format!("/api/imports/{}/undo", staged["id"].as_str().unwrap()),
            &json!({ "reason": " " })
        )
        .await
        .0,
        422
    );
    assert_eq!(undo(&desk, &staged).await.0, 200);
    assert_eq!(facts(&app).await, before);
    assert_eq!(app.count("every", "import_effects").await, 3, "those of the first list alone");
    // Again, and a laptop is handed out to who came with it.
    let staged = desk.import("b.xml", second).await;
    assert_eq!(desk.decide(&staged, "apply").await.0, 200);
    let ali = app.count("every", "students WHERE eleve_id = '4'").await;
    assert_eq!(ali, 1);
    let (_, found) = desk.post("/api/students/search", &json!({ "query": "blanc ali" })).await;
    let id: uuid::Uuid = found["students"][0]["id"].as_str().unwrap().parse().unwrap();
    let device = app.device("5CD030BC10").await;
    assert_eq!(desk.hands(id, device).await.0, 201);
    let (status, why) = undo(&desk, &staged).await;
    assert_eq!((status, &why["code"]), (409, &json!("import_touched")));
    app.stop().await;
}

/// Pupils as they are, without when they were touched.
async fn facts(app: &App) -> Vec<(String, i64)> {
    let mut found = Vec::new();
    for id in ["1", "2", "3", "4"] {
        for class in ["2GT1", "2GT2"] {
            let n = app
                .count(
                    "every",
                    &format!(
                        "students s JOIN classes c ON c.id = s.class_id WHERE s.eleve_id = '{id}' AND c.code = '{class}' AND s.missing_since IS NULL"
                    ),
                )
                .await;
            found.push((format!("{id} {class}"), n));
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_note_is_taken_back_with_its_note_and_models() {
    let (app, desk) = school().await;
    let there = async || {
        (
            app.count("every", "devices").await,
            app.count("every", "deliveries").await,
            app.count("every", "device_models").await,
        )
    };
    let first = desk.import("BL1.csv", "BL;P/N;S/N;Désignation\nBL1;20ZZ;PF0FAKE1;Lenovo L13\n").await;
    assert_eq!(desk.decide(&first, "apply").await.0, 200);
    assert_eq!(there().await, (1, 1, 1));
    // Another note words the known model anew, and brings one of its own.
    let note =
        "BL;P/N;S/N;Désignation\nBL2;20ZZ;PF0FAKE2;Lenovo L13 Yoga\nBL2;9YY#ABF;5CD030BC10;HP ProBook\n";
    let second = desk.import("BL2.csv", note).await;
    assert_eq!(desk.decide(&second, "apply").await.0, 200);
    assert_eq!(there().await, (3, 2, 2));
    assert_eq!(undo(&desk, &second).await.0, 200);
    assert_eq!(there().await, (1, 1, 1));
    assert_eq!(app.count("every", "device_models WHERE designation = 'Lenovo L13'").await, 1);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pupil_without_number_is_found_and_a_namesake_is_asked_about() {
    let (app, desk) = school().await;
    app.sql(
        "every",
        "UPDATE students SET ine = '990000001AB', birth_date = '2010-03-14' WHERE eleve_id = '1';
         UPDATE students SET birth_date = '2010-05-01' WHERE eleve_id = '2'",
    )
    .await
    .unwrap();
    let pronote = "Nom;Prénom;Né(e) le;N° national;Classe\r\nMERCIER;Lina;14/03/2010;990000001AB;2GT2\r\n\
                   PETIT;Noé;01/05/2010;;2GT1\r\nNEUF;Ana;02/02/2010;990000009CD;2GT1\r\n";
    let staged = desk.import("pronote.csv", pronote).await;
    assert_eq!(staged["kind"], json!("mapped_students"), "{staged}");
    assert_eq!(counts(&staged), [3, 1, 1, 0, 0, 0, 1]);
    assert_eq!(staged["report"]["counts"]["to_confirm"], json!(1));
    assert!(issues(&staged).contains(&told(3, "Nom", "confirm_match")), "{:?}", issues(&staged));
    let path = format!("/api/imports/{}/confirm", staged["id"].as_str().unwrap());
    let (status, other) = desk.post(&path, &json!({ "row": 3, "is_same": false })).await;
    assert_eq!((status, counts(&other)[1]), (200, 2), "another pupil is a new one");
    let answers = |import: &Value| -> Vec<Value> {
        let issues = import["report"]["issues"].as_array().unwrap().iter();
        issues
            .filter(|issue| issue["code"] == "confirm_match")
            .map(|issue| issue["is_same"].clone())
            .collect()
    };
    assert_eq!((answers(&staged), answers(&other)), (vec![Value::Null], vec![json!(false)]));
    let (_, same) = desk.post(&path, &json!({ "row": 3, "is_same": true })).await;
    assert_eq!(answers(&same), [json!(true)]);
    let faults =
        desk.send(Method::GET, &path.replace("/confirm", "/issues"), None).await.text().await.unwrap();
    assert!(faults.contains("Réponse : c'est le même élève."), "{faults}");
    assert_eq!((counts(&same)[1], &same["report"]["counts"]["to_confirm"]), (1, &json!(0)));
    assert_eq!(desk.decide(&staged, "apply").await.0, 200);
    assert_eq!(app.count("every", "students").await, 4);
    assert_eq!(app.count("every", "students WHERE eleve_id IS NULL AND ine = '990000009CD'").await, 1);
    // What the table does not know stays: the MEF of SIECLE, and who is not in it.
    assert_eq!(app.count("every", "students WHERE mef = '20010018110' AND missing_since IS NULL").await, 3);
    // SIECLE's next list knows the newcomer by INE and birth date.
    let siecle = document(
        "03/09/2026 08:00:00",
        "<ELEVES><ELEVE ELEVE_ID=\"77\"><INE_RNIE>990000009CD</INE_RNIE><NOM_DE_FAMILLE>NEUF</NOM_DE_FAMILLE><PRENOM>Ana</PRENOM>\
         <DATE_NAISS>02/02/2010</DATE_NAISS><CODE_MEF>20010018110</CODE_MEF></ELEVE></ELEVES><STRUCTURES/>",
    );
    let staged = desk.import("d.xml", siecle).await;
    assert_eq!(counts(&staged)[1..3], [0, 1]);
    assert_eq!(desk.decide(&staged, "apply").await.0, 200);
    assert_eq!(app.count("every", "students WHERE eleve_id = '77' AND ine = '990000009CD'").await, 1);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_that_somebody_names_are_remembered() {
    let (app, desk) = school().await;
    let table = "Matricule;Carte\r\n1;04A1B2C3\r\n2;04A1B2C4\r\n9;04A1B2C5\r\n";
    let looked = desk.upload("/api/imports/preview", table.as_bytes().to_vec()).await;
    assert_eq!(looked.0, 200, "{}", looked.1);
    let send = async |layout: Option<&str>| {
        let mut request = reqwest::Client::new()
            .post(desk.socket("/api/imports").replacen("ws", "http", 1))
            .header("cookie", &desk.cookie)
            .header("x-file-name", "cartes.csv");
        if let Some(layout) = layout {
            let encoded = percent_encoding::utf8_percent_encode(layout, percent_encoding::NON_ALPHANUMERIC);
            request = request.header("x-layout", encoded.to_string());
        }
        let import: Value = request.body(table).send().await.unwrap().json().await.unwrap();
        desk.read_to_the_end(&import).await
    };
    let layout =
        json!({ "kind": "badges", "sheet": "", "header_row": 1, "columns": { "eleve_id": 0, "code": 1 } });
    let staged = send(Some(&layout.to_string())).await;
    assert_eq!(staged["state"], json!("staged"), "{staged}");
    assert_eq!(counts(&staged), [3, 2, 0, 0, 0, 1, 0]);
    assert_eq!(issues(&staged)[0].2, "unknown_student");
    assert_eq!(desk.decide(&staged, "apply").await.0, 200);
    assert_eq!(app.count("every", "badges WHERE source = 'imported'").await, 2);
    let again = send(None).await;
    assert_eq!((&again["kind"], counts(&again)), (&json!("badges"), [3, 0, 0, 2, 0, 1, 0]));
    let (_, looked) = desk.upload("/api/imports/preview", table.as_bytes().to_vec()).await;
    assert_eq!(looked["table"]["remembered"], json!(true), "{looked}");
    // What somebody says now counts, not what was said before.
    let half = json!({ "kind": "badges", "sheet": "", "header_row": 1, "columns": { "code": 1 } });
    let refused = send(Some(&half.to_string())).await;
    assert_eq!(refused["refusal"]["code"], json!("columns_missing"), "{refused}");
    assert_eq!(looked["table"]["proposed"]["columns"]["code"], json!(1));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_is_each_of_its_files() {
    let (app, desk) = school().await;
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let structures = document("01/09/2026 08:00:00", "<DIVISIONS><DIVISION CODE_STRUCTURE=\"2GT1\"><LIBELLE_LONG>SECONDE 1</LIBELLE_LONG></DIVISION></DIVISIONS>")
        .replace("BEE_ELEVES", "BEE_STRUCTURES");
    let list = list("04/09/2026 08:00:00", &PUPILS);
    for (name, text) in
        [("export/Structures.xml", structures.as_str()), ("export/Eleves.xml", &list), ("__MACOSX/x", "")]
    {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    let (status, first) = desk.send_file("tout.zip", zip.finish().unwrap().into_inner()).await;
    assert_eq!(status, 202, "{first}");
    assert_eq!(first["parts"].as_array().map(Vec::len), Some(1));
    for (import, kind) in [(&first, "structures"), (&first["parts"][0], "students")] {
        let staged = desk.read_to_the_end(import).await;
        assert_eq!((&staged["kind"], &staged["state"]), (&json!(kind), &json!("staged")), "{staged}");
        assert_eq!(desk.decide(&staged, "apply").await.0, 200);
    }
    assert_eq!(app.count("every", "reference_rows WHERE thing = 'class' AND realm = 'siecle'").await, 1);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn teachers_are_forgotten_when_no_file_of_them_comes_any_more() {
    let (app, desk) = school().await;
    let sts = include_bytes!("../../../importers/tests/fixtures/sts_emp.xml");
    let staged = desk.import("sts_emp_0579999J_2026.xml", sts.to_vec()).await;
    assert_eq!(desk.decide(&staged, "apply").await.0, 200, "{staged}");
    let teachers = "reference_rows WHERE thing = 'teacher'";
    let (classes, named) = (
        app.count("every", "reference_rows WHERE thing = 'class'").await,
        app.count("every", teachers).await,
    );
    assert!(classes > 0 && named > 0);
    assert_eq!(forget(&app.db).await.unwrap().references, 0);
    // An older timetable takes nobody of STS away, nor the other way round.
    let courses = include_bytes!("../../../importers/tests/fixtures/edt_cours.xml");
    let staged = desk.import("EXP_COURS.xml", courses.to_vec()).await;
    assert_eq!(desk.decide(&staged, "apply").await.0, 200, "{staged}");
    let told = app.count("every", "reference_rows WHERE thing = 'course'").await;
    assert!(told > 0);
    let age = |kind: &str| {
        format!("UPDATE imports SET applied_at = applied_at - interval '14 months' WHERE kind = '{kind}'")
    };
    for (kind, thing, gone) in [("edt_courses", "course", told), ("sts", "teacher", named)] {
        app.sql("every", &age(kind)).await.unwrap();
        assert_eq!(forget(&app.db).await.unwrap().references, usize::try_from(gone).unwrap(), "{kind}");
        assert_eq!(app.count("every", &format!("reference_rows WHERE thing = '{thing}'")).await, 0);
    }
    assert!(
        app.count("every", "reference_rows WHERE thing = 'class'").await >= classes,
        "a class names nobody"
    );
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn passwords_go_onto_paper_and_nowhere_else() {
    let (app, desk) = school().await;
    let accounts = "rne;uid;classe;profil;prenom;nom;login;mot de passe;cle de jointure\r\n\
                    0579999J;U1;2GT1;Elève;Lina;MERCIER;lina.mercier;SecretMarque1;1\r\n";
    let refused = desk.import("comptes.csv", accounts).await;
    assert_eq!((&refused["state"], &refused["kind"]), (&json!("refused"), &json!("accounts")));
    assert_eq!(refused["refusal"]["code"], json!("accounts_are_printed"));
    let answer = desk.send(Method::POST, "/api/accounts/slips", None).await;
    assert_eq!(answer.status(), 422, "an empty file");
    let request = reqwest::Client::new()
        .post(desk.socket("/api/accounts/slips").replacen("ws", "http", 1))
        .header("cookie", &desk.cookie);
    let answer = request.body(accounts).send().await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.headers()["cache-control"].to_str().unwrap()),
        (200, "no-store")
    );
    let page = answer.text().await.unwrap();
    assert!(page.contains("lina.mercier") && page.contains("SecretMarque1"), "{page}");
    for table in ["imports", "import_issues", "journal", "answers", "staged_students"] {
        assert_eq!(
            app.count("every", &format!("{table} t WHERE t::text LIKE '%SecretMarque1%'")).await,
            0,
            "{table}"
        );
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_of_entitlement_are_looked_at_then_put_in_force() {
    let (app, desk) = school().await;
    let (_, rules) = desk.get("/api/entitlement").await;
    assert_eq!((&rules["school_year"], &rules["own"]), (&json!(2026), &json!(false)));
    let own = json!([{ "prefix": "2001", "public": "other", "entitled": false }]);
    let (_, preview) = desk.post("/api/entitlement/preview", &own).await;
    assert_eq!((&preview["becoming"], &preview["losing"]), (&json!(0), &json!(3)), "{preview}");
    assert_eq!(app.count("every", "students WHERE entitled").await, 3, "nothing has changed");
    let asked = json!({ "request_id": uuid::Uuid::now_v7(), "rules": own });
    let (status, put) = desk.put("/api/entitlement", &asked).await;
    assert_eq!((status, &put["own"]), (200, &json!(true)), "{put}");
    assert_eq!(app.count("every", "students WHERE entitled").await, 0);
    // The next list goes by them.
    let staged = desk.import("e.xml", list("05/09/2026 08:00:00", &[("1", "Mercier", "Lina", "2GT1")])).await;
    assert_eq!(counts(&staged), [1, 0, 0, 1, 2, 0, 0]);
    let (_, back) = desk.post("/api/entitlement/preview", &json!([])).await;
    assert_eq!((&back["becoming"], &back["losing"]), (&json!(3), &json!(0)), "as it was");
    let asked = json!({ "request_id": uuid::Uuid::now_v7(), "rules": [] });
    assert_eq!(desk.put("/api/entitlement", &asked).await.0, 200);
    assert_eq!(app.count("every", "students WHERE entitled").await, 3);
    let twice = json!([{ "prefix": "2", "public": "lycee", "entitled": true }, { "prefix": "2", "public": "lycee", "entitled": false }]);
    assert_eq!(desk.post("/api/entitlement/preview", &twice).await.0, 422);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_data_say_what_is_missing_and_whom_it_concerns() {
    let (app, desk) = school().await;
    app.sql("every", "UPDATE students SET class_id = NULL WHERE eleve_id = '3'").await.unwrap();
    let (_, state) = desk.get("/api/data/checks").await;
    let total = |code: &str| {
        let check = state["checks"].as_array().unwrap().iter().find(|check| check["code"] == code);
        check.unwrap_or_else(|| panic!("{code}"))["total"].clone()
    };
    assert_eq!((total("student_without_class"), total("student_without_ine")), (json!(1), json!(3)));
    assert_eq!((total("student_without_guardian"), total("badge_missing")), (json!(3), json!(0)));
    let ages = state["imports"].as_array().unwrap();
    let age = |kind: &str| ages.iter().find(|age| age["kind"] == kind).unwrap();
    assert_eq!(age("guardians")["days"], Value::Null);
    assert_eq!(age("guardians")["is_old"], json!(true));
    let answer = desk.send(Method::GET, "/api/data/checks/student_without_class/export", None).await;
    let text = answer.text().await.unwrap();
    assert_eq!(text, "\u{feff}Classe;Nom;Détail\r\n;Roux Zoé;\r\n");
    assert_eq!(desk.get("/api/data/checks/odd/export").await.0, 404);
    app.stop().await;
}
