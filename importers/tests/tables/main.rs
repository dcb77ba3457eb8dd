//! Tables of every kind, small and invented: what each quirk of theirs is read as.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test says so by panicking")]

#[path = "../common/mod.rs"]
mod common;

mod accounts;
mod badges;
mod deliveries;
mod licences;
mod mappings;
mod recognition;
mod students;
mod timetables;
mod workbooks;
