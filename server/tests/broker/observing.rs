//! What an operator's tools see: health, metrics, traces.

use crate::support::collector::Collector;
use crate::support::database::Database;
use crate::support::process::{Process, free_port};
use crate::support::{Setup, World, answered, create_widget, http};
use railhead_protocol::Environment;
use railhead_server::config::Config;
use reqwest::Method;
use serde_json::json;

const TOKEN: &str = "a token for the metrics";

async fn status(world: &World, path: &str, headers: &[(&str, &str)]) -> u16 {
    let answer = world.send(Method::GET, path, headers, "").await;
    answer.status().as_u16()
}

#[tokio::test]
async fn a_server_whose_database_does_not_answer_is_alive_and_not_ready() {
    let world = World::new().await;
    assert_eq!(status(&world, "/readyz", &[]).await, 200);
    Database::open(&world).await.lose("vault").await;
    let answer = world.send(Method::GET, "/readyz", &[], "").await;
    assert_eq!(answer.headers()["retry-after"], "5");
    let (status_code, problem) = answered(answer).await;
    assert_eq!(
        (status_code, problem["code"].as_str()),
        (503, Some("not_ready"))
    );
    assert_eq!(problem["detail"], "The database does not answer.");
    assert_eq!(status(&world, "/healthz", &[]).await, 200);
}

#[tokio::test]
async fn metrics_count_what_happened_and_hold_nothing_that_a_visitor_chose() {
    let world = World::new().await;
    let visit = world.visit("Unheard of").await;
    visit.connected("freshbooks", "alice").await;
    let (failed, _) = visit
        .connect(json!({ "serviceName": "freshbooks" }), "alice", "deny")
        .await;
    assert_eq!(failed.failure.unwrap().code.as_str(), "denied");
    let started = visit.start(json!({ "serviceName": "freshbooks" })).await;
    let id = &started.authorization.authorization_id;
    let cancel = format!("/v1/connect/authorizations/{id}/cancel");
    assert_eq!(visit.call(Method::POST, &cancel, None).await.0, 200);
    let made_up = Method::from_bytes(b"UNHEARDOF").unwrap();
    world.send(made_up, "/unheard/of?unheard=of", &[], "").await;

    let answer = world.send(Method::GET, "/metrics", &[], "").await;
    assert_eq!(
        answer.headers()["content-type"],
        "text/plain; version=0.0.4; charset=utf-8"
    );
    let text = answer.text().await.unwrap();
    // Servers in one process share their metrics, so that other tests may have counted too.
    for series in [
        r#"railhead_authorizations_ended_total{service="freshbooks",outcome="succeeded"} "#,
        r#"railhead_authorizations_ended_total{service="freshbooks",outcome="denied"} "#,
        r#"railhead_authorizations_ended_total{service="freshbooks",outcome="cancelled"} "#,
        r#"railhead_token_exchanges_total{service="freshbooks",outcome="granted"} "#,
        r#"railhead_outgoing_request_duration_seconds_count{service="freshbooks",outcome="2xx"} "#,
        r#"railhead_requests_total{method="GET",route="/v1/callback/{workspace}/{service}",status="3xx"} "#,
        r#"railhead_request_duration_seconds_bucket{method="POST",route="/v1/connect/sessions",le="26"} "#,
        r#"railhead_requests_total{method="OTHER",route="unmatched",status="4xx"} "#,
        "railhead_waiting_polls ",
        "railhead_open_connections ",
        "railhead_build_info{version=",
        "# TYPE railhead_requests_total counter",
        "# HELP railhead_requests_total Requests answered",
    ] {
        assert!(text.contains(series), "{series} in {text}");
    }
    for chosen in ["nheard", "UNHEARDOF", id.as_str(), "wid_", "lender"] {
        assert!(!text.contains(chosen), "{chosen} in {text}");
    }
}

#[tokio::test]
async fn metrics_of_a_public_server_need_the_token_or_the_address_of_their_own() {
    let public = |config: &mut Config| {
        config.public_url = Some("https://connect.example.com".parse().unwrap());
        config.metrics.listen = Some("127.0.0.1:0".parse().unwrap());
    };
    let world = |token: bool| {
        let configure = move |config: &mut Config| {
            public(config);
            config.metrics.token = token.then(|| TOKEN.into());
        };
        World::with(Setup {
            configure: Box::new(configure),
            ..Setup::default()
        })
    };
    let get = async |world: &World, path: &str, token: &str| {
        let url = format!("http://{}{path}", world.server.address);
        let answer = http().get(url).bearer_auth(token).send().await.unwrap();
        answer.status().as_u16()
    };
    let closed = world(false).await;
    assert_eq!(get(&closed, "/metrics", TOKEN).await, 404);
    let health = format!("http://{}/healthz", closed.server.address);
    let health = http().get(health).send().await.unwrap();
    assert_eq!(
        health.headers()["strict-transport-security"],
        "max-age=31536000"
    );
    let own = closed.server.metrics_address.unwrap();
    let own = async |path: &str| {
        let answer = http().get(format!("http://{own}{path}")).send().await;
        let answer = answer.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let (status, text) = own("/metrics").await;
    assert!(
        status == 200 && text.contains("railhead_build_info"),
        "{text}"
    );
    assert_eq!(own("/v1/connect/session").await.0, 404);
    closed.server.stop().await;

    let guarded = world(true).await;
    assert_eq!(get(&guarded, "/metrics", "").await, 401);
    assert_eq!(get(&guarded, "/metrics", "another token").await, 401);
    assert_eq!(get(&guarded, "/metrics", TOKEN).await, 200);
}

/// Asks a server that traces, with a trace of the caller's own, for something; answers what its collector got.
async fn traced(trusted: &str) -> Collector {
    let folder = tempfile::tempdir().unwrap();
    let collector = Collector::start().await;
    let port = free_port();
    let variables = [
        ("RAILHEAD_TELEMETRY__OTLP_ENDPOINT", collector.url.as_str()),
        (
            "RAILHEAD_TELEMETRY__AUTHORIZATION",
            "Bearer of the collector",
        ),
        ("RAILHEAD_TRUSTED_PROXIES", trusted),
    ];
    create_widget(folder.path(), "wid_1", Environment::Sandbox, "default", &[]);
    let server = Process::serve_with(folder.path(), port, "http://localhost:1", &variables).await;
    let url = format!("http://localhost:{port}/v1/connect/session");
    let parent = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01";
    let answer = http().get(url).header("traceparent", parent).send().await;
    assert_eq!(answer.unwrap().status(), 401);
    let (code, log) = server.terminate().await;
    assert_eq!(code, Some(0), "{log}");
    assert!(!log.contains("of the collector"), "{log}");
    collector
}

#[tokio::test]
async fn traces_are_sent_before_the_server_ends_and_follow_those_of_trusted_proxies_only() {
    let named = [0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef];
    let holds = |bytes: &[u8]| bytes.windows(8).any(|window| window == named);
    for (trusted, followed) in [("127.0.0.1", true), ("10.0.0.0/8", false)] {
        let collector = traced(trusted).await;
        let text = collector.text();
        for said in [
            "service.name",
            "railhead",
            "GET /v1/connect/session",
            "req_",
        ] {
            assert!(text.contains(said), "{said} in {text}");
        }
        assert_eq!(collector.header("authorization"), "Bearer of the collector");
        assert_eq!(collector.header("content-type"), "application/x-protobuf");
        assert_eq!(holds(&collector.bytes()), followed, "{trusted}");
    }
}
