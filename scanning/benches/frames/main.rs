//! What the reader finds in a folder of pictures with ground truth, how fast, and beside
//! other readers on the same pixels in the same run: `make bench-scan FRAMES=DIR OUT=DIR`.
//! Engines take turns picture by picture, so that a noisy machine is noisy for all of them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "a benchmark says so by panicking, and prints"
)]

mod agreement;
mod engines;
mod pictures;
mod score;
mod table;

use engines::{Engine, Ours, Peers};
use pictures::Picture;
use scanning::Effort;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Each picture is read so often by each engine, and the best time counts.
const REPEATS: usize = 3;

/// What an engine made of a picture: milliseconds, formats and texts.
pub struct Answer {
    pub ms: f64,
    pub results: Vec<(String, String)>,
}

/// An engine and its answers, one for each picture.
pub struct Run {
    pub engine: String,
    pub answers: Vec<Answer>,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let [frames, out, rest @ ..] = arguments.as_slice() else {
        // `cargo bench --workspace` has no pictures to name.
        println!("frames: nothing measured; make bench-scan FRAMES=DIR OUT=DIR names pictures");
        return;
    };
    let (frames, out) = (PathBuf::from(frames), PathBuf::from(out));
    let python = rest.first().filter(|p| !p.is_empty()).map_or("python3", String::as_str);
    std::fs::create_dir_all(out.join("pgm")).expect("OUT cannot be made");

    let pictures = pictures::load(&frames, &out.join("pgm"));
    let mut engines: Vec<Box<dyn Engine>> = vec![
        Box::new(Ours::new("fast", Effort::Fast, REPEATS)),
        Box::new(Ours::new("thorough", Effort::Thorough, REPEATS)),
    ];
    let (peers, said) = Peers::start(python);
    println!("{said}");
    engines.extend(peers);

    let runs = measure(&pictures, &mut engines);
    for run in &runs {
        write_answers(&out.join(format!("{}.jsonl", run.engine)), &pictures, &run.answers);
    }
    let mut report = table::of(&pictures, &runs);
    if pictures.iter().any(|picture| picture.sequence.is_some()) {
        report += &format!("\n{}", agreement::table(&pictures, &runs));
    }
    println!("{report}");
    std::fs::write(out.join("table.md"), report).unwrap();
}

fn measure(pictures: &[Picture], engines: &mut [Box<dyn Engine>]) -> Vec<Run> {
    let mut runs: Vec<Run> = engines.iter().map(|e| Run { engine: e.name(), answers: Vec::new() }).collect();
    // The first call of a process pays for its pages and tables.
    if let Some(first) = pictures.first() {
        for engine in engines.iter_mut() {
            engine.read(first, REPEATS);
            engine.begin();
        }
    }
    for (at, picture) in pictures.iter().enumerate() {
        let new = at.checked_sub(1).is_none_or(|before| pictures[before].sequence != picture.sequence);
        for turn in 0..engines.len() {
            let turn = (turn + at) % engines.len();
            if new {
                engines[turn].begin();
            }
            runs[turn].answers.push(engines[turn].read(picture, REPEATS));
        }
        if at % 100 == 99 {
            eprintln!("{} of {} pictures", at + 1, pictures.len());
        }
    }
    runs
}

/// One line a picture, as other scripts of the project's measurements read it.
fn write_answers(path: &Path, pictures: &[Picture], answers: &[Answer]) {
    let mut lines = String::new();
    for (picture, answer) in pictures.iter().zip(answers) {
        let ms = (answer.ms * 1000.0).round() / 1000.0;
        let line = serde_json::json!({ "file": picture.file, "ms": ms, "results": answer.results });
        writeln!(lines, "{line}").unwrap();
    }
    std::fs::write(path, lines).unwrap();
}
