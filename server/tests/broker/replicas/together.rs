//! What one server changes, the other one knows.

use super::{Differing, Pair, until};
use crate::support::database::Database;
use crate::support::visit::Visit;
use crate::support::{HOST, http};
use futures_util::future::join_all;
use railhead_protocol::{AuthorizationState, AuthorizationStatus, StartedAuthorization};
use railhead_server::clock::{Clock, SharedClock, SystemClock};
use reqwest::Method;
use serde_json::json;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A poll at A that waits, and is answered because of what happens then.
async fn poll_while(
    pair: &Pair,
    visit: &Visit<'_>,
    started: &StartedAuthorization,
    then: impl Future<Output = ()>,
) -> AuthorizationState {
    let query = format!("?wait=25&after={}", started.authorization.version);
    let (state, ()) = tokio::join!(visit.poll(started, &query), async {
        until("nobody waits", async || pair.a.server.waiting() > 0).await;
        then.await;
    });
    state
}

#[tokio::test(flavor = "multi_thread")]
#[expect(
    clippy::disallowed_methods,
    reason = "measures how long a person would wait"
)]
async fn a_poll_at_one_server_is_answered_when_the_callback_reaches_another() {
    let Some(pair) = Pair::new(Differing::default()).await else {
        return;
    };
    until("does not listen", async || pair.a.server.hears()).await;
    let visit = pair.a.visit("Harbor Coffee").await;
    let (started, callback) = visit.window("xero", "alice").await;
    let asked = Instant::now();
    let state = poll_while(&pair, &visit, &started, async {
        let landing = pair.at_b(&visit).browser.open(&callback).await;
        assert!(
            landing.html.contains("Xero is connected"),
            "{}",
            landing.html
        );
    })
    .await;
    assert_eq!(state.status, AuthorizationStatus::Succeeded);
    assert!(
        asked.elapsed() < Duration::from_secs(10),
        "it heard of it, and did not just look again"
    );

    let (started, _) = visit.window("xero", "alice").await;
    let id = &started.authorization.authorization_id;
    let path = format!("/v1/connect/authorizations/{id}/cancel");
    let state = poll_while(&pair, &visit, &started, async {
        let at_b = pair.at_b(&visit);
        assert_eq!(at_b.call(Method::POST, &path, None).await.0, 200);
    })
    .await;
    assert_eq!(state.status, AuthorizationStatus::Cancelled);
    assert_eq!(pair.a.provider.records().token_requests, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poll_is_answered_although_the_server_hears_nothing_any_more() {
    let Some(pair) = Pair::new(Differing::default()).await else {
        return;
    };
    until("does not listen", async || pair.a.server.hears()).await;
    let database = Database::open(&pair.a).await;
    let visit = pair.a.visit("Harbor Coffee").await;
    let (started, callback) = visit.window("xero", "alice").await;
    let state = poll_while(&pair, &visit, &started, async {
        database
            .run(
                "UPDATE workspaces SET name = name WHERE (SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                 WHERE datname = current_database() AND query LIKE 'LISTEN%') > 0",
            )
            .await;
        pair.at_b(&visit).browser.open(&callback).await;
    })
    .await;
    assert_eq!(state.status, AuthorizationStatus::Succeeded);
    until("does not listen again", async || {
        pair.a.server.hears() && pair.b.hears()
    })
    .await;
}

/// A machine's clock that is wrong.
struct Wrong(time::Duration);

impl Clock for Wrong {
    fn now(&self) -> time::OffsetDateTime {
        SystemClock.now() + self.0
    }

    fn may_be_wrong(&self) -> bool {
        true
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_step_may_reach_another_server_whose_clock_is_ten_minutes_off() {
    for minutes in [-10, 10] {
        let clock: SharedClock = Arc::new(Wrong(time::Duration::minutes(minutes)));
        let differing = Differing {
            clock: Some(clock),
            ..Differing::default()
        };
        let Some(pair) = Pair::new(differing).await else {
            return;
        };
        let at_a = pair.a.visit("Harbor Coffee").await;
        let at_b = pair.at_b(&at_a);
        let started = at_b.start(json!({ "serviceName": "xero" })).await;
        let authorize = at_a.hand_over(&started).await;
        let callback = at_a.browser.consent(&authorize, "olga", "allow").await;
        at_b.browser.open(&callback).await;
        let state = at_a.poll(&started, "?wait=25&after=1").await;
        assert_eq!(state.status, AuthorizationStatus::ChooseAccount);
        let (status, chosen) = at_a.choose(&started, "org_harbor_coffee").await;
        assert_eq!(
            (status, chosen["status"].as_str()),
            (200, Some("succeeded"))
        );
        let finish = json!({ "connectionIds": [chosen["connection"]["connectionId"]] });
        let (status, _) = at_b
            .call(Method::POST, "/v1/connect/finish", Some(finish))
            .await;
        assert_eq!(status, 200);
        let (status, session) = at_b.call(Method::GET, "/v1/connect/session", None).await;
        assert_eq!(status, 200);
        assert_eq!(session["connections"].as_array().unwrap().len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exchange_under_way_is_left_alone_by_the_other_server() {
    let differing = Differing {
        provider: demo_provider::Config {
            slow_delay: Duration::from_secs(1),
            ..demo_provider::Config::default()
        },
        clock: Some(Arc::new(Wrong(time::Duration::minutes(-10)))),
        ..Differing::default()
    };
    let Some(pair) = Pair::new(differing).await else {
        return;
    };
    let visit = pair.a.visit("Harbor Coffee").await;
    let (started, callback) = visit.window("xero", "sam").await;
    let at_b = pair.at_b(&visit);
    let (swept, _) = tokio::join!(
        async {
            let provider = &pair.a.provider;
            until("nobody asks", async || {
                provider.records().token_requests > 0
            })
            .await;
            tokio::join!(pair.a.server.sweep(), pair.b.sweep())
        },
        at_b.browser.open(&callback)
    );
    assert_eq!(swept.0.unwrap().exchanges + swept.1.unwrap().exchanges, 0);
    let state = visit.state(&started).await;
    assert_eq!(state.status, AuthorizationStatus::Succeeded);
    assert_eq!(pair.a.provider.records().token_requests, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn both_servers_sweep_at_once_and_each_thing_is_swept_once() {
    let Some(pair) = Pair::new(Differing::default()).await else {
        return;
    };
    for number in 0..12 {
        let visit = pair.a.visit(&format!("Orphan {number}")).await;
        visit.start(json!({ "serviceName": "xero" })).await;
    }
    pair.a.clock.advance(time::Duration::hours(25));
    let (one, two) = tokio::join!(pair.a.server.sweep(), pair.b.sweep());
    let rest = pair.b.sweep().await.unwrap();
    let all = [one.unwrap(), two.unwrap(), rest];
    let businesses: usize = all.iter().map(|swept| swept.businesses).sum();
    let authorizations: usize = all.iter().map(|swept| swept.authorizations).sum();
    assert_eq!((businesses, authorizations), (12, 12));
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_hold_over_both_servers() {
    let differing = Differing {
        configure: Some(|config| {
            config.limits.sessions_per_minute = 6;
            config.limits.wrong_keys_per_minute = 6;
            config.limits.open_authorizations = 6;
        }),
        ..Differing::default()
    };
    let Some(pair) = Pair::new(differing).await else {
        return;
    };
    let visit = pair.a.visit("Harbor Coffee").await;
    let at_b = pair.at_b(&visit);
    let pick = |number: usize| {
        let visit = if number.is_multiple_of(2) {
            &visit
        } else {
            &at_b
        };
        let body = json!({ "serviceName": "xero" });
        visit.call(Method::POST, "/v1/connect/authorizations", Some(body))
    };
    let answers = join_all((0..20).map(pick)).await;
    let begun = answers.iter().filter(|(status, _)| *status == 201);
    assert_eq!(begun.count(), 6);

    let addresses = [pair.a.server.address, pair.b.address];
    let client = http();
    let ask = |number: usize, path: &'static str, method: Method| {
        let url = format!("http://{}{path}", addresses[number % 2]);
        let request = client.request(method, url).bearer_auth("rk_test_guess");
        let body = r#"{"widgetId":"wid_sandbox"}"#;
        async move { request.header("origin", HOST).body(body).send().await }
    };
    let sessions = |number| ask(number, "/v1/connect/sessions", Method::POST);
    let answers = join_all((0..20).map(sessions)).await;
    let begun = answers.iter().flatten().filter(|one| one.status() == 201);
    assert_eq!(begun.count(), 5, "and the visit's own");
    let guesses = |number| ask(number, "/v1/businesses", Method::GET);
    let answers = join_all((0..20).map(guesses)).await;
    let judged = answers.iter().flatten().filter(|one| one.status() == 401);
    assert_eq!(judged.count(), 6);
}
