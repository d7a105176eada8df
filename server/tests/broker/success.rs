//! The end: where the end user is sent, with a result the company's server can check.

use crate::support::visit::Visit;
use crate::support::{World, create_widget};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac as _};
use railhead_protocol::Environment;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Sha256;
use url::Url;

#[tokio::test]
async fn sends_the_end_user_on_with_a_signed_result() {
    let world = World::new().await;
    let arguments = ["--success-url", "https://northwind.example/thanks?step=3"];
    let folder = world.folder.path();
    let widget = create_widget(
        folder,
        "wid_success",
        Environment::Sandbox,
        "default",
        &arguments,
    );
    let secret = widget["signingSecret"].as_str().unwrap();
    let visit = Visit::begin(&world, "wid_success", Some("Harbor & Co")).await;
    assert_eq!(
        visit.session.widget.success_url.as_deref(),
        Some(arguments[1])
    );
    let connection = visit.connected("xero", "alice").await;

    let ids = json!({ "connectionIds": [connection.connection_id] });
    let (status, finished) = visit
        .call(Method::POST, "/v1/connect/finish", Some(ids))
        .await;
    assert_eq!(status, 200, "{finished}");
    let url = Url::parse(finished["redirectUrl"].as_str().unwrap()).unwrap();
    assert!(
        url.as_str()
            .starts_with("https://northwind.example/thanks?step=3&connectionId=con_")
    );
    let parameter = |name: &str| {
        url.query_pairs()
            .find(|(key, _)| key == name)
            .unwrap()
            .1
            .into_owned()
    };
    assert_eq!(parameter("businessName"), "Harbor & Co");

    let result = parameter("result");
    let (signed, signature) = result.rsplit_once('.').unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(signed.as_bytes());
    mac.verify_slice(&URL_SAFE_NO_PAD.decode(signature).unwrap())
        .unwrap();
    let claims = URL_SAFE_NO_PAD
        .decode(signed.split('.').nth(1).unwrap())
        .unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    assert_eq!(claims["aud"], "wid_success");
    assert_eq!(claims["businessUuid"], connection.business_uuid.as_str());
    assert_eq!(claims["connections"][0]["serviceName"], "xero");
    assert_eq!(
        claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(),
        600
    );
}

#[tokio::test]
async fn names_each_connection_once() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let id = visit.connected("xero", "alice").await.connection_id;
    let body = json!({ "successUrl": "http://lender.test/", "connectionIds": [id, id] });
    let path = "/v1/connect/finish";
    let (_, finished) = visit.call(Method::POST, path, Some(body)).await;
    let url = Url::parse(finished["redirectUrl"].as_str().unwrap()).unwrap();
    let named = url.query_pairs().filter(|(name, _)| name == "connectionId");
    assert_eq!(named.count(), 1);
}

#[tokio::test]
async fn is_no_open_redirector() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let finish = async |body| {
        visit
            .call(Method::POST, "/v1/connect/finish", Some(body))
            .await
    };
    let (status, finished) = finish(json!({ "successUrl": "http://lender.test/done" })).await;
    assert_eq!(status, 200);
    assert!(
        finished["redirectUrl"]
            .as_str()
            .unwrap()
            .starts_with("http://lender.test/done?businessName=")
    );
    assert_eq!(finish(json!({})).await.1, json!({}), "nowhere to go");
    for url in [
        "https://evil.test/",
        "javascript:alert(1)",
        "http://lender.test@evil.test/",
        "//evil.test",
        "",
    ] {
        let (status, problem) = finish(json!({ "successUrl": url })).await;
        assert_eq!(
            (status, problem["code"].as_str()),
            (400, Some("invalid_return_url")),
            "{url}"
        );
        assert_eq!(problem["field"], "successUrl");
    }
}

#[tokio::test]
async fn vouches_only_for_active_connections_of_this_business() {
    let world = World::new().await;
    let other = world
        .visit("Quayside")
        .await
        .connected("xero", "alice")
        .await;
    let visit = world.visit("Harbor Coffee").await;
    for id in [other.connection_id.as_str(), "con_none"] {
        let body = json!({ "successUrl": "http://lender.test/", "connectionIds": [id] });
        let (status, problem) = visit
            .call(Method::POST, "/v1/connect/finish", Some(body))
            .await;
        assert_eq!(
            (status, problem["code"].as_str()),
            (404, Some("connection_not_found"))
        );
    }
}
