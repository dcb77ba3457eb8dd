//! Which account PostgreSQL runs under: it refuses root.

use super::ClusterError;
use nix::unistd::{Uid, User};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// A user and group to become.
#[derive(Debug, Clone, Copy)]
pub struct Account {
    pub user: u32,
    pub group: u32,
}

impl Account {
    /// `None` when this process is not root and runs PostgreSQL as itself. As root:
    /// the owner of the data folder, or the `postgres` account.
    pub fn for_postgres(data: &Path) -> Result<Option<Self>, ClusterError> {
        if !Uid::effective().is_root() {
            return Ok(None);
        }
        if let Ok(owned) = std::fs::metadata(data)
            && owned.uid() != 0
        {
            return Ok(Some(Self { user: owned.uid(), group: owned.gid() }));
        }
        match User::from_name("postgres") {
            Ok(Some(user)) => Ok(Some(Self { user: user.uid.as_raw(), group: user.gid.as_raw() })),
            _ => Err(ClusterError::NoAccount),
        }
    }
}
