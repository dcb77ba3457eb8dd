//! Recall on a folder of frames with ground truth: `cargo run -p remise-scanning --example recall -- DIR`.
//! DIR holds JPEG frames and `truth.json`: `{file: {codes: [{format, text}]}}` or a list of such.
#![expect(clippy::print_stdout, clippy::unwrap_used, clippy::indexing_slicing, reason = "a measuring tool")]

use scanning::{Luma, Reader};
use serde_json::Value;
use std::time::Instant;

fn main() {
    let dir = std::path::PathBuf::from(std::env::args().nth(1).unwrap());
    let truth: Value =
        serde_json::from_str(&std::fs::read_to_string(dir.join("truth.json")).unwrap()).unwrap();
    let frames: Vec<Value> = match truth {
        Value::Array(list) => list,
        Value::Object(ref map) if map.contains_key("frames") => map["frames"].as_array().unwrap().clone(),
        other => vec![other],
    };
    let mut reader = Reader::new();
    let (mut codes, mut found, mut false_reads, mut times) = (0, 0, 0, Vec::new());
    for frame in &frames {
        let picture = image::open(dir.join(frame["file"].as_str().unwrap())).unwrap().into_luma8();
        let luma = Luma {
            pixels: picture.as_raw(),
            width: picture.width().try_into().unwrap(),
            height: picture.height().try_into().unwrap(),
        };
        let started = Instant::now();
        let readings = reader.read(&luma);
        times.push(started.elapsed().as_secs_f64() * 1000.0);
        let core = |t: &str| t.trim_matches(|c: char| c.is_ascii_alphabetic()).to_owned();
        let clean = |t: &str| t.chars().filter(|c| !c.is_control()).collect::<String>();
        let wanted: Vec<String> =
            frame["codes"].as_array().unwrap().iter().map(|c| clean(c["text"].as_str().unwrap())).collect();
        codes += wanted.len();
        found += wanted.iter().filter(|w| readings.iter().any(|r| clean(&r.text) == **w)).count();
        // Codabar's start and stop letters are stripped by the reader.
        let wrong: Vec<_> =
            readings.iter().filter(|r| !wanted.iter().any(|w| core(w) == core(&clean(&r.text)))).collect();
        for reading in &wrong {
            println!("false: {} {} {:?}", frame["file"], reading.symbology, reading.text);
        }
        false_reads += wrong.len();
    }
    times.sort_by(f64::total_cmp);
    println!(
        "{found} of {codes} codes, {false_reads} false reads, median {:.1} ms, p95 {:.1} ms",
        times[times.len() / 2],
        times[times.len() * 95 / 100]
    );
}
