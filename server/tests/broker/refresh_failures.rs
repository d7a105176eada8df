//! Refreshes that fail: what they leave behind, what readers are told, and how often the service is asked.

use crate::support::database::Database;
use crate::support::front::{Front, Say};
use crate::support::process::{Process, free_port};
use crate::support::remote;
use crate::support::{Setup, World, config, create_key, create_widget, http};
use futures_util::future::join_all;
use railhead_protocol::Environment;
use railhead_server::entropy::SystemEntropy;
use railhead_server::server::Parts;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;

const BUSY: Say = Say::Error(429, Some(120), "{}");
const BROKEN: Say = Say::Error(500, None, "{}");

/// A world whose access tokens last ten minutes, with one connection; and its key and the path of its credentials.
async fn connected() -> (World, Front, String, String) {
    let (front, provider) = Front::start().await;
    let provider = demo_provider::Config {
        access_token_lifetime: Duration::from_mins(10),
        ..provider
    };
    let world = World::with(Setup {
        provider,
        ..Setup::default()
    })
    .await;
    let key = world.sandbox_key();
    let visit = world.visit("Harbor Coffee").await;
    let connection = visit.connected("xero", "alice").await;
    let path = format!("/v1/connections/{}", connection.connection_id);
    (world, front, key, path)
}

/// Asks for credentials: status, `Retry-After` and body.
async fn ask(base: &url::Url, key: &str, path: &str) -> (u16, Option<i64>, Value) {
    let url = base.join(&format!("{path}/credentials")).unwrap();
    let answer = http().get(url).bearer_auth(key).send().await.unwrap();
    let retry_after = answer.headers().get("retry-after");
    let retry_after = retry_after.map(|value| value.to_str().unwrap().parse().unwrap());
    let status = answer.status().as_u16();
    (status, retry_after, answer.json().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn while_a_service_asks_for_time_no_reader_and_no_restart_asks_it_again() {
    let (world, front, key, path) = connected().await;
    let (_, _, first) = ask(&world.server.public_url, &key, &path).await;
    front.say([BUSY]);
    world.clock.advance(time::Duration::seconds(570));
    for _ in 0..2 {
        let (status, _, kept) = ask(&world.server.public_url, &key, &path).await;
        assert_eq!((status, &kept), (200, &first), "it is good for 30 seconds");
    }
    assert_eq!(front.refreshes(), 1);

    world.clock.advance(time::Duration::seconds(31));
    let asked = (0..10).map(|_| ask(&world.server.public_url, &key, &path));
    for (status, retry_after, problem) in join_all(asked).await {
        assert_eq!(
            (status, &problem["code"]),
            (502, &"service_unavailable".into())
        );
        // 120 seconds were asked for, up to a tenth is added, 31 have passed.
        let retry_after = retry_after.unwrap();
        assert!((89..=102).contains(&retry_after), "{retry_after}");
    }
    let World {
        server,
        provider,
        clock,
        folder,
        machine,
    } = world;
    server.stop().await;
    let parts = Parts {
        config: config(folder.path(), &provider.url),
        clock: clock.clone(),
        entropy: Arc::new(SystemEntropy),
    };
    let server = machine.start(parts).await.unwrap();
    assert_eq!(ask(&server.public_url, &key, &path).await.0, 502);
    server.upkeep().await.unwrap();
    assert_eq!(front.refreshes(), 1, "nobody asked again");

    clock.advance(time::Duration::seconds(102));
    let (status, _, fresh) = ask(&server.public_url, &key, &path).await;
    assert_eq!(status, 200);
    assert_ne!(fresh["accessToken"], first["accessToken"]);
    assert_eq!(front.refreshes(), 2);
}

#[tokio::test]
async fn waits_longer_after_each_failure_and_starts_anew_after_a_success() {
    let (world, front, key, path) = connected().await;
    let base = &world.server.public_url;
    for round in 0..2 {
        front.say([BROKEN, BROKEN, BROKEN]);
        world.clock.advance(time::Duration::seconds(601));
        for failures in 0..3 {
            let (status, wait, _) = ask(base, &key, &path).await;
            let (wait, doubled) = (wait.unwrap(), 30 << failures);
            assert_eq!(status, 502);
            assert!(
                (doubled / 2..=doubled + 1).contains(&wait),
                "{round}: {wait}"
            );
            world.clock.advance(time::Duration::seconds(wait));
        }
        assert_eq!(ask(base, &key, &path).await.0, 200);
    }
    assert_eq!(front.refreshes(), 8);
}

#[tokio::test]
async fn the_job_tries_again_what_a_service_did_not_answer() {
    let (world, front, key, path) = connected().await;
    front.say([BROKEN]);
    world.clock.advance(time::Duration::seconds(601));
    let (_, wait, _) = ask(&world.server.public_url, &key, &path).await;
    world.server.upkeep().await.unwrap();
    assert_eq!(front.refreshes(), 1);
    world.clock.advance(time::Duration::seconds(wait.unwrap()));
    world.server.upkeep().await.unwrap();
    assert_eq!(front.refreshes(), 2);
    assert_eq!(ask(&world.server.public_url, &key, &path).await.0, 200);
    assert_eq!(front.refreshes(), 2, "the job got the token already");
}

#[tokio::test]
async fn a_client_that_is_refused_costs_no_customer_their_connection() {
    let (world, front, key, path) = connected().await;
    front.say([Say::Error(401, None, r#"{"error":"invalid_client"}"#)]);
    world.clock.advance(time::Duration::seconds(601));
    for _ in 0..2 {
        let (status, wait, problem) = ask(&world.server.public_url, &key, &path).await;
        assert_eq!(
            (status, &problem["code"]),
            (502, &"unauthorized_client".into())
        );
        assert!(wait.is_some_and(|wait| wait > 0));
    }
    assert_eq!(front.refreshes(), 1);
    assert_eq!(world.manage(&key, &path).await.1["status"], "active");
    world.clock.advance(time::Duration::seconds(31));
    assert_eq!(ask(&world.server.public_url, &key, &path).await.0, 200);
}

#[tokio::test]
async fn the_workspace_is_told_why_a_service_ended_a_connection() {
    for (said, reason) in [
        (r#"{"error":"invalid_grant"}"#, "reauthorization_required"),
        (
            r#"{"error":"invalid_grant","error_description":"Token has been revoked"}"#,
            "authorization_revoked",
        ),
        (
            r#"{"error":"invalid_grant","error_description":"The refresh token has expired"}"#,
            "expired_credentials",
        ),
    ] {
        let (world, front, key, path) = connected().await;
        front.say([Say::Error(400, None, said)]);
        world.clock.advance(time::Duration::seconds(601));
        for _ in 0..2 {
            assert_eq!(ask(&world.server.public_url, &key, &path).await.0, 409);
        }
        let (_, shown) = world.manage(&key, &path).await;
        assert_eq!(
            (&shown["status"], &shown["disconnectReason"]),
            (&"invalid".into(), &reason.into())
        );
        let database = Database::open(&world).await;
        let events = "SELECT data FROM events WHERE kind = 'connection.disconnected'";
        let events = database.texts(events).await;
        assert_eq!(events.len(), 1, "{reason}");
        assert!(events[0].contains(reason), "{events:?}");
        assert_eq!(front.refreshes(), 1);
    }
}

#[tokio::test]
async fn a_server_killed_between_the_answer_and_its_commit_has_lost_tokens_that_rotate_strictly() {
    let (front, provider) = Front::start().await;
    let provider = demo_provider::Config {
        access_token_lifetime: Duration::from_secs(2),
        ..provider
    };
    let provider = demo_provider::Provider::start(provider).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    create_widget(
        folder.path(),
        "wid_sandbox",
        Environment::Sandbox,
        "default",
        &[],
    );
    let key = create_key(folder.path(), Environment::Sandbox, "default");
    let port = free_port();
    let server = Process::serve(folder.path(), port, &provider.url, "info").await;
    let visit = remote::Visit::begin(port).await;
    let (id, callback) = visit.up_to_callback("alice").await;
    visit.browser.open(&callback).await;
    let connection = visit.poll(&id).await["connection"]["connectionId"].clone();
    let path = format!("/v1/connections/{}", connection.as_str().unwrap());

    front.say([Say::Lost]);
    let (base, asking) = (visit.base.clone(), (key.clone(), path.clone()));
    let reader = tokio::spawn(async move {
        let url = base.join(&format!("{}/credentials", asking.1)).unwrap();
        // Until the token is nearly over; the last one waits for ever.
        while http()
            .get(url.clone())
            .bearer_auth(&asking.0)
            .send()
            .await
            .is_ok()
        {}
    });
    while front.lost() == 0 {
        tokio::task::yield_now().await;
    }
    server.kill().await;
    reader.await.unwrap();

    // The service has ended the refresh token that is in the database, so the next refresh is refused.
    let server = Process::serve(folder.path(), port, &provider.url, "info").await;
    let mut status = 200;
    while status == 200 {
        status = ask(&visit.base, &key, &path).await.0;
    }
    assert_eq!(status, 409);
    let url = visit.base.join(&path).unwrap();
    let shown = http().get(url).bearer_auth(&key).send().await.unwrap();
    let shown: Value = shown.json().await.unwrap();
    assert_eq!(shown["disconnectReason"], "reauthorization_required");
    let (again, callback) = visit.up_to_callback("alice").await;
    visit.browser.open(&callback).await;
    let revived = visit.poll(&again).await;
    assert_eq!(
        revived["connection"]["connectionId"], connection,
        "{revived}"
    );
    server.kill().await;
}
