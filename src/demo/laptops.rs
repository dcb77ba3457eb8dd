//! Invented laptops: serial numbers as each maker's labels have them, on three delivery notes.

use super::chance::Chance;
use chrono::NaiveDate;
use domain::devices::DeviceState;
use std::collections::HashSet;

/// The three makers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Maker {
    Hp,
    Lenovo,
    Dell,
}

/// A delivery note: one maker's laptops.
#[derive(Debug, Clone)]
pub struct Note {
    pub number: &'static str,
    pub order: &'static str,
    pub delivered_on: NaiveDate,
    pub maker: Maker,
    pub part_number: &'static str,
    pub designation: &'static str,
    pub laptops: Vec<Laptop>,
}

/// A laptop of the demo school.
#[derive(Debug, Clone)]
pub struct Laptop {
    pub serial: String,
    /// Locally administered, so that it is nobody's.
    pub mac: String,
    /// Where the school has put it after delivery.
    pub state: DeviceState,
}

/// Of the entitled headcount, in percent.
pub const RESERVE_PERCENT: usize = 3;

/// The notes with their laptops; the same at each call. `entitled` sizes the reserve.
pub fn invent(entitled: usize) -> Vec<Note> {
    let day = |day| NaiveDate::from_ymd_opt(2026, 8, day).unwrap_or_default();
    let note = |number, order, delivered_on, maker, part_number, designation| Note {
        number,
        order,
        delivered_on,
        maker,
        part_number,
        designation,
        laptops: Vec::new(),
    };
    let mut notes = vec![
        note(
            "BL2026-104417",
            "CDE-2026-00731",
            day(20),
            Maker::Hp,
            "9ZZ98EA#ABF",
            "HP ProBook x360 11 G7 EE",
        ),
        note("BL2026-104552", "CDE-2026-00731", day(24), Maker::Lenovo, "20ZZS00200", "Lenovo 300w Yoga G4"),
        note("BL2026-104603", "CDE-2026-00732", day(26), Maker::Dell, "0ZZ9Z9", "Dell Latitude 3140"),
    ];
    let mut chance = Chance::of("laptops");
    let mut used = HashSet::new();
    let mut number = 0;
    for (note, count) in notes.iter_mut().zip([320, 200, 130]) {
        while note.laptops.len() < count {
            let serial = serial(note.maker, &mut chance);
            if used.insert(serial.clone()) {
                number += 1;
                let mac =
                    format!("02:57:99:{:02X}:{:02X}:{:02X}", number / 256, number % 256, chance.below(256));
                note.laptops.push(Laptop { serial, mac, state: DeviceState::InStock });
            }
        }
    }
    put_away(&mut notes, (entitled * RESERVE_PERCENT).div_ceil(100));
    notes
}

/// Makers leave out vowels and what resembles a digit.
const LETTERS: &[u8] = b"BCDFGHJKLMNPQRTVWXYZ";
const SIGNS: &[u8] = b"0123456789BCDFGHJKLMNPQRTVWXYZ";

fn serial(maker: Maker, chance: &mut Chance) -> String {
    match maker {
        // Country and site, year digit, week, identity.
        Maker::Hp => format!("5CD6{:02}{}", 20 + chance.below(8), chance.text(SIGNS, 4)),
        Maker::Lenovo => format!("PF5{}", chance.text(SIGNS, 5)),
        // A letter and a digit at least, and no leading zero: the tag must come back from its Express Code.
        Maker::Dell => {
            format!("{}{}{}", chance.text(LETTERS, 1), chance.text(SIGNS, 5), chance.text(b"123456789", 1))
        }
    }
}

/// The reserve in equal parts of each maker, taken from the last boxes; two laptops in
/// repair, one waiting for it, one lost.
fn put_away(notes: &mut [Note], reserve: usize) {
    let makers = notes.len().max(1);
    for note in notes.iter_mut() {
        for laptop in note.laptops.iter_mut().rev().take(reserve / makers) {
            laptop.state = DeviceState::Reserve;
        }
    }
    let away = [DeviceState::InRepair, DeviceState::InRepair, DeviceState::AwaitingRepair, DeviceState::Lost];
    for (laptop, state) in notes.iter_mut().flat_map(|note| note.laptops.iter_mut().skip(100)).zip(away) {
        laptop.state = state;
    }
}

impl Maker {
    /// What the label's first code says of a laptop.
    pub fn label(self, part_number: &str, serial: &str) -> String {
        match self {
            Maker::Hp | Maker::Dell => serial.to_owned(),
            Maker::Lenovo => format!("1S{part_number}{serial}"),
        }
    }
}
