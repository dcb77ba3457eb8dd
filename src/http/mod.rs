//! Requests, sessions, sockets and the embedded page. [`routes`] is the one URL table.

use crate::db::Db;
use actix_web::web::{self, ServiceConfig};

/// What every handler may use.
pub struct State {
    pub db: Db,
}

/// Every path, its method and its handler.
pub fn routes(config: &mut ServiceConfig) {
    config.service(web::scope("/api"));
}
