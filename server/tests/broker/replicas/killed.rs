//! A server is killed, another one carries on.

use super::{at, beside, until, world};
use crate::support::World;
use crate::support::database::Database;
use crate::support::process::{Process, free_port};
use crate::support::visit::Visit;
use railhead_protocol::{AuthorizationStatus, ErrorCode};
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpListener;
use url::Url;

/// Server B in a process of its own, which takes the world's place at its address.
struct Other {
    process: Process,
    port: u16,
    folder: TempDir,
}

async fn other(world: &World, provider: &str) -> Other {
    let (folder, port) = (beside(world.folder.path()), free_port());
    let public = [("RAILHEAD_PUBLIC_URL", world.server.public_url.as_str())];
    let process = Process::serve_with(folder.path(), port, provider, &public).await;
    Other {
        process,
        port,
        folder,
    }
}

/// Opens the callback at B, whose request dies with it.
fn open_at(visit: &Visit<'_>, world: &World, port: u16, callback: &Url) {
    let (browser, callback) = (at(visit, world, port).browser, callback.clone());
    tokio::spawn(async move { browser.try_open(&callback).await.err() });
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exchange_whose_server_was_killed_is_finished_by_the_one_that_is_polled() {
    let Some(world) = world(demo_provider::Config::default(), None).await else {
        return;
    };
    // For B the service takes the request and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let b = other(&world, &format!("http://{}", silent.local_addr().unwrap())).await;
    let visit = world.visit("Harbor Coffee").await;
    let (started, mut callback) = visit.window("xero", "alice").await;
    // B knows the service by another name.
    let kept: Vec<_> = callback
        .query_pairs()
        .filter(|(name, _)| name != "iss")
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    callback.query_pairs_mut().clear().extend_pairs(kept);
    open_at(&visit, &world, b.port, &callback);
    let (_asked, _) = silent.accept().await.unwrap();
    b.process.kill().await;

    assert_eq!(world.server.sweep().await.unwrap().exchanges, 0);
    let database = Database::open(&world).await;
    let (state, ()) = tokio::join!(visit.poll(&started, "?wait=25&after=1"), async {
        until("nobody waits", async || world.server.waiting() > 0).await;
        // The claim runs out, and the server looks for such by itself.
        database.later(time::Duration::seconds(76)).await;
    });
    assert_eq!(state.status, AuthorizationStatus::Succeeded);
    assert_eq!(world.provider.records().token_requests, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_a_killed_server_used_up_ends_in_a_way_to_try_again() {
    let provider = demo_provider::Config {
        slow_delay: Duration::from_secs(20),
        ..demo_provider::Config::default()
    };
    let Some(world) = world(provider, None).await else {
        return;
    };
    let b = other(&world, &world.provider.url).await;
    let visit = world.visit("Harbor Coffee").await;
    let (started, callback) = visit.window("xero", "sam").await;
    open_at(&visit, &world, b.port, &callback);
    let records = || world.provider.records();
    until("nobody asks", async || records().token_requests > 0).await;
    b.process.kill().await;
    let database = Database::open(&world).await;
    database.later(time::Duration::seconds(76)).await;
    let state = visit.poll(&started, "?wait=25&after=1").await;
    let failure = state.failure.unwrap();
    assert_eq!(
        (failure.code, failure.recoverable),
        (ErrorCode::Internal, true)
    );
    assert_eq!(records().token_requests, 2);
    visit.connected("xero", "alice").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_starts_again_takes_up_what_it_left_at_once() {
    let Some(world) = world(demo_provider::Config::default(), None).await else {
        return;
    };
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent_url = format!("http://{}", silent.local_addr().unwrap());
    let b = other(&world, &silent_url).await;
    let visit = world.visit("Harbor Coffee").await;
    let (started, _) = visit.window("xero", "alice").await;
    let database = Database::open(&world).await;
    let holder = std::fs::read_to_string(b.folder.path().join("data/railhead.lock")).unwrap();
    database
        .run(&format!(
            "UPDATE authorizations SET phase = 'accepted', sealed_code = 'lost', revision = revision + 1,
                 claimed_by = '{holder}', claimed_until = 9000000000000"
        ))
        .await;
    b.process.kill().await;
    assert_eq!(world.server.sweep().await.unwrap().exchanges, 0);
    let folder = b.folder;
    let b = Process::serve(folder.path(), b.port, &silent_url, "info").await;
    let state = visit.poll(&started, "?wait=25&after=1").await;
    assert_eq!(state.failure.unwrap().code, ErrorCode::Internal);
    b.kill().await;
}
