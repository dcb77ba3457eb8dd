//! What the text of a code may name: candidates only, as the known inventory is the arbiter
//! ([`resolve()`]). One file per maker; a new maker is one file and one line here.
//!
//! A text passes through
//! - `carrier`: what the scanner added is taken off
//! - `own`: our badges and charter sheets
//! - `gs1`, `identifiers`, `tokens`: texts that hold several fields
//! - `hp`, `lenovo`, `dell`, `acer`, `asus`, `apple`: what makers print
//! - `mac`, `product`: what stands beside a serial number and is none
//! - `alike`: what a typed text may have meant

mod acer;
mod alike;
mod apple;
mod asus;
mod carrier;
mod dell;
mod gs1;
mod hp;
mod identifiers;
mod lenovo;
mod mac;
mod own;
mod product;
pub mod resolve;
mod tokens;

pub use alike::fold;
pub use resolve::{Known, Verdict, resolve};

/// What a maker's rule makes of a text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Guess {
    serial: Option<String>,
    model: Option<String>,
    part_number: bool,
}

/// How a text came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Entry {
    /// By a camera or a scanner: each character is what the code says.
    #[default]
    Scanned,
    /// By a person who read it, and may have taken O for 0.
    Typed,
}

/// The meanings a text may have.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Label {
    /// The text without what the scanner added around it; case and inner blanks kept.
    pub plain: String,
    /// Texts under which a badge may be known; a badge is opaque, and its case counts.
    pub badges: Vec<String>,
    /// The code of one of our charter sheets in its printed form. Such a text is nothing else.
    pub charter: Option<String>,
    /// Serial numbers the text may stand for, the likeliest first; empty when
    /// it can be none. Only one that the inventory knows counts.
    pub serials: Vec<String>,
    /// Of a typed text: its serial numbers as [`fold`] writes them. Empty when it was scanned.
    pub alike: Vec<String>,
    /// Part numbers the text may stand for.
    pub part_numbers: Vec<String>,
    /// MAC addresses the text may stand for, as `02:00:00:00:00:AB`.
    pub macs: Vec<String>,
    /// The model or machine type printed inside the code.
    pub model: Option<String>,
    /// Makers whose form the text has.
    pub makers: Vec<String>,
    pub is_part_number: bool,
    pub is_mac: bool,
    /// The number of a product on sale (EAN, UPC, GTIN).
    pub is_product: bool,
    /// An address on the web, or data that is no text.
    pub is_data: bool,
}

/// What a text is when it is nothing that a school keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Elsewhere {
    PartNumber,
    Mac,
    Product,
    Data,
}

type Rule = fn(&str) -> Option<Guess>;

const MAKERS: [(&str, Rule); 6] = [
    ("HP", hp::guess),
    ("Lenovo", lenovo::guess),
    ("Dell", dell::guess),
    ("Acer", acer::guess),
    ("ASUS", asus::guess),
    ("Apple", apple::guess),
];

/// Lists what a text read from a code may mean. What scanners add, blanks and
/// lower case are ignored.
pub fn classify(text: &str) -> Label {
    classify_as(text, Entry::Scanned)
}

/// Like [`classify`], for a text that somebody typed.
pub fn classify_typed(text: &str) -> Label {
    classify_as(text, Entry::Typed)
}

pub fn classify_as(text: &str, entry: Entry) -> Label {
    let typed = entry == Entry::Typed;
    let carried = carrier::unwrap(text);
    let mut label = Label { plain: carried.text.clone(), ..Label::default() };
    if carried.text.is_empty() {
        return label;
    }
    label.charter = own::charter(&squeeze(&carried.text), typed);
    if label.charter.is_some() {
        return label;
    }
    add(&mut label.badges, text.trim());
    add(&mut label.badges, &carried.text);
    if let Some(badge) = own::badge(&squeeze(&carried.text), typed) {
        add(&mut label.badges, &badge);
    }
    label.read(&carried);
    if typed {
        label.fold_serials(&carried.text);
    }
    label
}

impl Label {
    /// What the text is when the school knows nothing by it; `None` when it could be a badge or a
    /// laptop nobody told us of.
    pub fn elsewhere(&self) -> Option<Elsewhere> {
        let kinds = [
            (self.is_part_number, Elsewhere::PartNumber),
            (self.is_mac, Elsewhere::Mac),
            (self.is_product, Elsewhere::Product),
            (self.is_data, Elsewhere::Data),
        ];
        kinds.into_iter().find_map(|(is, kind)| is.then_some(kind))
    }

    fn read(&mut self, carried: &carrier::Carried) {
        let text = carried.text.as_str();
        if let Some((format, fields)) = identifiers::envelope(text) {
            return self.read_envelope(format, &fields);
        }
        if let Some(elements) = gs1::elements(text, carried.gs1) {
            self.read_elements(&elements);
            // Said to be GS1, the whole is no serial number; else it may still be one.
            if carried.gs1 || text.starts_with('(') {
                return self.settle(elements.gtin.is_some());
            }
        }
        self.is_data = text.contains("://") || text.chars().any(char::is_control);
        self.read_field(&squeeze(text));
        if !self.is_part_number {
            for word in tokens::words(text) {
                self.add_serial(&word.to_ascii_uppercase());
            }
        }
    }

    fn read_envelope(&mut self, format: &str, fields: &[&str]) {
        if format == "05" {
            let elements = gs1::elements(&fields.join("\u{1d}"), true).unwrap_or_default();
            self.read_elements(&elements);
            return self.settle(elements.gtin.is_some());
        }
        for field in fields {
            let field = squeeze(field);
            if let Some(part) = identifiers::part_number(&field) {
                add(&mut self.part_numbers, part);
            } else if let Some(serial) = identifiers::serial(&field) {
                self.read_field(serial);
            } else if field.starts_with("1S") {
                self.read_field(&field);
            }
        }
        self.settle(false);
    }

    fn read_elements(&mut self, elements: &gs1::Elements) {
        for serial in &elements.serials {
            self.read_field(&squeeze(serial));
        }
        for part in &elements.part_numbers {
            add(&mut self.part_numbers, &squeeze(part));
        }
    }

    /// A text that holds several fields is a laptop's when a serial number is among them, else a product's.
    fn settle(&mut self, product: bool) {
        let other = self.serials.is_empty();
        self.is_part_number = other && !self.part_numbers.is_empty();
        self.is_product = other && product;
        self.is_mac &= other;
        self.is_data = other;
    }

    /// One field: a serial number, a part number, an address or what nobody knows.
    fn read_field(&mut self, text: &str) {
        if let Some(address) = mac::address(text) {
            // Twelve digits are a canteen's card sooner than an address, unless a laptop has it.
            self.is_mac |= text.bytes().any(|b| b.is_ascii_alphabetic() || !b.is_ascii_alphanumeric());
            add(&mut self.macs, &address);
            if !alphanumeric(text) {
                return;
            }
        }
        self.is_product |= product::is_product_number(text);
        self.apply(text);
        add(&mut self.part_numbers, text);
        if let Some(bare) = identifiers::part_number(text) {
            self.is_part_number |= MAKERS.iter().any(|(_, rule)| rule(bare).is_some_and(|g| g.part_number));
            add(&mut self.part_numbers, bare);
        }
        self.add_serial(text);
        if let Some(bare) = identifiers::serial(text) {
            self.apply(bare);
            self.add_serial(bare);
        }
        if self.is_part_number {
            self.serials.clear();
        }
    }

    fn apply(&mut self, text: &str) {
        for (maker, rule) in MAKERS {
            let Some(guess) = rule(text) else { continue };
            add(&mut self.makers, maker);
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
        if (1..=64).contains(&serial.len()) {
            add(&mut self.serials, serial);
        }
    }

    /// O and I may hide a form from the makers' rules, as an express code of digits, so that the folded text
    /// is read as well.
    fn fold_serials(&mut self, text: &str) {
        let meant = classify(&fold(text));
        for serial in self.serials.iter().chain(&meant.serials) {
            add(&mut self.alike, &fold(serial));
        }
    }
}

/// Without control characters and blanks, in upper case.
fn squeeze(text: &str) -> String {
    let kept: String = text.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect();
    kept.to_ascii_uppercase()
}

fn add(list: &mut Vec<String>, text: &str) {
    if !text.is_empty() && !list.iter().any(|known| known == text) {
        list.push(text.into());
    }
}

fn alphanumeric(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests;
