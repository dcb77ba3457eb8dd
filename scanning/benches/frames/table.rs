//! One table: a column for each engine, a row for each measure.

use crate::Run;
use crate::pictures::Picture;
use crate::score::Score;
use std::collections::BTreeMap;

/// Of the false reads, so many are named.
const NAMED: usize = 20;

pub fn of(pictures: &[Picture], runs: &[Run]) -> String {
    let scores: Vec<Score> = runs.iter().map(|run| Score::of(pictures, &run.answers)).collect();
    let mut rows = vec![heading(&format!("{} pictures", pictures.len()), runs)];
    let measures: BTreeMap<&String, usize> =
        scores.iter().flat_map(|s| &s.recall).map(|(measure, (_, there))| (measure, *there)).collect();
    for (measure, there) in measures {
        let name = measure.split_once(' ').map_or(measure.as_str(), |(_, name)| name);
        let mut row = vec![format!("% of {there} {name}")];
        row.extend(scores.iter().map(|s| share(s.recall.get(measure).copied().unwrap_or_default())));
        rows.push(row);
    }
    let mut add = |name: &str, cell: &dyn Fn(&Score) -> String| {
        rows.push(std::iter::once(name.to_owned()).chain(scores.iter().map(cell)).collect());
    };
    add("false reads", &|s| s.false_reads.len().to_string());
    add("median ms", &|s| format!("{:.2}", s.median));
    add("p95 ms", &|s| format!("{:.2}", s.p95));
    for peer in ["zxing-cpp", "zxing-cpp-fast"] {
        if let Some(place) = runs.iter().position(|run| run.engine == peer) {
            let (median, p95) = (scores[place].median, scores[place].p95);
            add(&format!("median, of {peer}'s"), &|s| format!("{:.2}", s.median / median));
            add(&format!("p95, of {peer}'s"), &|s| format!("{:.2}", s.p95 / p95));
        }
    }
    let mut text = aligned(&rows);
    for (run, score) in runs.iter().zip(&scores) {
        for read in score.false_reads.iter().take(NAMED) {
            text += &format!("\nfalse, {}: {read}\n", run.engine);
        }
    }
    text
}

pub fn heading(first: &str, runs: &[Run]) -> Vec<String> {
    std::iter::once(first.to_owned()).chain(runs.iter().map(|run| run.engine.clone())).collect()
}

pub fn share((found, there): (usize, usize)) -> String {
    if there == 0 { "-".to_owned() } else { format!("{:.1}", 100.0 * found as f64 / there as f64) }
}

/// Markdown whose columns stand below each other.
pub fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|column| rows.iter().filter_map(|row| row.get(column)).map(String::len).max().unwrap_or(0))
        .collect();
    let mut text = String::new();
    for (place, row) in rows.iter().enumerate() {
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            text += &if column == 0 { format!("| {cell:width$} |") } else { format!(" {cell:>width$} |") };
        }
        text.push('\n');
        if place == 0 {
            for (column, width) in widths.iter().enumerate() {
                let dashes = "-".repeat(*width + 1);
                text += &if column == 0 { format!("|{dashes}-|") } else { format!("{dashes}:|") };
            }
            text.push('\n');
        }
    }
    text
}
