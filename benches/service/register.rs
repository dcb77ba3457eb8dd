//! The register of a long list, against COPY of the same query.

use crate::client::Client;
use crate::process::Served;
use crate::school::{LOANS, School};
use crate::table::{Table, Target};
use remise::cluster::Binaries;
use remise::db::register::SQL;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

pub async fn measure(school: &School, rounds: usize, table: &mut Table) {
    let (mut copy, mut csv, mut xlsx) = (Vec::new(), Vec::new(), Vec::new());
    let (mut csv_memory, mut xlsx_memory) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        copy.push(copied(school));
        // A fresh service each time: its idle memory is that of one that did nothing yet.
        for (path, times, memory) in [
            ("/api/register.csv", &mut csv, &mut csv_memory),
            ("/api/register.xlsx", &mut xlsx, &mut xlsx_memory),
        ] {
            let served = Served::start(&["--database-url", &school.url]);
            std::thread::sleep(Duration::from_secs(2));
            // Before the log-in, whose password hash takes 19 MiB for a moment.
            let idle = served.resident();
            let mut client = Client::connect(&served.address);
            client.log_in(&school.register.to_string(), "bureau", "Bureau");
            served.forget_peak();
            let started = Instant::now();
            assert!(client.drain(path) > u64::from(LOANS));
            times.push(started.elapsed().as_secs_f64());
            memory.push(served.peak() - idle);
            drop(client);
            served.stop();
        }
    }
    let ratio = copy.iter().zip(&csv).map(|(copy, csv)| copy / csv).collect();
    let name = |what: &str| format!("register of {LOANS} loans, {what}");
    table.add(name("COPY"), "s", copy, Target::None);
    table.add(name("CSV"), "s", csv, Target::None);
    table.add(name("CSV, rate to COPY's"), "ratio", ratio, Target::AtLeast(0.4));
    table.add(name("CSV, memory over idle"), "MiB", csv_memory, Target::AtMost(64.0));
    table.add(name("XLSX"), "s", xlsx, Target::None);
    table.add(name("XLSX, memory over idle"), "MiB", xlsx_memory, Target::AtMost(64.0));
}

/// Seconds that COPY takes to send every row to a client that drops them.
fn copied(school: &School) -> f64 {
    let query = SQL
        .replace("$1", &format!("'{}'", school.register))
        .replace("$2::text", "NULL::text")
        .replace("$2", "NULL")
        .replace("$3", "NULL")
        .replace("$4::date", "NULL::date")
        .replace("$4", "NULL::date")
        .replace("$5", "NULL");
    let started = Instant::now();
    let done = Command::new(Binaries::find().unwrap().path("psql"))
        .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", &school.url])
        .args(["-c", &format!("SET remise.scope = '{}'", school.register)])
        .args(["-c", &format!("COPY ({query}) TO STDOUT")])
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(done.success());
    started.elapsed().as_secs_f64()
}
