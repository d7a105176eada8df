//! The life of a connection, a year in a second.

use crate::support::database::Database;
use crate::support::visit::Visit;
use crate::support::{Setup, SharedHands, World};
use railhead_protocol::ConnectionStatus;
use railhead_server::clock::{Clock as _, ManualClock, SystemClock};
use serde_json::json;
use std::sync::Arc;
use time::Duration;
use time::macros::datetime;

/// What the workspace was told of connections, oldest first, without refreshes: days since `start`, and what.
async fn told(world: &World, start: time::OffsetDateTime) -> Vec<String> {
    let database = Database::open(world).await;
    let since = start.unix_timestamp() * 1000;
    let told = database
        .texts(&format!(
            "SELECT CAST((at - {since}) / 86400000 AS TEXT) || ' ' || kind FROM events
             WHERE kind LIKE 'connection.%' AND kind <> 'connection.refreshed' ORDER BY at"
        ))
        .await;
    told.iter()
        .map(|event| event.replace("connection.", ""))
        .collect()
}

async fn days_pass(world: &World, days: u32) {
    for _ in 0..days {
        world.clock.advance(Duration::DAY);
        // Twice at once, as two servers would.
        let (one, two) = tokio::join!(world.server.upkeep(), world.server.upkeep());
        assert!(one.is_ok() && two.is_ok());
    }
}

#[tokio::test]
async fn a_year_and_another_one() {
    // No leap day in either year.
    let start = datetime!(2025-03-01 09:30 UTC);
    let world = World::with(Setup {
        clock: Arc::new(ManualClock::new(start)),
        ..Setup::default()
    })
    .await;
    let key = world.sandbox_key();
    let visit = world.visit("Harbor Coffee").await;
    let business = format!("/v1/businesses/{}", visit.session.business.business_uuid);
    assert_eq!(world.manage(&key, &business).await.1["status"], "new");
    let connection = visit.connected("xero", "alice").await;
    let path = format!("/v1/connections/{}", connection.connection_id);
    assert_eq!(world.manage(&key, &business).await.1["status"], "active");

    days_pass(&world, 364).await;
    assert_eq!(world.manage(&key, &path).await.1["status"], "active");
    days_pass(&world, 6).await;
    let database = Database::open(&world).await;
    let written = database.texts("SELECT status FROM connections").await;
    assert_eq!(written, ["expired"]);
    assert_eq!(
        database.texts("SELECT status FROM businesses").await,
        ["inactive"]
    );
    let days = connection_days(&connection.created_at, &connection.expires_at);
    assert_eq!(days, 365);
    let first_year = ["0 created", "335 expiring", "358 expiring", "365 expired"];
    assert_eq!(told(&world, start).await, first_year);

    let visit = world.visit("Harbor Coffee").await;
    assert_eq!(
        visit.session.connections[0].status,
        ConnectionStatus::Expired
    );
    let body = json!({ "serviceName": "xero", "connectionId": connection.connection_id });
    let (state, _) = visit.connect(body, "alice", "allow").await;
    let renewed = state.connection.unwrap();
    assert_eq!(renewed.connection_id, connection.connection_id);
    assert_eq!(world.manage(&key, &business).await.1["status"], "active");
    days_pass(&world, 370).await;
    let both_years = [
        &first_year[..],
        &["370 updated", "705 expiring", "728 expiring", "735 expired"],
    ]
    .concat();
    assert_eq!(told(&world, start).await, both_years);
}

fn connection_days(from: &str, to: &str) -> i64 {
    let parse = |text: &str| {
        let format = &time::format_description::well_known::Rfc3339;
        time::OffsetDateTime::parse(text, format).unwrap()
    };
    (parse(to) - parse(from)).whole_days()
}

#[tokio::test]
async fn a_notice_that_was_slept_through_comes_late_and_one_that_is_overtaken_does_not_come() {
    let world = World::new().await;
    let start = world.clock.now();
    let visit = world.visit("Harbor Coffee").await;
    visit.connected("xero", "alice").await;
    world.clock.advance(Duration::days(340));
    days_pass(&world, 1).await;
    assert_eq!(told(&world, start).await, ["0 created", "341 expiring"]);
    // Back by ten minutes, and again forward: nothing is said twice.
    world.clock.advance(Duration::minutes(-10));
    world.server.upkeep().await.unwrap();
    days_pass(&world, 16).await;
    assert_eq!(told(&world, start).await.len(), 2);
    world.clock.advance(Duration::days(30));
    world.server.upkeep().await.unwrap();
    assert_eq!(
        told(&world, start).await[1..],
        ["341 expiring", "386 expired"]
    );
    world.clock.advance(Duration::minutes(-10));
    world.server.upkeep().await.unwrap();
    assert_eq!(told(&world, start).await.len(), 3);
}

#[tokio::test]
async fn a_connection_lasts_no_longer_than_the_service_lets_it() {
    let world = World::new().await;
    let start = world.clock.now();
    let visit = world.visit("Harbor Coffee").await;
    let body = json!({ "serviceName": "netsuite", "fields": { "account_id": "1234567" } });
    let (state, _) = visit.connect(body, "alice", "allow").await;
    let connection = state.connection.unwrap();
    assert_eq!(
        connection_days(&connection.authorized_at, &connection.expires_at),
        7
    );
    days_pass(&world, 8).await;
    assert_eq!(
        told(&world, start).await,
        ["0 created", "6 expiring", "7 expired"]
    );
}

#[tokio::test]
async fn credentials_that_are_over_are_forgotten_after_90_days_and_the_connection_lives_on() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let connection = visit.connected("xero", "alice").await;
    let database = Database::open(&world).await;
    let sealed = "SELECT id FROM connections WHERE sealed_credentials IS NOT NULL";
    world.clock.advance(Duration::days(365 + 89));
    world.server.upkeep().await.unwrap();
    assert_eq!(database.texts(sealed).await.len(), 1);
    world.clock.advance(Duration::days(1));
    world.server.upkeep().await.unwrap();
    assert!(database.texts(sealed).await.is_empty());
    let visit = world.visit("Harbor Coffee").await;
    let revived = visit.connected("xero", "alice").await;
    assert_eq!(revived.connection_id, connection.connection_id);
    assert_eq!(database.texts(sealed).await.len(), 1);
}

#[tokio::test]
async fn a_provider_ten_minutes_off_changes_nothing() {
    for off in [-10, 10] {
        let clock = Arc::new(ManualClock::new(SystemClock.now()));
        let provider = demo_provider::Config {
            clock: Arc::new(SharedHands(clock.clone(), Duration::minutes(off))),
            access_token_lifetime: std::time::Duration::from_mins(5),
            ..demo_provider::Config::default()
        };
        let setup = Setup {
            provider,
            clock,
            ..Setup::default()
        };
        let world = World::with(setup).await;
        let key = world.sandbox_key();
        let visit = world.visit("Harbor Coffee").await;
        let connection = visit.connected("xero", "alice").await;
        let path = format!("/v1/connections/{}/credentials", connection.connection_id);
        for _ in 0..5 {
            world.clock.advance(Duration::minutes(2));
            let (_, credentials) = world.manage(&key, &path).await;
            let token = credentials["accessToken"].as_str().unwrap();
            let accounts = format!("{}/xero/accounts", world.provider.url);
            let request = crate::support::http().get(accounts).bearer_auth(token);
            assert_eq!(request.send().await.unwrap().status(), 200, "{off} minutes");
        }
    }
}

#[tokio::test]
async fn two_windows_that_reauthorize_one_connection_at_once_leave_one() {
    let world = World::new().await;
    let key = world.sandbox_key();
    let first = world
        .visit("Harbor Coffee")
        .await
        .connected("xero", "alice")
        .await;
    world.clock.advance(Duration::days(366));
    world.server.upkeep().await.unwrap();
    let one = world.visit("Harbor Coffee").await;
    let two = Visit::begin(&world, "wid_sandbox", Some("Harbor Coffee")).await;
    let body = json!({ "serviceName": "xero", "connectionId": first.connection_id });
    let (a, a_callback) = one.up_to_callback(body.clone(), "alice", "allow").await;
    let (b, b_callback) = two.up_to_callback(body, "alice", "allow").await;
    tokio::join!(one.browser.open(&a_callback), two.browser.open(&b_callback));
    for state in [one.state(&a).await, two.state(&b).await] {
        let connection = state.connection.map(|connection| connection.connection_id);
        assert_eq!(connection.as_ref(), Some(&first.connection_id));
    }
    let (_, all) = world.manage(&key, "/v1/connections").await;
    assert_eq!(all["data"].as_array().unwrap().len(), 1);
    // The tokens that are kept are those of one of the two, and they work.
    world
        .clock
        .advance(Duration::minutes(59) + Duration::seconds(30));
    let path = format!("/v1/connections/{}/credentials", first.connection_id);
    assert_eq!(world.manage(&key, &path).await.0, 200);
}
