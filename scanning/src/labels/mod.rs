//! What the text of a code may name: candidates only, as the known inventory
//! is the arbiter. One file per maker; a new maker is one file and one line here.

mod acer;
mod asus;
mod dell;
mod hp;
mod lenovo;
mod mac;

/// What a maker's rule makes of a text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Guess {
    serial: Option<String>,
    model: Option<String>,
    part_number: bool,
}

/// The meanings a text may have.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Label {
    /// Serial numbers the text may stand for, the likeliest first; empty when
    /// it can be none. Only one that the inventory knows counts.
    pub serials: Vec<String>,
    /// The model or machine type printed inside the code.
    pub model: Option<String>,
    /// Makers whose form the text has.
    pub makers: Vec<String>,
    pub is_part_number: bool,
    pub is_mac: bool,
}

type Rule = fn(&str) -> Option<Guess>;

const MAKERS: [(&str, Rule); 5] = [
    ("HP", hp::guess),
    ("Lenovo", lenovo::guess),
    ("Dell", dell::guess),
    ("Acer", acer::guess),
    ("ASUS", asus::guess),
];

/// Lists what a text read or typed may mean. Terminators of wedge scanners,
/// blanks around and lower case are ignored.
pub fn classify(text: &str) -> Label {
    let text = clean(text);
    let mut label = Label { is_mac: mac::is_mac(&text), ..Label::default() };
    if label.is_mac && !alphanumeric(&text) {
        return label;
    }
    label.apply(&text);
    if !label.is_part_number {
        label.add_serial(&text);
        // ANSI MH10.8.2 data identifier of a serial number.
        if let Some(bare) = text.strip_prefix('S') {
            label.apply(bare);
            if !label.is_part_number {
                label.add_serial(bare);
            }
        }
    }
    if label.is_part_number {
        label.serials.clear();
    }
    label
}

impl Label {
    fn apply(&mut self, text: &str) {
        for (maker, rule) in MAKERS {
            let Some(guess) = rule(text) else { continue };
            if !self.makers.iter().any(|known| known == maker) {
                self.makers.push(maker.into());
            }
            self.is_part_number |= guess.part_number;
            if self.model.is_none() {
                self.model = guess.model;
            }
            if let Some(serial) = guess.serial {
                self.add_serial(&serial);
            }
        }
    }

    fn add_serial(&mut self, serial: &str) {
        let sized = (1..=64).contains(&serial.len());
        if sized && !self.serials.iter().any(|known| known == serial) {
            self.serials.push(serial.into());
        }
    }
}

/// Without control characters, terminators written out (`\t`, `\r`, `\n`) and
/// blanks at the ends, in upper case.
fn clean(text: &str) -> String {
    let mut text: String = text.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect();
    loop {
        let cut = ["\\t", "\\r", "\\n"]
            .iter()
            .find_map(|end| text.to_ascii_lowercase().strip_suffix(end).and_then(|cut| text.get(..cut.len())))
            .map(str::to_owned);
        match cut {
            Some(shorter) => text = shorter,
            None => break,
        }
    }
    text.to_ascii_uppercase()
}

fn alphanumeric(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::classify;

    /// text, serial that must be first, part number, MAC
    const CASES: [(&str, Option<&str>, bool, bool); 14] = [
        ("5CD030BC10", Some("5CD030BC10"), false, false),
        ("5CD030BC10\t", Some("5CD030BC10"), false, false),
        ("5CD030BC10\r\n", Some("5CD030BC10"), false, false),
        ("5cd030bc10\\t", Some("5CD030BC10"), false, false),
        ("9ZZ99EA#ABF", None, true, false),
        ("1S20ZZS00100PF0FAKE1", Some("PF0FAKE1"), false, false),
        ("1S20ZZZZZPFFAKE1", Some("PFFAKE1"), false, false),
        ("FAKE123", Some("FAKE123"), false, false),
        ("33290643675", Some("FAKE123"), false, false),
        ("00:1A:2B:3C:4D:5E", None, false, true),
        ("00-1A-2B-3C-4D-5E", None, false, true),
        ("0200000000AB", Some("0200000000AB"), false, true),
        ("", None, false, false),
        ("\u{1d}\t", None, false, false),
    ];

    #[test]
    fn texts_have_the_meanings_of_their_makers() {
        for (text, serial, part_number, mac) in CASES {
            let label = classify(text);
            let first = label.serials.first().map(String::as_str);
            assert_eq!(first, serial, "{text:?}");
            assert_eq!(label.is_part_number, part_number, "{text:?}");
            assert_eq!(label.is_mac, mac, "{text:?}");
        }
    }

    #[test]
    fn a_data_identifier_offers_both_readings() {
        let label = classify("S5CD030BC10");
        assert!(label.serials.contains(&"5CD030BC10".to_owned()));
        assert!(label.serials.contains(&"S5CD030BC10".to_owned()));
    }

    #[test]
    fn eleven_digits_are_acer_or_dell() {
        let label = classify("00000000000");
        assert_eq!(label.makers, ["Acer"]);
        let label = classify("33290643675");
        assert_eq!(label.makers, ["Dell", "Acer"]);
        assert_eq!(label.serials, ["FAKE123", "33290643675"]);
    }

    #[test]
    fn no_text_panics() {
        for text in ["é", "S", "1S", "1Sé0ZZS00100PF0FAKE1", "#", "S\u{0}", "ſ"] {
            classify(text);
        }
    }
}
