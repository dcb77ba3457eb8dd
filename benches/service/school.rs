//! A private cluster with two schools: one whose desks hand out, one whose register is long.

use crate::process::data_folder;
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use domain::identifiers::Uai;
use domain::roles::Role;
use remise::cluster::Cluster;
use remise::db::{Db, migrations};
use remise::operations::open_school::{NewSchool, add_operator, open_school};
use uuid::Uuid;

/// Pupils and laptops for the desks: more than the rounds hand out.
const PUPILS: u32 = 300_000;
/// Loans of the long register.
pub const LOANS: u32 = 200_000;
/// Desks that hand out at once, at most.
pub const DESKS: usize = 8;

pub struct School {
    cluster: Cluster,
    folder: tempfile::TempDir,
    /// As the service's role.
    pub url: String,
    /// The school whose desks hand out.
    pub desks: Uuid,
    /// The school with the long register.
    pub register: Uuid,
}

impl School {
    pub fn log(&self) -> std::path::PathBuf {
        self.folder.path().join("postgres.log")
    }

    /// Of PostgreSQL's first process.
    pub fn process_id(&self) -> u32 {
        self.cluster.process_id().unwrap()
    }

    /// Runs SQL as the superuser.
    pub async fn admin(&self, statements: &str) {
        let url = self.url.replace("//remise@", "//postgres@");
        AsyncPgConnection::establish(&url).await.unwrap().batch_execute(statements).await.unwrap();
    }

    /// Runs SQL in one transaction as the service's role, seeing every school.
    pub async fn run(&self, statements: &str) {
        let mut conn = AsyncPgConnection::establish(&self.url).await.unwrap();
        conn.batch_execute(&format!("SET remise.scope = 'every'; {statements}")).await.unwrap();
    }

    pub fn close(self) {
        tokio::task::block_in_place(|| self.cluster.stop());
    }
}

pub async fn furnish() -> School {
    let folder = data_folder();
    let cluster = tokio::task::block_in_place(|| Cluster::start(folder.path()).unwrap());
    let url = cluster.url().to_owned();
    migrations::migrate(&url).await.unwrap();
    let db = Db::connect(&url, 2).await.unwrap();
    let desks = open(&db, "0579999J").await;
    let register = open(&db, "0570001S").await;
    let mut conn = AsyncPgConnection::establish(&url).await.unwrap();
    conn.batch_execute("SET remise.scope = 'every'").await.unwrap();
    let station = "INSERT INTO stations (id, establishment_id, name) VALUES (gen_random_uuid(), '{school}', 'Poste 0');";
    for (seed, school, count) in [
        (include_str!("../../tests/fixtures/desk.sql").to_owned(), desks, PUPILS),
        (station.to_owned() + include_str!("../../tests/fixtures/loans.sql"), register, LOANS),
    ] {
        let seed = seed.replace("{school}", &school.to_string()).replace("{count}", &count.to_string());
        conn.batch_execute(&seed).await.unwrap();
    }
    conn.batch_execute("ANALYZE").await.unwrap();
    School { cluster, folder, url, desks, register }
}

pub async fn open(db: &Db, uai: &str) -> Uuid {
    let school = NewSchool {
        uai: Uai::parse(uai).unwrap(),
        name: "Lycée de mesure".into(),
        school_year: 2026,
        kit: vec!["Chargeur".into(), "Housse".into()],
        charter_version: "1".into(),
        charter_title: "Charte d'engagement".into(),
        charter_body: "Je prends soin de l'ordinateur.".into(),
    };
    let id = open_school(db, &school).await.unwrap();
    for desk in 0..DESKS {
        add_operator(db, Some(id), &format!("accueil {desk}"), Role::Operator, "motdepasse").await.unwrap();
    }
    add_operator(db, Some(id), "bureau", Role::Manager, "motdepasse").await.unwrap();
    id.0
}

/// Pupil number `n` of the desks' school.
pub fn student(n: u32) -> Uuid {
    Uuid::from_u128(0x5000_0000 + u128::from(n))
}

/// Laptop number `n` of the desks' school.
pub fn device(n: u32) -> Uuid {
    Uuid::from_u128(0xD000_0000 + u128::from(n))
}
