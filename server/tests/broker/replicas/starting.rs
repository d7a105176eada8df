//! Several servers start at once on one database.

use super::beside;
use crate::support::process::use_database;
use crate::support::{config, postgres};
use futures_util::future::join_all;
use railhead_server::clock::SystemClock;
use railhead_server::entropy::SystemEntropy;
use railhead_server::log::chain;
use railhead_server::server::{Parts, Running, StartError, start};
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;
use url::Url;

fn folder(database: &Url) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    use_database(folder.path(), database);
    folder
}

async fn started(folder: &Path) -> Result<Running, StartError> {
    let parts = Parts {
        config: config(folder, "http://127.0.0.1:9"),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
    };
    start(parts).await
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_with_one_key_start_at_once_on_an_empty_database() {
    let Some(database) = postgres::database().await else {
        return;
    };
    let other = postgres::database().await.unwrap();
    let first = folder(&other);
    started(first.path()).await.unwrap().stop().await;
    let folders: Vec<_> = (0..4).map(|_| beside(first.path())).collect();
    for folder in &folders {
        use_database(folder.path(), &database);
    }
    let servers = join_all(folders.iter().map(|folder| started(folder.path()))).await;
    for server in servers {
        server.unwrap().stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_servers_that_each_make_a_key_one_starts_and_the_others_say_why_not() {
    let Some(database) = postgres::database().await else {
        return;
    };
    let folders: Vec<_> = (0..4).map(|_| folder(&database)).collect();
    let servers = join_all(folders.iter().map(|folder| started(folder.path()))).await;
    let (running, refused): (Vec<_>, Vec<_>) = servers.into_iter().partition(Result::is_ok);
    assert_eq!((running.len(), refused.len()), (1, 3));
    for error in refused.into_iter().filter_map(Result::err) {
        let said = chain(&error);
        assert!(said.contains("key"), "{said}");
    }
    // Without a key there is nothing to start with.
    let late = folder(&database);
    let error = started(late.path()).await.err().unwrap();
    assert!(chain(&error).contains("is not there"), "{}", chain(&error));
    assert!(!late.path().join("data/vault.key").exists());
}
