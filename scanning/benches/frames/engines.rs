//! Who reads: ours in this process, others in a Python process that waits while we read.

use crate::Answer;
use crate::pictures::Picture;
use scanning::{Effort, Luma, Reader};
use serde_json::Value;
use std::cell::RefCell;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::rc::Rc;
use std::time::Instant;

pub trait Engine {
    fn name(&self) -> String;
    /// What follows has nothing to do with what was read before.
    fn begin(&mut self) {}
    fn read(&mut self, picture: &Picture, repeats: usize) -> Answer;
}

/// Our reader. Each repetition has a reader of its own, so that each sees a frame of a
/// sequence once.
pub struct Ours {
    name: &'static str,
    effort: Effort,
    readers: Vec<Reader>,
}

impl Ours {
    pub fn new(name: &'static str, effort: Effort, repeats: usize) -> Self {
        let readers = (0..repeats).map(|_| Reader::new(effort)).collect();
        Self { name, effort, readers }
    }
}

impl Engine for Ours {
    fn name(&self) -> String {
        self.name.to_owned()
    }

    fn begin(&mut self) {
        let effort = self.effort;
        self.readers.fill_with(|| Reader::new(effort));
    }

    fn read(&mut self, picture: &Picture, repeats: usize) -> Answer {
        let luma = Luma::new(&picture.pixels, picture.width, picture.height).unwrap();
        let (mut ms, mut results) = (f64::INFINITY, Vec::new());
        for reader in self.readers.iter_mut().take(repeats) {
            let begun = Instant::now();
            let readings = reader.read(&luma);
            ms = ms.min(begun.elapsed().as_secs_f64() * 1000.0);
            results = readings.into_iter().map(|r| (r.symbology.to_string(), r.text)).collect();
        }
        Answer { ms, results }
    }
}

/// The other readers' process.
pub struct Peers {
    process: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// One of them.
struct Peer {
    name: String,
    process: Rc<RefCell<Peers>>,
}

impl Peers {
    /// The engines that an interpreter has, and a sentence about what it has and has not.
    pub fn start(python: &str) -> (Vec<Box<dyn Engine>>, String) {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/frames/peers.py");
        let started = Command::new(python)
            .arg(script)
            .env("OMP_NUM_THREADS", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        let mut process = match started {
            Ok(process) => process,
            Err(reason) => return (Vec::new(), format!("no other reader: {python}: {reason}")),
        };
        let (questions, answers) = (process.stdin.take().unwrap(), process.stdout.take().unwrap());
        let mut peers = Self { process, questions, answers: BufReader::new(answers) };
        let Some(has) = peers.line() else {
            return (Vec::new(), format!("no other reader: {python} did not run peers.py"));
        };
        let mut said = String::new();
        for (package, version) in has["versions"].as_object().into_iter().flatten() {
            said += &format!("beside {package} {}. ", version.as_str().unwrap_or("?"));
        }
        for (package, reason) in has["missing"].as_object().into_iter().flatten() {
            said += &format!("Without {package}: {}. ", reason.as_str().unwrap_or("?"));
        }
        let process = Rc::new(RefCell::new(peers));
        let names = has["engines"].as_array().map(Vec::as_slice).unwrap_or_default();
        let engines = names.iter().filter_map(Value::as_str).map(|name| -> Box<dyn Engine> {
            Box::new(Peer { name: name.to_owned(), process: Rc::clone(&process) })
        });
        (engines.collect(), said)
    }

    fn line(&mut self) -> Option<Value> {
        let mut line = String::new();
        self.answers.read_line(&mut line).ok()?;
        serde_json::from_str(&line).ok()
    }
}

impl Drop for Peers {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Engine for Peer {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn read(&mut self, picture: &Picture, repeats: usize) -> Answer {
        let mut peers = self.process.borrow_mut();
        writeln!(peers.questions, "{}\t{repeats}\t{}", self.name, picture.pgm.display()).unwrap();
        let answer = peers.line().expect("the other readers' process ended");
        let pair = |pair: &Value| Some((pair[0].as_str()?.to_owned(), pair[1].as_str()?.to_owned()));
        let results = answer["results"].as_array().unwrap().iter().filter_map(pair).collect();
        Answer { ms: answer["ms"].as_f64().unwrap(), results }
    }
}
