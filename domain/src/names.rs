//! How names are shown and searched.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower case without accents; ligatures opened, every other sign a single space:
/// `D'ŒTRANGE-LESŒUR Maël` becomes `d oetrange lesoeur mael`.
pub fn search_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for c in text.nfd().filter(|c| !is_combining_mark(*c)) {
        match c {
            'œ' | 'Œ' => key.push_str("oe"),
            'æ' | 'Æ' => key.push_str("ae"),
            'ß' => key.push_str("ss"),
            'ø' | 'Ø' => key.push('o'),
            'ł' | 'Ł' => key.push('l'),
            c if c.is_alphanumeric() => key.extend(c.to_lowercase()),
            _ if key.is_empty() || key.ends_with(' ') => {}
            _ => key.push(' '),
        }
    }
    key.truncate(key.trim_end().len());
    key
}

/// First name then family name in capitals: `Lina MERCIER`.
pub fn display_name(first_name: &str, last_name: &str) -> String {
    format!("{} {}", first_name, last_name.to_uppercase()).trim().to_owned()
}

/// First name and initial, for a screen that a whole room reads: `Lina M.`.
pub fn public_name(first_name: &str, last_name: &str) -> String {
    match last_name.trim().chars().next() {
        Some(initial) => format!("{} {}.", first_name.trim(), initial.to_uppercase()).trim().to_owned(),
        None => first_name.trim().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn search_ignores_accents_case_and_signs() {
        assert_eq!(search_key("D'ŒTRANGE-LESŒUR  Maël-Noé "), "d oetrange lesoeur mael noe");
        assert_eq!(search_key("  Łukasz  O’Neil"), "lukasz o neil");
        assert_eq!(search_key("''"), "");
    }

    #[test]
    fn a_public_screen_shows_an_initial() {
        assert_eq!(public_name("Lina", "mercier"), "Lina M.");
        assert_eq!(public_name("Élise", "Œstrange"), "Élise Œ.");
        assert_eq!(public_name("Zoé", " "), "Zoé");
    }

    #[test]
    fn shown_with_the_first_name_first() {
        assert_eq!(display_name("Lina", "Mercier"), "Lina MERCIER");
    }
}
