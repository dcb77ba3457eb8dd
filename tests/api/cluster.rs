//! The private PostgreSQL: starts, refuses a second owner, outlives a kill.

use crate::harness::data_folder;
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use remise::cluster::{Cluster, ClusterError};

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
