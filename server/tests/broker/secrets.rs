//! After a full run no secret is found in logs, metrics, traces or in what browsers received, and the database holds none in the clear.

use crate::support::collector::Collector;
use crate::support::process::{Process, free_port};
use crate::support::remote::Visit;
use crate::support::{answered, create_key, create_widget, http};
use railhead_protocol::Environment;
use serde_json::Value;
use std::path::Path;
use std::time::Duration;

/// What the company's server knows, and nobody else may.
async fn credentials(visit: &Visit, key: &str) -> [String; 2] {
    let ask = async |path: &str| -> Value {
        let request = http().get(visit.base.join(path).unwrap()).bearer_auth(key);
        answered(request.send().await.unwrap()).await.1
    };
    let connections = ask("/v1/connections").await;
    let id = connections["data"][0]["connectionId"].as_str().unwrap();
    let path = format!("/v1/connections/{id}/credentials");
    let first = ask(&path).await;
    // The access token lives for a second only, and is renewed when half of that is over.
    let mut second = first.clone();
    while second["accessToken"] == first["accessToken"] {
        second = ask(&path).await;
    }
    [first, second].map(|credentials| credentials["accessToken"].as_str().unwrap().to_owned())
}

fn database(folder: &Path) -> String {
    let files =
        ["railhead.sqlite", "railhead.sqlite-wal"].map(|file| folder.join("data").join(file));
    let bytes = files
        .iter()
        .flat_map(|file| std::fs::read(file).unwrap_or_default());
    String::from_utf8_lossy(&bytes.collect::<Vec<_>>()).into_owned()
}

#[tokio::test]
async fn no_secret_reaches_logs_metrics_traces_browsers_or_the_database_file() {
    let folder = tempfile::tempdir().unwrap();
    let widget = create_widget(
        folder.path(),
        "wid_sandbox",
        Environment::Sandbox,
        "default",
        &[],
    );
    let key = create_key(folder.path(), Environment::Sandbox, "default");
    let config = demo_provider::Config {
        access_token_lifetime: Duration::from_secs(1),
        ..demo_provider::Config::default()
    };
    let provider = demo_provider::Provider::start(config).await.unwrap();
    let port = free_port();
    let collector = Collector::start().await;
    let variables = [
        ("RAILHEAD_LOG", "trace"),
        ("RAILHEAD_TELEMETRY__OTLP_ENDPOINT", &collector.url),
    ];
    let server = Process::serve_with(folder.path(), port, &provider.url, &variables).await;
    let visit = Visit::begin(port).await;
    let (id, nonce, callback) = visit.window("alice").await;
    let landing = visit.browser.open(&callback).await;
    assert!(
        landing.html.contains("Xero is connected"),
        "{}",
        landing.html
    );
    assert_eq!(visit.poll(&id).await["status"], "succeeded");
    let [first, second] = credentials(&visit, &key).await;
    let metrics = http().get(visit.base.join("/metrics").unwrap()).send();
    let metrics = metrics.await.unwrap().text().await.unwrap();
    let (_, log) = server.terminate().await;
    let traces = collector.text();
    for route in [
        "/v1/callback/{workspace}/{service}",
        "/v1/connections/{connectionId}/credentials",
    ] {
        for (place, text) in [("metrics", &metrics), ("traces", &traces)] {
            assert!(text.contains(route), "{route} in the {place}: {text}");
        }
    }
    for work in ["exchange", "refresh", "ask xero"] {
        assert!(traces.contains(work), "{work} in {traces}");
    }
    assert!(
        log.contains("/v1/callback/{workspace}/{service}"),
        "the log is there: {log}"
    );

    let parameter = |name: &str| {
        callback
            .query_pairs()
            .find(|(key, _)| key == name)
            .unwrap()
            .1
            .into_owned()
    };
    let vault_key = std::fs::read_to_string(folder.path().join("data/vault.key")).unwrap();
    let vault_key = vault_key
        .split_whitespace()
        .max_by_key(|word| word.len())
        .unwrap();
    let signing_secret = widget["signingSecret"].as_str().unwrap();
    let server_side = [
        &first,
        &second,
        signing_secret,
        demo_provider::CLIENT_SECRET,
        &key,
        vault_key,
    ];
    let cookie = &visit.browser.cookies(&format!("localhost:{port}"))[0].1;
    let (code, state) = (parameter("code"), parameter("state"));
    let browser_side = [&visit.token, &nonce, &code, &state, cookie];
    let seen = visit.browser.seen();
    let database = database(folder.path());
    for secret in server_side {
        assert!(
            secret.len() > 15 && !seen.contains(secret),
            "a browser received {secret}"
        );
    }
    for secret in server_side
        .into_iter()
        .chain(browser_side.map(String::as_str))
    {
        assert!(!log.contains(secret), "the log has {secret}");
        assert!(!metrics.contains(secret), "the metrics have {secret}");
        assert!(!traces.contains(secret), "the traces have {secret}");
        assert!(!database.contains(secret), "the database has {secret}");
    }
}
