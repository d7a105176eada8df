//! One refresh at a time, whichever server is asked.

use super::{Differing, Pair, beside, until, world};
use crate::support::database::Database;
use crate::support::process::{Process, free_port};
use crate::support::{answered, http};
use futures_util::future::join_all;
use serde_json::Value;
use std::time::Duration;
use tokio::net::TcpListener;

fn provider(lifetime: Duration) -> demo_provider::Config {
    demo_provider::Config {
        access_token_lifetime: lifetime,
        ..demo_provider::Config::default()
    }
}

fn refreshes(provider: &demo_provider::Running) -> u64 {
    let grants = provider.records().grants;
    grants.iter().map(|grant| grant.refresh_requests).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_readers_at_two_servers_make_one_refresh() {
    let differing = Differing {
        provider: provider(Duration::from_mins(10)),
        ..Differing::default()
    };
    let Some(pair) = Pair::new(differing).await else {
        return;
    };
    let key = pair.a.sandbox_key();
    let visit = pair.a.visit("Harbor Coffee").await;
    let connection = visit.connected("xero", "alice").await;
    let path = format!("/v1/connections/{}/credentials", connection.connection_id);
    let addresses = [pair.a.server.address, pair.b.address];
    // One client: making one takes a while.
    let client = http();
    let read = async |number: usize| {
        let url = format!("http://{}{path}", addresses[number % 2]);
        let request = client.get(url).bearer_auth(&key);
        answered(request.send().await.unwrap()).await
    };
    let (_, before) = read(0).await;
    for round in 1..=3 {
        pair.a.clock.advance(time::Duration::seconds(541));
        let answers = join_all((0..50).map(read)).await;
        assert_eq!(refreshes(&pair.a.provider), round);
        let tokens: Vec<&Value> = answers
            .iter()
            .map(|(_, credentials)| &credentials["accessToken"])
            .collect();
        assert!(answers.iter().all(|(status, _)| *status == 200));
        assert!(tokens.iter().all(|token| *token == tokens[0]));
        assert_ne!(tokens[0], &before["accessToken"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_whose_server_was_killed_is_done_by_another_one() {
    // About to run out after twenty seconds.
    let Some(world) = world(provider(Duration::from_secs(30)), None).await else {
        return;
    };
    let key = world.sandbox_key();
    // Connected twenty seconds ago.
    let ago = time::Duration::seconds(20);
    world.clock.advance(-ago);
    let visit = world.visit("Harbor Coffee").await;
    let connection = visit.connected("xero", "alice").await;
    world.clock.advance(ago);
    let path = format!("/v1/connections/{}/credentials", connection.connection_id);
    // For B the service takes the request and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent_url = format!("http://{}", silent.local_addr().unwrap());
    let (folder, port) = (beside(world.folder.path()), free_port());
    let public = [("RAILHEAD_PUBLIC_URL", world.server.public_url.as_str())];
    let b = Process::serve_with(folder.path(), port, &silent_url, &public).await;
    let request = http().get(format!("http://127.0.0.1:{port}{path}"));
    let reading = tokio::spawn(request.bearer_auth(&key).send());
    let (_asked, _) = silent.accept().await.unwrap();

    let database = Database::open(&world).await;
    let taking = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()
        AND query LIKE 'INSERT INTO leases%'";
    let (answer, ()) = tokio::join!(world.manage(&key, &path), async {
        until("A does not ask for the lease", async || {
            database.count(taking).await > 1
        })
        .await;
        assert_eq!(refreshes(&world.provider), 0, "B holds it");
        b.kill().await;
        assert!(reading.await.unwrap().is_err());
        database.later(time::Duration::seconds(46)).await;
    });
    assert_eq!(answer.0, 200, "{}", answer.1);
    assert_eq!(refreshes(&world.provider), 1);
    until("the lease is not let go of", async || {
        database.count("SELECT 1 FROM leases").await == 0
    })
    .await;
}
