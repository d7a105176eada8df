//! Refresh tokens that would end unused, kept alive by the job of every minute.

use crate::support::database::Database;
use crate::support::{Setup, SharedHands, World, config};
use railhead_server::clock::{Clock as _, ManualClock, SystemClock};
use railhead_server::entropy::SystemEntropy;
use railhead_server::server::{Parts, start};
use std::collections::HashSet;
use std::sync::Arc;
use time::Duration;

/// A world whose provider goes by the same clock and ends refresh tokens that were not used for 60 days.
async fn world() -> World {
    let clock = Arc::new(ManualClock::new(SystemClock.now()));
    let provider = demo_provider::Config {
        refresh_token_idle: Some(std::time::Duration::from_hours(60 * 24)),
        clock: Arc::new(SharedHands(clock.clone(), Duration::ZERO)),
        ..demo_provider::Config::default()
    };
    World::with(Setup {
        provider,
        clock,
        ..Setup::default()
    })
    .await
}

fn refreshes(world: &World) -> u64 {
    let grants = world.provider.records().grants;
    grants.iter().map(|grant| grant.refresh_requests).sum()
}

#[tokio::test]
async fn a_connection_nobody_reads_for_eleven_months_still_works() {
    let world = world().await;
    let key = world.sandbox_key();
    let visit = world.visit("Harbor Coffee").await;
    let connection = visit.connected("xero", "alice").await;
    for _ in 0..335 {
        world.clock.advance(Duration::DAY);
        world.server.upkeep().await.unwrap();
    }
    // Every 22.5 to 30 days, seen to once a day.
    assert!(
        (10..=15).contains(&refreshes(&world)),
        "{}",
        refreshes(&world)
    );
    let path = format!("/v1/connections/{}/credentials", connection.connection_id);
    assert_eq!(world.manage(&key, &path).await.0, 200);
}

#[tokio::test]
async fn a_server_that_was_away_for_too_long_says_that_the_credentials_ran_out() {
    let world = world().await;
    let key = world.sandbox_key();
    let visit = world.visit("Harbor Coffee").await;
    let connection = visit.connected("xero", "alice").await;
    world.clock.advance(Duration::days(61));
    world.server.upkeep().await.unwrap();
    let path = format!("/v1/connections/{}", connection.connection_id);
    let (_, shown) = world.manage(&key, &path).await;
    assert_eq!(
        (&shown["status"], &shown["disconnectReason"]),
        (&"invalid".into(), &"expired_credentials".into())
    );
}

#[tokio::test]
async fn connections_made_at_once_are_renewed_at_moments_spread_out_and_once_each() {
    let world = world().await;
    let key = world.sandbox_key();
    for name in 0..10 {
        let visit = world.visit(&format!("Business {name}")).await;
        visit.connected("xero", "alice").await;
    }
    let database = Database::open(&world).await;
    let planned = "SELECT CAST(next_refresh_at - authorized_at AS TEXT) FROM connections";
    let planned = database.texts(planned).await;
    assert_eq!(
        planned.iter().collect::<HashSet<_>>().len(),
        10,
        "{planned:?}"
    );
    let days = |millis: &String| millis.parse::<f64>().unwrap() / 86_400_000.0;
    assert!(
        planned
            .iter()
            .map(days)
            .all(|days| (22.4..=30.0).contains(&days)),
        "{planned:?}"
    );

    // Two servers where the database can be shared; the same job twice at once in any case.
    let parts = Parts {
        config: config(world.folder.path(), &world.provider.url),
        clock: world.clock.clone(),
        entropy: Arc::new(SystemEntropy),
    };
    let second = match parts.config.database {
        Some(_) => Some(start(parts).await.unwrap()),
        None => None,
    };
    world.clock.advance(Duration::days(30) + Duration::MINUTE);
    let another = second.as_ref().unwrap_or(&world.server);
    let (one, two, three) = tokio::join!(world.server.upkeep(), another.upkeep(), another.upkeep());
    assert!(one.is_ok() && two.is_ok() && three.is_ok());
    assert_eq!(refreshes(&world), 10);
    let (_, all) = world.manage(&key, "/v1/connections?status=active").await;
    assert_eq!(all["data"].as_array().unwrap().len(), 10);
}

#[tokio::test]
async fn a_reader_can_ask_for_a_token_that_lasts() {
    let world = world().await;
    let key = world.sandbox_key();
    let visit = world.visit("Harbor Coffee").await;
    let connection = visit.connected("xero", "alice").await;
    let path = format!("/v1/connections/{}/credentials", connection.connection_id);
    let lasting = format!("{path}?minValidity=3000");
    world.clock.advance(Duration::minutes(9));
    let (_, first) = world.manage(&key, &lasting).await;
    assert_eq!(refreshes(&world), 0, "it is good for 51 minutes");
    world.clock.advance(Duration::minutes(2));
    let (_, second) = world.manage(&key, &lasting).await;
    assert_eq!(refreshes(&world), 1);
    assert_ne!(first["accessToken"], second["accessToken"]);
    assert_eq!(world.manage(&key, &path).await.1, second);

    // More than the service gives: a young token is as good as it gets.
    let endless = format!("{path}?minValidity=86400");
    for _ in 0..3 {
        assert_eq!(world.manage(&key, &endless).await.1, second);
    }
    assert_eq!(refreshes(&world), 1);
    for bad in ["-1", "soon", "1.5", "86401"] {
        let (status, problem) = world
            .manage(&key, &format!("{path}?minValidity={bad}"))
            .await;
        assert_eq!(
            (status, &problem["code"]),
            (400, &"invalid_request".into()),
            "{bad}"
        );
    }
}
