//! The pages' scripts and style sheet, part of the program.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

pub(super) async fn start_script(headers: HeaderMap) -> Response {
    answer(
        &headers,
        "text/javascript; charset=utf-8",
        include_str!("../../../pages/start.js"),
    )
}

pub(super) async fn done_script(headers: HeaderMap) -> Response {
    answer(
        &headers,
        "text/javascript; charset=utf-8",
        include_str!("../../../pages/done.js"),
    )
}

pub(super) async fn style(headers: HeaderMap) -> Response {
    answer(
        &headers,
        "text/css; charset=utf-8",
        include_str!("../../../pages/pages.css"),
    )
}

pub(super) async fn icon(headers: HeaderMap) -> Response {
    answer(
        &headers,
        "image/svg+xml",
        include_str!("../../../pages/icon.svg"),
    )
}

fn answer(headers: &HeaderMap, content_type: &'static str, text: &'static str) -> Response {
    let tag = format!(
        "\"{}\"",
        URL_SAFE_NO_PAD.encode(&Sha256::digest(text)[..12])
    );
    let known = headers
        .get(IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        text.into_response()
    };
    let answered = response.headers_mut();
    answered.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    answered.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        answered.insert(ETAG, tag);
    }
    response
}
