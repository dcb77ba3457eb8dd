//! What a stock-take found, room by room and laptop by laptop: as it was frozen at the closing, or
//! as it stands while it is open. Reads only.

use super::letterhead::letterhead;
use super::{Actor, Failure};
use crate::db::papers::{self, PaperStockTake, SeenInRoom};
use crate::db::stock_takes::{self, StockTakeLine, StockTakeReport};
use crate::db::{Db, Scope};
use crate::printing::dates;
use crate::printing::document::{Sheet, Size, document, facts, signatures, table};
use crate::printing::page::Part;
use crate::printing::receipt::captioned;
use crate::printing::svg;
use domain::refusal::{Refusal, Thing};
use maud::{Markup, html};
use uuid::Uuid;

/// Findings and their headings.
const FINDINGS: [(&str, &str); 3] = [
    ("missing", "Attendus, non vus"),
    ("unexpected", "Vus, attendus ailleurs"),
    ("unknown", "Vus, inconnus de l'établissement"),
];

/// HTML that prints on A4.
pub async fn print_stock_take(db: &Db, actor: &Actor, stock_take: Uuid) -> Result<String, Failure> {
    let school = actor.establishment;
    let (head, taken, rooms, report) = db
        .read(Scope::School(school), async |conn| {
            let taken = papers::stock_take(conn, school, stock_take).await?;
            let taken = taken.ok_or(Refusal::NotFound { what: Thing::StockTake })?;
            let rooms = papers::rooms(conn, school, stock_take).await?;
            let report = match &taken.report {
                // A report of another version of the service may not be readable: its counts are.
                Some(frozen) => serde_json::from_value(frozen.clone()).ok(),
                None => Some(stock_takes::compare(conn, school, stock_take).await?),
            };
            Ok::<_, Failure>((letterhead(conn, school).await?, taken, rooms, report))
        })
        .await?;
    let title = format!("Inventaire n° {}", taken.number);
    let part = Part { title: title.clone(), filter: None, page: 1, pages: 1, remark: None };
    let sheet = Sheet {
        title,
        subtitle: Some(taken.name.clone()),
        date: dates::day(dates::local_day(taken.closed_at.unwrap_or(taken.opened_at))),
        code: None,
        body: body(&taken, &rooms, report.as_ref()),
    };
    Ok(document(&part, Size::A4, true, &head, &[sheet]))
}

fn body(taken: &PaperStockTake, rooms: &[SeenInRoom], report: Option<&StockTakeReport>) -> Markup {
    let seen: i64 = rooms.iter().map(|room| room.seen).sum();
    let closed = match (taken.closed_at, &taken.closed_by) {
        (Some(at), Some(who)) => format!("{}, par {who}", dates::moment(at)),
        (Some(at), None) => dates::moment(at),
        (None, _) => "en cours".to_owned(),
    };
    let count = |get: fn(&StockTakeReport) -> i64| report.map(|r| get(r).to_string()).unwrap_or_default();
    html! {
        (facts(&[
            ("Ouvert le", format!("{}, par {}", dates::moment(taken.opened_at), taken.opened_by)),
            ("Clos le", closed),
            ("Attendus en salle", count(|report| report.expected)),
            ("Attendus et vus", count(|report| report.found)),
            ("Codes lus", seen.to_string()),
        ]))
        @if taken.closed_at.is_none() {
            p.warning { "Inventaire en cours : ce rapport ne dit que ce qui a été vu jusqu'ici." }
        }
        @if let Some(report) = report {
            @if report.lines.is_empty() { p { strong { "Aucun écart." } } }
            @for (finding, heading) in FINDINGS { (list(report, finding, heading)) }
        }
        @if !rooms.is_empty() {
            h2 { "Par salle" }
            (table(&["Salle", "Codes lus"], &rooms.iter().map(room).collect::<Vec<_>>()))
        }
        (signatures(&["Le référent numérique", "Le chef d'établissement"]))
    }
}

fn room(room: &SeenInRoom) -> Vec<Markup> {
    let name = if room.room.trim().is_empty() { "sans salle" } else { room.room.as_str() };
    vec![html! { (name) }, html! { (room.seen) }]
}

/// What was seen was put aside, and is scanned from here; what was not is in no room, and may be hundreds.
fn list(report: &StockTakeReport, finding: &str, heading: &str) -> Markup {
    let seen = finding != "missing";
    let rows: Vec<Vec<Markup>> = report
        .lines
        .iter()
        .filter(|line| line.finding == finding)
        .map(|line| if seen { seen_row(report, line) } else { missing_row(report, line) })
        .collect();
    let headings: &[&str] = if seen {
        &["Numéro de série", "Modèle", "Enregistré", "Salle", "Correction"]
    } else {
        &["Numéro de série", "Modèle", "Enregistré", "Correction"]
    };
    html! {
        @if !rows.is_empty() {
            h2 { (heading) " (" (rows.len()) ")" }
            (table(headings, &rows))
        }
    }
}

fn seen_row(report: &StockTakeReport, line: &StockTakeLine) -> Vec<Markup> {
    vec![
        svg::card(&captioned(&line.serial, 6.0, &line.serial)),
        model(line),
        believed(line),
        html! { (line.room.as_deref().unwrap_or_default()) },
        correction(report, line),
    ]
}

fn missing_row(report: &StockTakeReport, line: &StockTakeLine) -> Vec<Markup> {
    vec![html! { span.serial { (line.serial) } }, model(line), believed(line), correction(report, line)]
}

fn model(line: &StockTakeLine) -> Markup {
    html! { (line.model.as_deref().unwrap_or_default()) }
}

fn believed(line: &StockTakeLine) -> Markup {
    let told = [line.state_label.as_deref(), line.holder.as_deref()];
    html! { (told.into_iter().flatten().collect::<Vec<_>>().join(", ")) }
}

fn correction(report: &StockTakeReport, line: &StockTakeLine) -> Markup {
    let corrected = line.device_id.is_some_and(|id| report.corrected.contains(&id));
    html! {
        @match (corrected, &line.proposal_label) {
            (true, Some(label)) => { "faite : " (label) }
            (true, None) => "faite",
            (false, _) => "aucune",
        }
    }
}
