//! Black-box tests of the service. They start their own private PostgreSQL, one
//! database a test, and speak to it as a desk does.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "a test says so by panicking"
)]

mod board;
mod campaign;
mod charters;
mod cluster;
mod custody;
mod demo;
mod doctor;
mod frames;
mod guards;
mod hand_over;
mod harness;
mod imports;
mod journal;
mod kill;
mod label_sheets;
mod limits;
mod lists;
mod model;
mod page;
mod printing;
mod receipts;
mod register;
mod register_exports;
mod scan;
mod scans;
mod schema;
mod search;
mod served;
mod sessions;
mod stock;
mod story;
mod tls;
