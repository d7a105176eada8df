//! `POST /v1/connect/authorizations/{authorizationId}/nonce`: another nonce, to open the window again.

use super::{not_found, own_authorization};
use crate::app::SharedApp;
use crate::entropy;
use crate::routes::border::path::Path;
use crate::routes::border::problem::{Refusal, refuses};
use crate::routes::border::visitor::Visitor;
use crate::secret::Digest;
use crate::store::{Saved, StoreError};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use railhead_protocol::ErrorCode;
use serde::Serialize;
use utoipa::ToSchema;

/// The nonce.
#[derive(Serialize, ToSchema)]
pub(in crate::routes) struct Nonce {
    /// For the start page, as in the answer that started the authorization.
    #[schema(example = "Zk1vJm0y")]
    nonce: String,
}

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub(in crate::routes) enum NonceError {
    #[error("unknown")]
    Unknown,
    #[error("The authorization no longer needs a window.")]
    NotOpen,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<NonceError> for Refusal {
    fn from(error: NonceError) -> Self {
        match error {
            NonceError::Unknown => not_found(),
            NonceError::NotOpen => Self::new(
                StatusCode::CONFLICT,
                ErrorCode::AuthorizationNotOpen,
                error.to_string(),
            ),
            NonceError::Store(error) => Self::internal(error),
        }
    }
}
refuses!(NonceError: 404 AuthorizationNotFound, 409 AuthorizationNotOpen);

/// Renew the nonce
///
/// To open the window again. The nonce before it is worth nothing from now on.
#[utoipa::path(
    post,
    path = "/authorizations/{authorizationId}/nonce",
    tag = "Connect",
    operation_id = "renewNonce",
    security(("sessionToken" = [])),
    params(("authorizationId" = String, Path, description = "The authorization, `ath_…`", example = "ath_5dN0bW8cRq")),
    responses((status = 200, description = "The new nonce.", body = Nonce), NonceError)
)]
pub(super) async fn renew(
    State(app): State<SharedApp>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Json<Nonce>, NonceError> {
    loop {
        let found = own_authorization(&app, &visitor.session, id.clone()).await?;
        let found = found.ok_or(NonceError::Unknown)?;
        let nonce = entropy::token(app.entropy.as_ref());
        let changed = found
            .offer_nonce(Digest::of(&nonce))
            .map_err(|_| NonceError::NotOpen)?;
        if app.store.save_authorization(&changed).await? == Saved::Done {
            return Ok(Json(Nonce { nonce }));
        }
    }
}
