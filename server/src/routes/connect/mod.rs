//! The Connect API: what the widget calls.

mod account;
mod authorization;
mod authorizations;
mod cancel;
mod claim;
mod disconnect;
mod extend;
mod finish;
mod leave;
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
use axum::http::StatusCode;
use railhead_protocol::ErrorCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn router() -> OpenApiRouter<SharedApp> {
    OpenApiRouter::default()
        .routes(routes!(sessions::create))
        .routes(routes!(session::read))
        .routes(routes!(authorizations::start))
        .routes(routes!(authorization::poll))
        .routes(routes!(account::choose))
        .routes(routes!(cancel::cancel))
        .routes(routes!(nonce::renew))
        .routes(routes!(leave::leave))
        .routes(routes!(claim::claim))
        .routes(routes!(extend::extend))
        .routes(routes!(finish::finish))
        .routes(routes!(disconnect::disconnect))
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
