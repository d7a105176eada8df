//! The pages in the window speak the widget's language, the session's, or one that the browser asks for.

use crate::support::World;
use reqwest::Method;
use serde_json::json;
use url::Url;

async fn start_page(world: &World, query: &str, accepted: &str) -> String {
    let url = world.url(&format!("/v1/connect/start?widgetId=wid_sandbox{query}"));
    let request = crate::support::http()
        .get(url)
        .header("accept-language", accepted);
    request.send().await.unwrap().text().await.unwrap()
}

#[tokio::test]
async fn the_start_page_speaks_what_the_widget_speaks() {
    let world = World::new().await;
    for (query, accepted, tag, sentence) in [
        (
            "&locale=ar",
            "de",
            r#"<html lang="ar" dir="rtl">"#,
            "جارٍ فتح صفحة آمنة",
        ),
        (
            "&locale=fr-BE",
            "de",
            r#"<html lang="fr" dir="ltr">"#,
            "Ouverture d’une page sécurisée",
        ),
        (
            "",
            "pl, de;q=0.8",
            r#"<html lang="de" dir="ltr">"#,
            "Eine sichere Seite wird geöffnet",
        ),
        (
            "&locale=pl",
            "de",
            r#"<html lang="en" dir="ltr">"#,
            "Opening a secure page",
        ),
        (
            "",
            "",
            r#"<html lang="en" dir="ltr">"#,
            "Opening a secure page",
        ),
    ] {
        let html = start_page(&world, query, accepted).await;
        assert!(
            html.contains(tag) && html.contains(sentence),
            "{query}: {html}"
        );
        assert!(!html.contains("{{"), "{html}");
    }
}

#[tokio::test]
async fn the_last_page_speaks_what_the_first_one_did() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let started = visit.start(json!({ "serviceName": "xero" })).await;
    let url = Url::parse(&world.url("/v1/connect/start")).unwrap();
    let own = world.server.public_url.origin().ascii_serialization();
    let body = json!({
        "authorizationId": started.authorization.authorization_id, "nonce": started.nonce, "locale": "sv"
    });
    let build =
        |request: reqwest::RequestBuilder| request.header("origin", own).body(body.to_string());
    let answer = visit.browser.send(&url, build, Method::POST).await;
    let answer: serde_json::Value = answer.json().await.unwrap();
    let authorize = Url::parse(answer["location"].as_str().unwrap()).unwrap();
    let callback = visit.browser.consent(&authorize, "alice", "allow").await;
    let done = visit.browser.open(&callback).await;
    assert!(
        done.html.contains(r#"<html lang="sv" dir="ltr">"#),
        "{}",
        done.html
    );
    assert!(done.html.contains("Xero är anslutet"), "{}", done.html);
    assert!(done.html.contains("Gå tillbaka till "), "{}", done.html);
}

#[tokio::test]
async fn a_session_taken_up_in_another_language_goes_on_in_it() {
    let world = World::new().await;
    let visit = world.visit("Harbor Coffee").await;
    let body = json!({ "widgetId": "wid_sandbox", "sessionToken": visit.token(), "locale": "he" });
    let url = Url::parse(&world.url("/v1/connect/sessions")).unwrap();
    let build = |request: reqwest::RequestBuilder| {
        request
            .header("origin", crate::support::HOST)
            .body(body.to_string())
    };
    let answer = visit.browser.send(&url, build, Method::POST).await;
    assert_eq!(answer.status(), 201);
    let (_, done) = visit
        .connect(json!({ "serviceName": "xero" }), "alice", "deny")
        .await;
    assert!(
        done.html.contains(r#"<html lang="he" dir="rtl">"#),
        "{}",
        done.html
    );
    assert!(
        done.html.contains("הגישה נדחתה על ידך אצל Xero"),
        "{}",
        done.html
    );
}
