//! Swaps and returns through HTTP against pgbench running the same statements, and a delivery
//! received by four stations.

use crate::client::Client;
use crate::hand_overs::{self, desks, run};
use crate::pgbench;
use crate::process::Served;
use crate::school::{DESKS, School, device};
use crate::statements::{self, numbered};
use crate::table::{Table, Target, percentile};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;
use uuid::Uuid;

/// Pupils who hold a laptop, each with a spare of the same number; more than the rounds swap.
const LENT: u32 = 60_000;
/// Numbers of laptops and pupils that hand-overs do not reach.
const FIRST: u32 = 200_000;
/// Laptops of the delivery, and stations that receive it.
const DELIVERED: u32 = 650;
const STATIONS: usize = 4;

/// What is measured: its name, its numbers, and one of it.
type Measured<'a> = (&'static str, &'a AtomicU32, fn(&mut Client, u32));

/// Loan number `n`, its laptop and the spare beside it.
fn loan(n: u32) -> Uuid {
    Uuid::from_u128(0x7000_0000 + u128::from(n))
}

fn spare(n: u32) -> Uuid {
    Uuid::from_u128(0xB000_0000 + u128::from(n))
}

pub async fn measure(school: &School, rounds: usize, table: &mut Table) {
    furnish(school).await;
    let (next_swap, next_return) = (AtomicU32::new(0), AtomicU32::new(LENT / 2));
    let acts: [Measured<'_>; 2] = [("swaps", &next_swap, swap), ("returns", &next_return, take_back)];
    for (name, next, act) in acts {
        let script = statements::record(school, |desk| {
            let n = next.fetch_add(1, Ordering::Relaxed);
            act(desk, n);
            vec![
                (loan(n).to_string(), numbered(0x7000_0000)),
                (device(FIRST + n).to_string(), numbered(0xD000_0000 + u64::from(FIRST))),
                (spare(n).to_string(), numbered(0xB000_0000)),
                (pupil(n).to_string(), numbered(0x5000_0000 + u64::from(FIRST))),
            ]
        })
        .await;
        let served = Served::start(&["--database-url", &school.url]);
        let mut stations = desks(school, &served);
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            ours.push(tokio::task::block_in_place(|| run(&mut stations, next, act)));
            let base = next.load(Ordering::Relaxed);
            let (run, used) = tokio::task::block_in_place(|| pgbench::run(school, &script, DESKS, base));
            next.fetch_add(used, Ordering::Relaxed);
            theirs.push(run);
        }
        served.stop();
        let ratio = ours.iter().zip(&theirs).map(|(ours, theirs)| ours.rate / theirs.rate).collect();
        let rates = |runs: &[hand_overs::Run]| runs.iter().map(|run| run.rate).collect::<Vec<_>>();
        table.add(format!("{DESKS} stations, {name}, HTTP"), "1/s", rates(&ours), Target::None);
        table.add(format!("{DESKS} stations, {name}, pgbench"), "1/s", rates(&theirs), Target::None);
        table.add(format!("{name}, HTTP : pgbench"), "ratio", ratio, Target::AtLeast(0.3));
    }
    receive(school, rounds, table).await;
}

fn pupil(n: u32) -> Uuid {
    crate::school::student(FIRST + n)
}

async fn furnish(school: &School) {
    let seed = include_str!("custody.sql")
        .replace("{school}", &school.desks.to_string())
        .replace("{first}", &FIRST.to_string())
        .replace("{count}", &LENT.to_string());
    school.run(&seed).await;
}

/// A breakdown, and a spare until a day.
fn swap(desk: &mut Client, n: u32) {
    let until = chrono::Utc::now().date_naive() + chrono::Days::new(14);
    let body = format!(
        "{{\"request_id\":\"{}\",\"loan_id\":\"{}\",\"incident\":\"breakdown\",\"symptoms\":[\"screen\"],\
         \"spare\":{{\"device_id\":\"{}\",\"until\":\"{until}\"}}}}",
        Uuid::now_v7(),
        loan(n),
        spare(n)
    );
    post(desk, "/api/incidents", &body, 201);
}

fn take_back(desk: &mut Client, n: u32) {
    let body = format!(
        "{{\"request_id\":\"{}\",\"loan_id\":\"{}\",\"missing\":[\"Chargeur\"]}}",
        Uuid::now_v7(),
        loan(n)
    );
    post(desk, "/api/returns", &body, 201);
}

fn post(desk: &mut Client, path: &str, body: &str, expected: u16) -> serde_json::Value {
    let answer = desk.send("POST", path, body);
    assert_eq!(answer.status, expected, "{}", String::from_utf8_lossy(&answer.body));
    serde_json::from_slice(&answer.body).unwrap()
}

/// Four stations scan one delivery, each from another place on, every laptop twice.
async fn receive(school: &School, rounds: usize, table: &mut Table) {
    let served = Served::start(&["--database-url", &school.url]);
    let mut stations = desks(school, &served);
    stations.truncate(STATIONS);
    let (mut p99, mut lost) = (Vec::new(), Vec::new());
    for round in 0..rounds {
        let note = Uuid::now_v7();
        let seed = include_str!("delivery.sql")
            .replace("{school}", &school.desks.to_string())
            .replace("{delivery}", &note.to_string())
            .replace("{round}", &round.to_string())
            .replace("{count}", &DELIVERED.to_string());
        school.run(&seed).await;
        let (latencies, received) = tokio::task::block_in_place(|| scan_all(&mut stations, note, round));
        p99.push(percentile(&latencies, 0.99));
        lost.push((f64::from(DELIVERED) - f64::from(received)).abs());
    }
    served.stop();
    table.add(
        format!("reception of {DELIVERED} by {STATIONS} stations, p99"),
        "ms",
        p99,
        Target::AtMost(50.0),
    );
    table.add("scans lost or counted twice", "", lost, Target::AtMost(0.0));
}

fn scan_all(stations: &mut [Client], note: Uuid, round: usize) -> (Vec<f64>, u32) {
    stations.iter_mut().for_each(Client::reconnect);
    let path = format!("/api/deliveries/{note}/scans");
    std::thread::scope(|scope| {
        let scans: Vec<_> = stations
            .iter_mut()
            .enumerate()
            .map(|(place, desk)| {
                let path = &path;
                scope.spawn(move || {
                    let (mut latencies, mut received) = (Vec::new(), 0);
                    // Half of the delivery each, so that every laptop is scanned by two.
                    let from = DELIVERED * u32::try_from(place).unwrap() / 4;
                    for n in (0..DELIVERED / 2).map(|n| (from + n) % DELIVERED) {
                        let body = format!(
                            "{{\"request_id\":\"{}\",\"code\":\"BL{round}X{n:05}\"}}",
                            Uuid::now_v7()
                        );
                        let asked = Instant::now();
                        let answer = post(desk, path, &body, 200);
                        latencies.push(asked.elapsed().as_secs_f64() * 1000.0);
                        received += u32::from(answer["verdict"] == "received");
                    }
                    (latencies, received)
                })
            })
            .collect();
        let done: Vec<(Vec<f64>, u32)> = scans.into_iter().map(|scan| scan.join().unwrap()).collect();
        let received = done.iter().map(|(_, received)| received).sum();
        (done.into_iter().flat_map(|(latencies, _)| latencies).collect(), received)
    })
}
