//! `POST /v1/businesses`: makes a business; with `businessUuid` it renames that one.

use super::no_business;
use crate::app::{App, SharedApp};
use crate::domain::business::{Business, generated_name, given_name};
use crate::domain::id::BusinessId;
use crate::domain::tenant::Tenant;
use crate::routes::border::body::Json;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::problem::{Refusal, refuses};
use crate::store::{Saved, StoreError};
use axum::extract::State;
use axum::http::StatusCode;
use railhead_protocol::{BusinessName, BusinessNameError, BusinessRequest, ErrorCode};

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub(super) enum CreateBusinessError {
    #[error(transparent)]
    Name(#[from] BusinessNameError),
    #[error("To rename a business, say how it is to be called.")]
    NameMissing,
    #[error("Another business has this name.")]
    NameTaken,
    #[error("unknown")]
    Unknown,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<CreateBusinessError> for Refusal {
    fn from(error: CreateBusinessError) -> Self {
        let detail = error.to_string();
        let refuse = |status, code| Self::new(status, code, detail.clone()).field("businessName");
        match error {
            CreateBusinessError::Name(_) => {
                refuse(StatusCode::BAD_REQUEST, ErrorCode::InvalidBusinessName)
            }
            CreateBusinessError::NameMissing => {
                refuse(StatusCode::BAD_REQUEST, ErrorCode::InvalidRequest)
            }
            CreateBusinessError::NameTaken => {
                refuse(StatusCode::CONFLICT, ErrorCode::BusinessNameTaken)
            }
            CreateBusinessError::Unknown => no_business().field("businessUuid"),
            CreateBusinessError::Store(error) => Self::internal(error),
        }
    }
}
refuses!(CreateBusinessError);

pub(super) async fn create(
    State(app): State<SharedApp>,
    Caller { tenant, .. }: Caller<scope::BusinessesWrite>,
    Json(request): Json<BusinessRequest>,
) -> Result<(StatusCode, axum::Json<railhead_protocol::Business>), CreateBusinessError> {
    let name = request
        .business_name
        .as_deref()
        .map(given_name)
        .transpose()?;
    let (status, business) = match request.business_uuid {
        Some(id) => {
            let name = name.ok_or(CreateBusinessError::NameMissing)?;
            (
                StatusCode::OK,
                rename(&app, &tenant, &id.into(), name).await?,
            )
        }
        None => (StatusCode::CREATED, add(&app, tenant, name).await?),
    };
    Ok((status, axum::Json(business.at(app.now()).wire())))
}

async fn rename(
    app: &App,
    tenant: &Tenant,
    id: &BusinessId,
    name: BusinessName,
) -> Result<Business, CreateBusinessError> {
    if app.store.rename_business(tenant, id, &name).await? == Saved::Conflict {
        return Err(CreateBusinessError::NameTaken);
    }
    app.store
        .business(tenant, id)
        .await?
        .ok_or(CreateBusinessError::Unknown)
}

async fn add(
    app: &App,
    tenant: Tenant,
    name: Option<BusinessName>,
) -> Result<Business, CreateBusinessError> {
    loop {
        let chosen = name
            .clone()
            .map_or_else(|| generated_name(app.entropy.as_ref()), Ok)?;
        let id = BusinessId::generate(app.entropy.as_ref());
        let business = Business::create(id, tenant.clone(), chosen, app.now());
        match (app.store.add_business(&business).await?, &name) {
            (Saved::Done, _) => return Ok(business),
            (Saved::Conflict, Some(_)) => return Err(CreateBusinessError::NameTaken),
            // A generated name that is taken: another one.
            (Saved::Conflict, None) => {}
        }
    }
}
