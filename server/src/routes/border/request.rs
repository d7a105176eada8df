//! Gives each request an id, writes its one log line, and turns refusals into problem documents.

use super::problem::Refusal;
use crate::app::SharedApp;
use crate::entropy;
use crate::log::chain;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

pub(in crate::routes) async fn request(
    State(app): State<SharedApp>,
    request: Request,
    next: Next,
) -> Response {
    let id = entropy::id(app.entropy.as_ref(), "req_");
    let method = request.method().clone();
    // The pattern and never the address: a callback's address holds the code.
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map(|path| path.as_str().to_owned());
    let route = route.unwrap_or_else(|| "unmatched".to_owned());
    let started = app.now();
    let mut response = next.run(request).await;
    let refusal = response.extensions().get::<Refusal>().cloned();
    let status = response.status().as_u16();
    let ms = i64::try_from((app.now() - started).whole_milliseconds()).unwrap_or(i64::MAX);
    match &refusal {
        Some(refusal) if status >= 500 => {
            let cause = refusal
                .cause()
                .map(|cause| chain(cause))
                .unwrap_or_default();
            let code = refusal.code();
            tracing::error!(request_id = %id, %method, route, status, ms, %code, cause, "failed");
        }
        Some(refusal) => {
            let code = refusal.code();
            let cause = refusal.cause().map(|cause| chain(cause));
            tracing::info!(request_id = %id, %method, route, status, ms, %code, cause, "refused");
        }
        None => tracing::info!(request_id = %id, %method, route, status, ms, "answered"),
    }
    if let Some(refusal) = refusal {
        refusal.fill(&mut response, &id);
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}
