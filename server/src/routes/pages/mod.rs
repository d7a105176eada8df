//! The pages in the window that the widget opens: before the service's own pages, and after them.

mod confirm;
mod done;
mod frame;
pub(super) mod hosted;
pub(super) mod render;
mod start;
mod start_page;
mod static_files;

pub(super) use done::homeward;

use crate::app::{App, SharedApp};
use crate::domain::id::AuthorizationId;
use axum::http::HeaderMap;
use axum::routing::get;
use axum_extra::extract::CookieJar;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn router() -> OpenApiRouter<SharedApp> {
    OpenApiRouter::default()
        .routes(routes!(start_page::page, start::start))
        .routes(routes!(done::page))
        .routes(routes!(frame::page))
        .route("/start.js", get(static_files::start_script))
        .route("/done.js", get(static_files::done_script))
        .route("/hosted.js", get(static_files::hosted_script))
        .route("/hosted.css", get(static_files::hosted_style))
        .route("/frame.css", get(static_files::frame_style))
        .route("/pages.css", get(static_files::style))
        .route("/icon.svg", get(static_files::icon))
}

/// The cookie of one authorization; several at once don't disturb one another. The prefix `__Host-` keeps other
/// hosts and insecure pages from setting it, and needs https.
pub(super) fn cookie_name(app: &App, id: &AuthorizationId) -> String {
    let prefix = if app.public_url.scheme() == "https" {
        "__Host-"
    } else {
        ""
    };
    format!("{prefix}railhead-{id}")
}

/// The value of that cookie in a request.
pub(super) fn held_cookie(app: &App, headers: &HeaderMap, id: &AuthorizationId) -> Option<String> {
    let jar = CookieJar::from_headers(headers);
    jar.get(&cookie_name(app, id))
        .map(|cookie| cookie.value().to_owned())
}
