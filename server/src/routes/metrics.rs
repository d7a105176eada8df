//! `GET /metrics`, for Prometheus. At the public address it opens with the token, or on a developer's machine; the
//! listener of its own serves nothing else.

use super::border::fallback;
use super::border::problem::{Refusal, refuses};
use super::border::visitor::bearer;
use crate::app::{App, SharedApp};
use crate::config::is_local;
use crate::secret::Digest;
use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use railhead_protocol::ErrorCode;
use secrecy::ExposeSecret as _;

/// The text format that Prometheus reads.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Why the metrics are not shown.
#[derive(Debug, thiserror::Error)]
pub(super) enum MetricsRefused {
    #[error("There is nothing at this address.")]
    Closed,
    #[error("Send `metrics.token` as Authorization: Bearer.")]
    NoToken,
}

impl From<MetricsRefused> for Refusal {
    fn from(error: MetricsRefused) -> Self {
        let (status, code) = match error {
            MetricsRefused::Closed => (StatusCode::NOT_FOUND, ErrorCode::NotFound),
            MetricsRefused::NoToken => (StatusCode::UNAUTHORIZED, ErrorCode::Unauthorized),
        };
        Self::new(status, code, error.to_string())
    }
}
refuses!(MetricsRefused: 401 Unauthorized, 404 NotFound);

/// `/metrics` and nothing else.
pub(crate) fn router(app: SharedApp) -> Router {
    Router::new()
        .route("/metrics", get(plain))
        .fallback(fallback::not_found)
        .with_state(app)
}

async fn plain(State(app): State<SharedApp>) -> Response {
    render(&app)
}

/// Read the metrics
///
/// In the text format of Prometheus. On a developer's machine for everybody; elsewhere with `metrics.token`, or not at
/// all at this address.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "Server",
    operation_id = "metrics",
    responses(
        (status = 200, description = "The metrics.", body = String, content_type = "text/plain"),
        MetricsRefused
    )
)]
pub(super) async fn metrics(
    State(app): State<SharedApp>,
    headers: HeaderMap,
) -> Result<Response, MetricsRefused> {
    match &app.config.metrics.token {
        Some(token) => {
            let shown = bearer(&headers).ok_or(MetricsRefused::NoToken)?;
            if Digest::of(shown) != Digest::of(token.expose_secret()) {
                return Err(MetricsRefused::NoToken);
            }
        }
        None if is_local(&app.public_url) => {}
        None => return Err(MetricsRefused::Closed),
    }
    Ok(render(&app))
}

fn render(app: &App) -> Response {
    let text = app.meters.render(app.waker.waiting());
    ([(CONTENT_TYPE, TEXT)], text).into_response()
}
