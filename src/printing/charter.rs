//! A charter in two copies, each with the pupil's name and a barcode that says which copy it is.

use super::card::{Align, Card, fitted};

/// What a pupil's charter says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CharterSheet {
    pub school: String,
    pub title: String,
    pub version: String,
    /// Paragraphs are parted by an empty line.
    pub body: String,
    /// Of a charter given as a PDF: this sheet heads it, and names it by its hash.
    pub pdf_sha256: Option<String>,
    pub kit: Vec<String>,
    /// As shown: `Lina MERCIER`.
    pub name: String,
    pub class: Option<String>,
    /// `CH` and ten characters.
    pub code: String,
}

/// Who keeps copy 1 and copy 2.
pub const COPIES: [(u8, &str); 2] = [(1, "gardé par le lycée"), (2, "gardé par la famille")];

const WIDTH: f32 = 190.0;
const HEIGHT: f32 = 40.0;
const MODULE: f32 = 0.33;
/// Room for a code of fourteen signs and its quiet zone.
const CODE_LEFT: f32 = 122.0;

impl CharterSheet {
    /// The text on the barcode of a copy.
    pub fn copy_code(&self, copy: u8) -> String {
        format!("{}-{copy}", self.code)
    }

    /// The head of a copy: all of it that a camera needs to see.
    pub fn head(&self, copy: u8, keeper: &str) -> Card {
        let mut card = Card::new(WIDTH, HEIGHT);
        let room = CODE_LEFT - 8.0;
        card.bold((0.0, 8.0), fitted(&self.title, 7.0, room), Align::Left, &self.title);
        card.text((0.0, 14.5), fitted(&self.school, 4.0, room), Align::Left, &self.school);
        let copy_line = format!("Exemplaire {copy} sur 2, {keeper}. Version {}.", self.version);
        card.text((0.0, 20.0), fitted(&copy_line, 3.4, room), Align::Left, &copy_line);
        let who = match &self.class {
            Some(class) => format!("{}, {class}", self.name),
            None => self.name.clone(),
        };
        card.bold((0.0, 31.0), fitted(&who, 5.6, room), Align::Left, &who);
        let code = self.copy_code(copy);
        let width = card.bars((CODE_LEFT, 4.0), MODULE, 14.0, &code);
        card.text((CODE_LEFT + width / 2.0, 21.8), 3.2, Align::Middle, &code);
        card
    }

    pub fn paragraphs(&self) -> impl Iterator<Item = &str> {
        self.body.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty())
    }
}
