//! Lenovo: `1S`, machine type and model, serial number; 7 + 7 characters, or 10 + 8 since 2013.

use super::{Guess, alphanumeric};

pub(super) fn guess(text: &str) -> Option<Guess> {
    let body = text.strip_prefix("1S")?;
    let model = match body.len() {
        14 => 7,
        18 => 10,
        _ => return None,
    };
    if !alphanumeric(body) {
        return None;
    }
    Some(Guess {
        model: body.get(..model).map(Into::into),
        serial: body.get(model..).map(Into::into),
        part_number: false,
    })
}

#[cfg(test)]
mod tests {
    use super::guess;

    #[test]
    fn old_and_new_composites() {
        for (text, parts) in [
            ("1S20ZZS00100PF0FAKE1", Some(("20ZZS00100", "PF0FAKE1"))),
            ("1S20ZZZZZPFFAKE1", Some(("20ZZZZZ", "PFFAKE1"))),
            ("1S20ZZZZZPFFAKE", None),
            ("8SS20ZZZZZPFFAKE1234567", None),
            ("PF0FAKE1", None),
        ] {
            let found = guess(text);
            let found = found.as_ref().and_then(|g| g.model.as_deref().zip(g.serial.as_deref()));
            assert_eq!(found, parts, "{text}");
        }
    }
}
