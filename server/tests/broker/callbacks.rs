//! The way back from the service: once, in the browser that started, for the service that was meant.

use crate::support::browser::Browser;
use crate::support::{Setup, World};
use futures_util::future::join_all;
use railhead_protocol::{AuthorizationStatus, ErrorCode, ServiceCard};
use reqwest::Method;
use reqwest::header::LOCATION;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn twenty_callbacks_with_one_state_make_one_exchange_and_get_the_same_page() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let (started, callback) = visit.window("xero", "alice").await;
    let answers = join_all((0..20).map(|_| async {
        let response = visit
            .browser
            .send(&callback, |request| request, Method::GET)
            .await;
        (
            response.status().as_u16(),
            response.headers()[LOCATION].to_str().unwrap().to_owned(),
        )
    }))
    .await;
    let done = format!(
        "/v1/connect/done/{}",
        started.authorization.authorization_id
    );
    assert!(
        answers.iter().all(|answer| *answer == (303, done.clone())),
        "{answers:?}"
    );
    let grants = world.provider.records().grants;
    assert_eq!((grants.len(), grants[0].token_requests), (1, 1));
    assert_eq!(
        visit.state(&started).await.status,
        AuthorizationStatus::Succeeded
    );
}

#[tokio::test]
async fn a_browser_without_the_cookie_makes_no_token_request_and_uses_nothing_up() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let (started, callback) = visit.window("xero", "alice").await;
    let stranger = Browser::new().open(&callback).await;
    assert_eq!(stranger.status, 403);
    assert!(
        stranger.html.contains("This window can’t finish"),
        "{}",
        stranger.html
    );
    assert_eq!(world.provider.records().token_requests, 0);
    assert_eq!(
        visit.state(&started).await.status,
        AuthorizationStatus::Pending
    );

    visit.browser.open(&callback).await;
    assert_eq!(
        visit.state(&started).await.status,
        AuthorizationStatus::Succeeded
    );
}

#[tokio::test]
async fn a_victim_cannot_be_made_to_finish_what_an_attacker_started() {
    let world = World::new().await;
    let attacker = world.visit("Attacker").await;
    let started = attacker.start(json!({ "serviceName": "xero" })).await;
    let authorize = attacker.hand_over(&started).await;
    // The victim follows the attacker's link and even consents.
    let victim = Browser::new();
    let callback = victim.consent(&authorize, "alice", "allow").await;
    assert_eq!(victim.open(&callback).await.status, 403);
    assert_eq!(world.provider.records().token_requests, 0);
}

#[tokio::test]
async fn a_callback_for_another_service_or_workspace_stops_before_the_token_request() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let (started, callback) = visit.window("xero", "alice").await;
    for path in [
        "/v1/callback/default/wave",
        "/v1/callback/other/xero",
        "/v1/callback/default/XERO",
    ] {
        let mut mixed = callback.clone();
        mixed.set_path(path);
        assert_eq!(visit.browser.open(&mixed).await.status, 400, "{path}");
    }
    let other_issuer = callback
        .as_str()
        .replace("iss=", "iss=http%3A%2F%2Fevil.test&was=");
    let other_issuer = visit.browser.open(&other_issuer.parse().unwrap()).await;
    assert_eq!(other_issuer.status, 400);
    assert_eq!(world.provider.records().token_requests, 0);
    assert_eq!(
        visit.state(&started).await.status,
        AuthorizationStatus::Pending
    );
}

#[tokio::test]
async fn a_state_works_once_and_unknown_ones_never() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let (started, callback) = visit.window("xero", "alice").await;
    visit.browser.open(&callback).await;
    let version = visit.state(&started).await.version;
    let again = visit.browser.open(&callback).await;
    assert!(
        again.html.contains("Xero is connected"),
        "the same page: {}",
        again.html
    );
    assert_eq!(world.provider.records().token_requests, 1);
    assert_eq!(visit.state(&started).await.version, version);

    for query in [
        "code=c&state=unknown",
        "code=c",
        "",
        "state=a&state=b&code=c",
    ] {
        let mut unknown = callback.clone();
        unknown.set_query(Some(query));
        assert_eq!(visit.browser.open(&unknown).await.status, 400, "{query}");
    }
}

#[tokio::test]
async fn a_prefetch_uses_nothing_up() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let (started, callback) = visit.window("xero", "alice").await;
    let prefetch =
        |request: reqwest::RequestBuilder| request.header("sec-purpose", "prefetch;prerender");
    let answer = visit.browser.send(&callback, prefetch, Method::GET).await;
    assert_eq!(answer.status(), 503);
    assert_eq!(
        visit.state(&started).await.status,
        AuthorizationStatus::Pending
    );
    visit.browser.open(&callback).await;
    assert_eq!(
        visit.state(&started).await.status,
        AuthorizationStatus::Succeeded
    );
}

#[tokio::test]
async fn too_late_is_too_late() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let (started, callback) = visit.window("xero", "alice").await;
    world.clock.advance(time::Duration::minutes(10));
    let done = visit.browser.open(&callback).await;
    assert!(
        done.html.contains("The time for this ran out"),
        "{}",
        done.html
    );
    assert_eq!(
        visit.state(&started).await.status,
        AuthorizationStatus::Expired
    );
    assert_eq!(world.provider.records().token_requests, 0);
}

#[tokio::test]
async fn a_nonce_works_in_one_browser_and_a_fresh_one_opens_the_window_again() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let started = visit.start(json!({ "serviceName": "xero" })).await;
    let id = &started.authorization.authorization_id;
    let nonce = started.nonce.as_deref().unwrap();
    let (status, problem) = visit.show_nonce(id, "guessed").await;
    assert_eq!(
        (status, problem["code"].as_str()),
        (403, Some("invalid_state"))
    );

    let first = visit.hand_over(&started).await;
    let again = visit.hand_over(&started).await;
    assert_eq!(first, again, "the same browser goes the same way");
    visit.browser.forget_cookies();
    assert_eq!(
        visit.show_nonce(id, nonce).await.0,
        403,
        "another browser does not"
    );

    let path = format!("/v1/connect/authorizations/{id}/nonce");
    let (status, fresh) = visit.call(Method::POST, &path, None).await;
    assert_eq!(status, 200);
    let (status, reopened) = visit.show_nonce(id, fresh["nonce"].as_str().unwrap()).await;
    assert_eq!(status, 200);
    let authorize = reopened["location"].as_str().unwrap().parse().unwrap();
    let callback = visit.browser.consent(&authorize, "alice", "allow").await;
    visit.browser.open(&callback).await;
    assert_eq!(
        visit.state(&started).await.status,
        AuthorizationStatus::Succeeded
    );
}

#[tokio::test]
async fn an_older_window_of_the_same_browser_can_still_finish() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let (started, older) = visit.window("xero", "carl").await;
    let path = format!(
        "/v1/connect/authorizations/{}/nonce",
        started.authorization.authorization_id
    );
    let (_, fresh) = visit.call(Method::POST, &path, None).await;
    let nonce = fresh["nonce"].as_str().unwrap();
    assert_eq!(
        visit
            .show_nonce(&started.authorization.authorization_id, nonce)
            .await
            .0,
        200
    );
    visit.browser.open(&older).await;
    assert_eq!(
        visit.state(&started).await.status,
        AuthorizationStatus::Succeeded
    );
}

#[tokio::test]
async fn two_services_at_once_do_not_disturb_each_other() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let (xero, xero_callback) = visit.window("xero", "alice").await;
    let (wave, wave_callback) = visit.window("wave", "alice").await;
    visit.browser.open(&wave_callback).await;
    visit.browser.open(&xero_callback).await;
    assert_eq!(
        visit.state(&xero).await.status,
        AuthorizationStatus::Succeeded
    );
    assert_eq!(
        visit.state(&wave).await.status,
        AuthorizationStatus::Succeeded
    );
}

#[tokio::test]
async fn the_last_page_tells_another_browser_nothing() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let (_, landing) = visit
        .connect(json!({ "serviceName": "xero" }), "alice", "allow")
        .await;
    let stranger = Browser::new().open(&landing.url).await;
    assert_eq!(stranger.status, 404);
    assert!(!stranger.html.contains("Xero"), "{}", stranger.html);
}

#[tokio::test]
async fn the_pages_can_neither_be_framed_nor_run_anything_foreign() {
    let world = World::new().await;
    let start = world
        .url("/v1/connect/start?widgetId=wid_sandbox")
        .parse()
        .unwrap();
    let browser = Browser::new();
    let response = browser.send(&start, |request| request, Method::GET).await;
    let header = |name| response.headers()[name].to_str().unwrap().to_owned();
    let policy = header("content-security-policy");
    for rule in [
        "default-src 'none'",
        "script-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ] {
        assert!(policy.contains(rule), "{policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(header("cache-control"), "no-store");
    assert_eq!(header("referrer-policy"), "no-referrer");
    assert_eq!(header("x-content-type-options"), "nosniff");
    let html = response.text().await.unwrap();
    assert!(
        html.contains("data-origins=\"http://lender.test http://localhost:"),
        "{html}"
    );
    let unknown = world
        .url("/v1/connect/start?widgetId=wid_none")
        .parse()
        .unwrap();
    assert_eq!(browser.open(&unknown).await.status, 404);
}

#[tokio::test]
async fn a_service_taken_out_while_the_end_user_was_there_fails_at_once() {
    let services = tempfile::tempdir().unwrap();
    let file = services.path().join("xero.toml");
    std::fs::copy(crate::support::process::services().join("xero.toml"), &file).unwrap();
    let directory = services.path().to_owned();
    let world = World::with(Setup {
        configure: Box::new(move |config| config.services_dirs = vec![directory]),
        ..Setup::default()
    })
    .await;
    let visit = world.visit("Harbor Coffee").await;
    let (started, callback) = visit.window("xero", "alice").await;
    std::fs::remove_file(&file).unwrap();
    let offered = |services: &[ServiceCard]| services.iter().any(|s| s.service_name == "xero");
    while offered(&world.visit("Harbor Coffee").await.session.services) {
        tokio::task::yield_now().await;
    }
    visit.browser.open(&callback).await;
    let failure = visit.state(&started).await.failure.unwrap();
    assert_eq!(failure.code, ErrorCode::ServiceNotOffered);
    assert_eq!(world.provider.records().token_requests, 0);
}
