//! A laptop's label as its maker prints it: serial number, part number and address side
//! by side, so that a desk is tried on what it will meet.

use super::card::{Align, Card};
use super::codes::Kind;

/// What a label says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// First word of the designation; decides the layout.
    pub maker: String,
    pub model: String,
    pub serial: String,
    pub part_number: String,
    /// With colons, as the delivery note has it.
    pub mac: Option<String>,
}

const WIDTH: f32 = 114.0;
const MODULE: f32 = 0.32;
/// Modules of a matrix code are larger: a camera needs more pixels of them.
const MATRIX_MODULE: f32 = 0.6;
const BAR_HEIGHT: f32 = 7.0;
/// Between codes: nineteen modules, twice the quiet zone.
const GAP: f32 = 6.0;
const MARGIN: f32 = 5.0;
/// Room for a caption whose code cannot be printed.
const MINIMUM: f32 = 30.0;

impl Label {
    pub fn card(&self) -> Card {
        match self.maker.to_ascii_lowercase().as_str() {
            "lenovo" => self.lenovo(),
            "dell" => self.dell(),
            maker => self.plain(maker == "hp"),
        }
    }

    /// HP, and makers whose layout we do not know: S/N beside P/N, the address below.
    fn plain(&self, with_matrix: bool) -> Card {
        let mut card = self.blank(34.0);
        let next = row(&mut card, 8.0, MARGIN, ("S/N", &self.serial));
        row(&mut card, 8.0, next, ("P/N", &self.part_number));
        if let Some(mac) = self.bare_mac() {
            row(&mut card, 21.5, MARGIN, ("MAC", &mac));
        }
        if with_matrix {
            card.matrix(Kind::DataMatrix, (96.0, 20.5), MATRIX_MODULE, &self.serial);
        }
        card
    }

    /// Lenovo: `1S`, machine type and model, serial number in one code and in a QR code; then each alone.
    fn lenovo(&self) -> Card {
        let mut card = self.blank(47.0);
        let whole = format!("1S{}{}", self.part_number, self.serial);
        row(&mut card, 8.0, MARGIN, ("1S MTM S/N", &whole));
        let next = row(&mut card, 21.5, MARGIN, ("S/N", &self.serial));
        row(&mut card, 21.5, next, ("MTM", &self.part_number));
        if let Some(mac) = self.bare_mac() {
            row(&mut card, 35.0, MARGIN, ("MAC", &mac));
        }
        card.matrix(Kind::QrCode, (95.0, 31.0), MATRIX_MODULE, &whole);
        card
    }

    /// Dell: the service tag and, beside it, the same as the Express Service Code.
    fn dell(&self) -> Card {
        let mut card = self.blank(34.0);
        let next = row(&mut card, 8.0, MARGIN, ("SVC TAG", &self.serial));
        if let Some(express) = express_code(&self.serial) {
            row(&mut card, 8.0, next, ("EXPRESS SVC CODE", &express));
        }
        let next = row(&mut card, 21.5, MARGIN, ("DP/N", &self.part_number));
        if let Some(mac) = self.bare_mac() {
            row(&mut card, 21.5, next, ("MAC", &mac));
        }
        card
    }

    fn blank(&self, height: f32) -> Card {
        let mut card = Card::new(WIDTH, height);
        card.frame();
        card.bold((MARGIN, 5.5), 3.2, Align::Left, &self.model);
        card
    }

    fn bare_mac(&self) -> Option<String> {
        let mac = self.mac.as_ref()?;
        Some(mac.chars().filter(char::is_ascii_hexdigit).collect()).filter(|bare: &String| bare.len() == 12)
    }
}

/// Places a code with its caption below and answers where the next may begin.
fn row(card: &mut Card, y: f32, x: f32, (caption, text): (&str, &str)) -> f32 {
    let width = card.bars((x, y), MODULE, BAR_HEIGHT, text);
    card.text((x, y + BAR_HEIGHT + 3.0), 2.5, Align::Left, &format!("{caption}: {text}"));
    x + width.max(MINIMUM) + GAP
}

/// The service tag read as a number in base 36; `None` when it is none, or is longer than a tag.
fn express_code(tag: &str) -> Option<String> {
    if tag.len() > 7 {
        return None;
    }
    u64::from_str_radix(tag, 36).ok().map(|number| number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(maker: &str, serial: &str, part_number: &str) -> Label {
        Label {
            maker: maker.into(),
            model: format!("{maker} essai"),
            serial: serial.into(),
            part_number: part_number.into(),
            mac: Some("02:57:99:00:09:8A".into()),
        }
    }

    #[test]
    fn each_maker_prints_its_own_texts() {
        let texts = |label: &Label| -> Vec<String> {
            label.card().codes().map(|code| code.symbol.text.clone()).collect()
        };
        let mac = "02579900098A";
        assert_eq!(
            texts(&label("HP", "5CD627HHP9", "9ZZ98EA#ABF")),
            ["5CD627HHP9", "9ZZ98EA#ABF", mac, "5CD627HHP9"]
        );
        let whole = "1S20ZZS00200PF52WT0D";
        assert_eq!(
            texts(&label("Lenovo", "PF52WT0D", "20ZZS00200")),
            [whole, "PF52WT0D", "20ZZS00200", mac, whole]
        );
        assert_eq!(texts(&label("Dell", "FAKE123", "0ZZ9Z9")), ["FAKE123", "33290643675", "0ZZ9Z9", mac]);
        assert_eq!(texts(&label("Acer", "NXZZZZF0010", "NX.ZZZZ")), ["NXZZZZF0010", "NX.ZZZZ", mac]);
    }

    #[test]
    fn nothing_hangs_over_the_edge_or_touches_its_neighbour() {
        for label in [
            label("HP", "5CD627HHP9", "9ZZ98EA#ABF"),
            label("Lenovo", "PF5XWTZD", "20ZZS0ZZZZ"),
            label("Dell", "ZZZZZZ9", "0ZZ9Z9"),
        ] {
            let card = label.card();
            let boxes: Vec<_> = card
                .codes()
                .map(|code| {
                    let quiet = 10.0 * MODULE;
                    (code.x - quiet, code.y, code.x + code.width() + quiet, code.y + code.height)
                })
                .collect();
            for (i, a) in boxes.iter().enumerate() {
                assert!(a.0 >= 0.0 && a.2 <= card.width && a.3 <= card.height, "{label:?} {a:?}");
                for b in boxes.iter().skip(i + 1) {
                    let apart = a.2 <= b.0 + 3.3 || b.2 <= a.0 + 3.3 || a.3 <= b.1 || b.3 <= a.1;
                    assert!(apart, "{label:?} {a:?} {b:?}");
                }
            }
        }
    }
}
