//! What the workspace's servers are told, and how they get it.

mod addresses;
mod delivering;
mod documents;
mod endpoints;
mod killed;
mod replicas;
mod signing;

use crate::support::receiver::Receiver;
use crate::support::{World, answered, http};
use reqwest::Method;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The Management API as one of the workspace's servers calls it.
pub(super) struct Api {
    pub(super) base: String,
    pub(super) key: String,
}

impl Api {
    pub(super) fn of(world: &World) -> Self {
        Self {
            base: format!("http://{}", world.server.address),
            key: world.sandbox_key(),
        }
    }

    pub(super) async fn call(&self, method: Method, path: &str, body: Value) -> (u16, Value) {
        let url = format!("{}{path}", self.base);
        let mut request = http().request(method, url).bearer_auth(&self.key);
        if !body.is_null() {
            request = request.body(body.to_string());
        }
        answered(request.send().await.unwrap()).await
    }

    pub(super) async fn get(&self, path: &str) -> Value {
        let (status, answer) = self.call(Method::GET, path, Value::Null).await;
        assert_eq!(status, 200, "{answer}");
        answer
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        self.call(Method::POST, path, body).await
    }

    /// Makes an endpoint; answers its id and its secret.
    pub(super) async fn endpoint(&self, url: &str) -> (String, String) {
        let (status, made) = self.post("/v1/webhooks", json!({ "url": url })).await;
        assert_eq!(status, 201, "{made}");
        let text = |name: &str| made[name].as_str().unwrap().to_owned();
        (text("webhookId"), text("secret"))
    }

    /// The log of an endpoint, newest first.
    pub(super) async fn deliveries(&self, webhook: &str) -> Vec<Value> {
        let page = self
            .get(&format!("/v1/webhooks/{webhook}/deliveries"))
            .await;
        page["data"].as_array().unwrap().clone()
    }

    /// The first delivery of an event of this type in the log.
    pub(super) async fn delivery(&self, webhook: &str, kind: &str) -> Value {
        let log = self.deliveries(webhook).await;
        let found = log.iter().find(|delivery| delivery["type"] == kind);
        found
            .unwrap_or_else(|| panic!("no {kind}: {log:?}"))
            .clone()
    }
}

/// A world, its API and an endpoint at `/hook` of a receiver.
pub(super) struct Scene {
    pub(super) world: World,
    pub(super) api: Api,
    pub(super) receiver: Receiver,
    pub(super) webhook: String,
    pub(super) secret: String,
}

impl Scene {
    pub(super) async fn new() -> Self {
        Self::of(World::new().await).await
    }

    pub(super) async fn of(world: World) -> Self {
        let (api, receiver) = (Api::of(&world), Receiver::start().await);
        let (webhook, secret) = api.endpoint(&receiver.url("/hook")).await;
        Self {
            world,
            api,
            receiver,
            webhook,
            secret,
        }
    }

    /// Something happens: a business connects.
    pub(super) async fn connect(&self, business: &str) -> railhead_protocol::Connection {
        self.world
            .visit(business)
            .await
            .connected("xero", "alice")
            .await
    }

    /// Moves the clock to `moment`, to the second after it, and delivers what is due then.
    pub(super) async fn at(&self, moment: OffsetDateTime) {
        use railhead_server::clock::Clock as _;
        let left = moment - self.world.clock.now();
        let seconds = left.whole_seconds() + i64::from(left.subsec_nanoseconds() > 0);
        self.world.clock.advance(time::Duration::seconds(seconds));
        self.world.server.deliver().await.unwrap();
    }

    pub(super) fn path(&self, rest: &str) -> String {
        format!("/v1/webhooks/{}{rest}", self.webhook)
    }
}

pub(super) fn moment(value: &Value) -> OffsetDateTime {
    OffsetDateTime::parse(value.as_str().unwrap(), &Rfc3339).unwrap()
}
