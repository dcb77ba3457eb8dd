//! SIECLE's lists of pupils and guardians taken in by the real thing on a private cluster, for a lycée
//! and for a Région, beside COPY of the same rows and quick-xml's reading of the same files; the most
//! memory the command has; and how long telling what a file is takes. Prints one table: min, median
//! and max over the rounds, beside each target. `make bench-imports`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark stops with a panic and prints its figures"
)]

mod files;
mod limits;
#[path = "../service/parts.rs"]
mod parts;
mod place;
#[allow(dead_code, reason = "the other benchmark has figures that must be at least so much")]
#[path = "../service/table.rs"]
mod table;
mod told;

use files::Lists;
use parts::Parts;
use place::Place;
use table::{Table, Target};

/// A lycée: everything is measured so many times.
const ROUNDS: usize = 5;
/// A Région, which takes minutes.
const LARGE_ROUNDS: usize = 3;

fn main() {
    let Some(parts) = Parts::asked() else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut table = Table::default();
    runtime.block_on(async {
        if parts.want("lycee") {
            lycee(&mut table).await;
        }
        if parts.want("region") {
            region(&mut table).await;
        }
    });
    if parts.want("told") {
        told::measure(LARGE_ROUNDS, &mut table);
    }
    println!("{table}");
}

/// Seconds until somebody sees what a file would change, and until it is done.
async fn lycee(table: &mut Table) {
    let lists = Lists::write(2_000);
    let (mut staged, mut applied) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let place = Place::open().await;
        let (mut stage, mut apply) = (0.0, 0.0);
        for list in lists.in_order() {
            let (seen, done) = place.take_in(list).await;
            stage += seen;
            apply += done;
        }
        staged.push(stage);
        applied.push(apply);
        place.close();
    }
    let name = |what: &str| format!("{} pupils with guardians, {what}", lists.pupils);
    table.add(name("staged"), "s", staged, Target::AtMost(1.0));
    table.add(name("applied"), "s", applied, Target::AtMost(1.0));
}

/// The command with both files, from its start to its end.
async fn region(table: &mut Table) {
    let lists = Lists::write(200_000);
    let (mut copied, mut parsed, mut taken, mut ratios) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut bare, mut to_bare) = (Vec::new(), Vec::new());
    let (mut again, mut memory) = (Vec::new(), Vec::new());
    for _ in 0..LARGE_ROUNDS {
        let place = Place::open().await;
        let parse: f64 = lists.in_order().iter().map(|list| limits::parse(list)).sum();
        let (took, peak) = place.command(&lists.in_order());
        let (copy, copy_bare) = place.copy_again().await;
        let (unchanged, peak_again) = place.command(&lists.in_order());
        place.close();
        copied.push(copy);
        parsed.push(parse);
        taken.push(took);
        ratios.push(took / (copy + parse));
        bare.push(copy_bare);
        to_bare.push(took / (copy_bare + parse));
        again.push(unchanged);
        memory.push(peak.max(peak_again));
    }
    let name = |what: &str| format!("{} pupils, {} guardians, {what}", lists.pupils, lists.guardians());
    table.add(name("COPY"), "s", copied, Target::None);
    table.add(name("COPY, bare"), "s", bare, Target::None);
    table.add(name("quick-xml"), "s", parsed, Target::None);
    table.add(name("taken in"), "s", taken, Target::None);
    table.add(name("to both"), "ratio", ratios, Target::AtMost(3.0));
    table.add(name("to both, bare"), "ratio", to_bare, Target::None);
    table.add(name("again"), "s", again, Target::None);
    table.add(name("memory"), "MiB", memory, Target::AtMost(150.0));
}
