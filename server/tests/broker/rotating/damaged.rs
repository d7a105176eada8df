//! What does not open is named, and nothing else suffers from it.

use super::{all_open, restarted, vault};
use crate::support::busy::{connect, restless, token};
use crate::support::database::Database;
use crate::support::process::{Process, free_port, railhead, railhead_fails};
use crate::support::{Setup, World, answered, http};
use serde_json::{Value, json};

async fn spoil(world: &World, connection: &str, sealed: &str) {
    let statement =
        format!("UPDATE connections SET sealed_credentials = {sealed} WHERE id = '{connection}'");
    Database::open(world).await.run(&statement).await;
}

/// What `railhead vault verify` says of the only value that does not open.
fn broken(world: &World) -> Value {
    let (succeeded, shown) = vault(world.folder.path(), &["verify"]);
    let broken = shown["broken"].as_array().unwrap();
    assert!(!succeeded && broken.len() == 1, "{shown}");
    broken[0].clone()
}

#[tokio::test]
async fn a_damaged_record_is_named_while_the_server_serves_the_rest() {
    let world = World::new().await;
    let key = world.sandbox_key();
    let lost = connect(&world, "Harbor Coffee").await;
    let whole = connect(&world, "Harbor Tea").await;
    spoil(&world, &lost, "'damaged'").await;
    assert_eq!(
        broken(&world),
        json!({
            "table": "connections",
            "column": "sealed_credentials",
            "id": lost,
            "reason": "the stored value is not a sealed secret of format 1",
        })
    );
    let told = railhead_fails(world.folder.path(), &["vault", "verify"]);
    let line = format!("connections {lost} sealed_credentials: the stored value is not");
    assert!(told.contains(&line), "{told}");

    // Nor does it keep the others from getting another key, twice.
    for _ in 0..2 {
        let (succeeded, shown) = vault(world.folder.path(), &["rotate", "--same-file"]);
        assert!(!succeeded && shown["broken"][0]["id"] == lost.as_str());
        assert!(shown["rewrapped"].as_u64() > Some(1), "{shown}");
    }

    let World {
        server,
        provider,
        folder,
        ..
    } = world;
    server.stop().await;
    let port = free_port();
    let server = Process::serve(folder.path(), port, &provider.url, "info").await;
    let read = async |connection: &str| {
        let path = format!("http://localhost:{port}/v1/connections/{connection}/credentials");
        answered(http().get(path).bearer_auth(&key).send().await.unwrap()).await
    };
    assert_eq!(read(&whole).await.0, 200);
    assert_eq!(read(&lost).await.1["code"], "internal");
    let (_, log) = server.terminate().await;
    let at_start = log
        .lines()
        .find(|line| line.contains("does not open"))
        .unwrap();
    assert!(
        at_start.contains(&lost) && !log.contains("damaged"),
        "{log}"
    );
}

#[tokio::test]
async fn credentials_that_were_moved_to_another_connection_do_not_open() {
    let world = World::new().await;
    let key = world.sandbox_key();
    let of_coffee = connect(&world, "Harbor Coffee").await;
    let of_tea = connect(&world, "Harbor Tea").await;
    let others = format!("(SELECT sealed_credentials FROM connections WHERE id = '{of_coffee}')");
    spoil(&world, &of_tea, &others).await;
    assert!(token(&world, &key, &of_coffee).await.is_some());
    assert!(token(&world, &key, &of_tea).await.is_none());
    let broken = broken(&world);
    assert_eq!(broken["id"], of_tea.as_str());
    let reason = broken["reason"].as_str().unwrap();
    assert!(reason.contains("belongs elsewhere"), "{reason}");
}

#[tokio::test]
async fn keys_of_another_vault_are_refused_at_start_and_not_taken_up_later() {
    let world = restless(Setup::default()).await;
    let key = world.sandbox_key();
    let connection = connect(&world, "Harbor Coffee").await;
    let file = world.folder.path().join("data/vault.key");
    let own = std::fs::read_to_string(&file).unwrap();
    let foreign = railhead(world.folder.path(), &["vault", "generate"]);
    std::fs::write(&file, foreign).unwrap();
    for _ in 0..3 {
        assert!(token(&world, &key, &connection).await.is_some());
    }
    let refused = railhead_fails(world.folder.path(), &["check"]);
    assert!(refused.contains("broken: "), "{refused}");
    let folder = world.folder.path().to_owned();
    std::fs::write(&file, &own).unwrap();
    all_open(&folder);

    let world = restarted(world).await.unwrap();
    assert!(token(&world, &key, &connection).await.is_some());
    let foreign = railhead(&folder, &["vault", "generate"]);
    std::fs::write(&file, foreign).unwrap();
    let Err(error) = restarted(world).await else {
        panic!("started with another vault's keys");
    };
    let told = error.to_string();
    assert!(
        told.contains("use the key file that belongs to this database"),
        "{told}"
    );
}
