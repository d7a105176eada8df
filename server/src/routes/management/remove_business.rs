//! `DELETE /v1/businesses/{businessUuid}`: disconnects what the business has connected, and removes it.

use super::no_business;
use crate::app::SharedApp;
use crate::lifecycle::businesses;
use crate::lifecycle::disconnect::DisconnectError;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::path::Path;
use crate::routes::border::problem::{Refusal, refuses};
use axum::extract::State;
use axum::http::StatusCode;

/// Why it is not removed.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(super) struct RemoveBusinessError(#[from] DisconnectError);

impl From<RemoveBusinessError> for Refusal {
    fn from(RemoveBusinessError(error): RemoveBusinessError) -> Self {
        match error {
            DisconnectError::Unknown => no_business(),
            error @ (DisconnectError::NotPossible(_) | DisconnectError::Store(_)) => {
                Self::internal(error)
            }
        }
    }
}
refuses!(RemoveBusinessError: 404 BusinessNotFound);

/// Remove a business
///
/// Disconnects what it has connected, gives the grants back to the services, and removes it with all that is kept of it. Its
/// name is free again.
#[utoipa::path(
    delete,
    path = "/businesses/{businessUuid}",
    tag = "Businesses",
    operation_id = "removeBusiness",
    security(("apiKey" = ["businesses:write"])),
    params(("businessUuid" = String, Path, description = "The business, `biz_…`", example = "biz_3nJ7yP1wL9")),
    responses((status = 204, description = "Removed."), RemoveBusinessError)
)]
pub(super) async fn remove(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::BusinessesWrite>,
    Path(id): Path<String>,
) -> Result<StatusCode, RemoveBusinessError> {
    businesses::remove(&app, &tenant, &id.into()).await?;
    Ok(StatusCode::NO_CONTENT)
}
