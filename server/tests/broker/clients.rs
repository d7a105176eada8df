//! The catalogue as the Management API shows it, and the clients that workspaces set for its services.

use crate::support::database::Database;
use crate::support::visit::Visit;
use crate::support::{Setup, World, create_key, create_widget, told};
use railhead_protocol::Environment;
use railhead_server::config::Client;
use reqwest::Method;
use serde_json::{Value, json};
use time::Duration;

const PATH: &str = "/v1/services/xero/client";

/// A world with a production widget, and a key for it. The server's settings hold a client for QuickBooks.
async fn production() -> (World, String) {
    let world = World::with(Setup {
        configure: Box::new(|config| {
            let client = Client {
                client_id: "of-the-settings".to_owned(),
                client_secret: "settings-secret".into(),
                redirect_name: None,
            };
            config
                .clients
                .insert("quickbooks_online".to_owned(), client);
        }),
        ..Setup::default()
    })
    .await;
    let folder = world.folder.path();
    create_widget(folder, "wid_live", Environment::Production, "default", &[]);
    let key = create_key(folder, Environment::Production, "default");
    (world, key)
}

async fn offered(world: &World) -> Vec<String> {
    let visit = Visit::begin(world, "wid_live", Some("Harbor Coffee")).await;
    visit
        .session
        .services
        .into_iter()
        .map(|service| service.service_name)
        .collect()
}

/// The id by which we would be known at the service.
async fn client_id(world: &World, service: &str) -> String {
    asked(world, service, "client_id").await
}

/// A parameter of the authorization request that the service would get.
async fn asked(world: &World, service: &str, parameter: &str) -> String {
    let visit = Visit::begin(world, "wid_live", Some("Harbor Coffee")).await;
    let started = visit.start(json!({ "serviceName": service })).await;
    let address = visit.hand_over(&started).await;
    let found = address.query_pairs().find(|(name, _)| name == parameter);
    found.unwrap().1.into_owned()
}

#[tokio::test]
async fn a_client_that_is_set_makes_its_service_offered_at_once() {
    let (world, key) = production().await;
    assert_eq!(offered(&world).await, ["quickbooks_online"]);
    let before = world.manage(&key, "/v1/services/xero").await.1;
    assert_eq!(
        (&before["offered"], &before["clientConfigured"]),
        (&json!(false), &json!(false))
    );

    let body = json!({ "clientId": "mine", "clientSecret": "s3cret+/:=" });
    let (status, set) = world.ask(Method::PUT, &key, PATH, body).await;
    assert_eq!((status, &set["clientId"]), (200, &json!("mine")));
    assert_eq!(offered(&world).await, ["quickbooks_online", "xero"]);
    assert_eq!(client_id(&world, "xero").await, "mine");
    let after = world.manage(&key, "/v1/services/xero").await.1;
    assert_eq!(
        (&after["offered"], &after["notOfferedBecause"]),
        (&json!(true), &Value::Null)
    );

    let shown = [
        set,
        world.manage(&key, PATH).await.1,
        after,
        world.manage(&key, "/v1/services").await.1,
    ];
    assert!(
        !shown
            .iter()
            .any(|shown| shown.to_string().contains("s3cret")),
        "the secret is never answered"
    );
    let kept = Database::open(&world)
        .await
        .texts("SELECT sealed_secret FROM service_clients")
        .await;
    assert!(!kept[0].contains("s3cret"), "{kept:?}");

    assert_eq!(
        world.ask(Method::DELETE, &key, PATH, Value::Null).await.0,
        204
    );
    assert_eq!(offered(&world).await, ["quickbooks_online"]);
    assert_eq!(world.manage(&key, PATH).await.0, 404);
}

#[tokio::test]
async fn the_workspaces_own_client_stands_above_the_one_of_the_settings() {
    let (world, key) = production().await;
    let path = "/v1/services/quickbooks_online/client";
    assert_eq!(
        world.manage(&key, path).await.0,
        404,
        "that one is the server's"
    );
    assert_eq!(
        client_id(&world, "quickbooks_online").await,
        "of-the-settings"
    );
    for id in ["first", "second"] {
        let body = json!({ "clientId": id, "clientSecret": "secret" });
        assert_eq!(world.ask(Method::PUT, &key, path, body).await.0, 200);
        assert_eq!(client_id(&world, "quickbooks_online").await, id);
    }
    world.ask(Method::DELETE, &key, path, Value::Null).await;
    assert_eq!(
        client_id(&world, "quickbooks_online").await,
        "of-the-settings"
    );
}

#[tokio::test]
async fn a_service_that_takes_a_name_for_the_callbacks_address_is_told_the_clients() {
    let (world, key) = production().await;
    let path = "/v1/services/ebay/client";
    let set = async |name: Value| {
        let body = json!({ "clientId": "mine", "clientSecret": "s", "redirectName": name });
        let (status, answer) = world.ask(Method::PUT, &key, path, body).await;
        (
            status,
            answer["field"].clone(),
            answer["redirectName"].clone(),
        )
    };
    for missing in [Value::Null, json!(""), json!("a b")] {
        assert_eq!(
            set(missing).await,
            (400, json!("redirectName"), Value::Null)
        );
    }
    assert_eq!(offered(&world).await, ["quickbooks_online"]);
    let name = json!("Northwind-PRD-1");
    assert_eq!(set(name.clone()).await, (200, Value::Null, name));
    assert_eq!(offered(&world).await, ["quickbooks_online", "ebay"]);
    assert_eq!(
        asked(&world, "ebay", "redirect_uri").await,
        "Northwind-PRD-1"
    );

    let body = json!({ "clientId": "mine", "clientSecret": "s", "redirectName": "a-name" });
    let (status, problem) = world.ask(Method::PUT, &key, PATH, body).await;
    assert_eq!((status, &problem["field"]), (400, &json!("redirectName")));
}

#[tokio::test]
async fn a_change_by_another_server_counts_after_five_seconds() {
    let (world, key) = production().await;
    let body = json!({ "clientId": "first", "clientSecret": "secret" });
    world.ask(Method::PUT, &key, PATH, body).await;
    assert_eq!(client_id(&world, "xero").await, "first");
    let database = Database::open(&world).await;
    database
        .run("UPDATE service_clients SET client_id = 'second'")
        .await;
    assert_eq!(client_id(&world, "xero").await, "first");
    world.clock.advance(Duration::seconds(5));
    assert_eq!(client_id(&world, "xero").await, "second");
}

#[tokio::test]
async fn refuses_clients_that_cannot_be() {
    let (world, key) = production().await;
    let sandbox = world.sandbox_key();
    let whole = json!({ "clientId": "id", "clientSecret": "secret" });
    let mut lines = Vec::new();
    for (key, service, body) in [
        (&key, "none", whole.clone()),
        (&key, "sandbox", whole.clone()),
        (&key, "plaid", whole.clone()),
        (&sandbox, "xero", whole),
        (&key, "xero", json!({ "clientId": "id" })),
        (&key, "xero", json!({ "clientSecret": "secret" })),
        (
            &key,
            "xero",
            json!({ "clientId": "", "clientSecret": "secret" }),
        ),
        (
            &key,
            "xero",
            json!({ "clientId": "id", "clientSecret": "sec ret" }),
        ),
        (
            &key,
            "xero",
            json!({ "clientId": "id", "clientSecret": "secret", "scopes": [] }),
        ),
    ] {
        let path = format!("/v1/services/{service}/client");
        lines.push(told(&world.ask(Method::PUT, key, &path, body).await));
    }
    lines.push(told(&world.manage(&key, PATH).await));
    lines.push(told(&world.manage(&key, "/v1/services/none").await));
    insta::assert_snapshot!(lines.join("\n"), @r#"
    404 unknown_service -: No service has this name.
    409 client_not_needed -: This service is authorized without a client.
    409 service_not_offered -: This version cannot authorize this service yet.
    409 client_not_needed -: In the sandbox environment services need no client: use an API key of production.
    400 invalid_request clientSecret: This service asks its clients for a secret.
    400 invalid_request clientId: The body is not as it should be: missing field `clientId`.
    400 invalid_request clientId: An id has 1 to 1024 visible ASCII characters.
    400 invalid_request clientSecret: A secret has 1 to 1024 visible ASCII characters.
    400 invalid_request scopes: The body is not as it should be: unknown field `scopes`, expected one of `clientId`, `clientSecret`, `redirectName`.
    404 client_not_found -: The workspace has set no client of its own for this service.
    404 unknown_service -: No service has this name.
    "#);
}
