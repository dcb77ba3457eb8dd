//! Whether the account that PostgreSQL runs under can get to a folder: below `/root` it cannot.

use super::{Account, ClusterError, io_error};
use std::fs::{self, Metadata};
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where the cluster of `asked` may live: there, or in `elsewhere` when PostgreSQL's
/// account cannot get to `asked`. The folder is not made yet.
pub fn reachable_folder(asked: &Path, elsewhere: &Path) -> Result<PathBuf, ClusterError> {
    match check(asked) {
        Ok(()) => Ok(asked.to_owned()),
        Err(ClusterError::Unreachable(folder)) => match check(elsewhere) {
            Ok(()) => Ok(elsewhere.to_owned()),
            Err(_) => Err(ClusterError::Unreachable(folder)),
        },
        Err(other) => Err(other),
    }
}

/// Refuses a folder, there or yet to be made, that PostgreSQL's account cannot get to.
pub(super) fn check(data: &Path) -> Result<(), ClusterError> {
    let data = &std::path::absolute(data).map_err(|e| io_error("finding the data folder", data, e))?;
    let Some(account) = Account::for_postgres(data)? else { return Ok(()) };
    let Some(standing) = data.ancestors().find(|folder| folder.exists()) else { return Ok(()) };
    if may_enter(account, standing) {
        return Ok(());
    }
    let closed = closed_to(account, standing).unwrap_or(standing);
    Err(ClusterError::Unreachable(closed.to_owned()))
}

/// Tries it: permissions, access lists and mounts all have their say.
fn may_enter(account: Account, folder: &Path) -> bool {
    let mut nothing = Command::new("/bin/sh");
    nothing.args(["-c", ":"]).current_dir(folder).stdin(Stdio::null());
    super::run_as(&mut nothing, Some(account));
    !matches!(nothing.status(), Err(error) if error.kind() == ErrorKind::PermissionDenied)
}

/// The first folder on the way whose permissions keep the account out.
fn closed_to(account: Account, folder: &Path) -> Option<&Path> {
    let mut way: Vec<&Path> = folder.ancestors().collect();
    way.reverse();
    way.into_iter().find(|step| fs::metadata(step).is_ok_and(|about| !lets_in(account, &about)))
}

fn lets_in(account: Account, about: &Metadata) -> bool {
    let bit = if about.uid() == account.user {
        0o100
    } else if about.gid() == account.group {
        0o010
    } else {
        0o001
    };
    about.permissions().mode() & bit != 0
}
