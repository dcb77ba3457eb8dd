//! A piece of paper as things at places. Lengths are millimetres from the top left.
#![expect(clippy::as_conversions, reason = "module counts of a printed code to f32")]

use super::codes::{Kind, Symbol};

/// A card; whoever draws it draws the items in order on white.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    pub width: f32,
    pub height: f32,
    pub items: Vec<Item>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    Code(PlacedCode),
    Text(PlacedText),
    /// A thin outline.
    Frame {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
    },
}

/// A code whose top left is at (`x`, `y`), quiet zone outside.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedCode {
    pub symbol: Symbol,
    pub x: f32,
    pub y: f32,
    /// Width of a module; of a matrix code also the height.
    pub module: f32,
    /// Of the whole code.
    pub height: f32,
}

impl PlacedCode {
    pub fn width(&self) -> f32 {
        self.symbol.width as f32 * self.module
    }
}

/// A line of text on its baseline.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedText {
    pub x: f32,
    pub y: f32,
    pub size: f32,
    pub bold: bool,
    pub align: Align,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Middle,
    Right,
}

impl Card {
    pub fn new(width: f32, height: f32) -> Self {
        Self { width, height, items: Vec::new() }
    }

    pub fn text(&mut self, (x, y): (f32, f32), size: f32, align: Align, text: &str) {
        let text = text.to_owned();
        self.items.push(Item::Text(PlacedText { x, y, size, bold: false, align, text }));
    }

    pub fn bold(&mut self, (x, y): (f32, f32), size: f32, align: Align, text: &str) {
        let text = text.to_owned();
        self.items.push(Item::Text(PlacedText { x, y, size, bold: true, align, text }));
    }

    pub fn frame(&mut self) {
        // Its line must not be cut by the edge.
        let (width, height) = (self.width - 0.4, self.height - 0.4);
        self.items.push(Item::Frame { x: 0.2, y: 0.2, width, height });
    }

    /// Places a Code 128 and answers its width; 0 when the text cannot be one, or has
    /// no room: the caption beside it still says it.
    pub fn bars(&mut self, at: (f32, f32), module: f32, height: f32, text: &str) -> f32 {
        let symbol = Symbol::encode(Kind::Code128, text);
        symbol.map_or(0.0, |symbol| self.place(PlacedCode { symbol, x: at.0, y: at.1, module, height }))
    }

    /// Places a QR code or a DataMatrix; as for [`Card::bars`].
    pub fn matrix(&mut self, kind: Kind, at: (f32, f32), module: f32, text: &str) -> f32 {
        let symbol = Symbol::encode(kind, text);
        symbol.map_or(0.0, |symbol| {
            let height = symbol.height as f32 * module;
            self.place(PlacedCode { symbol, x: at.0, y: at.1, module, height })
        })
    }

    fn place(&mut self, code: PlacedCode) -> f32 {
        let width = code.width();
        if code.x + width > self.width || code.y + code.height > self.height {
            return 0.0;
        }
        self.items.push(Item::Code(code));
        width
    }

    pub fn codes(&self) -> impl Iterator<Item = &PlacedCode> {
        self.items.iter().filter_map(|item| match item {
            Item::Code(code) => Some(code),
            _ => None,
        })
    }
}

/// The size at which a line of `text` keeps within `width`, at most `size`. Letters of
/// the fonts in use are at most about 0.68 of their size wide on average, capitals included.
pub fn fitted(text: &str, size: f32, width: f32) -> f32 {
    let letters = text.chars().count().max(1) as f32;
    size.min(width / (letters * 0.68))
}
