//! Invented guardians: most pupils have two, some one, some nobody whom the school knows of, and
//! not everybody has left a number. Numbers are of the ranges that ARCEP keeps for fiction.

use super::chance::Chance;
use super::people::{POST_BAC, Pupil};
use crate::db::demo as rows;
use domain::names::search_key;

/// A guardian, with what the office calls them by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guardian {
    pub eleve_id: String,
    pub last_name: String,
    pub first_name: &'static str,
    pub relationship: &'static str,
    pub is_legal: bool,
    pub phone: Option<String>,
    pub email: Option<String>,
}

impl Guardian {
    pub(super) fn row(&self) -> rows::Guardian<'_> {
        rows::Guardian {
            eleve_id: &self.eleve_id,
            last_name: &self.last_name,
            first_name: self.first_name,
            relationship: self.relationship,
            is_legal: self.is_legal,
            phone: self.phone.as_deref(),
            email: self.email.as_deref(),
        }
    }
}

/// Those of every pupil who is still there and no adult; the same at each call.
pub fn invent(pupils: &[Pupil]) -> Vec<Guardian> {
    let mut chance = Chance::of("guardians");
    let mut guardians = Vec::new();
    let mut place = 0;
    let mut class = "";
    for pupil in pupils {
        place = if pupil.class == class { place + 1 } else { 0 };
        class = pupil.class;
        if pupil.left_on.is_some() || class == POST_BAC || place % NOBODY_EVERY == 0 {
            continue;
        }
        let mother = guardian(pupil, "mère", chance.pick(&MOTHERS), &mut chance);
        guardians.push(mother);
        match chance.below(10) {
            // One parent; or a grandmother beside, who is called and signs nothing.
            0..=2 => {}
            3 => {
                let other = guardian(pupil, "grand-mère", chance.pick(&GRANDMOTHERS), &mut chance);
                guardians.push(Guardian { is_legal: false, ..other });
            }
            _ => guardians.push(guardian(pupil, "père", chance.pick(&FATHERS), &mut chance)),
        }
    }
    guardians
}

/// In a class the first pupil and each eleventh after: their families have not filled in the form.
const NOBODY_EVERY: usize = 11;

fn guardian(
    pupil: &Pupil,
    relationship: &'static str,
    first_name: &'static str,
    chance: &mut Chance,
) -> Guardian {
    let last_name = pupil.last_name.clone();
    let phone = match chance.below(20) {
        0..=1 => None,
        2..=4 => Some(number("03 53 01", chance)),
        _ => Some(number("06 39 98", chance)),
    };
    let address = format!("{first_name} {last_name}");
    let email =
        (chance.below(10) < 7).then(|| format!("{}@example.org", search_key(&address).replace(' ', ".")));
    Guardian {
        eleve_id: pupil.eleve_id.clone(),
        last_name,
        first_name,
        relationship,
        is_legal: true,
        phone,
        email,
    }
}

fn number(range: &str, chance: &mut Chance) -> String {
    format!("{range} {:02} {:02}", chance.below(100), chance.below(100))
}

const MOTHERS: [&str; 12] = [
    "Awa",
    "Béatrice",
    "Carole",
    "Delphine",
    "Fatou",
    "Isabelle",
    "Latifa",
    "Nadège",
    "Sabine",
    "Sylvie",
    "Valérie",
    "Zineb",
];

const FATHERS: [&str; 12] = [
    "Bruno",
    "Cédric",
    "Denis",
    "Farid",
    "Frédéric",
    "Laurent",
    "Mamadou",
    "Olivier",
    "Pascal",
    "Rachid",
    "Thierry",
    "Yann",
];

const GRANDMOTHERS: [&str; 4] = ["Huguette", "Khadija", "Monique", "Rolande"];
