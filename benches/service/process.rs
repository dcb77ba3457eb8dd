//! A running `remise serve`, its memory and how long it takes to start.

use crate::client::Client;
use crate::table::{Table, Target};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

pub struct Served {
    child: Child,
    pub address: String,
}

impl Served {
    pub fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_remise"));
        command.args(["serve", "--listen", "127.0.0.1:0"]).args(arguments);
        command.env_remove("DATABASE_URL").env("RUST_LOG", "off").stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("Remise : http://").expect("an address").trim_end_matches('/');
        Self { child, address: address.to_owned() }
    }

    pub fn stop(mut self) {
        assert!(self.end().success());
    }

    fn end(&mut self) -> ExitStatus {
        kill(Pid::from_raw(self.child.id().try_into().unwrap()), Signal::SIGTERM).unwrap();
        self.child.wait().unwrap()
    }

    pub fn process_id(&self) -> u32 {
        self.child.id()
    }

    /// Resident memory now, in MiB.
    pub fn resident(&self) -> f64 {
        self.status("VmRSS:")
    }

    /// The most that was resident since [`Served::forget_peak`], in MiB.
    pub fn peak(&self) -> f64 {
        self.status("VmHWM:")
    }

    pub fn forget_peak(&self) {
        std::fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5").unwrap();
    }

    fn status(&self, name: &str) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1024.0
    }
}

/// Seconds that processes and all their children have worked, those that have ended too.
pub fn processor_seconds(parents: &[u32]) -> f64 {
    let ticks = nix::unistd::sysconf(nix::unistd::SysconfVar::CLK_TCK).unwrap().unwrap() as f64;
    let mut worked = 0;
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else { continue };
        // The name in parentheses may have spaces: state, parent, …, then utime, stime, cutime, cstime.
        let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
        let parent: u32 = fields[1].parse().unwrap();
        if parents.contains(&id) {
            worked += fields[11..15].iter().map(|field| field.parse::<u64>().unwrap()).sum::<u64>();
        } else if parents.contains(&parent) {
            worked += fields[11..13].iter().map(|field| field.parse::<u64>().unwrap()).sum::<u64>();
        }
    }
    worked as f64 / ticks
}

impl Drop for Served {
    /// After a panic too: nothing that was started here stays.
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            self.end();
        }
    }
}

/// A folder that the account PostgreSQL runs under may reach.
pub fn data_folder() -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::Builder::new().prefix("remise-bench-").tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

/// From the command to the first answer, on a cluster that exists; then idle memory.
pub fn measure_start(rounds: usize, table: &mut Table) {
    let folder = data_folder();
    let arguments = ["--data", folder.path().to_str().unwrap()];
    Served::start(&arguments).stop();
    let (mut starts, mut idle) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let started = Instant::now();
        let served = Served::start(&arguments);
        assert_eq!(Client::connect(&served.address).send("GET", "/api/establishments", "").status, 200);
        starts.push(started.elapsed().as_secs_f64());
        std::thread::sleep(Duration::from_secs(3));
        idle.push(served.resident());
        served.stop();
    }
    table.add("start to first answer, existing cluster", "s", starts, Target::AtMost(3.0));
    table.add("idle service, resident", "MiB", idle, Target::AtMost(60.0));
}
