//! Refusals of the token and revocation endpoints, in the form of RFC 6749 section 5.2.

use crate::{client::ClientError, entropy::EntropyError, grants::GrantError};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

/// Why a request of the client gets an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OAuthError {
    #[error("{0}")]
    InvalidRequest(&'static str),
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error(transparent)]
    Grant(#[from] GrantError),
    #[error("only authorization_code and refresh_token are supported")]
    UnsupportedGrantType,
    #[error("scope holds characters that are not allowed")]
    MalformedScope,
    #[error("try again later")]
    Server(#[from] EntropyError),
}

impl OAuthError {
    const fn code(self) -> &'static str {
        match self {
            Self::InvalidRequest(_) | Self::Client(ClientError::TwoWays) => "invalid_request",
            Self::Client(ClientError::Unrecognised) => "invalid_client",
            Self::Grant(GrantError::WiderScope) | Self::MalformedScope => "invalid_scope",
            Self::Grant(_) => "invalid_grant",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::Server(_) => "server_error",
        }
    }

    const fn status(self) -> StatusCode {
        match self {
            Self::Client(ClientError::Unrecognised) => StatusCode::UNAUTHORIZED,
            Self::Server(_) => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        }
    }
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        let body = json!({ "error": self.code(), "error_description": self.to_string() });
        let mut response = unstored(self.status(), "application/json", body.to_string());
        if self.status() == StatusCode::UNAUTHORIZED {
            let challenge =
                HeaderValue::from_static("Basic realm=\"demo-provider\", charset=\"UTF-8\"");
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// An answer nobody may keep (RFC 6749 section 5.1).
pub(crate) fn unstored(status: StatusCode, content_type: &'static str, body: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, "no-store"),
        (header::PRAGMA, "no-cache"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (status, headers, body).into_response()
}
