//! MAC addresses, printed beside serial numbers: six pairs of hexadecimal digits.
//!
//! Source: IEEE 802-2014, section 8: the lowest bit of the first octet is 0 in a card's own address.

/// The address as `02:00:00:00:00:AB`, from pairs with `:` or `-` between, three groups with dots, or
/// bare; bare ones may as well be something else.
pub(super) fn address(text: &str) -> Option<String> {
    let pairs = |separator: char| {
        let groups: Vec<&str> = text.split(separator).collect();
        let sized = match separator {
            '.' => groups.len() == 3 && groups.iter().all(|group| group.len() == 4),
            _ => groups.len() == 6 && groups.iter().all(|group| group.len() == 2),
        };
        sized.then(|| groups.concat())
    };
    let bare = [':', '-', '.'].into_iter().find_map(pairs).unwrap_or_else(|| text.to_owned());
    let octets = bare.as_bytes();
    let own = octets.get(1).and_then(|b| char::from(*b).to_digit(16)).is_some_and(|digit| digit % 2 == 0);
    let shaped = octets.len() == 12 && octets.iter().all(u8::is_ascii_hexdigit) && own;
    shaped.then(|| {
        let pairs: Vec<String> =
            octets.chunks(2).map(|pair| String::from_utf8_lossy(pair).to_ascii_uppercase()).collect();
        pairs.join(":")
    })
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn pairs_are_addresses() {
        for (text, mac) in [
            ("00:1A:2B:3C:4D:5E", Some("00:1A:2B:3C:4D:5E")),
            ("00-1a-2b-3c-4d-5e", Some("00:1A:2B:3C:4D:5E")),
            ("001A.2B3C.4D5E", Some("00:1A:2B:3C:4D:5E")),
            ("001A2B3C4D5E", Some("00:1A:2B:3C:4D:5E")),
            ("00:1A-2B:3C-4D:5E", None),
            ("00:1A:2B:3C:4D", None),
            ("0G:1A:2B:3C:4D:5E", None),
            ("01:1A:2B:3C:4D:5E", None),
            ("FFFFFFFFFFFF", None),
            ("001A2B3C4D5", None),
            ("éééééé", None),
            ("", None),
        ] {
            assert_eq!(address(text).as_deref(), mac, "{text}");
        }
    }
}
