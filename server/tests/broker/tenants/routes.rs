//! The routes of the Management API, none left out.

use crate::support::World;
use reqwest::Method;
use serde_json::Value;
use std::collections::BTreeSet;

/// Every route of the Management API: its method and address, what is sent, and the code of who finds nothing there.
/// `{id}` stands for the owner's.
pub(super) const ROUTES: &[(&str, &str, &str, Option<&str>)] = &[
    ("GET", "/businesses", "", None),
    ("POST", "/businesses", "{}", None),
    ("GET", "/businesses/{id}", "", Some("business_not_found")),
    ("DELETE", "/businesses/{id}", "", Some("business_not_found")),
    ("GET", "/connections", "", None),
    ("GET", "/connections/{id}", "", Some("connection_not_found")),
    (
        "GET",
        "/connections/{id}/credentials",
        "",
        Some("connection_not_found"),
    ),
    (
        "POST",
        "/connections/{id}/disconnect",
        "",
        Some("connection_not_found"),
    ),
    (
        "DELETE",
        "/connections/{id}",
        "",
        Some("connection_not_found"),
    ),
    (
        "POST",
        "/sessions",
        r#"{"widgetId":"{id}"}"#,
        Some("unknown_widget"),
    ),
    ("DELETE", "/sessions/{id}", "", Some("session_not_found")),
    ("GET", "/widgets", "", None),
    ("POST", "/widgets", r#"{"companyName":"Mine"}"#, None),
    ("GET", "/widgets/{id}", "", Some("unknown_widget")),
    (
        "PATCH",
        "/widgets/{id}",
        r#"{"companyName":"Mine"}"#,
        Some("unknown_widget"),
    ),
    (
        "POST",
        "/widgets/{id}/rotate-signing-secret",
        "",
        Some("unknown_widget"),
    ),
    ("DELETE", "/widgets/{id}", "", Some("unknown_widget")),
    ("GET", "/services", "", None),
    ("GET", "/services/{name}", "", None),
    (
        "GET",
        "/services/{name}/client",
        "",
        Some("client_not_found"),
    ),
    (
        "PUT",
        "/services/{name}/client",
        r#"{"clientId":"mine","clientSecret":"mine"}"#,
        None,
    ),
    (
        "DELETE",
        "/services/{name}/client",
        "",
        Some("client_not_found"),
    ),
    ("GET", "/keys", "", None),
    ("POST", "/keys", "{}", None),
    ("DELETE", "/keys/{id}", "", Some("key_not_found")),
    ("GET", "/events", "", None),
    ("GET", "/events/{id}", "", Some("event_not_found")),
    ("GET", "/webhooks", "", None),
    (
        "POST",
        "/webhooks",
        r#"{"url":"http://127.0.0.1:9/"}"#,
        None,
    ),
    ("GET", "/webhooks/{id}", "", Some("webhook_not_found")),
    (
        "PATCH",
        "/webhooks/{id}",
        r#"{"description":"Mine"}"#,
        Some("webhook_not_found"),
    ),
    (
        "POST",
        "/webhooks/{id}/rotate-secret",
        "",
        Some("webhook_not_found"),
    ),
    ("POST", "/webhooks/{id}/test", "", Some("webhook_not_found")),
    (
        "POST",
        "/webhooks/{id}/replay",
        r#"{"since":"2027-11-22T00:00:00Z"}"#,
        Some("webhook_not_found"),
    ),
    (
        "GET",
        "/webhooks/{id}/deliveries",
        "",
        Some("webhook_not_found"),
    ),
    (
        "POST",
        "/webhooks/{id}/deliveries/{delivery}/replay",
        "",
        Some("webhook_not_found"),
    ),
    ("DELETE", "/webhooks/{id}", "", Some("webhook_not_found")),
];

/// A path without the names of what stands for ids.
fn shape(path: &str) -> String {
    let part = |part: &str| if part.starts_with('{') { "{}" } else { part }.to_owned();
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn all_routes_of_the_management_api_are_walked() {
    let document = World::new().await;
    let document = document
        .send(Method::GET, "/v1/openapi.json", &[], "")
        .await;
    let document: Value = document.json().await.unwrap();
    let mut declared = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if operation["security"][0].get("apiKey").is_some() {
                let path = path.strip_prefix("/v1").unwrap();
                declared.insert((method.to_uppercase(), shape(path)));
            }
        }
    }
    let walked = ROUTES.iter();
    let walked = walked.map(|(method, path, ..)| ((*method).to_owned(), shape(path)));
    let walked: BTreeSet<_> = walked.collect();
    assert!(declared.len() > 10, "{declared:?}");
    let missing: Vec<_> = declared.difference(&walked).collect();
    assert!(missing.is_empty(), "{missing:?}");
    // Routes that the document does not tell of.
    let source = include_str!("../../../src/routes/management/mod.rs");
    let plain = source.split(".route(").skip(1);
    let plain = plain.filter_map(|rest| rest.split('"').nth(1)).map(shape);
    let told = declared.iter().map(|(_, path)| path.clone());
    let declared: BTreeSet<_> = told.chain(plain).collect();
    let walked: BTreeSet<_> = walked.into_iter().map(|(_, path)| path).collect();
    assert_eq!(declared, walked);
}
