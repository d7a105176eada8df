//! The OpenAPI document and the page that shows it. That single answers are as documented is seen in every test: the
//! server panics in builds for development where one is not.

use crate::support::World;
use railhead_protocol::openapi::known;
use reqwest::Method;
use serde_json::Value;
use std::collections::BTreeSet;

async fn read(world: &World) -> Value {
    let response = world.send(Method::GET, "/v1/openapi.json", &[], "").await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/json");
    response.json().await.unwrap()
}

/// Every operation of the document: its method, its path and itself.
fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, item)| {
        let item = item.as_object().unwrap();
        item.iter()
            .map(move |(method, operation)| (method.as_str(), path.as_str(), operation))
    });
    operations.collect()
}

#[tokio::test]
async fn the_document_is_kept_by_clients_until_it_changes() {
    let world = World::new().await;
    let first = world.send(Method::GET, "/v1/openapi.json", &[], "").await;
    let tag = first.headers()["etag"].to_str().unwrap().to_owned();
    assert_eq!(first.headers()["cache-control"], "public, max-age=300");
    let again = world
        .send(
            Method::GET,
            "/v1/openapi.json",
            &[("if-none-match", &tag)],
            "",
        )
        .await;
    assert_eq!(again.status(), 304);
}

#[tokio::test]
async fn every_operation_says_what_it_is_and_what_it_refuses() {
    let world = World::new().await;
    let document = read(&world).await;
    assert_eq!(document["openapi"], "3.1.0");
    let tags = document["tags"].as_array().unwrap();
    let tags: BTreeSet<_> = tags.iter().map(|tag| tag["name"].as_str()).collect();
    let mut ids = BTreeSet::new();
    for (method, path, operation) in operations(&document) {
        let id = operation["operationId"].as_str().unwrap();
        assert!(ids.insert(id), "two operations are called {id}");
        assert!(operation["summary"].is_string(), "{method} {path}");
        assert!(
            tags.contains(&operation["tags"][0].as_str()),
            "{method} {path}"
        );
        let responses = operation["responses"].as_object().unwrap();
        for (status, response) in responses {
            let place = format!("{method} {path} {status}");
            let description = response["description"].as_str().unwrap_or_default();
            assert!(!description.is_empty(), "{place}");
            let id = &response["headers"]["X-Request-Id"];
            assert!(id.is_object(), "{place}");
            let content = response["content"].as_object();
            let is_refusal = status.as_str() >= "400";
            assert!(content.is_some() || !is_refusal, "{place}");
        }
        let has = |status: &str| responses.contains_key(status);
        assert!(has("500") && has("503"), "{method} {path}");
        let manages = operation["security"][0]["apiKey"].is_array();
        let is_done_once = manages && method == "post";
        let takes_key = operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .any(|parameter| parameter["name"] == "Idempotency-Key");
        assert_eq!(takes_key, is_done_once, "{method} {path}");
        assert_eq!(has("422"), is_done_once, "{method} {path}");
        assert!(!manages || (has("403") && has("429")), "{method} {path}");
        let asks = operation.get("security").is_some() || id == "createSession" || id == "metrics";
        assert_eq!(asks, has("401"), "{method} {path}");
        let has_body = operation.get("requestBody").is_some();
        let is_read = has_body || is_done_once;
        assert_eq!(is_read, has("413") && has("408"), "{method} {path}");
        if has_body {
            let body = &operation["requestBody"]["content"]["application/json"];
            assert!(body["example"].is_object(), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn nothing_is_referred_to_that_is_not_there() {
    let document = read(&World::new().await).await;
    let text = document.to_string();
    let mut references = 0;
    for reference in text.split("\"$ref\":\"#").skip(1) {
        let pointer = reference.split('"').next().unwrap();
        assert!(document.pointer(pointer).is_some(), "{pointer}");
        references += 1;
    }
    assert!(references > 100, "{references}");
    assert!(!text.contains("[`"), "a link between Rust types is left");
    assert!(!text.contains("x-codes"));
    // What `docs/openapi.json` is written from says the same.
    let written: Value =
        serde_json::from_str(&railhead_server::routes::document().indented).unwrap();
    assert_eq!(written, document);
}

#[tokio::test]
async fn the_reference_shows_every_operation_and_code_and_runs_nothing() {
    let world = World::new().await;
    let response = world.send(Method::GET, "/docs", &[], "").await;
    assert_eq!(response.status(), 200);
    assert_eq!(
        response.headers()["content-type"],
        "text/html; charset=utf-8"
    );
    let policy = response.headers()["content-security-policy"].to_str();
    assert_eq!(
        policy.unwrap(),
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; \
        frame-ancestors 'none'"
    );
    let html = response.text().await.unwrap();
    assert!(!html.contains("<script") && !html.contains("style=") && !html.contains("{{"));
    let document = read(&world).await;
    for (method, path, operation) in operations(&document) {
        let id = operation["operationId"].as_str().unwrap();
        assert!(
            html.contains(&format!("<article id=\"{id}\">")),
            "{method} {path}"
        );
    }
    for name in document["components"]["schemas"]
        .as_object()
        .unwrap()
        .keys()
    {
        let article = format!("<article id=\"type-{name}\"");
        assert!(html.contains(&article) || name == "ErrorCode", "{name}");
    }
    for code in known() {
        assert!(html.contains(&format!("<tr id=\"code-{code}\">")), "{code}");
    }
    // What it leads to within the page is there.
    for target in html.split("href=\"#").skip(1) {
        let target = target.split('"').next().unwrap();
        assert!(html.contains(&format!("id=\"{target}\"")), "{target}");
    }
    assert!(html.contains(&format!("curl {}v1/businesses", world.server.public_url)));
    let style = world
        .send(Method::GET, "/docs/reference.css", &[], "")
        .await;
    assert_eq!(style.headers()["content-type"], "text/css; charset=utf-8");
}
