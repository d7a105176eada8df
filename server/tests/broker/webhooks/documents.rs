//! What `docs/WEBHOOKS.md` says is what is sent, and its receivers receive it.

use super::Scene;
use crate::support::peer;
use crate::support::receiver::Received;
use railhead_protocol::{Business, Connection, EventType, WebhookMessage};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

const DOCUMENT: &str = include_str!("../../../../docs/WEBHOOKS.md");

/// The code blocks in `language`.
fn blocks(language: &str) -> Vec<&'static str> {
    let begin = format!("```{language}\n");
    let blocks = DOCUMENT.split(begin.as_str()).skip(1);
    blocks
        .map(|rest| rest.split("```").next().unwrap())
        .collect()
}

fn samples() -> Vec<WebhookMessage> {
    let read = |block| serde_json::from_str(block).unwrap();
    blocks("json").into_iter().map(read).collect()
}

/// The data without what is added to that of the Management API.
fn bare(mut data: Map<String, Value>) -> Value {
    assert!(data.remove("environment").is_some());
    data.remove("metadata");
    Value::Object(data)
}

fn fields(message: &WebhookMessage) -> BTreeSet<String> {
    let data = bare(message.data.clone());
    data.as_object().unwrap().keys().cloned().collect()
}

#[test]
fn every_type_is_explained_and_every_sample_is_what_it_says() {
    for kind in EventType::ALL {
        assert!(DOCUMENT.contains(&format!("`{kind}`")), "{kind}");
    }
    let samples = samples();
    assert_eq!(samples.len(), 3);
    for sample in samples {
        let data = bare(sample.data);
        let again = if sample.kind.as_str().starts_with("business.") {
            json!(serde_json::from_value::<Business>(data.clone()).unwrap())
        } else {
            json!(serde_json::from_value::<Connection>(data.clone()).unwrap())
        };
        assert_eq!(again, data);
    }
}

/// The properties of `schema` in the OpenAPI document, and those that have to be there.
fn properties(document: &Value, schema: &Value) -> (BTreeSet<String>, BTreeSet<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let pointer = reference.trim_start_matches('#');
        return properties(document, document.pointer(pointer).unwrap());
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let parts = parts.iter().map(|part| properties(document, part));
        return parts.fold(Default::default(), |(mut all, mut needed), part| {
            all.extend(part.0);
            needed.extend(part.1);
            (all, needed)
        });
    }
    let needed = schema["required"].as_array().into_iter().flatten();
    let needed = needed.map(|name| name.as_str().unwrap().to_owned());
    let all = schema["properties"].as_object().unwrap().keys().cloned();
    (all.collect(), needed.collect())
}

/// A message is what the OpenAPI document says of its type.
fn told(document: &Value, message: &Value) {
    let kind = message["type"].as_str().unwrap();
    let operation = &document["webhooks"][kind]["post"];
    let content = &operation["requestBody"]["content"]["application/json"];
    let name = content["schema"]["$ref"].as_str().unwrap();
    let schema = document.pointer(name.trim_start_matches('#')).unwrap();
    let kinds = schema["properties"]["type"]["enum"].as_array().unwrap();
    assert!(kinds.contains(&message["type"]), "{kind} in {name}");
    let (all, needed) = properties(document, &schema["properties"]["data"]);
    let data: BTreeSet<_> = message["data"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    assert!(data.is_subset(&all), "{kind}: {data:?} in {all:?}");
    assert!(data.is_superset(&needed), "{kind}: {needed:?} in {data:?}");
}

#[tokio::test]
async fn every_message_is_in_the_openapi_document_as_it_is_sent() {
    let scene = Scene::new().await;
    scene.connect("Harbor Coffee").await;
    scene.api.post(&scene.path("/test"), Value::Null).await;
    scene.world.server.deliver().await.unwrap();
    let document = scene.api.get("/v1/openapi.json").await;
    let received = scene.receiver.wait_for(4).await;
    let samples = blocks("json").into_iter();
    let messages = samples.map(|block| serde_json::from_str(block).unwrap());
    for message in messages.chain(received.iter().map(Received::message)) {
        told(&document, &message);
    }
    let webhooks = document["webhooks"].as_object().unwrap();
    for kind in EventType::ALL {
        let sent = kind.is_public() || *kind == EventType::WebhookTest;
        assert_eq!(webhooks.contains_key(kind.as_str()), sent, "{kind}");
    }
    for (kind, item) in webhooks {
        let example = &item["post"]["requestBody"]["content"]["application/json"]["example"];
        assert_eq!(example["type"], **kind);
        told(&document, example);
    }
    let one_of = document["components"]["schemas"]["WebhookMessage"]["discriminator"]["mapping"]
        .as_object()
        .unwrap();
    assert_eq!(one_of.len(), webhooks.len());
}

#[tokio::test]
async fn what_is_sent_has_the_fields_of_the_samples_and_is_received_by_the_samples() {
    let scene = Scene::new().await;
    scene.connect("Harbor Coffee").await;
    scene.world.server.deliver().await.unwrap();
    let received = scene.receiver.received();
    assert_eq!(received.len(), 3);
    for message in &received {
        let sent: WebhookMessage = serde_json::from_str(&message.body).unwrap();
        let samples = samples();
        let about = |kind: EventType| kind.as_str().split('.').next();
        let mut alike = samples
            .iter()
            .filter(|sample| about(sample.kind) == about(sent.kind));
        // Where there is no sample of this very type, any about the same thing.
        let sample = samples.iter().find(|sample| sample.kind == sent.kind);
        let sample = sample.or_else(|| alike.next()).unwrap();
        assert_eq!(fields(&sent), fields(sample), "{}", sent.kind);
        assert_eq!(message.message()["timestamp"], sent.timestamp);
    }
    let (message, secret) = (&received[0], json!(scene.secret));
    let (headers, body) = (json!(message.headers), json!(message.body));
    let told = format!("{} sandbox", message.kind());

    let script = format!(
        "{}\nprocess.env.WEBHOOK_SECRET = {secret};\nreceive({headers}, {body});\nreceive({headers}, {body});\n",
        blocks("js")[0]
    );
    assert_eq!(peer::node(&script).await.unwrap().trim(), told);
    let forged = script.replace("sandbox", "production");
    assert!(forged != script && peer::node(&forged).await.is_err());

    let script = format!(
        "{}\nos.environ['WEBHOOK_SECRET'] = {secret}\nmessage = receive({headers}, {body}.encode())\n\
         print(message['type'], message['data']['environment'])\n",
        blocks("python")[0]
    );
    assert_eq!(peer::python(&script).await.unwrap().trim(), told);
    let forged = script.replace("sandbox", "production");
    assert!(peer::python(&forged).await.is_err());
}
