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

use railhead_protocol::ErrorCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn router() -> OpenApiRouter<SharedApp> {
    OpenApiRouter::default()
        .routes(routes!(businesses::list, create_business::create))
        .routes(routes!(business::read, remove_business::remove))
        .routes(routes!(connections::list))
        .routes(routes!(connection::read, remove_connection::remove))
        .routes(routes!(disconnect::disconnect))
        .routes(routes!(credentials::read))
        .routes(routes!(mint_session::mint))
        .routes(routes!(end_session::end))
        .routes(routes!(widgets::list, create_widget::create))
        .routes(routes!(
            widget::read,
            update_widget::update,
            remove_widget::remove
        ))
        .routes(routes!(rotate_secret::rotate))
        .routes(routes!(services::list))
        .routes(routes!(service::read))
        .routes(routes!(
            service_client::read,
            set_service_client::set,
            remove_service_client::remove
        ))
        .routes(routes!(keys::list, create_key::create))
        .routes(routes!(revoke_key::revoke))
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
