//! Signatures, as the published library of another language sees them.

use super::Scene;
use crate::support::peer::accepted;
use serde_json::{Value, json};
use time::Duration;

#[tokio::test]
async fn the_published_library_accepts_what_was_sent_and_nothing_that_was_changed() {
    let scene = Scene::new().await;
    let connection = scene.connect("Harbor Coffee").await;
    scene.world.server.deliver().await.unwrap();
    let received = scene.receiver.received();
    let created = received
        .iter()
        .find(|message| message.kind() == "connection.created")
        .unwrap();
    let message = created.message();
    assert_eq!(message["data"]["connectionId"], connection.connection_id);
    assert_eq!(message["data"]["environment"], "sandbox");
    assert_eq!(message["data"]["status"], "active");
    assert!(created.id().starts_with("evt_"));
    assert_eq!(created.headers["content-type"], "application/json");
    assert!(created.headers["user-agent"].starts_with("Railhead/"));

    let genuine = created.claim(&scene.secret);
    let (mut body, mut id, mut at) = (genuine.clone(), genuine.clone(), genuine.clone());
    let tampered = created.body.replace("active", "acTive");
    assert_ne!(tampered, created.body);
    body["body"] = tampered.into();
    id["headers"]["webhook-id"] = "evt_other".into();
    let later: i64 = created.headers["webhook-timestamp"].parse().unwrap();
    at["headers"]["webhook-timestamp"] = (later + 1).to_string().into();
    let (_, other_secret) = scene.api.endpoint(&scene.receiver.url("/other")).await;
    let stranger = created.claim(&other_secret);
    assert_eq!(
        accepted(vec![genuine, body, id, at, stranger]).await,
        [true, false, false, false, false]
    );
}

#[tokio::test]
async fn after_a_rotation_both_secrets_sign_for_a_day() {
    let scene = Scene::new().await;
    let (status, rotated) = scene
        .api
        .post(&scene.path("/rotate-secret"), Value::Null)
        .await;
    assert_eq!(status, 200, "{rotated}");
    let new = rotated["secret"].as_str().unwrap();
    assert_ne!(new, scene.secret);
    assert!(rotated["previousSecretUntil"].is_string(), "{rotated}");
    scene.connect("Harbor Coffee").await;
    scene.world.server.deliver().await.unwrap();
    let received = scene.receiver.received();
    let claims = vec![received[0].claim(new), received[0].claim(&scene.secret)];
    assert_eq!(accepted(claims).await, [true, true]);

    scene.world.clock.advance(Duration::hours(24));
    let (status, _) = scene.api.post(&scene.path("/test"), Value::Null).await;
    assert_eq!(status, 202);
    scene.world.server.deliver().await.unwrap();
    let received = scene.receiver.received();
    let signatures = &received.last().unwrap().headers["webhook-signature"];
    assert_eq!(signatures.split(' ').count(), 1, "{signatures}");
    let shown = scene.api.get(&scene.path("")).await;
    assert_eq!(shown["previousSecretUntil"], json!(null), "{shown}");
    assert_eq!(shown["secret"], json!(null), "{shown}");
}
