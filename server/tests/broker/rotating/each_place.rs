//! Every kind of value that is sealed gets the new key and goes on being of use.

use super::{all_open, keys, restarted, vault};
use crate::support::busy::connect;
use crate::support::database::Database;
use crate::support::switch::Switch;
use crate::support::{World, answered, create_key, http};
use railhead_protocol::Environment;
use reqwest::Method;
use serde_json::{Value, json};

/// Where there is a sealed value.
const PLACES: [(&str, &str); 9] = [
    ("widgets", "sealed_signing_secret"),
    ("connections", "sealed_credentials"),
    ("revocations", "sealed_credentials"),
    ("authorizations", "sealed_code"),
    ("authorizations", "sealed_verifier"),
    ("service_clients", "sealed_secret"),
    ("webhooks", "sealed_secret"),
    ("webhooks", "sealed_previous_secret"),
    ("idempotency_keys", "sealed_answer"),
];

async fn create_business(world: &World, key: &str) -> (u16, Value) {
    let request = http().post(world.url("/v1/businesses")).bearer_auth(key);
    let body = json!({ "businessName": "Harbor Books" }).to_string();
    let request = request.header("idempotency-key", "once").body(body);
    answered(request.send().await.unwrap()).await
}

/// Has everything sealed that does not last for a moment only.
async fn fill(world: &World, switch: &Switch, key: &str) {
    let ended = connect(world, "Harbor Tea").await;
    switch.cut();
    let path = format!("/v1/connections/{ended}/disconnect");
    let (_, answer) = world.ask(Method::POST, key, &path, Value::Null).await;
    assert_eq!(answer["revocation"], "pending");
    switch.mend();
    let client = json!({ "clientId": "mine", "clientSecret": "s3cret" });
    let production = create_key(world.folder.path(), Environment::Production, "default");
    let path = "/v1/services/wave/client";
    let set = world.ask(Method::PUT, &production, path, client);
    assert_eq!(set.await.0, 200);
    let endpoint = json!({ "url": "https://lender.test/hooks" });
    let (_, made) = world.ask(Method::POST, key, "/v1/webhooks", endpoint).await;
    let path = format!(
        "/v1/webhooks/{}/rotate-secret",
        made["webhookId"].as_str().unwrap()
    );
    let rotated = world.ask(Method::POST, key, &path, Value::Null).await;
    assert_eq!(rotated.0, 200, "{}", rotated.1);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_place_gets_the_new_key_an_exchange_under_way_included() {
    let (world, switch) = Switch::world().await;
    let key = world.sandbox_key();
    fill(&world, &switch, &key).await;
    let connection = connect(&world, "Harbor Coffee").await;
    let created = create_business(&world, &key).await;
    // Its tokens take three seconds, for which the code is kept.
    let visit = world.visit("Harbor Wine").await;
    let before = world.provider.records().token_requests;
    let (started, callback) = visit.window("xero", "sam").await;
    let browser = visit.browser.clone();
    let opening = tokio::spawn(async move { browser.open(&callback).await });
    while world.provider.records().token_requests == before {
        tokio::task::yield_now().await;
    }
    let database = Database::open(&world).await;
    for (table, column) in PLACES {
        let kept = format!("SELECT id FROM {table} WHERE {column} IS NOT NULL");
        assert_ne!(database.count(&kept).await, 0, "{table}.{column}");
    }
    let folder = world.folder.path().to_owned();
    let rotating = move || vault(&folder, &["rotate", "--same-file"]);
    let (succeeded, shown) = tokio::task::spawn_blocking(rotating).await.unwrap();
    assert!(succeeded, "{shown}");
    opening.await.unwrap();
    assert!(visit.state(&started).await.connection.is_some());

    let folder = world.folder.path();
    all_open(folder);
    assert_eq!(keys(folder)[1].1, 0);
    // With the new key alone.
    let file = folder.join("data/vault.key");
    let text = std::fs::read_to_string(&file).unwrap();
    let old = format!("{} =", keys(folder)[1].0);
    let kept: Vec<_> = text
        .lines()
        .filter(|line| !line.starts_with(&old))
        .collect();
    std::fs::write(&file, kept.join("\n")).unwrap();
    all_open(folder);
    assert_eq!(create_business(&world, &key).await, created, "replayed");
    let world = restarted(world).await.unwrap();
    let path = format!("/v1/connections/{connection}/credentials");
    assert_eq!(world.manage(&key, &path).await.0, 200);
}
