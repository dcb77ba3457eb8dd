//! Recall on a folder of frames with ground truth: `cargo run -p remise-scanning --example recall -- DIR [--missed]`.
//! DIR holds JPEG frames and `truth.json`: `{frames: [{file, level, codes: [{format, text, module_px}]}]}` or such a list.
#![expect(clippy::print_stdout, clippy::unwrap_used, clippy::indexing_slicing, reason = "a measuring tool")]

use scanning::{Luma, Reader};
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Instant;

/// Codes found and codes there are, of one kind.
type Tally = BTreeMap<String, (usize, usize)>;

fn main() {
    let dir = std::path::PathBuf::from(std::env::args().nth(1).unwrap());
    let tell_missed = std::env::args().any(|argument| argument == "--missed");
    let truth: Value =
        serde_json::from_str(&std::fs::read_to_string(dir.join("truth.json")).unwrap()).unwrap();
    let frames = if truth.is_array() { truth.as_array() } else { truth["frames"].as_array() };
    let mut reader = Reader::default();
    let (mut false_reads, mut times, mut tally) = (0, Vec::new(), Tally::new());
    for frame in frames.unwrap() {
        let picture = image::open(dir.join(frame["file"].as_str().unwrap())).unwrap().into_luma8();
        let luma = Luma::new(
            picture.as_raw(),
            picture.width().try_into().unwrap(),
            picture.height().try_into().unwrap(),
        )
        .unwrap();
        let started = Instant::now();
        let readings = reader.read(&luma);
        times.push(started.elapsed().as_secs_f64() * 1000.0);
        let clean = |t: &str| t.chars().filter(|c| !c.is_control()).collect::<String>();
        // Codabar's start and stop letters are stripped by the reader.
        let core = |t: &str| clean(t).trim_matches(|c: char| c.is_ascii_alphabetic()).to_owned();
        let codes = frame["codes"].as_array().unwrap();
        for code in codes {
            let (text, format) = (clean(code["text"].as_str().unwrap()), code["format"].as_str().unwrap());
            let found = readings.iter().any(|r| {
                clean(&r.text) == text
                    || (format.eq_ignore_ascii_case("CODABAR") && core(&r.text) == core(&text))
            });
            for kind in ["all", frame["level"].as_str().unwrap_or("-"), format] {
                let entry = tally.entry(kind.to_owned()).or_default();
                *entry = (entry.0 + usize::from(found), entry.1 + 1);
            }
            if tell_missed && !found {
                println!("missed: {} {format} {text} {} px a module", frame["file"], code["module_px"]);
            }
        }
        for reading in &readings {
            if !codes.iter().any(|c| core(c["text"].as_str().unwrap()) == core(&reading.text)) {
                println!("false: {} {} {:?}", frame["file"], reading.symbology, reading.text);
                false_reads += 1;
            }
        }
    }
    for (kind, (found, there)) in tally {
        println!("{kind:12} {found} of {there}");
    }
    times.sort_by(f64::total_cmp);
    println!(
        "{false_reads} false reads, median {:.1} ms, p95 {:.1} ms",
        times[times.len() / 2],
        times[times.len() * 95 / 100]
    );
}
