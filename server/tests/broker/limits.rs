//! How much one visitor may ask for, and what becomes of requests that are too large.

use crate::support::database::Database;
use crate::support::visit::Visit;
use crate::support::{HOST, Setup, World, create_widget};
use futures_util::future::join_all;
use railhead_protocol::Environment;
use railhead_server::config::Config;
use reqwest::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const SESSIONS: &str = "/v1/connect/sessions";

#[tokio::test]
async fn an_address_begins_only_so_many_sessions_of_a_widget_in_a_minute() {
    let configure = |config: &mut Config| config.limits.sessions_per_minute = 3;
    let world = World::with(Setup {
        configure: Box::new(configure),
        ..Setup::default()
    })
    .await;
    let body = r#"{"widgetId":"wid_sandbox"}"#;
    let begin = || world.send(Method::POST, SESSIONS, &[("origin", HOST)], body);
    let mut token = None;
    for _ in 0..3 {
        let response = begin().await;
        assert_eq!(response.status(), 201);
        let state: railhead_protocol::SessionState = response.json().await.unwrap();
        token = state.session_token;
    }
    let refused = begin().await;
    assert_eq!(refused.status(), 429);
    assert_eq!(refused.headers()["retry-after"], "21");
    assert_eq!(refused.headers()["access-control-allow-origin"], HOST);
    let problem: railhead_protocol::Problem = refused.json().await.unwrap();
    assert_eq!(problem.code, railhead_protocol::ErrorCode::RateLimited);
    let (_, businesses) = world.manage(&world.sandbox_key(), "/v1/businesses").await;
    assert_eq!(businesses["data"].as_array().unwrap().len(), 3);

    let again = json!({ "widgetId": "wid_sandbox", "sessionToken": token }).to_string();
    let resumed = world.send(Method::POST, SESSIONS, &[("origin", HOST)], &again);
    assert_eq!(resumed.await.status(), 201, "it begins none");
    let folder = world.folder.path();
    create_widget(folder, "wid_other", Environment::Sandbox, "default", &[]);
    Visit::begin(&world, "wid_other", None).await;
    let wait = time::Duration::seconds(21);
    world.clock.advance(wait);
    Database::open(&world).await.later(wait).await;
    assert_eq!(begin().await.status(), 201);
}

#[tokio::test]
async fn an_address_sends_only_so_many_wrong_keys_in_a_minute() {
    let configure = |config: &mut Config| config.limits.wrong_keys_per_minute = 3;
    let world = World::with(Setup {
        configure: Box::new(configure),
        ..Setup::default()
    })
    .await;
    let guess = async || world.manage("rk_test_guess", "/v1/businesses").await;
    for _ in 0..3 {
        assert_eq!(guess().await.0, 401);
    }
    let (status, problem) = guess().await;
    assert_eq!(
        (status, problem["code"].as_str()),
        (429, Some("rate_limited"))
    );
    let key = world.sandbox_key();
    assert_eq!(
        world.manage(&key, "/v1/businesses").await.0,
        200,
        "a right key is not refused for what others guess"
    );
    let wait = time::Duration::seconds(21);
    world.clock.advance(wait);
    Database::open(&world).await.later(wait).await;
    assert_eq!(guess().await.0, 401);
}

#[tokio::test]
async fn a_key_reads_credentials_only_so_often_in_a_minute() {
    let configure = |config: &mut Config| config.limits.credentials_per_minute = 2;
    let world = World::with(Setup {
        configure: Box::new(configure),
        ..Setup::default()
    })
    .await;
    let connection = world
        .visit("Harbor Coffee")
        .await
        .connected("xero", "alice")
        .await;
    let (one, other) = (world.sandbox_key(), world.sandbox_key());
    let path = format!("/v1/connections/{}/credentials", connection.connection_id);
    assert_eq!(world.manage(&one, &path).await.0, 200);
    assert_eq!(world.manage(&one, &path).await.0, 200);
    let (status, problem) = world.manage(&one, &path).await;
    assert_eq!(
        (status, problem["code"].as_str()),
        (429, Some("rate_limited"))
    );
    assert_eq!(world.manage(&other, &path).await.0, 200);
    assert_eq!(world.manage(&one, "/v1/connections").await.0, 200);
}

#[tokio::test]
async fn a_session_has_only_so_many_authorizations_open() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let path = "/v1/connect/authorizations";
    let pick = || visit.call(Method::POST, path, Some(json!({ "serviceName": "xero" })));
    let answers = join_all((0..25).map(|_| pick())).await;
    let (begun, refused): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|(status, _)| *status == 201);
    assert_eq!(begun.len(), 20);
    for (status, problem) in refused {
        let code = problem["code"].as_str();
        assert_eq!((status, code), (429, Some("rate_limited")));
    }
    let id = begun[0].1["authorization"]["authorizationId"].as_str();
    let cancel = format!("{path}/{}/cancel", id.unwrap());
    assert_eq!(visit.call(Method::POST, &cancel, None).await.0, 200);
    assert_eq!(pick().await.0, 201);
    assert_eq!(pick().await.0, 429);
    world
        .visit("Quayside")
        .await
        .start(json!({ "serviceName": "xero" }))
        .await;
    world.clock.advance(time::Duration::minutes(10));
    assert_eq!(pick().await.0, 201, "those that are over do not count");
}

#[tokio::test]
async fn a_body_that_is_announced_too_large_is_refused_before_it_comes() {
    let world = World::new().await;
    let mut stream = TcpStream::connect(world.server.address).await.unwrap();
    let head = format!(
        "POST {SESSIONS} HTTP/1.1\r\nhost: a\r\norigin: {HOST}\r\ncontent-length: 100000000\r\n\r\n{{"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8(answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("\"code\":\"too_large\""), "{answer}");
    let readable = format!("access-control-allow-origin: {HOST}");
    assert!(answer.contains(&readable), "{answer}");
}
