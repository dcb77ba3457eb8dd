//! Receptions, the reserve and stock-takes, as several stations do them at once.

use crate::custody::in_days;
use crate::harness::{App, open};
use domain::roles::Role;
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;

/// A delivery of so many announced laptops; `(delivery, serial numbers)`.
async fn delivery(app: &App, note: &str, count: usize) -> (Uuid, Vec<String>) {
    let (id, school) = (Uuid::now_v7(), app.school);
    let serials: Vec<String> =
        (0..count).map(|n| format!("5CD{:04}{}", n, &note[note.len() - 3..])).collect();
    let rows: Vec<String> = serials
        .iter()
        .map(|serial| {
            format!(
                "INSERT INTO devices (id, establishment_id, serial_number, model_id, delivery_id, pallet, state)
                 SELECT gen_random_uuid(), '{school}', '{serial}', m.id, '{id}', 'P1', 'announced' FROM device_models m
                 WHERE m.part_number = '9ZZ99EA#ABF';"
            )
        })
        .collect();
    let statements = format!(
        "INSERT INTO device_models (id, establishment_id, manufacturer, part_number, designation)
         VALUES (gen_random_uuid(), '{school}', 'HP', '9ZZ99EA#ABF', 'HP ProBook') ON CONFLICT DO NOTHING;
         INSERT INTO deliveries (id, establishment_id, note_number) VALUES ('{id}', '{school}', '{note}'); {}",
        rows.concat()
    );
    app.sql(&school.to_string(), &statements).await.unwrap();
    (id, serials)
}

fn verdict(answer: &(u16, Value)) -> (&str, &str) {
    assert_eq!(answer.0, 200, "{}", answer.1);
    (answer.1["verdict"].as_str().unwrap(), answer.1["tone"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_is_checked_box_by_box() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let manager = app.desk("Bureau", Role::Manager).await;
    let (note, serials) = delivery(&app, "BL-001", 5).await;
    let (_, others) = delivery(&app, "BL-002", 1).await;
    let next_door = open(&app.db, "0570001S", "Lycée voisin").await.to_string();
    let theirs = format!(
        "INSERT INTO device_models (id, establishment_id, manufacturer, part_number, designation)
         VALUES (gen_random_uuid(), '{next_door}', 'HP', 'X', 'X');
         INSERT INTO devices (id, establishment_id, serial_number, model_id, state)
         SELECT gen_random_uuid(), '{next_door}', '5CD99999ZZ', id, 'announced' FROM device_models WHERE part_number = 'X'"
    );
    app.sql(&next_door, &theirs).await.unwrap();
    let path = format!("/api/deliveries/{note}/scans");
    let scan = async |code: &str, damaged: bool| {
        desk.acts(
            &path,
            json!({ "code": code, "damaged": damaged, "note": if damaged { "écran fêlé" } else { "" } }),
        )
        .await
    };
    let first = scan(&serials[0].to_lowercase(), false).await;
    assert_eq!(verdict(&first), ("received", "done"));
    assert_eq!((&first.1["delivery"]["expected"], &first.1["delivery"]["seen"]), (&json!(5), &json!(1)));
    assert_eq!(verdict(&scan(&serials[0], false).await), ("already", "already"));
    assert_eq!(verdict(&scan(&serials[1], true).await), ("damaged", "done"));
    assert_eq!(verdict(&scan(&serials[2], false).await), ("received", "done"));
    // Found broken after it was taken in.
    assert_eq!(verdict(&scan(&serials[2], true).await), ("damaged", "done"));
    let other = scan(&others[0], false).await;
    assert_eq!(verdict(&other), ("other_note", "refused"));
    assert!(other.1["sentence"].as_str().unwrap().contains("BL-002"), "{}", other.1);
    let foreign = scan("5CD99999ZZ", false).await;
    assert_eq!(verdict(&foreign), ("other_school", "refused"));
    assert!(foreign.1["sentence"].as_str().unwrap().contains("Lycée voisin (0570001S)"), "{}", foreign.1);
    assert_eq!(verdict(&scan("5CD00000ZZ", false).await), ("not_on_a_note", "refused"));
    assert_eq!(verdict(&scan("9ZZ99EA#ABF", false).await), ("no_serial", "unknown"));
    assert_eq!(app.count("every", "devices WHERE state = 'awaiting_repair'").await, 2);

    // A wrong scan is taken back like any act.
    let act = json!({ "act": { "act_id": first.1["act_id"] } });
    assert_eq!(desk.undoes(&act).await.0, 200);
    let (_, reception) = desk.get(&format!("/api/deliveries/{note}")).await;
    assert_eq!((&reception["delivery"]["seen"], &reception["delivery"]["damaged"]), (&json!(2), &json!(2)));
    assert_eq!(reception["missing"].as_array().unwrap().len(), 3);
    assert_eq!(reception["strange"].as_array().unwrap().len(), 5);
    assert_eq!(verdict(&scan(&serials[0], false).await), ("received", "done"));

    let csv = desk.send(Method::GET, &format!("/api/deliveries/{note}/differences.csv"), None).await;
    assert_eq!(csv.headers()["content-disposition"], "attachment; filename=\"ecarts-BL-001.csv\"");
    let csv = csv.text().await.unwrap();
    for (what, times) in [
        (";manquant;", 2),
        (";abîmé;", 2),
        (";en trop;", 1),
        (";sur un autre bon;", 1),
        (";autre établissement;", 1),
    ] {
        assert_eq!(csv.matches(what).count(), times, "{what}: {csv}");
    }
    let check = format!("/api/deliveries/{note}/check");
    assert_eq!(desk.acts(&check, json!({ "over": true })).await.0, 403);
    assert_eq!(manager.acts(&check, json!({ "over": true })).await.0, 200);
    assert_eq!(scan(&serials[3], false).await.1["code"], "delivery_checked");
    assert_eq!(manager.acts(&check, json!({ "over": false })).await.0, 200);
    let rest = format!("/api/deliveries/{note}/rest");
    assert_eq!(manager.acts(&rest, json!({ "reason": "Comptés" })).await.0, 201);
    assert_eq!(desk.get(&format!("/api/deliveries/{note}")).await.1["missing"], json!([]));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn four_stations_receive_one_delivery_and_count_each_laptop_once() {
    let app = App::start().await;
    let (note, serials) = delivery(&app, "BL-003", 60).await;
    let serials = Arc::new(serials);
    let path = Arc::new(format!("/api/deliveries/{note}/scans"));
    let mut stations = Vec::new();
    for place in 0..4 {
        let desk = app.desk(&format!("Poste {place}"), Role::Operator).await;
        let (serials, path) = (serials.clone(), path.clone());
        stations.push(tokio::spawn(async move {
            let mut received = 0;
            // Each begins elsewhere and goes through all of them: every laptop is scanned four times.
            for n in 0..serials.len() {
                let serial = &serials[(n + place * 15) % serials.len()];
                let answer = desk.acts(&path, json!({ "code": serial })).await;
                received += i32::from(verdict(&answer).0 == "received");
            }
            received
        }));
    }
    let mut received = 0;
    for station in stations {
        received += station.await.unwrap();
    }
    assert_eq!(received, 60);
    assert_eq!(app.count("every", "reception_scans").await, 60);
    assert_eq!(app.count("every", "journal WHERE action = 'receive'").await, 60);
    assert_eq!(app.count("every", "devices WHERE state = 'in_stock'").await, 60);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_share_of_the_stock_becomes_the_reserve_and_the_gauge_follows() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let manager = app.desk("Bureau", Role::Manager).await;
    let mut pupils = Vec::new();
    for n in 0..50 {
        pupils.push(app.student(&format!("Élève{n}"), "Essai").await.0);
    }
    for n in 0..4 {
        app.device(&format!("5CD030BC{n}0")).await;
    }
    let (_, empty) = desk.get("/api/reserve").await;
    assert_eq!(
        (&empty["gauge"]["standing"], &empty["gauge"]["floor"], &empty["gauge"]["ceiling"]),
        (&json!("below"), &json!(1), &json!(2))
    );
    assert_eq!(empty["short"][0]["needed"], 50);
    let fill = |tenths: i64| json!({ "tenths_of_percent": tenths });
    assert_eq!(desk.acts("/api/reserve/fill", fill(30)).await.0, 403);
    assert_eq!(manager.acts("/api/reserve/fill", fill(100)).await.1["code"], "stock_too_small");
    let (status, done) = manager.acts("/api/reserve/fill", fill(30)).await;
    assert_eq!((status, done["act"]["devices"].as_array().unwrap().len()), (201, 2), "{done}");
    assert_eq!(manager.acts("/api/reserve/fill", fill(30)).await.1["code"], "share_implausible");
    let (_, state) = desk.get("/api/reserve").await;
    assert_eq!((&state["gauge"]["percent"], &state["gauge"]["standing"]), (&json!(4.0), &json!("within")));
    assert_eq!(state["history"].as_array().unwrap().len(), 90);
    assert_eq!((&state["history"][88]["reserve"], &state["history"][89]["reserve"]), (&json!(0), &json!(2)));
    assert_eq!(state["weeks_left"], json!(null));

    let spare: Uuid = state["devices"][0]["id"].as_str().unwrap().parse().unwrap();
    let own = app.device("5CD030BZ99").await;
    let loan = desk.loan(pupils[0], own).await;
    let swap = json!({ "loan_id": loan, "incident": "breakdown", "spare": { "device_id": spare, "until": in_days(9) } });
    assert_eq!(desk.acts("/api/incidents", swap).await.0, 201);
    let (_, state) = desk.get("/api/reserve").await;
    assert_eq!(
        (&state["gauge"]["reserve"], &state["gauge"]["lent"], &state["gauge"]["in_repair"]),
        (&json!(1), &json!(1), &json!(1))
    );
    assert_eq!((&state["incidents_a_week"], &state["weeks_left"]), (&json!(1.0), &json!(1.0)));
    assert_eq!((&state["out"][0]["purpose"], &state["acts"][0]["kind"]), (&json!("repair"), &json!("swap")));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stock_take_finds_what_is_missing_and_what_should_not_be_there() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let other = app.desk("Poste 2", Role::Operator).await;
    let manager = app.desk("Bureau", Role::Manager).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    let (seen, gone, held) =
        (app.device("5CD030BC10").await, app.spare("5CD030BC20").await, app.device("5CD030BC30").await);
    let lost = app.device("5CD030BC40").await;
    desk.loan(lina, held).await;
    let loss = json!({ "device_id": lost, "incident": "loss" });
    assert_eq!(desk.acts("/api/incidents", loss).await.0, 201);

    assert_eq!(desk.acts("/api/stock-takes", json!({ "name": " " })).await.0, 422);
    let (status, opened) = desk.acts("/api/stock-takes", json!({ "name": "Toussaint" })).await;
    assert_eq!((status, &opened["number"]), (201, &json!(1)));
    assert_eq!(desk.acts("/api/stock-takes", json!({ "name": "Noël" })).await.1["code"], "stock_take_open");
    let path = format!("/api/stock-takes/{}", opened["id"].as_str().unwrap());
    let scans = format!("{path}/scans");
    for (desk, code, expected) in [
        (&desk, "5CD030BC10", ("found", "done")),
        (&other, "5CD030BC10", ("already", "already")),
        (&other, "5CD030BC30", ("unexpected", "refused")),
        (&desk, "5CD030BC40", ("unexpected", "refused")),
        (&desk, "5CD99999ZZ", ("unknown", "unknown")),
        (&desk, "9ZZ99EA#ABF", ("no_serial", "unknown")),
    ] {
        let answer = desk.acts(&scans, json!({ "code": code, "room": "CDI" })).await;
        assert_eq!(verdict(&answer), expected, "{code}");
    }
    let (_, state) = desk.get(&path).await;
    assert_eq!((&state["report"]["expected"], &state["report"]["found"]), (&json!(2), &json!(1)));
    let findings: Vec<_> = state["report"]["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            (line["serial"].as_str().unwrap(), line["finding"].as_str().unwrap(), line["proposal"].as_str())
        })
        .collect();
    assert_eq!(
        findings,
        [
            ("5CD030BC20", "missing", Some("lose")),
            ("5CD030BC30", "unexpected", Some("return")),
            ("5CD030BC40", "unexpected", Some("find")),
            ("5CD99999ZZ", "unknown", None)
        ]
    );
    let close = format!("{path}/close");
    assert_eq!(desk.acts(&close, json!({})).await.0, 403);
    let wrong = manager.acts(&close, json!({ "corrections": [seen] })).await;
    assert_eq!(wrong.1["code"], "move_not_allowed");
    let (status, closed) = manager.acts(&close, json!({ "corrections": [gone, held, lost] })).await;
    assert_eq!(status, 200, "{closed}");
    assert_eq!(
        (app.state_of(gone).await, app.state_of(held).await, app.state_of(lost).await),
        ("lost", "in_stock", "in_stock")
    );
    assert_eq!(desk.get(&format!("/api/students/{lina}")).await.1["allocation"], json!(null));
    // The report is frozen as it was read.
    assert_eq!(desk.get(&path).await.1["report"], closed["report"]);
    assert_eq!(desk.acts(&scans, json!({ "code": "5CD030BC20" })).await.1["code"], "stock_take_closed");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_school_sees_or_moves_anothers() {
    let app = App::start().await;
    let (note, serials) = delivery(&app, "BL-004", 1).await;
    let device = app.spare("5CD030BC10").await;
    let next_door = open(&app.db, "0570001S", "Lycée voisin").await;
    let manager = app.desk_of(next_door, "Bureau", Role::Manager).await;
    let (_, opened) =
        app.desk("Poste 1", Role::Operator).await.acts("/api/stock-takes", json!({ "name": "x" })).await;
    let take = opened["id"].as_str().unwrap().to_owned();
    for (path, body) in [
        (format!("/api/deliveries/{note}/scans"), json!({ "code": serials[0] })),
        (format!("/api/deliveries/{note}/check"), json!({ "over": true })),
        (format!("/api/deliveries/{note}/rest"), json!({ "reason": "x" })),
        ("/api/devices/moves".into(), json!({ "device_ids": [device], "move": "release" })),
        (format!("/api/stock-takes/{take}/scans"), json!({ "code": "5CD030BC10" })),
        (format!("/api/stock-takes/{take}/close"), json!({ "corrections": [device] })),
        ("/api/incidents".into(), json!({ "device_id": device, "incident": "loss" })),
    ] {
        assert_eq!(manager.acts(&path, body).await.0, 404, "{path}");
    }
    assert_eq!(manager.get(&format!("/api/deliveries/{note}")).await.0, 404);
    assert_eq!(manager.get(&format!("/api/stock-takes/{take}")).await.0, 404);
    assert_eq!(manager.get("/api/deliveries").await.1, json!([]));
    assert_eq!(manager.get("/api/reserve").await.1["gauge"]["reserve"], 0);
    app.stop().await;
}
