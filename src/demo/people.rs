//! Invented pupils: names made by combining lists, so that nobody is meant.

use super::chance::Chance;
use chrono::NaiveDate;
use domain::identifiers::crockford10;
use std::collections::HashSet;

/// A pupil of the demo school.
#[derive(Debug, Clone)]
pub struct Pupil {
    pub eleve_id: String,
    /// Absent for a newcomer.
    pub ine: Option<String>,
    pub last_name: String,
    pub first_name: &'static str,
    pub birth_date: NaiveDate,
    pub class: &'static str,
    pub mef: &'static str,
    /// A group beside the class, as SIECLE names one.
    pub group: Option<&'static str>,
    pub left_on: Option<NaiveDate>,
    /// What the badge says; absent when the pupil has lost it.
    pub badge: Option<String>,
    /// `CH` and ten characters, on both copies of the charter; absent when not entitled.
    pub sheet: Option<String>,
    /// Signed copies shown and kept before the day, if any.
    pub receipt: Option<(i16, i16)>,
}

/// Code, MEF, year of birth of most, pupils.
const CLASSES: [(&str, &str, i32, usize); 24] = [
    ("2GT1", SECONDE, 2011, 31),
    ("2GT2", SECONDE, 2011, 31),
    ("2GT3", SECONDE, 2011, 31),
    ("2GT4", SECONDE, 2011, 31),
    ("2GT5", SECONDE, 2011, 31),
    ("2GT6", SECONDE, 2011, 31),
    ("1G1", PREMIERE, 2010, 29),
    ("1G2", PREMIERE, 2010, 29),
    ("1G3", PREMIERE, 2010, 29),
    ("1G4", PREMIERE, 2010, 29),
    ("1STMG1", "21110017110", 2010, 26),
    ("1STMG2", "21110017110", 2010, 26),
    ("TG1", TERMINALE, 2009, 28),
    ("TG2", TERMINALE, 2009, 28),
    ("TG3", TERMINALE, 2009, 28),
    ("TG4", TERMINALE, 2009, 28),
    ("TSTMG1", "21210017110", 2009, 24),
    ("TSTMG2", "21210017110", 2009, 24),
    ("2PRO", "24731211310", 2011, 22),
    ("1PRO", "24731211320", 2010, 20),
    ("TPRO", "24731211330", 2009, 18),
    ("3PM", "10310031110", 2012, 14),
    ("CAP1", "24133411210", 2011, 12),
    (POST_BAC, "31131409210", 2008, 20),
];
const SECONDE: &str = "20010018110";
const PREMIERE: &str = "20110019110";
const TERMINALE: &str = "20210019110";
/// The class that gets no laptops.
pub(super) const POST_BAC: &str = "BTS1";
/// Classes whose pupils come to the room as a whole; the first has begun.
pub(super) const ENTRY_CLASSES: [&str; 9] =
    ["2GT1", "2GT2", "2GT3", "2GT4", "2GT5", "2GT6", "2PRO", "3PM", "CAP1"];

impl Pupil {
    /// In a class that has been equipped for years, without a national number yet.
    pub fn is_newcomer(&self) -> bool {
        self.ine.is_none() && self.sheet.is_some() && !ENTRY_CLASSES.contains(&self.class)
    }
}

/// Every pupil, class by class; the same at each call.
pub fn invent() -> Vec<Pupil> {
    let mut names = Names::default();
    let mut chance = Chance::of("pupils");
    let (mut badges, mut sheets) = (Chance::of("badges"), Chance::of("sheets"));
    let mut pupils = Vec::new();
    for (class, mef, year, size) in CLASSES {
        for place in 0..size {
            let number = pupils.len() + 1;
            let (first_name, last_name) = names.next();
            let badge = format!("EL{}", crockford10(badges.bits()));
            let sheet = format!("CH{}", crockford10(sheets.bits()));
            pupils.push(Pupil {
                eleve_id: format!("99{:05}", 20_000 + number),
                ine: (place != 7).then(|| ine(number, &mut chance)),
                last_name,
                first_name,
                birth_date: birth_date(year, &mut chance),
                class,
                mef,
                group: group(class, place),
                left_on: left_on(class, place),
                badge: (!lost_badge(class, place)).then_some(badge),
                sheet: (class != POST_BAC).then_some(sheet),
                receipt: receipt(class, place),
            });
        }
    }
    pupils
}

fn ine(number: usize, chance: &mut Chance) -> String {
    format!("98{number:07}{}", chance.text(b"ABCDEFGHJK", 2))
}

fn birth_date(year: i32, chance: &mut Chance) -> NaiveDate {
    let days = u64::try_from(chance.below(365)).unwrap_or(0);
    let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
    first.checked_add_days(chrono::Days::new(days)).unwrap_or(first)
}

fn group(class: &str, place: usize) -> Option<&'static str> {
    match (class, place) {
        ("2GT5", 3 | 4) => Some("ULIS"),
        ("3PM", 2) => Some("UPE2A"),
        _ => None,
    }
}

/// Leavers stay in SIECLE's list, often still in a class.
fn left_on(class: &str, place: usize) -> Option<NaiveDate> {
    match (class, place) {
        ("2GT2", 10) | ("TG1", 5) => NaiveDate::from_ymd_opt(2025, 7, 4),
        _ => None,
    }
}

fn lost_badge(class: &str, place: usize) -> bool {
    matches!((class, place), ("2GT2", 9) | ("1G3", 4) | ("TG2", 11) | ("TPRO", 2) | ("CAP1", 6))
}

/// Charters taken in ahead of the day: two classes, the half of two others, and three
/// pupils who brought one copy of the two.
fn receipt(class: &str, place: usize) -> Option<(i16, i16)> {
    match (class, place) {
        ("2GT4", 1 | 2) | ("TPRO", 5) => Some((1, 1)),
        ("2GT1" | "2GT3", _) => Some((2, 1)),
        ("2GT4" | "TPRO", place) if place % 2 == 0 => Some((2, 1)),
        _ => None,
    }
}

#[derive(Default)]
struct Names {
    given: usize,
    used: HashSet<(&'static str, String)>,
}

impl Names {
    /// A first and a family name that no pupil before has, but for one pair of namesakes.
    fn next(&mut self) -> (&'static str, String) {
        self.given += 1;
        match self.given {
            3 => return ("Maël-Noé", "D'Œstrange-Lesœur".into()),
            8 | 470 => return ("Camille", "Valombre".into()),
            _ => {}
        }
        let mut chance = Chance::of(&format!("name {}", self.given));
        loop {
            let last = format!("{}{}", chance.pick(&FAMILY_STARTS), chance.pick(&FAMILY_ENDS));
            let name = (chance.pick(&FIRST_NAMES), last);
            if self.used.insert(name.clone()) {
                return name;
            }
        }
    }
}

const FIRST_NAMES: [&str; 72] = [
    "Adèle",
    "Aïcha",
    "Alban",
    "Alix",
    "Amine",
    "Anaïs",
    "Anatole",
    "Anouk",
    "Armand",
    "Assia",
    "Aurèle",
    "Axelle",
    "Basile",
    "Blanche",
    "Brice",
    "Candice",
    "Céleste",
    "Charly",
    "Chloé",
    "Clélia",
    "Côme",
    "Constance",
    "Cyprien",
    "Dalia",
    "Diane",
    "Dorian",
    "Eliott",
    "Éloïse",
    "Elsa",
    "Émile",
    "Esteban",
    "Fanny",
    "Félix",
    "Flavie",
    "Gabin",
    "Garance",
    "Gaspard",
    "Hélène",
    "Hugo",
    "Inès",
    "Isaac",
    "Jade",
    "Joachim",
    "Jules",
    "Justine",
    "Karim",
    "Léonie",
    "Lilou",
    "Lina",
    "Loïc",
    "Louane",
    "Maëlys",
    "Malik",
    "Manon",
    "Marius",
    "Mathis",
    "Naël",
    "Naïma",
    "Noémie",
    "Nolan",
    "Océane",
    "Octave",
    "Ousmane",
    "Perrine",
    "Rayan",
    "Romane",
    "Sacha",
    "Salomé",
    "Théa",
    "Tristan",
    "Yasmine",
    "Zoé",
];

const FAMILY_STARTS: [&str; 32] = [
    "Aigue", "Ambre", "Arde", "Aube", "Belle", "Brune", "Chante", "Clair", "Combe", "Corne", "Dame", "Épine",
    "Fosse", "Grand", "Haute", "Lande", "Longue", "Male", "Merle", "Mire", "Noire", "Orme", "Perle",
    "Plaine", "Quatre", "Roche", "Sainte", "Sombre", "Tourne", "Vaude", "Verte", "Vigne",
];

const FAMILY_ENDS: [&str; 28] = [
    "bise", "bois", "brume", "chêne", "clos", "combe", "croix", "dieu", "faîne", "feuille", "fleur", "gelée",
    "grive", "lac", "lune", "mare", "mousse", "neige", "onde", "pierre", "plume", "pré", "rive", "sauge",
    "seuil", "tuile", "vent", "voûte",
];
