//! The first step, rendered with the session's answer where the request asks for it.

use crate::support::{HOST, World, answered};
use reqwest::Method;
use serde_json::{Value, json};

const MODAL: &str = r#"{"modal":true,"base":"https://connect.example"}"#;

/// How much of the list is painted.
const SCREENFUL: usize = 16;

/// The answer to a page that asks for a session like this.
async fn open(world: &World, business: &str, paint: Value) -> Value {
    let body = json!({
        "widgetId": "wid_sandbox", "businessName": business, "locale": "en", "paint": paint,
    })
    .to_string();
    let headers = [("origin", HOST)];
    let sent = world.send(Method::POST, "/v1/connect/sessions", &headers, &body);
    let (status, answer) = answered(sent.await).await;
    assert_eq!(status, 201, "{answer}");
    answer
}

#[tokio::test]
async fn a_page_that_asks_for_it_gets_the_first_step_with_its_session() {
    let world = World::new().await;
    let answer = open(&world, "Harbor Coffee", json!(MODAL)).await;
    let first = &answer["firstPaint"];
    assert_eq!(first["build"].as_str().map(str::len), Some(16), "{first}");
    let nodes = first["nodes"].to_string();
    let services = answer["services"].as_array().unwrap();
    assert!(!services.is_empty());
    for service in services.iter().take(SCREENFUL) {
        let name = service["displayName"].to_string();
        assert!(nodes.contains(&name), "{name} is not in {nodes}");
    }
    // What those lead to that ask for nothing first.
    let ahead = &first["ahead"];
    assert!(
        ahead["steps"].to_string().contains("Connect \u{e000}"),
        "{ahead}"
    );
    let listed = ahead["services"].as_array().map(Vec::len);
    assert_eq!(listed, Some(services.len().min(SCREENFUL)), "{ahead}");
    let nodes = first.to_string();
    // Who asks is the page's business; whose accounts these are is not shown, and the token is nobody's to see.
    for secret in [&answer["sessionToken"], &answer["business"]["businessUuid"]] {
        assert!(!nodes.contains(secret.as_str().unwrap()), "{secret}");
    }
}

#[tokio::test]
async fn a_page_that_does_not_ask_or_asks_for_what_only_the_widget_knows_gets_none() {
    let world = World::new().await;
    for paint in [
        Value::Null,
        json!(""),
        json!("{"),
        json!(r#"{"modal":true,"base":"data:text/html,x"}"#),
        json!(r#"{"modal":true,"base":"https://connect.example","options":{"later":1}}"#),
    ] {
        let answer = open(&world, "Harbor Coffee", paint.clone()).await;
        assert!(answer.get("firstPaint").is_none(), "{paint}: {answer}");
        assert!(answer["sessionToken"].is_string());
    }
}

#[tokio::test]
async fn each_business_sees_its_own_connections() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    visit.connected("xero", "alice").await;
    let nodes = async |business| {
        open(&world, business, json!(MODAL)).await["firstPaint"]["nodes"].to_string()
    };
    assert!(nodes("Harbor Coffee").await.contains("\"Connected\""));
    assert!(!nodes("Quayside Events").await.contains("\"Connected\""));
}
