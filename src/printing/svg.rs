//! A card as SVG. Each code is a group that says its text and its kind.

use super::card::{Align, Card, Item, PlacedCode, PlacedText};
use maud::{Markup, html};
use std::fmt::Write;

/// The card, as large on paper as it says.
pub fn card(card: &Card) -> Markup {
    drawn(card, 1.0, None)
}

/// The card in the middle of a place of a sheet; made smaller when it is larger than that.
pub fn placed(card: &Card, (x, y): (f32, f32), (width, height): (f32, f32)) -> Markup {
    let scale = (width / card.width).min(height / card.height).min(1.0);
    let left = x + (width - card.width * scale) / 2.0;
    let top = y + (height - card.height * scale) / 2.0;
    drawn(card, scale, Some(format!("left: {left:.3}mm; top: {top:.3}mm")))
}

fn drawn(card: &Card, scale: f32, style: Option<String>) -> Markup {
    let texts = card.items.iter().filter_map(|item| match item {
        Item::Text(placed) => Some(placed.text.as_str()),
        _ => None,
    });
    let name = texts.collect::<Vec<_>>().join(", ");
    let view = format!("0 0 {} {}", card.width, card.height);
    let (width, height) = (card.width * scale, card.height * scale);
    html! {
        svg xmlns="http://www.w3.org/2000/svg" width={ (width) "mm" } height={ (height) "mm" }
            viewBox=(view) role="img" aria-label=(name) style=[style] {
            @for item in &card.items {
                @match item {
                    Item::Code(placed) => (code(placed)),
                    Item::Text(placed) => (text(placed)),
                    Item::Frame { x, y, width, height } => {
                        rect x=(x) y=(y) width=(width) height=(height) rx="2" fill="none" stroke="#999"
                            stroke-width="0.2" {}
                    },
                }
            }
        }
    }
}

fn code(placed: &PlacedCode) -> Markup {
    let symbol = &placed.symbol;
    // A linear code is one module high, stretched; a matrix code has square modules.
    let down = if symbol.height == 1 { placed.height } else { placed.module };
    let transform = format!("translate({} {}) scale({} {down})", placed.x, placed.y, placed.module);
    let mut path = String::new();
    for (x, y, length) in symbol.runs() {
        // Writing into a String cannot fail.
        let _ = write!(path, "M{x} {y}h{length}v1h-{length}z");
    }
    html! {
        g data-code=(symbol.text) data-kind=(symbol.kind.as_str()) transform=(transform)
            shape-rendering="crispEdges" {
            title { (symbol.text) }
            path d=(path) fill="#000" {}
        }
    }
}

fn text(placed: &PlacedText) -> Markup {
    let anchor = match placed.align {
        Align::Left => "start",
        Align::Middle => "middle",
        Align::Right => "end",
    };
    let weight = if placed.bold { "bold" } else { "normal" };
    html! {
        text x=(placed.x) y=(placed.y) font-size=(placed.size) font-weight=(weight) text-anchor=(anchor)
            font-family="sans-serif" { (placed.text) }
    }
}
