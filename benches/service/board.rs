//! Fifty second screens of a school that hands out a laptop a second: how soon each of them shows
//! it, and what the screens cost in processor time, PostgreSQL included.

use crate::client::Client;
use crate::process::{Served, processor_seconds};
use crate::school::School;
use crate::table::{Table, Target};
use remise::db::Db;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};
use uuid::Uuid;

const SCREENS: usize = 50;
/// Pupils of the school: a large lycée.
const PUPILS: u32 = 2_000;
/// Hand-overs of a run, one a second.
const HAND_OVERS: u32 = 10;
/// First of the school's numbers, beside those of the other schools.
const FIRST: u128 = 0x0800_0000;

pub async fn measure(school: &School, rounds: usize, table: &mut Table) {
    let id = furnish(school).await;
    let served = Served::start(&["--database-url", &school.url]);
    let mut desk = Client::connect(&served.address);
    desk.log_in(&id.to_string(), "accueil 0", "Poste 0");
    let mut next = 0;
    let (mut alone, mut followed, mut slowest) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        tokio::task::block_in_place(|| {
            let (used, _) = hand_out(&mut desk, &mut next, &[], school, &served);
            alone.push(used);
            let screens: Vec<_> = (0..SCREENS).map(|_| open(&desk, &served)).collect();
            // The greeting of each.
            for screen in &screens {
                screen.recv_timeout(Duration::from_secs(5)).expect("the board as it is");
            }
            let (used, waited) = hand_out(&mut desk, &mut next, &screens, school, &served);
            followed.push(used);
            slowest.push(waited);
        });
    }
    served.stop();
    let cost = followed.iter().zip(&alone).map(|(with, without)| with - without).collect();
    table.add("a hand-over a second, no screen", "% core", alone, Target::None);
    table.add(format!("a hand-over a second, {SCREENS} screens"), "% core", followed, Target::None);
    table.add(format!("{SCREENS} screens cost"), "% core", cost, Target::AtMost(5.0));
    table.add("scan to the last of the screens", "s", slowest, Target::AtMost(1.0));
}

async fn furnish(school: &School) -> Uuid {
    let db = Db::connect(&school.url, 2).await.unwrap();
    let id = crate::school::open(&db, "0540001A").await;
    let numbered = |first: u128| (first + FIRST).to_string();
    let seed = include_str!("../../tests/fixtures/desk.sql")
        .replace("{school}", &id.to_string())
        .replace("{count}", &PUPILS.to_string())
        .replace(&0x5000_0000_u128.to_string(), &numbered(0x5000_0000))
        .replace(&0xD000_0000_u128.to_string(), &numbered(0xD000_0000));
    school.run(&seed).await;
    id
}

/// One laptop a second; per cent of a core that it took, and the longest that a screen waited, in seconds.
fn hand_out(
    desk: &mut Client,
    next: &mut u32,
    screens: &[Receiver<Instant>],
    school: &School,
    served: &Served,
) -> (f64, f64) {
    desk.reconnect();
    let (before, started) = (processor_seconds(&[served.process_id(), school.process_id()]), Instant::now());
    let mut longest = Duration::ZERO;
    for _ in 0..HAND_OVERS {
        let second = Instant::now() + Duration::from_secs(1);
        let body = serde_json::json!({
            "request_id": Uuid::now_v7(),
            "student_id": Uuid::from_u128(0x5000_0000 + FIRST + u128::from(*next)),
            "device_id": Uuid::from_u128(0xD000_0000 + FIRST + u128::from(*next)),
            "charter": { "copies_shown": 2, "copies_kept": 1, "method": "barcode" },
        });
        *next += 1;
        let answer = desk.send("POST", "/api/hand-overs", &body.to_string());
        assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
        let done = Instant::now();
        for screen in screens {
            let shown = screen.recv_timeout(Duration::from_secs(5)).expect("every screen is told");
            longest = longest.max(shown.saturating_duration_since(done));
        }
        std::thread::sleep(second.saturating_duration_since(Instant::now()));
    }
    let used = processor_seconds(&[served.process_id(), school.process_id()]) - before;
    (100.0 * used / started.elapsed().as_secs_f64(), longest.as_secs_f64())
}

/// A screen, as the moments of its `board` events; its thread ends with the answer.
fn open(desk: &Client, served: &Served) -> Receiver<Instant> {
    let mut stream = TcpStream::connect(&served.address).unwrap();
    write!(
        stream,
        "GET /api/board/events HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\n\r\n",
        served.address,
        desk.cookie()
    )
    .unwrap();
    let (told, moments) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if line.starts_with("event: board") && told.send(Instant::now()).is_err() {
                return;
            }
        }
    });
    moments
}
