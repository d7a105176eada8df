//! One file per route of the provider.

mod accounts;
mod authorize;
mod bearer;
mod decision;
mod login;
mod look;
mod metadata;
mod records;
mod revoke;
mod token;
mod whoami;

use crate::{app::App, pages, pages::Notice};
use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use std::sync::Arc;

/// More than any request here needs.
const BODY_LIMIT: usize = 64 * 1024;

/// Every route.
pub(crate) fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/", get(async || pages::index()))
        .route("/-/records", get(records::show))
        .route("/-/style.css", get(look::style))
        .route(
            "/.well-known/oauth-authorization-server/{service}",
            get(metadata::show),
        )
        .route(
            "/{service}/.well-known/oauth-authorization-server",
            get(metadata::show),
        )
        .route("/{service}/brand.css", get(look::brand_style))
        .route("/{service}/mark.svg", get(look::mark))
        .route("/{service}/authorize", get(authorize::begin))
        .route("/{service}/authorize/{visit}", get(authorize::resume))
        .route("/{service}/authorize/{visit}/login", post(login::log_in))
        .route(
            "/{service}/authorize/{visit}/decision",
            post(decision::decide),
        )
        .route("/{service}/token", post(token::answer))
        .route("/{service}/revoke", post(revoke::revoke))
        .route("/{service}/accounts", get(accounts::list))
        .route("/{service}/whoami", get(whoami::show))
        .fallback(no_such_page)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(app)
}

async fn no_such_page() -> Response {
    pages::notice(StatusCode::NOT_FOUND, None, Notice::NoSuchPage)
}
