//! Authorizing again: the same account keeps its connection, another account changes nothing.

use crate::support::World;
use crate::support::visit::Visit;
use railhead_protocol::{AuthorizationStatus, ConnectionStatus, ErrorCode};
use reqwest::Method;
use serde_json::{Value, json};

async fn credentials(world: &World, key: &str, connection: &str) -> Value {
    world
        .manage(key, &format!("/v1/connections/{connection}/credentials"))
        .await
        .1
}

#[tokio::test]
async fn reauthorizing_keeps_the_connection_and_extends_it_by_twelve_months() {
    let world = World::new().await;
    let key = world.sandbox_key();
    let first = world
        .visit("Harbor Coffee")
        .await
        .connected("xero", "alice")
        .await;
    let before = credentials(&world, &key, &first.connection_id).await;
    world.clock.advance(time::Duration::days(300));

    let visit = world.visit("Harbor Coffee").await;
    assert_eq!(
        visit.session.connections[0].connection_id,
        first.connection_id
    );
    let body = json!({ "serviceName": "xero", "connectionId": first.connection_id });
    let (state, _) = visit.connect(body, "alice", "allow").await;
    let renewed = state.connection.unwrap();
    assert_eq!(renewed.connection_id, first.connection_id);
    assert_eq!(renewed.created_at, first.created_at);
    assert!(renewed.expires_at > first.expires_at);
    let after = credentials(&world, &key, &first.connection_id).await;
    assert_ne!(before["accessToken"], after["accessToken"]);
    let (_, all) = world.manage(&key, "/v1/connections").await;
    assert_eq!(all["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_expired_connection_is_revived_by_connecting_the_same_account() {
    let world = World::new().await;
    let key = world.sandbox_key();
    let first = world
        .visit("Harbor Coffee")
        .await
        .connected("xero", "alice")
        .await;
    world.clock.advance(time::Duration::days(366));
    let visit = world.visit("Harbor Coffee").await;
    assert_eq!(
        visit.session.connections[0].status,
        ConnectionStatus::Expired
    );
    let (status, problem) = world
        .manage(
            &key,
            &format!("/v1/connections/{}/credentials", first.connection_id),
        )
        .await;
    assert_eq!(
        (status, problem["code"].as_str()),
        (409, Some("connection_not_active"))
    );
    let (_, expired) = world.manage(&key, "/v1/connections?status=expired").await;
    assert_eq!(
        expired["data"][0]["connectionId"],
        first.connection_id.as_str()
    );

    let revived = visit.connected("xero", "alice").await;
    assert_eq!(revived.connection_id, first.connection_id);
    assert_eq!(revived.status, ConnectionStatus::Active);
}

#[tokio::test]
async fn another_account_is_refused_and_overwrites_nothing() {
    let world = World::new().await;
    let key = world.sandbox_key();
    let visit = world.visit("Harbor Coffee").await;
    let first = visit.connected("xero", "alice").await;
    let before = credentials(&world, &key, &first.connection_id).await;

    let body = json!({ "serviceName": "xero", "connectionId": first.connection_id });
    let (started, callback) = visit.up_to_callback(body, "olga", "allow").await;
    visit.browser.open(&callback).await;
    let (status, answer) = visit.choose(&started, "org_harbor_roastery").await;
    assert_eq!(
        (status, answer["failure"]["code"].as_str()),
        (200, Some("wrong_account"))
    );

    assert_eq!(
        credentials(&world, &key, &first.connection_id).await,
        before
    );
    let (_, all) = world.manage(&key, "/v1/connections").await;
    assert_eq!(all["data"].as_array().unwrap().len(), 1);
    assert_eq!(all["data"][0]["account"]["accountId"], "org_harbor_coffee");
}

#[tokio::test]
async fn the_same_account_twice_is_a_duplicate_and_a_second_account_is_not() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    visit.connected("xero", "alice").await;
    let (state, done) = visit
        .connect(json!({ "serviceName": "xero" }), "alice", "allow")
        .await;
    assert_eq!(state.failure.unwrap().code, ErrorCode::DuplicateAccount);
    assert!(done.html.contains("connected already"), "{}", done.html);

    let (started, callback) = visit.window("xero", "olga").await;
    visit.browser.open(&callback).await;
    visit.choose(&started, "org_quayside_events").await;
    assert_eq!(
        visit.state(&started).await.status,
        AuthorizationStatus::Succeeded
    );
    assert_eq!(
        world.visit("Harbor Coffee").await.session.connections.len(),
        2
    );
    // Another business may connect the same account.
    world
        .visit("Quayside")
        .await
        .connected("xero", "alice")
        .await;
}

#[tokio::test]
async fn only_a_connection_of_this_business_and_service_can_be_renewed() {
    let world = World::new().await;
    let other = world
        .visit("Quayside")
        .await
        .connected("xero", "alice")
        .await;
    let visit = world.visit("Harbor Coffee").await;
    let own = visit.connected("xero", "alice").await;
    for (service, connection) in [
        ("xero", other.connection_id.as_str()),
        ("wave", &own.connection_id),
        ("xero", "con_none"),
    ] {
        let body = json!({ "serviceName": service, "connectionId": connection });
        let (status, problem) = visit
            .call(Method::POST, "/v1/connect/authorizations", Some(body))
            .await;
        assert_eq!(
            (status, problem["code"].as_str()),
            (404, Some("connection_not_found"))
        );
        assert_eq!(problem["field"], "connectionId");
    }
}

#[tokio::test]
async fn two_windows_connecting_one_account_make_one_connection() {
    let world = World::new().await;
    let one = world.visit("Harbor Coffee").await;
    let two = Visit::begin(&world, "wid_sandbox", Some("Harbor Coffee")).await;
    let body = json!({ "serviceName": "xero" });
    let (first, first_callback) = one.up_to_callback(body.clone(), "alice", "allow").await;
    let (second, second_callback) = two.up_to_callback(body, "alice", "allow").await;
    tokio::join!(
        one.browser.open(&first_callback),
        two.browser.open(&second_callback)
    );
    let states = [one.state(&first).await, two.state(&second).await];
    let succeeded = states
        .iter()
        .filter(|state| state.connection.is_some())
        .count();
    let duplicates = states.iter().filter_map(|state| state.failure.as_ref());
    assert_eq!(succeeded, 1);
    assert!(
        duplicates
            .map(|failure| failure.code)
            .eq([ErrorCode::DuplicateAccount])
    );
}
