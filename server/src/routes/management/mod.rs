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
use axum::http::StatusCode;
use axum::routing::get;
use railhead_protocol::ErrorCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn router() -> OpenApiRouter<SharedApp> {
    OpenApiRouter::default()
        .routes(routes!(businesses::list, create_business::create))
        .routes(routes!(business::read))
        .routes(routes!(connections::list))
        .routes(routes!(connection::read))
        .routes(routes!(credentials::read))
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
