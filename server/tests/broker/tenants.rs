//! No id of one workspace or environment is readable or usable with another's key or session.

mod routes;

use crate::support::database::Database;
use crate::support::receiver::Receiver;
use crate::support::visit::Visit;
use crate::support::{World, answered, create_key, create_widget};
use railhead_protocol::Environment;
use reqwest::Method;
use routes::ROUTES;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// An owner's things, each under the first part of its address.
struct Owned {
    key: String,
    ids: BTreeMap<&'static str, String>,
    _receiver: Receiver,
}

impl Owned {
    /// What a production tenant can have. Services there have no demo provider, so the connection is one of the sandbox,
    /// moved.
    async fn make(world: &World) -> Self {
        let folder = world.folder.path();
        let key = create_key(folder, Environment::Production, "default");
        let ask = async |method, path, body| {
            let (status, answer) = world.ask(method, &key, path, body).await;
            assert!(status < 300, "{answer}");
            answer
        };
        let connection = world
            .visit("Harbor Coffee")
            .await
            .connected("xero", "alice")
            .await;
        let database = Database::open(world).await;
        for table in ["businesses", "connections", "events"] {
            let statement = format!("UPDATE {table} SET environment = 'production'");
            database.run(&statement).await;
        }
        let widget = json!({ "companyName": "Northwind Lending" });
        let widget = ask(Method::POST, "/v1/widgets", widget).await["widget"]["widgetId"].clone();
        let session = json!({ "widgetId": widget, "businessUuid": connection.business_uuid });
        let session = ask(Method::POST, "/v1/sessions", session).await["sessionId"].clone();
        let client = json!({ "clientId": "own", "clientSecret": "own" });
        ask(Method::PUT, "/v1/services/xero/client", client).await;
        let made = ask(Method::POST, "/v1/keys", json!({})).await["key"]["keyId"].clone();
        let receiver = Receiver::start().await;
        let hook = json!({ "url": receiver.url("/hook") });
        let webhook = ask(Method::POST, "/v1/webhooks", hook).await["webhookId"].clone();
        let text = |value: serde_json::Value| value.as_str().unwrap().to_owned();
        let webhook = text(webhook);
        let path = format!("/v1/webhooks/{webhook}/test");
        let delivery = ask(Method::POST, &path, Value::Null).await["deliveryId"].clone();
        let events = ask(Method::GET, "/v1/events?type=webhook.test", Value::Null).await;
        let ids = [
            ("businesses", connection.business_uuid),
            ("connections", connection.connection_id),
            ("widgets", text(widget)),
            ("sessions", text(session)),
            ("keys", text(made)),
            ("services", "xero".to_owned()),
            ("webhooks", webhook),
            ("deliveries", text(delivery)),
            ("events", text(events["data"][0]["eventId"].clone())),
        ];
        Self {
            ids: ids.into(),
            key,
            _receiver: receiver,
        }
    }

    /// A route's address and body with these things in it.
    fn fill(&self, path: &str, body: &str) -> (String, String) {
        let kind = path.split('/').nth(1).unwrap();
        let path = path
            .replace("{id}", &self.ids[kind])
            .replace("{delivery}", &self.ids["deliveries"])
            .replace("{name}", &self.ids["services"]);
        (
            format!("/v1{path}"),
            body.replace("{id}", &self.ids["widgets"]),
        )
    }
}

async fn call(world: &World, key: &str, method: &str, path: &str, body: &str) -> (u16, Value) {
    let bearer = format!("Bearer {key}");
    let headers = [("authorization", bearer.as_str())];
    let method = method.parse().unwrap();
    answered(world.send(method, path, &headers, body).await).await
}

#[tokio::test]
async fn keys_of_other_tenants_reach_nothing() {
    let world = World::new().await;
    let owned = Owned::make(&world).await;
    let strangers = [
        create_key(world.folder.path(), Environment::Sandbox, "default"),
        create_key(world.folder.path(), Environment::Production, "other"),
    ];
    let lists = [
        "/v1/businesses",
        "/v1/connections",
        "/v1/widgets",
        "/v1/services/xero/client",
        "/v1/webhooks",
    ];
    let look = async || {
        let mut seen = Vec::new();
        for path in lists {
            seen.push(world.manage(&owned.key, path).await);
        }
        seen
    };
    let before = look().await;
    for stranger in &strangers {
        for (method, path, body, code) in ROUTES {
            let Some(code) = code else { continue };
            let (path, body) = owned.fill(path, body);
            let (status, problem) = call(&world, stranger, method, &path, &body).await;
            let found = (status, problem["code"].as_str());
            assert_eq!(found, (404, Some(*code)), "{method} {path}");
        }
        for list in [
            "/v1/connections".to_owned(),
            format!("/v1/connections?businessUuid={}", owned.ids["businesses"]),
            "/v1/connections?businessName=Harbor%20Coffee".to_owned(),
            "/v1/businesses".to_owned(),
            "/v1/events".to_owned(),
            "/v1/webhooks".to_owned(),
        ] {
            let (status, page) = world.manage(stranger, &list).await;
            assert_eq!((status, &page["data"]), (200, &json!([])), "{list}");
        }
        for list in ["/v1/widgets", "/v1/keys", "/v1/services"] {
            let (_, page) = world.manage(stranger, list).await;
            let page = page.to_string();
            for id in ["widgets", "keys"] {
                assert!(!page.contains(&owned.ids[id]), "{list}");
            }
        }
        let rename = json!({ "businessUuid": owned.ids["businesses"], "businessName": "Mine" });
        let (status, problem) = call(
            &world,
            stranger,
            "POST",
            "/v1/businesses",
            &rename.to_string(),
        )
        .await;
        assert_eq!(
            (status, &problem["code"]),
            (404, &json!("business_not_found"))
        );
        // The name is free for other tenants.
        let same = json!({ "businessName": "Harbor Coffee" }).to_string();
        assert_eq!(
            call(&world, stranger, "POST", "/v1/businesses", &same)
                .await
                .0,
            201
        );
        let client = r#"{"clientId":"mine","clientSecret":"mine"}"#;
        call(&world, stranger, "PUT", "/v1/services/xero/client", client).await;
    }
    assert_eq!(look().await, before);
    // The owner's key opens all of it: nothing above was refused for another reason.
    let in_order = [
        "events",
        "webhooks",
        "keys",
        "services",
        "sessions",
        "widgets",
        "connections",
        "businesses",
    ];
    for kind in in_order {
        for (method, path, body, code) in ROUTES {
            if code.is_none() || path.split('/').nth(1) != Some(kind) {
                continue;
            }
            let (path, body) = owned.fill(path, body);
            let (status, answer) = call(&world, &owned.key, method, &path, &body).await;
            assert!(status < 300, "{method} {path}: {answer}");
        }
    }
}

#[tokio::test]
async fn every_route_of_the_management_api_asks_for_a_key() {
    let world = World::new().await;
    for (method, path, body, _) in ROUTES {
        let path = format!("/v1{}", path.replace("{id}", "x").replace("{name}", "xero"));
        for key in ["", "rk_test_guessed", "nonsense"] {
            let (status, problem) = call(&world, key, method, &path, body).await;
            let found = (status, problem["code"].as_str());
            assert_eq!(found, (401, Some("unauthorized")), "{method} {path}");
        }
    }
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
            (
                Method::POST,
                format!("/v1/connect/authorizations/{id}/extend"),
                None,
            ),
            (
                Method::POST,
                format!("/v1/connect/authorizations/{id}/leave"),
                Some(json!({ "returnUrl": "http://lender.test/" })),
            ),
            (
                Method::POST,
                format!("/v1/connect/authorizations/{id}/claim"),
                Some(json!({ "claim": "guessed" })),
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
