//! API keys: what they may do, how long they are good, and who may make them.

use crate::support::process::{railhead, railhead_fails};
use crate::support::{Setup, World, create_key_with, http, told};
use railhead_protocol::Environment;
use reqwest::Method;
use serde_json::{Value, json};
use time::Duration;

async fn make(world: &World, key: &str, body: Value) -> (String, Value) {
    let (status, made) = world.ask(Method::POST, key, "/v1/keys", body).await;
    assert_eq!(status, 201, "{made}");
    (
        made["apiKey"].as_str().unwrap().to_owned(),
        made["key"].clone(),
    )
}

#[tokio::test]
async fn a_key_does_what_its_scopes_say_and_nothing_else() {
    let world = World::new().await;
    let master = world.sandbox_key();
    let (reader, _) = make(&world, &master, json!({ "scopes": ["connections:read"] })).await;
    assert_eq!(world.manage(&reader, "/v1/connections").await.0, 200);
    for (method, path, needed) in [
        (Method::GET, "/v1/businesses", "businesses:read"),
        (Method::POST, "/v1/businesses", "businesses:write"),
        (
            Method::GET,
            "/v1/connections/con_1/credentials",
            "credentials:read",
        ),
        (Method::GET, "/v1/keys", "keys:read"),
        (Method::POST, "/v1/keys", "keys:write"),
        (Method::DELETE, "/v1/keys/key_1", "keys:write"),
    ] {
        let refused = world.ask(method, &reader, path, json!({})).await;
        let expected = format!("403 insufficient_scope -: This API key lacks the scope {needed}.");
        assert_eq!(told(&refused), expected, "{path}");
    }
}

#[tokio::test]
async fn a_key_is_good_until_it_expires_or_is_revoked() {
    let world = World::new().await;
    let master = world.sandbox_key();
    let (mortal, _) = make(&world, &master, json!({ "expiresIn": 3600 })).await;
    let (revoked, record) = make(&world, &master, json!({ "name": "reports" })).await;
    let path = format!("/v1/keys/{}", record["keyId"].as_str().unwrap());
    for key in [&mortal, &revoked] {
        assert_eq!(world.manage(key, "/v1/businesses").await.0, 200);
    }
    for _ in 0..2 {
        let (status, _) = world.ask(Method::DELETE, &master, &path, Value::Null).await;
        assert_eq!(status, 204, "a second time changes nothing");
    }
    world.clock.advance(Duration::HOUR);
    for key in [&mortal, &revoked] {
        let refused = world.manage(key, "/v1/businesses").await;
        assert_eq!(
            told(&refused),
            "401 unauthorized -: This API key was revoked or has expired; send another one."
        );
    }
    let (_, listed) = world.manage(&master, "/v1/keys").await;
    let names: Vec<_> = listed["data"].as_array().unwrap().iter().collect();
    assert_eq!(names.len(), 3);
    let found = names.iter().find(|key| key["name"] == "reports").unwrap();
    assert!(
        found["revokedAt"].is_string() && found["lastUsedAt"].is_string(),
        "{found}"
    );
    assert!(
        !listed.to_string().contains(&revoked),
        "no list shows a key"
    );
}

#[tokio::test]
async fn no_key_makes_one_that_may_do_more_or_outlives_it() {
    let world = World::new().await;
    let master = world.sandbox_key();
    let own = json!({ "scopes": ["keys:write", "businesses:read"], "expiresIn": 86_400 });
    let (maker, _) = make(&world, &master, own).await;
    let mut lines = Vec::new();
    for body in [
        json!({ "scopes": ["businesses:read", "credentials:read"] }),
        json!({ "scopes": [] }),
        json!({ "scopes": ["everything"] }),
        json!({ "expiresIn": 86_401 }),
        json!({ "expiresIn": 59 }),
        json!({ "name": "a\nb" }),
        json!({ "workspace": "other" }),
    ] {
        lines.push(told(
            &world.ask(Method::POST, &maker, "/v1/keys", body).await,
        ));
    }
    lines.push(told(
        &world
            .ask(Method::DELETE, &maker, "/v1/keys/key_none", Value::Null)
            .await,
    ));
    insta::assert_snapshot!(lines.join("\n"), @r#"
    403 insufficient_scope scopes: A key cannot make one that may do more: it lacks the scope credentials:read itself.
    400 invalid_request scopes: A key needs at least one scope.
    400 invalid_request scopes[0]: The body is not as it should be: unknown variant `everything`, expected one of `businesses:read`, `businesses:write`, `connections:read`, `connections:write`, `credentials:read`, `sessions:write`, `widgets:read`, `widgets:write`, `services:read`, `services:write`, `webhooks:read`, `webhooks:write`, `events:read`, `keys:read`, `keys:write`.
    400 invalid_request expiresIn: A key cannot make one that outlives it.
    400 invalid_request expiresIn: A key is good for at least a minute and at most ten years.
    400 invalid_request name: A key's name has at most 80 characters, none of them a control character.
    400 invalid_request workspace: The body is not as it should be: unknown field `workspace`, expected one of `name`, `scopes`, `expiresIn`.
    404 key_not_found -: No API key has this id.
    "#);
    let (made, record) = make(&world, &maker, json!({})).await;
    assert_eq!(record["scopes"], json!(["businesses:read", "keys:write"]));
    assert!(made.starts_with("rk_test_"));
    world.clock.advance(Duration::DAY);
    assert_eq!(
        world.manage(&made, "/v1/businesses").await.0,
        401,
        "it ended with its maker"
    );
}

#[tokio::test]
async fn the_last_use_is_written_down_once_a_minute() {
    let world = World::new().await;
    let master = world.sandbox_key();
    let used = async || {
        let (_, listed) = world.manage(&master, "/v1/keys").await;
        listed["data"][0]["lastUsedAt"].clone()
    };
    let first = used().await;
    world.clock.advance(Duration::seconds(59));
    assert_eq!(used().await, first);
    world.clock.advance(Duration::SECOND);
    assert_ne!(used().await, first);
}

#[tokio::test]
async fn a_key_that_asks_too_often_is_told_when_to_come_back() {
    let world = World::with(Setup {
        configure: Box::new(|config| config.limits.requests_per_minute = 3),
        ..Setup::default()
    })
    .await;
    let (key, other) = (world.sandbox_key(), world.sandbox_key());
    for _ in 0..3 {
        assert_eq!(world.manage(&key, "/v1/businesses").await.0, 200);
    }
    let request = http().get(world.url("/v1/businesses")).bearer_auth(&key);
    let refused = request.send().await.unwrap();
    assert_eq!(
        (refused.status().as_u16(), &refused.headers()["retry-after"]),
        (429, &"21".parse().unwrap())
    );
    assert_eq!(world.manage(&other, "/v1/businesses").await.0, 200);
    world.clock.advance(Duration::seconds(21));
    assert_eq!(world.manage(&key, "/v1/businesses").await.0, 200);
}

#[tokio::test]
async fn the_command_makes_lists_and_revokes_keys() {
    let world = World::new().await;
    let folder = world.folder.path();
    let more = [
        "--scope",
        "businesses:read",
        "--expires-in",
        "90d",
        "--name",
        "reports",
    ];
    let key = create_key_with(folder, Environment::Sandbox, "default", &more);
    assert_eq!(world.manage(&key, "/v1/businesses").await.0, 200);
    assert_eq!(world.manage(&key, "/v1/connections").await.0, 403);
    let listed: Value =
        serde_json::from_str(&railhead(folder, &["key", "list", "--json"])).unwrap();
    let record = &listed[0];
    assert_eq!(
        (&record["name"], &record["scopes"]),
        (&json!("reports"), &json!(["businesses:read"]))
    );
    let shown = railhead(folder, &["key", "list"]);
    assert!(
        shown.contains("businesses:read") && !shown.contains(&key),
        "{shown}"
    );
    let id = record["keyId"].as_str().unwrap();
    railhead(folder, &["key", "revoke", id]);
    assert_eq!(world.manage(&key, "/v1/businesses").await.0, 401);
    let complaint = railhead_fails(folder, &["key", "revoke", "key_none"]);
    assert!(
        complaint.contains("no API key has the id key_none"),
        "{complaint}"
    );
}
