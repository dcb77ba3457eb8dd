//! What a photo's codes are, in words; nothing that a terminal would obey.

use super::Scanned;
use crate::operations::scan_photo::ScannedCode;
use std::fmt::Write;

/// What came of a file: a line for it and two for each code.
pub fn tell(scanned: &Scanned) -> String {
    let file = visible(&scanned.file);
    if let Some(error) = &scanned.error {
        return format!("{file} : {}", visible(&error.sentence));
    }
    let Some(photo) = &scanned.photo else { return file };
    let count = match photo.readings.len() {
        0 => "aucun code".to_owned(),
        1 => "1 code".to_owned(),
        many => format!("{many} codes"),
    };
    let mut told = format!("{file} : {} × {} pixels, {count}, {:.0} ms", photo.width, photo.height, photo.ms);
    for (number, code) in (1..).zip(&photo.readings) {
        let text = visible(&code.text);
        let _ = write!(told, "\n  {number}. {} {text} — {}", code.symbology, visible(&code.meaning.words));
        let _ = write!(told, "\n     {}", details(code));
    }
    told
}

fn details(code: &ScannedCode) -> String {
    let corners = code.corners.map(|[x, y]| format!("({x:.0}, {y:.0})")).join(" ");
    let mut details = vec![format!("coins {corners}")];
    if let Some(module) = code.module {
        details.push(format!("module de {} pixels", format!("{module:.1}").replace('.', ",")));
    }
    details.push(match code.votes {
        0 | 1 => "lu une fois".to_owned(),
        votes => format!("{votes} lignes d'accord"),
    });
    details.push(if code.checked { "somme de contrôle vérifiée" } else { "sans somme de contrôle" }.into());
    if code.upside_down {
        details.push("à l'envers".into());
    }
    if code.inverted {
        details.push("clair sur sombre".into());
    }
    details.join(", ")
}

/// The text with what cannot be seen made visible: GS is ␝, a right-to-left override is `\u{202e}`.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match u32::from(c) {
            code @ 0..=0x1f => shown.extend(char::from_u32(0x2400 + code)),
            0x7f => shown.push('␡'),
            _ if obeyed(c) => shown.extend(c.escape_unicode()),
            _ => shown.push(c),
        }
    }
    shown
}

/// A JSON document with what a terminal would obey escaped, which may stand in its strings
/// only and there means the same.
pub fn escaped(json: &str) -> String {
    let mut shown = String::with_capacity(json.len());
    for c in json.chars() {
        if obeyed(c) && c != '\n' {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(shown, "\\u{unit:04x}");
            }
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Controls, and the characters that change the direction or the place of others.
fn obeyed(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_given_no_orders() {
        for (text, shown) in [
            ("0100\u{1d}21", "0100␝21"),
            ("\u{1b}[31mrouge\u{7f}", "␛[31mrouge␡"),
            ("\r\n\t\0", "␍␊␉␀"),
            ("\u{9b}31m", "\\u{9b}31m"),
            ("a\u{202e}b", "a\\u{202e}b"),
            ("Élève 5CD030BC10", "Élève 5CD030BC10"),
        ] {
            assert_eq!(visible(text), shown);
        }
    }

    #[test]
    fn json_stays_the_same_document() {
        let text = "\u{1d}\u{9b}a\u{202e}é\u{e0001}\"\\\n";
        let json = serde_json::to_string_pretty(&[text]).unwrap_or_default();
        let safe = escaped(&json);
        assert!(!safe.chars().any(|c| c != '\n' && obeyed(c)), "{safe}");
        assert_eq!(serde_json::from_str::<Vec<String>>(&safe).unwrap_or_default(), [text]);
    }
}
