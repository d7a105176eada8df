//! Connections and businesses that end: what is wiped, what is given back to the service, and what is told.

use crate::support::World;
use crate::support::database::Database;
use crate::support::switch::Switch;
use demo_provider::GrantStatus;
use railhead_protocol::Connection;
use reqwest::Method;
use serde_json::{Value, json};
use time::Duration;

async fn disconnect(
    world: &World,
    key: &str,
    connection: &Connection,
    body: Value,
) -> (u16, Value) {
    let path = format!("/v1/connections/{}/disconnect", connection.connection_id);
    world.ask(Method::POST, key, &path, body).await
}

/// How the provider sees the grants.
fn grants(world: &World) -> Vec<GrantStatus> {
    let grants = world.provider.records().grants;
    grants.iter().map(|grant| grant.status).collect()
}

fn asked(world: &World, service: &str) -> u64 {
    world.provider.records().services[service].revocation_requests
}

#[tokio::test]
async fn disconnecting_wipes_the_credentials_and_gives_the_grant_back() {
    let world = World::new().await;
    let key = world.sandbox_key();
    let connection = world
        .visit("Harbor Coffee")
        .await
        .connected("xero", "alice")
        .await;
    let first = disconnect(&world, &key, &connection, Value::Null).await;
    assert_eq!(first.0, 200, "{}", first.1);
    let ended = &first.1["connection"];
    assert_eq!(
        (
            &ended["status"],
            &ended["disconnectReason"],
            &first.1["revocation"]
        ),
        (
            &json!("disconnected"),
            &json!("disconnected_by_customer"),
            &json!("done")
        )
    );
    assert_eq!(grants(&world), [GrantStatus::Revoked]);
    let again = disconnect(
        &world,
        &key,
        &connection,
        json!({ "disconnectReason": "authorization_revoked" }),
    )
    .await;
    assert_eq!(again, first, "a second time changes nothing");
    assert_eq!(asked(&world, "xero"), 1);

    let path = format!("/v1/connections/{}/credentials", connection.connection_id);
    assert_eq!(
        world.manage(&key, &path).await.1["code"],
        "connection_not_active"
    );
    let (_, businesses) = world.manage(&key, "/v1/businesses?status=inactive").await;
    assert_eq!(
        businesses["data"][0]["businessName"], "Harbor Coffee",
        "it was the last one"
    );
    let database = Database::open(&world).await;
    let kept = "SELECT id FROM connections WHERE sealed_credentials IS NOT NULL UNION ALL SELECT id FROM revocations";
    assert_eq!(database.texts(kept).await, [""; 0]);
    let told = [
        "business.created",
        // Active, and then not any more.
        "business.updated",
        "business.updated",
        "connection.created",
        "connection.disconnected",
    ];
    assert_eq!(database.events().await, told);
}

#[tokio::test]
async fn the_caller_may_say_why() {
    let world = World::new().await;
    let key = world.sandbox_key();
    let connection = world
        .visit("Harbor Coffee")
        .await
        .connected("xero", "alice")
        .await;
    let (status, problem) = disconnect(
        &world,
        &key,
        &connection,
        json!({ "disconnectReason": "boredom" }),
    )
    .await;
    assert_eq!(
        (status, &problem["field"]),
        (400, &json!("disconnectReason"))
    );
    let reason = json!({ "disconnectReason": "insufficient_permission" });
    let (_, ended) = disconnect(&world, &key, &connection, reason).await;
    assert_eq!(
        ended["connection"]["disconnectReason"],
        "insufficient_permission"
    );
}

#[tokio::test]
async fn a_service_that_is_away_is_asked_again_until_it_answers() {
    let (world, switch) = Switch::world().await;
    let key = world.sandbox_key();
    let connection = world
        .visit("Harbor Coffee")
        .await
        .connected("xero", "alice")
        .await;
    switch.cut();
    let (status, ended) = disconnect(&world, &key, &connection, Value::Null).await;
    assert_eq!((status, &ended["revocation"]), (200, &json!("pending")));
    assert_eq!(
        ended["connection"]["status"], "disconnected",
        "it has ended all the same"
    );
    assert_eq!(world.server.revoke_due().await.unwrap(), 0, "not yet");
    world.clock.advance(Duration::MINUTE);
    assert_eq!(world.server.revoke_due().await.unwrap(), 1);
    assert_eq!(grants(&world), [GrantStatus::Active]);

    switch.mend();
    world.clock.advance(Duration::minutes(2));
    assert_eq!(world.server.revoke_due().await.unwrap(), 1);
    assert_eq!(grants(&world), [GrantStatus::Revoked]);
    let (_, ended) = disconnect(&world, &key, &connection, Value::Null).await;
    assert_eq!(ended["revocation"], "done");
    world.clock.advance(Duration::DAY);
    assert_eq!(world.server.revoke_due().await.unwrap(), 0);
}

#[tokio::test]
async fn after_a_day_it_is_given_up() {
    let (world, switch) = Switch::world().await;
    let key = world.sandbox_key();
    let connection = world
        .visit("Harbor Coffee")
        .await
        .connected("xero", "alice")
        .await;
    switch.cut();
    disconnect(&world, &key, &connection, Value::Null).await;
    world.clock.advance(Duration::DAY);
    assert_eq!(world.server.revoke_due().await.unwrap(), 1);
    let (_, ended) = disconnect(&world, &key, &connection, Value::Null).await;
    assert_eq!(ended["revocation"], "failed");
    let database = Database::open(&world).await;
    assert_eq!(database.texts("SELECT id FROM revocations").await, [""; 0]);
}

#[tokio::test]
async fn an_account_that_is_in_use_elsewhere_keeps_its_grants() {
    let world = World::new().await;
    let key = world.sandbox_key();
    let first = world
        .visit("Harbor Coffee")
        .await
        .connected("xero", "alice")
        .await;
    let second = world
        .visit("Quayside")
        .await
        .connected("xero", "alice")
        .await;
    assert_eq!(first.account, second.account);
    let (_, ended) = disconnect(&world, &key, &first, Value::Null).await;
    assert_eq!(ended["revocation"], "skipped_shared");
    assert_eq!(grants(&world), [GrantStatus::Active, GrantStatus::Active]);
    let (_, ended) = disconnect(&world, &key, &second, Value::Null).await;
    assert_eq!(ended["revocation"], "done");
}

#[tokio::test]
async fn a_grant_that_waits_to_be_given_back_is_kept_once_the_account_is_connected_again() {
    let (world, switch) = Switch::world().await;
    let key = world.sandbox_key();
    let visit = world.visit("Harbor Coffee").await;
    let connection = visit.connected("xero", "alice").await;
    switch.cut();
    disconnect(&world, &key, &connection, Value::Null).await;
    switch.mend();
    let again = visit.connected("xero", "alice").await;
    assert_eq!(again.connection_id, connection.connection_id);
    world.clock.advance(Duration::HOUR);
    assert_eq!(world.server.revoke_due().await.unwrap(), 1);
    assert_eq!(
        asked(&world, "xero"),
        0,
        "the new authorization could end with the old one"
    );
    let path = format!("/v1/connections/{}/credentials", connection.connection_id);
    assert_eq!(world.manage(&key, &path).await.0, 200);
}

#[tokio::test]
async fn nothing_is_asked_where_nothing_can_be_given_back() {
    let world = World::new().await;
    let key = world.sandbox_key();
    let visit = world.visit("Harbor Coffee").await;
    let started = visit.start(json!({ "serviceName": "sandbox" })).await;
    let connection = started.authorization.connection.unwrap();
    let (_, ended) = disconnect(&world, &key, &connection, Value::Null).await;
    assert_eq!(ended["revocation"], "unsupported");
}

#[tokio::test]
async fn a_removed_connection_leaves_nothing_behind() {
    let world = World::new().await;
    let key = world.sandbox_key();
    let visit = world.visit("Harbor Coffee").await;
    let (started, callback) = visit.window("xero", "alice").await;
    visit.browser.open(&callback).await;
    let id = visit
        .state(&started)
        .await
        .connection
        .unwrap()
        .connection_id;
    let path = format!("/v1/connections/{id}");
    let (status, ended) = world.ask(Method::DELETE, &key, &path, Value::Null).await;
    assert_eq!((status, &ended["revocation"]), (200, &json!("done")));
    assert_eq!(
        world.ask(Method::DELETE, &key, &path, Value::Null).await.0,
        404
    );
    let poll = format!(
        "/v1/connect/authorizations/{}",
        started.authorization.authorization_id
    );
    assert_eq!(visit.call(Method::GET, &poll, None).await.0, 404);
}

#[tokio::test]
async fn a_connection_whose_account_is_not_chosen_cannot_be_disconnected() {
    let world = World::new().await;
    let key = world.sandbox_key();
    let visit = world.visit("Harbor Coffee").await;
    let (_, callback) = visit.window("xero", "olga").await;
    visit.browser.open(&callback).await;
    let (_, listed) = world.manage(&key, "/v1/connections?status=pending").await;
    let path = format!(
        "/v1/connections/{}",
        listed["data"][0]["connectionId"].as_str().unwrap()
    );
    for (method, path) in [
        (Method::POST, format!("{path}/disconnect")),
        (Method::DELETE, path),
    ] {
        let (status, problem) = world.ask(method, &key, &path, Value::Null).await;
        assert_eq!(
            (status, &problem["code"]),
            (409, &json!("connection_not_active"))
        );
    }
}

#[tokio::test]
async fn removing_a_business_ends_its_connections_and_frees_its_name() {
    let world = World::new().await;
    let key = world.sandbox_key();
    let visit = world.visit("Harbor Coffee").await;
    visit.connected("xero", "alice").await;
    visit.connected("quickbooks_online", "alice").await;
    let path = format!("/v1/businesses/{}", visit.session.business.business_uuid);
    assert_eq!(
        world.ask(Method::DELETE, &key, &path, Value::Null).await.0,
        204
    );
    assert_eq!(
        world.ask(Method::DELETE, &key, &path, Value::Null).await.0,
        404
    );
    while grants(&world) != [GrantStatus::Revoked, GrantStatus::Revoked] {
        tokio::task::yield_now().await;
    }
    for list in ["/v1/businesses", "/v1/connections"] {
        assert_eq!(world.manage(&key, list).await.1["data"], json!([]));
    }
    assert_eq!(
        visit.call(Method::GET, "/v1/connect/session", None).await.0,
        401
    );
    let told = Database::open(&world).await.events().await;
    let count = |kind: &str| told.iter().filter(|told| *told == kind).count();
    assert_eq!(
        (count("connection.disconnected"), count("business.removed")),
        (2, 1)
    );
    let again = world.visit("Harbor Coffee").await.session.business;
    assert_ne!(again.business_uuid, visit.session.business.business_uuid);
}

#[tokio::test]
async fn businesses_are_found_by_status_and_by_how_their_name_begins() {
    let world = World::new().await;
    let key = world.sandbox_key();
    world
        .visit("Harbor Coffee")
        .await
        .connected("xero", "alice")
        .await;
    world.visit("Harbor_Tea").await;
    world.visit("Quayside").await;
    let names = async |query: &str| {
        let (status, page) = world.manage(&key, &format!("/v1/businesses?{query}")).await;
        assert_eq!(status, 200, "{page}");
        let mut names: Vec<_> = page["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|found| found["businessName"].as_str().unwrap().to_owned())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names("status=new").await, ["Harbor_Tea", "Quayside"]);
    assert_eq!(names("status=active").await, ["Harbor Coffee"]);
    assert_eq!(
        names("namePrefix=Harbor").await,
        ["Harbor Coffee", "Harbor_Tea"]
    );
    assert_eq!(
        names("namePrefix=Harbor_&status=new").await,
        ["Harbor_Tea"],
        "no character is special"
    );
    assert_eq!(names("namePrefix=arbor").await, [""; 0]);
    world.clock.advance(Duration::days(366));
    assert_eq!(
        names("status=inactive").await,
        ["Harbor Coffee"],
        "its authorization ran out"
    );
}

#[tokio::test]
async fn a_business_that_is_made_or_renamed_is_told_of_once() {
    let world = World::new().await;
    let key = world.sandbox_key();
    let (_, made) = world
        .ask(
            Method::POST,
            &key,
            "/v1/businesses",
            json!({ "businessName": "Harbor" }),
        )
        .await;
    let renamed = json!({ "businessUuid": made["businessUuid"], "businessName": "Harbor Coffee" });
    for _ in 0..2 {
        world.clock.advance(Duration::SECOND);
        let answer = world
            .ask(Method::POST, &key, "/v1/businesses", renamed.clone())
            .await;
        assert_eq!(
            (answer.0, &answer.1["businessName"]),
            (200, &json!("Harbor Coffee"))
        );
    }
    world.visit("Harbor Coffee").await;
    assert_eq!(
        Database::open(&world).await.events().await,
        ["business.created", "business.updated"]
    );
    // A refused request tells nothing.
    let taken = json!({ "businessName": "Harbor Coffee" });
    assert_eq!(
        world
            .ask(Method::POST, &key, "/v1/businesses", taken)
            .await
            .0,
        409
    );
    assert_eq!(Database::open(&world).await.events().await.len(), 2);
}
