//! Who calls the API: the access token in the Authorization header (RFC 6750 section 2.1).

use crate::{
    app::App, entropy::Fingerprint, grants::Grant, oauth_error::unstored, service::Service,
};
use axum::{
    extract::{FromRequestParts, State},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde_json::json;
use std::sync::Arc;

/// A caller with a working access token for the service in the path.
pub(super) struct Bearer {
    /// The service it is for.
    pub(super) service: Service,
    /// The grant's name in the records.
    pub(super) name: String,
    /// The grant the token stands for.
    pub(super) grant: Grant,
}

/// Why a call is refused (RFC 6750 section 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum BearerError {
    #[error("an access token is needed")]
    Missing,
    #[error("the access token is unknown, expired or revoked")]
    Invalid,
}

impl IntoResponse for BearerError {
    fn into_response(self) -> Response {
        let challenge = match self {
            Self::Missing => "Bearer realm=\"demo-provider\"",
            Self::Invalid => "Bearer realm=\"demo-provider\", error=\"invalid_token\"",
        };
        let body = json!({ "error": "invalid_token", "error_description": self.to_string() });
        let mut response = unstored(
            StatusCode::UNAUTHORIZED,
            "application/json",
            body.to_string(),
        );
        response.headers_mut().insert(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static(challenge),
        );
        response
    }
}

impl FromRequestParts<Arc<App>> for Bearer {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        let service = Service::from_request_parts(parts, app).await?;
        let State(app) = State::<Arc<App>>::from_request_parts(parts, app)
            .await
            .map_err(IntoResponse::into_response)?;
        let header = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let token = header
            .and_then(bearer_token)
            .ok_or_else(|| BearerError::Missing.into_response())?;
        let found = app
            .grants()
            .of_access_token(&service, Fingerprint::of(token), app.now());
        let (name, grant) = found.ok_or_else(|| BearerError::Invalid.into_response())?;
        Ok(Self {
            service,
            name,
            grant,
        })
    }
}

fn bearer_token(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
