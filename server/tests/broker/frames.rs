//! The widget in a frame of the server's own origin: who may frame it, and for whom its requests are taken.

use crate::support::{HOST, World, answered};
use reqwest::{Method, Response};
use serde_json::{Value, json};

async fn frame(world: &World, query: &str) -> Response {
    let path = format!("/v1/connect/frame{query}");
    world.send(Method::GET, &path, &[], "").await
}

/// Begins a session as a page of `origin`, which says that `embedder` embeds it.
async fn begin(world: &World, origin: &str, embedder: &str) -> (u16, Value) {
    let headers = [("origin", origin), ("railhead-embedder", embedder)];
    let body = json!({ "widgetId": "wid_sandbox", "businessName": "Harbor Coffee" }).to_string();
    answered(
        world
            .send(Method::POST, "/v1/connect/sessions", &headers, &body)
            .await,
    )
    .await
}

/// Asks for the state of a session with these headers.
async fn state(world: &World, token: &str, headers: &[(&str, &str)]) -> u16 {
    let bearer = format!("Bearer {token}");
    let headers: Vec<_> = headers
        .iter()
        .copied()
        .chain([("authorization", bearer.as_str())])
        .collect();
    answered(
        world
            .send(Method::GET, "/v1/connect/session", &headers, "")
            .await,
    )
    .await
    .0
}

fn own_origin(world: &World) -> String {
    world.server.public_url.origin().ascii_serialization()
}

#[tokio::test]
async fn only_registered_pages_can_frame_the_widget() {
    let world = World::new().await;
    let page = frame(&world, "?widgetId=wid_sandbox").await;
    assert_eq!(page.status(), 200);
    let headers = page.headers().clone();
    insta::assert_snapshot!(headers["content-security-policy"].to_str().unwrap(), @"default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: https: http:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors http://lender.test");
    let header = |name: &str| headers[name].to_str().unwrap().to_owned();
    assert_eq!(header("referrer-policy"), "same-origin");
    assert_eq!(header("cross-origin-embedder-policy"), "credentialless");
    assert_eq!(header("cross-origin-resource-policy"), "cross-origin");
    let html = page.text().await.unwrap();
    assert!(html.contains(&format!("data-origins=\"{HOST}\"")), "{html}");
    assert!(!html.contains("ses_"), "{html}");

    for (query, status) in [
        ("", 400),
        ("?widgetId=wid_none", 404),
        ("?widgetId=%22%3E%3Cscript%3E", 404),
    ] {
        let page = frame(&world, query).await;
        assert_eq!(page.status(), status, "{query}");
        let policy = page.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!page.text().await.unwrap().contains("\"><script>"));
    }
}

#[tokio::test]
async fn the_frame_begins_and_uses_sessions_of_the_page_around_it() {
    let world = World::new().await;
    let own = own_origin(&world);
    let (status, session) = begin(&world, &own, HOST).await;
    assert_eq!(status, 201, "{session}");
    let token = session["sessionToken"].as_str().unwrap();
    // It is the host page's session: the page may use it, and so may the frame on that page.
    assert_eq!(state(&world, token, &[("origin", HOST)]).await, 200);
    let framed = [("origin", own.as_str()), ("railhead-embedder", HOST)];
    assert_eq!(state(&world, token, &framed).await, 200);
    // Browsers name no origin in requests to the page's own one.
    assert_eq!(
        state(&world, token, &[("railhead-embedder", HOST)]).await,
        200
    );
    // A session that the page has begun is the frame's as well.
    let visit = world.visit("Quayside Events").await;
    assert_eq!(state(&world, visit.token(), &framed).await, 200);
}

#[tokio::test]
async fn a_frame_on_another_page_cannot_use_the_session() {
    let world = World::new().await;
    let own = own_origin(&world);
    let visit = world.visit("Harbor Coffee").await;
    for headers in [
        &[("origin", own.as_str())][..],
        &[
            ("origin", own.as_str()),
            ("railhead-embedder", "http://evil.test"),
        ],
        &[("origin", own.as_str()), ("railhead-embedder", "null")],
        &[("railhead-embedder", "http://evil.test")],
        &[],
    ] {
        assert_eq!(
            state(&world, visit.token(), headers).await,
            403,
            "{headers:?}"
        );
    }
}

#[tokio::test]
async fn no_other_page_speaks_for_the_page_around_it() {
    let world = World::new().await;
    let own = own_origin(&world);
    for (origin, embedder) in [
        ("http://evil.test", HOST),
        ("null", HOST),
        (own.as_str(), "http://evil.test"),
        (own.as_str(), "not an origin"),
    ] {
        let (status, answer) = begin(&world, origin, embedder).await;
        assert_eq!(
            (status, &answer["code"]),
            (403, &json!("origin_not_registered")),
            "{answer}"
        );
    }
    // Nor would a browser let it try.
    let asked = [
        ("origin", "http://evil.test"),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "railhead-embedder"),
    ];
    let preflight = world
        .send(Method::OPTIONS, "/v1/connect/sessions", &asked, "")
        .await;
    let allowed = preflight.headers()["access-control-allow-headers"]
        .to_str()
        .unwrap();
    assert_eq!(allowed, "authorization, content-type");
}
