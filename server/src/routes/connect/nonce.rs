//! `POST /v1/connect/authorizations/{id}/nonce`: another nonce, to open the window again.

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

/// The nonce.
#[derive(Serialize)]
pub(in crate::routes) struct Nonce {
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
refuses!(NonceError);

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
