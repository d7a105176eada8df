//! A newer server has brought the database up to date; one that runs goes on.

use super::world;
use crate::support::World;
use crate::support::browser::Browser;
use crate::support::database::Database;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::path::Path;
use url::Url;

/// Everything that reads a table, once more each day; all of it has to be answered well.
struct Days {
    world: World,
    key: String,
    count: u32,
}

impl Days {
    async fn ask(&self, method: Method, path: &str, body: Value) -> Value {
        let (status, answer) = self.world.ask(method, &self.key, path, body).await;
        assert!(status < 300, "day {}, {path}: {answer}", self.count);
        answer
    }

    async fn get(&self, path: &str) -> Value {
        self.ask(Method::GET, path, Value::Null).await
    }

    async fn next(&mut self) {
        self.count += 1;
        let name = format!("Harbor {}", self.count);
        let hook = json!({ "url": "http://127.0.0.1:9/hook", "types": ["connection.created"] });
        let webhook = self.ask(Method::POST, "/v1/webhooks", hook).await;
        let visit = self.world.visit(&name).await;
        let connection = visit.connected("xero", "alice").await;
        self.made_twice(&format!("{name} Ltd")).await;
        self.open_page(&name).await;
        self.world.server.deliver().await.unwrap();

        let connection = format!("/v1/connections/{}", connection.connection_id);
        self.get(&format!("{connection}/credentials")).await;
        for list in ["businesses", "connections", "events", "keys", "widgets"] {
            let listed = self.get(&format!("/v1/{list}")).await;
            assert_ne!(listed["data"], json!([]), "{list}");
        }
        self.get("/v1/services").await;
        self.get("/v1/widgets/wid_sandbox").await;
        let webhook = format!("/v1/webhooks/{}", webhook["webhookId"].as_str().unwrap());
        let told = self.get(&format!("{webhook}/deliveries")).await;
        let event = told["data"][0]["eventId"].as_str().unwrap();
        self.get(&format!("/v1/events/{event}")).await;
        let ended = self
            .ask(
                Method::POST,
                &format!("{connection}/disconnect"),
                Value::Null,
            )
            .await;
        assert_eq!(ended["revocation"], "done");
        self.ask(Method::DELETE, &webhook, Value::Null).await;
        self.world.server.revoke_due().await.unwrap();
        self.world.server.sweep().await.unwrap();
    }

    /// A request that is sent twice makes one business.
    async fn made_twice(&self, name: &str) {
        let (bearer, body) = (
            format!("Bearer {}", self.key),
            json!({ "businessName": name }).to_string(),
        );
        let key = format!("day-{}", self.count);
        let headers = [
            ("authorization", bearer.as_str()),
            ("idempotency-key", key.as_str()),
        ];
        for _ in 0..2 {
            let sent = self
                .world
                .send(Method::POST, "/v1/businesses", &headers, &body);
            assert_eq!(sent.await.status(), StatusCode::CREATED);
        }
    }

    /// The hosted page is opened with a link.
    async fn open_page(&self, name: &str) {
        let wanted = json!({ "widgetId": "wid_sandbox", "businessName": name });
        let minted = self.ask(Method::POST, "/v1/sessions", wanted).await;
        let link: Url = minted["url"].as_str().unwrap().parse().unwrap();
        let own = self.world.server.public_url.origin().ascii_serialization();
        let opened = Browser::new()
            .send(&link, |request| request.header("origin", own), Method::POST)
            .await;
        assert_eq!(opened.status(), StatusCode::OK);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_runs_goes_on_when_a_newer_one_has_added_columns() {
    let Some(world) = world(demo_provider::Config::default(), None).await else {
        return;
    };
    let key = world.sandbox_key();
    let database = Database::open(&world).await;
    let mut days = Days {
        world,
        key,
        count: 0,
    };
    // Twice, so that each statement is prepared on the connections that are used.
    days.next().await;
    days.next().await;
    let tables = database.add_columns().await;
    assert!(tables > 15, "{tables} tables");
    days.next().await;
}

#[test]
fn statements_name_the_columns_that_they_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/sql");
    let mut read = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let file = file.unwrap().path();
        for line in std::fs::read_to_string(&file).unwrap().lines() {
            let code = line.split("//").next().unwrap();
            let names_all = ["SELECT *", ".*", "RETURNING *"]
                .iter()
                .any(|all| code.contains(all));
            assert!(!names_all, "{}: {line}", file.display());
            read += 1;
        }
    }
    assert!(read > 2_000, "{read} lines");
}
