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
mod keys;
mod mint_session;
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
mod widget;
mod widgets;

use super::border::caller::known_key;
use super::border::idempotency::once;
use super::border::problem::Refusal;
use crate::app::SharedApp;
use axum::Router;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::routing::{delete, get, post};
use railhead_protocol::ErrorCode;

pub(super) fn router(app: SharedApp) -> Router<SharedApp> {
    Router::new()
        .route(
            "/businesses",
            get(businesses::list).post(create_business::create),
        )
        .route(
            "/businesses/{id}",
            get(business::read).delete(remove_business::remove),
        )
        .route("/connections", get(connections::list))
        .route(
            "/connections/{id}",
            get(connection::read).delete(remove_connection::remove),
        )
        .route("/connections/{id}/disconnect", post(disconnect::disconnect))
        .route("/connections/{id}/credentials", get(credentials::read))
        .route("/sessions", post(mint_session::mint))
        .route("/sessions/{id}", delete(end_session::end))
        .route("/widgets", get(widgets::list).post(create_widget::create))
        .route(
            "/widgets/{id}",
            get(widget::read)
                .patch(update_widget::update)
                .delete(remove_widget::remove),
        )
        .route(
            "/widgets/{id}/rotate-signing-secret",
            post(rotate_secret::rotate),
        )
        .route("/services", get(services::list))
        .route("/services/{name}", get(service::read))
        .route(
            "/services/{name}/client",
            get(service_client::read)
                .put(set_service_client::set)
                .delete(remove_service_client::remove),
        )
        .route("/keys", get(keys::list).post(create_key::create))
        .route("/keys/{id}", delete(revoke_key::revoke))
        .route_layer(from_fn_with_state(app.clone(), once))
        .route_layer(from_fn_with_state(app, known_key))
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
