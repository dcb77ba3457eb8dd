//! A photo's codes and what their texts may mean, without a school to ask.

use super::Invalid;
use super::read_image::decode_picture;
use super::read_photo::read_photo;
use domain::identifiers::CharterCode;
use scanning::Reading;
use scanning::labels::{Label, classify};
use serde::Serialize;
use std::time::Instant;

/// What a photo shows.
#[derive(Debug, Clone, Serialize)]
pub struct ScannedPhoto {
    /// Of the picture held upright.
    pub width: usize,
    pub height: usize,
    /// Opening the picture and reading it.
    pub ms: f64,
    /// From top to bottom.
    pub readings: Vec<ScannedCode>,
}

/// A code of a photo.
#[derive(Debug, Clone, Serialize)]
pub struct ScannedCode {
    pub symbology: &'static str,
    pub text: String,
    /// Pixels, x then y.
    pub corners: [[f32; 2]; 4],
    /// Width of a module in pixels, where the reader tells it.
    pub module: Option<f32>,
    /// Scan lines that agree; 1 for a matrix code.
    pub votes: u32,
    /// True when the symbology's own checksum proves the text.
    pub checked: bool,
    pub upside_down: bool,
    pub inverted: bool,
    pub meaning: Meaning,
}

/// What a text may mean by its form alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Meaning {
    /// `charter`, `part_number`, `mac`, `serial` or `other`: a text that no maker's form
    /// has is `other`, though it may be a serial number.
    pub kind: &'static str,
    /// Serial numbers the text may stand for, the likeliest first.
    pub serials: Vec<String>,
    pub makers: Vec<String>,
    pub model: Option<String>,
    /// The same in French.
    pub words: String,
}

/// Reads a photo from the bytes of its file.
pub fn scan_photo(bytes: &[u8]) -> Result<ScannedPhoto, Invalid> {
    let started = Instant::now();
    let grey = decode_picture(bytes)?;
    let (width, height) = (grey.width, grey.height);
    let readings = read_photo(grey).into_iter().map(ScannedCode::from).collect();
    Ok(ScannedPhoto { width, height, ms: started.elapsed().as_secs_f64() * 1000.0, readings })
}

impl From<Reading> for ScannedCode {
    fn from(reading: Reading) -> Self {
        Self {
            symbology: reading.symbology.as_str(),
            meaning: Meaning::of(&reading.text),
            corners: reading.corners.map(|corner| [corner.x, corner.y]),
            module: (reading.module > 0.0).then_some(reading.module),
            votes: reading.votes,
            checked: reading.checked,
            upside_down: reading.upside_down,
            inverted: reading.inverted,
            text: reading.text,
        }
    }
}

impl Meaning {
    fn of(text: &str) -> Self {
        if let Some(code) = CharterCode::parse(text) {
            let words = format!("charte {}, exemplaire {}", code.sheet, code.copy);
            return Self { kind: "charter", serials: Vec::new(), makers: Vec::new(), model: None, words };
        }
        let Label { serials, model, makers, is_part_number, is_mac, is_product, .. } = classify(text);
        let kind = match (is_part_number, is_mac, makers.is_empty()) {
            (true, _, _) => "part_number",
            (_, true, _) => "mac",
            _ if is_product => "product",
            (_, _, false) if !serials.is_empty() => "serial",
            _ => "other",
        };
        let words = words(kind, &serials, &makers, model.as_deref());
        Self { kind, serials, makers, model, words }
    }
}

fn words(kind: &str, serials: &[String], makers: &[String], model: Option<&str>) -> String {
    let makers = makers.join(" ou ");
    let of_model = model.map(|model| format!(", modèle {model}")).unwrap_or_default();
    match kind {
        "part_number" => format!("référence {makers}").trim_end().to_owned(),
        "product" => "numéro d’article (EAN)".into(),
        "mac" if serials.is_empty() => "adresse MAC".into(),
        "mac" => "adresse MAC, ou numéro de série".into(),
        "serial" => format!("numéro de série {makers} : {}{of_model}", serials.join(" ou ")),
        _ if serials.is_empty() => "autre texte".into(),
        _ => "autre texte, qui peut être un badge ou un numéro de série".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::Meaning;

    #[test]
    fn texts_are_told_in_french() {
        for (text, kind, words) in [
            ("5CD030BC10", "serial", "numéro de série HP : 5CD030BC10"),
            ("9ZZ99EA#ABF", "part_number", "référence HP"),
            ("00:1A:2B:3C:4D:5E", "mac", "adresse MAC"),
            ("0200000000AB", "mac", "adresse MAC, ou numéro de série"),
            ("CH0123456789-2", "charter", "charte CH0123456789, exemplaire 2"),
            ("https://exemple.fr", "other", "autre texte, qui peut être un badge ou un numéro de série"),
            ("", "other", "autre texte"),
        ] {
            let meaning = Meaning::of(text);
            assert_eq!((meaning.kind, meaning.words.as_str()), (kind, words), "{text}");
        }
        let lenovo = Meaning::of("1S20ZZS00100PF0FAKE1");
        assert_eq!(lenovo.serials.first().map(String::as_str), Some("PF0FAKE1"), "{lenovo:?}");
        assert_eq!(lenovo.makers, ["Lenovo"]);
    }
}
