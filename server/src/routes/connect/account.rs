//! `POST /v1/connect/authorizations/{id}/account`: the end user chose one of several accounts.

use super::{not_found, own_authorization};
use crate::app::SharedApp;
use crate::lifecycle::exchange::{ChooseError, choose as settle_choice};
use crate::lifecycle::live;
use crate::lifecycle::settle::SettleError;
use crate::routes::border::body::Json;
use crate::routes::border::path::Path;
use crate::routes::border::problem::{Refusal, refuses};
use crate::routes::border::visitor::Visitor;
use crate::store::StoreError;
use axum::extract::State;
use axum::http::StatusCode;
use railhead_protocol::{AccountChoice, AuthorizationState, ErrorCode};

/// Why the choice is refused.
#[derive(Debug, thiserror::Error)]
pub(in crate::routes) enum AccountError {
    #[error("unknown")]
    Unknown,
    #[error(transparent)]
    Choose(#[from] ChooseError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<AccountError> for Refusal {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Unknown => not_found(),
            AccountError::Choose(
                ChooseError::NotOpen(_) | ChooseError::Settle(SettleError::NotOpen(_)),
            ) => {
                let detail = "The authorization does not wait for a choice of accounts.";
                Self::new(
                    StatusCode::CONFLICT,
                    ErrorCode::AuthorizationNotOpen,
                    detail,
                )
            }
            AccountError::Choose(ChooseError::NotOffered) => {
                Self::invalid("The account is none of those offered.").field("accountId")
            }
            AccountError::Choose(error) => Self::internal(error),
            AccountError::Store(error) => Self::internal(error),
        }
    }
}
refuses!(AccountError);

pub(super) async fn choose(
    State(app): State<SharedApp>,
    visitor: Visitor,
    Path(id): Path<String>,
    Json(choice): Json<AccountChoice>,
) -> Result<axum::Json<AuthorizationState>, AccountError> {
    let found = own_authorization(&app, &visitor.session, id)
        .await?
        .ok_or(AccountError::Unknown)?;
    let settled = settle_choice(&app, found, &choice.account_id).await?;
    Ok(axum::Json(live::wire(&app, &settled).await?))
}
