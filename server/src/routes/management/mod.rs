//! The Management API: what the company's server calls, with an API key.

mod business;
mod businesses;
mod connection;
mod connections;
mod create_business;
mod create_key;
mod credentials;
mod cursor;
mod disconnect;
mod keys;
mod remove_business;
mod remove_connection;
mod revoke_key;

use super::border::caller::known_key;
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
        .route("/keys", get(keys::list).post(create_key::create))
        .route("/keys/{id}", delete(revoke_key::revoke))
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
