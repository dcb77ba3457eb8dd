//! A card drawn on paper.
#![expect(clippy::as_conversions, reason = "module counts of a printed code to f32")]

use crate::printing::card::{Align, Card, Item, PlacedCode, PlacedText};
use demo_camera::paper::{INK, Paper, Text, WHITE};

const LINE: u8 = 160;

/// White paper of the card's size with the card on it.
pub fn paper(card: &Card) -> Paper {
    let mut paper = Paper::blank(card.width, card.height, WHITE);
    draw(&mut paper, card, (0.0, 0.0));
    paper
}

/// Draws a card with its top left at `at`, in millimetres.
pub fn draw(paper: &mut Paper, card: &Card, at: (f32, f32)) {
    for item in &card.items {
        match item {
            Item::Code(placed) => code(paper, placed, at),
            Item::Text(placed) => text(paper, placed, at),
            Item::Frame { x, y, width, height } => {
                frame(paper, [at.0 + x, at.1 + y, *width, *height]);
            }
        }
    }
}

fn code(paper: &mut Paper, code: &PlacedCode, at: (f32, f32)) {
    let down = if code.symbol.height == 1 { code.height } else { code.module };
    for (x, y, length) in code.symbol.runs() {
        let left = at.0 + code.x + x as f32 * code.module;
        let top = at.1 + code.y + y as f32 * down;
        paper.fill([left, top, length as f32 * code.module, down], INK);
    }
}

fn text(paper: &mut Paper, placed: &PlacedText, at: (f32, f32)) {
    let align = match placed.align {
        Align::Left => 0.0,
        Align::Middle => 0.5,
        Align::Right => 1.0,
    };
    let text = Text { letters: &placed.text, size: placed.size, bold: placed.bold, align };
    paper.write((at.0 + placed.x, at.1 + placed.y), &text);
}

fn frame(paper: &mut Paper, [x, y, width, height]: [f32; 4]) {
    const THIN: f32 = 0.2;
    for line in [
        [x, y, width, THIN],
        [x, y + height - THIN, width, THIN],
        [x, y, THIN, height],
        [x + width - THIN, y, THIN, height],
    ] {
        paper.fill(line, LINE);
    }
}
