//! MAC addresses, printed beside serial numbers: six pairs of hexadecimal digits.

/// With `:` or `-` between the pairs, or bare; bare ones may as well be a serial number.
pub(super) fn is_mac(text: &str) -> bool {
    let bare = text.len() == 12 && text.bytes().all(|b| b.is_ascii_hexdigit());
    bare || [':', '-'].iter().any(|separator| {
        let pairs: Vec<&str> = text.split(*separator).collect();
        pairs.len() == 6
            && pairs.iter().all(|pair| pair.len() == 2 && pair.bytes().all(|b| b.is_ascii_hexdigit()))
    })
}

#[cfg(test)]
mod tests {
    use super::is_mac;

    #[test]
    fn pairs_are_addresses() {
        for (text, mac) in [
            ("00:1A:2B:3C:4D:5E", true),
            ("00-1a-2b-3c-4d-5e", true),
            ("001A2B3C4D5E", true),
            ("00:1A-2B:3C-4D:5E", false),
            ("00:1A:2B:3C:4D", false),
            ("0G:1A:2B:3C:4D:5E", false),
        ] {
            assert_eq!(is_mac(text), mac, "{text}");
        }
    }
}
