//! Whether the process that a `postmaster.pid` names is PostgreSQL on this very cluster.
//! After a power cut the number may be anybody's: another PostgreSQL's, too.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Command;

/// What a process is to a cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kinship {
    /// PostgreSQL at work on this cluster.
    Own,
    /// Something else, or nothing.
    Stranger,
    /// We may not look.
    Unknown,
}

/// PostgreSQL works in its cluster's folder, and says so in its arguments.
pub(super) fn kinship(process: u32, cluster: &Path) -> Kinship {
    if cfg!(target_os = "linux") { by_proc(process, cluster) } else { by_ps(process, cluster) }
}

fn by_proc(process: u32, cluster: &Path) -> Kinship {
    let Ok(name) = fs::read_to_string(format!("/proc/{process}/comm")) else { return Kinship::Stranger };
    if !name.trim().starts_with("postgres") {
        return Kinship::Stranger;
    }
    let Ok(own) = fs::metadata(cluster) else { return Kinship::Unknown };
    match fs::metadata(format!("/proc/{process}/cwd")) {
        Ok(works_in) if (works_in.dev(), works_in.ino()) == (own.dev(), own.ino()) => Kinship::Own,
        Ok(_) => Kinship::Stranger,
        // A dead one that nobody has waited for works nowhere.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Kinship::Stranger,
        Err(_) => Kinship::Unknown,
    }
}

fn by_ps(process: u32, cluster: &Path) -> Kinship {
    let said = Command::new("ps").args(["-o", "command=", "-p", &process.to_string()]).output();
    let Ok(said) = said else { return Kinship::Unknown };
    is_ours(&String::from_utf8_lossy(&said.stdout), cluster)
}

fn is_ours(command: &str, cluster: &Path) -> Kinship {
    let command = command.trim();
    let own = format!(" -D {} ", cluster.display());
    let is_postgres = command.split(' ').next().is_some_and(|program| program.ends_with("postgres"));
    if is_postgres && format!("{command} ").contains(&own) { Kinship::Own } else { Kinship::Stranger }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_ours_when_it_names_our_folder() {
        let cluster = Path::new("/var/lib/remise/postgres");
        for (command, kinship) in [
            ("/usr/lib/postgresql/15/bin/postgres -D /var/lib/remise/postgres -c fsync=on\n", Kinship::Own),
            ("postgres -D /var/lib/remise/postgres", Kinship::Own),
            ("postgres -D /var/lib/remise/postgres2", Kinship::Stranger),
            ("postgres -D /var/lib/postgresql/15/main", Kinship::Stranger),
            ("vi -D /var/lib/remise/postgres", Kinship::Stranger),
            ("", Kinship::Stranger),
        ] {
            assert_eq!(is_ours(command, cluster), kinship, "{command}");
        }
    }

    #[test]
    fn a_process_that_is_not_postgres_is_a_stranger() {
        assert_eq!(kinship(std::process::id(), Path::new("/")), Kinship::Stranger);
        assert_eq!(kinship(u32::MAX, Path::new("/")), Kinship::Stranger);
    }
}
