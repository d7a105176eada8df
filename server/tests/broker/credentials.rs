//! Fresh access tokens for the company's server.

use crate::support::{Setup, World, answered, config, http};
use futures_util::future::join_all;
use railhead_server::entropy::SystemEntropy;
use railhead_server::server::Parts;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;

async fn world(lifetime: Duration) -> World {
    let provider = demo_provider::Config {
        access_token_lifetime: lifetime,
        ..demo_provider::Config::default()
    };
    World::with(Setup {
        provider,
        ..Setup::default()
    })
    .await
}

fn refreshes(world: &World) -> u64 {
    world
        .provider
        .records()
        .grants
        .iter()
        .map(|grant| grant.refresh_requests)
        .sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_readers_of_a_token_about_to_run_out_make_one_refresh() {
    let world = world(Duration::from_mins(10)).await;
    let key = world.sandbox_key();
    let connection = world
        .visit("Harbor Coffee")
        .await
        .connected("xero", "alice")
        .await;
    let path = format!("/v1/connections/{}/credentials", connection.connection_id);
    let (_, first) = world.manage(&key, &path).await;
    assert_eq!(refreshes(&world), 0, "it is good for ten minutes");

    world.clock.advance(time::Duration::seconds(541));
    let answers = join_all((0..50).map(|_| world.manage(&key, &path))).await;
    assert_eq!(refreshes(&world), 1);
    let tokens: Vec<&Value> = answers
        .iter()
        .map(|(_, credentials)| &credentials["accessToken"])
        .collect();
    assert!(answers.iter().all(|(status, _)| *status == 200));
    assert!(
        tokens
            .iter()
            .all(|token| *token == tokens[0] && **token != first["accessToken"])
    );

    world.clock.advance(time::Duration::seconds(560));
    let (_, third) = world.manage(&key, &path).await;
    assert_eq!(refreshes(&world), 2, "the rotated refresh token was kept");
    assert_ne!(&third["accessToken"], tokens[0]);
}

#[tokio::test]
async fn a_refused_refresh_makes_the_connection_invalid_until_it_is_authorized_again() {
    let world = world(Duration::from_mins(10)).await;
    let key = world.sandbox_key();
    let connection = world
        .visit("Harbor Coffee")
        .await
        .connected("xero", "rita")
        .await;
    world.clock.advance(time::Duration::seconds(599));
    let path = format!("/v1/connections/{}", connection.connection_id);
    let (status, problem) = world.manage(&key, &format!("{path}/credentials")).await;
    assert_eq!(
        (status, problem["code"].as_str()),
        (409, Some("connection_not_active"))
    );
    let (_, invalid) = world.manage(&key, &path).await;
    assert_eq!(invalid["status"], "invalid");
    assert_eq!(invalid["disconnectReason"], "reauthorization_required");
    let (_, business) = world
        .manage(
            &key,
            &format!("/v1/businesses/{}", connection.business_uuid),
        )
        .await;
    assert_eq!(business["status"], "inactive");

    let revived = world
        .visit("Harbor Coffee")
        .await
        .connected("xero", "alice")
        .await;
    assert_eq!(revived.connection_id, connection.connection_id);
    assert_eq!(revived.disconnect_reason, None);
    assert_eq!(
        world.manage(&key, &format!("{path}/credentials")).await.0,
        200
    );
}

#[tokio::test]
async fn a_service_that_is_away_leaves_the_connection_as_it_is() {
    let world = world(Duration::from_mins(10)).await;
    let key = world.sandbox_key();
    let connection = world
        .visit("Harbor Coffee")
        .await
        .connected("xero", "alice")
        .await;
    let World {
        server,
        provider,
        clock,
        folder,
        ..
    } = world;
    let path = format!("/v1/connections/{}", connection.connection_id);
    let ask = async |path: &str| {
        let url = server.public_url.join(path).unwrap();
        let request = crate::support::http().get(url).bearer_auth(&key);
        crate::support::answered(request.send().await.unwrap()).await
    };
    provider.stop().await;
    clock.advance(time::Duration::seconds(570));
    let (status, _) = ask(&format!("{path}/credentials")).await;
    assert_eq!(status, 200, "the token in hand is good for 30 seconds more");
    clock.advance(time::Duration::seconds(31));
    let (status, problem) = ask(&format!("{path}/credentials")).await;
    assert_eq!(
        (status, problem["code"].as_str()),
        (502, Some("service_unavailable"))
    );
    assert_eq!(ask(&path).await.1["status"], "active");
    drop(folder);
}

#[tokio::test]
async fn a_service_taken_out_of_the_configuration_leaves_tokens_that_are_still_good() {
    let world = world(Duration::from_mins(10)).await;
    let key = world.sandbox_key();
    let connection = world
        .visit("Harbor Coffee")
        .await
        .connected("xero", "alice")
        .await;
    let World {
        server,
        provider,
        clock,
        folder,
        machine,
    } = world;
    server.stop().await;
    let mut config = config(folder.path(), &provider.url);
    config.sandbox.provider_url = None;
    let parts = Parts {
        config,
        clock: clock.clone(),
        entropy: Arc::new(SystemEntropy),
    };
    let server = machine.start(parts).await.unwrap();
    let path = format!("/v1/connections/{}/credentials", connection.connection_id);
    let url = server.public_url.join(&path).unwrap();
    let ask = async || {
        answered(
            http()
                .get(url.clone())
                .bearer_auth(&key)
                .send()
                .await
                .unwrap(),
        )
        .await
    };
    clock.advance(time::Duration::seconds(595));
    assert_eq!(ask().await.0, 200, "it is good for five seconds more");
    clock.advance(time::Duration::seconds(5));
    let (status, problem) = ask().await;
    assert_eq!(
        (status, problem["code"].as_str()),
        (409, Some("service_not_offered"))
    );
    let detail = problem["detail"].as_str().unwrap();
    assert!(
        detail.contains("no `sandbox.provider_url` is configured"),
        "{detail}"
    );
}
