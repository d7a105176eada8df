//! What `docs/WEBHOOKS.md` says is what is sent, and its receivers receive it.

use super::Scene;
use crate::support::peer;
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
