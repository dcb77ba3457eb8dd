//! Bars and spaces of the linear symbologies, in modules: what [`crate::matched`] compares a
//! blurred line with. Tables: ISO/IEC 15417 (Code 128), 16388 (Code 39), 15420 (EAN), 16390 (ITF).

use crate::Symbology;

/// Six widths of each character, one digit a bar or space; the last three are the starts.
const CODE_128: [u32; 106] = [
    212_222, 222_122, 222_221, 121_223, 121_322, 131_222, 122_213, 122_312, 132_212, 221_213, 221_312,
    231_212, 112_232, 122_132, 122_231, 113_222, 123_122, 123_221, 223_211, 221_132, 221_231, 213_212,
    223_112, 312_131, 311_222, 321_122, 321_221, 312_212, 322_112, 322_211, 212_123, 212_321, 232_121,
    111_323, 131_123, 131_321, 112_313, 132_113, 132_311, 211_313, 231_113, 231_311, 112_133, 112_331,
    132_131, 113_123, 113_321, 133_121, 313_121, 211_331, 231_131, 213_113, 213_311, 213_131, 311_123,
    311_321, 331_121, 312_113, 312_311, 332_111, 314_111, 221_411, 431_111, 111_224, 111_422, 121_124,
    121_421, 141_122, 141_221, 112_214, 112_412, 122_114, 122_411, 142_112, 142_211, 241_211, 221_114,
    413_111, 241_112, 134_111, 111_242, 121_142, 121_241, 114_212, 124_112, 124_211, 411_212, 421_112,
    421_211, 212_141, 214_121, 412_121, 111_143, 111_341, 131_141, 114_113, 114_311, 411_113, 411_311,
    113_141, 114_131, 311_141, 411_131, 211_412, 211_214, 211_232,
];
/// Widths of the stop, which has seven.
const CODE_128_STOP: [f32; 7] = [2.0, 3.0, 3.0, 1.0, 1.0, 1.0, 2.0];
/// Nine bars and spaces of each character, a set bit being a wide one; the last is the asterisk.
const CODE_39: [u16; 44] = [
    0x034, 0x121, 0x061, 0x160, 0x031, 0x130, 0x070, 0x025, 0x124, 0x064, 0x109, 0x049, 0x148, 0x019, 0x118,
    0x058, 0x00D, 0x10C, 0x04C, 0x01C, 0x103, 0x043, 0x142, 0x013, 0x112, 0x052, 0x007, 0x106, 0x046, 0x016,
    0x181, 0x0C1, 0x1C0, 0x091, 0x190, 0x0D0, 0x085, 0x184, 0x0C4, 0x0A8, 0x0A2, 0x08A, 0x02A, 0x094,
];
const CODE_39_CHARACTERS: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%*";
/// Five bars or spaces of each digit, a set bit being a wide one.
const ITF: [u16; 10] = [0x06, 0x11, 0x09, 0x18, 0x05, 0x14, 0x0c, 0x03, 0x12, 0x0a];
/// Four widths of each digit of the left half, space first.
const EAN: [u32; 10] = [3211, 2221, 2122, 1411, 1132, 1231, 1114, 1312, 1213, 3112];
/// Wide elements of Code 39 and ITF in modules: 2 to 3 are allowed.
const RATIOS: [f32; 3] = [2.0, 2.5, 3.0];

/// Characters of one width that may stand in one place.
#[derive(Debug)]
pub struct Alphabet {
    /// Widths of bars and spaces in modules.
    pub characters: Vec<Vec<f32>>,
    /// Of a character, modules.
    pub width: f32,
    /// Whether a character starts with a bar.
    pub bar_first: bool,
}

impl Alphabet {
    fn new(characters: Vec<Vec<f32>>, bar_first: bool) -> Self {
        let width = characters.first().map_or(0.0, |widths| widths.iter().sum());
        Self { characters, width, bar_first }
    }
}

/// A family of codes: what stands first, between and last. Codes of a variable length repeat `body`.
#[derive(Debug)]
pub struct Family {
    pub symbology: Symbology,
    pub start: Alphabet,
    pub body: Vec<Alphabet>,
    pub stop: Alphabet,
    /// Fewest and most repetitions of the body.
    pub repeats: (usize, usize),
}

impl Family {
    pub fn is_of_known_length(&self) -> bool {
        self.repeats.0 == self.repeats.1
    }

    /// Modules of a code with so many repetitions.
    pub fn modules(&self, repeats: usize) -> f32 {
        let body: f32 = self.body.iter().map(|alphabet| alphabet.width).sum();
        let repeats = u16::try_from(repeats).map_or(0.0, f32::from);
        self.start.width + body * repeats + self.stop.width
    }
}

/// The nine bars and spaces of a character of Code 39, the first in bit 8, a set bit being a wide one.
pub fn code_39_bits(character: char) -> Option<u16> {
    CODE_39.get(CODE_39_CHARACTERS.find(character)?).copied()
}

/// Every family that is matched.
pub fn families() -> Vec<Family> {
    let mut families = vec![code_128(), ean_13()];
    families.extend(RATIOS.map(code_39));
    families.extend(RATIOS.map(itf));
    families
}

fn code_128() -> Family {
    let all: Vec<Vec<f32>> = CODE_128.iter().map(|widths| digits(*widths)).collect();
    let (characters, starts) = all.split_at(103);
    Family {
        symbology: Symbology::Code128,
        start: Alphabet::new(starts.to_vec(), true),
        body: vec![Alphabet::new(characters.to_vec(), true)],
        stop: Alphabet::new(vec![CODE_128_STOP.to_vec()], true),
        repeats: (2, 40),
    }
}

fn ean_13() -> Family {
    let left: Vec<Vec<f32>> = EAN.iter().map(|widths| digits(*widths)).collect();
    let turned = left.iter().map(|widths| widths.iter().rev().copied().collect());
    let either: Vec<Vec<f32>> = left.iter().cloned().chain(turned).collect();
    let half = |characters: &Vec<Vec<f32>>, bar_first| {
        (0..6).map(move |_| Alphabet::new(characters.clone(), bar_first)).collect::<Vec<_>>()
    };
    let mut body = half(&either, false);
    body.push(Alphabet::new(vec![vec![1.0; 5]], false));
    body.extend(half(&left, true));
    Family {
        symbology: Symbology::Ean13,
        start: Alphabet::new(vec![vec![1.0; 3]], true),
        body,
        stop: Alphabet::new(vec![vec![1.0; 3]], true),
        repeats: (1, 1),
    }
}

fn code_39(ratio: f32) -> Family {
    let widths = |bits: u16| -> Vec<f32> {
        let wide = |place: u16| if bits >> (8 - place) & 1 == 1 { ratio } else { 1.0 };
        (0..9).map(wide).chain([1.0]).collect()
    };
    let all: Vec<Vec<f32>> = CODE_39.iter().map(|bits| widths(*bits)).collect();
    let (characters, asterisk) = all.split_at(43);
    let stop = asterisk.iter().filter_map(|widths| widths.get(..9)).map(<[f32]>::to_vec).collect();
    Family {
        symbology: Symbology::Code39,
        start: Alphabet::new(asterisk.to_vec(), true),
        body: vec![Alphabet::new(characters.to_vec(), true)],
        stop: Alphabet::new(stop, true),
        repeats: (4, 30),
    }
}

fn itf(ratio: f32) -> Family {
    let wide = |bits: u16, place: u16| if bits >> (4 - place) & 1 == 1 { ratio } else { 1.0 };
    let pairs = ITF.iter().flat_map(|bars| {
        ITF.iter()
            .map(move |spaces| (0..5).flat_map(|place| [wide(*bars, place), wide(*spaces, place)]).collect())
    });
    Family {
        symbology: Symbology::Itf,
        start: Alphabet::new(vec![vec![1.0; 4]], true),
        body: vec![Alphabet::new(pairs.collect(), true)],
        stop: Alphabet::new(vec![vec![ratio, 1.0, 1.0]], true),
        repeats: (3, 20),
    }
}

/// The decimal digits of a number, first to last.
fn digits(number: u32) -> Vec<f32> {
    let digit = |c: char| c.to_digit(10).and_then(|d| u16::try_from(d).ok()).map_or(0.0, f32::from);
    number.to_string().chars().map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_of_an_alphabet_are_as_wide_as_each_other_and_all_different() {
        for family in families() {
            for alphabet in [&family.start, &family.stop].into_iter().chain(&family.body) {
                for (i, widths) in alphabet.characters.iter().enumerate() {
                    let total: f32 = widths.iter().sum();
                    assert!((total - alphabet.width).abs() < 1e-3, "{:?} {widths:?}", family.symbology);
                    assert!(!alphabet.characters[..i].contains(widths), "{:?} {widths:?}", family.symbology);
                }
            }
        }
    }

    #[test]
    fn codes_have_the_lengths_of_their_standards() {
        let modules = |symbology, repeats| {
            families().iter().find(|family| family.symbology == symbology).map(|f| f.modules(repeats))
        };
        assert_eq!(modules(Symbology::Code128, 9), Some(123.0));
        assert_eq!(modules(Symbology::Ean13, 1), Some(95.0));
        assert_eq!(modules(Symbology::Code39, 7), Some(116.0));
        assert_eq!(modules(Symbology::Itf, 4), Some(64.0));
    }
}
