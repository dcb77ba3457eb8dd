//! The private PostgreSQL: starts, refuses a second owner, outlives a kill.

use crate::harness::data_folder;
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use remise::cluster::{Cluster, ClusterError, reachable_folder};
use std::os::unix::fs::PermissionsExt;

async fn run(url: &str, statements: &str) {
    AsyncPgConnection::establish(url).await.unwrap().batch_execute(statements).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_committed_outlives_a_killed_postgres() {
    let folder = data_folder();
    let path = folder.path().to_owned();
    let cluster = tokio::task::block_in_place(|| Cluster::start(&path)).unwrap();
    run(cluster.url(), "CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)").await;
    let process = Pid::from_raw(cluster.process_id().unwrap().try_into().unwrap());
    kill(process, Signal::SIGKILL).unwrap();
    tokio::task::block_in_place(|| cluster.stop());
    let again = tokio::task::block_in_place(|| Cluster::start(&path)).unwrap();
    run(again.url(), "SELECT 1 / n FROM kept").await;
    tokio::task::block_in_place(|| again.stop());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_has_one_owner_and_others_may_join() {
    let folder = data_folder();
    let path = folder.path().to_owned();
    tokio::task::block_in_place(|| {
        let owner = Cluster::start(&path).unwrap();
        assert!(matches!(Cluster::start(&path), Err(ClusterError::InUse(_))));
        let guest = Cluster::start_or_join(&path).unwrap();
        assert_eq!((guest.url(), guest.process_id()), (owner.url(), None));
        guest.stop();
        owner.stop();
        Cluster::start(&path).unwrap().stop();
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_number_never_ends_another_postgresql() {
    let (own, others) = (data_folder(), data_folder());
    let pid_file = own.path().join("postgres/postmaster.pid");
    let first = tokio::task::block_in_place(|| Cluster::start(own.path())).unwrap();
    run(first.url(), "CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)").await;
    let left_behind = std::fs::read_to_string(&pid_file).unwrap();
    tokio::task::block_in_place(|| first.stop());

    // As after a power cut: the file is there, its number has gone to another PostgreSQL.
    let other = tokio::task::block_in_place(|| Cluster::start(others.path())).unwrap();
    let (_, rest) = left_behind.split_once('\n').unwrap();
    std::fs::write(&pid_file, format!("{}\n{rest}", other.process_id().unwrap())).unwrap();
    let again = tokio::task::block_in_place(|| Cluster::start(own.path())).unwrap();
    run(again.url(), "SELECT 1 / n FROM kept").await;
    run(other.url(), "SELECT 1").await;
    tokio::task::block_in_place(|| {
        again.stop();
        other.stop();
    });
}

/// PostgreSQL's account is another one only when root starts it.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn is_root() -> bool {
    let root = nix::unistd::Uid::effective().is_root();
    if !root {
        eprintln!("skipped: without root, PostgreSQL runs under the account that asks");
    }
    root
}

#[test]
fn a_folder_that_postgresql_cannot_enter_is_named() {
    if !is_root() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let closed = folder.path();
    std::fs::set_permissions(closed, std::fs::Permissions::from_mode(0o700)).unwrap();
    let data = closed.join("clone/data");
    let refused = Cluster::start(&data).map(drop).unwrap_err().to_string();
    let expected = format!(
        "the account that runs PostgreSQL cannot enter the folder {}; choose a data folder elsewhere, \
         for example --data /var/lib/remise",
        closed.display()
    );
    assert_eq!(refused, expected);
    assert!(!closed.join("clone").exists(), "nothing is left behind");
    std::fs::create_dir_all(&data).unwrap();
    assert_eq!(Cluster::start(&data).map(drop).unwrap_err().to_string(), expected);
}

#[test]
fn the_default_folder_gives_way_to_one_that_postgresql_can_enter() {
    let (closed, open) = (tempfile::tempdir().unwrap(), data_folder());
    let (here, elsewhere) = (closed.path().join("data"), open.path().join("remise"));
    assert_eq!(reachable_folder(&elsewhere, &here).unwrap(), elsewhere);
    if !is_root() {
        assert_eq!(reachable_folder(&here, &elsewhere).unwrap(), here);
        return;
    }
    std::fs::set_permissions(closed.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(reachable_folder(&here, &elsewhere).unwrap(), elsewhere);
    let refused = reachable_folder(&here, &here).unwrap_err();
    assert!(matches!(refused, ClusterError::Unreachable(folder) if folder == closed.path()));
}
