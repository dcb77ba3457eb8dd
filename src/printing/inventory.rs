//! The school's own label for a laptop: whose it is, its serial number as Code 128 where there
//! is room and as DataMatrix, its asset tag. Laid out for whatever size the sheet has.

use super::card::{Align, Card, fitted};
use super::codes::{Kind, Symbol};

/// What the label says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InventoryLabel {
    pub school: String,
    pub model: String,
    pub serial: String,
    pub asset_tag: Option<String>,
}

/// Printers put a label down a little off its place.
const MARGIN: f32 = 1.5;
/// The smallest module a camera reads with certainty, and the largest that helps.
pub const SMALLEST_MODULE: f32 = 0.25;
const LARGEST_MODULE: f32 = 0.38;
/// Quiet zones in modules.
const BARS_QUIET: f32 = 10.0;
const MATRIX_QUIET: f32 = 2.0;
/// Below these there is room for a matrix code and two lines only.
const WIDE: f32 = 50.0;
const HIGH: f32 = 24.0;

impl InventoryLabel {
    pub fn card(&self, (width, height): (f32, f32)) -> Card {
        let module = self.bar_module(width);
        match module {
            Some(module) if width >= WIDE && height >= HIGH => self.with_bars(width, height, module),
            _ => self.with_matrix(width, height),
        }
    }

    /// The module at which the serial number's bars have room; `None` when they have none.
    fn bar_module(&self, width: f32) -> Option<f32> {
        let symbol = Symbol::encode(Kind::Code128, &self.serial).ok()?;
        let module = (width / (modules(symbol.width) + 2.0 * BARS_QUIET)).min(LARGEST_MODULE);
        (module >= SMALLEST_MODULE).then_some(module)
    }

    /// Lines and a small matrix code above, bars over the width below.
    fn with_bars(&self, width: f32, height: f32, module: f32) -> Card {
        let mut card = Card::new(width, height);
        let bar_height = (height * 0.28).clamp(7.0, 12.0);
        let bars_top = height - MARGIN - 3.4 - bar_height;
        let side = self.matrix(&mut card, bars_top - 1.0, false);
        let text_room = width - 2.0 * MARGIN - side;
        let line = (bars_top - MARGIN) / 3.3;
        let size = line.min(3.6);
        let mut y = MARGIN + size;
        card.bold((MARGIN, y), fitted(&self.school, size, text_room), Align::Left, &self.school);
        for text in [Some(&self.model), self.asset_tag.as_ref()].into_iter().flatten() {
            y += line;
            card.text((MARGIN, y), fitted(text, size * 0.85, text_room), Align::Left, text);
        }
        let bars = self.bars_width(module);
        let drawn = card.bars(((width - bars) / 2.0, bars_top), module, bar_height, &self.serial);
        let caption = format!("S/N {}", self.serial);
        let room = if drawn > 0.0 { width - 2.0 * MARGIN } else { text_room };
        card.bold((width / 2.0, height - MARGIN - 0.4), fitted(&caption, 2.9, room), Align::Middle, &caption);
        card
    }

    fn bars_width(&self, module: f32) -> f32 {
        Symbol::encode(Kind::Code128, &self.serial).map_or(0.0, |symbol| modules(symbol.width) * module)
    }

    /// A matrix code at the left, lines beside it.
    fn with_matrix(&self, width: f32, height: f32) -> Card {
        let mut card = Card::new(width, height);
        let side = self.matrix(&mut card, height, true);
        let left = MARGIN.max(side + 0.5);
        let room = width - left - MARGIN;
        let lines: Vec<(&str, bool)> = [
            Some((self.serial.as_str(), true)),
            Some((self.school.as_str(), false)),
            self.asset_tag.as_deref().map(|tag| (tag, false)),
            (height >= HIGH * 0.8).then_some((self.model.as_str(), false)),
        ]
        .into_iter()
        .flatten()
        .collect();
        let line = (height - 2.0 * MARGIN) / modules(lines.len());
        let size = (line * 0.8).min(3.2);
        let mut y = MARGIN + size;
        for (text, bold) in lines {
            let fit = fitted(text, size, room);
            if bold {
                card.bold((left, y), fit, Align::Left, text);
            } else {
                card.text((left, y), fit, Align::Left, text);
            }
            y += line;
        }
        card
    }

    /// Places the matrix code within `height` at the left or the right edge and answers the
    /// width it takes with its quiet zone; 0 when the serial number cannot be one.
    fn matrix(&self, card: &mut Card, height: f32, at_left: bool) -> f32 {
        let Ok(symbol) = Symbol::encode(Kind::DataMatrix, &self.serial) else { return 0.0 };
        let whole = modules(symbol.width) + 2.0 * MATRIX_QUIET;
        let widest = card.width * 0.42;
        let module = (height.min(widest) / whole).min(0.6);
        if module < SMALLEST_MODULE {
            return 0.0;
        }
        let side = whole * module;
        let quiet = MATRIX_QUIET * module;
        let x = if at_left { quiet } else { card.width - side + quiet };
        let y = if at_left { (height - side) / 2.0 + quiet } else { quiet };
        if card.matrix(Kind::DataMatrix, (x, y), module, &self.serial) > 0.0 { side } else { 0.0 }
    }
}

#[expect(clippy::as_conversions, reason = "a few hundred at most")]
fn modules(count: usize) -> f32 {
    count as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::printing::card::{Item, PlacedText};
    use crate::printing::grids::{GRIDS, Holds};

    fn labels() -> Vec<InventoryLabel> {
        let label = |school: &str, serial: &str, tag: Option<&str>| InventoryLabel {
            school: school.into(),
            model: "HP ProBook x360 11 G5 Education Edition".into(),
            serial: serial.into(),
            asset_tag: tag.map(Into::into),
        };
        vec![
            label("Lycée Jeanne-des-Bois", "5CD030BC10", Some("GE-2026-004711")),
            label("Lycée général et technologique Marie-Louise-des-Grandes-Prairies", "PF52WT0D", None),
            label("L", "ABCDEFGHIJKLMNOPQRSTUVWX", Some("1")),
            label("Lycée", "FAKE123", Some("INV 12")),
        ]
    }

    fn extent(text: &PlacedText) -> (f32, f32, f32, f32) {
        let width = modules(text.text.chars().count()) * 0.68 * text.size;
        let left = match text.align {
            Align::Left => text.x,
            Align::Middle => text.x - width / 2.0,
            Align::Right => text.x - width,
        };
        (left, text.y - text.size * 0.75, left + width, text.y + text.size * 0.22)
    }

    #[test]
    fn nothing_overhangs_on_any_sheet_and_codes_keep_their_quiet_zone() {
        for grid in GRIDS.iter().filter(|grid| grid.holds == Holds::Labels) {
            for label in labels() {
                let card = label.card(grid.label);
                let mut boxes = Vec::new();
                for code in card.codes() {
                    assert!(code.module >= SMALLEST_MODULE, "{} {label:?} {}", grid.code, code.module);
                    let (across, down) = if code.symbol.height == 1 {
                        (BARS_QUIET, 0.0)
                    } else {
                        (MATRIX_QUIET, MATRIX_QUIET)
                    };
                    let (across, down) = (across * code.module - 0.01, down * code.module - 0.01);
                    boxes.push((
                        code.x - across,
                        code.y - down.max(0.0),
                        code.x + code.width() + across,
                        code.y + code.height + down.max(0.0),
                    ));
                }
                assert!(!boxes.is_empty(), "{} has no code for {label:?}", grid.code);
                let texts = card.items.iter().filter_map(|item| match item {
                    Item::Text(text) => Some(extent(text)),
                    _ => None,
                });
                boxes.extend(texts);
                for (i, a) in boxes.iter().enumerate() {
                    let inside =
                        a.0 >= -0.01 && a.1 >= -0.01 && a.2 <= card.width + 0.01 && a.3 <= card.height + 0.01;
                    assert!(inside, "{} {label:?} {a:?}", grid.code);
                    for b in boxes.iter().skip(i + 1) {
                        let apart =
                            a.2 <= b.0 + 0.02 || b.2 <= a.0 + 0.02 || a.3 <= b.1 + 0.02 || b.3 <= a.1 + 0.02;
                        assert!(apart, "{} {label:?} {a:?} {b:?}", grid.code);
                    }
                }
            }
        }
    }
}
