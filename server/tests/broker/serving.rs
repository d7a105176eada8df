//! Files, headers and CORS.

use crate::support::{HOST, Setup, World};
use railhead_server::config::Config;
use reqwest::Method;
use serde_json::json;

const SESSION: &str = r#"{"widgetId":"wid_sandbox","businessName":"Harbor Coffee"}"#;

#[tokio::test]
async fn serves_the_widget_compressed_and_keeps_only_versioned_names() {
    let world = World::new().await;
    let dist = world.folder.path().join("dist");
    std::fs::create_dir(&dist).unwrap();
    for (name, text) in [
        ("railhead.js", "loader"),
        ("railhead.js.br", "loader br"),
        ("railhead.js.gz", "loader gz"),
        ("railhead-widget-0123456789abcdef_bg.wasm", "wasm"),
        ("index.html", "the demo page"),
    ] {
        std::fs::write(dist.join(name), text).unwrap();
    }
    let get = async |path: &str, encoding: &str| {
        let response = world
            .send(Method::GET, path, &[("accept-encoding", encoding)], "")
            .await;
        let headers = response.headers().clone();
        let header = move |name: &str| headers.get(name).map(|v| v.to_str().unwrap().to_owned());
        (
            response.status().as_u16(),
            header,
            response.text().await.unwrap(),
        )
    };
    let (status, header, text) = get("/railhead.js", "gzip, br").await;
    assert_eq!((status, text.as_str()), (200, "loader br"));
    assert_eq!(header("content-encoding").as_deref(), Some("br"));
    assert_eq!(header("cache-control").as_deref(), Some("no-cache"));
    assert_eq!(
        header("content-type").as_deref(),
        Some("text/javascript; charset=utf-8")
    );
    assert_eq!(header("access-control-allow-origin").as_deref(), Some("*"));
    assert_eq!(
        header("cross-origin-resource-policy").as_deref(),
        Some("cross-origin")
    );
    assert_eq!(header("vary").as_deref(), Some("accept-encoding"));
    let known = world
        .send(
            Method::GET,
            "/railhead.js",
            &[
                ("accept-encoding", "br"),
                ("if-none-match", &header("etag").unwrap()),
            ],
            "",
        )
        .await;
    assert_eq!(known.status(), 304);
    assert_eq!(get("/railhead.js", "gzip").await.2, "loader gz");
    assert_eq!(get("/railhead.js", "identity").await.2, "loader");
    let (status, header, _) = get("/railhead-widget-0123456789abcdef_bg.wasm", "br").await;
    assert_eq!(
        (status, header("content-type").as_deref()),
        (200, Some("application/wasm"))
    );
    assert_eq!(
        header("cache-control").as_deref(),
        Some("public, max-age=31536000, immutable")
    );
    for other in [
        "/index.html",
        "/railhead-none.js",
        "/railhead%2F..%2Findex.html",
        "/.railhead",
    ] {
        assert_eq!(get(other, "br").await.0, 404, "{other}");
    }
}

#[tokio::test]
async fn marks_of_services_may_run_nothing() {
    let world = World::new().await;
    let icon = world.send(Method::GET, "/services/xero.svg", &[], "").await;
    assert_eq!(icon.status(), 200);
    let header = |name: &str| icon.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "image/svg+xml");
    assert_eq!(
        header("content-security-policy"),
        "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    );
    assert_eq!(header("access-control-allow-origin"), "*");
    assert_eq!(header("x-content-type-options"), "nosniff");
    for other in [
        "/services/none.svg",
        "/services/..%2Fxero.toml",
        "/services/xero.toml",
    ] {
        assert_eq!(
            world.send(Method::GET, other, &[], "").await.status(),
            404,
            "{other}"
        );
    }
}

#[tokio::test]
async fn answers_are_readable_for_registered_pages_only() {
    let world = World::new().await;
    let post = async |origin: &str| {
        let response = world
            .send(
                Method::POST,
                "/v1/connect/sessions",
                &[("origin", origin)],
                SESSION,
            )
            .await;
        let allowed = response.headers().get("access-control-allow-origin");
        (
            response.status().as_u16(),
            allowed.map(|origin| origin.to_str().unwrap().to_owned()),
        )
    };
    assert_eq!(post(HOST).await, (201, Some(HOST.to_owned())));
    let own = world.server.public_url.origin().ascii_serialization();
    assert_eq!(post(&own).await, (201, Some(own.clone())));
    // A refusal is readable, so that the widget can say what is wrong.
    assert_eq!(
        post("https://evil.test").await,
        (403, Some("https://evil.test".to_owned()))
    );

    let page = world
        .send(
            Method::GET,
            "/v1/connect/start?widgetId=wid_sandbox",
            &[("origin", HOST)],
            "",
        )
        .await;
    assert!(!page.headers().contains_key("access-control-allow-origin"));
    let preflight = world
        .send(
            Method::OPTIONS,
            "/v1/connect/session",
            &[
                ("origin", HOST),
                ("access-control-request-method", "GET"),
                ("access-control-request-headers", "authorization"),
            ],
            "",
        )
        .await;
    assert_eq!(preflight.status(), 204);
    assert_eq!(
        preflight.headers()["access-control-allow-headers"],
        "authorization, content-type"
    );
    assert_eq!(preflight.headers()["access-control-max-age"], "7200");
    assert!(
        !preflight
            .headers()
            .contains_key("access-control-allow-credentials")
    );
}

#[tokio::test]
async fn a_session_is_of_use_to_its_own_page_only() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let bearer = format!("Bearer {}", visit.token());
    let session = async |headers: &[(&str, &str)]| {
        world
            .send(Method::GET, "/v1/connect/session", headers, "")
            .await
            .status()
            .as_u16()
    };
    assert_eq!(
        session(&[("origin", HOST), ("authorization", &bearer)]).await,
        200
    );
    assert_eq!(
        session(&[("origin", "https://evil.test"), ("authorization", &bearer)]).await,
        403
    );
    assert_eq!(session(&[("authorization", &bearer)]).await, 403);
    world.clock.advance(time::Duration::hours(24));
    assert_eq!(
        session(&[("origin", HOST), ("authorization", &bearer)]).await,
        401
    );
}

#[tokio::test]
async fn a_session_can_be_taken_up_again_with_its_token() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let again = json!({ "widgetId": "wid_sandbox", "sessionToken": visit.token() }).to_string();
    let response = world
        .send(
            Method::POST,
            "/v1/connect/sessions",
            &[("origin", HOST)],
            &again,
        )
        .await;
    let state: railhead_protocol::SessionState = response.json().await.unwrap();
    assert_eq!(state.business, visit.session.business);
    assert_eq!(state.session_token, visit.session.session_token);
}

#[tokio::test]
async fn a_business_that_is_not_the_one_named_is_refused() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let quayside = world.visit("Quayside").await.session.business.business_uuid;
    let harbor = &visit.session.business.business_uuid;
    let token = visit.token();
    for (body, told) in [
        (
            json!({ "sessionToken": token, "businessName": "Quayside" }),
            (409, Some("business_mismatch"), Some("businessName")),
        ),
        (
            json!({ "sessionToken": token, "businessUuid": quayside }),
            (409, Some("business_mismatch"), Some("businessUuid")),
        ),
        (
            json!({ "sessionToken": token, "businessName": "x%" }),
            (400, Some("invalid_business_name"), Some("businessName")),
        ),
        (
            json!({ "businessUuid": harbor, "businessName": "Quayside" }),
            (409, Some("business_mismatch"), Some("businessName")),
        ),
        (
            json!({ "sessionToken": token, "businessName": " Harbor Coffee ", "businessUuid": harbor }),
            (201, None, None),
        ),
        (
            json!({ "businessUuid": harbor, "businessName": "Harbor Coffee" }),
            (201, None, None),
        ),
    ] {
        let mut body = body;
        body["widgetId"] = "wid_sandbox".into();
        let path = "/v1/connect/sessions";
        let sent = body.to_string();
        let response = world.send(Method::POST, path, &[("origin", HOST)], &sent);
        let (status, answer) = crate::support::answered(response.await).await;
        let found = (status, answer["code"].as_str(), answer["field"].as_str());
        assert_eq!(found, told, "{body}");
    }
}

#[tokio::test]
async fn a_new_service_file_appears_in_the_widget_without_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let directory = folder.path().to_owned();
    let configure = Box::new(move |config: &mut Config| config.services_dirs.push(directory));
    let world = World::with(Setup {
        configure,
        ..Setup::default()
    })
    .await;
    let names = async || -> Vec<String> {
        let services = world.visit("Harbor Coffee").await.session.services;
        services
            .into_iter()
            .map(|service| service.display_name)
            .collect()
    };
    assert!(names().await.contains(&"Xero".to_owned()));
    let file = r#"
        service_name = "ledger"
        display_name = "Harbor Ledger"
        kind = "accounting"
        authorization = "oauth2_code"
        [oauth]
        authorize_url = "https://ledger.example/authorize"
        token_url = "https://ledger.example/token"
        scopes = ["read"]
    "#;
    std::fs::write(folder.path().join("ledger.toml"), file).unwrap();
    while !names().await.contains(&"Harbor Ledger".to_owned()) {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn says_that_it_is_alive() {
    let world = World::new().await;
    let response = world.send(Method::GET, "/healthz", &[], "").await;
    assert_eq!(
        (
            response.status().as_u16(),
            response.text().await.unwrap().as_str()
        ),
        (200, r#"{"status":"ok"}"#)
    );
}
