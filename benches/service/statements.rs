//! The statements of one hand-over, as PostgreSQL logs them, made into a script for pgbench.
//! Recorded rather than copied, so that they are always those that the service sends.

use crate::client::Client;
use crate::hand_overs::hand_over;
use crate::process::Served;
use crate::school::{School, device, student};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Records a hand-over; `:n` in the script is the number of pupil and laptop.
pub async fn record(school: &School, next: &AtomicU32) -> String {
    school.admin("ALTER ROLE remise SET log_statement = 'all'").await;
    let served = Served::start(&["--database-url", &school.url]);
    let mut desk = Client::connect(&served.address);
    desk.log_in(&school.desks.to_string(), "accueil 0", "Poste 0");
    // The first ones prepare their statements.
    for _ in 0..3 {
        hand_over(&mut desk, next.fetch_add(1, Ordering::Relaxed));
    }
    let before = std::fs::metadata(school.log()).unwrap().len();
    let n = next.fetch_add(1, Ordering::Relaxed);
    let (request, answer) = hand_over(&mut desk, n);
    std::thread::sleep(Duration::from_millis(300));
    let log = std::fs::read(school.log()).unwrap();
    let log = String::from_utf8_lossy(&log[usize::try_from(before).unwrap()..]).into_owned();
    served.stop();
    school.admin("ALTER ROLE remise RESET log_statement").await;

    let loan = answer["loan_id"].as_str().unwrap().to_owned();
    let numbered =
        |start: u64| format!("('00000000-0000-0000-0000-' || lpad(to_hex({start} + :n), 12, '0'))::uuid");
    let values = [
        (student(n).to_string(), numbered(0x5000_0000)),
        (device(n).to_string(), numbered(0xD000_0000)),
        (loan, numbered(0x1_0000_0000)),
        (request.to_string(), numbered(0x2_0000_0000)),
    ];
    script(&log, &values)
}

/// A statement and its parameters.
struct Logged {
    process: String,
    statement: String,
    parameters: Vec<String>,
}

fn script(log: &str, values: &[(String, String)]) -> String {
    let mut script = String::from("\\set i :i + 1\n\\set n :base + :i * :clients + :client_id\n");
    let mut receipt = None;
    for logged in requests(log) {
        if logged.statement.contains("INSERT INTO \"charter_receipts\"") {
            receipt = logged.parameters.first().cloned();
        }
        let mut statement = logged.statement;
        for (at, value) in logged.parameters.iter().enumerate().rev() {
            let bare = value.trim_matches('\'');
            let known =
                values.iter().find(|(known, _)| known == bare).map(|(_, expression)| expression.clone());
            let known = known.or_else(|| {
                (receipt.as_ref() == Some(value)).then(|| {
                    "('00000000-0000-0000-0000-' || lpad(to_hex(12884901888 + :n), 12, '0'))::uuid".to_owned()
                })
            });
            // A colon would be a variable to pgbench only before a letter; times and JSON have some.
            statement = statement.replace(&format!("${}", at + 1), &known.unwrap_or_else(|| value.clone()));
        }
        match statement.split_once("; ") {
            // One round trip for the service; pgbench pipelines the two.
            Some((begin, scope)) if begin.starts_with("BEGIN") => {
                script.push_str(&format!("\\startpipeline\n{begin};\n{scope};\n\\endpipeline\n"));
            }
            _ => script.push_str(&format!("{};\n", statement.trim_end_matches(';'))),
        }
    }
    assert!(script.contains("INSERT INTO loans") && script.contains("INSERT INTO \"answers\""), "{script}");
    script
}

/// What the request did, without the house-keeping beside it.
fn requests(log: &str) -> Vec<Logged> {
    let mut transactions: Vec<Vec<Logged>> = Vec::new();
    for logged in entries(log) {
        let open = transactions.iter_mut().rev().find(|open| {
            open.first().is_some_and(|first: &Logged| first.process == logged.process)
                && open.last().is_none_or(|last| !last.statement.starts_with("COMMIT"))
        });
        match open {
            Some(open) if !logged.statement.starts_with("BEGIN") => open.push(logged),
            _ => transactions.push(vec![logged]),
        }
    }
    transactions.retain(|statements| {
        !statements.iter().any(|logged| {
            ["advisory", "DELETE FROM answers", "login_attempts"]
                .iter()
                .any(|word| logged.statement.contains(word))
        })
    });
    transactions.into_iter().flatten().collect()
}

fn entries(log: &str) -> Vec<Logged> {
    let mut entries: Vec<Logged> = Vec::new();
    let mut in_parameters = false;
    for line in log.lines() {
        let process =
            line.split_once(" [").and_then(|(_, rest)| rest.split_once("] ")).map(|(p, _)| p.to_owned());
        if let (Some(process), Some((_, said))) = (&process, line.split_once("LOG:  ")) {
            let statement = said.strip_prefix("statement: ").or_else(|| {
                said.strip_prefix("execute ")
                    .and_then(|rest| rest.split_once(": "))
                    .map(|(_, statement)| statement)
            });
            in_parameters = false;
            if let Some(statement) = statement {
                entries.push(Logged {
                    process: process.clone(),
                    statement: statement.into(),
                    parameters: Vec::new(),
                });
            }
        } else if let Some((_, said)) = line.split_once("DETAIL:  parameters: ") {
            in_parameters = true;
            entries.last_mut().unwrap().parameters = parameters(said);
        } else if let (false, Some(last)) = (in_parameters, entries.last_mut()) {
            last.statement.push(' ');
            last.statement.push_str(line.trim());
        }
    }
    entries
}

/// `$1 = 'a', $2 = NULL` as `'a'` and `NULL`.
fn parameters(said: &str) -> Vec<String> {
    let mut values = Vec::new();
    let mut rest = said;
    while let Some((_, value)) = rest.split_once(" = ") {
        let mut end = value.find(", $").unwrap_or(value.len());
        if value.starts_with('\'') {
            let mut chars = value.char_indices().skip(1).peekable();
            while let Some((at, c)) = chars.next() {
                if c == '\'' && chars.peek().is_some_and(|(_, next)| *next == '\'') {
                    chars.next();
                } else if c == '\'' {
                    end = at + 1;
                    break;
                }
            }
        }
        values.push(value[..end].to_owned());
        rest = &value[end..];
    }
    values
}
