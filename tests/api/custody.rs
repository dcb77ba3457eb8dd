//! Swaps, temporary loans, returns and transfers, as a desk does them.

use crate::harness::{App, Desk};
use domain::roles::Role;
use serde_json::{Value, json};
use uuid::Uuid;

/// A day so many days from now.
pub fn in_days(days: i64) -> String {
    (chrono::Utc::now().date_naive() + chrono::Duration::days(days)).to_string()
}

impl App {
    /// A laptop of the reserve.
    pub async fn spare(&self, serial: &str) -> Uuid {
        let id = self.device(serial).await;
        self.sql("every", &format!("UPDATE devices SET state = 'reserve' WHERE id = '{id}'")).await.unwrap();
        id
    }

    /// State of a laptop.
    pub async fn state_of(&self, device: Uuid) -> &'static str {
        for state in domain::devices::DeviceState::ALL {
            let from = format!("devices WHERE id = '{device}' AND state = '{}'", state.as_str());
            if self.count("every", &from).await == 1 {
                return state.as_str();
            }
        }
        "nowhere"
    }
}

impl Desk {
    /// Posts with a request id of its own.
    pub async fn acts(&self, path: &str, mut body: Value) -> (u16, Value) {
        body["request_id"] = json!(Uuid::now_v7());
        self.post(path, &body).await
    }

    /// Hands a laptop over and answers the loan.
    pub async fn loan(&self, student: Uuid, device: Uuid) -> Uuid {
        let (status, done) = self.hands(student, device).await;
        assert_eq!(status, 201, "{done}");
        done["loan_id"].as_str().unwrap().parse().unwrap()
    }

    /// Takes an act back.
    pub async fn undoes(&self, done: &Value) -> (u16, Value) {
        let path = format!("/api/acts/{}/undo", done["act"]["act_id"].as_str().unwrap());
        self.acts(&path, json!({ "reason": "erreur" })).await
    }
}

fn opened(card: &Value) -> (&Value, &Value) {
    (&card["allocation"]["serial"], &card["temporary"]["serial"])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_breakdown_is_swapped_for_a_while_and_the_own_laptop_comes_back() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    let (own, spare) = (app.device("5CD030BC10").await, app.spare("5CD030BD11").await);
    let loan = desk.loan(lina, own).await;
    let asked = json!({ "request_id": Uuid::now_v7(), "loan_id": loan, "incident": "breakdown", "symptoms": ["screen"],
                        "spare": { "device_id": spare, "until": in_days(14) } });
    let (status, done) = desk.post("/api/incidents", &asked).await;
    assert_eq!(status, 201, "{done}");
    assert_eq!(
        (&done["act"]["kind"], &done["act"]["student"]["name"]),
        (&json!("swap"), &json!("Lina MERCIER"))
    );
    assert_eq!(desk.post("/api/incidents", &asked).await, (201, done));
    let card = desk.get(&format!("/api/students/{lina}")).await.1;
    assert_eq!(opened(&card), (&json!("5CD030BC10"), &json!("5CD030BD11")));
    assert_eq!(card["allocation"]["device_state"], "awaiting_repair");

    let manager = app.desk("Bureau", Role::Manager).await;
    let (_, batch) = manager.acts("/api/repair-batches", json!({ "contractor": "Econocom" })).await;
    let batch = batch["batch"]["id"].as_str().unwrap().to_owned();
    let path = |verb: &str| format!("/api/repair-batches/{batch}/{verb}");
    assert_eq!(
        desk.acts(&path("send"), json!({ "expected_back_on": in_days(10) })).await.1["code"],
        "batch_empty"
    );
    let (status, filled) = desk.acts(&path("devices"), json!({ "device_id": own })).await;
    assert_eq!((status, &filled["repairs"][0]["symptoms"]), (200, &json!(["screen"])));
    assert_eq!(desk.acts(&path("devices"), json!({ "device_id": own })).await.1["code"], "already_there");
    assert_eq!(
        desk.acts(&path("devices"), json!({ "device_id": spare })).await.1["code"],
        "move_not_allowed"
    );
    assert_eq!(desk.acts(&path("send"), json!({ "expected_back_on": in_days(10) })).await.0, 201);
    assert_eq!(app.state_of(own).await, "in_repair");
    assert_eq!(
        desk.acts("/api/give-backs", json!({ "loan_id": loan })).await.1["code"],
        "nothing_to_give_back"
    );

    let back = json!({ "device_id": own, "outcome": "repaired", "diagnosis": "Dalle changée", "cost_cents": 12_900 });
    let (status, told) = desk.acts("/api/repairs/back", back).await;
    assert_eq!(status, 201, "{told}");
    assert!(told["told"][0].as_str().unwrap().contains("Lina MERCIER"), "{told}");
    assert_eq!(app.state_of(own).await, "repaired");
    let (_, temporary) = desk.get("/api/loans/temporary").await;
    assert_eq!((&temporary[0]["own_is_back"], &temporary[0]["purpose"]), (&json!(true), &json!("repair")));

    let (status, done) = desk.acts("/api/give-backs", json!({ "loan_id": loan })).await;
    assert_eq!(status, 201, "{done}");
    assert_eq!((app.state_of(own).await, app.state_of(spare).await), ("lent", "reserve"));
    let card = desk.get(&format!("/api/students/{lina}")).await.1;
    assert_eq!(opened(&card), (&json!("5CD030BC10"), &json!(null)));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_swap_for_good_ends_one_loan_and_opens_another_under_the_same_charter() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let other = app.desk("Poste 2", Role::Operator).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    let (own, spare) = (app.device("5CD030BC10").await, app.spare("5CD030BD11").await);
    let loan = desk.loan(lina, own).await;
    let (status, done) = desk
        .acts(
            "/api/incidents",
            json!({ "loan_id": loan, "incident": "breakdown", "spare": { "device_id": spare } }),
        )
        .await;
    assert_eq!(status, 201, "{done}");
    let card = desk.get(&format!("/api/students/{lina}")).await.1;
    assert_eq!(opened(&card), (&json!("5CD030BD11"), &json!(null)));
    assert_eq!(app.state_of(own).await, "awaiting_repair");
    let replaced = format!(
        "loans WHERE replaces = '{loan}' AND charter_receipt_id IS NOT NULL AND kit = '{{Chargeur,Housse}}'"
    );
    assert_eq!(app.count("every", &replaced).await, 1);

    // Taken back as a whole, and only by its own station.
    assert_eq!(other.undoes(&done).await.1["code"], "undo_from_other_station");
    let (status, undone) = desk.undoes(&done).await;
    assert_eq!((status, &undone["act"]["undone"]), (200, &json!(true)));
    let card = desk.get(&format!("/api/students/{lina}")).await.1;
    assert_eq!(opened(&card), (&json!("5CD030BC10"), &json!(null)));
    assert_eq!((app.state_of(own).await, app.state_of(spare).await), ("lent", "reserve"));
    assert_eq!(app.count("every", "incidents WHERE cancelled_at IS NULL").await, 0);
    assert_eq!(app.count("every", "repairs WHERE closed_at IS NULL").await, 0);
    assert_eq!(desk.undoes(&done).await.1["code"], "already_closed");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happened_since_keeps_an_act_from_being_undone() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    let (noe, _) = app.student("Noé", "Petit").await;
    let own = app.device("5CD030BC10").await;
    let loan = desk.loan(lina, own).await;
    let (_, returned) = desk.acts("/api/returns", json!({ "loan_id": loan })).await;
    let again = desk.loan(noe, own).await;
    assert_eq!(desk.undoes(&returned).await.1["code"], "changed_since");
    // Even when the laptop is where the act had put it.
    desk.acts("/api/returns", json!({ "loan_id": again })).await;
    assert_eq!(desk.undoes(&returned).await.1["code"], "changed_since");
    // A loan that ends while its laptop waits for repair moves nothing, and yet something happened.
    let loan = desk.loan(lina, own).await;
    let (_, broken) = desk.acts("/api/incidents", json!({ "loan_id": loan, "incident": "breakdown" })).await;
    let (_, returned) = desk.acts("/api/returns", json!({ "loan_id": loan })).await;
    assert_eq!(
        (returned["act"]["devices"].as_array().unwrap().len(), app.state_of(own).await),
        (0, "awaiting_repair")
    );
    assert_eq!(desk.undoes(&broken).await.1["code"], "changed_since");
    assert_eq!(desk.undoes(&returned).await.0, 200);
    assert_eq!((desk.undoes(&broken).await.0, app.state_of(own).await), (200, "lent"));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn breakage_loss_and_theft_go_by_the_schools_table_and_the_heads_fund() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let manager = app.desk("Bureau", Role::Manager).await;
    let head = app.desk("Direction", Role::Head).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    let (own, spare) = (app.device("5CD030BC10").await, app.spare("5CD030BD11").await);
    let loan = desk.loan(lina, own).await;
    let told = |incident: &str, complaint: Option<&str>, spare: Option<Uuid>| {
        json!({ "loan_id": loan, "incident": incident, "complaint_number": complaint,
                "spare": spare.map(|id| json!({ "device_id": id })) })
    };
    assert_eq!(desk.acts("/api/incidents", told("loss", None, Some(spare))).await.1["code"], "grant_needed");
    assert_eq!(desk.acts("/api/incidents", told("theft", None, None)).await.1["code"], "complaint_missing");
    assert_eq!(desk.acts("/api/incidents", told("eaten", None, None)).await.0, 422);
    let (status, stolen) = desk.acts("/api/incidents", told("theft", Some("2026/118"), None)).await;
    assert_eq!((status, app.state_of(own).await), (201, "stolen"), "{stolen}");
    assert_eq!(desk.get(&format!("/api/students/{lina}")).await.1["allocation"], json!(null));

    let incident = &stolen["incident_id"];
    let (status, asked) =
        desk.acts("/api/grants", json!({ "incident_id": incident, "reason": "Élève boursière" })).await;
    assert_eq!((status, &asked["incident"]), (201, &json!("theft")), "{asked}");
    assert_eq!(
        desk.acts("/api/grants", json!({ "incident_id": incident, "reason": "x" })).await.1["code"],
        "grant_decided"
    );
    let grant = format!("/api/grants/{}", asked["id"].as_str().unwrap());
    let decision = json!({ "granted": true, "budget_year": 2026, "amount_cents": 45_000 });
    let decide = format!("{grant}/decision");
    assert_eq!(manager.acts(&decide, decision.clone()).await.1["code"], "head_only");
    assert_eq!(head.acts(&decide, decision.clone()).await.1["code"], "budget_exceeded");
    let budget = json!({ "request_id": Uuid::now_v7(), "budget_year": 2026, "amount_cents": 60_000 });
    assert_eq!(manager.put("/api/grants/budgets", &budget).await.1["code"], "head_only");
    assert_eq!(head.put("/api/grants/budgets", &budget).await.0, 200);
    let replacement = json!({ "device_id": spare });
    let replace = format!("{grant}/replacement");
    let early = desk.acts(&replace, replacement.clone()).await.1;
    assert_eq!(early["code"], "grant_needed");
    assert!(early["detail"].as_str().unwrap().contains("un vol"), "{early}");
    let (status, granted) = head.acts(&decide, decision).await;
    assert_eq!((status, &granted["decision"]), (200, &json!("granted")), "{granted}");
    assert_eq!(head.get("/api/grants/budgets").await.1[0]["granted_cents"], 45_000);
    let (status, done) = desk.acts(&replace, replacement.clone()).await;
    assert_eq!(status, 201, "{done}");
    assert_eq!(desk.get(&format!("/api/students/{lina}")).await.1["allocation"]["serial"], "5CD030BD11");
    assert_eq!(desk.acts(&replace, replacement).await.1["code"], "grant_used");
    // Undone, the grant is there again.
    assert_eq!(desk.undoes(&done).await.0, 200);
    assert_eq!(head.get("/api/grants").await.1[0]["used"], false);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_gives_one_laptop_and_none_for_one_that_is_mended() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let head = app.desk("Direction", Role::Head).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    let (own, spare) = (app.device("5CD030BC10").await, app.spare("5CD030BD11").await);
    let loan = desk.loan(lina, own).await;
    let (_, broken) = desk.acts("/api/incidents", json!({ "loan_id": loan, "incident": "breakage" })).await;
    let asked = json!({ "incident_id": broken["incident_id"], "reason": "Élève boursière" });
    let grant = desk.acts("/api/grants", asked).await.1["id"].as_str().unwrap().to_owned();
    let budget = json!({ "request_id": Uuid::now_v7(), "budget_year": 2026, "amount_cents": 60_000 });
    head.put("/api/grants/budgets", &budget).await;
    let decision = json!({ "granted": true, "budget_year": 2026, "amount_cents": 45_000 });
    assert_eq!(head.acts(&format!("/api/grants/{grant}/decision"), decision).await.0, 200);
    let back = json!({ "device_id": own, "outcome": "repaired" });
    assert_eq!(desk.acts("/api/repairs/back", back).await.0, 201);
    assert_eq!(desk.acts("/api/give-backs", json!({ "loan_id": loan })).await.0, 201);

    // The own one is in the pupil's hands: another for good would leave it lent to nobody.
    let replace = format!("/api/grants/{grant}/replacement");
    let for_good = json!({ "device_id": spare });
    assert_eq!(desk.acts(&replace, for_good.clone()).await.1["code"], "student_already_equipped");
    let (status, given) = desk.acts(&replace, json!({ "device_id": spare, "until": in_days(5) })).await;
    assert_eq!(status, 201, "{given}");

    // What an act opened is taken back with the act: the desk lists and undoes it there only.
    let lent = desk.get("/api/loans/temporary").await.1[0]["loan_id"].as_str().unwrap().to_owned();
    let undo = desk.acts(&format!("/api/hand-overs/{lent}/undo"), json!({ "reason": "erreur" })).await;
    assert_eq!((undo.0, &undo.1["code"]), (404, &json!("unknown_loan")));
    let (_, list) = desk.get("/api/hand-overs").await;
    let listed: Vec<_> = list.as_array().unwrap().iter().map(|one| &one["device"]["serial"]).collect();
    assert_eq!(listed, ["5CD030BC10"]);

    // A return that is taken back opens the loan anew, and the grant has given its laptop.
    let (_, returned) = desk.acts("/api/returns", json!({ "loan_id": lent })).await;
    assert_eq!(desk.undoes(&returned).await.0, 200);
    assert_eq!(head.get("/api/grants").await.1[0]["used"], true);
    assert_eq!(desk.acts(&replace, for_good).await.1["code"], "grant_used");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_schools_own_rule_takes_the_programmes_place() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let manager = app.desk("Bureau", Role::Manager).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    let (own, spare) = (app.device("5CD030BC10").await, app.spare("5CD030BD11").await);
    let loan = desk.loan(lina, own).await;
    let rule = |incident: &str, replacement: &str| {
        json!({ "request_id": Uuid::now_v7(), "incident": incident,
                                                            "replacement": replacement, "needs_complaint": false })
    };
    assert_eq!(desk.put("/api/incidents/policy", &rule("breakage", "reserve")).await.0, 403);
    let (status, rules) = manager.put("/api/incidents/policy", &rule("breakage", "reserve")).await;
    assert_eq!((status, &rules["rules"][1]["replacement"]), (200, &json!("reserve")));
    assert_eq!(manager.put("/api/incidents/policy", &rule("breakdown", "none")).await.0, 200);
    let swap =
        |incident: &str| json!({ "loan_id": loan, "incident": incident, "spare": { "device_id": spare } });
    assert_eq!(desk.acts("/api/incidents", swap("breakdown")).await.1["code"], "no_replacement");
    assert_eq!(desk.acts("/api/incidents", swap("breakage")).await.0, 201);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_laptop_is_lent_for_and_due_on_a_day() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    let (noe, _) = app.student("Noé", "Petit").await;
    let (stock, spare) = (app.device("5CD030BC10").await, app.spare("5CD030BD11").await);
    let lend = |student: Uuid, device: Uuid, until: Option<String>| json!({ "student_id": student, "device_id": device, "until": until, "purpose": "forgotten" });
    let today = Some(in_days(0));
    assert_eq!(desk.acts("/api/loans", lend(lina, spare, None)).await.1["code"], "due_date_missing");
    assert_eq!(
        desk.acts("/api/loans", lend(lina, spare, Some(in_days(-3)))).await.1["code"],
        "due_date_implausible"
    );
    assert_eq!(
        desk.acts("/api/loans", lend(lina, stock, today.clone())).await.1["code"],
        "spare_not_available"
    );
    let (status, done) = desk.acts("/api/loans", lend(lina, spare, today.clone())).await;
    assert_eq!(status, 201, "{done}");
    assert_eq!(
        desk.acts("/api/loans", lend(lina, spare, today.clone())).await.1["code"],
        "already_handed_over"
    );
    assert_eq!(desk.acts("/api/loans", lend(noe, spare, today)).await.1["code"], "held_by_someone_else");

    app.admin_sql("UPDATE loans SET due_on = due_on - 4").await;
    let (_, late) = desk.get("/api/loans/temporary").await;
    assert_eq!((&late[0]["days_late"], &late[0]["extended"]), (&json!(4), &json!(0)));
    let loan = late[0]["loan_id"].as_str().unwrap().to_owned();
    let path = format!("/api/loans/{loan}/extension");
    assert_eq!(desk.acts(&path, json!({ "until": in_days(500) })).await.1["code"], "due_date_implausible");
    let (status, longer) = desk.acts(&path, json!({ "until": in_days(7) })).await;
    assert_eq!((status, &longer["days_late"], &longer["extended"]), (200, &json!(0), &json!(1)));

    let (status, back) = desk.acts("/api/returns", json!({ "loan_id": loan, "missing": ["Chargeur"] })).await;
    assert_eq!((status, app.state_of(spare).await), (201, "reserve"), "{back}");
    assert_eq!(desk.acts("/api/returns", json!({ "loan_id": loan })).await.1["code"], "already_closed");
    assert_eq!(app.count("every", "return_checks WHERE missing = '{Chargeur}'").await, 1);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_back_damaged_goes_to_repair_whatever_the_desk_wants() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    let own = app.device("5CD030BC10").await;
    let loan = desk.loan(lina, own).await;
    let asked = json!({ "loan_id": loan, "damaged": ["écran"], "destination": "reserve", "note": "Fissure" });
    let (status, done) = desk.acts("/api/returns", asked).await;
    assert_eq!((status, app.state_of(own).await), (201, "awaiting_repair"), "{done}");
    assert_eq!(app.count("every", "repairs WHERE diagnosis = 'écran' AND closed_at IS NULL").await, 1);
    assert_eq!(desk.undoes(&done).await.0, 200);
    assert_eq!(app.state_of(own).await, "lent");
    assert_eq!(app.count("every", "repairs WHERE closed_at IS NULL").await, 0);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn at_the_end_of_schooling_the_laptop_becomes_the_pupils() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let manager = app.desk("Bureau", Role::Manager).await;
    let mut loans = Vec::new();
    for n in 0..3 {
        let (student, _) = app.student(&format!("Élève{n}"), "Essai").await;
        loans.push(desk.loan(student, app.device(&format!("5CD030BC{n}0")).await).await);
    }
    app.sql("every", "UPDATE students SET left_on = current_date").await.unwrap();
    let (_, out) = manager.get("/api/loans/out?leavers=true").await;
    assert_eq!(out.as_array().unwrap().len(), 3);
    assert_eq!(desk.acts("/api/transfers", json!({ "loan_ids": loans })).await.0, 403);
    let (status, done) = manager.acts("/api/transfers", json!({ "loan_ids": loans })).await;
    assert_eq!((status, done["act"]["devices"].as_array().unwrap().len()), (201, 3), "{done}");
    assert_eq!(app.count("every", "devices WHERE state = 'transferred'").await, 3);
    assert_eq!(
        manager.acts("/api/transfers", json!({ "loan_ids": loans })).await.1["code"],
        "already_closed"
    );
    assert_eq!(manager.undoes(&done).await.0, 200);
    assert_eq!(app.count("every", "loans WHERE closed_at IS NULL").await, 3);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_spare_becomes_the_pupils_own_when_the_own_one_is_beyond_repair() {
    let app = App::start().await;
    let manager = app.desk("Bureau", Role::Manager).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    let (own, spare) = (app.device("5CD030BC10").await, app.spare("5CD030BD11").await);
    let loan = manager.loan(lina, own).await;
    let asked = json!({ "loan_id": loan, "incident": "breakdown", "spare": { "device_id": spare, "until": in_days(14) } });
    assert_eq!(manager.acts("/api/incidents", asked).await.0, 201);
    let scrap = json!({ "device_ids": [own], "move": "scrap", "reason": "Carte mère" });
    let (status, scrapped) = manager.acts("/api/devices/moves", scrap).await;
    assert_eq!((status, app.state_of(own).await), (201, "scrapped"), "{scrapped}");
    let (_, temporary) = manager.get("/api/loans/temporary").await;
    let keep = format!("/api/loans/{}/keep", temporary[0]["loan_id"].as_str().unwrap());
    assert_eq!(manager.acts(&keep, json!({ "reason": " " })).await.1["code"], "reason_missing");
    let (status, kept) = manager.acts(&keep, json!({ "reason": "Réforme du premier" })).await;
    assert_eq!(status, 201, "{kept}");
    let card = manager.get(&format!("/api/students/{lina}")).await.1;
    assert_eq!(opened(&card), (&json!("5CD030BD11"), &json!(null)));
    assert_eq!(manager.undoes(&kept).await.0, 200);
    let card = manager.get(&format!("/api/students/{lina}")).await.1;
    assert_eq!(opened(&card), (&json!(null), &json!("5CD030BD11")));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_desks_swap_for_one_spare_and_one_gets_it() {
    let app = App::start().await;
    let spare = app.spare("5CD030BD11").await;
    let mut claims = Vec::new();
    for i in 0..8 {
        let desk = app.desk(&format!("Poste {i}"), Role::Operator).await;
        let (student, _) = app.student(&format!("Élève{i}"), "Essai").await;
        let loan = desk.loan(student, app.device(&format!("5CD030BC{i}0")).await).await;
        let asked = json!({ "loan_id": loan, "incident": "breakdown", "spare": { "device_id": spare, "until": in_days(5) } });
        claims.push(tokio::spawn(async move { desk.acts("/api/incidents", asked).await }));
    }
    let mut statuses = Vec::new();
    for claim in claims {
        let (status, body) = claim.await.unwrap();
        assert!(status == 201 || body["code"] == "held_by_someone_else", "{body}");
        statuses.push(status);
    }
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1);
    assert_eq!(app.count("every", "loans WHERE kind = 'temporary'").await, 1);
    app.stop().await;
}
