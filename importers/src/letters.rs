//! What bytes beyond ASCII say of their encoding.

/// Whether a character of UTF-8 is surely one: two signs of ISO-8859-15 or CP1252 side by side may be valid
/// UTF-8 by chance. « ÔŒ » is the Armenian letter Լ, « É’ » a turned alpha, and neither is in any name of ours;
/// what is, are the letters that names in Latin alphabets are written in.
pub fn is_surely_utf8(character: char) -> bool {
    // Fractions are two letters of ISO-8859-15: « ÂŒ », « Âœ », « ÂŸ ».
    matches!(character, '\u{A0}'..='\u{BB}' | '\u{BF}'..='\u{17F}' | '\u{800}'..)
}
