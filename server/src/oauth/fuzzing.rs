//! Ways in for the fuzzers of `fuzz/`: what a browser and a service send goes through the very parsers that read it in
//! the server, and what comes out must keep what the rest of the server relies on.

use super::answer::MAX_LIFETIME;
use super::callback::{CallbackOutcome, CallbackQuery};
use super::http::Answer;
use super::provider::{ClientCredentials, Provider};
use super::token::{judge, tokens};
use crate::catalogue::{CheckedFields, Service, parse_for_fuzzing};
use reqwest::StatusCode;
use secrecy::{ExposeSecret as _, SecretString};
use std::sync::OnceLock;

/// A service that uses whatever the parsers know.
const SERVICE: &str = r#"
    service_name = "service"
    display_name = "Service"
    kind = "accounting"
    authorization = "oauth2_code"
    [oauth]
    authorize_url = "https://service.example/authorize"
    token_url = "https://service.example/token"
    issuer = "https://service.example"
    scopes = ["read", "write"]
    callback_store = ["realmId"]
    token_store = ["businessId"]
    refresh = { access_seconds = 900 }
"#;

/// Reads the query of a callback.
pub fn callback_parameters(query: &str) {
    let Ok(parsed) = CallbackQuery::parse(query) else {
        return;
    };
    let Ok(outcome) = parsed.outcome(provider()) else {
        return;
    };
    match outcome {
        CallbackOutcome::Code { code, stored } => {
            assert!(!code.expose_secret().is_empty(), "an empty code");
            assert!(is_one_line(code.expose_secret()), "a code with controls");
            assert!(stored.values().all(|value| is_one_line(value)));
            assert!(stored.keys().all(|name| name == "realmId"));
        }
        CallbackOutcome::ProviderError { error, description } => {
            assert!(is_one_line(&error));
            assert!(description.is_none_or(|text| is_one_line(&text)));
        }
        CallbackOutcome::Denied => {}
    }
}

/// Reads the answer of a token endpoint: status and content type on the first line, then the body.
pub fn token_answer(bytes: &[u8]) {
    let mut parts = bytes.splitn(2, |byte| *byte == b'\n');
    let head = String::from_utf8_lossy(parts.next().unwrap_or_default());
    let (status, content_type) = head.split_once(' ').unwrap_or((&head, ""));
    let Some(status) = status
        .parse()
        .ok()
        .and_then(|n| StatusCode::from_u16(n).ok())
    else {
        return;
    };
    let answer = Answer {
        status,
        content_type: content_type.to_ascii_lowercase(),
        retry_after: None,
        body: parts.next().unwrap_or_default().to_vec().into(),
    };
    let Ok(Ok(members)) = judge(&answer) else {
        return;
    };
    assert!(status.is_success(), "tokens in an answer that says no");
    let Ok(tokens) = tokens(&members, provider()) else {
        return;
    };
    assert!(
        is_visible(&tokens.access_token),
        "an access token no header can carry"
    );
    assert!(tokens.refresh_token.is_none_or(|token| is_visible(&token)));
    assert!(tokens.expires_in.is_none_or(|time| time <= MAX_LIFETIME));
    assert!(tokens.extra.values().all(|value| is_one_line(value)));
}

/// Reads a service's file; a good one can be shown, and authorized at or refused with a reason.
pub fn service_file(text: &str) {
    let Some(service) = parse_for_fuzzing(text) else {
        return;
    };
    let card = service.card();
    assert_eq!(card.service_name, service.service_name);
    // Without the fields that the templates ask for this may fail, but not panic.
    let _ = production(&service);
}

fn provider() -> &'static Provider {
    static PROVIDER: OnceLock<Provider> = OnceLock::new();
    PROVIDER.get_or_init(|| {
        let service = parse_for_fuzzing(SERVICE).expect("the file above is good");
        production(&service).expect("it needs no fields")
    })
}

fn production(service: &Service) -> Result<Provider, super::ProviderError> {
    let client = ClientCredentials {
        client_id: "client id".to_owned(),
        client_secret: "s3cret+/:=".into(),
        redirect_name: None,
    };
    Provider::production(service, &client, &CheckedFields::default())
}

fn is_one_line(text: &str) -> bool {
    !text.chars().any(char::is_control)
}

fn is_visible(token: &SecretString) -> bool {
    let token = token.expose_secret();
    !token.is_empty() && token.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}
