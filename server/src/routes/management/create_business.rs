//! `POST /v1/businesses`: makes a business; with `businessUuid` it renames that one.

use crate::app::SharedApp;
use crate::domain::business::given_name;
use crate::lifecycle::businesses::{self, BusinessError};
use crate::routes::border::body::Json;
use crate::routes::border::caller::{Caller, scope};
use crate::routes::border::problem::{Refusal, refuses};
use axum::extract::State;
use axum::http::StatusCode;
use railhead_protocol::{BusinessNameError, BusinessRequest, ErrorCode};

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub(super) enum CreateBusinessError {
    #[error(transparent)]
    Name(#[from] BusinessNameError),
    #[error("To rename a business, say how it is to be called.")]
    NameMissing,
    #[error(transparent)]
    Business(#[from] BusinessError),
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
            CreateBusinessError::Business(error) => error.into(),
        }
    }
}
refuses!(
    CreateBusinessError:
    400 InvalidRequest | InvalidBusinessName, 404 BusinessNotFound, 409 BusinessNameTaken
);

/// Create or rename a business
///
/// Without `businessUuid` a business is made, under a name of yours or a generated one. With `businessUuid` that business
/// is renamed. A business that never connects anything is removed 24 hours after it was made, and its name is free again.
#[utoipa::path(
    post,
    path = "/businesses",
    tag = "Businesses",
    operation_id = "createBusiness",
    security(("apiKey" = ["businesses:write"])),
    request_body(content = BusinessRequest, example = json!({ "businessName": "Harbor Coffee" })),
    responses(
        (status = 200, description = "Renamed.", body = railhead_protocol::Business),
        (status = 201, description = "Made.", body = railhead_protocol::Business),
        CreateBusinessError
    )
)]
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
    let (status, business) = if let Some(id) = request.business_uuid {
        let name = name.ok_or(CreateBusinessError::NameMissing)?;
        let renamed = businesses::rename(&app, &tenant, &id.into(), name).await?;
        (StatusCode::OK, renamed)
    } else {
        let created = businesses::create(&app, &tenant, name).await?;
        (StatusCode::CREATED, created)
    };
    Ok((status, axum::Json(business.at(app.now()).wire())))
}
