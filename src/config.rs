//! What the person who starts the service may choose.

use clap::Args;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// The data folder when none is named.
const DATA: &str = "data";
/// Where it goes when PostgreSQL's account cannot get to [`DATA`], as in a clone below `/root`.
const DATA_ELSEWHERE: &str = "/var/lib/remise";

/// Options of every command that needs the database.
#[derive(Debug, Clone, Args)]
pub struct DatabaseOptions {
    /// Folder of the private PostgreSQL and of everything the service keeps; /var/lib/remise instead
    /// of the default when root starts it where PostgreSQL's account cannot go.
    #[arg(long, env = "REMISE_DATA", default_value = DATA)]
    pub data: PathBuf,
    /// A PostgreSQL of your own (15 or later) instead of the private one.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
}

impl DatabaseOptions {
    /// Where else the data may go: nowhere, when the folder was chosen.
    pub fn elsewhere(&self) -> Option<&'static Path> {
        (self.data == Path::new(DATA)).then_some(Path::new(DATA_ELSEWHERE))
    }
}

/// Options of the service.
#[derive(Debug, Clone, Args)]
pub struct ServiceOptions {
    #[command(flatten)]
    pub database: DatabaseOptions,
    /// Address to listen on; loopback unless told otherwise.
    #[arg(long, env = "REMISE_LISTEN", default_value = "127.0.0.1:8421")]
    pub listen: SocketAddr,
    /// Certificate chain (PEM) to serve HTTPS with, so that other computers may use their cameras.
    #[arg(long, env = "REMISE_CERTIFICATE", requires = "key")]
    pub certificate: Option<PathBuf>,
    /// Private key (PEM) of the certificate.
    #[arg(long, env = "REMISE_KEY", requires = "certificate")]
    pub key: Option<PathBuf>,
    /// Connections to the database, 2 at least.
    #[arg(long, default_value_t = 10)]
    pub connections: usize,
}
