//! Tables of every kind, small and invented: what each quirk of theirs is read as.

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
