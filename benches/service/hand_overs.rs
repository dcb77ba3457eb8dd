//! Hand-overs through HTTP, each distinct and durable, against pgbench running the same
//! statements on the same cluster.

use crate::client::Client;
use crate::pgbench;
use crate::process::Served;
use crate::school::{DESKS, School, device, student};
use crate::statements::{self, numbered};
use crate::table::{Table, Target, percentile};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Length of one run.
pub const RUN: Duration = Duration::from_secs(4);
/// Stations at once.
const STATIONS: [usize; 3] = [1, 4, 8];

/// What a run showed.
#[derive(Clone)]
pub struct Run {
    /// Hand-overs a second.
    pub rate: f64,
    /// Milliseconds, one for each hand-over.
    pub latencies: Vec<f64>,
}

pub async fn measure(school: &School, rounds: usize, table: &mut Table) {
    let next = AtomicU32::new(0);
    let script = statements::record(school, |desk| {
        let n = next.fetch_add(1, Ordering::Relaxed);
        hand_over(desk, n);
        vec![(student(n).to_string(), numbered(0x5000_0000)), (device(n).to_string(), numbered(0xD000_0000))]
    })
    .await;
    let served = Served::start(&["--database-url", &school.url]);
    let mut desks = desks(school, &served);
    let (mut ours, mut theirs) = (vec![Vec::new(); STATIONS.len()], vec![Vec::new(); STATIONS.len()]);
    for _ in 0..rounds {
        for (at, stations) in STATIONS.into_iter().enumerate() {
            ours[at].push(tokio::task::block_in_place(|| run(&mut desks[..stations], &next, hand_over)));
            let base = next.load(Ordering::Relaxed);
            let (run, used) = tokio::task::block_in_place(|| pgbench::run(school, &script, stations, base));
            next.fetch_add(used, Ordering::Relaxed);
            theirs[at].push(run);
        }
    }
    served.stop();
    for (at, stations) in STATIONS.into_iter().enumerate() {
        tell(table, stations, &ours[at], &theirs[at]);
    }
}

/// Logged in, each at its own station.
pub fn desks(school: &School, served: &Served) -> Vec<Client> {
    let log_in = |desk| {
        let mut client = Client::connect(&served.address);
        client.log_in(&school.desks.to_string(), &format!("accueil {desk}"), &format!("Poste {desk}"));
        client
    };
    (0..DESKS).map(log_in).collect()
}

fn tell(table: &mut Table, stations: usize, ours: &[Run], theirs: &[Run]) {
    let each = |runs: &[Run], figure: &dyn Fn(&Run) -> f64| runs.iter().map(figure).collect::<Vec<_>>();
    let part = |part: f64| move |run: &Run| percentile(&run.latencies, part);
    let ratio = |figure: &dyn Fn(&Run) -> f64| {
        ours.iter().zip(theirs).map(|(ours, theirs)| figure(ours) / figure(theirs)).collect::<Vec<_>>()
    };
    let last = stations == DESKS;
    for (who, runs) in [("HTTP", ours), ("pgbench", theirs)] {
        table.add(
            format!("{stations} stations, {who}, rate"),
            "1/s",
            each(runs, &|run| run.rate),
            Target::None,
        );
        table.add(format!("{stations} stations, {who}, p50"), "ms", each(runs, &part(0.5)), Target::None);
        table.add(format!("{stations} stations, {who}, p99"), "ms", each(runs, &part(0.99)), Target::None);
    }
    let rate_target = if last { Target::AtLeast(0.4) } else { Target::None };
    let p99_target = if last { Target::AtMost(6.0) } else { Target::None };
    table.add(
        format!("{stations} stations, rate, HTTP : pgbench"),
        "ratio",
        ratio(&|run| run.rate),
        rate_target,
    );
    table.add(format!("{stations} stations, p99, HTTP : pgbench"), "ratio", ratio(&part(0.99)), p99_target);
}

/// Each desk does one after the other, until time is up. Any answer but 201 stops everything.
pub fn run(desks: &mut [Client], next: &AtomicU32, act: fn(&mut Client, u32)) -> Run {
    desks.iter_mut().for_each(Client::reconnect);
    let over = AtomicBool::new(false);
    let started = Instant::now();
    let latencies: Vec<f64> = std::thread::scope(|scope| {
        let desks: Vec<_> = desks
            .iter_mut()
            .map(|desk| {
                let over = &over;
                scope.spawn(move || {
                    let mut latencies = Vec::new();
                    while !over.load(Ordering::Relaxed) {
                        let n = next.fetch_add(1, Ordering::Relaxed);
                        let asked = Instant::now();
                        act(desk, n);
                        latencies.push(asked.elapsed().as_secs_f64() * 1000.0);
                    }
                    latencies
                })
            })
            .collect();
        std::thread::sleep(RUN);
        over.store(true, Ordering::Relaxed);
        desks.into_iter().flat_map(|desk| desk.join().unwrap()).collect()
    });
    Run { rate: latencies.len() as f64 / started.elapsed().as_secs_f64(), latencies }
}

/// What the desk sends for pupil and laptop number `n`.
fn hand_over(desk: &mut Client, n: u32) {
    let body = format!(
        "{{\"request_id\":\"{}\",\"student_id\":\"{}\",\"device_id\":\"{}\",\
         \"charter\":{{\"copies_shown\":2,\"copies_kept\":1,\"method\":\"barcode\"}}}}",
        Uuid::now_v7(),
        student(n),
        device(n)
    );
    let answer = desk.send("POST", "/api/hand-overs", &body);
    assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
}
