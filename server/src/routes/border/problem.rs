//! Refusals: a stable code, a sentence that says what to do, and for failures of the server a cause that only its
//! log learns.

use axum::body::Body;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use railhead_protocol::{ErrorCode, Problem};
use serde::{Deserialize, Serialize};
use std::error::Error;
use std::sync::Arc;

/// A refusal on its way out. It becomes a problem document (RFC 9457) where the request's id is known.
#[derive(Clone, Debug)]
pub struct Refusal {
    status: StatusCode,
    code: ErrorCode,
    detail: String,
    field: Option<String>,
    retry_after: Option<u64>,
    cause: Option<Arc<dyn Error + Send + Sync>>,
    shown: Shown,
}

/// What the one who asked gets to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    /// The problem document.
    Problem,
    /// A page, in a window: it is the response already.
    Page,
}

impl Refusal {
    /// A refusal with `detail`, one sentence for the developer.
    #[must_use]
    pub fn new(status: StatusCode, code: ErrorCode, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self {
            status,
            code,
            detail,
            field: None,
            retry_after: None,
            cause: None,
            shown: Shown::Problem,
        }
    }

    /// A refusal of something malformed: 400 and `invalid_request`.
    #[must_use]
    pub fn invalid(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, ErrorCode::InvalidRequest, detail)
    }

    /// A failure of the server. The caller learns nothing of `cause`.
    #[must_use]
    pub fn internal(cause: impl Error + Send + Sync + 'static) -> Self {
        let detail = "The server failed; its log has the cause under this request id.";
        let cause: Arc<dyn Error + Send + Sync> = Arc::new(cause);
        Self {
            cause: Some(cause),
            ..Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                ErrorCode::Internal,
                detail,
            )
        }
    }

    /// Names the request field concerned.
    #[must_use]
    pub fn field(self, field: impl Into<String>) -> Self {
        Self {
            field: Some(field.into()),
            ..self
        }
    }

    /// Says when to come back, in seconds.
    #[must_use]
    pub fn retry_after(self, seconds: u64) -> Self {
        Self {
            retry_after: Some(seconds),
            ..self
        }
    }

    /// Adds a cause for the log.
    #[must_use]
    pub fn because(self, cause: impl Error + Send + Sync + 'static) -> Self {
        Self {
            cause: Some(Arc::new(cause)),
            ..self
        }
    }

    /// Answers with `page`, which a person can read. The refusal goes to the log only.
    pub(in crate::routes) fn shown_as(self, mut page: Response) -> Response {
        let shown = Shown::Page;
        page.extensions_mut().insert(Self { shown, ..self });
        page
    }

    /// The code.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.code
    }

    /// What only the log learns.
    #[must_use]
    pub fn cause(&self) -> Option<&(dyn Error + Send + Sync + 'static)> {
        self.cause.as_deref()
    }

    /// What can be kept of it, to refuse the same way again.
    pub(super) fn kept(&self) -> KeptRefusal {
        KeptRefusal {
            status: self.status.as_u16(),
            code: self.code,
            detail: self.detail.clone(),
            field: self.field.clone(),
            retry_after: self.retry_after,
        }
    }

    /// Fills `response`, which carries this refusal, with the problem document, unless it is a page.
    pub(super) fn fill(&self, response: &mut Response, request_id: &str) {
        if self.shown == Shown::Page {
            return;
        }
        let problem = Problem {
            kind: format!("/problems/{}", self.code),
            title: self.status.canonical_reason().unwrap_or("Error").to_owned(),
            status: self.status.as_u16(),
            code: self.code,
            detail: self.detail.clone(),
            field: self.field.clone(),
            request_id: Some(request_id.to_owned()),
        };
        let json = serde_json::to_vec(&problem).unwrap_or_default();
        let headers = response.headers_mut();
        headers.remove(CONTENT_LENGTH);
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        *response.body_mut() = Body::from(json);
    }
}

/// A refusal as it is kept.
#[derive(Serialize, Deserialize)]
pub(super) struct KeptRefusal {
    status: u16,
    code: ErrorCode,
    detail: String,
    field: Option<String>,
    retry_after: Option<u64>,
}

impl From<KeptRefusal> for Refusal {
    fn from(kept: KeptRefusal) -> Self {
        let status = StatusCode::from_u16(kept.status).unwrap_or(StatusCode::BAD_REQUEST);
        Self {
            field: kept.field,
            retry_after: kept.retry_after,
            ..Self::new(status, kept.code, kept.detail)
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Lets a route's error be answered: it must turn into a [`Refusal`]. Names for the OpenAPI document the statuses and
/// codes that it turns into; failures of the server, `500 internal`, are understood.
macro_rules! refuses {
    ($error:ty $(: $($status:literal $($code:ident)|+),+)?) => {
        impl axum::response::IntoResponse for $error {
            fn into_response(self) -> axum::response::Response {
                $crate::routes::border::problem::Refusal::from(self).into_response()
            }
        }

        impl utoipa::IntoResponses for $error {
            fn responses() -> $crate::routes::openapi::Refusals {
                $crate::routes::openapi::refusals(&[$($(
                    ($status, &[$(railhead_protocol::ErrorCode::$code),+]),
                )+)?])
            }
        }
    };
}
pub(in crate::routes) use refuses;
