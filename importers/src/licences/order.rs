//! A line of LDE's feed of orders. Its columns and states are those of the feed for Île-de-France, the
//! one that is public.

use super::{ean, is_for_teachers};
use crate::table::lines::{Columns, Line};
use crate::table::value;
use domain::issues::ImportIssue;
use domain::rows::Reference;

/// LDE's states of a line, and what they mean.
pub const STATES: [(u16, &str); 17] = [
    (0, "en cours"),
    (1, "disponible"),
    (2, "à paraître"),
    (3, "en réimpression"),
    (4, "non disponible provisoirement"),
    (6, "épuisé"),
    (7, "manque sans date"),
    (9, "indisponible à long terme"),
    (10, "en cours de livraison"),
    (14, "en réclamation"),
    (15, "annulé par le client"),
    (20, "annulé par LDE"),
    (35, "relance de l'éditeur"),
    (55, "commandé à l'éditeur"),
    (57, "commandé à l'éditeur"),
    (58, "licence offerte avec les licences élèves"),
    (59, "conditions de vente à valider"),
];

/// Given with the pupils' licences.
const FREE: u16 = 58;

const WORDS: &[(&str, &[&str])] = &[
    ("title", &["titre"]),
    ("publisher", &["editeur"]),
    ("ean", &["ean"]),
    ("quantity", &["qte"]),
    ("unit_price", &["prix ttc"]),
    ("uai", &["uai"]),
    ("line_id", &["uuid ligne lde"]),
    ("ordered_on", &["date achat"]),
    ("delivered_on", &["date bl"]),
    ("state", &["etat"]),
    ("cgi_id", &["id cgi"]),
];

/// French words for a state; none when LDE has another.
pub fn state_label(state: u16) -> Option<&'static str> {
    STATES.iter().find(|(known, _)| *known == state).map(|(_, label)| *label)
}

/// Whether titles are those of the feed.
pub fn is_order_title(keys: &[String]) -> bool {
    of_titles(keys).is_some()
}

pub fn of_titles(keys: &[String]) -> Option<Columns> {
    let columns = Columns::named(keys, WORDS);
    let needed = ["title", "ean", "quantity", "state", "line_id"];
    needed.iter().all(|column| columns.has(column)).then_some(columns)
}

/// The issue of a line that has not as many columns as there are titles: a bar within a text has shifted
/// all that follows.
pub fn shifted(line: &Line<'_>) -> Option<ImportIssue> {
    let (titles, cells) = (line.titles.len(), &line.row.cells);
    let whole = cells.len() >= titles && cells.iter().skip(titles).all(|cell| cell.text.is_empty());
    let message = format!(
        "La ligne a {} colonnes : une barre dans un texte a tout décalé. Elle est laissée de côté.",
        cells.len()
    );
    (!whole).then(|| line.error("", "Ligne", "columns_differ", &format!("{titles} colonnes"), &message))
}

/// The licence of a line; none, and an issue, when a fault keeps it out.
pub fn licence(line: &Line<'_>, issues: &mut Vec<ImportIssue>) -> Option<Reference> {
    let Some(quantity) = value::count(line.get("quantity")) else {
        let message = "La quantité est illisible : la ligne est laissée de côté.";
        issues.push(line.error("quantity", "QTE", "malformed_quantity", "un nombre", message));
        return None;
    };
    let id = line.optional("line_id").or_else(|| line.optional("cgi_id"));
    let Some(id) = id.filter(|id| id.len() <= 100) else {
        let message = "L'identifiant de la ligne manque : elle est laissée de côté.";
        issues.push(line.error("line_id", "UUID_LIGNE_LDE", "missing", "un identifiant", message));
        return None;
    };
    for column in ["ordered_on", "delivered_on"] {
        let text = line.get(column);
        if !text.is_empty() && !text.starts_with("00/00/") && line.date(column).is_none() {
            let message = "Cette date est illisible ; le reste de la ligne est pris.";
            issues.push(line.warning(column, column, "not_a_date", "jj/mm/aaaa ou 00/00/00", message));
        }
    }
    let state = state(line, issues);
    let free = state == Some(FREE);
    let title = line.get("title").to_owned();
    // State 58 is the teachers' part of what was bought for pupils.
    let (students, teachers) = if free || is_for_teachers(&title) { (0, quantity) } else { (quantity, 0) };
    Some(Reference::Licence {
        source: "lde_order".into(),
        id,
        title,
        publisher: line.optional("publisher"),
        ean: ean(line, issues),
        ark: None,
        students,
        teachers,
        unit_price: price(line, issues),
        state,
        free,
        valid_from: None,
        valid_to: None,
    })
}

fn state(line: &Line<'_>, issues: &mut Vec<ImportIssue>) -> Option<u16> {
    let text = line.get("state");
    let state = text.parse().ok();
    if state.is_none_or(|state| state_label(state).is_none()) {
        let message = "Cet état est inconnu ; la ligne est prise.";
        issues.push(line.warning("state", "ETAT", "unknown_state", "un état de LDE", message));
    }
    state
}

pub fn price(line: &Line<'_>, issues: &mut Vec<ImportIssue>) -> Option<i64> {
    let text = line.get("unit_price");
    let cents = value::cents(text);
    if cents.is_none() && !text.is_empty() {
        let message = "Ce prix est illisible : la ligne est prise sans lui.";
        issues.push(line.warning("unit_price", "Prix", "malformed_price", "6,86", message));
    }
    cents
}
