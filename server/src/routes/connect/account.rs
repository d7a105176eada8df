//! `POST /v1/connect/authorizations/{authorizationId}/account`: the end user chose one of several accounts.

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
refuses!(AccountError: 400 InvalidRequest, 404 AuthorizationNotFound, 409 AuthorizationNotOpen);

/// Choose an account
///
/// Answers an authorization in status `choose_account`.
#[utoipa::path(
    post,
    path = "/authorizations/{authorizationId}/account",
    tag = "Connect",
    operation_id = "chooseAccount",
    security(("sessionToken" = [])),
    params(("authorizationId" = String, Path, description = "The authorization, `ath_…`", example = "ath_5dN0bW8cRq")),
    request_body(content = AccountChoice, example = json!({ "accountId": "org_harbor_coffee" })),
    responses((status = 200, description = "Where it stands now.", body = AuthorizationState), AccountError)
)]
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
