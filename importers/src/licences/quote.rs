//! A line of a quotation, whose columns somebody has named.

use super::order::price;
use super::{ean, is_for_teachers};
use crate::table::lines::Line;
use crate::table::value;
use domain::issues::ImportIssue;
use domain::names::search_key;
use domain::rows::Reference;

/// A total, or a line of explanations.
pub fn is_no_line(line: &Line<'_>) -> bool {
    let title = search_key(line.get("title"));
    let first = line.row.cells.iter().find(|cell| !cell.text.is_empty()).map(|cell| search_key(&cell.text));
    let is_total = |key: &str| {
        ["total", "sous total", "montant", "port", "frais de port", "tva"]
            .iter()
            .any(|word| key == *word || key.strip_prefix(word).is_some_and(|rest| rest.starts_with(' ')))
    };
    let alone = line.get("ean").is_empty() && line.get("quantity").is_empty();
    alone || line.get("ean").is_empty() && (is_total(&title) || first.is_some_and(|key| is_total(&key)))
}

/// The licence of a line; none, and an issue, when its quantity cannot be read.
pub fn licence(line: &Line<'_>, issues: &mut Vec<ImportIssue>) -> Option<Reference> {
    let Some(quantity) = value::count(line.get("quantity")) else {
        let message = "La quantité manque ou est illisible : la ligne est laissée de côté.";
        issues.push(line.error("quantity", "Quantité", "malformed_quantity", "un nombre", message));
        return None;
    };
    let ean = ean(line, issues);
    let title = line.get("title").to_owned();
    let for_teachers = is_for_teachers(&title);
    let teachers = value::count(line.get("teachers")).unwrap_or(0);
    let (students, teachers) = if for_teachers { (0, quantity) } else { (quantity, teachers) };
    let id = line.optional("reference").filter(|id| id.len() <= 100).or_else(|| ean.clone());
    let unit_price = price(line, issues);
    Some(Reference::Licence {
        source: "lde_quote".into(),
        id: id.unwrap_or_else(|| search_key(&title)),
        publisher: line.optional("publisher"),
        ean,
        ark: None,
        students,
        teachers,
        unit_price,
        state: None,
        free: for_teachers && unit_price == Some(0),
        valid_from: date(line, "valid_from", issues),
        valid_to: date(line, "valid_to", issues),
        title,
    })
}

fn date(line: &Line<'_>, column: &str, issues: &mut Vec<ImportIssue>) -> Option<chrono::NaiveDate> {
    let date = line.date(column);
    if date.is_none() && !line.get(column).is_empty() {
        let message = "Cette date est illisible : elle est laissée de côté.";
        issues.push(line.warning(column, "Validité", "not_a_date", "jj/mm/aaaa", message));
    }
    date
}
