//! Headers that every answer has, unless its route has chosen others.

use crate::app::SharedApp;
use crate::config::is_local;
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::middleware::Next;
use axum::response::Response;

const DEFAULTS: [(HeaderName, &str); 4] = [
    (CACHE_CONTROL, "no-store"),
    (REFERRER_POLICY, "no-referrer"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'",
    ),
];

/// Browsers that were here once come by https only. Not on a developer's machine: `localhost` has other servers.
const HTTPS_ONLY: HeaderValue = HeaderValue::from_static("max-age=31536000");

pub(in crate::routes) async fn headers(
    State(app): State<SharedApp>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    if app.public_url.scheme() == "https" && !is_local(&app.public_url) {
        let headers = response.headers_mut();
        headers.insert(STRICT_TRANSPORT_SECURITY, HTTPS_ONLY);
    }
    for (name, value) in DEFAULTS {
        response
            .headers_mut()
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    response
}
