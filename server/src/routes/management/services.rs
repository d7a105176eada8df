//! `GET /v1/services`: the catalogue, and what of it can be offered.

use super::service::entry;
use crate::app::SharedApp;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::problem::{Refusal, refuses};
use crate::store::StoreError;
use axum::Json;
use axum::extract::State;
use railhead_protocol::ServiceList;

/// Why there is no list.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(super) struct ServicesError(#[from] StoreError);

impl From<ServicesError> for Refusal {
    fn from(ServicesError(error): ServicesError) -> Self {
        Self::internal(error)
    }
}
refuses!(ServicesError);

/// List services
///
/// The whole catalogue, most used first, and what of it can be offered in the key's environment.
#[utoipa::path(
    get,
    path = "/services",
    tag = "Services",
    operation_id = "listServices",
    security(("apiKey" = ["services:read"])),
    responses((status = 200, description = "The services.", body = ServiceList), ServicesError)
)]
pub(super) async fn list(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::ServicesRead>,
) -> Result<Json<ServiceList>, ServicesError> {
    let offer = app.offer(&tenant).await?;
    let catalogue = app.catalogue.current();
    let data = catalogue
        .iter()
        .map(|service| entry(&offer, service))
        .collect();
    Ok(Json(ServiceList { data }))
}
