//! What a stock-take found, room by room and laptop by laptop. Its report is read tolerantly: an
//! older or a newer version of the service may have frozen it. Reads only.

use super::letterhead::letterhead;
use super::{Actor, Failure};
use crate::db::papers::{self, PaperStockTake, SeenInRoom};
use crate::db::{Db, Scope};
use crate::printing::dates;
use crate::printing::document::{Sheet, Size, document, facts, signatures, table};
use crate::printing::page::Part;
use domain::devices::DeviceState;
use domain::refusal::{Refusal, Thing};
use domain::words::{Language, device_state};
use maud::{Markup, html};
use serde_json::Value;
use uuid::Uuid;

/// Lists of the report and their headings.
const LISTS: [(&str, &str); 3] = [
    ("missing", "Attendus, non vus"),
    ("wrong", "Vus dans un autre état que celui enregistré"),
    ("unexpected", "Vus sans être attendus"),
];

/// HTML that prints on A4.
pub async fn print_stock_take(db: &Db, actor: &Actor, stock_take: Uuid) -> Result<String, Failure> {
    let school = actor.establishment;
    let (head, taken, rooms) = db
        .read(Scope::School(school), async |conn| {
            let taken = papers::stock_take(conn, school, stock_take).await?;
            let taken = taken.ok_or(Refusal::NotFound { what: Thing::StockTake })?;
            let rooms = papers::rooms(conn, school, stock_take).await?;
            Ok::<_, Failure>((letterhead(conn, school).await?, taken, rooms))
        })
        .await?;
    let title = format!("Inventaire n° {}", taken.number);
    let part = Part { title: title.clone(), filter: None, page: 1, pages: 1, remark: None };
    let sheet = Sheet {
        title,
        subtitle: Some(taken.name.clone()),
        date: dates::day(dates::local_day(taken.closed_at.unwrap_or(taken.opened_at))),
        code: None,
        body: body(&taken, &rooms),
    };
    Ok(document(&part, Size::A4, true, &head, &[sheet]))
}

fn body(taken: &PaperStockTake, rooms: &[SeenInRoom]) -> Markup {
    let seen: i64 = rooms.iter().map(|room| room.seen).sum();
    let closed = match (taken.closed_at, &taken.closed_by) {
        (Some(at), Some(who)) => format!("{}, par {who}", dates::moment(at)),
        (Some(at), None) => dates::moment(at),
        (None, _) => "en cours".to_owned(),
    };
    let report = taken.report.as_ref();
    let count = |key: &str| report.and_then(|report| number(report.get(key)?)).unwrap_or_default();
    html! {
        (facts(&[
            ("Ouvert le", format!("{}, par {}", dates::moment(taken.opened_at), taken.opened_by)),
            ("Clos le", closed),
            ("Attendus", count("expected")),
            ("Vus", seen.to_string()),
            ("Attendus, non vus", count("missing")),
            ("État différent", count("wrong")),
            ("Non attendus", count("unexpected")),
        ]))
        @if report.is_none() {
            p { "L'inventaire n'est pas clos : ce rapport ne dit que ce qui a été vu jusqu'ici." }
        }
        @for (key, heading) in LISTS { (list(report, key, heading)) }
        @if !rooms.is_empty() {
            h2 { "Par salle" }
            (table(&["Salle", "Ordinateurs vus"], &rooms.iter().map(room).collect::<Vec<_>>()))
        }
        (signatures(&["Le référent numérique", "Le chef d'établissement"]))
    }
}

fn room(room: &SeenInRoom) -> Vec<Markup> {
    let name = if room.room.trim().is_empty() { "sans salle" } else { room.room.as_str() };
    vec![html! { (name) }, html! { (room.seen) }]
}

/// A count, told as a number or as a list.
fn number(value: &Value) -> Option<String> {
    value.as_i64().map(|count| count.to_string()).or_else(|| Some(value.as_array()?.len().to_string()))
}

fn list(report: Option<&Value>, key: &str, heading: &str) -> Markup {
    let entries = report.and_then(|report| report.get(key)).and_then(Value::as_array);
    let rows: Vec<Vec<Markup>> = entries.into_iter().flatten().map(row).collect();
    html! {
        @if !rows.is_empty() {
            h2 { (heading) " (" (rows.len()) ")" }
            (table(&["Numéro de série", "Modèle", "État enregistré", "Salle"], &rows))
        }
    }
}

/// A line is a serial number, or an object that tells more.
fn row(entry: &Value) -> Vec<Markup> {
    let text = |keys: &[&str]| {
        keys.iter().find_map(|key| entry.get(key).and_then(Value::as_str)).unwrap_or_default().to_owned()
    };
    let serial = entry.as_str().map_or_else(|| text(&["serial", "serial_number"]), str::to_owned);
    let state = text(&["state_label", "state", "state_found"]);
    let state =
        DeviceState::parse(&state).map_or(state, |known| device_state(known, Language::French).to_owned());
    vec![
        html! { span.serial { (serial) } },
        html! { (text(&["model"])) },
        html! { (state) },
        html! { (text(&["room"])) },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_report_is_read_whatever_else_it_tells() {
        let report = json!({
            "expected": 4, "missing": ["A1", { "serial": "B2", "state": "in_stock", "more": [1] }], "wrong": 3,
        });
        let html = list(Some(&report), "missing", "Attendus").into_string();
        assert!(html.contains("A1") && html.contains("B2") && html.contains("(2)"), "{html}");
        assert_eq!(list(Some(&report), "wrong", "x").into_string(), "");
        assert_eq!(number(&report["missing"]), Some("2".into()));
        assert_eq!(number(&report["expected"]), Some("4".into()));
        assert_eq!(list(None, "missing", "x").into_string(), "");
    }
}
