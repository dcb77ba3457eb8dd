//! Numbers of products on sale: EAN-8, UPC-A, EAN-13 and the fourteen digits of a GTIN.
//!
//! Source: GS1 General Specifications, section 7.9.1, for the check digit.

use super::digits;

/// Whether a text is what a product's own barcode says.
pub(super) fn is_product_number(text: &str) -> bool {
    matches!(text.len(), 8 | 12 | 13) && has_check_digit(text)
}

/// From the right, check digit first, weights 1, 3, 1, 3… make a multiple of ten.
pub(super) fn has_check_digit(text: &str) -> bool {
    let sum: u32 = text
        .chars()
        .rev()
        .filter_map(|c| c.to_digit(10))
        .zip([1, 3].into_iter().cycle())
        .map(|(digit, weight)| digit * weight)
        .sum();
    digits(text) && sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::{has_check_digit, is_product_number};

    #[test]
    fn products_have_their_check_digit() {
        for (text, product) in [
            ("4006381333931", true),
            ("4006381333932", false),
            ("036000291452", true),
            ("96385074", true),
            ("96385075", false),
            ("9638507", false),
            ("04006381333931", false),
            ("400638133393A", false),
            ("", false),
        ] {
            assert_eq!(is_product_number(text), product, "{text}");
        }
        assert!(has_check_digit("04006381333931"));
    }
}
