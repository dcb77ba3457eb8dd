//! What a text says: which serial numbers it could carry, and what is plainly something else.
//! The school's own list decides in the end.

/// Readings of one text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Label {
    /// Serial numbers it could carry, upper case, likeliest first.
    pub serials: Vec<String>,
    /// A maker's part or product number, which stands beside the serial.
    pub is_part_number: bool,
    /// A network address.
    pub is_mac: bool,
}

/// Reads a text from a label or a scanner. Control characters and stray spaces go first.
pub fn classify(text: &str) -> Label {
    let clean: String = text.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect();
    let upper = clean.to_ascii_uppercase();
    let is_mac = is_mac(&upper);
    let is_part_number = is_hp_part_number(&upper);
    let mut serials = Vec::new();
    if !is_mac && !is_part_number && !upper.is_empty() {
        serials.push(upper.clone());
        serials.extend(lenovo(&upper));
        serials.extend(ansi_serial(&upper));
        serials.extend(dell_express_code(&upper));
    }
    serials.dedup();
    Label { serials, is_part_number, is_mac }
}

/// Twelve hexadecimal digits, bare or in pairs.
fn is_mac(upper: &str) -> bool {
    let separated = upper.len() == 17
        && upper.bytes().enumerate().all(|(i, b)| match i % 3 {
            2 => matches!(b, b':' | b'-'),
            _ => b.is_ascii_hexdigit(),
        });
    let bare = upper.len() == 12 && upper.bytes().all(|b| b.is_ascii_hexdigit());
    separated || bare
}

/// HP: `9ZZ99EA#ABF`, five or more characters, `#`, three of the country.
fn is_hp_part_number(upper: &str) -> bool {
    upper.split_once('#').is_some_and(|(part, country)| {
        part.len() >= 5
            && country.len() == 3
            && part.bytes().chain(country.bytes()).all(|b| b.is_ascii_alphanumeric())
    })
}

/// Lenovo: `1S`, machine type model, serial: 16 characters (7 + 7) before 2013, 20 (10 + 8) since.
/// Source: Lenovo support HT001005.
fn lenovo(upper: &str) -> Option<String> {
    let body = upper.strip_prefix("1S")?;
    let serial = match body.len() {
        14 => body.get(7..),
        18 => body.get(10..),
        _ => None,
    };
    serial.map(str::to_owned)
}

/// ANSI MH10.8.2 data identifier `S` before a serial number.
fn ansi_serial(upper: &str) -> Option<String> {
    upper.strip_prefix('S').filter(|rest| (7..=22).contains(&rest.len())).map(str::to_owned)
}

/// Dell: the Express Service Code is the service tag read in base 36. Source: Dell document 335407.
fn dell_express_code(upper: &str) -> Option<String> {
    if !(9..=11).contains(&upper.len()) {
        return None;
    }
    let mut rest: u64 = upper.parse().ok()?;
    let mut tag = Vec::new();
    while rest > 0 {
        let digit = u32::try_from(rest % 36).ok()?;
        tag.push(char::from_digit(digit, 36)?.to_ascii_uppercase());
        rest /= 36;
    }
    (tag.len() == 7).then(|| tag.iter().rev().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serials_of_each_maker() {
        let cases = [
            ("5CD030BC10", "5CD030BC10"),
            ("S5CD030BC10", "5CD030BC10"),
            ("5cd030bc10\t", "5CD030BC10"),
            ("1S20ZZS00100PF0FAKE1", "PF0FAKE1"),
            ("1S20ZZZZZPFFAKE1", "PFFAKE1"),
            ("FAKE123", "FAKE123"),
            ("33290643675", "FAKE123"),
            ("NXZZZZF00100000FAKE000", "NXZZZZF00100000FAKE000"),
        ];
        for (text, serial) in cases {
            assert!(classify(text).serials.iter().any(|s| s == serial), "{text}: {:?}", classify(text));
        }
    }

    #[test]
    fn what_is_no_serial() {
        assert!(classify("9ZZ99EA#ABF").is_part_number && classify("9ZZ99EA#ABF").serials.is_empty());
        assert!(classify("02:00:00:00:00:0A").is_mac && classify("0200000000AB").is_mac);
        assert!(classify("").serials.is_empty());
        assert!(!classify("0579999J04101").serials.contains(&"J04101".to_owned()));
    }
}
