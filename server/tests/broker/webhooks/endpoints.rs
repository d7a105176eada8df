//! Endpoints made, changed and removed; what may be asked of them, and by whom.

use super::{Api, Scene};
use crate::support::database::Database;
use crate::support::{Setup, World, create_key};
use railhead_protocol::Environment;
use railhead_server::config::Config;
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn an_endpoint_is_told_of_the_types_it_names_until_it_names_others() {
    let scene = Scene::new().await;
    let change = json!({ "types": ["business.updated"], "description": "Ledger" });
    let (status, changed) = scene.api.call(Method::PATCH, &scene.path(""), change).await;
    assert_eq!(status, 200, "{changed}");
    assert_eq!(changed["types"], json!(["business.updated"]));
    scene.connect("Harbor Coffee").await;
    scene.world.server.deliver().await.unwrap();
    assert_eq!(scene.receiver.kinds(), ["business.updated"]);
    let change = json!({ "types": null, "url": scene.receiver.url("/moved") });
    let (_, changed) = scene.api.call(Method::PATCH, &scene.path(""), change).await;
    assert_eq!(
        (&changed["types"], &changed["description"]),
        (&json!(null), &json!("Ledger"))
    );
    scene.connect("Second Harbor").await;
    scene.world.server.deliver().await.unwrap();
    let received = scene.receiver.received();
    assert_eq!(
        received
            .iter()
            .filter(|message| message.path == "/moved")
            .count(),
        3
    );

    let listed = scene.api.get("/v1/webhooks").await;
    assert_eq!(listed["data"], json!([changed]));
    let (status, _) = scene
        .api
        .call(Method::DELETE, &scene.path(""), Value::Null)
        .await;
    assert_eq!(status, 204);
    let (status, _) = scene
        .api
        .call(Method::DELETE, &scene.path(""), Value::Null)
        .await;
    assert_eq!(status, 404);
    scene.connect("Third Harbor").await;
    scene.world.server.deliver().await.unwrap();
    assert_eq!(scene.receiver.received().len(), 4);
}

#[tokio::test]
async fn a_disabled_endpoint_is_told_nothing() {
    let scene = Scene::new().await;
    let disable = json!({ "enabled": false });
    let (_, changed) = scene
        .api
        .call(Method::PATCH, &scene.path(""), disable)
        .await;
    assert_eq!(changed["disabledReason"], "workspace", "{changed}");
    scene.connect("Harbor Coffee").await;
    scene.world.server.deliver().await.unwrap();
    assert!(scene.receiver.received().is_empty());
    assert!(scene.api.deliveries(&scene.webhook).await.is_empty());
}

#[tokio::test]
async fn refuses_what_cannot_be_an_endpoint_and_names_the_field() {
    let scene = Scene::new().await;
    let good = scene.receiver.url("/hook");
    let long = "x".repeat(201);
    for (body, code, field) in [
        (json!({}), "invalid_request", "url"),
        (json!({ "url": "hooks" }), "invalid_webhook_url", "url"),
        (
            json!({ "url": "https://u:p@example.com/" }),
            "invalid_webhook_url",
            "url",
        ),
        (
            json!({ "url": "http://example.com/" }),
            "invalid_webhook_url",
            "url",
        ),
        (
            json!({ "url": "https://10.0.0.1/" }),
            "invalid_webhook_url",
            "url",
        ),
        (
            json!({ "url": good, "types": [] }),
            "invalid_request",
            "types",
        ),
        (
            json!({ "url": good, "types": ["connection.refreshed"] }),
            "invalid_request",
            "types",
        ),
        (
            json!({ "url": good, "types": ["connection.exploded"] }),
            "invalid_request",
            "types[0]",
        ),
        (
            json!({ "url": good, "description": long }),
            "invalid_request",
            "description",
        ),
        (
            json!({ "url": good, "colour": 1 }),
            "invalid_request",
            "colour",
        ),
    ] {
        let (status, problem) = scene.api.post("/v1/webhooks", body.clone()).await;
        let refused = (status, problem["code"].as_str(), problem["field"].as_str());
        assert_eq!(refused, (400, Some(code), Some(field)), "{body}");
    }
    let replay = json!({ "since": "yesterday" });
    let (status, problem) = scene.api.post(&scene.path("/replay"), replay).await;
    assert_eq!((status, &problem["field"]), (400, &json!("since")));
    let (status, problem) = scene
        .api
        .post(&scene.path("/deliveries/dlv_1/replay"), Value::Null)
        .await;
    assert_eq!(
        (status, &problem["code"]),
        (404, &json!("delivery_not_found"))
    );
}

#[tokio::test]
async fn a_tenant_has_only_so_many_endpoints_however_many_are_made_at_once() {
    let configure = |config: &mut Config| config.limits.webhooks = 3;
    let world = World::with(Setup {
        configure: Box::new(configure),
        ..Setup::default()
    });
    let scene = Scene::of(world.await).await;
    let make = async |_| {
        let body = json!({ "url": scene.receiver.url("/more") });
        scene.api.post("/v1/webhooks", body).await
    };
    let answers = futures_util::future::join_all((0..8).map(make)).await;
    let answers = answers.into_iter();
    let (new, refused): (Vec<_>, Vec<_>) = answers.partition(|(status, _)| *status == 201);
    assert_eq!((new.len(), refused.len()), (2, 6));
    for (status, problem) in &refused {
        assert_eq!(
            (*status, &problem["code"]),
            (409, &json!("too_many_webhooks"))
        );
    }
    let listed = scene.api.get("/v1/webhooks").await;
    assert_eq!(listed["data"].as_array().unwrap().len(), 3);
    // The other environment has its own, and room is made by removing one.
    let folder = scene.world.folder.path();
    let (base, key) = (
        scene.api.base.clone(),
        create_key(folder, Environment::Production, "default"),
    );
    let other = Api { base, key };
    other.endpoint(&scene.receiver.url("/other")).await;
    let path = scene.path("");
    let removed = scene.api.call(Method::DELETE, &path, Value::Null).await;
    assert_eq!(removed.0, 204);
    assert_eq!(make(8).await.0, 201);
    assert_eq!(make(9).await.0, 409);
}

#[tokio::test]
async fn an_endpoint_is_sent_only_so_many_tests_in_a_minute() {
    let configure = |config: &mut Config| config.limits.webhook_tests_per_minute = 2;
    let world = World::with(Setup {
        configure: Box::new(configure),
        ..Setup::default()
    });
    let scene = Scene::of(world.await).await;
    let test = async || scene.api.post(&scene.path("/test"), Value::Null).await;
    for _ in 0..2 {
        assert_eq!(test().await.0, 202);
    }
    let (status, problem) = test().await;
    assert_eq!((status, &problem["code"]), (429, &json!("rate_limited")));
    let (other, _) = scene.api.endpoint(&scene.receiver.url("/other")).await;
    let path = format!("/v1/webhooks/{other}/test");
    assert_eq!(scene.api.post(&path, Value::Null).await.0, 202);
    let wait = time::Duration::seconds(31);
    scene.world.clock.advance(wait);
    Database::open(&scene.world).await.later(wait).await;
    assert_eq!(test().await.0, 202);
}

#[tokio::test]
async fn the_log_comes_in_pages_and_by_status() {
    let scene = Scene::new().await;
    for number in 0..3 {
        scene.connect(&format!("Harbor {number}")).await;
        scene.world.clock.advance(time::Duration::SECOND);
    }
    scene.world.server.deliver().await.unwrap();
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = scene.path(&format!("/deliveries?status=delivered&limit=4{cursor}"));
        let page = scene.api.get(&path).await;
        for delivery in page["data"].as_array().unwrap() {
            ids.push(delivery["deliveryId"].as_str().unwrap().to_owned());
        }
        let Some(next) = page["nextCursor"].as_str() else {
            break;
        };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(ids.len(), 9);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 9);
    let failed = scene
        .api
        .get(&scene.path("/deliveries?status=failed"))
        .await;
    assert_eq!(failed["data"], json!([]));
}

#[tokio::test]
async fn nobody_touches_the_endpoints_of_another_tenant() {
    let scene = Scene::new().await;
    scene.connect("Harbor Coffee").await;
    scene.world.server.deliver().await.unwrap();
    let delivery = scene
        .api
        .delivery(&scene.webhook, "connection.created")
        .await;
    let replay = format!(
        "/deliveries/{}/replay",
        delivery["deliveryId"].as_str().unwrap()
    );
    let event = format!("/v1/events/{}", delivery["eventId"].as_str().unwrap());
    scene.api.get(&event).await;
    let folder = scene.world.folder.path();
    for key in [
        create_key(folder, Environment::Production, "default"),
        create_key(folder, Environment::Sandbox, "other"),
        "rk_test_guessed".to_owned(),
    ] {
        let known = !key.contains("guessed");
        let base = scene.api.base.clone();
        let stranger = Api { base, key };
        let since = json!({ "since": "2020-01-01T00:00:00Z" });
        for (method, path, body) in [
            (Method::GET, scene.path(""), Value::Null),
            (Method::PATCH, scene.path(""), json!({ "enabled": false })),
            (Method::DELETE, scene.path(""), Value::Null),
            (Method::POST, scene.path("/rotate-secret"), Value::Null),
            (Method::POST, scene.path("/test"), Value::Null),
            (Method::POST, scene.path("/replay"), since),
            (Method::GET, scene.path("/deliveries"), Value::Null),
            (Method::POST, scene.path(&replay), Value::Null),
            (Method::GET, event.clone(), Value::Null),
        ] {
            let (status, problem) = stranger.call(method, &path, body).await;
            assert_eq!(status, if known { 404 } else { 401 }, "{path} {problem}");
        }
        for list in ["/v1/webhooks", "/v1/events"] {
            let (status, page) = stranger.call(Method::GET, list, Value::Null).await;
            let expected = if known {
                (200, json!([]))
            } else {
                (401, json!(null))
            };
            assert_eq!((status, page["data"].clone()), expected, "{list}");
        }
    }
    // Nor is another tenant told of what happens here.
    let base = scene.api.base.clone();
    let key = create_key(folder, Environment::Sandbox, "other");
    let other = Api { base, key };
    other.endpoint(&scene.receiver.url("/other")).await;
    scene.connect("Second Harbor").await;
    scene.world.server.deliver().await.unwrap();
    assert!(
        scene
            .receiver
            .received()
            .iter()
            .all(|message| message.path == "/hook")
    );
}
