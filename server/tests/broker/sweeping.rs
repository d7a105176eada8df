//! What is swept away, and what the sweep leaves alone because somebody is still at it.

use crate::support::database::Database;
use crate::support::{Setup, World};
use railhead_protocol::{AuthorizationStatus, ErrorCode};
use serde_json::json;
use time::Duration;

#[tokio::test]
async fn removes_businesses_that_were_new_for_a_day_and_frees_their_names() {
    let world = World::new().await;
    let key = world.sandbox_key();
    let orphan = world.visit("Orphan").await.session.business;
    world
        .visit("Connected")
        .await
        .connected("xero", "alice")
        .await;
    world.clock.advance(Duration::hours(23));
    let young = world.visit("Young").await.session.business;
    assert_eq!(world.server.sweep().await.unwrap().businesses, 0);

    world.clock.advance(Duration::hours(1) + Duration::SECOND);
    assert_eq!(world.server.sweep().await.unwrap().businesses, 1);
    let (status, _) = world
        .manage(&key, &format!("/v1/businesses/{}", orphan.business_uuid))
        .await;
    assert_eq!(status, 404);
    let (status, _) = world
        .manage(&key, &format!("/v1/businesses/{}", young.business_uuid))
        .await;
    assert_eq!(status, 200);
    let (_, left) = world.manage(&key, "/v1/businesses").await;
    assert_eq!(left["data"].as_array().unwrap().len(), 2);

    let again = world.visit("Orphan").await.session.business;
    assert_ne!(again.business_uuid, orphan.business_uuid);
}

#[tokio::test]
async fn expires_what_nobody_finished_and_with_it_the_business() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let (started, callback) = visit.window("xero", "olga").await;
    visit.browser.open(&callback).await;
    assert_eq!(
        visit.state(&started).await.status,
        AuthorizationStatus::ChooseAccount
    );
    world.clock.advance(Duration::hours(24) + Duration::SECOND);
    let swept = world.server.sweep().await.unwrap();
    assert_eq!((swept.authorizations, swept.businesses), (1, 1));
}

#[tokio::test]
async fn an_old_business_is_kept_while_somebody_consents_for_it() {
    let world = World::new().await;
    world.visit("Harbor Coffee").await;
    world.clock.advance(Duration::hours(24) + Duration::MINUTE);
    let visit = world.visit("Harbor Coffee").await;
    let (started, callback) = visit.window("xero", "alice").await;
    assert_eq!(world.server.sweep().await.unwrap().businesses, 0);
    visit.browser.open(&callback).await;
    assert_eq!(
        visit.state(&started).await.status,
        AuthorizationStatus::Succeeded
    );
}

#[tokio::test]
async fn however_many_nobody_finished_expire_in_one_sweep() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let started = visit.start(json!({ "serviceName": "xero" })).await;
    let database = Database::open(&world).await;
    database
        .copy_authorization(&started.authorization.authorization_id, 1_100)
        .await;
    world.clock.advance(Duration::minutes(11));
    let swept = world.server.sweep().await.unwrap();
    assert_eq!(swept.authorizations, 1_101);
    assert_eq!(world.server.sweep().await.unwrap().authorizations, 0);
}

#[tokio::test]
async fn an_exchange_that_nobody_works_on_is_taken_up() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let (started, _) = visit.window("xero", "alice").await;
    // As after a database that failed for too long, or a panic: accepted, but in nobody's hands. What was sealed is not
    // readable here, so it ends as a failure.
    let database = Database::open(&world).await;
    database
        .run("UPDATE authorizations SET phase = 'accepted', sealed_code = 'lost', revision = revision + 1")
        .await;
    // This sweep, or one that came by itself just before.
    assert!(world.server.sweep().await.unwrap().exchanges <= 1);
    let state = visit.poll(&started, "?wait=25&after=1").await;
    let failure = state.failure.unwrap();
    assert_eq!(
        (failure.code, failure.recoverable),
        (ErrorCode::Internal, true)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exchange_under_way_is_left_alone() {
    let world = World::with(Setup {
        provider: demo_provider::Config {
            slow_delay: std::time::Duration::from_secs(1),
            ..demo_provider::Config::default()
        },
        ..Setup::default()
    })
    .await;
    let visit = world.visit("Harbor Coffee").await;
    let (started, callback) = visit.window("xero", "sam").await;
    let sweeping = async {
        while world.provider.records().token_requests == 0 {
            tokio::task::yield_now().await;
        }
        world.server.sweep().await.unwrap()
    };
    let (swept, _) = tokio::join!(sweeping, visit.browser.open(&callback));
    assert_eq!(swept.exchanges, 0);
    assert_eq!(
        visit.state(&started).await.status,
        AuthorizationStatus::Succeeded
    );
    assert_eq!(world.provider.records().token_requests, 1);
}

#[tokio::test]
async fn a_business_is_inactive_once_its_last_connection_has_expired() {
    let world = World::new().await;
    let key = world.sandbox_key();
    let visit = world.visit("Harbor Coffee").await;
    let connection = visit.connected("xero", "alice").await;
    let path = format!("/v1/businesses/{}", connection.business_uuid);
    assert_eq!(world.manage(&key, &path).await.1["status"], "active");
    world.clock.advance(Duration::days(366));
    assert_eq!(world.manage(&key, &path).await.1["status"], "inactive");
    let (_, all) = world.manage(&key, "/v1/businesses").await;
    assert_eq!(all["data"][0]["status"], "inactive");
    assert_eq!(world.server.sweep().await.unwrap().deactivated, 1);
    world
        .visit("Harbor Coffee")
        .await
        .connected("xero", "alice")
        .await;
    assert_eq!(world.manage(&key, &path).await.1["status"], "active");
}
