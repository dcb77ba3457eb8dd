//! What was acknowledged outlives a killed service and a killed PostgreSQL. The real
//! binary, on a data folder of its own, under load.

use crate::harness::{data_folder, hand_over_request, open, remise, seed_desk};
use crate::served::Served;
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use domain::ids::EstablishmentId;
use domain::roles::Role;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use remise::cluster::Cluster;
use remise::db::Db;
use remise::operations::open_school::add_operator;
use reqwest::Client;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Pupils and laptops of the school; more than any load here hands out.
const PUPILS: u32 = 3_000;
const DESKS: u32 = 6;

/// The process that the service started on its own folder, and no other.
fn postmaster(folder: &Path) -> Pid {
    let text = std::fs::read_to_string(folder.join("postgres/postmaster.pid")).unwrap();
    Pid::from_raw(text.lines().next().unwrap().trim().parse().unwrap())
}

async fn connect(folder: &Path) -> AsyncPgConnection {
    let folder = folder.to_owned();
    let url = tokio::task::block_in_place(|| Cluster::start_or_join(&folder).unwrap().url().to_owned());
    let mut conn = AsyncPgConnection::establish(&url).await.unwrap();
    conn.batch_execute("SET remise.scope = 'every'").await.unwrap();
    conn
}

/// Makes the school: pupil and laptop number n have ids that can be computed.
async fn furnish(folder: &Path) -> EstablishmentId {
    let data = folder.to_owned();
    let url = tokio::task::block_in_place(|| Cluster::start_or_join(&data).unwrap().url().to_owned());
    let db = Db::connect(&url, 2).await.unwrap();
    let school = open(&db, "0579999J", "Lycée Jeanne-des-Bois").await;
    for desk in 0..DESKS {
        add_operator(&db, Some(school), &format!("accueil {desk}"), Role::Operator, "motdepasse")
            .await
            .unwrap();
    }
    connect(folder).await.batch_execute(&seed_desk(school, PUPILS)).await.unwrap();
    school
}

fn student(n: u32) -> Uuid {
    Uuid::from_u128(0x5000_0000 + u128::from(n))
}

fn device(n: u32) -> Uuid {
    Uuid::from_u128(0xD000_0000 + u128::from(n))
}

async fn log_in(client: &Client, address: &str, school: EstablishmentId, desk: u32) -> String {
    let credentials = json!({
        "establishment_id": Uuid::from(school), "operator": format!("accueil {desk}"), "password": "motdepasse"
    });
    let answer = client.post(format!("{address}/api/session")).json(&credentials).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let named = client.put(format!("{address}/api/session/station")).header("cookie", &cookie);
    assert!(
        named.json(&json!({ "name": format!("Poste {desk}") })).send().await.unwrap().status().is_success()
    );
    cookie
}

/// A hand-over as a desk remembers it.
#[derive(Clone)]
struct Sent {
    n: u32,
    request: Uuid,
    /// What came back, when it was a 201.
    loan: Option<Value>,
}

async fn send(client: &Client, address: &str, cookie: &str, sent: &Sent) -> Option<(u16, Value)> {
    let body = hand_over_request(sent.request, student(sent.n), device(sent.n));
    let request = client.post(format!("{address}/api/hand-overs")).header("cookie", cookie).json(&body);
    let answer = request.send().await.ok()?;
    Some((answer.status().as_u16(), answer.json().await.ok()?))
}

/// Desks hand out, from pupil `first` on, until `enough` hand-overs are acknowledged, then `strike` falls in the middle;
/// they go on until they are refused by a dead service. Answers everything that was sent.
async fn load(
    address: &str,
    cookies: &[String],
    first: u32,
    enough: u32,
    strike: impl FnOnce(),
) -> Vec<Sent> {
    let (next, acknowledged) = (Arc::new(AtomicU32::new(first)), Arc::new(AtomicU32::new(0)));
    let mut desks = Vec::new();
    for cookie in cookies {
        let cookie = cookie.clone();
        let (next, acknowledged, address) =
            (Arc::clone(&next), Arc::clone(&acknowledged), address.to_owned());
        desks.push(tokio::spawn(async move {
            let client = Client::new();
            let mut all = Vec::new();
            loop {
                let n = next.fetch_add(1, Ordering::SeqCst);
                assert!(n < PUPILS, "the load outlived its pupils");
                let mut sent = Sent { n, request: Uuid::now_v7(), loan: None };
                let answer = send(&client, &address, &cookie, &sent).await;
                let dead = match answer {
                    Some((201, body)) => {
                        sent.loan = Some(body["loan_id"].clone());
                        acknowledged.fetch_add(1, Ordering::SeqCst);
                        false
                    }
                    Some((500, _)) | None => true,
                    Some(other) => panic!("{other:?}"),
                };
                all.push(sent);
                if dead {
                    return all;
                }
            }
        }));
    }
    let started = Instant::now();
    while AtomicU32::load(&acknowledged, Ordering::SeqCst) < enough {
        assert!(started.elapsed() < Duration::from_secs(60), "no load");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    strike();
    let mut all = Vec::new();
    for desk in desks {
        all.extend(desk.await.unwrap());
    }
    all
}

async fn count(conn: &mut AsyncPgConnection, from: &str) -> i64 {
    #[derive(diesel::QueryableByName)]
    struct Count {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        n: i64,
    }
    let row: Count =
        diesel::sql_query(format!("SELECT count(*) AS n FROM {from}")).get_result(conn).await.unwrap();
    row.n
}

/// Every acknowledged hand-over is there, sending any of them again changes nothing, and
/// loans, laptops and journal agree.
async fn nothing_is_lost_or_doubled(folder: &Path, served: &Served, cookie: &str, sent: &[Sent]) {
    let client = Client::new();
    let mut conn = connect(folder).await;
    let acknowledged: Vec<_> = sent.iter().filter(|sent| sent.loan.is_some()).collect();
    let loans = count(&mut conn, "loans").await;
    assert!(usize::try_from(loans).unwrap() >= acknowledged.len(), "{loans} of {}", acknowledged.len());
    for sent in sent {
        let (status, body) = send(&client, &served.address, cookie, sent).await.unwrap();
        assert_eq!(status, 201, "{body}");
        if let Some(loan) = &sent.loan {
            assert_eq!(&body["loan_id"], loan);
        }
    }
    let all = i64::try_from(sent.len()).unwrap();
    let agreeing = "loans l
        JOIN journal j ON j.loan_id = l.id AND j.action = 'hand_over' AND j.student_id = l.student_id
             AND j.device_id = l.device_id
        JOIN devices d ON d.id = l.device_id AND d.state = 'lent'
        JOIN answers a ON a.body ->> 'loan_id' = l.id::text AND NOT a.refused
        WHERE l.closed_at IS NULL";
    for (what, from) in [
        ("loans", "loans"),
        ("journalled", "journal WHERE action = 'hand_over'"),
        ("laptops lent", "devices WHERE state = 'lent'"),
        ("receipts", "charter_receipts"),
        ("answers", "answers"),
        ("agreeing", agreeing),
    ] {
        assert_eq!(count(&mut conn, from).await, all, "{what}");
    }
}

async fn desks(served: &Served, school: EstablishmentId) -> Vec<String> {
    let client = Client::new();
    let mut cookies = Vec::new();
    for desk in 0..DESKS {
        cookies.push(log_in(&client, &served.address, school, desk).await);
    }
    cookies
}

fn journal_holds(folder: &Path) {
    let verified = remise(&["journal", "verify", "--data", folder.to_str().unwrap()]).output();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_service_loses_nothing_it_acknowledged() {
    let folder = data_folder();
    let folder = folder.path();
    let mut served = Served::on(folder);
    let school = furnish(folder).await;
    let mut all = Vec::new();
    for round in 1..=3 {
        let cookies = desks(&served, school).await;
        let pid = Pid::from_raw(served.process_id().try_into().unwrap());
        let before = u32::try_from(all.len()).unwrap();
        let sent = load(&served.address, &cookies, before, 40 * round, || {
            kill(pid, Signal::SIGKILL).unwrap();
        })
        .await;
        all.extend(sent);
        served.kill();
        served = Served::on(folder);
    }
    let cookies = desks(&served, school).await;
    nothing_is_lost_or_doubled(folder, &served, &cookies[0], &all).await;
    journal_holds(folder);
    served.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_postgres_loses_nothing_and_comes_back() {
    let folder = data_folder();
    let folder = folder.path();
    let served = Served::on(folder);
    let school = furnish(folder).await;
    let cookies = desks(&served, school).await;
    let mut all = Vec::new();
    for round in 1..=2 {
        let killed = postmaster(folder);
        let before = u32::try_from(all.len()).unwrap();
        all.extend(
            load(&served.address, &cookies, before, 60 * round, || kill(killed, Signal::SIGKILL).unwrap())
                .await,
        );
        // The service starts it again by itself; desks go on with the cookies they have.
        let (client, asked) = (Client::new(), Instant::now());
        let desk = format!("{}/api/desk", served.address);
        while client.get(&desk).header("cookie", &cookies[0]).send().await.unwrap().status() != 200 {
            assert!(asked.elapsed() < Duration::from_secs(60), "PostgreSQL did not come back");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_ne!(postmaster(folder), killed);
    }
    nothing_is_lost_or_doubled(folder, &served, &cookies[0], &all).await;
    served.stop();
    let again = Served::on(folder);
    nothing_is_lost_or_doubled(folder, &again, &cookies[0], &all).await;
    journal_holds(folder);
    again.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_instances_start_at_once_on_one_database() {
    let folder = data_folder();
    let folder = folder.path();
    let cluster = tokio::task::block_in_place(|| Cluster::start(folder).unwrap());
    let url = cluster.url().to_owned();
    let starts: Vec<_> = (0..8)
        .map(|_| {
            let url = url.clone();
            tokio::task::spawn_blocking(move || {
                Served::start(&["--database-url", &url, "--connections", "2"])
            })
        })
        .collect();
    let mut instances = Vec::new();
    for start in starts {
        instances.push(start.await.unwrap());
    }
    let mut conn = connect(folder).await;
    let folders =
        std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations")).unwrap().count();
    assert_eq!(count(&mut conn, "__diesel_schema_migrations").await, i64::try_from(folders).unwrap());
    // They are one service: a laptop handed out at one is handed out at all, and all of them seal one chain.
    let school = furnish(folder).await;
    let client = Client::new();
    let cookie = log_in(&client, &instances[0].address, school, 0).await;
    for (n, instance) in instances.iter().enumerate() {
        let sent = Sent { n: u32::try_from(n).unwrap(), request: Uuid::now_v7(), loan: None };
        let first = send(&client, &instance.address, &cookie, &sent).await.unwrap();
        assert_eq!(first.0, 201, "{}", first.1);
        let other = &instances[(n + 1) % instances.len()].address;
        assert_eq!(send(&client, other, &cookie, &sent).await.unwrap(), first);
    }
    assert_eq!(count(&mut conn, "loans").await, 8);
    for instance in instances {
        instance.stop();
    }
    assert_eq!(count(&mut conn, "journal_queue").await, 0);
    assert_eq!(count(&mut conn, "journal WHERE action = 'hand_over'").await, 8);
    assert_eq!(count(&mut conn, "journal_seals").await, count(&mut conn, "journal").await);
    drop(conn);
    tokio::task::block_in_place(|| cluster.stop());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_asked_to_stop_while_it_starts_stops_cleanly() {
    let folder = data_folder();
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--data", folder.path().to_str().unwrap()];
    let mut child =
        remise(&arguments).command().env("RUST_LOG", "off").stdout(Stdio::piped()).spawn().unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    kill(Pid::from_raw(child.id().try_into().unwrap()), Signal::SIGTERM).unwrap();
    assert!(tokio::task::block_in_place(|| child.wait()).unwrap().success());
    assert!(!folder.path().join("postgres/postmaster.pid").exists());
}
