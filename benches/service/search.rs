//! The first page of each search and list of the school with the long register, in milliseconds of
//! the whole request. The names of its pupils are those of a large school.

use crate::client::Client;
use crate::process::Served;
use crate::school::{LOANS, School};
use crate::table::{Table, Target, percentile};
use serde_json::{Value, json};
use std::time::Instant;

/// Requests of each kind in a round.
const REQUESTS: u32 = 60;
/// A first page takes no longer, in milliseconds.
const MOST: f64 = 50.0;

/// A kind of request: what is measured, where it goes, and its body for the n-th pupil.
type Asked = (&'static str, &'static str, fn(u32) -> Value);

const ASKED: [Asked; 14] = [
    (
        "name",
        "/api/search",
        |n| json!({ "query": format!("{} {}", FAMILY[at(n, 20)], FIRST[at(n / 3, 20)]) }),
    ),
    ("start of a name", "/api/search", |n| json!({ "query": &FAMILY[at(n, 20)][..3] })),
    ("end of a serial number", "/api/search", |n| json!({ "query": format!("{:05}", n * 37) })),
    ("whole serial number", "/api/search", |n| json!({ "query": format!("SEED{:08}", n * 37 + 1) })),
    ("middle of a serial number", "/api/search", |n| json!({ "query": format!("D{:06}", n * 37) })),
    ("a class", "/api/students/list", |n| json!({ "class": format!("2GT{}", 1 + n % 24) })),
    ("pupils by name", "/api/students/list", |_| json!({ "sort": "name" })),
    ("pupils by class, backwards", "/api/students/list", |_| json!({ "sort": "class", "descending": true })),
    ("laptops handed out", "/api/devices/list", |_| json!({ "state": "lent" })),
    ("laptops by state", "/api/devices/list", |_| json!({ "sort": "state" })),
    ("no laptop", "/api/students/list", |_| json!({ "entitled": true, "equipped": false })),
    (
        "a laptop and no charter",
        "/api/students/list",
        |_| json!({ "equipped": true, "charter": false, "gone": false }),
    ),
    ("no badge, by class", "/api/students/list", |_| json!({ "badge": false, "sort": "class" })),
    ("a laptop lent, by class", "/api/students/list", |_| json!({ "temporary": true, "sort": "class" })),
];

const FAMILY: [&str; 20] = [
    "martin", "bernard", "thomas", "petit", "robert", "richard", "durand", "dubois", "moreau", "laurent",
    "simon", "michel", "lefebvre", "leroy", "roux", "david", "bertrand", "morel", "fournier", "girard",
];
const FIRST: [&str; 20] = [
    "lina", "noe", "emma", "louis", "jade", "gabriel", "louise", "raphael", "alice", "arthur", "chloe",
    "jules", "ines", "adam", "lea", "hugo", "manon", "mael", "rose", "ethan",
];

const fn at(n: u32, of: u32) -> usize {
    (n % of) as usize
}

pub async fn measure(school: &School, rounds: usize, table: &mut Table) {
    name_pupils(school).await;
    let served = Served::start(&["--database-url", &school.url]);
    let mut client = Client::connect(&served.address);
    client.log_in(&school.register.to_string(), "bureau", "Bureau");
    for (what, path, body) in ASKED {
        let (mut p50, mut p99) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            client.reconnect();
            let times: Vec<f64> = (0..REQUESTS)
                .map(|n| {
                    let asked = Instant::now();
                    let answer = client.send("POST", path, &body(n * 7).to_string());
                    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
                    asked.elapsed().as_secs_f64() * 1000.0
                })
                .collect();
            p50.push(percentile(&times, 0.5));
            p99.push(percentile(&times, 0.99));
        }
        table.add(format!("{LOANS} pupils, {what}, p50"), "ms", p50, Target::AtMost(MOST));
        table.add(format!("{LOANS} pupils, {what}, p99"), "ms", p99, Target::None);
    }
    served.stop();
}

/// Twenty family names with a number each, twenty first names: a thousand pupils a first name a class.
async fn name_pupils(school: &School) {
    let names = |names: &[&str]| names.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(",");
    let (family, first, id) = (names(&FAMILY), names(&FIRST), school.register);
    school
        .admin(&format!(
            "UPDATE students SET search_key = (ARRAY[{family}])[1 + n % 20] || ' ' || n / 400 || ' ' || (ARRAY[{first}])[1 + n / 20 % 20]
             FROM (SELECT id AS own, row_number() OVER ()::int AS n FROM students WHERE establishment_id = '{id}') o
             WHERE id = own; ANALYZE students; ANALYZE student_words"
        ))
        .await;
}
