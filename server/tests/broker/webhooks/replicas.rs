//! Several servers on one database share the work, and each message is sent by one of them.

use super::Api;
use crate::support::receiver::{Received, Receiver, Reply};
use crate::support::{Setup, World, config, postgres};
use railhead_server::entropy::SystemEntropy;
use railhead_server::server::{Parts, start};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_share_the_work_and_send_each_message_once() {
    let Some(database) = postgres::database().await else {
        return;
    };
    let world = World::with(Setup {
        database: Some(database),
        ..Setup::default()
    })
    .await;
    let second = start(Parts {
        config: config(world.folder.path(), &world.provider.url),
        clock: world.clock.clone(),
        entropy: Arc::new(SystemEntropy),
    })
    .await
    .unwrap();
    let (api, receiver) = (Api::of(&world), Receiver::start().await);
    let (webhook, _) = api.endpoint(&receiver.url("/hook")).await;
    for _ in 0..40 {
        api.post(&format!("/v1/webhooks/{webhook}/test"), Value::Null)
            .await;
    }
    world.server.deliver().await.unwrap();
    second.deliver().await.unwrap();
    assert_eq!(receiver.received().len(), 40);
    assert!(receiver.most_at_once() <= 8 + 8);

    // All of it again, all at once, while each server sends eight at a time.
    receiver.reply("/hook", Reply::Slowly(Duration::from_millis(300)));
    let everything = json!({ "since": "2020-01-01T00:00:00Z", "scope": "all" });
    let (_, replayed) = api
        .post(&format!("/v1/webhooks/{webhook}/replay"), everything)
        .await;
    assert_eq!(replayed["queued"], 40);
    let (one, two) = tokio::join!(world.server.deliver(), second.deliver());
    one.unwrap();
    two.unwrap();
    let mut times = BTreeMap::<String, usize>::new();
    for id in receiver.received().iter().map(Received::id) {
        *times.entry(id.to_owned()).or_default() += 1;
    }
    assert_eq!(times.len(), 40);
    assert!(times.values().all(|times| *times == 2), "{times:?}");
    assert!(receiver.most_at_once() > 8, "one server did it all");
    for delivery in api.deliveries(&webhook).await {
        assert_eq!(
            delivery["attempts"].as_array().unwrap().len(),
            2,
            "{delivery}"
        );
    }
    second.stop().await;
}
