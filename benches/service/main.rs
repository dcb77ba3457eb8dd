//! The whole service, measured from outside on a private PostgreSQL: hand-overs against
//! pgbench running the same statements, second screens, the register against COPY, searches and lists, memory and start.
//! Prints one table: min, median and max over the rounds, beside each target.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark stops with a panic and prints its figures"
)]

mod board;
mod client;
mod custody;
mod hand_overs;
mod parts;
mod pgbench;
mod process;
mod register;
mod school;
mod search;
mod statements;
mod table;

use parts::Parts;
use table::Table;

/// Times that everything is measured.
const ROUNDS: usize = 3;

fn main() {
    let Some(parts) = Parts::asked() else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut table = Table::default();
    if parts.want("start") {
        process::measure_start(ROUNDS, &mut table);
    }
    runtime.block_on(async {
        let school = school::furnish().await;
        if parts.want("hand_overs") {
            hand_overs::measure(&school, ROUNDS, &mut table).await;
        }
        if parts.want("custody") {
            custody::measure(&school, ROUNDS, &mut table).await;
        }
        if parts.want("board") {
            board::measure(&school, ROUNDS, &mut table).await;
        }
        if parts.want("register") {
            register::measure(&school, ROUNDS, &mut table).await;
        }
        if parts.want("search") {
            search::measure(&school, ROUNDS, &mut table).await;
        }
        school.close();
    });
    print!("{table}");
}
