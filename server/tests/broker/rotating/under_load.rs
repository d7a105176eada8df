//! Rotation while a server goes on, and rotation that is killed.

use super::{all_open, keys, restarted, vault};
use crate::support::busy::{busy_during, connect, restless, token};
use crate::support::database::Database;
use crate::support::process::{command, database, railhead_with};
use crate::support::{Setup, World};
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

#[tokio::test(flavor = "multi_thread")]
async fn nothing_fails_while_the_keys_are_rotated_and_the_old_key_is_retired() {
    let world = restless(Setup::default()).await;
    let (key, folder) = (world.sandbox_key(), world.folder.path().to_owned());
    let before = keys(&folder)[0].0.clone();
    let mut idle = Vec::new();
    for number in 0..5 {
        idle.push(connect(&world, &format!("Idle {number}")).await);
    }
    let work = tokio::task::spawn_blocking(move || {
        let (succeeded, shown) = vault(&folder, &["rotate", "--same-file"]);
        assert!(succeeded, "{shown}");
        let (succeeded, _, said) = railhead_with(&folder, &["vault", "retire"], &[]);
        assert!(succeeded && said.contains("Took away"), "{said}");
        shown
    });
    let meanwhile = busy_during(&world, &key, work).await;
    assert!(meanwhile.done.unwrap()["rewrapped"].as_u64() > Some(5));

    let folder = world.folder.path();
    assert!(all_open(folder) > meanwhile.connections.len() as u64);
    let left = keys(folder);
    assert!(left.len() == 1 && left[0].0 != before, "{left:?}");
    let world = restarted(world).await.unwrap();
    for connection in meanwhile.connections.iter().chain(&idle) {
        assert!(token(&world, &key, connection).await.is_some());
    }
}

/// Has each connection take its time to be written, or no longer.
async fn slow_down(world: &World, slowly: bool) {
    let statements: &[&str] = match (database(world.folder.path()).is_some(), slowly) {
        (true, true) => &[
            "CREATE FUNCTION wait() RETURNS trigger AS 'BEGIN PERFORM pg_sleep(0.5); RETURN NEW; END' LANGUAGE plpgsql",
            "CREATE TRIGGER slow BEFORE UPDATE ON connections FOR EACH ROW EXECUTE FUNCTION wait()",
        ],
        (true, false) => &["DROP TRIGGER slow ON connections"],
        (false, true) => &[
            "CREATE TRIGGER slow BEFORE UPDATE ON connections BEGIN SELECT count(*) FROM (WITH RECURSIVE n (i) AS
                 (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000) SELECT i FROM n); END",
        ],
        (false, false) => &["DROP TRIGGER slow"],
    };
    let database = Database::open(world).await;
    for statement in statements {
        database.arrange(statement).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotation_that_was_killed_goes_on_where_it_stopped() {
    let world = World::new().await;
    let key = world.sandbox_key();
    let mut connections = Vec::new();
    for number in 0..8 {
        connections.push(connect(&world, &format!("Harbor Coffee {number}")).await);
    }
    let folder = world.folder.path();
    slow_down(&world, true).await;
    let mut rotation = Command::from(command(folder, &["vault", "rotate", "--same-file"]))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = BufReader::new(rotation.stderr.take().unwrap()).lines();
    let first = told.next_line().await.unwrap().unwrap();
    assert!(first.contains("1 of them sealed with"), "{first}");
    rotation.kill().await.unwrap();
    slow_down(&world, false).await;

    let halfway = keys(folder);
    assert!(
        halfway.len() == 2 && halfway.iter().all(|(_, seals)| *seals > 0),
        "{halfway:?}"
    );
    all_open(folder);
    for connection in &connections {
        assert!(token(&world, &key, connection).await.is_some());
    }
    let (succeeded, shown) = vault(folder, &["rotate"]);
    assert!(succeeded, "{shown}");
    let done = keys(folder);
    assert_eq!((done.len(), &done[0].0), (2, &halfway[0].0), "no third key");
    assert_eq!(done[1].1, 0);
    all_open(folder);
    let world = restarted(world).await.unwrap();
    for connection in &connections {
        assert!(token(&world, &key, connection).await.is_some());
    }
}
