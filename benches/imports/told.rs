//! How long it takes to tell what a file is: each of the readers' examples, and long ones.

use crate::files::Lists;
use crate::table::{Table, Target};
use importers::recognise::recognise;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Instant;

pub fn measure(rounds: usize, table: &mut Table) {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("importers/tests/fixtures");
    let examples = fs::read_dir(examples).unwrap().map(|entry| entry.unwrap().path());
    let examples: Vec<PathBuf> = examples.filter(|file| is_a_file_of_its_own(file)).collect();
    let lists = Lists::write(200_000);
    let long = [&lists.students, &lists.guardians, &lists.table, &lists.workbook].map(Clone::clone).to_vec();
    for (what, files) in [("examples", examples), ("long files", long)] {
        let slowest =
            (0..rounds).map(|_| files.iter().map(|file| milliseconds(file)).fold(0.0, f64::max)).collect();
        let name = format!("slowest of {} {what} told apart", files.len());
        table.add(name, "ms", slowest, Target::AtMost(100.0));
    }
}

/// Neither a text for people nor a part of an archive.
fn is_a_file_of_its_own(file: &Path) -> bool {
    let name = file.file_name().unwrap().to_string_lossy();
    !name.ends_with(".md") && !name.starts_with("udt_UDCal_")
}

fn milliseconds(file: &Path) -> f64 {
    let started = Instant::now();
    let told = recognise(&mut File::open(file).unwrap());
    let took = started.elapsed().as_secs_f64() * 1_000.0;
    assert!(told.is_ok(), "{} is not known", file.display());
    took
}
