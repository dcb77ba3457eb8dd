//! What bytes beyond ASCII say of their encoding.

/// Whether a character of UTF-8 is none of ISO-8859-15's by chance: « ÔŒ » is the Armenian letter Լ, and two
/// letters side by side of which the second is Œ, œ or Ÿ may be valid UTF-8 in a file that has no other accent.
pub fn is_surely_utf8(character: char) -> bool {
    if character.is_ascii() {
        return false;
    }
    let mut bytes = [0; 4];
    let by_chance = matches!(character.encode_utf8(&mut bytes).as_bytes(), [_, 0xBC..=0xBE]);
    // Letters as ü, ļ and ż are what names are written in; fractions are not.
    !by_chance || matches!(character, '\u{C0}'..='\u{17F}')
}
