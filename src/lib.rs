//! Remise: the desk software of a regional laptop programme.
//!
//! Modules in dependency order (see `README.md` for the map, `tests/architecture.rs` for the arrows):
//! - [`config`]: what the person who starts the service may choose
//! - [`cluster`]: the private PostgreSQL; knows nothing of schools
//! - [`db`]: rows and queries
//! - [`importers`]: bytes to rows
//! - [`exports`]: rows to files
//! - [`printing`]: rows to sheets of paper
//! - [`operations`]: one use case, one transaction
//! - [`demo`]: an invented school to try it on
//! - [`http`]: requests, sessions, sockets, the embedded page
//! - [`server`]: start-up and shutdown
//! - [`cli`]: the command line

pub mod cli;
pub mod cluster;
pub mod config;
pub mod db;
pub mod demo;
pub mod exports;
pub mod http;
pub mod operations;
pub mod printing;
pub mod server;
