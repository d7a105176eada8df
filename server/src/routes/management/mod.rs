//! The Management API: what the company's server calls, with an API key.

mod business;
mod businesses;
mod connection;
mod connections;
mod create_business;
mod create_key;
mod create_widget;
mod credentials;
mod cursor;
mod disconnect;
mod end_session;
mod event;
mod events;
mod keys;
mod mint_session;
mod moment;
mod remove_business;
mod remove_connection;
mod remove_service_client;
mod remove_widget;
mod revoke_key;
mod rotate_secret;
mod service;
mod service_client;
mod services;
mod set_service_client;
mod update_widget;
mod webhooks;
mod widget;
mod widgets;

use super::border::caller::known_key;
use super::border::idempotency::once;
use super::border::problem::Refusal;
use crate::app::SharedApp;
use axum::http::StatusCode;
use axum::middleware::from_fn;
use axum::routing::{delete, get, post};
use railhead_protocol::ErrorCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn router() -> OpenApiRouter<SharedApp> {
    OpenApiRouter::default()
        .routes(routes!(businesses::list, create_business::create))
        .routes(routes!(business::read))
        .route(
            "/businesses/{businessUuid}",
            delete(remove_business::remove),
        )
        .routes(routes!(connections::list))
        .routes(routes!(connection::read))
        .route(
            "/connections/{connectionId}",
            delete(remove_connection::remove),
        )
        .route(
            "/connections/{connectionId}/disconnect",
            post(disconnect::disconnect),
        )
        .routes(routes!(credentials::read))
        .route("/sessions", post(mint_session::mint))
        .route("/sessions/{sessionId}", delete(end_session::end))
        .route("/widgets", get(widgets::list).post(create_widget::create))
        .route(
            "/widgets/{widgetId}",
            get(widget::read)
                .patch(update_widget::update)
                .delete(remove_widget::remove),
        )
        .route(
            "/widgets/{widgetId}/rotate-signing-secret",
            post(rotate_secret::rotate),
        )
        .route("/services", get(services::list))
        .route("/services/{serviceName}", get(service::read))
        .route(
            "/services/{serviceName}/client",
            get(service_client::read)
                .put(set_service_client::set)
                .delete(remove_service_client::remove),
        )
        .route("/keys", get(keys::list).post(create_key::create))
        .route("/keys/{keyId}", delete(revoke_key::revoke))
        .routes(routes!(events::list))
        .routes(routes!(event::read))
        .merge(webhooks::router())
        .route_layer(from_fn(once))
        .route_layer(from_fn(known_key))
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
