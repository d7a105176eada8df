//! `GET /v1/businesses/{businessUuid}`: one business.

use super::no_business;
use crate::app::SharedApp;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::path::Path;
use crate::routes::border::problem::{Refusal, refuses};
use crate::store::StoreError;
use axum::Json;
use axum::extract::State;
use railhead_protocol::Business;

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub(super) enum BusinessError {
    #[error("unknown")]
    Unknown,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<BusinessError> for Refusal {
    fn from(error: BusinessError) -> Self {
        match error {
            BusinessError::Unknown => no_business(),
            BusinessError::Store(error) => Self::internal(error),
        }
    }
}
refuses!(BusinessError: 404 BusinessNotFound);

/// Read a business
#[utoipa::path(
    get,
    path = "/businesses/{businessUuid}",
    tag = "Businesses",
    operation_id = "getBusiness",
    security(("apiKey" = ["businesses:read"])),
    params(("businessUuid" = String, Path, description = "The business, `biz_…`", example = "biz_3nJ7yP1wL9")),
    responses((status = 200, description = "The business.", body = Business), BusinessError)
)]
pub(super) async fn read(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::BusinessesRead>,
    Path(id): Path<String>,
) -> Result<Json<Business>, BusinessError> {
    let found = app.store.business(&tenant, &id.into()).await?;
    let business = found.ok_or(BusinessError::Unknown)?.at(app.now());
    Ok(Json(business.wire()))
}
