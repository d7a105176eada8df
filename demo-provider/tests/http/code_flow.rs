//! The authorization code flow, from the first request to the tokens.

use crate::browser::{Browser, HandClock, REDIRECT_URI, VERIFIER, code_form, encoded, start, text};
use demo_provider::{CLIENT_ID, CLIENT_SECRET, Config, GrantStatus, Provider};
use std::{sync::Arc, time::Duration};

#[tokio::test]
async fn gives_tokens_that_open_the_api_to_a_client_with_the_verifier() {
    let provider = start().await;
    let mut browser = Browser::at(&provider);
    let login = browser.authorize("xero", &[]).await;
    let consent = browser.sign_in(&login, "alice").await;
    assert!(
        consent
            .text
            .contains("Allow Railhead Connect to access Xero?")
    );

    let back = browser
        .post(&consent.form_of("Allow"), &[("decision", "allow")])
        .await;
    assert_eq!(back.status, 302);
    assert!(
        back.location()
            .as_str()
            .starts_with(&format!("{REDIRECT_URI}?code="))
    );
    assert_eq!(back.returned("state").as_deref(), Some("the state & more"));
    assert_eq!(back.returned("iss"), Some(format!("{}/xero", provider.url)));

    let tokens = browser
        .redeem("xero", &back.returned("code").unwrap())
        .await;
    assert_eq!(
        (tokens.status.as_u16(), tokens.header("cache-control")),
        (200, "no-store")
    );
    assert_eq!(tokens.json()["token_type"], "Bearer");
    assert_eq!(tokens.json()["expires_in"], 3600);
    assert_eq!(tokens.json()["scope"], "accounting.read offline_access");

    let access = text(&tokens, "access_token");
    let accounts = browser.api("/xero/accounts", &access).await;
    assert_eq!(
        accounts.text,
        r#"{"accounts":[{"id":"org_harbor_coffee","name":"Harbor Coffee Ltd"}]}"#
    );
    assert_eq!(
        browser.api("/xero/whoami", &access).await.json()["user"],
        "alice"
    );
    assert_eq!(
        browser.api("/sage/whoami", &access).await.status,
        401,
        "a token of another service"
    );
    assert_eq!(provider.records().token_requests_for("xero"), 1);
}

#[tokio::test]
async fn sends_a_denial_back_with_state_and_issuer() {
    let provider = start().await;
    let mut browser = Browser::at(&provider);
    let login = browser.authorize("xero", &[]).await;
    let consent = browser.sign_in(&login, "alice").await;
    let back = browser
        .post(&consent.form_of("Deny"), &[("decision", "deny")])
        .await;
    assert_eq!(back.returned("error").as_deref(), Some("access_denied"));
    assert_eq!(back.returned("state").as_deref(), Some("the state & more"));
    assert_eq!(back.returned("iss"), Some(format!("{}/xero", provider.url)));
    assert!(back.returned("code").is_none() && provider.records().grants.is_empty());
}

#[tokio::test]
async fn lets_denise_deny_only() {
    let provider = start().await;
    let mut browser = Browser::at(&provider);
    let login = browser.authorize("xero", &[]).await;
    let consent = browser.sign_in(&login, "denise").await;
    assert!(!consent.has_button("Allow"));
    let back = browser
        .post(&consent.form_of("Deny"), &[("decision", "allow")])
        .await;
    assert_eq!(back.returned("error").as_deref(), Some("access_denied"));
}

#[tokio::test]
async fn refuses_a_wrong_verifier_and_the_code_with_it() {
    let provider = start().await;
    let mut browser = Browser::at(&provider);
    let code = browser.code("xero", "alice").await;
    let mut form = code_form(&code);
    form[3].1 = "another-verifier-that-is-long-enough-to-be-one-at-all";
    let wrong = browser.token("xero", &form).await;
    assert_eq!(
        (wrong.status.as_u16(), text(&wrong, "error").as_str()),
        (400, "invalid_grant")
    );
    assert_eq!(
        text(&browser.redeem("xero", &code).await, "error"),
        "invalid_grant"
    );
    let without = browser.token("xero", &code_form(&code)[..3]).await;
    assert_eq!(text(&without, "error"), "invalid_request");
}

#[tokio::test]
async fn refuses_a_redirect_uri_or_a_service_other_than_the_requests() {
    let provider = start().await;
    let mut browser = Browser::at(&provider);
    let code = browser.code("xero", "alice").await;
    assert_eq!(
        text(&browser.redeem("sage", &code).await, "error"),
        "invalid_grant"
    );
    let other = format!("{REDIRECT_URI}/");
    let mut form = code_form(&code);
    form[2].1 = &other;
    assert_eq!(
        text(&browser.token("xero", &form).await, "error"),
        "invalid_grant"
    );
}

#[tokio::test]
async fn revokes_the_grant_when_a_code_comes_twice() {
    let provider = start().await;
    let mut browser = Browser::at(&provider);
    let code = browser.code("xero", "alice").await;
    let tokens = browser.redeem("xero", &code).await;
    let again = browser.redeem("xero", &code).await;
    assert_eq!(
        (again.status.as_u16(), text(&again, "error").as_str()),
        (400, "invalid_grant")
    );
    let access = browser
        .api("/xero/accounts", &text(&tokens, "access_token"))
        .await;
    assert_eq!(access.status, 401);
    assert!(
        access
            .header("www-authenticate")
            .contains("error=\"invalid_token\"")
    );
    let refreshed = browser
        .refresh("xero", &text(&tokens, "refresh_token"))
        .await;
    assert_eq!(text(&refreshed, "error"), "invalid_grant");
    let records = provider.records();
    assert_eq!(records.grants[0].status, GrantStatus::Revoked);
    assert_eq!(
        (
            records.grants[0].code_requests,
            records.grants[0].refresh_requests
        ),
        (2, 1)
    );
}

#[tokio::test]
async fn lets_codes_and_access_tokens_grow_old() {
    let clock = HandClock::new();
    let config = Config {
        clock: Arc::new(clock.clone()),
        ..Config::default()
    };
    let provider = Provider::start(config).await.unwrap();
    let mut browser = Browser::at(&provider);
    let stale = browser.code("xero", "alice").await;
    clock.advance(Duration::from_mins(1));
    assert_eq!(
        text(&browser.redeem("xero", &stale).await, "error"),
        "invalid_grant"
    );

    let code = browser.code("xero", "alice").await;
    clock.advance(Duration::from_secs(59));
    let access = text(&browser.redeem("xero", &code).await, "access_token");
    clock.advance(Duration::from_secs(3599));
    assert_eq!(browser.api("/xero/whoami", &access).await.status, 200);
    clock.advance(Duration::from_secs(1));
    assert_eq!(browser.api("/xero/whoami", &access).await.status, 401);
}

#[tokio::test]
async fn knows_the_client_by_encoded_basic_or_by_body_and_by_nothing_else() {
    let provider = start().await;
    let browser = Browser::at(&provider);
    let unknown_code = code_form("unknown");
    let (id, secret) = (encoded(CLIENT_ID), encoded(CLIENT_SECRET));
    let basic = browser
        .call("/xero/token", &id, &secret, &unknown_code)
        .await;
    assert_eq!(
        text(&basic, "error"),
        "invalid_grant",
        "the client is let in, the code is not known"
    );

    let raw = browser
        .call("/xero/token", CLIENT_ID, CLIENT_SECRET, &unknown_code)
        .await;
    assert_eq!(
        (raw.status.as_u16(), text(&raw, "error").as_str()),
        (401, "invalid_client")
    );
    assert!(raw.header("www-authenticate").starts_with("Basic "));

    let posted = [("client_id", CLIENT_ID), ("client_secret", CLIENT_SECRET)];
    let body = [&unknown_code[..], &posted[..]].concat();
    assert_eq!(
        text(&browser.call_openly("/xero/token", &body).await, "error"),
        "invalid_grant"
    );
    assert_eq!(
        text(
            &browser.call("/xero/token", &id, &secret, &body).await,
            "error"
        ),
        "invalid_request"
    );
    let nobody = browser.call_openly("/xero/token", &unknown_code).await;
    assert_eq!(text(&nobody, "error"), "invalid_client");
}

#[tokio::test]
async fn refuses_malformed_token_requests_with_the_codes_of_rfc_6749() {
    let provider = start().await;
    let browser = Browser::at(&provider);
    for (form, error) in [
        (&[][..], "invalid_request"),
        (&[("grant_type", "password")], "unsupported_grant_type"),
        (&[("grant_type", "authorization_code")], "invalid_request"),
        (&[("grant_type", "refresh_token")], "invalid_request"),
        (
            &[
                ("grant_type", "refresh_token"),
                ("grant_type", "refresh_token"),
            ],
            "invalid_request",
        ),
        (
            &[("grant_type", "refresh_token"), ("refresh_token", VERIFIER)],
            "invalid_grant",
        ),
    ] {
        let answer = browser.token("xero", form).await;
        assert_eq!(
            (answer.status.as_u16(), text(&answer, "error").as_str()),
            (400, error),
            "{form:?}"
        );
        assert_eq!(
            (answer.header("cache-control"), answer.header("pragma")),
            ("no-store", "no-cache")
        );
    }
}
