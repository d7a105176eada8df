//! No id of one workspace or environment is readable or usable with another's key or session.

use crate::support::visit::Visit;
use crate::support::{World, create_key, create_widget, http};
use railhead_protocol::Environment;
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn keys_of_other_tenants_reach_nothing() {
    let world = World::new().await;
    let own = world.sandbox_key();
    let strangers = [
        create_key(world.folder.path(), Environment::Production, "default"),
        create_key(world.folder.path(), Environment::Sandbox, "other"),
    ];
    let connection = world
        .visit("Harbor Coffee")
        .await
        .connected("xero", "alice")
        .await;
    let paths = [
        (
            format!("/v1/businesses/{}", connection.business_uuid),
            "business_not_found",
        ),
        (
            format!("/v1/connections/{}", connection.connection_id),
            "connection_not_found",
        ),
        (
            format!("/v1/connections/{}/credentials", connection.connection_id),
            "connection_not_found",
        ),
    ];
    for (path, code) in &paths {
        assert_eq!(world.manage(&own, path).await.0, 200, "{path}");
        for stranger in &strangers {
            let (status, problem) = world.manage(stranger, path).await;
            assert_eq!(
                (status, problem["code"].as_str()),
                (404, Some(*code)),
                "{path}"
            );
        }
    }
    for stranger in &strangers {
        for list in [
            "/v1/businesses".to_owned(),
            "/v1/connections".to_owned(),
            format!("/v1/connections?businessUuid={}", connection.business_uuid),
            "/v1/connections?businessName=Harbor%20Coffee".to_owned(),
        ] {
            let (status, page) = world.manage(stranger, &list).await;
            assert_eq!((status, &page["data"]), (200, &json!([])), "{list}");
        }
        let rename = json!({ "businessUuid": connection.business_uuid, "businessName": "Mine" });
        let (status, problem) = post(&world, stranger, &rename).await;
        assert_eq!(
            (status, problem["code"].as_str()),
            (404, Some("business_not_found"))
        );
        // The name is free for other tenants.
        let (status, _) = post(
            &world,
            stranger,
            &json!({ "businessName": "Harbor Coffee" }),
        )
        .await;
        assert_eq!(status, 201);
    }
}

async fn post(world: &World, key: &str, body: &Value) -> (u16, Value) {
    let request = http()
        .post(world.url("/v1/businesses"))
        .bearer_auth(key)
        .body(body.to_string());
    crate::support::answered(request.send().await.unwrap()).await
}

#[tokio::test]
async fn every_route_of_the_management_api_asks_for_a_key() {
    let world = World::new().await;
    let paths = [
        "/v1/businesses",
        "/v1/businesses/biz_1",
        "/v1/connections",
        "/v1/connections/con_1",
        "/v1/connections/con_1/credentials",
    ];
    for path in paths {
        for key in ["", "rk_test_guessed", "nonsense"] {
            let (status, problem) = world.manage(key, path).await;
            assert_eq!(
                (status, problem["code"].as_str()),
                (401, Some("unauthorized")),
                "{path}"
            );
        }
    }
    let (status, _) = post(&world, "rk_test_guessed", &json!({})).await;
    assert_eq!(status, 401);
}

#[tokio::test]
async fn sessions_reach_their_own_authorizations_only() {
    let world = World::new().await;
    create_widget(
        world.folder.path(),
        "wid_other",
        Environment::Sandbox,
        "other",
        &[],
    );
    let owner = world.visit("Harbor Coffee").await;
    let started = owner.start(json!({ "serviceName": "xero" })).await;
    let same_business = world.visit("Harbor Coffee").await;
    let other_workspace = Visit::begin(&world, "wid_other", Some("Harbor Coffee")).await;
    assert_ne!(
        owner.session.business.business_uuid,
        other_workspace.session.business.business_uuid
    );
    let id = &started.authorization.authorization_id;
    for stranger in [&same_business, &other_workspace] {
        for (method, path, body) in [
            (
                Method::GET,
                format!("/v1/connect/authorizations/{id}"),
                None,
            ),
            (
                Method::GET,
                format!("/v1/connect/authorizations/{id}?wait=25"),
                None,
            ),
            (
                Method::POST,
                format!("/v1/connect/authorizations/{id}/cancel"),
                None,
            ),
            (
                Method::POST,
                format!("/v1/connect/authorizations/{id}/nonce"),
                None,
            ),
            (
                Method::POST,
                format!("/v1/connect/authorizations/{id}/account"),
                Some(json!({ "accountId": "org_harbor_coffee" })),
            ),
        ] {
            let (status, problem) = stranger.call(method, &path, body).await;
            assert_eq!(
                (status, problem["code"].as_str()),
                (404, Some("authorization_not_found"))
            );
        }
    }
    assert_eq!(owner.state(&started).await, started.authorization);
}

#[tokio::test]
async fn a_business_name_is_read_the_same_way_wherever_it_is_given() {
    let world = World::new().await;
    let key = world.sandbox_key();
    world
        .visit("Caf\u{e9} Harbor")
        .await
        .connected("xero", "alice")
        .await;
    // Decomposed, and with white space around it.
    let path = "/v1/connections?businessName=%20Cafe%CC%81%20Harbor%20";
    let (_, found) = world.manage(&key, path).await;
    assert_eq!(found["data"].as_array().unwrap().len(), 1, "{found}");
    for impossible in ["x%25", "%E2%80%8B%E2%80%8B"] {
        let path = format!("/v1/connections?businessName={impossible}");
        let (status, problem) = world.manage(&key, &path).await;
        assert_eq!(
            (status, problem["code"].as_str(), problem["field"].as_str()),
            (400, Some("invalid_business_name"), Some("businessName"))
        );
    }
}
