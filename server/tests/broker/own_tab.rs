//! Where no window opens: the widget's own tab goes to the service and comes back. Nobody vouches for it, so consent
//! counts only for the page that began, and only once that page has it back.

use crate::support::browser::{Browser, Landing};
use crate::support::visit::{Visit, show_nonce};
use crate::support::{HOST, World};
use futures_util::future::join_all;
use railhead_protocol::{AuthorizationStatus, ErrorCode, StartedAuthorization};
use reqwest::Method;
use reqwest::header::{LOCATION, REFRESH};
use serde_json::json;
use std::collections::BTreeMap;
use url::Url;

const PAGE: &str = "http://lender.test/connect?step=2#/books";

/// An authorization that left from [`PAGE`]: its start page, and the nonce in that address.
async fn left(visit: &Visit<'_>) -> (StartedAuthorization, Url, String) {
    let started = visit.start(json!({ "serviceName": "xero" })).await;
    let (status, answer) = visit.leave(&started, PAGE).await;
    assert_eq!(status, 200, "{answer}");
    let start = Url::parse(answer["startUrl"].as_str().unwrap()).unwrap();
    let nonce = start.fragment().unwrap().to_owned();
    (started, start, nonce)
}

/// From the start page to the address of the callback, in `browser`, as alice.
async fn confirmed(
    world: &World,
    browser: &Browser,
    started: &StartedAuthorization,
    nonce: &str,
    decision: &str,
) -> Url {
    let id = &started.authorization.authorization_id;
    let (status, answer) = show_nonce(world, browser, id, nonce).await;
    assert_eq!(status, 200, "{answer}");
    let authorize = answer["location"].as_str().unwrap().parse().unwrap();
    browser.consent(&authorize, "alice", decision).await
}

/// Where a callback sends the browser.
async fn sent_back(browser: &Browser, callback: &Url) -> Url {
    let response = browser.send(callback, |request| request, Method::GET).await;
    if response.status() == 303 {
        let location = response.headers()[LOCATION].to_str().unwrap();
        return callback.join(location).unwrap();
    }
    // A page and no redirect: a service may forbid its forms to lead any further.
    assert_eq!(response.status(), 200);
    let refresh = response.headers()[REFRESH].to_str().unwrap().to_owned();
    let address = refresh.strip_prefix("0;url=").unwrap();
    let body = response.text().await.unwrap();
    let link = format!("href=\"{}\"", address.replace('&', "&amp;"));
    assert!(body.contains(&link), "{body}");
    address.parse().unwrap()
}

/// The claim in the address of a page that was come back to.
fn claim_in(page: &Url, started: &StartedAuthorization) -> String {
    let query: BTreeMap<_, _> = page.query_pairs().into_owned().collect();
    let (id, claim) = query["railhead_claim"].split_once('.').unwrap();
    assert_eq!(id, started.authorization.authorization_id);
    claim.to_owned()
}

async fn page(browser: &Browser, url: &Url) -> Landing {
    let mut sent = url.clone();
    sent.set_fragment(None);
    browser.open(&sent).await
}

#[tokio::test(flavor = "multi_thread")]
async fn connects_once_the_page_that_began_has_what_the_browser_brought_back() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let (started, start, nonce) = left(&visit).await;
    assert!(!start.query().unwrap().contains(&nonce), "no log sees it");
    let asking = page(&visit.browser, &start).await;
    assert_eq!(asking.status, 200);
    for named in ["Northwind Lending", "Xero", "Harbor Coffee", "lender.test"] {
        assert!(asking.html.contains(named), "{named}: {}", asking.html);
    }
    let callback = confirmed(&world, &visit.browser, &started, &nonce, "allow").await;
    let home = sent_back(&visit.browser, &callback).await;
    assert_eq!(home.origin().ascii_serialization(), HOST);
    assert_eq!((home.path(), home.fragment()), ("/connect", Some("/books")));
    assert!(home.query().unwrap().starts_with("step=2&"), "{home}");
    assert_eq!(
        sent_back(&visit.browser, &callback).await,
        home,
        "the same again"
    );
    assert_eq!(
        world.provider.records().token_requests,
        0,
        "not claimed yet"
    );
    assert_eq!(
        visit.state(&started).await.status,
        AuthorizationStatus::Pending
    );

    let claim = claim_in(&home, &started);
    assert_eq!(visit.claim(&started, "guessed").await.0, 403);
    let claims = join_all((0..10).map(|_| visit.claim(&started, &claim))).await;
    assert!(
        claims.iter().all(|(status, _)| *status == 200),
        "{claims:?}"
    );
    let done = visit.poll(&started, "?wait=25&after=1").await;
    assert_eq!(done.status, AuthorizationStatus::Succeeded);
    assert_eq!(world.provider.records().token_requests, 1);
    let (status, again) = visit.claim(&started, &claim).await;
    assert_eq!((status, again["status"].as_str()), (200, Some("succeeded")));
    let home = sent_back(&visit.browser, &callback).await;
    assert_eq!(home.as_str(), PAGE, "there is nothing to claim any more");
}

#[tokio::test]
async fn a_victim_who_confirms_and_consents_gives_the_attacker_nothing() {
    let world = World::new().await;
    let attacker = world.visit("Attacker").await;
    let (started, start, nonce) = left(&attacker).await;
    // The victim is sent the link, reads past every warning, and allows access.
    let victim = Visit::begin(&world, "wid_sandbox", Some("Victim")).await;
    let asking = page(&victim.browser, &start).await;
    assert!(asking.html.contains("“Attacker”"), "{}", asking.html);
    let callback = confirmed(&world, &victim.browser, &started, &nonce, "allow").await;
    let home = sent_back(&victim.browser, &callback).await;
    let claim = claim_in(&home, &started);
    // The victim's own widget has no use for it, and says nothing to the attacker.
    assert_eq!(victim.claim(&started, &claim).await.0, 404);
    // All that the attacker has: the session, the nonce, the state and the start page.
    assert_eq!(attacker.claim(&started, &nonce).await.0, 403);
    let id = &started.authorization.authorization_id;
    assert_ne!(attacker.show_nonce(id, &nonce).await.0, 200);
    assert_ne!(attacker.browser.open(&callback).await.status, 200);
    let done = format!("/v1/connect/done/{id}");
    let done = world.url(&done).parse().unwrap();
    assert_eq!(attacker.browser.open(&done).await.status, 404);
    assert_eq!(attacker.leave(&started, PAGE).await.0, 409);
    assert_eq!(
        attacker.state(&started).await.status,
        AuthorizationStatus::Pending
    );
    // Nobody claims it: it comes to nothing, even with the claim.
    world.clock.advance(time::Duration::minutes(5));
    assert_eq!(
        attacker.state(&started).await.status,
        AuthorizationStatus::Expired
    );
    let (_, late) = attacker.claim(&started, &claim).await;
    assert_eq!(late["status"], "expired");
    assert_eq!(world.provider.records().token_requests, 0);
}

#[tokio::test]
async fn an_attacker_cannot_free_the_victims_browser_of_its_claim() {
    let world = World::new().await;
    let attacker = world.visit("Attacker").await;
    let (started, _, nonce) = left(&attacker).await;
    let victim = Browser::new();
    let callback = confirmed(&world, &victim, &started, &nonce, "allow").await;
    // Nonces of either kind, asked for while the victim is at the service, change nothing for that browser.
    let id = &started.authorization.authorization_id;
    let path = format!("/v1/connect/authorizations/{id}/nonce");
    assert_eq!(attacker.call(Method::POST, &path, None).await.0, 200);
    let elsewhere = "http://lender.test/elsewhere";
    assert_eq!(attacker.leave(&started, elsewhere).await.0, 200);
    assert_eq!(attacker.call(Method::POST, &path, None).await.0, 200);
    let home = sent_back(&victim, &callback).await;
    assert!(home.as_str().starts_with(elsewhere), "{home}");
    claim_in(&home, &started);
    assert_eq!(world.provider.records().token_requests, 0);
}

#[tokio::test]
async fn a_window_with_an_opener_needs_no_claim_although_a_tab_was_to_leave_before() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let (started, ..) = left(&visit).await;
    let id = &started.authorization.authorization_id;
    let path = format!("/v1/connect/authorizations/{id}/nonce");
    let (_, fresh) = visit.call(Method::POST, &path, None).await;
    let nonce = fresh["nonce"].as_str().unwrap();
    let callback = confirmed(&world, &visit.browser, &started, nonce, "allow").await;
    let done = visit.browser.open(&callback).await;
    assert!(done.html.contains("Xero is connected"), "{}", done.html);
    assert!(!done.html.contains("lender.test/connect"), "{}", done.html);
}

#[tokio::test]
async fn comes_back_with_nothing_to_claim_where_the_person_declined_or_came_late() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let (started, _, nonce) = left(&visit).await;
    let callback = confirmed(&world, &visit.browser, &started, &nonce, "deny").await;
    assert_eq!(sent_back(&visit.browser, &callback).await.as_str(), PAGE);
    let failure = visit.state(&started).await.failure.unwrap();
    assert_eq!(failure.code, ErrorCode::Denied);

    let (started, _, nonce) = left(&visit).await;
    let callback = confirmed(&world, &visit.browser, &started, &nonce, "allow").await;
    world.clock.advance(time::Duration::minutes(30));
    assert_eq!(sent_back(&visit.browser, &callback).await.as_str(), PAGE);
    assert_eq!(
        visit.state(&started).await.status,
        AuthorizationStatus::Expired
    );
    assert_eq!(world.provider.records().token_requests, 0);
}

#[tokio::test]
async fn comes_back_to_pages_of_the_sessions_own_origin_only() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let started = visit.start(json!({ "serviceName": "xero" })).await;
    for elsewhere in [
        "http://evil.test/",
        "http://lender.test@evil.test/",
        "http://lender.test.evil.test/",
        "https://lender.test/",
        "http://lender.test:81/",
        "javascript:alert(1)",
        "/connect",
        "",
    ] {
        let (status, problem) = visit.leave(&started, elsewhere).await;
        assert_eq!(
            (status, problem["code"].as_str(), problem["field"].as_str()),
            (400, Some("invalid_return_url"), Some("returnUrl")),
            "{elsewhere}"
        );
    }
    // The server's own origin is a page of other sessions.
    let own = world.url("/connect/lnk_1");
    assert_eq!(visit.leave(&started, &own).await.0, 400);
}

#[tokio::test]
async fn the_page_that_asks_tells_nothing_of_what_is_over_or_belongs_elsewhere() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let (started, start, _) = left(&visit).await;
    let popup = visit.start(json!({ "serviceName": "wave" })).await;
    let id = &started.authorization.authorization_id;
    let browser = Browser::new();
    let query = start.query().unwrap();
    for query in [
        query.replace(id.as_str(), "ath_none"),
        query.replace(id.as_str(), &popup.authorization.authorization_id),
    ] {
        let mut other = start.clone();
        other.set_query(Some(&query));
        let page = page(&browser, &other).await;
        assert_eq!(page.status, 410, "{query}");
        assert!(!page.html.contains("Harbor"), "{}", page.html);
    }
    let cancel = format!("/v1/connect/authorizations/{id}/cancel");
    assert_eq!(visit.call(Method::POST, &cancel, None).await.0, 200);
    assert_eq!(page(&browser, &start).await.status, 410);
}

#[tokio::test]
async fn busy_people_get_more_time_up_to_an_hour() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let (started, callback) = visit.window("xero", "alice").await;
    let id = &started.authorization.authorization_id;
    let path = format!("/v1/connect/authorizations/{id}/extend");
    for _ in 0..6 {
        world.clock.advance(time::Duration::minutes(9));
        let (status, state) = visit.call(Method::POST, &path, None).await;
        assert_eq!((status, &state["version"]), (200, &json!(1)), "{state}");
    }
    world.clock.advance(time::Duration::minutes(5));
    visit.browser.open(&callback).await;
    assert_eq!(
        visit.state(&started).await.status,
        AuthorizationStatus::Succeeded
    );
    assert_eq!(visit.call(Method::POST, &path, None).await.0, 409);

    let (started, callback) = visit.window("wave", "alice").await;
    let path = path.replace(id.as_str(), &started.authorization.authorization_id);
    for _ in 0..6 {
        world.clock.advance(time::Duration::minutes(9));
        assert_eq!(visit.call(Method::POST, &path, None).await.0, 200);
    }
    world.clock.advance(time::Duration::minutes(6));
    let done = visit.browser.open(&callback).await;
    assert!(
        done.html.contains("The time for this ran out"),
        "{}",
        done.html
    );
}
