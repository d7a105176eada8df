//! The Management API: what the company's server calls, with an API key.

mod business;
mod businesses;
mod connection;
mod connections;
mod create_business;
mod credentials;
mod cursor;
mod event;
mod events;
mod moment;
mod webhooks;

use super::border::problem::Refusal;
use crate::app::SharedApp;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use railhead_protocol::ErrorCode;

pub(super) fn router() -> Router<SharedApp> {
    Router::new()
        .route(
            "/businesses",
            get(businesses::list).post(create_business::create),
        )
        .route("/businesses/{id}", get(business::read))
        .route("/connections", get(connections::list))
        .route("/connections/{id}", get(connection::read))
        .route("/connections/{id}/credentials", get(credentials::read))
        .route("/events", get(events::list))
        .route("/events/{id}", get(event::read))
        .merge(webhooks::router())
}

/// The answer where no business of the caller's has the id.
fn no_business() -> Refusal {
    let detail = "No business has this id.";
    Refusal::new(StatusCode::NOT_FOUND, ErrorCode::BusinessNotFound, detail)
}

/// The answer where no connection of the caller's has the id.
fn no_connection() -> Refusal {
    let detail = "No connection has this id.";
    Refusal::new(StatusCode::NOT_FOUND, ErrorCode::ConnectionNotFound, detail)
}
