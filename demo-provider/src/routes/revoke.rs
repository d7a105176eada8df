//! `POST /{service}/revoke`: token revocation (RFC 7009).

use super::token::form;
use crate::{
    app::App,
    client,
    entropy::Fingerprint,
    oauth_error::{OAuthError, unstored},
    service::Service,
};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use std::sync::Arc;

pub(super) async fn revoke(
    State(app): State<Arc<App>>,
    service: Service,
    headers: HeaderMap,
    body: String,
) -> Result<Response, OAuthError> {
    app.grants().record(&service).revocation_requests += 1;
    let form = form(&headers, &body)?;
    client::authenticate(&headers, &form)?;
    let token = form
        .get("token")
        .ok_or(OAuthError::InvalidRequest("token is missing"))?;
    // An unknown token is as good as revoked (RFC 7009 section 2.2).
    app.grants().revoke(&service, Fingerprint::of(token));
    Ok(unstored(
        StatusCode::OK,
        "text/plain; charset=utf-8",
        String::new(),
    ))
}
