//! `GET /docs`: the OpenAPI document for people, drawn by the server. No script, and nothing from elsewhere.

mod example;
mod lists;
mod operation;
mod page;
mod samples;
mod text;

use super::border::tagged::tagged;
use crate::app::SharedApp;
use axum::extract::State;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use std::sync::LazyLock;

/// The page's own style sheet and icon, and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

/// Read this reference
#[utoipa::path(
    get,
    path = "/docs",
    tag = "Server",
    operation_id = "getReference",
    params(("If-None-Match" = Option<String>, Header, description = "The `ETag` that is known already.")),
    responses(
        (
            status = 200,
            description = "The reference, a page.",
            body = String,
            content_type = "text/html",
            headers(("ETag" = String, description = "Made from the content."))
        ),
        (status = 304, description = "As it is known already.")
    )
)]
pub(super) async fn page(State(app): State<SharedApp>, headers: HeaderMap) -> Response {
    static PAGE: LazyLock<String> = LazyLock::new(|| page::page(&super::document().api));
    let address = app.own_origin.as_str();
    let html = PAGE.replace(page::ADDRESS, &text::escape(address));
    let html = html.into_bytes();
    let mut response = tagged(&headers, "text/html; charset=utf-8", "no-cache", html);
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}

pub(super) async fn style(headers: HeaderMap) -> Response {
    let css = include_str!("../../../pages/reference.css");
    let css = css.as_bytes().to_vec();
    tagged(&headers, "text/css; charset=utf-8", "no-cache", css)
}
