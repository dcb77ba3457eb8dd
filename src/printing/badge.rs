//! A pupil's badge, of the size of a bank card.

use super::card::{Align, Card, fitted};

/// What a badge says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Badge {
    pub school: String,
    /// The starting year.
    pub school_year: i32,
    pub last_name: String,
    pub first_name: String,
    pub class: Option<String>,
    pub code: String,
}

const WIDTH: f32 = 85.6;
const HEIGHT: f32 = 54.0;
const MARGIN: f32 = 5.0;
const MODULE: f32 = 0.36;

impl Badge {
    pub fn card(&self) -> Card {
        let mut card = Card::new(WIDTH, HEIGHT);
        card.frame();
        let year = format!("{} – {}", self.school_year, self.school_year + 1);
        card.text((MARGIN, 8.0), fitted(&self.school, 3.2, 55.0), Align::Left, &self.school);
        card.text((MARGIN, 50.0), 2.8, Align::Left, &year);
        if let Some(class) = &self.class {
            card.bold((WIDTH - MARGIN, 10.0), fitted(class, 6.0, 24.0), Align::Right, class);
        }
        let last_name = self.last_name.to_uppercase();
        let room = WIDTH - 2.0 * MARGIN;
        card.bold((MARGIN, 17.0), fitted(&last_name, 5.2, room), Align::Left, &last_name);
        card.text((MARGIN, 23.0), fitted(&self.first_name, 4.6, room), Align::Left, &self.first_name);
        let width = card.bars((0.0, 28.0), MODULE, 14.0, &self.code);
        center_last_code(&mut card, width);
        card.text((WIDTH / 2.0, 45.8), 3.0, Align::Middle, &self.code);
        card
    }
}

fn center_last_code(card: &mut Card, width: f32) {
    let left = (card.width - width) / 2.0;
    if let Some(super::card::Item::Code(code)) = card.items.last_mut() {
        code.x = left;
    }
}
