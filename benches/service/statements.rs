//! The statements of one request, as PostgreSQL logs them, made into a script for pgbench.
//! Recorded rather than copied, so that they are always those that the service sends.

use crate::client::Client;
use crate::process::Served;
use crate::school::School;
use std::time::Duration;
use uuid::Uuid;

/// Records what one request makes PostgreSQL do, as a script in which `:n` is a number.
/// `ask` sends the request of the next number, which it answers with the ids that stand for
/// it and how each is made from `:n`; every other id that is new comes out numbered as well.
pub async fn record(school: &School, mut ask: impl FnMut(&mut Client) -> Vec<(String, String)>) -> String {
    school.admin("ALTER ROLE remise SET log_statement = 'all'").await;
    let served = Served::start(&["--database-url", &school.url]);
    let mut desk = Client::connect(&served.address);
    desk.log_in(&school.desks.to_string(), "accueil 0", "Poste 0");
    // The first ones prepare their statements.
    for _ in 0..3 {
        ask(&mut desk);
    }
    let before = std::fs::metadata(school.log()).unwrap().len();
    let began = Uuid::now_v7();
    let values = ask(&mut desk);
    std::thread::sleep(Duration::from_millis(300));
    let log = std::fs::read(school.log()).unwrap();
    let log = String::from_utf8_lossy(&log[usize::try_from(before).unwrap()..]).into_owned();
    served.stop();
    school.admin("ALTER ROLE remise RESET log_statement").await;
    script(&log, values, began)
}

/// The id that counts `:n` on from `start`.
pub fn numbered(start: u64) -> String {
    format!("('00000000-0000-0000-0000-' || lpad(to_hex({start} + :n), 12, '0'))")
}

/// A statement and its parameters.
struct Logged {
    process: String,
    statement: String,
    parameters: Vec<String>,
}

fn script(log: &str, mut values: Vec<(String, String)>, began: Uuid) -> String {
    let mut script = String::from("\\set i :i + 1\n\\set n :base + :i * :clients + :client_id\n");
    for logged in requests(log) {
        let mut statement = logged.statement;
        for (at, value) in logged.parameters.iter().enumerate().rev() {
            for id in fresh(value, began) {
                if values.iter().all(|(known, _)| *known != id) {
                    let start = 0x3_0000_0000 + 0x10_0000_0000 * u64::try_from(values.len()).unwrap();
                    values.push((id, numbered(start)));
                }
            }
            // A colon would be a variable to pgbench only before a letter; times and JSON have some.
            statement = statement.replace(&format!("${}", at + 1), &expression(value, &values));
        }
        match statement.split_once("; ") {
            // One round trip for the service; pgbench pipelines the two.
            Some((begin, scope)) if begin.starts_with("BEGIN") => {
                script.push_str(&format!("\\startpipeline\n{begin};\n{scope};\n\\endpipeline\n"));
            }
            _ => script.push_str(&format!("{};\n", statement.trim_end_matches(';'))),
        }
    }
    assert!(script.contains("INSERT INTO \"answers\"") && script.contains("COMMIT"), "{script}");
    script
}

/// Ids in a parameter that the request has made: version 7, and not older than its beginning.
fn fresh(value: &str, began: Uuid) -> Vec<String> {
    let parts = value.trim_matches(['\'', '{', '}']).split(',');
    let ids = parts.filter_map(|part| part.parse::<Uuid>().ok());
    ids.filter(|id| id.get_version_num() == 7 && *id >= began).map(|id| id.to_string()).collect()
}

/// A parameter as SQL, its known ids numbered: alone, or several in an array.
fn expression(value: &str, values: &[(String, String)]) -> String {
    let known = |id: &str| values.iter().find(|(known, _)| known == id).map(|(_, made)| made.clone());
    let bare = value.trim_matches('\'');
    if let Some(made) = known(bare) {
        return format!("{made}::uuid");
    }
    let Some(inside) = bare.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
        return value.to_owned();
    };
    let parts: Vec<String> =
        inside.split(',').map(|part| known(part).unwrap_or_else(|| format!("'{part}'"))).collect();
    if inside.split(',').any(|part| known(part).is_some()) {
        return format!("('{{' || {} || '}}')::uuid[]", parts.join(" || ',' || "));
    }
    value.to_owned()
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
