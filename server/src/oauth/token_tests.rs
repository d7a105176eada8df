//! The token endpoint against a service that behaves in every way services do.

use super::testing::{http, http_with, provider, serve};
use super::token::{Denial, TokenError, Tokens, Unavailable, exchange, refresh};
use super::{Http, Provider};
use crate::catalogue::{ClientAuth, TokenBody};
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::post;
use base64::Engine as _;
use secrecy::ExposeSecret as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use url::form_urlencoded;

const FINE: &str = r#"{"access_token":"AT","refresh_token":"RT","token_type":"Bearer",
    "expires_in":3600,"scope":"read","businessId":42,"other":"left out"}"#;

/// The last request of the client: its `Authorization`, its content type and its body.
type Seen = Arc<Mutex<(String, String, String)>>;

/// A provider whose token endpoint always gives this answer.
async fn answering(status: u16, content_type: &str, body: &str) -> (Provider, Seen) {
    let seen = Seen::default();
    let answer = (
        StatusCode::from_u16(status).unwrap(),
        content_type.to_owned(),
        body.to_owned(),
    );
    let token = async move |State(seen): State<Seen>, headers: HeaderMap, request: String| {
        let text = |name| {
            headers
                .get(name)
                .map_or("", |value| value.to_str().unwrap())
                .to_owned()
        };
        *seen.lock().unwrap() = (
            text(header::AUTHORIZATION),
            text(header::CONTENT_TYPE),
            request,
        );
        let (status, content_type, body) = answer;
        let headers = [
            (header::CONTENT_TYPE, content_type),
            (header::RETRY_AFTER, "7".to_owned()),
            (header::LOCATION, "/elsewhere".to_owned()),
        ];
        (status, headers, body).into_response()
    };
    let router = Router::new()
        .route("/token", post(token))
        .with_state(seen.clone());
    (provider(serve(router).await.as_str()), seen)
}

async fn exchange_at(provider: &Provider) -> Result<Tokens, TokenError> {
    let redirect_uri = "https://connect.example/v1/callback/w/service"
        .parse()
        .unwrap();
    exchange(
        &http(),
        provider,
        &"C+DE".into(),
        &redirect_uri,
        Some(&"VERIFIER".into()),
    )
    .await
}

/// What the exchange comes to when the service answers this.
async fn exchanged(status: u16, content_type: &str, body: &str) -> Result<Tokens, TokenError> {
    exchange_at(&answering(status, content_type, body).await.0).await
}

async fn refusal(status: u16, body: &str) -> TokenError {
    exchanged(status, "application/json", body)
        .await
        .unwrap_err()
}

fn form(body: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(body.as_bytes())
        .into_owned()
        .collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

#[tokio::test]
async fn exchanges_a_code_with_basic_authentication_that_survives_any_secret() {
    let (provider, seen) = answering(200, "application/json", FINE).await;
    let tokens = exchange_at(&provider).await.unwrap();
    assert_eq!(tokens.access_token.expose_secret(), "AT");
    assert_eq!(tokens.refresh_token.unwrap().expose_secret(), "RT");
    assert_eq!(tokens.expires_in, Some(Duration::from_hours(1)));
    assert_eq!(tokens.scopes, ["read"]);
    assert_eq!(
        tokens.extra,
        [("businessId".to_owned(), "42".to_owned())].into()
    );
    let (authorization, _, body) = seen.lock().unwrap().clone();
    let proof = authorization.strip_prefix("Basic ").unwrap();
    let proof = base64::engine::general_purpose::STANDARD
        .decode(proof)
        .unwrap();
    assert_eq!(proof, b"client+id:s3cret%2B%2F%3A%3D");
    let expected = [
        ("grant_type", "authorization_code"),
        ("code", "C+DE"),
        (
            "redirect_uri",
            "https://connect.example/v1/callback/w/service",
        ),
        ("code_verifier", "VERIFIER"),
        ("expiring", "1"),
    ];
    assert_eq!(form(&body), pairs(&expected));
}

#[tokio::test]
async fn authenticates_in_the_body_or_not_at_all_where_services_want_that() {
    let (mut provider, seen) = answering(200, "application/json", FINE).await;
    let refreshed = async |provider: &Provider| {
        refresh(&http(), provider, &"RT".into()).await.unwrap();
        seen.lock().unwrap().clone()
    };
    let mut expected = vec![
        ("grant_type", "refresh_token"),
        ("refresh_token", "RT"),
        ("client_id", "client id"),
    ];
    provider.client_auth = ClientAuth::None;
    let (authorization, _, body) = refreshed(&provider).await;
    assert_eq!(
        (authorization.as_str(), form(&body)),
        ("", pairs(&expected))
    );
    provider.client_auth = ClientAuth::Post;
    expected.push(("client_secret", "s3cret+/:="));
    let (authorization, _, body) = refreshed(&provider).await;
    assert_eq!(
        (authorization.as_str(), form(&body)),
        ("", pairs(&expected))
    );
    provider.token_body = TokenBody::Json;
    let (_, content_type, body) = refreshed(&provider).await;
    assert_eq!(content_type, "application/json");
    let body: std::collections::BTreeMap<String, String> = serde_json::from_str(&body).unwrap();
    assert_eq!(body.into_iter().collect::<Vec<_>>(), {
        let mut expected = pairs(&expected);
        expected.sort();
        expected
    });
}

#[tokio::test]
async fn fills_in_what_the_answer_leaves_out() {
    let (provider, _) = answering(200, "application/json", r#"{"access_token":"AT"}"#).await;
    let tokens = exchange_at(&provider).await.unwrap();
    assert_eq!(tokens.token_type, "Bearer");
    assert_eq!(
        tokens.expires_in,
        Some(Duration::from_mins(15)),
        "as the service's file says"
    );
    assert_eq!(tokens.scopes, ["read", "write"], "as asked for");
    let tokens = refresh(&http(), &provider, &"RT".into()).await.unwrap();
    assert!(tokens.refresh_token.is_none() && tokens.scopes.is_empty());
}

#[tokio::test]
async fn reads_strings_for_numbers_and_arrays_for_lists() {
    let body = r#"{"access_token":"AT","expires_in":"60","scope":["a","b"]}"#;
    let tokens = exchanged(200, "application/json", body).await.unwrap();
    assert_eq!(tokens.expires_in, Some(Duration::from_mins(1)));
    assert_eq!(tokens.scopes, ["a", "b"]);
    let body = "access_token=AT&expires_in=60&scope=a+b";
    let tokens = exchanged(200, "application/x-www-form-urlencoded", body)
        .await
        .unwrap();
    assert_eq!(tokens.scopes, ["a", "b"]);
}

#[tokio::test]
async fn tells_a_refused_grant_from_a_refused_client_and_a_refused_request() {
    for (status, body) in [
        (400, r#"{"error":"invalid_grant"}"#),
        (200, r#"{"error":"invalid_grant"}"#),
    ] {
        assert_eq!(
            refusal(status, body).await,
            TokenError::Denied {
                code: "invalid_grant",
                denial: Denial::Unsaid,
            }
        );
    }
    for (status, body, code) in [
        (401, r#"{"error":"invalid_client"}"#, "invalid_client"),
        (
            400,
            r#"{"error":"unauthorized_client"}"#,
            "unauthorized_client",
        ),
        (401, "<html>", "HTTP 401"),
    ] {
        assert_eq!(
            refusal(status, body).await,
            TokenError::InvalidClient { code }
        );
    }
    for (status, body, code) in [
        (400, r#"{"error":"invalid_scope"}"#, "invalid_scope"),
        (403, "", "no error code"),
        (200, r#"{"error":{"message":"no"}}"#, "unknown error code"),
    ] {
        assert_eq!(
            refusal(status, body).await,
            TokenError::Refused { status, code }
        );
    }
}

#[tokio::test]
async fn failures_of_the_service_are_temporary() {
    for status in [408, 429, 500, 502, 503] {
        // Even when the body claims that the grant is gone.
        let error = refusal(status, r#"{"error":"invalid_grant"}"#).await;
        let reason = Unavailable::Status(status);
        let retry_after = Some(Duration::from_secs(7));
        assert_eq!(
            error,
            TokenError::Unavailable {
                reason,
                retry_after
            }
        );
        assert!(error.is_temporary());
    }
    assert!(
        refusal(400, r#"{"error":"temporarily_unavailable"}"#)
            .await
            .is_temporary()
    );
}

#[tokio::test]
async fn no_answer_is_temporary() {
    let router = Router::new().route("/token", post(std::future::pending::<()>));
    let provider = provider(serve(router).await.as_str());
    let http = Http::new(http_with(200)).unwrap();
    let error = refresh(&http, &provider, &"RT".into()).await.unwrap_err();
    let reason = Unavailable::TimedOut;
    assert_eq!(
        error,
        TokenError::Unavailable {
            reason,
            retry_after: None
        }
    );
}

#[tokio::test]
async fn refuses_garbage() {
    for (status, content_type, body) in [
        (200, "text/html", "<html>access_token=AT</html>"),
        (200, "application/json", ""),
        (200, "application/json", "[1]"),
        (200, "application/json", r#"{"access_token":""}"#),
        (
            200,
            "application/json",
            r#"{"access_token":null,"refresh_token":"RT"}"#,
        ),
        (200, "application/json", r#"{"access_token":{"AT":1}}"#),
        (200, "application/json", "{\"access_token\":\"A\\nT\"}"),
        (302, "application/json", FINE),
    ] {
        let outcome = exchanged(status, content_type, body).await;
        assert!(
            matches!(outcome, Err(TokenError::Malformed(_))),
            "{body}: {outcome:?}"
        );
    }
    let large = format!(r#"{{"access_token":"{}"}}"#, "x".repeat(1_000_000));
    let outcome = exchanged(200, "application/json", &large).await;
    assert_eq!(
        outcome.unwrap_err(),
        TokenError::Malformed("it is too large")
    );
}

#[tokio::test]
async fn nothing_that_is_shown_holds_a_secret() {
    let tokens = exchanged(200, "application/json", FINE).await.unwrap();
    let shown = format!("{tokens:?}");
    assert!(
        !shown.contains("AT") && !shown.contains("RT") && !shown.contains("42"),
        "{shown}"
    );
    for body in [
        r#"{"error":"hush-hush"}"#,
        "hush-hush",
        r#"{"access_token":["hush-hush"]}"#,
    ] {
        for status in [200, 400, 500] {
            let error = refusal(status, body).await;
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("hush-hush"), "{shown}");
        }
    }
}

#[tokio::test]
async fn says_whether_a_grant_ran_out_or_was_taken_back_where_the_service_does() {
    let described =
        |text: &str| format!(r#"{{"error":"invalid_grant","error_description":"{text}"}}"#);
    let rfc = "The grant is invalid, expired, revoked, or was issued to another client";
    for (body, expected) in [
        (described("Token has been revoked."), Denial::Revoked),
        (
            described("The refresh token has EXPIRED due to inactivity"),
            Denial::Expired,
        ),
        (described(rfc), Denial::Unsaid),
        (
            described("Token has been expired or revoked."),
            Denial::Unsaid,
        ),
        (
            described("It was used before, the grant is revoked"),
            Denial::Unsaid,
        ),
        (described(""), Denial::Unsaid),
        (r#"{"error":"access_denied"}"#.to_owned(), Denial::Revoked),
        (r#"{"error":"expired_token"}"#.to_owned(), Denial::Expired),
    ] {
        let refused = refusal(400, &body).await;
        let TokenError::Denied { denial, .. } = refused else {
            panic!("{body}: {refused:?}");
        };
        assert_eq!(denial, expected, "{body}");
    }
}
