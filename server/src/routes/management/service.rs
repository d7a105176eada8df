//! `GET /v1/services/{serviceName}`: one service, and what keeps it from being offered.

use crate::app::{App, SharedApp};
use crate::catalogue::{Method, Service};
use crate::offer::Offer;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::path::Path;
use crate::routes::border::problem::{Refusal, refuses};
use crate::store::StoreError;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use railhead_protocol::{Environment, ErrorCode, ServiceEntry};
use std::sync::Arc;

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub(super) enum ServiceRefused {
    #[error("No service has this name.")]
    Unknown,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ServiceRefused> for Refusal {
    fn from(error: ServiceRefused) -> Self {
        let detail = error.to_string();
        match error {
            ServiceRefused::Unknown => {
                Self::new(StatusCode::NOT_FOUND, ErrorCode::UnknownService, detail)
            }
            ServiceRefused::Store(error) => Self::internal(error),
        }
    }
}
refuses!(ServiceRefused: 404 UnknownService);

/// Read a service
///
/// And what keeps it from being offered, if anything does.
#[utoipa::path(
    get,
    path = "/services/{serviceName}",
    tag = "Services",
    operation_id = "getService",
    security(("apiKey" = ["services:read"])),
    params(("serviceName" = String, Path, description = "The service", example = "xero")),
    responses((status = 200, description = "The service.", body = ServiceEntry), ServiceRefused)
)]
pub(super) async fn read(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::ServicesRead>,
    Path(name): Path<String>,
) -> Result<Json<ServiceEntry>, ServiceRefused> {
    let service = find(&app, &name)?;
    let offer = app.offer(&tenant).await?;
    Ok(Json(entry(&offer, &service)))
}

/// The service of this name.
pub(super) fn find(app: &App, name: &str) -> Result<Arc<Service>, ServiceRefused> {
    let catalogue = app.catalogue.current();
    catalogue.get(name).cloned().ok_or(ServiceRefused::Unknown)
}

/// A service as it travels.
pub(super) fn entry(offer: &Offer<'_>, service: &Service) -> ServiceEntry {
    let environments = match service.method {
        Method::OAuth2Code(_) => vec![Environment::Sandbox, Environment::Production],
        Method::Sandbox => vec![Environment::Sandbox],
        Method::Later(_) => Vec::new(),
    };
    let why_not = offer.check(service).err();
    ServiceEntry {
        card: service.card(),
        environments,
        offered: why_not.is_none(),
        not_offered_because: why_not.map(|reason| reason.to_string()),
        client_configured: offer.client(&service.service_name).is_some(),
    }
}
