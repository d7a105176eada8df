//! The Connect API: what the widget calls.

mod account;
mod authorization;
mod authorizations;
mod cancel;
mod disconnect;
mod finish;
mod nonce;
mod session;
mod sessions;

use super::border::problem::Refusal;
use crate::app::{App, SharedApp};
use crate::domain::authorization::Authorization;
use crate::domain::id::AuthorizationId;
use crate::domain::session::Session;
use crate::lifecycle::live;
use crate::store::StoreError;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::{delete, get, post};
use railhead_protocol::ErrorCode;

pub(super) fn router() -> Router<SharedApp> {
    Router::new()
        .route("/sessions", post(sessions::create))
        .route("/session", get(session::read))
        .route("/authorizations", post(authorizations::start))
        .route("/authorizations/{id}", get(authorization::poll))
        .route("/authorizations/{id}/account", post(account::choose))
        .route("/authorizations/{id}/cancel", post(cancel::cancel))
        .route("/authorizations/{id}/nonce", post(nonce::renew))
        .route("/connections/{id}", delete(disconnect::disconnect))
        .route("/finish", post(finish::finish))
}

/// The authorization `id`, if it is one of `session`.
async fn own_authorization(
    app: &App,
    session: &Session,
    id: String,
) -> Result<Option<Authorization>, StoreError> {
    let found = live::authorization(app, &AuthorizationId::from(id)).await?;
    Ok(found.filter(|authorization| authorization.session == session.id))
}

/// The answer where [`own_authorization`] finds none.
fn not_found() -> Refusal {
    let detail = "No authorization of this session has this id.";
    Refusal::new(
        StatusCode::NOT_FOUND,
        ErrorCode::AuthorizationNotFound,
        detail,
    )
}
