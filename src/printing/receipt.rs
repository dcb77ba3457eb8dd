//! A receipt: what was handed over, taken back, found missing or damaged, and a code that finds
//! it again.

use super::card::{Align, Card, fitted};
use super::codes::{Kind, Symbol};
use super::document::{Sheet, Size, facts, signatures};
use super::svg;
use maud::{Markup, html};

/// What a receipt says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Receipt {
    pub title: String,
    pub subtitle: Option<String>,
    /// `25 novembre 2026`.
    pub date: String,
    /// `RM` and ten characters.
    pub code: String,
    /// As a QR code too, which a telephone takes from the screen.
    pub with_qr: bool,
    /// Stands out above all else: that it was taken back.
    pub warning: Option<String>,
    pub facts: Vec<(&'static str, String)>,
    pub laptops: Vec<ReceiptLaptop>,
    /// A heading and what stands below it; left out when that is nothing.
    pub lists: Vec<(&'static str, Vec<String>)>,
    /// What the school itself adds.
    pub text: String,
    pub signatures: Vec<&'static str>,
}

/// A laptop with its serial number as a barcode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptLaptop {
    /// `Ordinateur remis`, `Ordinateur repris`.
    pub heading: String,
    pub model: String,
    pub serial: String,
    pub asset_tag: Option<String>,
}

/// The module of a receipt's codes, in millimetres: printed at an office, read by a camera.
const MODULE: f32 = 0.3;
const QUIET: f32 = 10.0 * MODULE;
const QR_MODULE: f32 = 0.5;

impl Receipt {
    pub fn sheet(&self, size: Size) -> Sheet {
        Sheet {
            title: self.title.clone(),
            subtitle: self.subtitle.clone(),
            date: self.date.clone(),
            code: (size == Size::A4).then(|| captioned(&self.code, 10.0, &self.code)),
            body: self.body(size),
        }
    }

    fn body(&self, size: Size) -> Markup {
        let facts: Vec<(&str, String)> = self.facts.iter().map(|(n, v)| (*n, v.clone())).collect();
        html! {
            @if let Some(warning) = &self.warning { p.warning { (warning) } }
            (super::document::facts(&facts))
            @for laptop in &self.laptops { (laptop_block(laptop, size)) }
            (lists(&self.lists, size))
            @if !self.text.trim().is_empty() { p.own-text { (self.text.trim()) } }
            @if size == Size::A6 || self.with_qr {
                div.codes {
                    @if size == Size::A6 { (svg::card(&captioned(&self.code, 7.0, &self.code))) }
                    @if self.with_qr { (svg::card(&qr(&self.code))) }
                }
            }
            @if !self.signatures.is_empty() { (signatures(&self.signatures)) }
        }
    }
}

/// Each list under its heading; on A6 in a line beside it, for want of room.
fn lists(lists: &[(&'static str, Vec<String>)], size: Size) -> Markup {
    if size == Size::A6 {
        let lines: Vec<(&str, String)> =
            lists.iter().map(|(heading, lines)| (*heading, lines.join(", "))).collect();
        return facts(&lines);
    }
    html! {
        @for (heading, lines) in lists.iter().filter(|(_, lines)| !lines.is_empty()) {
            h2 { (heading) }
            ul.plain { @for line in lines { li { (line) } } }
        }
    }
}

fn laptop_block(laptop: &ReceiptLaptop, size: Size) -> Markup {
    let height = if size == Size::A4 { 9.0 } else { 6.0 };
    let tag = laptop.asset_tag.clone().unwrap_or_default();
    html! {
        h2 { (laptop.heading) }
        (facts(&[("Modèle", laptop.model.clone()), ("N° d'inventaire", tag)]))
        div.codes { (svg::card(&captioned(&laptop.serial, height, &format!("S/N {}", laptop.serial)))) }
    }
}

/// A text as Code 128 with its quiet zone and what it says below; only said when it cannot be one.
pub fn captioned(text: &str, height: f32, caption: &str) -> Card {
    let bars = Symbol::encode(Kind::Code128, text).map_or(0.0, |symbol| width_of(&symbol));
    let width = bars.max(30.0) + 2.0 * QUIET;
    let mut card = Card::new(width, height + 3.6);
    card.bars(((width - bars) / 2.0, 0.0), MODULE, height, text);
    card.text((width / 2.0, height + 3.0), fitted(caption, 2.8, width), Align::Middle, caption);
    card
}

/// A text as a QR code with its quiet zone.
pub fn qr(text: &str) -> Card {
    let quiet = 4.0 * QR_MODULE;
    let side = Symbol::encode(Kind::QrCode, text).map_or(0.0, |symbol| symbol_side(&symbol));
    let mut card = Card::new(side + 2.0 * quiet, side + 2.0 * quiet);
    card.matrix(Kind::QrCode, (quiet, quiet), QR_MODULE, text);
    card
}

#[expect(clippy::as_conversions, reason = "module counts of a printed code to f32")]
fn width_of(symbol: &Symbol) -> f32 {
    symbol.width as f32 * MODULE
}

#[expect(clippy::as_conversions, reason = "module counts of a printed code to f32")]
fn symbol_side(symbol: &Symbol) -> f32 {
    symbol.width as f32 * QR_MODULE
}
