//! What a document of the school looks like: a head with school, logo, title and date, a body,
//! a foot; on A4 or A6. Receipts, slips, lists and certificates are bodies of it.

use super::card::Card;
use super::page::{Part, shell};
use super::svg;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{Markup, html};

/// The paper of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    A4,
    A6,
}

impl Size {
    pub fn as_str(self) -> &'static str {
        match self {
            Size::A4 => "A4",
            Size::A6 => "A6",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Size::A4, Size::A6].into_iter().find(|size| size.as_str() == text)
    }

    /// Millimetres between the margins.
    pub fn room(self) -> (f32, f32) {
        match self {
            Size::A4 => (178.0, 266.0),
            Size::A6 => (91.0, 133.0),
        }
    }

    fn style(self) -> &'static str {
        match self {
            Size::A4 => {
                "main { width: 178mm; } article { min-height: 266mm; }
                 @media screen { main { width: 210mm; } article { padding: 14mm 16mm 16mm; } }"
            }
            Size::A6 => {
                "main { width: 91mm; } article { min-height: 133mm; } body { font-size: 7.6pt; line-height: 1.3; }
                 .head { padding-bottom: 1.5mm; gap: 3mm; border-bottom-width: 0.4mm; } .school { gap: 2mm; }
                 .school img { max-height: 9mm; max-width: 20mm; } .school .name { font-size: 8.6pt; }
                 .school .lines, .when { font-size: 6.8pt; }
                 h1.title { font-size: 12pt; margin-top: 1.6mm; } p.subtitle { font-size: 8pt; margin-top: 0.4mm; }
                 .body { padding-top: 1.4mm; } .codes + dl.facts { margin-top: 0.8mm; } .body p { margin-bottom: 1.4mm; }
                 .body h2 { font-size: 8.4pt; margin: 2mm 0 0.8mm; } dl.facts { gap: 0.4mm 3mm; margin-bottom: 1.6mm; }
                 table.list { font-size: 7.2pt; margin-bottom: 1.6mm; } table.list th, table.list td { padding: 0.6mm 1mm; }
                 ul.plain { margin-bottom: 1.4mm; } ul.plain li { margin-bottom: 0.4mm; }
                 .tick { width: 2.4mm; height: 2.4mm; margin-right: 1mm; } .warning { padding: 1mm 1.5mm; margin-bottom: 1.6mm; }
                 .signatures { gap: 3mm; margin-top: 2mm; } .signatures div { min-height: 11mm; padding: 1mm; font-size: 6.8pt; }
                 .codes { gap: 3mm; } .small { font-size: 6.8pt; }
                 .foot { padding-top: 1.6mm; font-size: 6.4pt; } .foot p { padding-top: 0.8mm; }
                 @media screen { main { width: 105mm; } article { padding: 7mm 7mm 8mm; } }"
            }
        }
    }

    /// Page size and margins; long lists say which page it is.
    fn at_page(self, numbered: bool) -> String {
        let number = if numbered {
            "@bottom-right { content: 'Page ' counter(page) ' / ' counter(pages); font: 8pt sans-serif; }"
        } else {
            ""
        };
        match self {
            Size::A4 => format!("@page {{ size: A4; margin: 14mm 16mm 16mm; {number} }}"),
            // CSS has no word for A6.
            Size::A6 => format!("@page {{ size: 105mm 148mm; margin: 7mm 7mm 8mm; {number} }}"),
        }
    }
}

/// What stands on every paper of a school.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Letterhead {
    pub school: String,
    pub uai: String,
    /// Lines the school has written: address, telephone.
    pub header: String,
    pub footer: String,
    pub logo: Option<Logo>,
}

/// A picture small enough to stand in the page itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    /// `image/png` or `image/jpeg`.
    pub media_type: String,
    pub bytes: Vec<u8>,
}

/// One sheet of a document; it goes on over several pages when its body is long.
#[derive(Debug, Clone)]
pub struct Sheet {
    pub title: String,
    pub subtitle: Option<String>,
    /// As it is to be read: `25 novembre 2026`.
    pub date: String,
    /// A code at the right of the title.
    pub code: Option<Card>,
    pub body: Markup,
}

/// The page that a browser prints. `numbered` is for lists that may go over several pages.
pub fn document(
    part: &Part,
    size: Size,
    numbered: bool,
    letterhead: &Letterhead,
    sheets: &[Sheet],
) -> String {
    let style = format!("{}{}{}", size.at_page(numbered), include_str!("document.css"), size.style());
    let papers = html! {
        @for sheet in sheets { (paper(letterhead, sheet)) }
        @if sheets.is_empty() { article { p { "Rien à imprimer pour ce choix." } } }
    };
    shell(part, &[], &style, size.as_str(), &papers)
}

fn paper(letterhead: &Letterhead, sheet: &Sheet) -> Markup {
    html! {
        article {
            (head(letterhead, &sheet.date))
            div.titled {
                div {
                    h1.title { (sheet.title) }
                    @if let Some(subtitle) = &sheet.subtitle { p.subtitle { (subtitle) } }
                }
                @if let Some(code) = &sheet.code { (svg::card(code)) }
            }
            div.body { (sheet.body) }
            @if !letterhead.footer.trim().is_empty() {
                div.foot { p { (letterhead.footer.trim()) } }
            }
        }
    }
}

fn head(letterhead: &Letterhead, date: &str) -> Markup {
    html! {
        div.head {
            div.school {
                @if let Some(logo) = &letterhead.logo {
                    img alt="" src={ "data:" (logo.media_type) ";base64," (STANDARD.encode(&logo.bytes)) };
                }
                div {
                    p.name { (letterhead.school) }
                    @if !letterhead.header.trim().is_empty() { p.lines { (letterhead.header.trim()) } }
                }
            }
            div.when {
                @if !letterhead.uai.is_empty() { p { "UAI " (letterhead.uai) } }
                p { (date) }
            }
        }
    }
}

/// What is known, as name and value; a value that is empty is left out.
pub fn facts(facts: &[(&str, String)]) -> Markup {
    html! {
        dl.facts {
            @for (name, value) in facts.iter().filter(|(_, value)| !value.is_empty()) {
                dt { (name) }
                dd { (value) }
            }
        }
    }
}

/// A table whose headings stand again on each page.
pub fn table(headings: &[&str], rows: &[Vec<Markup>]) -> Markup {
    html! {
        table.list {
            thead { tr { @for heading in headings { th scope="col" { (heading) } } } }
            tbody { @for row in rows { tr { @for cell in row { td { (cell) } } } } }
        }
    }
}

/// Boxes side by side to sign in.
pub fn signatures(who: &[&str]) -> Markup {
    html! { div.signatures { @for one in who { div { (one) } } } }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letterhead() -> Letterhead {
        Letterhead {
            school: "Lycée <b>Jeanne</b>".into(),
            uai: "0579999J".into(),
            header: "1, rue des <i>Bois</i>".into(),
            footer: "Suivi <u>numérique</u>".into(),
            logo: Some(Logo { media_type: "image/png".into(), bytes: vec![1, 2, 3] }),
        }
    }

    fn part() -> Part {
        Part { title: "Essai".into(), filter: None, page: 1, pages: 1, remark: None }
    }

    #[test]
    fn a_document_says_whose_it_is_and_on_which_paper() {
        let sheet = Sheet {
            title: "Reçu de <remise>".into(),
            subtitle: None,
            date: "25 novembre 2026".into(),
            code: None,
            body: html! { (facts(&[("Élève", "Lina <MERCIER>".into()), ("Classe", String::new())])) },
        };
        let page = document(&part(), Size::A6, false, &letterhead(), &[sheet]);
        for said in [
            "size: 105mm 148mm",
            "UAI 0579999J",
            "25 novembre 2026",
            "Lina &lt;MERCIER&gt;",
            "data:image/png;base64,AQID",
        ] {
            assert!(page.contains(said), "{said}: {page}");
        }
        for raw in ["<b>", "<i>", "<u>", "<remise>", "Classe"] {
            assert!(!page.contains(raw), "{raw}: {page}");
        }
        let none = document(&part(), Size::A4, true, &letterhead(), &[]);
        assert!(none.contains("Rien à imprimer") && none.contains("counter(pages)"));
    }
}
