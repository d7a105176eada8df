//! A tiny service to test against, and a provider that leads to it.

use super::http::{Http, HttpOptions};
use super::provider::{ClientCredentials, Provider};
use crate::catalogue::{CheckedFields, parse_for_tests};
use axum::Router;
use std::time::Duration;
use url::Url;

/// Starts serving `router` on a free port of this machine.
pub(super) async fn serve(router: Router) -> Url {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap())
        .parse()
        .unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

/// Options that allow the test service.
pub(super) fn http_with(total_timeout_millis: u64) -> HttpOptions {
    HttpOptions {
        allow_loopback_http: true,
        total_timeout: Duration::from_millis(total_timeout_millis),
        ..HttpOptions::default()
    }
}

/// A client that may talk to the test service.
pub(super) fn http() -> Http {
    Http::new(http_with(10_000)).unwrap()
}

/// A provider whose pages are below `base`.
pub(super) fn provider(base: &str) -> Provider {
    let base = base.trim_end_matches('/');
    let service = parse_for_tests(&format!(
        r#"
        service_name = "service"
        display_name = "Service"
        kind = "accounting"
        authorization = "oauth2_code"
        [oauth]
        authorize_url = "{base}/authorize"
        token_url = "{base}/token"
        revoke_url = "{base}/revoke"
        issuer = "{base}"
        scopes = ["read", "write"]
        token_store = ["businessId", "userId"]
        token_params = {{ expiring = "1" }}
        refresh = {{ access_seconds = 900 }}
        "#
    ));
    let client = ClientCredentials {
        client_id: "client id".to_owned(),
        client_secret: "s3cret+/:=".into(),
        redirect_name: None,
    };
    Provider::production(&service, &client, &CheckedFields::default()).unwrap()
}
