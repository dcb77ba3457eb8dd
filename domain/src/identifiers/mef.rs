//! The code of what a pupil is taught.

use super::{IdentifierError, text_identifier};
use serde::{Deserialize, Serialize};
use std::fmt;

text_identifier!(
    /// Module élémentaire de formation: ten characters of the national nomenclature (BCN `N_MEF`) and one
    /// of the académie's or the school's own, which is mostly 0. Dispositif (3), formation (5), duration
    /// in years (1), year (1), local (1).
    Mef
);

impl Mef {
    /// Upper-cases and trims. Formation and local character may be letters (`1001000B11A`).
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let mef = text.trim().to_ascii_uppercase();
        if mef.is_empty() {
            return Err(IdentifierError::Empty);
        }
        let shaped = mef.len() == 11
            && mef.bytes().enumerate().all(|(place, b)| match place {
                0..=2 | 8 | 9 => b.is_ascii_digit(),
                _ => b.is_ascii_digit() || b.is_ascii_uppercase(),
            });
        if shaped {
            Ok(Self(mef))
        } else {
            Err(IdentifierError::Shape { expected: "11 caractères (par exemple 20010018110)" })
        }
    }

    /// The ten characters of the national nomenclature.
    pub fn national(&self) -> &str {
        self.part(0, 10)
    }

    /// What leads to a diploma or level, in three digits: 200 seconde, 247 bac pro…
    pub fn dispositif(&self) -> &str {
        self.part(0, 3)
    }

    /// The speciality, in five characters.
    pub fn formation(&self) -> &str {
        self.part(3, 8)
    }

    /// Years that it lasts.
    pub fn duration(&self) -> u8 {
        self.part(8, 9).parse().unwrap_or(0)
    }

    /// Which of these years.
    pub fn year(&self) -> u8 {
        self.part(9, 10).parse().unwrap_or(0)
    }

    /// 0 unless the académie or the school has made a variant.
    pub fn local(&self) -> &str {
        self.part(10, 11)
    }

    fn part(&self, from: usize, to: usize) -> &str {
        self.0.get(from..to).unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts() {
        for (text, dispositif, formation, duration, year, local) in [
            ("20010018110", "200", "10018", 1, 1, "0"),
            (" 1001000b11a", "100", "1000B", 1, 1, "A"),
            ("24122135210", "241", "22135", 2, 1, "0"),
            ("31131213210", "311", "31213", 2, 1, "0"),
        ] {
            let mef = Mef::parse(text).unwrap();
            let told = (mef.dispositif(), mef.formation(), mef.duration(), mef.year(), mef.local());
            assert_eq!(told, (dispositif, formation, duration, year, local), "{text}");
            assert_eq!(format!("{}{local}", mef.national()), mef.as_str());
        }
    }

    #[test]
    fn what_is_no_mef() {
        for text in
            ["", "2001001811", "200100181100", "2O010018110", "20010018é1", "2001001811 0", "20010018A10"]
        {
            assert!(Mef::parse(text).is_err(), "{text}");
        }
    }
}
