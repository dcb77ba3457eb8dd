//! PostgreSQL's own benchmark, on the recorded script.

use crate::hand_overs::{RUN, Run};
use crate::school::School;
use remise::cluster::Binaries;
use std::process::Command;

/// Runs the script with so many clients, from pupil `base` on. Answers how many numbers it may have used.
pub fn run(school: &School, script: &str, clients: usize, base: u32) -> (Run, u32) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hand-over.sql");
    std::fs::write(&file, script).unwrap();
    let pgbench = Binaries::find().unwrap().path("pgbench");
    let done = Command::new(pgbench)
        .args(["--no-vacuum", "--protocol=prepared", "--log", "--log-prefix=times", "--define=i=-1"])
        .arg(format!("--define=base={base}"))
        .arg(format!("--define=clients={clients}"))
        .arg(format!("--client={clients}"))
        .arg(format!("--jobs={}", clients.min(2)))
        .arg(format!("--time={}", RUN.as_secs()))
        .arg("--file")
        .arg(&file)
        .arg(&school.url)
        .current_dir(folder.path())
        .output()
        .expect("pgbench, which comes with PostgreSQL's server package");
    let said = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && said.contains("number of failed transactions: 0"), "{said}\n{script}");
    let mut latencies = Vec::new();
    let mut most = 0;
    for entry in std::fs::read_dir(folder.path()).unwrap().flatten() {
        if !entry.file_name().to_string_lossy().starts_with("times") {
            continue;
        }
        for line in std::fs::read_to_string(entry.path()).unwrap().lines() {
            // client, transaction of that client, microseconds, …
            let fields: Vec<&str> = line.split(' ').collect();
            latencies.push(fields[2].parse::<f64>().unwrap() / 1000.0);
            most = most.max(fields[1].parse::<u32>().unwrap());
        }
    }
    let rate =
        said.lines().find_map(|line| line.strip_prefix("tps = ")).and_then(|rest| rest.split(' ').next());
    let run = Run { rate: rate.unwrap().parse().unwrap(), latencies };
    (run, (most + 2) * u32::try_from(clients).unwrap())
}
