//! Cards as an HTML page that a browser prints on A4.

use super::badge::Badge;
use super::card::Card;
use super::charter::{COPIES, CharterSheet};
use super::label::Label;
use super::svg;
use maud::{DOCTYPE, Markup, html};

/// Which part of a list a page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// French: what is printed, of whom.
    pub title: String,
    /// The name and the value of the filter in the query.
    pub filter: Option<(&'static str, String)>,
    /// From 1.
    pub page: i64,
    pub pages: i64,
    /// French: what the reader should know before printing, if anything.
    pub remark: Option<String>,
}

const STYLE: &str = "
@page { size: A4; margin: 10mm; }
body { margin: 0; font: 11pt/1.35 sans-serif; color: #000; background: #fff; }
header { padding: 4mm; background: #eef; }
header h1 { font-size: 14pt; margin: 0 0 2mm; }
header p { margin: 0 0 1mm; }
main { width: 190mm; margin: 0 auto; }
ul.cards { list-style: none; margin: 0; padding: 2mm 0; display: flex; flex-wrap: wrap; gap: 4mm; }
ul.cards li { break-inside: avoid; }
svg { display: block; }
article { break-after: page; padding-top: 2mm; }
article p, article ul { margin: 0 0 2.5mm; }
table { width: 100%; border-collapse: collapse; margin-top: 6mm; }
td { border: 0.3mm solid #000; height: 28mm; width: 50%; vertical-align: top; padding: 2mm; }
@media print { header { display: none; } }
@media screen { article { border-bottom: 1px dashed #999; } }
";

/// A sheet of badges.
pub fn badges(part: &Part, badges: &[Badge]) -> String {
    cards(part, &list(badges.iter().map(|badge| svg::card(&badge.card())).collect()))
}

/// A sheet of laptop labels.
pub fn labels(part: &Part, labels: &[Label]) -> String {
    cards(part, &list(labels.iter().map(|label| svg::card(&label.card())).collect()))
}

/// The school's own labels, side by side; the next part has them, too.
pub fn own_labels(part: &Part, labels: &[Card]) -> String {
    let content = list(labels.iter().map(svg::card).collect());
    shell(part, &[("style", "own".to_owned())], STYLE, "A4", &content)
}

/// Charters, two pages a pupil.
pub fn charters(part: &Part, sheets: &[CharterSheet]) -> String {
    let copies: Vec<Markup> = sheets
        .iter()
        .flat_map(|sheet| COPIES.map(|(copy, keeper)| charter(sheet, &svg::card(&sheet.head(copy, keeper)))))
        .collect();
    cards(part, &html! { @for copy in &copies { (copy) } @if copies.is_empty() { (nothing()) } })
}

fn charter(sheet: &CharterSheet, head: &Markup) -> Markup {
    html! {
        article {
            (head)
            @for paragraph in sheet.paragraphs() { p { (paragraph) } }
            @if let Some(sha256) = &sheet.pdf_sha256 {
                p { "Ce feuillet de tête se joint à la charte « " (sheet.title) " », version " (sheet.version) ", donnée en PDF." }
                p { "Empreinte SHA-256 du fichier : " br; code { (sha256) } }
            }
            @if !sheet.kit.is_empty() { p { "Accessoires remis : " (sheet.kit.join(", ")) "." } }
            table {
                tr { td { "Date et signature de l'élève" } td { "Nom, date et signature du responsable légal" } }
            }
        }
    }
}

fn list(cards: Vec<Markup>) -> Markup {
    html! {
        @if cards.is_empty() { (nothing()) }
        ul.cards { @for card in &cards { li { (card) } } }
    }
}

fn nothing() -> Markup {
    html! { p { "Rien à imprimer pour ce choix." } }
}

pub(super) fn cards(part: &Part, content: &Markup) -> String {
    shell(part, &[], STYLE, "A4", content)
}

/// The page around what is printed: on the screen it says what to do, on paper it is not there.
/// `choices` are the other words of the query, which the next part keeps.
pub(super) fn shell(
    part: &Part,
    choices: &[(&str, String)],
    style: &str,
    paper: &str,
    content: &Markup,
) -> String {
    html! {
        (DOCTYPE)
        html lang="fr" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (part.title) }
                style { (maud::PreEscaped(style)) }
            }
            body {
                header {
                    h1 { (part.title) }
                    p { "Imprimez cette page en " (paper) ", à l'échelle 100 % (Ctrl + P)." }
                    @if let Some(remark) = &part.remark { p { (remark) } }
                    @if part.pages > 1 { (pages(part, choices)) }
                }
                main { (content) }
            }
        }
    }
    .into_string()
}

fn pages(part: &Part, choices: &[(&str, String)]) -> Markup {
    html! {
        form method="get" {
            @if let Some((name, value)) = &part.filter { input type="hidden" name=(name) value=(value); }
            @for (name, value) in choices { input type="hidden" name=(name) value=(value); }
            p {
                "Partie " (part.page) " sur " (part.pages) ". "
                @if part.page > 1 {
                    button name="page" value=(part.page - 1) { "Partie précédente" } " "
                }
                @if part.page < part.pages { button name="page" value=(part.page + 1) { "Partie suivante" } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_has_typed_stays_text() {
        let part = Part {
            title: "Badges de <b>".into(),
            filter: Some(("class", "\"><script>".into())),
            page: 1,
            pages: 2,
            remark: Some("<i>".into()),
        };
        let badge = Badge {
            school: "Lycée <u>".into(),
            school_year: 2026,
            last_name: "O'<script>alert(1)</script>".into(),
            first_name: "\"Zoé\" & Cie".into(),
            class: Some("<2GT1>".into()),
            code: "<EL&>\"".into(),
        };
        let html = badges(&part, &[badge]);
        for raw in ["<script", "<b>", "<i>", "<u>", "<2GT1", "<2GT1", "<EL", "& Cie"] {
            assert!(!html.to_lowercase().contains(&raw.to_lowercase()), "{raw} in {html}");
        }
        assert!(html.contains("O'&lt;SCRIPT&gt;"));
    }
}
