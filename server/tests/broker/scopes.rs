//! What API keys may do: the document says which scope each operation asks for, and that is the one.

use crate::support::{World, answered, http};
use railhead_server::routes::document;
use reqwest::Method;
use serde_json::{Value, json};

/// Every operation that the document lets API keys do: its method, its path after `/v1`, and itself.
pub(crate) fn managing() -> impl Iterator<Item = (String, String, Value)> {
    let document: Value = serde_json::from_str(&document().json).unwrap();
    let paths = document["paths"].as_object().unwrap().clone();
    let operations = paths.into_iter().flat_map(|(path, item)| {
        let path = path.trim_start_matches("/v1").to_owned();
        let item = item.as_object().unwrap().clone();
        item.into_iter()
            .map(move |(method, operation)| (method.to_uppercase(), path.clone(), operation))
    });
    operations.filter(|(.., operation)| operation["security"][0]["apiKey"].is_array())
}

#[tokio::test]
async fn every_route_of_the_management_api_asks_for_the_scope_that_is_documented() {
    let world = World::new().await;
    let master = world.sandbox_key();
    for (method, path, operation) in managing() {
        let kind = path.split('/').nth(1).unwrap();
        let needed = match (method.as_str(), kind) {
            _ if path.ends_with("/credentials") => "credentials:read".to_owned(),
            ("GET", kind) => format!("{kind}:read"),
            (_, kind) => format!("{kind}:write"),
        };
        let place = format!("{method} {path}");
        assert_eq!(
            operation["security"][0]["apiKey"],
            json!([needed]),
            "{place}"
        );
        let told = operation["responses"]["403"]["description"].as_str();
        assert!(told.unwrap().contains(&format!("`{needed}`")), "{place}");
        let all = railhead_protocol::Scope::ALL.iter();
        let others: Vec<_> = all.filter(|scope| scope.as_str() != needed).collect();
        let body_of_key = json!({ "scopes": others });
        let (_, made) = world
            .ask(Method::POST, &master, "/v1/keys", body_of_key)
            .await;
        let key = made["apiKey"].as_str().unwrap();
        let body = &operation["requestBody"]["content"]["application/json"]["example"];
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let path = format!("/v1{}", path.replace(['{', '}'], ""));
        let request = http().request(method.parse().unwrap(), world.url(&path));
        let request = request.bearer_auth(key).body(body);
        let (status, problem) = answered(request.send().await.unwrap()).await;
        let found = (status, problem["detail"].as_str().unwrap_or_default());
        let expected = format!("This API key lacks the scope {needed}.");
        assert_eq!(found, (403, expected.as_str()), "{place}");
    }
}
