//! What is swept away: businesses that never connected anything, after 24 hours.

use crate::support::World;
use railhead_protocol::AuthorizationStatus;
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
