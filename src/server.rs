//! Start-up and shutdown: database, migrations, HTTP.

mod tls;

use crate::cluster::{Cluster, ClusterError, OLDEST, reachable_folder};
use crate::config::{DatabaseOptions, ServiceOptions};
use crate::db::{Db, Fault, migrations};
use crate::http::screens::Screens;
use crate::http::{self, State};
use crate::operations::forget::forget;
use crate::operations::seal_journal::seal_journal;
use actix_web::dev::ServerHandle;
use actix_web::middleware::{Compress, NormalizePath};
use actix_web::{App, HttpServer, web};
use rustls::ServerConfig;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Between two seals of the journal.
const SEAL_EVERY: Duration = Duration::from_secs(2);
/// Between two looks at the private PostgreSQL.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Between two forgettings.
const FORGET_EVERY: Duration = Duration::from_secs(600);

/// Why the service cannot start.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    #[error("the database does not answer: {0}")]
    Database(Fault),
    #[error(
        "the PostgreSQL of DATABASE_URL is version {0}; Remise needs {OLDEST} or later: name another, or leave DATABASE_URL out"
    )]
    TooOld(String),
    #[error("cannot catch signals: {0}")]
    Signals(std::io::Error),
    #[error("cannot listen on {address}: {error}")]
    Listen { address: SocketAddr, error: std::io::Error },
    #[error("cannot serve HTTPS: {0}")]
    Tls(String),
    #[error("what was to be done before serving failed: {0}")]
    Prepare(String),
}

impl From<Fault> for ServerError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::TooOld(version) => Self::TooOld(version),
            other => Self::Database(other),
        }
    }
}

/// A database that is up to date; the cluster, when it is the private one, runs as long as this lives.
pub struct Database {
    pub db: Db,
    pub url: String,
    /// The data folder, when it is not the one that was asked for.
    pub elsewhere: Option<PathBuf>,
    cluster: Option<Cluster>,
}

impl Database {
    /// Starts or joins what the options name and applies missing migrations.
    /// Needs the multi-thread runtime.
    pub async fn open(
        options: &DatabaseOptions,
        connections: usize,
        join: bool,
    ) -> Result<Self, ServerError> {
        let (url, cluster, folder) = match &options.database_url {
            Some(url) => (url.clone(), None, None),
            None => {
                let start = if join { Cluster::start_or_join } else { Cluster::start };
                let folder = match options.elsewhere() {
                    Some(elsewhere) => reachable_folder(&options.data, elsewhere)?,
                    None => options.data.clone(),
                };
                let cluster = tokio::task::block_in_place(|| start(&folder))?;
                (cluster.url().to_owned(), Some(cluster), Some(folder))
            }
        };
        let elsewhere = folder.filter(|folder| *folder != options.data);
        for name in migrations::migrate(&url).await? {
            tracing::info!(name, "migration applied");
        }
        Ok(Self { db: Db::connect(&url, connections).await?, url, elsewhere, cluster })
    }

    /// Stops the private PostgreSQL, if this process started it.
    pub fn close(self) {
        if let Some(cluster) = self.cluster {
            tokio::task::block_in_place(|| cluster.stop());
        }
    }
}

/// A running HTTP service.
pub struct Server {
    address: SocketAddr,
    secure: bool,
    screens: Screens,
    handle: ServerHandle,
    task: tokio::task::JoinHandle<std::io::Result<()>>,
}

impl Server {
    /// Listens on `address` (port 0: any free one) and answers from `db`, over HTTPS with `tls`.
    pub fn start(db: Db, address: SocketAddr, tls: Option<ServerConfig>) -> Result<Self, ServerError> {
        Self::start_with(State::new(db), address, tls)
    }

    /// The same, with what the handlers may use.
    pub fn start_with(
        state: State,
        address: SocketAddr,
        tls: Option<ServerConfig>,
    ) -> Result<Self, ServerError> {
        let failed = |error| ServerError::Listen { address, error };
        let screens = state.screens.clone();
        let state = web::Data::new(state);
        let server = HttpServer::new(move || {
            App::new()
                .app_data(state.clone())
                .wrap(Compress::default())
                .wrap(NormalizePath::trim())
                .configure(http::routes)
        })
        .workers(2)
        .disable_signals()
        .shutdown_timeout(5);
        let secure = tls.is_some();
        let server = match tls {
            Some(tls) => server.bind_rustls_0_23(address, tls),
            None => server.bind(address),
        };
        let server = server.map_err(failed)?;
        let bound = server.addrs().first().copied().unwrap_or(address);
        let server = server.run();
        let handle = server.handle();
        Ok(Self { address: bound, secure, screens, handle, task: tokio::spawn(server) })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where a browser on this computer finds it.
    pub fn url(&self) -> String {
        format!("{}://{}/", if self.secure { "https" } else { "http" }, self.address)
    }

    /// Ends what is under way, then stops.
    pub async fn stop(self) {
        self.screens.close();
        self.handle.stop(true).await;
        let _ = self.task.await;
    }
}

/// Serves until SIGINT or SIGTERM, then stops in order: requests, connections, PostgreSQL.
/// `prepare` works on the database before anybody is served; `ready` is told where it is served,
/// and the data folder when it is not the one asked for.
pub async fn serve(
    options: &ServiceOptions,
    prepare: impl AsyncFnOnce(&Db) -> Result<(), ServerError>,
    ready: impl FnOnce(&str, Option<&Path>),
) -> Result<(), ServerError> {
    let tls = match options.certificate.as_ref().zip(options.key.as_ref()) {
        Some((certificate, key)) => Some(tls::config(certificate, key).map_err(ServerError::Tls)?),
        None => None,
    };
    let mut signals = Signals::catch()?;
    let Database { db, mut cluster, elsewhere, .. } =
        Database::open(&options.database, options.connections, false).await?;
    prepare(&db).await?;
    let server = Server::start(db.clone(), options.listen, tls)?;
    ready(&server.url(), elsewhere.as_deref());
    let stopping = CancellationToken::new();
    let serving = async {
        signals.asked_to_stop().await;
        tracing::info!("stopping");
        server.stop().await;
        stopping.cancel();
    };
    tokio::join!(serving, keep_house(&db, &stopping), keep_alive(cluster.as_mut(), &stopping));
    if let Some(cluster) = cluster {
        tokio::task::block_in_place(|| cluster.stop());
    }
    Ok(())
}

/// Starts the private PostgreSQL again when it was killed: the desks go on with their next request.
async fn keep_alive(cluster: Option<&mut Cluster>, stopping: &CancellationToken) {
    let Some(cluster) = cluster else { return };
    loop {
        tokio::select! {
            () = stopping.cancelled() => return,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
        match tokio::task::block_in_place(|| cluster.revive()) {
            Ok(false) => {}
            Ok(true) => tracing::warn!("PostgreSQL had ended; it runs again"),
            Err(error) => tracing::error!(%error, "PostgreSQL has ended and does not start"),
        }
    }
}

/// Seals the journal and forgets what has had its time, until told to stop; a last seal
/// covers what the last requests did. Several instances may: one at a time seals.
async fn keep_house(db: &Db, stopping: &CancellationToken) {
    let mut forgotten: Option<Instant> = None;
    loop {
        let last_time = stopping.is_cancelled();
        if let Err(failure) = seal_journal(db).await {
            tracing::warn!(?failure, "journal not sealed");
        }
        if last_time {
            return;
        }
        if forgotten.is_none_or(|at| at.elapsed() >= FORGET_EVERY) {
            match forget(db).await {
                Ok(what) => tracing::debug!(?what, "forgotten"),
                Err(failure) => tracing::warn!(?failure, "nothing forgotten"),
            }
            forgotten = Some(Instant::now());
        }
        tokio::select! {
            () = stopping.cancelled() => {}
            () = tokio::time::sleep(SEAL_EVERY) => {}
        }
    }
}

/// SIGINT and SIGTERM, caught from the moment this is made: one that comes while the service
/// starts stops it cleanly once it has.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn catch() -> Result<Self, ServerError> {
        let caught = |kind| signal(kind).map_err(ServerError::Signals);
        Ok(Self { interrupt: caught(SignalKind::interrupt())?, terminate: caught(SignalKind::terminate())? })
    }

    async fn asked_to_stop(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
