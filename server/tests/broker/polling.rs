//! The long-poll: answers when something happens, and not before.

use crate::support::World;
use futures_util::future::join_all;
use railhead_protocol::AuthorizationStatus;
use reqwest::Method;
use serde_json::json;
use std::time::{Duration, Instant};

#[tokio::test]
async fn a_waiting_poll_is_woken_by_the_callback() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let (started, callback) = visit.window("xero", "alice").await;
    let query = format!("?wait=25&after={}", started.authorization.version);
    let (state, _) = tokio::join!(visit.poll(&started, &query), async {
        while world.server.waiting() == 0 {
            tokio::task::yield_now().await;
        }
        visit.browser.open(&callback).await
    });
    assert_eq!(state.status, AuthorizationStatus::Succeeded);
    assert!(state.version > started.authorization.version);
}

#[tokio::test]
async fn a_poll_without_news_answers_the_same_state() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let started = visit.start(json!({ "serviceName": "xero" })).await;
    let state = visit.poll(&started, "?wait=1&after=1").await;
    assert_eq!(state, started.authorization);
    // Behind the present version there is news already.
    assert_eq!(
        visit.poll(&started, "?wait=25&after=0").await,
        started.authorization
    );
}

#[tokio::test]
async fn a_waiting_poll_learns_that_the_time_is_over() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let started = visit.start(json!({ "serviceName": "xero" })).await;
    world
        .clock
        .advance(time::Duration::minutes(10) - time::Duration::SECOND);
    let (state, ()) = tokio::join!(visit.poll(&started, "?wait=25&after=1"), async {
        while world.server.waiting() == 0 {
            tokio::task::yield_now().await;
        }
        world.clock.advance(time::Duration::SECOND);
    });
    assert_eq!(
        (state.status, state.version),
        (AuthorizationStatus::Expired, 2)
    );
}

#[tokio::test]
async fn one_session_cannot_hold_any_number_of_polls() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let started = visit.start(json!({ "serviceName": "xero" })).await;
    let id = &started.authorization.authorization_id;
    let path = format!("/v1/connect/authorizations/{id}?wait=25&after=1");
    let (answers, ()) = tokio::join!(
        join_all((0..8).map(|_| visit.call(Method::GET, &path, None))),
        async {
            while world.server.waiting() < 8 {
                tokio::task::yield_now().await;
            }
            let (status, problem) = visit.call(Method::GET, &path, None).await;
            assert_eq!(
                (status, problem["code"].as_str()),
                (429, Some("rate_limited"))
            );
            visit
                .call(
                    Method::POST,
                    &format!("/v1/connect/authorizations/{id}/cancel"),
                    None,
                )
                .await;
        }
    );
    assert!(
        answers
            .iter()
            .all(|(status, state)| *status == 200 && state["status"] == "cancelled")
    );
    assert_eq!(world.server.waiting(), 0);
}

#[tokio::test]
#[expect(
    clippy::disallowed_methods,
    reason = "measures how long a person would wait"
)]
async fn ending_the_server_answers_waiting_polls() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let started = visit.start(json!({ "serviceName": "xero" })).await;
    let url = world.url(&format!(
        "/v1/connect/authorizations/{}?wait=25&after=1",
        started.authorization.authorization_id
    ));
    let request = crate::support::http().get(url).bearer_auth(visit.token());
    let poll = tokio::spawn(request.header("origin", crate::support::HOST).send());
    while world.server.waiting() == 0 {
        tokio::task::yield_now().await;
    }
    let asked = Instant::now();
    world.server.stop().await;
    assert_eq!(poll.await.unwrap().unwrap().status(), 200);
    assert!(
        asked.elapsed() < Duration::from_secs(20),
        "it did not wait for the poll's own end"
    );
}
