//! The real binary, serving.

use crate::harness::{Run, remise};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

/// A running `remise serve`.
pub struct Served {
    child: Child,
    pub address: String,
}

impl Served {
    pub fn start(arguments: &[&str]) -> Self {
        Self::spawn(Self::run(arguments).env("RUST_LOG", "off"))
    }

    /// Not started yet.
    pub fn run(arguments: &[&str]) -> Run {
        remise(&[&["serve", "--listen", "127.0.0.1:0"], arguments].concat())
    }

    pub fn spawn(run: Run) -> Self {
        let mut child = run.command().stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("Remise : ").unwrap_or_else(|| panic!("said {line:?}"));
        Self { child, address: address.trim_end_matches('/').to_owned() }
    }

    pub fn on(folder: &Path) -> Self {
        Self::start(&["--data", folder.to_str().unwrap()])
    }

    pub fn process_id(&self) -> u32 {
        self.child.id()
    }

    pub fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(self.child.id().try_into().unwrap()), signal).unwrap();
    }

    pub fn kill(mut self) {
        self.signal(Signal::SIGKILL);
        self.child.wait().unwrap();
    }

    pub fn stop(mut self) {
        self.signal(Signal::SIGTERM);
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // After a failed assertion too: nothing that was started here stays.
        if let Ok(None) = self.child.try_wait() {
            self.signal(Signal::SIGTERM);
            let _ = self.child.wait();
        }
    }
}
