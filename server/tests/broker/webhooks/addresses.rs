//! Endpoints inside are out of reach, when they are registered and again at each attempt.

use super::Api;
use crate::support::database::Database;
use crate::support::receiver::Receiver;
use crate::support::{Setup, World};
use serde_json::{Value, json};

async fn public_world(networks: &'static [&'static str]) -> World {
    World::with(Setup {
        configure: Box::new(|config| {
            config.public_url = Some("https://connect.example.com".parse().unwrap());
            let networks = networks.iter().map(|network| network.parse().unwrap());
            config.webhooks.allow_private_networks = networks.collect();
        }),
        ..Setup::default()
    })
    .await
}

#[tokio::test]
async fn refuses_to_register_addresses_inside() {
    let world = public_world(&[]).await;
    let api = Api::of(&world);
    for url in [
        "http://example.com/",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://10.1.2.3/",
        "https://100.64.0.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://[fd00:ec2::254]/",
    ] {
        let (status, problem) = api.post("/v1/webhooks", json!({ "url": url })).await;
        assert_eq!(
            (status, &problem["code"]),
            (400, &json!("invalid_webhook_url")),
            "{url}"
        );
    }
    let open = public_world(&["10.1.0.0/16"]).await;
    let api = Api::of(&open);
    api.endpoint("https://10.1.2.3/").await;
    let (status, _) = api
        .post("/v1/webhooks", json!({ "url": "https://10.2.0.1/" }))
        .await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn an_address_that_leads_inside_later_gets_nothing() {
    let world = public_world(&[]).await;
    let (api, receiver) = (Api::of(&world), Receiver::start().await);
    let (webhook, _) = api.endpoint("https://example.com/hook").await;
    let database = Database::open(&world).await;
    for host in ["127.0.0.1", "localhost"] {
        let url = format!("https://{host}:{}/hook", receiver.port());
        database
            .run(&format!("UPDATE webhooks SET url = '{url}'"))
            .await;
        let (status, queued) = api
            .post(&format!("/v1/webhooks/{webhook}/test"), Value::Null)
            .await;
        assert_eq!(status, 202, "{queued}");
        world.server.deliver().await.unwrap();
        let log = api.deliveries(&webhook).await;
        let delivery = log
            .iter()
            .find(|delivery| delivery["deliveryId"] == queued["deliveryId"]);
        assert_eq!(
            delivery.unwrap()["attempts"][0]["error"],
            "address_refused",
            "{log:?}"
        );
    }
    assert_eq!(receiver.most_at_once(), 0);
}
