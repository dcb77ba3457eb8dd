//! The pictures of a folder, as its `truth.json` lists them, decoded once for every engine.

use serde_json::Value;
use std::path::{Path, PathBuf};

/// A code that is in a picture.
pub struct Code {
    pub format: String,
    pub text: String,
    /// Pixels a module, where it is known.
    pub module: Option<f64>,
}

pub struct Picture {
    pub file: String,
    pub level: String,
    /// Which sequence it belongs to, and its place there.
    pub sequence: Option<(String, u64)>,
    pub codes: Vec<Code>,
    pub width: usize,
    pub height: usize,
    pub pixels: Vec<u8>,
    /// The same pixels as a raw grey PGM, for other processes.
    pub pgm: PathBuf,
}

impl Picture {
    fn of(frame: &Value, folder: &Path, pgms: &Path) -> Self {
        let text = |of: &Value, key: &str| of[key].as_str().map(str::to_owned);
        let file = text(frame, "file").expect("a frame has a file");
        let luma = image::open(folder.join(&file)).expect("a picture cannot be read").into_luma8();
        let (width, height) = luma.dimensions();
        let codes =
            frame["codes"].as_array().map(Vec::as_slice).unwrap_or_default().iter().map(|code| Code {
                format: text(code, "format").expect("a code has a format"),
                text: text(code, "text").expect("a code has a text"),
                module: code["module_px"].as_f64(),
            });
        let pgm = pgms.join(format!("{}.pgm", file.replace('/', "_")));
        let mut bytes = format!("P5 {width} {height} 255\n").into_bytes();
        bytes.extend_from_slice(luma.as_raw());
        std::fs::write(&pgm, bytes).unwrap();
        Self {
            level: text(frame, "level").unwrap_or_else(|| "-".to_owned()),
            sequence: text(frame, "seq").map(|name| (name, frame["idx"].as_u64().unwrap_or(0))),
            codes: codes.collect(),
            width: width as usize,
            height: height as usize,
            pixels: luma.into_raw(),
            file,
            pgm,
        }
    }
}

/// Reads `{frames: [{file, level, seq, idx, codes: [{format, text, module_px}]}]}`, or such a list.
/// Frames of a sequence come out one after the other.
pub fn load(folder: &Path, pgms: &Path) -> Vec<Picture> {
    let truth = std::fs::read_to_string(folder.join("truth.json")).expect("FRAMES has no truth.json");
    let truth: Value = serde_json::from_str(&truth).expect("truth.json is not JSON");
    let frames = truth.as_array().or_else(|| truth["frames"].as_array()).expect("truth.json lists no frames");
    let mut pictures: Vec<Picture> = frames.iter().map(|frame| Picture::of(frame, folder, pgms)).collect();
    pictures.sort_by(|a, b| a.sequence.cmp(&b.sequence));
    pictures
}
