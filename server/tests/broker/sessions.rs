//! Sessions that the company's server asks for: what they are bound to, and the hosted page their link leads to.

use crate::support::browser::Browser;
use crate::support::database::Database;
use crate::support::{HOST, World, answered, told};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use time::Duration;
use url::Url;

async fn mint(world: &World, key: &str, mut body: Value) -> Value {
    body["widgetId"] = json!("wid_sandbox");
    let (status, minted) = world.ask(Method::POST, key, "/v1/sessions", body).await;
    assert_eq!(status, 201, "{minted}");
    minted
}

/// Loads the widget on a page of `origin`, with a minted session's token.
async fn load(world: &World, origin: &str, body: Value) -> (u16, Value) {
    let headers = [("origin", origin)];
    let body = body.to_string();
    answered(
        world
            .send(Method::POST, "/v1/connect/sessions", &headers, &body)
            .await,
    )
    .await
}

/// Asks for the session's state, as the page at `origin`.
async fn state(world: &World, origin: &str, token: &Value) -> (u16, Value) {
    let bearer = format!("Bearer {}", token.as_str().unwrap());
    let headers = [("origin", origin), ("authorization", bearer.as_str())];
    answered(
        world
            .send(Method::GET, "/v1/connect/session", &headers, "")
            .await,
    )
    .await
}

/// What the hosted page's script does.
async fn open(world: &World, browser: &Browser, link: &Url) -> (u16, Value) {
    let own = world.server.public_url.origin().ascii_serialization();
    answered(
        browser
            .send(link, |request| request.header("origin", own), Method::POST)
            .await,
    )
    .await
}

async fn look(browser: &Browser, link: &Url) -> Response {
    browser.send(link, |request| request, Method::GET).await
}

fn link(minted: &Value) -> Url {
    minted["url"].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_minted_session_works_for_its_widget_page_and_business() {
    let world = World::new().await;
    let key = world.sandbox_key();
    let minted = mint(&world, &key, json!({ "businessName": "Harbor Coffee", "origin": HOST, "metadata": { "application": 7 } })).await;
    let token = &minted["sessionToken"];
    let asked = json!({ "widgetId": "wid_sandbox", "sessionToken": token });
    let (status, loaded) = load(&world, HOST, asked.clone()).await;
    assert_eq!(
        (status, &loaded["business"]["businessName"]),
        (201, &json!("Harbor Coffee")),
        "{loaded}"
    );
    assert_eq!(
        (&loaded["sessionToken"], &loaded["expiresAt"]),
        (token, &minted["expiresAt"])
    );
    let own = world.server.public_url.origin().ascii_serialization();
    for (origin, body) in [
        (own.as_str(), asked),
        (
            HOST,
            json!({ "widgetId": "wid_sandbox", "sessionToken": token, "businessName": "Quayside" }),
        ),
    ] {
        let refused = load(&world, origin, body).await.0;
        assert!(refused == 401 || refused == 409, "{refused}");
    }
    let kept = Database::open(&world)
        .await
        .texts("SELECT metadata FROM sessions")
        .await;
    assert_eq!(kept, [r#"{"application":7}"#]);
    assert_eq!(state(&world, HOST, token).await.0, 200);
    world.clock.advance(Duration::minutes(30));
    assert_eq!(state(&world, HOST, token).await.0, 401);
}

#[tokio::test]
async fn a_widget_with_signed_sessions_takes_no_others() {
    let world = World::new().await;
    let key = world.sandbox_key();
    let before = world.visit("Harbor Coffee").await;
    let signed = json!({ "sessionPolicy": "signed" });
    world
        .ask(Method::PATCH, &key, "/v1/widgets/wid_sandbox", signed)
        .await;
    let minted = mint(
        &world,
        &key,
        json!({ "businessName": "Harbor Coffee", "origin": HOST }),
    )
    .await;
    for (token, status) in [
        (Value::Null, 403),
        (json!(before.token()), 403),
        (json!("ses_guessed"), 401),
        (minted["sessionToken"].clone(), 201),
    ] {
        let body = json!({ "widgetId": "wid_sandbox", "sessionToken": token });
        let answer = load(&world, HOST, body).await;
        assert_eq!(answer.0, status, "{}", answer.1);
        if status == 403 {
            assert_eq!(answer.1["code"], "session_required");
        }
    }
}

#[tokio::test]
async fn the_link_leads_the_first_browser_to_a_session_of_the_hosted_page() {
    let world = World::new().await;
    let key = world.sandbox_key();
    let minted = mint(
        &world,
        &key,
        json!({ "businessName": "Harbor Coffee", "origin": HOST, "locale": "de" }),
    )
    .await;
    let link = link(&minted);
    let own = world.server.public_url.origin().ascii_serialization();
    // A preview of the message with the link, and a prefetch, look only.
    assert_eq!(look(&Browser::new(), &link).await.status(), 200);

    let phone = Browser::new();
    let page = look(&phone, &link).await;
    let headers = page.headers().clone();
    assert_eq!(
        (&headers["cache-control"], &headers["referrer-policy"]),
        (
            &"no-store".parse().unwrap(),
            &"no-referrer".parse().unwrap()
        )
    );
    insta::assert_snapshot!(headers["content-security-policy"].to_str().unwrap(), @"default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    let html = page.text().await.unwrap();
    assert!(
        html.contains("<title>Verbinden Sie Ihre Software mit Northwind Lending</title>")
            && html.contains(r#"lang="de""#),
        "{html}"
    );
    assert!(
        !html.contains("ses_") && !html.contains("<script>") && !html.contains("{{"),
        "{html}"
    );

    let (status, shown) = open(&world, &phone, &link).await;
    assert_eq!(
        (status, &shown["widgetId"], &shown["locale"]),
        (200, &json!("wid_sandbox"), &json!("de"))
    );
    let token = &shown["sessionToken"];
    assert_ne!(token, &minted["sessionToken"]);
    let asked = json!({ "widgetId": "wid_sandbox", "sessionToken": token });
    let (status, loaded) = load(&world, &own, asked).await;
    assert_eq!(
        (status, &loaded["business"]["businessName"]),
        (201, &json!("Harbor Coffee"))
    );
    assert_eq!(
        state(&world, HOST, token).await.0,
        403,
        "it is the hosted page's"
    );

    // Reloaded, it is the same session; another browser gets none.
    assert_eq!(look(&phone, &link).await.status(), 200);
    assert_eq!(open(&world, &phone, &link).await, (200, shown.clone()));
    let other = Browser::new();
    let refused = look(&other, &link).await;
    assert_eq!(refused.status(), 410);
    assert!(
        refused
            .text()
            .await
            .unwrap()
            .contains("This link was used in another browser")
    );
    assert_eq!(
        told(&open(&world, &other, &link).await),
        "410 session_expired -: The link was opened in another browser: ask for a new one."
    );

    world.clock.advance(Duration::minutes(30));
    assert_eq!(
        state(&world, &own, token).await.0,
        401,
        "it ends when the minted one does"
    );
    let expired = look(&phone, &link).await;
    assert_eq!(expired.status(), 410);
    assert!(
        expired
            .text()
            .await
            .unwrap()
            .contains("This link has expired")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_browsers_at_once_one_keeps_the_link() {
    let world = World::new().await;
    let minted = mint(&world, &world.sandbox_key(), json!({})).await;
    let link = link(&minted);
    let browsers: Vec<_> = (0..10).map(|_| Browser::new()).collect();
    let opened =
        futures_util::future::join_all(browsers.iter().map(|browser| open(&world, browser, &link)))
            .await;
    let statuses: Vec<_> = opened.iter().map(|(status, _)| *status).collect();
    assert_eq!(
        statuses.iter().filter(|status| **status == 200).count(),
        1,
        "{statuses:?}"
    );
    assert!(
        statuses.iter().all(|status| [200, 410].contains(status)),
        "{statuses:?}"
    );
}

#[tokio::test]
async fn another_page_cannot_open_a_link_in_the_browser_of_its_visitor() {
    let world = World::new().await;
    let minted = mint(&world, &world.sandbox_key(), json!({})).await;
    for origin in [Some(HOST), None] {
        let build = |request: reqwest::RequestBuilder| match origin {
            Some(origin) => request.header("origin", origin),
            None => request,
        };
        let refused = Browser::new()
            .send(&link(&minted), build, Method::POST)
            .await;
        assert_eq!(refused.status(), 403);
    }
}

#[tokio::test]
async fn an_ended_session_takes_its_link_and_the_hosted_page_along() {
    let world = World::new().await;
    let key = world.sandbox_key();
    let own = world.server.public_url.origin().ascii_serialization();
    let minted = mint(&world, &key, json!({ "origin": HOST })).await;
    let browser = Browser::new();
    let (_, shown) = open(&world, &browser, &link(&minted)).await;
    let path = format!("/v1/sessions/{}", minted["sessionId"].as_str().unwrap());
    for _ in 0..2 {
        assert_eq!(
            world.ask(Method::DELETE, &key, &path, Value::Null).await.0,
            204
        );
    }
    assert_eq!(state(&world, HOST, &minted["sessionToken"]).await.0, 401);
    assert_eq!(state(&world, &own, &shown["sessionToken"]).await.0, 401);
    assert_eq!(look(&browser, &link(&minted)).await.status(), 410);
}

#[tokio::test]
async fn refuses_sessions_that_cannot_be_and_makes_no_business_for_them() {
    let world = World::new().await;
    let key = world.sandbox_key();
    let mut lines = Vec::new();
    for body in [
        json!({}),
        json!({ "widgetId": "wid_none" }),
        json!({ "widgetId": "wid_sandbox", "origin": "https://evil.example" }),
        json!({ "widgetId": "wid_sandbox", "origin": "https://lender.test/path" }),
        json!({ "widgetId": "wid_sandbox", "expiresIn": 299 }),
        json!({ "widgetId": "wid_sandbox", "expiresIn": 86_401 }),
        json!({ "widgetId": "wid_sandbox", "expiresIn": -1 }),
        json!({ "widgetId": "wid_sandbox", "metadata": "text" }),
        json!({ "widgetId": "wid_sandbox", "metadata": { "long": "x".repeat(2048) } }),
        json!({ "widgetId": "wid_sandbox", "locale": "english please" }),
        json!({ "widgetId": "wid_sandbox", "businessName": "100%" }),
        json!({ "widgetId": "wid_sandbox", "businessUuid": "biz_none" }),
        json!({ "widgetId": "wid_sandbox", "businessUuid": "biz_\u{0}" }),
        json!({ "widgetId": "wid_sandbox", "successUrl": "https://lender.test" }),
    ] {
        lines.push(told(
            &world.ask(Method::POST, &key, "/v1/sessions", body).await,
        ));
    }
    for path in [
        "/v1/sessions/vis_none",
        "/v1/sessions/%00",
        "/v1/connections/con_%00",
    ] {
        lines.push(told(
            &world.ask(Method::DELETE, &key, path, Value::Null).await,
        ));
    }
    lines.push(told(
        &world.manage(&key, "/v1/connections?serviceName=%00").await,
    ));
    insta::assert_snapshot!(lines.join("\n"), @r#"
    400 invalid_request widgetId: The body is not as it should be: missing field `widgetId`.
    404 unknown_widget widgetId: No widget has this id.
    403 origin_not_registered origin: This origin is not registered for the widget.
    400 invalid_request origin: An origin is written like https://app.example.com, without a path.
    400 invalid_request expiresIn: A session lasts 300 to 86400 seconds.
    400 invalid_request expiresIn: A session lasts 300 to 86400 seconds.
    400 invalid_request expiresIn: The body is not as it should be: invalid value: integer `-1`, expected a whole number, 0 or more.
    400 invalid_request metadata: The body is not as it should be: invalid type: string "text", expected an object.
    400 invalid_request metadata: Metadata is a JSON object of at most 2 KiB.
    400 invalid_request locale: A language is written like en or pt-BR.
    400 invalid_business_name businessName: A business name must not contain %
    404 business_not_found businessUuid: No business has this id.
    400 invalid_request -: The body must not hold the character U+0000.
    400 invalid_request successUrl: The body is not as it should be: unknown field `successUrl`, expected one of `widgetId`, `businessName`, `businessUuid`, `origin`, `expiresIn`, `metadata`, `locale`.
    404 session_not_found -: No session has this id.
    404 not_found -: There is nothing at this address.
    404 not_found -: There is nothing at this address.
    400 invalid_request serviceName: The query must not hold the character U+0000.
    "#);
    assert_eq!(
        world.manage(&key, "/v1/businesses").await.1["data"],
        json!([])
    );
}
