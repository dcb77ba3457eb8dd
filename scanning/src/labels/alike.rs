//! Characters that people take for one another when they type what they read.
//!
//! O and 0, I and 1 only: HP's identities have no vowels, Apple's serial numbers no O and no I, and
//! where a maker uses one of a pair he hardly uses the other, so that nothing is lost by taking
//! them as one. S and 5 or B and 8 stand side by side in any delivery (`…BC15`, `…BC1S`): to take those
//! as one would turn a slip into somebody else's laptop.

/// A serial number with each of a pair written as the digit; two that differ no further are alike.
pub fn fold(serial: &str) -> String {
    serial
        .chars()
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' => '1',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn pairs_are_one() {
        assert_eq!(fold("5CDO3OBCIO"), "5CD030BC10");
        assert_eq!(fold("5cd030bc10"), "5CD030BC10");
        assert_eq!(fold("S5B8"), "S5B8");
        assert_eq!(fold(&fold("OIoi")), fold("OIoi"));
    }
}
