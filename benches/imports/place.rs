//! A private cluster with one school, and what is done in it.

use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use domain::identifiers::Uai;
use domain::ids::EstablishmentId;
use remise::cluster::{Binaries, Cluster};
use remise::db::{Db, migrations};
use remise::operations::imports::apply_import::apply_import;
use remise::operations::imports::read_file::{begin, read_file};
use remise::operations::imports::show;
use remise::operations::imports::upload::Upload;
use remise::operations::open_school::{NewSchool, open_school};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

pub const UAI: &str = "0579999J";

/// Tables that both files fill; badges to print, words and facts are made of them.
const TABLES: [&str; 2] = ["students", "guardians"];

pub struct Place {
    folder: tempfile::TempDir,
    cluster: Cluster,
    db: Db,
    school: EstablishmentId,
    uai: Uai,
}

impl Place {
    pub async fn open() -> Self {
        let folder = tempfile::Builder::new().prefix("remise-bench-").tempdir_in("/var/tmp").unwrap();
        // PostgreSQL runs under an account of its own when this is started as root.
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        let data = folder.path().join("data");
        let cluster = tokio::task::block_in_place(|| Cluster::start(&data)).unwrap();
        migrations::migrate(cluster.url()).await.unwrap();
        let db = Db::connect(cluster.url(), 2).await.unwrap();
        let uai = Uai::parse(UAI).unwrap();
        let school = open_school(&db, &described(&uai)).await.unwrap();
        Self { folder, cluster, db, school, uai }
    }

    pub fn close(self) {
        drop(self.db);
        tokio::task::block_in_place(|| self.cluster.stop());
    }

    /// Seconds until the file's changes can be seen, and then until they are made.
    pub async fn take_in(&self, file: &Path) -> (f64, f64) {
        let started = Instant::now();
        let upload = Upload::of_file(file).unwrap();
        let import = begin(&self.db, self.school, None, &upload).await.unwrap();
        read_file(&self.db, (self.school, &self.uai), import, upload).await;
        let seen = started.elapsed().as_secs_f64();
        assert_eq!(show(&self.db, self.school, import).await.unwrap().state, "staged");
        let started = Instant::now();
        apply_import(&self.db, self.school, None, import).await.unwrap();
        (seen, started.elapsed().as_secs_f64())
    }

    /// Runs the command with the files: how many seconds it took, and the most memory it had resident, in MiB.
    pub fn command(&self, files: &[&Path]) -> (f64, f64) {
        let started = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_remise"))
            .arg("import")
            .args(files)
            .args(["--establishment", UAI, "--database-url", self.cluster.url()])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let mut peak = 0.0_f64;
        loop {
            if let Some(status) = child.try_wait().unwrap() {
                assert!(status.success(), "{status}");
                return (started.elapsed().as_secs_f64(), peak);
            }
            let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
            let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0 kB");
            let resident: f64 = line.trim().trim_end_matches(" kB").parse().unwrap();
            peak = peak.max(resident / 1024.0);
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Seconds that COPY takes to put the rows of [`TABLES`] into those tables, emptied, and into copies
    /// of them with the same indexes and checks, but no foreign key and no trigger.
    pub async fn copy_again(&self) -> (f64, f64) {
        for table in [&TABLES[..], &["badges"]].concat() {
            self.psql(&format!("\\copy (SELECT * FROM {table}) TO '{}'", self.rows(table)));
        }
        for table in TABLES {
            self.admin(&format!("CREATE TABLE copy_of_{table} (LIKE {table} INCLUDING ALL)")).await;
        }
        let bare = self.copy("copy_of_").await;
        for table in TABLES {
            self.admin(&format!("DROP TABLE copy_of_{table}")).await;
        }
        self.admin("TRUNCATE students, student_facts, student_words CASCADE").await;
        let same = self.copy("").await;
        self.psql(&format!("\\copy badges FROM '{}'", self.rows("badges")));
        (same, bare)
    }

    async fn copy(&self, into: &str) -> f64 {
        self.admin("CHECKPOINT").await;
        let started = Instant::now();
        for table in TABLES {
            self.psql(&format!("\\copy {into}{table} FROM '{}'", self.rows(table)));
        }
        started.elapsed().as_secs_f64()
    }

    fn rows(&self, table: &str) -> String {
        self.folder.path().join(format!("{table}.copy")).to_string_lossy().into_owned()
    }

    fn admin_url(&self) -> String {
        self.cluster.url().replace("//remise@", "//postgres@")
    }

    async fn admin(&self, statements: &str) {
        let mut conn = AsyncPgConnection::establish(&self.admin_url()).await.unwrap();
        conn.batch_execute(statements).await.unwrap();
    }

    fn psql(&self, statement: &str) {
        let done = Command::new(Binaries::find().unwrap().path("psql"))
            .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", &self.admin_url(), "-c", statement])
            .status()
            .unwrap();
        assert!(done.success());
    }
}

fn described(uai: &Uai) -> NewSchool {
    NewSchool {
        uai: uai.clone(),
        name: "Lycée de mesure".into(),
        school_year: 2026,
        kit: vec![],
        charter_version: "2026-1".into(),
        charter_title: "Charte d'engagement".into(),
        charter_body: "Je prends soin de l'ordinateur.".into(),
    }
}
