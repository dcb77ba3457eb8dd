//! The board of the room: what it shows, how soon, and at what cost when nobody looks.

use crate::harness::{App, Desk};
use domain::roles::Role;
use remise::http::State;
use reqwest::{Client, Response};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// A second screen that is open.
struct Listener {
    response: Response,
    text: String,
}

impl Listener {
    async fn open(desk: &Desk) -> Self {
        let address = desk.socket("/api/board/events").replacen("ws", "http", 1);
        let request =
            Client::new().get(address).header("cookie", &desk.cookie).header("accept-encoding", "gzip");
        let response = request.send().await.unwrap();
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { response, text: String::new() }
    }

    /// The next event of that name.
    async fn next(&mut self, name: &str) -> Value {
        loop {
            while let Some((event, rest)) =
                self.text.split_once("\n\n").map(|(a, b)| (a.to_owned(), b.to_owned()))
            {
                self.text = rest;
                if let Some(data) = event.strip_prefix(&format!("event: {name}\ndata: ")) {
                    return serde_json::from_str(data).unwrap();
                }
            }
            let piece = tokio::time::timeout(Duration::from_secs(10), self.response.chunk()).await.unwrap();
            self.text += std::str::from_utf8(&piece.unwrap().unwrap()).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hand_over_is_on_every_screen_within_a_second() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let (lina, _) = app.student("Lina", "Mercier").await;
    app.student("Noé", "Petit").await;
    let device = app.device("5CD030BC10").await;
    let (_, classes) = desk.get("/api/classes").await;
    let (status, board) = desk.acts("/api/board/call", json!({ "class_id": classes[0]["id"] })).await;
    assert_eq!((status, &board["called"]["label"]), (201, &json!("2GT1")));
    let mut screens = [Listener::open(&desk).await, Listener::open(&desk).await];
    for screen in &mut screens {
        let first = screen.next("board").await;
        assert_eq!(first["called"]["missing"], json!(["Lina M.", "Noé P."]));
        assert_eq!(first["called"]["charters_missing"], json!(["Lina M.", "Noé P."]));
        assert!(!first.to_string().contains("Mercier") && !first.to_string().contains("MERCIER"));
        assert!(screen.next("reserve").await["reserve"].is_number());
    }
    assert_eq!(desk.hands(lina, device).await.0, 201);
    let scanned = Instant::now();
    for screen in &mut screens {
        let board = screen.next("board").await;
        assert_eq!((&board["equipped"], &board["called"]["missing"]), (&json!(1), &json!(["Noé P."])));
        assert_eq!(board["called"]["charters_missing"], json!(["Noé P."]));
    }
    assert!(scanned.elapsed() < Duration::from_secs(1), "{:?}", scanned.elapsed());
    drop(screens);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_looking_stops_with_the_last_who_listens() {
    let mut app = App::start().await;
    let state = State::new(app.db.clone());
    let screens = state.screens.clone();
    app.serve_state(state).await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    assert_eq!(screens.followed(), 0);
    let (mut one, mut two) = (Listener::open(&desk).await, Listener::open(&desk).await);
    one.next("board").await;
    two.next("board").await;
    assert_eq!(screens.followed(), 1, "one look for both");
    drop(one);
    tokio::time::sleep(Duration::from_secs(6)).await;
    assert_eq!(screens.followed(), 1);
    drop(two);
    let left = Instant::now();
    while screens.followed() > 0 {
        assert!(left.elapsed() < Duration::from_secs(15));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    // Somebody who comes later is told all the same.
    Listener::open(&desk).await.next("board").await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_board_tells_what_comes_next_and_who_is_called() {
    let app = App::start().await;
    let manager = app.desk("Bureau", Role::Manager).await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let (first, second) = (app.class("2GT1", 3).await, app.class("2GT2", 3).await);
    let plan = json!({ "class_ids": [first, second], "starts_at": "2036-09-01T08:30:00", "desks": 1, "room": "CDI" });
    let slots = manager.plans(plan).await;
    let (_, board) = desk.get("/api/board").await;
    assert_eq!((&board["called"], &board["next"][0]["label"]), (&json!(null), &json!("2GT1")));
    let (_, board) = desk.acts("/api/board/call", json!({ "slot_id": slots[0]["id"] })).await;
    assert_eq!((&board["called"]["entitled"], &board["called"]["room"]), (&json!(3), &json!("CDI")));
    assert_eq!(board["next"].as_array().unwrap().len(), 1);
    let both = json!({ "slot_id": slots[0]["id"], "class_id": second });
    assert_eq!(desk.acts("/api/board/call", both).await.1["code"], "call_unclear");
    let strange = json!({ "slot_id": uuid::Uuid::nil() });
    assert_eq!(desk.acts("/api/board/call", strange).await.1["code"], "unknown_slot");
    // A called slot that is removed is called no more.
    manager.acts("/api/campaign/slots/remove", json!({ "slot_ids": [slots[0]["id"]] })).await;
    assert_eq!(desk.get("/api/board").await.1["called"], json!(null));
    let (_, board) = desk.acts("/api/board/call", json!({ "class_id": second })).await;
    assert_eq!(board["called"]["label"], "2GT2");
    let (_, board) = desk.acts("/api/board/call", json!({ "slot_id": null })).await;
    assert_eq!(board["called"], json!(null));
    assert_eq!(app.count("every", "journal WHERE action = 'call_class'").await, 3);
    let region = app.desk("Région", Role::Region).await;
    assert_eq!(region.get("/api/board").await.0, 403);
    app.stop().await;
}
