//! Killed between what happened and its delivery: nothing is lost, and no secret was written down on the way.

use super::Api;
use crate::support::process::{Process, free_port};
use crate::support::receiver::{Received, Receiver, Reply};
use crate::support::remote::Visit;
use crate::support::{create_key, create_widget};
use railhead_protocol::Environment;
use std::collections::BTreeSet;
use std::path::Path;
use tempfile::TempDir;

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let (path, id) = (folder.path(), "wid_sandbox");
    create_widget(path, id, Environment::Sandbox, "default", &[]);
    folder
}

fn files(folder: &Path) -> String {
    let names = ["railhead.sqlite", "railhead.sqlite-wal"];
    let read = |name| std::fs::read(folder.join("data").join(name)).unwrap_or_default();
    String::from_utf8_lossy(&names.map(read).concat()).into_owned()
}

#[tokio::test]
async fn what_was_committed_is_delivered_although_the_server_was_killed() {
    let (folder, port) = (folder(), free_port());
    let config = demo_provider::Config::default();
    let provider = demo_provider::Provider::start(config).await.unwrap();
    let key = create_key(folder.path(), Environment::Sandbox, "default");
    let timeout = [("RAILHEAD_WEBHOOKS__TIMEOUT_SECONDS", "1")];
    let serve = async || Process::serve_with(folder.path(), port, &provider.url, &timeout).await;
    let server = serve().await;
    let base = format!("http://127.0.0.1:{port}");
    let api = Api { base, key };
    let receiver = Receiver::start().await;
    let (webhook, secret) = api.endpoint(&receiver.url("/hook")).await;
    receiver.reply("/hook", Reply::Never);

    let visit = Visit::begin(port).await;
    let (id, callback) = visit.up_to_callback("alice").await;
    visit.browser.open(&callback).await;
    assert_eq!(visit.poll(&id).await["status"], "succeeded");
    let ids = |messages: &[Received]| -> BTreeSet<String> {
        let ids = messages.iter().map(Received::id);
        ids.map(str::to_owned).collect()
    };
    let mut came = 3;
    let told = loop {
        let told = ids(&receiver.wait_for(came).await);
        if told.len() == 3 {
            break told;
        }
        came += 1;
    };
    let first_log = server.kill().await;
    let came = receiver.received().len();

    receiver.reply("/hook", Reply::Status(200));
    let server = serve().await;
    // The claim of the server that was killed runs out by itself.
    let log = loop {
        let log = api.deliveries(&webhook).await;
        if log.iter().all(|delivery| delivery["status"] == "delivered") {
            break log;
        }
        tokio::task::yield_now().await;
    };

    let again = receiver.received().split_off(came);
    assert_eq!(ids(&again), told, "the same three messages, once more");
    let connections = api.get("/v1/connections").await;
    let connection = connections["data"][0]["connectionId"].as_str().unwrap();
    let path = format!("/v1/connections/{connection}/credentials");
    let credentials = api.get(&path).await;
    let token = credentials["accessToken"].as_str().unwrap();
    let events = api.get("/v1/events").await;
    let (_, second_log) = server.terminate().await;
    let logged = first_log + &second_log;
    assert!(logged.contains("/v1/webhooks"), "the log is there");
    let shown = format!("{log:?}{events}{again:?}{connections}");
    let key = secret.strip_prefix("whsec_").unwrap();
    for secret in [key, token, &api.key, &visit.token] {
        assert!(secret.len() > 15);
        assert!(!logged.contains(secret), "the log has {secret}");
        assert!(!shown.contains(secret), "somebody was told {secret}");
        assert!(
            !files(folder.path()).contains(secret),
            "the database has {secret}"
        );
    }
}
