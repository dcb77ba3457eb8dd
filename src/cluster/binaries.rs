//! Finds the PostgreSQL that is installed on this machine.

use std::path::{Path, PathBuf};
use std::process::Command;

/// What to type when there is none.
pub const INSTALL_COMMAND: &str = "sudo apt-get install postgresql";

/// The oldest PostgreSQL that will do.
pub const OLDEST: u32 = 15;

/// A folder with `initdb`, `postgres`, `pg_isready` and `psql`.
#[derive(Debug, Clone)]
pub struct Binaries {
    pub folder: PathBuf,
    pub version: u32,
}

impl Binaries {
    /// The newest one, 15 or later, of: PATH, Debian's, Homebrew's, `pg_config`'s folder.
    pub fn find() -> Option<Self> {
        let mut folders: Vec<PathBuf> =
            std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default();
        folders.extend(children("/usr/lib/postgresql", "bin"));
        folders.extend(children("/opt/homebrew/opt", "bin"));
        folders.extend(children("/usr/local/opt", "bin"));
        folders.extend(pg_config());
        let complete = |folder: &PathBuf| {
            ["initdb", "postgres", "pg_isready", "psql"].iter().all(|b| folder.join(b).exists())
        };
        folders
            .into_iter()
            .filter(complete)
            .filter_map(|folder| version(&folder).map(|version| Self { folder, version }))
            .filter(|found| found.version >= OLDEST)
            .max_by_key(|found| found.version)
    }

    pub fn path(&self, binary: &str) -> PathBuf {
        self.folder.join(binary)
    }
}

fn children(parent: &str, leaf: &str) -> Vec<PathBuf> {
    std::fs::read_dir(parent)
        .map(|entries| entries.flatten().map(|entry| entry.path().join(leaf)).collect())
        .unwrap_or_default()
}

fn pg_config() -> Option<PathBuf> {
    let done = Command::new("pg_config").arg("--bindir").output().ok()?;
    done.status.success().then(|| PathBuf::from(String::from_utf8_lossy(&done.stdout).trim()))
}

/// `postgres (PostgreSQL) 15.18 (Debian …)` is 15.
fn version(folder: &Path) -> Option<u32> {
    let done = Command::new(folder.join("postgres")).arg("--version").output().ok()?;
    major(&String::from_utf8_lossy(&done.stdout))
}

fn major(said: &str) -> Option<u32> {
    let number = said.split(") ").nth(1)?;
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn version_is_what_postgres_says() {
        assert_eq!(major("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
        assert_eq!(major("postgres (PostgreSQL) 17beta1\n"), Some(17));
        assert_eq!(major("something else"), None);
    }
}
