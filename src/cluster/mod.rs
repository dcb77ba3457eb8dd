//! The private PostgreSQL: a cluster in the data folder, reached by a Unix socket
//! only, durable, never run as root. Knows nothing of schools.

mod account;
mod binaries;
mod orphan;
mod reach;

pub use account::Account;
pub use binaries::{Binaries, INSTALL_COMMAND, OLDEST};
pub use reach::reachable_folder;

use orphan::{Kinship, kinship};
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Why the private PostgreSQL cannot be had. Each message is one sentence and says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    #[error("PostgreSQL 15 or later is not installed; type: {INSTALL_COMMAND}")]
    NotInstalled,
    #[error("the folder {0} is in use by another Remise; stop it, or choose another folder with --data")]
    InUse(PathBuf),
    #[error("the disk of {0} is full; free some space and start again")]
    DiskFull(PathBuf),
    #[error(
        "PostgreSQL refuses to run as root and this machine has no account for it; create one with: adduser --system --group postgres"
    )]
    NoAccount,
    #[error(
        "the account that runs PostgreSQL cannot enter the folder {0}; choose a data folder elsewhere, for example --data /var/lib/remise"
    )]
    Unreachable(PathBuf),
    #[error("PostgreSQL did not start; its log {log} ends with: {tail}")]
    DidNotStart { log: PathBuf, tail: String },
    #[error("{what}: {error}")]
    Io { what: String, error: io::Error },
}

/// How long PostgreSQL may take to start, recovery after a power cut included.
const START_LIMIT: Duration = Duration::from_secs(60);
/// How long it may take to stop.
const STOP_LIMIT: Duration = Duration::from_secs(30);
/// Unix socket addresses are at most 107 bytes on Linux and 103 on macOS.
const LONGEST_SOCKET_FOLDER: usize = 80;

/// A running private cluster. Dropping it stops PostgreSQL.
pub struct Cluster {
    url: String,
    own: Option<Own>,
    _lock: Option<File>,
}

/// A PostgreSQL that this process started.
struct Own {
    child: Child,
    binaries: Binaries,
    layout: Layout,
    account: Option<Account>,
}

impl Cluster {
    /// Starts the cluster of `data`, making it on the first call, and waits until it answers.
    pub fn start(data: &Path) -> Result<Self, ClusterError> {
        let binaries = Binaries::find().ok_or(ClusterError::NotInstalled)?;
        make(data)?;
        reach::check(data)?;
        let data = fs::canonicalize(data).map_err(|e| io_error("finding the data folder", data, e))?;
        let lock = lock(&data)?;
        let layout = Layout::new(&data);
        let account = Account::for_postgres(&data)?;
        layout.prepare(account)?;
        layout.end_orphan();
        if !layout.cluster.join("PG_VERSION").exists() {
            layout.initialise(&binaries, account)?;
        }
        let child = layout.run(&binaries, account)?;
        let url = layout.url("remise", "remise");
        let cluster = Self { url, own: Some(Own { child, binaries, layout, account }), _lock: Some(lock) };
        if let Some(own) = &cluster.own {
            own.layout.create_role_and_database(&own.binaries)?;
        }
        Ok(cluster)
    }

    /// Starts PostgreSQL again when it has ended by itself, or was killed. True when it had.
    pub fn revive(&mut self) -> Result<bool, ClusterError> {
        let Some(own) = &mut self.own else { return Ok(false) };
        if matches!(own.child.try_wait(), Ok(None)) {
            return Ok(false);
        }
        own.child = own.layout.run(&own.binaries, own.account)?;
        Ok(true)
    }

    /// Joins the cluster of `data` when a service is running on it, else starts it.
    pub fn start_or_join(data: &Path) -> Result<Self, ClusterError> {
        match Self::start(data) {
            Err(ClusterError::InUse(folder)) => {
                let data =
                    fs::canonicalize(data).map_err(|e| io_error("finding the data folder", data, e))?;
                let layout = Layout::new(&data);
                let url = layout.url("remise", "remise");
                let binaries = Binaries::find().ok_or(ClusterError::NotInstalled)?;
                let answers = layout.answers(&binaries);
                if answers {
                    Ok(Self { url, own: None, _lock: None })
                } else {
                    Err(ClusterError::InUse(folder))
                }
            }
            other => other,
        }
    }

    /// Where the service's role finds its database.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// PostgreSQL's process id, when this process started it.
    pub fn process_id(&self) -> Option<u32> {
        self.own.as_ref().map(|own| own.child.id())
    }

    /// Stops PostgreSQL cleanly and waits for it.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        let Some(Own { mut child, .. }) = self.own.take() else { return };
        // SIGINT is PostgreSQL's fast shutdown: sessions end, a checkpoint is written.
        signal(child.id(), nix::sys::signal::Signal::SIGINT);
        let asked = Instant::now();
        while asked.elapsed() < STOP_LIMIT {
            match child.try_wait() {
                Ok(None) => std::thread::sleep(Duration::from_millis(20)),
                _ => return,
            }
        }
        signal(child.id(), nix::sys::signal::Signal::SIGQUIT);
        let _ = child.wait();
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.end();
    }
}

fn signal(process: u32, signal: nix::sys::signal::Signal) {
    if let Ok(process) = i32::try_from(process) {
        let _ = nix::sys::signal::kill(nix::unistd::Pid::from_raw(process), signal);
    }
}

fn lock(data: &Path) -> Result<File, ClusterError> {
    let path = data.join("remise.lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|e| io_error("opening the lock", &path, e))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(_) => Err(ClusterError::InUse(data.to_owned())),
    }
}

/// Where things are in the data folder.
struct Layout {
    cluster: PathBuf,
    sockets: PathBuf,
    log: PathBuf,
}

impl Layout {
    fn new(data: &Path) -> Self {
        let near = data.join("run");
        let sockets = if near.as_os_str().len() <= LONGEST_SOCKET_FOLDER {
            near
        } else {
            // A long path would not fit a socket address: a short one, its own for this folder.
            let name =
                hex::encode(<sha2::Sha256 as sha2::Digest>::digest(data.as_os_str().as_encoded_bytes()));
            std::env::temp_dir().join(format!("remise-{}", name.get(..16).unwrap_or("run")))
        };
        Self { cluster: data.join("postgres"), sockets, log: data.join("postgres.log") }
    }

    fn url(&self, role: &str, database: &str) -> String {
        let folder =
            self.sockets.to_string_lossy().replace('%', "%25").replace('/', "%2F").replace(' ', "%20");
        format!("postgresql://{role}@{folder}/{database}")
    }

    fn prepare(&self, account: Option<Account>) -> Result<(), ClusterError> {
        for folder in [&self.cluster, &self.sockets] {
            fs::create_dir_all(folder).map_err(|e| io_error("making a folder", folder, e))?;
            fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
                .map_err(|e| io_error("closing a folder to others", folder, e))?;
        }
        OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.log)
            .map_err(|e| io_error("opening PostgreSQL's log", &self.log, e))?;
        if let Some(account) = account {
            for path in [&self.cluster, &self.sockets, &self.log] {
                chown(path, Some(account.user), Some(account.group))
                    .map_err(|e| io_error("giving a folder to PostgreSQL", path, e))?;
            }
        }
        Ok(())
    }

    /// A killed service leaves its PostgreSQL running; we hold the lock, so it is ours to end.
    /// After a power cut the number in the file may be another process's, which is left alone.
    fn end_orphan(&self) {
        let pid_file = self.cluster.join("postmaster.pid");
        let Ok(text) = fs::read_to_string(&pid_file) else { return };
        let Some((number, rest)) = text.split_once('\n') else { return };
        let Ok(process) = number.trim().parse::<u32>() else { return };
        match kinship(process, &self.cluster) {
            Kinship::Own => signal(process, nix::sys::signal::Signal::SIGINT),
            // PostgreSQL would take the stranger for itself and not start; the number of its own
            // parent it knows to be stale, and goes on to look for its memory all the same.
            Kinship::Stranger => {
                let _ = fs::write(&pid_file, format!("{}\n{rest}", std::process::id()));
                return;
            }
            Kinship::Unknown => return,
        }
        let asked = Instant::now();
        while kinship(process, &self.cluster) == Kinship::Own && asked.elapsed() < STOP_LIMIT {
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn initialise(&self, binaries: &Binaries, account: Option<Account>) -> Result<(), ClusterError> {
        let mut initdb = Command::new(binaries.path("initdb"));
        initdb
            .args([
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--data-checksums",
                "-D",
            ])
            .arg(&self.cluster)
            .stdin(Stdio::null())
            .current_dir("/");
        run_as(&mut initdb, account);
        let done = initdb.output().map_err(|e| io_error("running initdb", &self.cluster, e))?;
        if done.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        let _ = fs::remove_dir_all(&self.cluster);
        Err(self.failure(&said))
    }

    /// Starts PostgreSQL and waits until it answers. After a kill, the sessions of the one
    /// before may take a moment to notice and let go of its memory.
    fn run(&self, binaries: &Binaries, account: Option<Account>) -> Result<Child, ClusterError> {
        let started = Instant::now();
        loop {
            let mut child = self.spawn(binaries, account)?;
            match self.wait_until_ready(&mut child, binaries) {
                Ok(()) => return Ok(child),
                Err(ClusterError::DidNotStart { tail, .. })
                    if tail.contains("still in use") && started.elapsed() < START_LIMIT =>
                {
                    std::thread::sleep(Duration::from_millis(200));
                }
                Err(error) => {
                    signal(child.id(), nix::sys::signal::Signal::SIGQUIT);
                    let _ = child.wait();
                    return Err(error);
                }
            }
        }
    }

    fn wait_until_ready(&self, child: &mut Child, binaries: &Binaries) -> Result<(), ClusterError> {
        let started = Instant::now();
        loop {
            let ended = !matches!(child.try_wait(), Ok(None));
            if !ended && self.answers(binaries) {
                return Ok(());
            }
            if ended || started.elapsed() > START_LIMIT {
                return Err(self.start_failure());
            }
            std::thread::sleep(Duration::from_millis(25));
        }
    }

    fn spawn(&self, binaries: &Binaries, account: Option<Account>) -> Result<Child, ClusterError> {
        let log = |path: &Path| {
            OpenOptions::new()
                .append(true)
                .open(path)
                .map_err(|e| io_error("opening PostgreSQL's log", path, e))
        };
        let mut postgres = Command::new(binaries.path("postgres"));
        postgres.arg("-D").arg(&self.cluster).current_dir("/");
        for setting in [
            "listen_addresses=",
            "unix_socket_permissions=0700",
            "fsync=on",
            "full_page_writes=on",
            "synchronous_commit=on",
            "max_connections=50",
            // A list of a Région is a gigabyte of it; a checkpoint within would write most pages twice.
            "max_wal_size=2GB",
            "logging_collector=off",
        ] {
            postgres.args(["-c", setting]);
        }
        postgres.arg("-k").arg(&self.sockets);
        postgres.stdin(Stdio::null()).stdout(log(&self.log)?).stderr(log(&self.log)?);
        // Its own process group: Ctrl-C at a terminal is for the service, which stops PostgreSQL last.
        postgres.process_group(0);
        run_as(&mut postgres, account);
        postgres.spawn().map_err(|e| io_error("starting PostgreSQL", &self.cluster, e))
    }

    fn answers(&self, binaries: &Binaries) -> bool {
        Command::new(binaries.path("pg_isready"))
            .arg("-q")
            .arg("-h")
            .arg(&self.sockets)
            .status()
            .is_ok_and(|status| status.success())
    }

    /// The service's role owns the database and is no superuser: row-level security holds for it.
    fn create_role_and_database(&self, binaries: &Binaries) -> Result<(), ClusterError> {
        let sql = |statement: &str| {
            Command::new(binaries.path("psql"))
                .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d"])
                .arg(self.url("postgres", "postgres"))
                .args(["-c", statement])
                .stdin(Stdio::null())
                .output()
                .map_err(|e| io_error("running psql", &self.sockets, e))
        };
        let found = sql("SELECT count(*) FROM pg_database WHERE datname = 'remise'")?;
        if String::from_utf8_lossy(&found.stdout).trim() == "1" {
            return Ok(());
        }
        for statement in [
            "DO $$ BEGIN CREATE ROLE remise LOGIN NOSUPERUSER NOBYPASSRLS; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
            "CREATE DATABASE remise OWNER remise",
        ] {
            let done = sql(statement)?;
            if !done.status.success() {
                return Err(self.failure(&String::from_utf8_lossy(&done.stderr)));
            }
        }
        Ok(())
    }

    fn start_failure(&self) -> ClusterError {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        let last: Vec<&str> = log.lines().rev().take(3).collect();
        self.failure(&last.into_iter().rev().collect::<Vec<_>>().join(" / "))
    }

    fn failure(&self, said: &str) -> ClusterError {
        if said.contains("No space left on device") {
            ClusterError::DiskFull(self.cluster.clone())
        } else {
            ClusterError::DidNotStart { log: self.log.clone(), tail: said.trim().to_owned() }
        }
    }
}

/// Makes the data folder; open to PostgreSQL's account whatever the caller's umask.
fn make(data: &Path) -> Result<(), ClusterError> {
    if data.is_dir() {
        return Ok(());
    }
    // Nothing is left behind in a place that cannot be used.
    reach::check(data)?;
    fs::create_dir_all(data).map_err(|e| io_error("making the data folder", data, e))?;
    fs::set_permissions(data, fs::Permissions::from_mode(0o755))
        .map_err(|e| io_error("opening the data folder", data, e))
}

fn run_as(command: &mut Command, account: Option<Account>) {
    if let Some(account) = account {
        command.uid(account.user).gid(account.group);
    }
}

fn io_error(what: &str, path: &Path, error: io::Error) -> ClusterError {
    if error.kind() == io::ErrorKind::StorageFull {
        return ClusterError::DiskFull(path.to_owned());
    }
    ClusterError::Io { what: format!("{what} ({})", path.display()), error }
}
