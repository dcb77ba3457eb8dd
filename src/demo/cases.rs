//! Pupils and laptops worth showing to a desk. Codes are texts as scanned.

use super::School;
use super::laptops::{Laptop, Note};
use super::people::Pupil;
use domain::devices::DeviceState;
use domain::names::display_name;
use serde::Serialize;

/// A pupil and what the pupil brings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PupilCodes {
    pub name: String,
    pub class: String,
    /// Absent when the pupil has lost it.
    pub badge: Option<String>,
    /// Copies 1 and 2 of the charter; absent when not entitled.
    pub charter: Option<[String; 2]>,
}

/// A laptop and what its label says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LaptopCodes {
    pub maker: String,
    pub serial: String,
    /// The label's first code: the serial number, or a text that holds it.
    pub label: String,
    /// As the delivery note designates it.
    pub model: String,
    pub part_number: String,
    pub mac: String,
}

/// A pupil and a laptop that nothing keeps apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pair {
    pub pupil: PupilCodes,
    pub laptop: LaptopCodes,
}

/// What the demo school has to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cases {
    /// Waits for badge, laptop and both copies; one pair of each maker in turn.
    pub ready: Vec<Pair>,
    /// The charter was taken in before: badge and laptop suffice.
    pub charter_on_file: Vec<Pair>,
    /// One copy of two was brought.
    pub half_charter: Vec<PupilCodes>,
    /// Hold the laptop beside them since the seeding.
    pub equipped: Vec<Pair>,
    pub without_badge: Vec<PupilCodes>,
    pub left: Vec<PupilCodes>,
    /// Of the post-bac class.
    pub not_entitled: Vec<PupilCodes>,
    /// Two pupils of one name.
    pub namesakes: Vec<PupilCodes>,
    pub reserve: Vec<LaptopCodes>,
    pub in_repair: Vec<LaptopCodes>,
    /// Labels of another school's laptops.
    pub foreign: Vec<LaptopCodes>,
}

/// Pupils of the first class who hold their laptop already.
pub(super) const EQUIPPED: usize = 18;

impl School {
    /// The cases of this school.
    pub fn cases(&self) -> Cases {
        let class = |code: &'static str| move |pupil: &&Pupil| pupil.class == code;
        let present = |pupil: &&Pupil| pupil.left_on.is_none() && pupil.badge.is_some();
        let pupils = |wanted: &dyn Fn(&&Pupil) -> bool| -> Vec<PupilCodes> {
            self.pupils.iter().filter(wanted).map(PupilCodes::of).collect()
        };
        let unsigned = |p: &&Pupil| class("2GT2")(p) && present(p) && p.receipt.is_none();
        let mut free = self.free().skip(EQUIPPED);
        let mut pair = |pupils: Vec<PupilCodes>| -> Vec<Pair> {
            pupils.into_iter().zip(&mut free).take(15).map(|(pupil, laptop)| Pair { pupil, laptop }).collect()
        };
        Cases {
            ready: pair(pupils(&unsigned)),
            charter_on_file: pair(pupils(&|p| class("2GT3")(p) && present(p))),
            equipped: self.equipped(),
            half_charter: pupils(&|p| p.receipt == Some((1, 1)) && present(p)),
            without_badge: pupils(&|p| p.badge.is_none()),
            left: pupils(&|p| p.left_on.is_some()),
            not_entitled: pupils(&|p| p.sheet.is_none()),
            namesakes: pupils(&|p| p.last_name == "Valombre"),
            reserve: self.laptops_in(DeviceState::Reserve),
            in_repair: self.laptops_in(DeviceState::InRepair),
            foreign: foreign(),
        }
    }

    /// Pupils of the first class who have a badge and left with the first laptops, in order.
    pub(super) fn equipped(&self) -> Vec<Pair> {
        self.pupils
            .iter()
            .take(EQUIPPED)
            .map(PupilCodes::of)
            .zip(self.free())
            .map(|(pupil, laptop)| Pair { pupil, laptop })
            .collect()
    }

    /// Laptops in stock, one of each maker in turn.
    fn free(&self) -> impl Iterator<Item = LaptopCodes> {
        let longest = self.notes.iter().map(|note| note.laptops.len()).max().unwrap_or(0);
        (0..longest).flat_map(|place| {
            self.notes.iter().filter_map(move |note| {
                let laptop = note.laptops.get(place)?;
                (laptop.state == DeviceState::InStock).then(|| LaptopCodes::of(note, laptop))
            })
        })
    }

    fn laptops_in(&self, state: DeviceState) -> Vec<LaptopCodes> {
        self.notes
            .iter()
            .flat_map(|note| note.laptops.iter().map(move |laptop| (note, laptop)))
            .filter(|(_, laptop)| laptop.state == state)
            .map(|(note, laptop)| LaptopCodes::of(note, laptop))
            .collect()
    }
}

impl PupilCodes {
    pub fn of(pupil: &Pupil) -> Self {
        let copies = |sheet: &String| [format!("{sheet}-1"), format!("{sheet}-2")];
        Self {
            name: display_name(pupil.first_name, &pupil.last_name),
            class: pupil.class.to_owned(),
            badge: pupil.badge.clone(),
            charter: pupil.sheet.as_ref().map(copies),
        }
    }
}

impl LaptopCodes {
    pub fn of(note: &Note, laptop: &Laptop) -> Self {
        Self {
            maker: note.designation.split_whitespace().next().unwrap_or("").to_owned(),
            serial: laptop.serial.clone(),
            label: note.maker.label(note.part_number, &laptop.serial),
            model: note.designation.to_owned(),
            part_number: note.part_number.to_owned(),
            mac: laptop.mac.clone(),
        }
    }
}

fn foreign() -> Vec<LaptopCodes> {
    let hp = |serial: &str, mac: &str| LaptopCodes {
        maker: "HP".into(),
        serial: serial.into(),
        label: serial.into(),
        model: "HP ProBook x360 11 G7 EE".into(),
        part_number: "9ZZ98EA#ABF".into(),
        mac: mac.into(),
    };
    vec![hp("5CD61900ZZ", "02:57:98:00:00:01"), hp("5CD61900ZX", "02:57:98:00:00:02")]
}
