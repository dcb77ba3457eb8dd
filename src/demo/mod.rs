//! A school to try Remise on, invented to the last name: the same pupils, laptops and codes each time.
//!
//! - [`people`], [`guardians`], [`laptops`]: who and what there is, without any I/O
//! - [`files`]: the same as the files a school would import
//! - [`cases`]: pupils and laptops worth showing to a desk, named for tests and tours
//! - [`seed`]: takes all of it into a database; [`day`] prepares its distribution
//! - [`frames`]: what a camera would see of its papers

pub mod cases;
mod chance;
mod day;
mod files;
pub mod frames;
pub mod guardians;
pub mod laptops;
pub mod people;
mod seed;

pub use cases::Cases;
pub use seed::{Seeded, seed};

use domain::roles::Role;
use laptops::Note;
use people::Pupil;

pub const UAI: &str = "0579999J";
pub const NAME: &str = "Lycée Jeanne-des-Bois";
/// The starting year.
pub const SCHOOL_YEAR: i32 = 2026;
const KIT: [&str; 2] = ["Chargeur", "Housse"];
const CHARTER: &str = include_str!("charte.txt");

/// Who may log in: name, password, role. The last is of the Région, hence of no school.
pub const LOGINS: [(&str, &str, Role); 4] = [
    ("accueil", "accueil-2026", Role::Operator),
    ("referent", "referent-2026", Role::Manager),
    ("proviseur", "proviseur-2026", Role::Head),
    ("region", "region-2026", Role::Region),
];

/// The school on paper.
#[derive(Debug, Clone)]
pub struct School {
    pub pupils: Vec<Pupil>,
    pub notes: Vec<Note>,
}

impl School {
    /// The same at each call.
    pub fn invent() -> Self {
        let pupils = people::invent();
        let entitled = pupils.iter().filter(|pupil| pupil.sheet.is_some() && pupil.left_on.is_none()).count();
        Self { notes: laptops::invent(entitled), pupils }
    }
}
