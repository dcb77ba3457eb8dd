//! Preparing the day: dates, slots, a plan, staff, guest accounts, and its papers.

use crate::harness::{App, Desk};
use domain::roles::Role;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use uuid::Uuid;

impl App {
    /// A class of so many pupils who may have a laptop.
    pub async fn class(&self, code: &str, pupils: u32) -> Uuid {
        let (id, school) = (Uuid::now_v7(), self.school);
        self.sql(
            "every",
            &format!(
                "INSERT INTO classes (id, establishment_id, school_year, code) VALUES ('{id}', '{school}', 2026, '{code}');
                 INSERT INTO students (id, establishment_id, eleve_id, last_name, first_name, mef, entitled, search_key, class_id)
                 SELECT gen_random_uuid(), '{school}', '{code}' || n, 'Nom' || n, 'Prénom' || n, '20010018110', true,
                        'nom' || n, '{id}' FROM generate_series(1, {pupils}) AS n"
            ),
        )
        .await
        .unwrap();
        id
    }
}

impl Desk {
    pub async fn plans(&self, body: Value) -> Value {
        let (status, prepared) = self.acts("/api/campaign/plan", body).await;
        assert_eq!(status, 201, "{prepared}");
        prepared["slots"].clone()
    }

    async fn puts(&self, path: &str, mut body: Value) -> (u16, Value) {
        body["request_id"] = json!(Uuid::now_v7());
        self.put(path, &body).await
    }
}

fn settings() -> Value {
    json!({
        "name": "Rentrée 2026", "kit": ["Chargeur", "Housse", "Chargeur"], "starts_on": "2026-09-01", "ends_on": "2026-09-04",
        "room": "CDI", "connection": "cable", "sheet_due_on": "2026-08-25", "referent_name": "Inès Moreau",
        "referent_phone": "03 00 00 00 00", "referent_email": "ines@example.org", "notes": ""
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_campaign_is_set_and_its_contact_sheet_printed() {
    let app = App::start().await;
    let manager = app.desk("Bureau", Role::Manager).await;
    let operator = app.desk("Poste 1", Role::Operator).await;
    assert_eq!(operator.get("/api/campaign").await.0, 403);
    let (status, prepared) = manager.puts("/api/campaign", settings()).await;
    assert_eq!((status, &prepared["campaign"]["room"]), (201, &json!("CDI")));
    assert_eq!(prepared["campaign"]["kit"], json!(["Chargeur", "Housse"]));
    for (field, wrong) in
        [("ends_on", json!("2026-08-01")), ("connection", json!("4G")), ("name", json!(" "))]
    {
        let mut body = settings();
        body[field] = wrong;
        assert_eq!(manager.puts("/api/campaign", body).await.1["code"], "campaign_implausible", "{field}");
    }
    let staff =
        json!({ "staff": [{ "name": "Yann Le Goff", "duty": "Accueil" }, { "name": "", "duty": "x" }] });
    let (_, prepared) = manager.puts("/api/campaign/staff", staff).await;
    assert_eq!(prepared["staff"], json!([{ "name": "Yann Le Goff", "duty": "Accueil" }]));
    let sheet = manager.send(Method::GET, "/print/contact-sheet", None).await.text().await.unwrap();
    for said in [
        "Inès Moreau",
        "avant le 25/08/2026",
        "du 01/09/2026 au 04/09/2026",
        "câble",
        "Yann Le Goff",
        "0579999J",
    ] {
        assert!(sheet.contains(said), "{said}: {sheet}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn classes_are_planned_by_headcount_around_the_breaks() {
    let app = App::start().await;
    let manager = app.desk("Bureau", Role::Manager).await;
    let (first, second, third) =
        (app.class("2GT1", 35).await, app.class("2GT2", 35).await, app.class("CAP", 10).await);
    let plan = json!({
        "class_ids": [third, first, second], "starts_at": "2026-09-01T08:30:00", "day_ends": "12:00:00",
        "breaks": [{ "from": "10:00:00", "to": "10:15:00" }], "desks": 1, "room": "CDI"
    });
    let slots = manager.plans(plan.clone()).await;
    let told: Vec<_> = slots
        .as_array()
        .unwrap()
        .iter()
        .map(|s| {
            (s["label"].as_str().unwrap(), s["starts_at"].as_str().unwrap(), s["minutes"].as_i64().unwrap())
        })
        .collect();
    // French summer time is two hours ahead.
    assert_eq!(
        told,
        [
            ("CAP", "2026-09-01T06:30:00Z", 20),
            ("2GT1", "2026-09-01T06:50:00Z", 60),
            ("2GT2", "2026-09-01T08:15:00Z", 60),
        ]
    );
    assert!(slots.as_array().unwrap().iter().all(|slot| slot["meets"] == json!([])));
    // Planned again, the slots are replaced.
    let mut again = plan.clone();
    again["desks"] = json!(2);
    assert_eq!(manager.plans(again).await.as_array().unwrap().len(), 3);
    for (field, wrong) in [("desks", json!(0)), ("class_ids", json!([]))] {
        let mut body = plan.clone();
        body[field] = wrong;
        assert_eq!(manager.acts("/api/campaign/plan", body).await.1["code"], "plan_implausible", "{field}");
    }
    let mut strange = plan;
    strange["class_ids"] = json!([Uuid::nil()]);
    assert_eq!(manager.acts("/api/campaign/plan", strange).await.1["code"], "unknown_class");
    assert_eq!(app.count("every", "campaign_slots").await, 3);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_slots_of_one_room_do_not_meet_without_a_warning() {
    let app = App::start().await;
    let manager = app.desk("Bureau", Role::Manager).await;
    let class = app.class("2GT7", 10).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    let slot = |whose: Value, at: &str, room: &str| {
        let mut body = json!({ "starts_at": format!("2026-09-01T{at}:00Z"), "minutes": 30, "room": room });
        body.as_object_mut().unwrap().extend(whose.as_object().unwrap().clone());
        body
    };
    let add = async |body: Value| manager.acts("/api/campaign/slots", body).await;
    let (status, prepared) = add(slot(json!({ "class_id": class }), "07:00", "CDI")).await;
    assert_eq!((status, &prepared["slots"][0]["entitled"]), (201, &json!(10)));
    let (_, prepared) = add(slot(json!({ "student_id": lina }), "07:15", "cdi")).await;
    assert_eq!(
        (&prepared["slots"][0]["meets"], &prepared["slots"][1]["meets"]),
        (&json!(["Lina MERCIER"]), &json!(["2GT7"]))
    );
    let id = prepared["slots"][1]["id"].as_str().unwrap().to_owned();
    let (status, prepared) =
        manager.puts(&format!("/api/campaign/slots/{id}"), slot(json!({}), "07:30", "CDI")).await;
    assert_eq!((status, &prepared["slots"][0]["meets"]), (201, &json!([])));
    assert_eq!(add(slot(json!({}), "07:00", "")).await.1["code"], "slot_unclear");
    assert_eq!(add(slot(json!({ "class_id": Uuid::nil() }), "07:00", "")).await.1["code"], "unknown_class");
    let (_, prepared) = manager.acts("/api/campaign/slots/remove", json!({ "slot_ids": [id] })).await;
    assert_eq!(prepared["slots"].as_array().unwrap().len(), 1);
    let gone = manager.acts("/api/campaign/slots/remove", json!({ "slot_ids": [id] })).await;
    assert_eq!(gone.1["code"], "unknown_slot");
    assert_eq!(
        manager.puts(&format!("/api/campaign/slots/{id}"), slot(json!({}), "07:30", "")).await.1["code"],
        "unknown_slot"
    );
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn guest_passwords_go_onto_paper_and_nowhere_else() {
    let app = App::start().await;
    let manager = app.desk("Bureau", Role::Manager).await;
    let (_, empty) = manager.get("/api/campaign").await;
    assert_eq!(empty["guest_accounts"].as_array().unwrap().len(), 8);
    let accounts = json!({ "accounts": [
        { "position": 1, "login": "invite1", "holder": "Inès Moreau" }, { "position": 8, "login": "invite8", "holder": "" },
    ] });
    let (_, prepared) = manager.puts("/api/campaign/guest-accounts", accounts).await;
    assert_eq!(prepared["guest_accounts"][7]["login"], "invite8");
    let nine = json!({ "accounts": [{ "position": 9, "login": "x", "holder": "" }] });
    assert_eq!(manager.puts("/api/campaign/guest-accounts", nine).await.1["code"], "guest_account_unknown");
    let printed = Client::new()
        .post(manager.socket("/print/guest-accounts").replacen("ws", "http", 1))
        .header("cookie", &manager.cookie)
        .header("content-type", "application/x-www-form-urlencoded")
        .body("password_1=Tulipe%2B4711&password_2=sans-compte&password_8=")
        .send()
        .await
        .unwrap();
    assert_eq!(printed.status(), 200);
    assert_eq!(printed.headers()["cache-control"], "no-store");
    let slips = printed.text().await.unwrap();
    assert!(
        slips.contains("Tulipe+4711") && slips.contains("invite1") && slips.contains("Inès Moreau"),
        "{slips}"
    );
    assert!(!slips.contains("sans-compte") && !slips.contains("invite8"), "{slips}");
    // No row of the database holds it.
    for table in ["guest_accounts", "journal", "answers", "campaigns"] {
        assert_eq!(
            app.count("every", &format!("{table} t WHERE t::text LIKE '%Tulipe%'")).await,
            0,
            "{table}"
        );
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attendance_sheets_tell_who_is_to_come() {
    let app = App::start().await;
    let manager = app.desk("Bureau", Role::Manager).await;
    let (lina, badge) = app.student("Lina", "Mercier").await;
    let device = app.device("5CD030BC10").await;
    assert_eq!(manager.hands(lina, device).await.0, 201);
    app.student("Noé", "Petit").await;
    let (_, classes) = manager.get("/api/classes").await;
    let slot = json!({ "class_id": classes[0]["id"], "starts_at": "2026-09-01T07:00:00Z", "minutes": 30, "room": "CDI" });
    manager.acts("/api/campaign/slots", slot).await;
    let sheet = manager.send(Method::GET, "/print/attendance?class=2GT1", None).await.text().await.unwrap();
    for said in [
        "MERCIER Lina",
        &badge,
        "5CD030BC10",
        "reçue",
        "PETIT Noé",
        "manque",
        "Le 01/09/2026 de 09:00 à 09:30, CDI",
    ] {
        assert!(sheet.contains(said), "{said}: {sheet}");
    }
    let none = manager.send(Method::GET, "/print/attendance?class=XXX", None).await.text().await.unwrap();
    assert!(none.contains("Rien à imprimer"));
    app.stop().await;
}
