//! No request is worked on for longer than a long-poll may last and a little more.

use super::problem::Refusal;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use railhead_protocol::{ErrorCode, MAX_WAIT_SECONDS};
use std::time::Duration;

/// The longest time one request may take.
const LIMIT: Duration = Duration::from_secs(MAX_WAIT_SECONDS + 15);

pub(in crate::routes) async fn deadline(request: Request, next: Next) -> Response {
    match tokio::time::timeout(LIMIT, next.run(request)).await {
        Ok(response) => response,
        Err(elapsed) => {
            let detail = "The server took too long; try again.";
            Refusal::new(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Internal, detail)
                .retry_after(5)
                .because(elapsed)
                .into_response()
        }
    }
}
