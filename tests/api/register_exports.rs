//! Registers that leave for the Région: number, sums, hash, changes, and columns of a school's own.

use crate::harness::{App, Desk, data_folder, remise};
use domain::roles::Role;
use remise::operations::seal_journal::seal_journal;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

struct File {
    number: String,
    name: String,
    text: String,
}

/// Makes an export and checks that its hash is of the bytes sent.
async fn export(desk: &Desk, kind: &str, more: Value) -> File {
    let mut asked = json!({ "request_id": Uuid::now_v7(), "kind": kind, "format": "csv" });
    asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let answer = desk.send(Method::POST, "/api/register/exports", Some(&asked)).await;
    assert_eq!(answer.status(), 200);
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    let (number, name) = (header("x-remise-export"), header("content-disposition"));
    let hash = header("x-remise-sha256");
    let bytes = answer.bytes().await.unwrap();
    let own: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(own, hash);
    File { number, name, text: String::from_utf8(bytes.to_vec()).unwrap() }
}

fn rows(file: &File) -> Vec<&str> {
    file.text.split_terminator("\r\n").skip(1).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delta_has_what_changed_since_the_export_before() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let manager = app.desk("Bureau", Role::Manager).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    let (noe, _) = app.student("Noé", "Petit").await;
    let (first, second) = (app.device("5CD030BC10").await, app.device("5CD030BD11").await);
    let none = json!({ "request_id": Uuid::now_v7(), "kind": "delta", "format": "csv" });
    assert_eq!(manager.post("/api/register/exports", &none).await.1["code"], "no_export_yet");
    let (_, handed) = desk.hands(lina, first).await;
    seal_journal(&app.db).await.unwrap();
    let full = export(&manager, "full", json!({})).await;
    assert_eq!((full.number.as_str(), rows(&full).len()), ("1", 1));
    assert!(full.name.contains("registre-0579999J-001-complet.csv"), "{}", full.name);
    // Nothing happened: nothing changed.
    seal_journal(&app.db).await.unwrap();
    assert_eq!(rows(&export(&manager, "delta", json!({})).await).len(), 0);
    // One is handed over, and the one that was told of is taken back.
    assert_eq!(desk.hands(noe, second).await.0, 201);
    let undo = format!("/api/hand-overs/{}/undo", handed["loan_id"].as_str().unwrap());
    assert_eq!(desk.post(&undo, &json!({ "request_id": Uuid::now_v7(), "reason": "erreur" })).await.0, 200);
    // What waits for its seal comes next time.
    assert_eq!(rows(&export(&manager, "delta", json!({})).await).len(), 0);
    seal_journal(&app.db).await.unwrap();
    let delta = export(&manager, "delta", json!({})).await;
    let told = rows(&delta);
    assert_eq!(told.len(), 2, "{}", delta.text);
    assert!(told[0].contains(";5CD030BC10;") && told[0].contains(";annulé;"), "{}", told[0]);
    assert!(told[1].contains(";5CD030BD11;") && told[1].contains(";remis;"), "{}", told[1]);
    // A file that got lost is made again from the number before.
    let again = export(&manager, "delta", json!({ "after": 1 })).await;
    assert_eq!((rows(&again).len(), again.number.as_str()), (2, "5"));
    assert_eq!(rows(&export(&manager, "full", json!({})).await).len(), 1);

    let (_, list) = manager.get("/api/register/exports").await;
    assert_eq!(list[0]["number"], 6);
    assert_eq!(list[2]["control"]["rows"], 2);
    assert_eq!((&list[2]["after"], &list[2]["kind"]), (&json!(3), &json!("delta")));
    let sheet = manager.send(Method::GET, "/api/register/exports/4.txt", None).await.text().await.unwrap();
    for told in [
        "Export n°              4",
        "changements depuis l'export n° 3",
        list[2]["sha256"].as_str().unwrap(),
        "sha256sum",
    ] {
        assert!(sheet.contains(told), "{told}: {sheet}");
    }
    assert_eq!(manager.get("/api/register/exports/99.txt").await.1["code"], "unknown_export");
    assert_eq!(desk.get("/api/register/exports").await.0, 403);
    let region = app.desk("Région", Role::Region).await;
    assert_eq!(
        region.get("/api/register/exports?establishment=0579999J").await.1.as_array().unwrap().len(),
        6
    );
    assert_eq!(app.count("every", "journal WHERE action = 'export_register'").await, 6);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_makes_one_export() {
    let app = App::start().await;
    let manager = app.desk("Bureau", Role::Manager).await;
    let asked = json!({ "request_id": Uuid::now_v7(), "kind": "full", "format": "xlsx" });
    let answer = manager.send(Method::POST, "/api/register/exports", Some(&asked)).await;
    assert!(answer.bytes().await.unwrap().starts_with(b"PK"));
    let (status, again) = manager.post("/api/register/exports", &asked).await;
    assert_eq!((status, &again["code"]), (409, &json!("export_made")));
    assert_eq!(app.count("every", "register_exports").await, 1);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_register_tells_incidents_grants_repairs_and_loans() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let manager = app.desk("Bureau", Role::Manager).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    let device = app.device("5CD030BC10").await;
    let spare = app.device("5CD030BD11").await;
    assert_eq!(desk.hands(lina, device).await.0, 201);
    let (school, act, incident) = (app.school, Uuid::now_v7(), Uuid::now_v7());
    app.sql(
        &school.to_string(),
        &format!(
            "INSERT INTO acts (id, establishment_id, kind, done_by, station_id, student_id)
             SELECT '{act}', '{school}', 'swap', opened_by, opened_at_station, student_id FROM loans;
             INSERT INTO incidents (id, establishment_id, kind, device_id, student_id, loan_id, act_id, reported_by, complaint_number, description)
             SELECT '{incident}', '{school}', 'theft', device_id, student_id, id, '{act}', opened_by, '2026/118', 'dans le bus' FROM loans;
             INSERT INTO emergency_grants (id, establishment_id, student_id, incident_id, requested_by, request_reason,
                                           decision, decided_at, decided_by, budget_year, amount_cents)
             SELECT gen_random_uuid(), '{school}', student_id, '{incident}', opened_by, 'x', 'granted', now(), opened_by, 2026, 30000 FROM loans;
             INSERT INTO repairs (id, establishment_id, device_id, incident_id, closed_at, outcome, cost_cents)
             VALUES (gen_random_uuid(), '{school}', '{device}', '{incident}', now(), 'not_repaired', 8950);
             INSERT INTO loans (id, establishment_id, campaign_id, student_id, device_id, kind, opened_by, opened_at_station,
                                due_on, purpose, device_state_before, replaces, incident_id)
             SELECT gen_random_uuid(), '{school}', campaign_id, student_id, '{spare}', 'temporary', opened_by, opened_at_station,
                    '2026-12-24', 'grant', 'in_stock', id, '{incident}' FROM loans;
             UPDATE devices SET state = 'lent' WHERE id = '{spare}'"
        ),
    )
    .await
    .unwrap();
    let answer = manager.send(Method::GET, "/api/register.csv", None).await;
    let text = String::from_utf8(answer.bytes().await.unwrap().to_vec()).unwrap();
    let lines: Vec<Vec<&str>> = text
        .trim_start_matches('\u{feff}')
        .split_terminator("\r\n")
        .map(|line| line.split(';').collect())
        .collect();
    let cell = |row: usize, heading: &str| {
        let place = lines[0].iter().position(|one| *one == heading).unwrap_or_else(|| panic!("{heading}"));
        lines[row][place]
    };
    for (heading, own, lent) in [
        ("N° de série", "5CD030BC10", "5CD030BD11"),
        ("Nature", "dotation", "prêt"),
        ("Motif du prêt", "", "fonds d'urgence"),
        ("Échéance", "", "24/12/2026"),
        ("Remplace", "", "5CD030BC10"),
        ("Incident", "vol", ""),
        ("N° de plainte", "2026/118", ""),
        ("Description du sinistre", "dans le bus", ""),
        ("FUP", "accordé", ""),
        ("Année FUP", "2026", ""),
        ("Montant FUP", "300,00", ""),
        ("Réparations", "1", ""),
        ("Issue de réparation", "non réparé", ""),
        ("Coût des réparations", "89,50", ""),
    ] {
        assert_eq!((cell(1, heading), cell(2, heading)), (own, lent), "{heading}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_are_chosen_ordered_and_worded() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let manager = app.desk("Bureau", Role::Manager).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    let device = app.device("5CD030BC10").await;
    assert_eq!(desk.hands(lina, device).await.0, 201);
    let (_, offered) = manager.get("/api/register/presets").await;
    let gesmat = &offered["proposals"][0];
    assert_eq!(gesmat["name"], "Gesmat (à adapter)");
    let columns = offered["columns"].as_array().unwrap();
    assert!(
        gesmat["layout"]
            .as_array()
            .unwrap()
            .iter()
            .all(|c| columns.iter().any(|known| known["key"] == c["key"]))
    );

    let layout =
        json!([{ "key": "serial", "heading": "Machine" }, { "key": "last_name", "heading": "NOM; prénom" }]);
    let asked = json!({ "name": "Gesmat", "layout": layout, "is_default": true });
    let (status, saved) = manager.post("/api/register/presets", &asked).await;
    assert_eq!((status, &saved["is_default"]), (201, &json!(true)), "{saved}");
    assert_eq!(manager.post("/api/register/presets", &asked).await.1["code"], "preset_name_taken");
    let id = saved["id"].as_str().unwrap().to_owned();
    let file = export(&manager, "full", json!({ "preset": id })).await;
    assert_eq!(file.text, "\u{feff}Machine;\"NOM; prénom\"\r\n5CD030BC10;Mercier\r\n");
    let plain = manager.send(Method::GET, &format!("/api/register.csv?preset={id}"), None).await;
    assert!(plain.text().await.unwrap().contains("Machine;"));

    let path = format!("/api/register/presets/{id}");
    let renamed = json!({ "name": "Gesmat 2", "layout": [{ "key": "serial", "heading": "N°" }] });
    assert_eq!(manager.put(&path, &renamed).await.1["name"], "Gesmat 2");
    for (wrong, code) in [
        (json!({ "name": "", "layout": layout }), "preset_implausible"),
        (json!({ "name": "x", "layout": [] }), "preset_implausible"),
        (json!({ "name": "x", "layout": [{ "key": "odd", "heading": "x" }] }), "preset_implausible"),
        (json!({ "name": "x", "layout": [{ "key": "serial", "heading": " " }] }), "preset_implausible"),
    ] {
        assert_eq!(manager.post("/api/register/presets", &wrong).await.1["code"], code, "{wrong}");
    }
    // An export outlives its preset.
    assert_eq!(manager.send(Method::DELETE, &path, None).await.status(), 204);
    assert_eq!(manager.send(Method::DELETE, &path, None).await.status(), 404);
    assert_eq!(manager.get("/api/register/exports").await.1[0]["preset"], Value::Null);
    assert_eq!(manager.put(&path, &renamed).await.1["code"], "unknown_preset");
    let wanted = json!({ "request_id": Uuid::now_v7(), "kind": "full", "format": "csv" });
    for (route, body) in [("/api/register/presets", asked), ("/api/register/exports", wanted)] {
        assert_eq!(desk.post(route, &body).await.0, 403, "{route}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_records_and_verifies() {
    let app = App::start().await;
    app.desk("Poste 1", Role::Operator).await;
    let folder = data_folder();
    let out = folder.path().join("registre.csv");
    let path = out.to_str().unwrap();
    let run = |arguments: &[&str]| {
        let mut all = vec!["export"];
        all.extend(arguments);
        all.extend(["--database-url", &app.url]);
        remise(&all).output()
    };
    let done = run(&["register", "--record", "--out", path]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let verified = run(&["verify", path]);
    let said = String::from_utf8_lossy(&verified.stdout) + String::from_utf8_lossy(&verified.stderr);
    assert!(verified.status.success() && said.contains("Export n° 1"), "{said}");
    assert!(run(&["register", "--record", "--delta", "--out", path]).status.success());
    std::fs::write(&out, "autre chose").unwrap();
    assert_eq!(run(&["verify", path]).status.code(), Some(1));
    for wrong in [&["register", "--delta"][..], &["register", "--record", "--class", "2GT1"], &["verify"]] {
        assert_eq!(run(wrong).status.code(), Some(2), "{wrong:?}");
    }
    assert_eq!(run(&["register", "--record"]).status.code(), Some(1));
    app.stop().await;
}
