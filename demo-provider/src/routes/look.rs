//! `GET /-/style.css`, `/{service}/brand.css`, `/{service}/mark.svg`: how the pages look.

use crate::{app::App, pages, service::Service};
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use std::sync::Arc;

pub(super) async fn style() -> Response {
    styled("text/css; charset=utf-8", pages::STYLE.to_owned())
}

pub(super) async fn brand_style(State(app): State<Arc<App>>, service: Service) -> Response {
    styled(
        "text/css; charset=utf-8",
        pages::brand_style(&app.brand(&service).await),
    )
}

pub(super) async fn mark(State(app): State<Arc<App>>, service: Service) -> Response {
    styled("image/svg+xml", pages::mark(&app.brand(&service).await))
}

fn styled(content_type: &'static str, content: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, content_type),
        // A changed catalogue file shows at the next page.
        (header::CACHE_CONTROL, "no-cache"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; sandbox",
        ),
    ];
    (headers, content).into_response()
}
