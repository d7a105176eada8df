//! Addresses that name nothing, methods that change nothing, and pages where the server failed.

use crate::support::database::Database;
use crate::support::{HOST, World};
use railhead_protocol::AuthorizationStatus;
use reqwest::{Method, Response};

async fn code(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    assert_eq!(
        response.headers()["content-type"],
        "application/problem+json"
    );
    let problem: serde_json::Value = response.json().await.unwrap();
    (status, problem["code"].as_str().unwrap().to_owned())
}

async fn page(response: Response) -> (u16, String) {
    let content_type = &response.headers()["content-type"];
    assert_eq!(content_type, "text/html; charset=utf-8");
    let status = response.status().as_u16();
    (status, response.text().await.unwrap())
}

#[tokio::test]
async fn an_address_that_is_not_text_names_nothing() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let key = format!("Bearer {}", world.sandbox_key());
    let session = format!("Bearer {}", visit.token());
    for (method, path, bearer) in [
        (Method::GET, "/v1/connections/%FF", &key),
        (Method::GET, "/v1/connections/%FF/credentials", &key),
        (Method::GET, "/v1/businesses/%FF", &key),
        (Method::GET, "/v1/connect/authorizations/%FF", &session),
        (
            Method::POST,
            "/v1/connect/authorizations/%FF/account",
            &session,
        ),
        (
            Method::POST,
            "/v1/connect/authorizations/%FF/cancel",
            &session,
        ),
        (
            Method::POST,
            "/v1/connect/authorizations/%FF/nonce",
            &session,
        ),
        (Method::GET, "/services/%FF", &key),
        (Method::GET, "/%FF", &key),
        (Method::POST, "/%FF", &key),
    ] {
        let headers = [("authorization", bearer.as_str()), ("origin", HOST)];
        let told = code(world.send(method, path, &headers, "{}").await).await;
        assert_eq!(told, (404, "not_found".to_owned()), "{path}");
    }
    for (path, status) in [("/v1/connect/done/%FF", 404), ("/v1/callback/%FF/x", 400)] {
        let (told, _) = page(world.send(Method::GET, path, &[], "").await).await;
        assert_eq!(told, status, "{path}");
    }
}

#[tokio::test]
async fn what_no_file_can_be_called_does_not_exist() {
    let world = World::new().await;
    let dist = world.folder.path().join("dist");
    std::fs::create_dir_all(dist.join("railhead-folder.js")).unwrap();
    let longest = format!("railhead{}.js", "a".repeat(89));
    std::fs::write(dist.join(&longest), "found").unwrap();
    for path in [
        format!("/railhead{}.js", "a".repeat(300)),
        format!("/railhead{}.js", "a".repeat(244)),
        "/railhead-folder.js".to_owned(),
    ] {
        let headers = [("accept-encoding", "br")];
        let told = code(world.send(Method::GET, &path, &headers, "").await).await;
        assert_eq!(told, (404, "not_found".to_owned()), "{path}");
    }
    let found = world
        .send(Method::GET, &format!("/{longest}"), &[], "")
        .await;
    assert_eq!(found.status(), 200);
    for (path, status) in [("/v1", 404), ("/nothing", 404), ("/railhead.js", 405)] {
        let response = world.send(Method::POST, path, &[], "").await;
        let says_which = response.headers().contains_key("allow");
        assert!(says_which || status == 404, "{path}");
        assert_eq!(code(response).await.0, status, "{path}");
    }
}

#[tokio::test]
async fn a_look_at_the_headers_uses_nothing_up() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let (started, callback) = visit.window("xero", "alice").await;
    let nothing = |request| request;
    let glance = visit.browser.send(&callback, nothing, Method::HEAD).await;
    assert_eq!(glance.status(), 503);
    let start = world.url("/v1/connect/start?widgetId=wid_sandbox");
    let start = start.parse().unwrap();
    let page = visit.browser.send(&start, nothing, Method::HEAD).await;
    assert_eq!(page.status(), 200);
    assert!(!page.headers().contains_key("set-cookie"));
    assert_eq!(world.provider.records().token_requests, 0);
    let state = visit.state(&started).await;
    assert_eq!(state.status, AuthorizationStatus::Pending);
    visit.browser.open(&callback).await;
    let state = visit.state(&started).await;
    assert_eq!(state.status, AuthorizationStatus::Succeeded);
}

#[tokio::test]
async fn a_window_shows_a_page_also_where_the_database_fails() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let (started, callback) = visit.window("xero", "alice").await;
    let id = &started.authorization.authorization_id;
    let database = Database::open(&world).await;
    database.lose("authorizations").await;
    database.lose("widgets").await;
    for url in [
        callback.to_string(),
        world.url(&format!("/v1/connect/done/{id}")),
        world.url("/v1/connect/start?widgetId=wid_sandbox"),
    ] {
        let url = url.parse().unwrap();
        let answer = visit
            .browser
            .send(&url, |request| request, Method::GET)
            .await;
        assert!(answer.headers().contains_key("x-request-id"));
        let (status, html) = page(answer).await;
        assert_eq!(status, 500, "{url}");
        assert!(html.contains("This isn’t working at the moment"), "{html}");
        assert!(!html.contains("authorizations"), "{html}");
    }
}
