//! A school to test on: one cluster for the run, one database and one server a test.

use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use domain::identifiers::Uai;
use domain::ids::EstablishmentId;
use domain::roles::Role;
use remise::cluster::Cluster;
use remise::db::{Db, migrations};
use remise::http::State;
use remise::operations::open_school::{NewSchool, add_operator, open_school};
use remise::server::Server;
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, Weak};
use uuid::Uuid;

/// The cluster of the run and its folder; stopped when the last test lets go of it.
pub struct Shared {
    cluster: Option<Cluster>,
    folder: Option<tempfile::TempDir>,
    next: AtomicU32,
}

static SHARED: Mutex<Weak<Shared>> = Mutex::new(Weak::new());

impl Drop for Shared {
    fn drop(&mut self) {
        if let Some(cluster) = self.cluster.take() {
            cluster.stop();
        }
        drop(self.folder.take());
    }
}

/// One cluster serves every test of the run; each test migrates a database of its own.
fn shared() -> Arc<Shared> {
    let mut slot = SHARED.lock().unwrap();
    if let Some(shared) = slot.upgrade() {
        return shared;
    }
    let folder = data_folder();
    let cluster = Cluster::start(folder.path()).unwrap();
    let shared = Arc::new(Shared { cluster: Some(cluster), folder: Some(folder), next: AtomicU32::new(0) });
    *slot = Arc::downgrade(&shared);
    shared
}

/// A folder that the account PostgreSQL runs under may reach.
pub fn data_folder() -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::Builder::new().prefix("remise-").tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

impl Shared {
    fn url(&self, role: &str, database: &str) -> String {
        let url = self.cluster.as_ref().unwrap().url();
        let (before, _) = url.rsplit_once('/').unwrap();
        format!("{}/{database}", before.replace("//remise@", &format!("//{role}@")))
    }
}

/// A running service on a database of its own, with one open school.
pub struct App {
    pub db: Db,
    pub url: String,
    pub school: EstablishmentId,
    address: String,
    server: Option<Server>,
    _shared: Arc<Shared>,
}

/// Somebody logged in at a named desk.
pub struct Desk {
    client: Client,
    address: String,
    pub cookie: String,
}

impl App {
    pub async fn start() -> Self {
        let shared = tokio::task::spawn_blocking(shared).await.unwrap();
        let name = format!("t{}", shared.next.fetch_add(1, Ordering::Relaxed));
        let owner = shared.url("postgres", "postgres");
        let mut admin = AsyncPgConnection::establish(&owner).await.unwrap();
        admin.batch_execute(&format!("CREATE DATABASE {name} OWNER remise")).await.unwrap();
        let url = shared.url("remise", &name);
        migrations::migrate(&url).await.unwrap();
        let db = Db::connect(&url, 8).await.unwrap();
        let school = open(&db, "0579999J", "Lycée Jeanne-des-Bois").await;
        let server = Server::start(db.clone(), "127.0.0.1:0".parse().unwrap(), None).unwrap();
        let address = format!("http://{}", server.address());
        Self { db, url, school, address, server: Some(server), _shared: shared }
    }

    /// Runs SQL as the service's role, seeing one school, every school (`every`) or none (empty).
    pub async fn sql(&self, scope: &str, statements: &str) -> Result<(), diesel::result::Error> {
        let mut conn = AsyncPgConnection::establish(&self.url).await.unwrap();
        conn.batch_execute(&format!("SET remise.scope = '{scope}'; {statements}")).await
    }

    /// Runs one statement as in [`App::sql`]; answers how many rows it touched.
    pub async fn execute(&self, scope: &str, statement: &str) -> Result<usize, diesel::result::Error> {
        let mut conn = AsyncPgConnection::establish(&self.url).await.unwrap();
        conn.batch_execute(&format!("SET remise.scope = '{scope}'")).await?;
        diesel::sql_query(statement).execute(&mut conn).await
    }

    /// The database as another role sees it; `postgres` is the superuser.
    pub fn url_as(&self, role: &str) -> String {
        self.url.replace("//remise@", &format!("//{role}@"))
    }

    /// Runs SQL as the superuser: what no service may do.
    pub async fn admin_sql(&self, statements: &str) {
        let mut conn = AsyncPgConnection::establish(&self.url_as("postgres")).await.unwrap();
        conn.batch_execute(statements).await.unwrap();
    }

    /// Counts rows, seeing as in [`App::sql`].
    pub async fn count(&self, scope: &str, from: &str) -> i64 {
        #[derive(diesel::QueryableByName)]
        struct Count {
            #[diesel(sql_type = diesel::sql_types::BigInt)]
            n: i64,
        }
        let mut conn = AsyncPgConnection::establish(&self.url).await.unwrap();
        conn.batch_execute(&format!("SET remise.scope = '{scope}'")).await.unwrap();
        let row: Count = diesel::sql_query(format!("SELECT count(*) AS n FROM {from}"))
            .get_result(&mut conn)
            .await
            .unwrap();
        row.n
    }

    /// A hash over every row of a table, so that "nothing changed" can be said.
    pub async fn fingerprint(&self, table: &str) -> String {
        #[derive(diesel::QueryableByName)]
        struct Hash {
            #[diesel(sql_type = diesel::sql_types::Text)]
            hash: String,
        }
        let mut conn = AsyncPgConnection::establish(&self.url).await.unwrap();
        conn.batch_execute("SET remise.scope = 'every'").await.unwrap();
        let row: Hash = diesel::sql_query(format!(
            "SELECT coalesce(md5(string_agg(t::text, ';' ORDER BY t::text)), '') AS hash FROM {table} t"
        ))
        .get_result(&mut conn)
        .await
        .unwrap();
        row.hash
    }

    /// Runs SQL in a transaction that stays open until what is answered is dropped.
    pub async fn hold(&self, statement: &str) -> AsyncPgConnection {
        let mut conn = AsyncPgConnection::establish(&self.url).await.unwrap();
        conn.batch_execute(&format!("BEGIN; {statement}")).await.unwrap();
        conn
    }

    /// A pupil of seconde with a badge; `(id, badge)`.
    pub async fn student(&self, first_name: &str, last_name: &str) -> (Uuid, String) {
        let (id, badge, school) = (Uuid::now_v7(), format!("EL{}", Uuid::now_v7().simple()), self.school);
        let key = domain::names::search_key(&format!("{last_name} {first_name}"));
        let badge_id = Uuid::now_v7();
        self.sql(
            &school.to_string(),
            &format!(
                "INSERT INTO classes (id, establishment_id, school_year, code)
                 VALUES ('{}', '{school}', 2026, '2GT1') ON CONFLICT DO NOTHING;
                 INSERT INTO students (id, establishment_id, eleve_id, last_name, first_name, mef, entitled, search_key, class_id)
                 SELECT '{id}', '{school}', '{id}', '{last_name}', '{first_name}', '20010018110', true, '{key}', c.id
                 FROM classes c WHERE c.code = '2GT1';
                 INSERT INTO badges (id, establishment_id, student_id, code, source)
                 VALUES ('{badge_id}', '{school}', '{id}', '{badge}', 'printed')",
                Uuid::now_v7()
            ),
        )
        .await
        .unwrap();
        (id, badge)
    }

    /// A laptop in stock.
    pub async fn device(&self, serial: &str) -> Uuid {
        let (id, school) = (Uuid::now_v7(), self.school);
        self.sql(
            &school.to_string(),
            &format!(
                "INSERT INTO device_models (id, establishment_id, manufacturer, part_number, designation)
                 VALUES ('{}', '{school}', 'HP', '9ZZ99EA#ABF', 'HP ProBook x360 11 G5 EE') ON CONFLICT DO NOTHING;
                 INSERT INTO devices (id, establishment_id, serial_number, model_id, state)
                 SELECT '{id}', '{school}', '{serial}', m.id, 'in_stock' FROM device_models m",
                Uuid::now_v7()
            ),
        )
        .await
        .unwrap();
        id
    }

    /// So many pupils and no others, each with a laptop in hand; a desk must have been opened.
    pub async fn seed_loans(&self, count: u32) {
        let school = self.school.to_string();
        let seed = include_str!("../fixtures/loans.sql")
            .replace("{school}", &school)
            .replace("{count}", &count.to_string());
        let emptied =
            "DELETE FROM loans; DELETE FROM charter_receipts; DELETE FROM devices; DELETE FROM students;";
        self.sql(&school, &format!("{emptied}{seed}")).await.unwrap();
    }

    /// Logs somebody of that role in at a desk of that name.
    pub async fn desk(&self, station: &str, role: Role) -> Desk {
        self.desk_of(self.school, station, role).await
    }

    /// The same, for another school.
    pub async fn desk_of(&self, school: EstablishmentId, station: &str, role: Role) -> Desk {
        let name = format!("{} {station}", role.as_str());
        let school = (role != Role::Region).then_some(school);
        add_operator(&self.db, school, &name, role, "motdepasse").await.unwrap();
        let desk = Desk::log_in(&self.address, school, &name).await;
        if school.is_some() {
            desk.put("/api/session/station", &json!({ "name": station })).await;
        }
        desk
    }

    /// Another instance of the service on the same database, and this desk speaking to it.
    pub fn elsewhere(&self, desk: &Desk) -> (Server, Desk) {
        let server = Server::start(self.db.clone(), "127.0.0.1:0".parse().unwrap(), None).unwrap();
        let address = format!("http://{}", server.address());
        (server, Desk { client: Client::new(), address, cookie: desk.cookie.clone() })
    }

    /// Nobody.
    pub fn stranger(&self) -> Desk {
        Desk { client: Client::new(), address: self.address.clone(), cookie: String::new() }
    }

    /// Serves from another pool from now on; who is logged in stays so.
    pub async fn serve(&mut self, db: Db) {
        self.serve_state(State::new(db)).await;
    }

    /// The same, with another state.
    pub async fn serve_state(&mut self, state: State) {
        let server = Server::start_with(state, "127.0.0.1:0".parse().unwrap(), None).unwrap();
        self.address = format!("http://{}", server.address());
        if let Some(before) = self.server.replace(server) {
            before.stop().await;
        }
    }

    /// Stops; whatever was tried, what triggers keep of each pupil is what is so.
    pub async fn stop(mut self) {
        if let Some(server) = self.server.take() {
            server.stop().await;
        }
        if self.count("every", "pg_class WHERE relname = 'student_facts'").await > 0 {
            assert_eq!(
                self.count("every", include_str!("../fixtures/facts.sql")).await,
                0,
                "facts of pupils"
            );
        }
    }
}

/// Opens a school.
pub async fn open(db: &Db, uai: &str, name: &str) -> EstablishmentId {
    let school = NewSchool {
        uai: Uai::parse(uai).unwrap(),
        name: name.into(),
        school_year: 2026,
        kit: vec!["Chargeur".into(), "Housse".into()],
        charter_version: "2026-1".into(),
        charter_title: "Charte d'engagement".into(),
        charter_body: "Je prends soin de l'ordinateur.".into(),
    };
    open_school(db, &school).await.unwrap()
}

impl Desk {
    /// Somebody who has been added already, without a desk yet.
    pub async fn log_in(address: &str, school: Option<EstablishmentId>, name: &str) -> Self {
        let mut desk = Self { client: Client::new(), address: address.to_owned(), cookie: String::new() };
        let credentials = json!({
            "establishment_id": school.map(Uuid::from), "operator": name, "password": "motdepasse"
        });
        let answer = desk.send(Method::POST, "/api/session", Some(&credentials)).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let cookie = answer.headers().get("set-cookie").unwrap().to_str().unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
        desk.cookie = cookie.split(';').next().unwrap().to_owned();
        desk
    }

    pub async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> reqwest::Response {
        let mut request =
            self.client.request(method, format!("{}{path}", self.address)).header("cookie", &self.cookie);
        if let Some(body) = body {
            request = request.json(body);
        }
        request.send().await.unwrap()
    }

    async fn json(&self, method: Method, path: &str, body: Option<&Value>) -> (u16, Value) {
        let answer = self.send(method, path, body).await;
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or(Value::Null))
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        self.json(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        self.json(Method::POST, path, Some(body)).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> (u16, Value) {
        self.json(Method::PUT, path, Some(body)).await
    }

    /// Asks again for what may not have changed.
    pub async fn conditional(&self, path: &str, tag: &str) -> reqwest::Response {
        let request = self.client.get(format!("{}{path}", self.address)).header("if-none-match", tag);
        request.send().await.unwrap()
    }

    /// Sends bytes as they are.
    pub async fn upload(&self, path: &str, bytes: Vec<u8>) -> (u16, Value) {
        let request = self.client.post(format!("{}{path}", self.address)).header("cookie", &self.cookie);
        let answer = request.body(bytes).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
    }

    /// Sends a file of the school as the page does: status and the first answer.
    pub async fn send_file(&self, name: &str, body: impl Into<reqwest::Body>) -> (u16, Value) {
        let request =
            self.client.post(format!("{}/api/imports", self.address)).header("cookie", &self.cookie);
        let answer = request.header("x-file-name", name).body(body).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
    }

    /// The import, once its file is read.
    pub async fn read_to_the_end(&self, import: &Value) -> Value {
        let path = format!("/api/imports/{}", import["id"].as_str().unwrap());
        loop {
            let (status, state) = self.get(&path).await;
            assert_eq!(status, 200, "{state}");
            if state["state"] != "reading" {
                return state;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }

    /// A file of the school, sent and read to its end.
    pub async fn import(&self, name: &str, bytes: impl Into<Vec<u8>>) -> Value {
        let (status, started) = self.send_file(name, bytes.into()).await;
        assert_eq!(status, 202, "{started}");
        self.read_to_the_end(&started).await
    }

    /// Applies or discards an import.
    pub async fn decide(&self, import: &Value, decision: &str) -> (u16, Value) {
        let path = format!("/api/imports/{}/{decision}", import["id"].as_str().unwrap());
        self.post(&path, &json!({})).await
    }

    /// The address of a socket.
    pub fn socket(&self, path: &str) -> String {
        format!("{}{path}", self.address.replacen("http", "ws", 1))
    }

    /// A hand-over with both copies of the charter shown.
    pub async fn hands(&self, student: Uuid, device: Uuid) -> (u16, Value) {
        self.post("/api/hand-overs", &hand_over_request(Uuid::now_v7(), student, device)).await
    }
}

pub fn hand_over_request(request: Uuid, student: Uuid, device: Uuid) -> Value {
    json!({
        "request_id": request, "student_id": student, "device_id": device,
        "charter": { "copies_shown": 2, "copies_kept": 1, "method": "key" }
    })
}

/// A run of the real binary.
pub struct Run(std::process::Command);

/// `remise` with those arguments, not started yet.
pub fn remise(arguments: &[&str]) -> Run {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_remise"));
    command.args(arguments).env_remove("DATABASE_URL").env_remove("REMISE_DATA");
    Run(command)
}

/// SQL that makes so many pupils and laptops, whose ids can be computed.
pub fn seed_desk(school: EstablishmentId, count: u32) -> String {
    include_str!("../fixtures/desk.sql")
        .replace("{school}", &school.to_string())
        .replace("{count}", &count.to_string())
}

impl Run {
    pub fn env(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        self.0.env(name, value);
        self
    }

    /// What it complains of goes to that file.
    pub fn complaining_to(mut self, file: std::fs::File) -> Self {
        self.0.stderr(file);
        self
    }

    pub fn command(self) -> std::process::Command {
        self.0
    }

    pub fn output(mut self) -> std::process::Output {
        self.0.output().unwrap()
    }

    /// Runs to a good end; the most memory it had resident, in KiB.
    pub fn peak_memory(mut self) -> u64 {
        let mut child = self.0.stdout(std::process::Stdio::null()).spawn().unwrap();
        let mut peak = 0;
        loop {
            if let Some(status) = child.try_wait().unwrap() {
                assert!(status.success(), "{status}");
                return peak;
            }
            let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
            let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0 kB");
            peak = peak.max(line.trim().trim_end_matches(" kB").trim().parse().unwrap());
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
    }
}
