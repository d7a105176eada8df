//! The pages' scripts and style sheet, part of the program.

use crate::routes::border::tagged::tagged;
use axum::http::HeaderMap;
use axum::response::Response;

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

pub(super) async fn hosted_script(headers: HeaderMap) -> Response {
    answer(
        &headers,
        "text/javascript; charset=utf-8",
        include_str!("../../../pages/hosted.js"),
    )
}

pub(super) async fn hosted_style(headers: HeaderMap) -> Response {
    answer(
        &headers,
        "text/css; charset=utf-8",
        include_str!("../../../pages/hosted.css"),
    )
}

pub(super) async fn frame_style(headers: HeaderMap) -> Response {
    answer(
        &headers,
        "text/css; charset=utf-8",
        include_str!("../../../pages/frame.css"),
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
    tagged(headers, content_type, "no-cache", text.as_bytes().to_vec())
}
