//! Killed at any moment, started again: the end user finishes.

use crate::support::create_widget;
use crate::support::postgres;
use crate::support::process::{Process, free_port};
use crate::support::remote::Visit;
use railhead_protocol::Environment;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    create_widget(
        folder.path(),
        "wid_sandbox",
        Environment::Sandbox,
        "default",
        &[],
    );
    folder
}

async fn provider(slow: Duration) -> demo_provider::Running {
    let config = demo_provider::Config {
        slow_delay: slow,
        ..demo_provider::Config::default()
    };
    demo_provider::Provider::start(config).await.unwrap()
}

async fn serve(folder: &Path, port: u16, provider: &demo_provider::Running) -> Process {
    Process::serve(folder, port, &provider.url, "info").await
}

#[tokio::test]
async fn the_end_user_finishes_although_the_server_was_killed_while_the_window_was_open() {
    let (folder, port) = (folder(), free_port());
    let provider = provider(Duration::ZERO).await;
    let server = serve(folder.path(), port, &provider).await;
    let visit = Visit::begin(port).await;
    let (id, callback) = visit.up_to_callback("alice").await;
    server.kill().await;

    let server = serve(folder.path(), port, &provider).await;
    let (state, done) = tokio::join!(visit.poll(&id), visit.browser.open(&callback));
    assert_eq!(state["status"], "succeeded", "{state}");
    assert!(done.html.contains("Xero is connected"), "{}", done.html);
    assert_eq!(provider.records().token_requests, 1);
    server.kill().await;
}

#[tokio::test]
async fn an_accepted_callback_is_taken_up_again_after_a_kill() {
    let (folder, port) = (folder(), free_port());
    let provider = provider(Duration::from_secs(3)).await;
    let server = serve(folder.path(), port, &provider).await;
    let visit = Visit::begin(port).await;
    let (id, callback) = visit.up_to_callback("sam").await;
    let browser = visit.browser.clone();
    let waiting = tokio::spawn(async move { browser.try_open(&callback).await });
    while provider.records().token_requests == 0 {
        tokio::task::yield_now().await;
    }
    server.kill().await;
    assert!(
        waiting.await.unwrap().is_err(),
        "the window's request died with the server"
    );

    // The service has used the code up, so the exchange can't succeed a second time; the end user is told so.
    let server = serve(folder.path(), port, &provider).await;
    let state = visit.poll(&id).await;
    assert_eq!(state["status"], "failed", "{state}");
    assert_eq!(state["failure"]["code"], "internal");
    let told = state["failure"]["message"].as_str().unwrap();
    assert!(told.contains("interrupted"), "{told}");
    assert_eq!(state["failure"]["recoverable"], true);
    assert_eq!(provider.records().token_requests, 2);
    let (again, callback) = visit.up_to_callback("alice").await;
    visit.browser.open(&callback).await;
    assert_eq!(visit.poll(&again).await["status"], "succeeded");
    server.kill().await;
}

#[tokio::test]
async fn sigterm_lets_an_exchange_under_way_finish() {
    let (folder, port) = (folder(), free_port());
    let provider = provider(Duration::from_secs(2)).await;
    let server = serve(folder.path(), port, &provider).await;
    let visit = Visit::begin(port).await;
    let (id, callback) = visit.up_to_callback("sam").await;
    let browser = visit.browser.clone();
    let waiting = tokio::spawn(async move { browser.try_open(&callback).await });
    while provider.records().token_requests == 0 {
        tokio::task::yield_now().await;
    }
    let (code, log) = server.terminate().await;
    assert_eq!(code, Some(0), "{log}");
    drop(waiting.await.unwrap());

    let server = serve(folder.path(), port, &provider).await;
    assert_eq!(visit.poll(&id).await["status"], "succeeded");
    assert_eq!(provider.records().token_requests, 1);
    server.kill().await;
}

#[tokio::test]
async fn two_servers_never_share_one_data_directory() {
    let (folder, port) = (folder(), free_port());
    let provider = provider(Duration::ZERO).await;
    let server = serve(folder.path(), port, &provider).await;
    let second = tokio::process::Command::new(env!("CARGO_BIN_EXE_railhead"))
        .arg("serve")
        .env_remove(postgres::SERVER)
        .env_remove(postgres::STORE)
        .env("RAILHEAD_DATA_DIR", folder.path().join("data"))
        .env("RAILHEAD_LISTEN", "127.0.0.1:0")
        .output()
        .await
        .unwrap();
    assert!(!second.status.success());
    let said = String::from_utf8(second.stderr).unwrap();
    assert!(
        said.contains("another server uses the data directory"),
        "{said}"
    );
    server.kill().await;
}
