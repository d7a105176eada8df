//! Requests that are sent twice are done once.

use crate::support::database::Database;
use crate::support::{Setup, World, answered, config, http, told};
use futures_util::future::join_all;
use railhead_server::entropy::SystemEntropy;
use railhead_server::server::{Parts, start};
use reqwest::Response;
use serde_json::{Value, json};
use std::sync::Arc;
use time::Duration;

async fn post(world: &World, key: &str, path: &str, idempotency: &str, body: &Value) -> Response {
    let request = http().post(world.url(path)).bearer_auth(key);
    let request = request
        .header("idempotency-key", idempotency)
        .body(body.to_string());
    request.send().await.unwrap()
}

fn is_replayed(response: &Response) -> bool {
    response
        .headers()
        .get("idempotent-replayed")
        .is_some_and(|value| value == "true")
}

async fn count(world: &World, key: &str, path: &str) -> usize {
    world.manage(key, path).await.1["data"]
        .as_array()
        .unwrap()
        .len()
}

#[tokio::test]
async fn the_same_request_has_the_same_answer_for_a_day() {
    let world = World::new().await;
    let key = world.sandbox_key();
    let body = json!({ "name": "reports" });
    let first = post(&world, &key, "/v1/keys", "k-1", &body).await;
    assert!(!is_replayed(&first));
    let first = answered(first).await;
    assert_eq!(first.0, 201, "{}", first.1);
    world.clock.advance(Duration::hours(23));
    let again = post(&world, &key, "/v1/keys", "k-1", &body).await;
    assert!(is_replayed(&again));
    assert_eq!(again.headers()["content-type"], "application/json");
    assert_eq!(answered(again).await, first);
    assert_eq!(
        count(&world, &key, "/v1/keys").await,
        2,
        "with the one that asks"
    );

    let kept = Database::open(&world)
        .await
        .texts("SELECT sealed_answer FROM idempotency_keys")
        .await;
    assert!(!kept[0].contains("rk_test_"), "{kept:?}");
    world.clock.advance(Duration::HOUR);
    assert_eq!(world.server.sweep().await.unwrap().answers, 1);
    let late = post(&world, &key, "/v1/keys", "k-1", &body).await;
    assert!(!is_replayed(&late));
    assert_ne!(answered(late).await.1["apiKey"], first.1["apiKey"]);
}

#[tokio::test]
async fn a_key_is_for_one_request_of_one_caller() {
    let world = World::new().await;
    let key = world.sandbox_key();
    let body = json!({ "businessName": "Harbor Coffee" });
    assert_eq!(
        post(&world, &key, "/v1/businesses", "k-1", &body)
            .await
            .status(),
        201
    );
    let other = json!({ "businessName": "Quayside" });
    for (caller, path, body) in [
        (&key, "/v1/businesses", &other),
        (&key, "/v1/widgets", &body),
        // Its answer may be one that another API key must not see.
        (&world.sandbox_key(), "/v1/businesses", &body),
    ] {
        let refused = answered(post(&world, caller, path, "k-1", body).await).await;
        assert_eq!(
            told(&refused),
            "422 idempotency_key_reused Idempotency-Key: This idempotency key was sent with another request, or by another API key."
        );
    }
    let elsewhere = crate::support::create_key(
        world.folder.path(),
        railhead_protocol::Environment::Sandbox,
        "other",
    );
    assert_eq!(
        post(&world, &elsewhere, "/v1/businesses", "k-1", &other)
            .await
            .status(),
        201
    );
}

#[tokio::test]
async fn a_refusal_is_kept_like_any_answer() {
    let world = World::new().await;
    let key = world.sandbox_key();
    let body = json!({ "businessName": "100%" });
    let (first, again) = (
        post(&world, &key, "/v1/businesses", "k-1", &body).await,
        post(&world, &key, "/v1/businesses", "k-1", &body).await,
    );
    assert!(is_replayed(&again));
    assert_eq!(again.headers()["content-type"], "application/problem+json");
    let (first, again) = (answered(first).await, answered(again).await);
    assert_eq!(told(&first), told(&again));
    assert_ne!(first.1["requestId"], again.1["requestId"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_one_is_done() {
    let world = World::new().await;
    let key = world.sandbox_key();
    let body = json!({});
    let sent = (0..20).map(|_| post(&world, &key, "/v1/businesses", "k-1", &body));
    let mut names = Vec::new();
    for response in join_all(sent).await {
        let retry_after = response.headers().get("retry-after").cloned();
        let (status, answer) = answered(response).await;
        if status == 201 {
            names.push(answer["businessName"].clone());
        } else {
            assert_eq!(
                (status, &answer["code"]),
                (409, &json!("idempotency_in_progress"))
            );
            assert_eq!(retry_after.unwrap(), "1");
        }
    }
    names.dedup();
    assert_eq!(names.len(), 1, "{names:?}");
    assert_eq!(count(&world, &key, "/v1/businesses").await, 1);
}

#[tokio::test]
async fn a_claim_whose_server_died_is_free_after_a_minute() {
    let world = World::new().await;
    let key = world.sandbox_key();
    let database = Database::open(&world).await;
    post(&world, &key, "/v1/businesses", "k-1", &json!({})).await;
    database
        .run("UPDATE idempotency_keys SET sealed_answer = NULL")
        .await;
    assert_eq!(
        post(&world, &key, "/v1/businesses", "k-1", &json!({}))
            .await
            .status(),
        409
    );
    world.clock.advance(Duration::MINUTE);
    assert_eq!(
        post(&world, &key, "/v1/businesses", "k-1", &json!({}))
            .await
            .status(),
        201
    );
}

#[tokio::test]
async fn a_failure_of_the_server_is_not_kept() {
    let world = World::new().await;
    let key = world.sandbox_key();
    let database = Database::open(&world).await;
    database.lose("businesses").await;
    assert_eq!(
        post(&world, &key, "/v1/businesses", "k-1", &json!({}))
            .await
            .status(),
        500
    );
    database.give_back("businesses").await;
    let again = post(&world, &key, "/v1/businesses", "k-1", &json!({})).await;
    assert!(!is_replayed(&again));
    assert_eq!(again.status(), 201);
}

#[tokio::test]
async fn another_server_knows_the_answer() {
    let Some(database) = crate::support::postgres::database().await else {
        return;
    };
    let url = database.clone();
    let world = World::with(Setup {
        configure: Box::new(move |config| config.database = Some(url.as_str().parse().unwrap())),
        ..Setup::default()
    })
    .await;
    crate::support::process::use_database(world.folder.path(), &database);
    let key = crate::support::create_key(
        world.folder.path(),
        railhead_protocol::Environment::Sandbox,
        "default",
    );
    let second = start(Parts {
        config: config(world.folder.path(), &world.provider.url),
        clock: world.clock.clone(),
        entropy: Arc::new(SystemEntropy),
    })
    .await
    .unwrap();
    let first = answered(post(&world, &key, "/v1/businesses", "k-1", &json!({})).await).await;
    let url = second.public_url.join("/v1/businesses").unwrap();
    let request = http()
        .post(url)
        .bearer_auth(&key)
        .header("idempotency-key", "k-1")
        .body("{}");
    let again = request.send().await.unwrap();
    assert!(is_replayed(&again));
    assert_eq!(answered(again).await, first);
    second.stop().await;
}

#[tokio::test]
async fn refuses_keys_that_cannot_be() {
    let world = World::new().await;
    let key = world.sandbox_key();
    for bad in ["", "a b", "\u{e9}", &"x".repeat(256)] {
        let refused = answered(post(&world, &key, "/v1/businesses", bad, &json!({})).await).await;
        assert_eq!(
            (refused.0, &refused.1["field"]),
            (400, &json!("Idempotency-Key")),
            "{bad:?}"
        );
    }
    let request = http().get(world.url("/v1/businesses")).bearer_auth(&key);
    let read = request.header("idempotency-key", "a b").send().await;
    assert_eq!(read.unwrap().status(), 200, "it means nothing there");
    let longest = "x".repeat(255);
    assert_eq!(
        post(&world, &key, "/v1/businesses", &longest, &json!({}))
            .await
            .status(),
        201
    );
}
