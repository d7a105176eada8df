//! Answers for requests that no route answers.

use super::problem::Refusal;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use railhead_protocol::ErrorCode;
use std::any::Any;

/// The handler panicked; the panic's message stays in the log.
#[derive(Debug, thiserror::Error)]
#[error("a handler panicked: {0}")]
struct Panicked(String);

pub(in crate::routes) async fn not_found() -> Refusal {
    Refusal::new(
        StatusCode::NOT_FOUND,
        ErrorCode::NotFound,
        "There is nothing at this address.",
    )
}

pub(in crate::routes) async fn method_not_allowed() -> Refusal {
    let detail =
        "This address exists, but not with this method; the header Allow says which it has.";
    Refusal::new(
        StatusCode::METHOD_NOT_ALLOWED,
        ErrorCode::MethodNotAllowed,
        detail,
    )
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the signature the layer asks for"
)]
pub(in crate::routes) fn panicked(payload: Box<dyn Any + Send>) -> Response {
    let message = payload
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| payload.downcast_ref::<&str>().map(|&text| text.to_owned()))
        .unwrap_or_default();
    Refusal::internal(Panicked(message)).into_response()
}
